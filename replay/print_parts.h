/* SPDX-License-Identifier: MIT */
#ifndef UGVT_REPLAY_PRINT_PARTS_H
#define UGVT_REPLAY_PRINT_PARTS_H

#include "gpu/render/state.h"
#include "replay/print.h"

/* What the parts of the printer offer one another. */

#define UGVT_PRINT_INDENT "      "

/* A command and what it meets. */
struct ugvt_print_at {
	struct ugvt_printer *printer;
	const struct ugvt_cs_command *command;
	struct ugvt_state state;
};

/* print_state.c: what a command of state points to. */
void ugvt_print_pointed(const struct ugvt_print_at *at);
/* A structure of that many dwords at addr, with a line that tells what it is; false: it can't be reached. */
bool ugvt_print_structure(
	const struct ugvt_print_at *at, const char *name, ugvt_gpu_addr addr, unsigned dwords);

/* print_draw.c: what a draw uses. */
void ugvt_print_draw(const struct ugvt_print_at *at);

/* print_kernel.c */
void ugvt_print_kernel(const struct ugvt_print_at *at, const char *stage, ugvt_gpu_addr addr);

uint64_t ugvt_print_hash(uint64_t hash, const void *data, size_t size);

#endif
