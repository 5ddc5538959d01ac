/* SPDX-License-Identifier: MIT */
#ifndef UGVT_REPLAY_PRINT_H
#define UGVT_REPLAY_PRINT_H

#include <stdio.h>

#include "gen/fields.h"
#include "gpu/cs/cs.h"

/*
 * Prints commands with their fields and the structures that they point to; with a draw the binding tables, samplers and kernels
 * that it uses, unless they are those that were printed last. Commands and memory may be anything.
 */

enum ugvt_print_stage {
	UGVT_PRINT_VS,
	UGVT_PRINT_HS,
	UGVT_PRINT_DS,
	UGVT_PRINT_GS,
	UGVT_PRINT_PS,
	UGVT_PRINT_CS,
	UGVT_PRINT_STAGES,
};

/* A kernel that was printed. */
struct ugvt_print_kernel {
	ugvt_gpu_addr addr;
	uint64_t hash;
};

struct ugvt_printer {
	FILE *out;
	bool disassemble; // kernels, too
	/* Hashes of what was printed last. */
	uint64_t surfaces[UGVT_PRINT_STAGES];
	uint64_t samplers[UGVT_PRINT_STAGES];
	struct ugvt_print_kernel *kernels;
	size_t kernel_count;
	size_t kernel_capacity;
};

void ugvt_printer_init(struct ugvt_printer *printer, FILE *out, bool disassemble);
void ugvt_printer_finish(struct ugvt_printer *printer);

/* Inside a guest memory window. */
void ugvt_print_command(struct ugvt_printer *printer, const struct ugvt_cs_command *command);

/* A line for each field that lies in the n dwords; of elements that are all zeros, none. */
void ugvt_print_fields(FILE *out, const struct ugvt_layout *layout, const uint32_t *dw, unsigned n);

#endif
