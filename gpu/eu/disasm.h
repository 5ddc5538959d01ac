/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_DISASM_H
#define UGVT_GPU_EU_DISASM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "gpu/eu/inst.h"

/* Assembly text, in the syntax of Mesa's assembler. */

enum {
	UGVT_EU_DISASM_MAX = 512, // enough for any instruction
};

/* Places that branches go to: bytes from the kernel's start, in the order of their first use. */
struct ugvt_eu_labels {
	int64_t *offsets;
	size_t n;
};

/* Of the kernel of size bytes at code. False: no memory. */
bool ugvt_eu_labels_init(struct ugvt_eu_labels *labels, const void *code, size_t size);
void ugvt_eu_labels_finish(struct ugvt_eu_labels *labels);
/* Its number, or -1. */
int ugvt_eu_labels_find(const struct ugvt_eu_labels *labels, int64_t offset);

/* One instruction, at offset bytes in its kernel, with a newline at its end; returns the text's length. Messages take two
 * lines. labels may be NULL: distances are printed instead. */
size_t ugvt_eu_disasm(const struct ugvt_eu_inst *inst, int64_t offset,
	const struct ugvt_eu_labels *labels, char text[UGVT_EU_DISASM_MAX]);

/*
 * A whole kernel with its labels, up to its end: the size given, or the instruction that ends the thread if no branch goes
 * beyond it. False: no memory, or it can't be written.
 */
bool ugvt_eu_disasm_kernel(FILE *out, const void *code, size_t size);
/* Where it ends, in that sense. */
size_t ugvt_eu_kernel_size(const void *code, size_t size);

#endif
