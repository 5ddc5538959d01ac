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
};

struct ugvt_kernel {
	ugvt_gpu_addr addr;
	struct ugvt_eu_program *program; // NULL: there is none here
	uint8_t *code;                   // program->bytes
	uint64_t used;                   // by order
};

struct ugvt_kernels {
	uint64_t order;
	struct ugvt_kernel kernel[UGVT_KERNEL_SETS][UGVT_KERNEL_WAYS];
};

struct ugvt_kernels *ugvt_kernels_create(void);
void ugvt_kernels_destroy(struct ugvt_kernels *kernels); // NULL is allowed
/* The kernel at addr; it lasts until UGVT_KERNEL_WAYS others were looked up. NULL if out of memory. */
const struct ugvt_eu_program *ugvt_kernels_find(
	struct ugvt_kernels *kernels, struct ugvt_aspace *as, ugvt_gpu_addr addr);

#endif
