/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_KERNELS_H
#define UGVT_GPU_RENDER_KERNELS_H

#include "gpu/eu/program.h"
#include "gpu/mem/aspace.h"

/*
 * Kernels that were decoded before: drivers draw many times with each. Memory is compared at every look-up, so that a kernel
 * that was overwritten is decoded again. For one thread.
 */

enum {
	UGVT_KERNEL_SETS = 32, // power of two
	UGVT_KERNEL_WAYS = 8,
	UGVT_KERNEL_BYTES_MAX = 1 << 18,
	UGVT_KERNEL_HELD = 4,
	/* All together, if those that are held are not longer: decoded, an instruction takes some 700 bytes. */
	UGVT_KERNEL_INSTRUCTIONS_MAX = 1 << 16,
};

struct ugvt_kernel {
	ugvt_gpu_addr addr;
	struct ugvt_eu_program *program; // NULL: there is none here
	uint8_t *code;                   // program->bytes
	uint64_t used;                   // by order
};

struct ugvt_kernels {
	uint64_t order;
	uint64_t instructions;
	int64_t cost; // not yet taken
	struct ugvt_kernel kernel[UGVT_KERNEL_SETS][UGVT_KERNEL_WAYS];
};

struct ugvt_kernels *ugvt_kernels_create(void);
void ugvt_kernels_destroy(struct ugvt_kernels *kernels); // NULL is allowed
/* The kernel at addr; it lasts until UGVT_KERNEL_HELD others were looked up. NULL if out of memory. */
const struct ugvt_eu_program *ugvt_kernels_find(
	struct ugvt_kernels *kernels, struct ugvt_aspace *as, ugvt_gpu_addr addr);
/* What looking up has cost since the last call, in units of budget (see ugvt_cs_run()). */
int64_t ugvt_kernels_cost_take(struct ugvt_kernels *kernels);

#endif
