/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_TYPE_H
#define UGVT_MANAGER_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UGVT_MB (UINT64_C(1) << 20)

/* A vGPU size. */
struct ugvt_type {
	char id[64];   // "i915-GVTg_V5_4": what users name
	char name[64]; // "GVTg_V5_4"
	/* The whole of its parent, which must be empty: what it takes is the parent's matter, and low_gm, high_gm
	 * and fences are 0. */
	bool direct;
	uint64_t low_gm;  // bytes of mappable graphics memory
	uint64_t high_gm; // bytes above it
	unsigned fences;
	unsigned weight;        // GPU time, relative to other vGPUs
	unsigned width, height; // of the monitor, pixels
	unsigned deadline_s; // GPU time that one batch may take without end, seconds; 0: no limit
};

#define UGVT_TYPE_DEADLINE_S 10
#define UGVT_TYPE_WEIGHT_MAX 1000

/* Kernel GVT-g's types for Gen9 and "direct", in the order to list them. */
#define UGVT_BUILTIN_TYPES 5
extern const struct ugvt_type ugvt_builtin_types[UGVT_BUILTIN_TYPES];

#endif
