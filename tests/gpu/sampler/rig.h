/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_SAMPLER_RIG_H
#define UGVT_TESTS_GPU_SAMPLER_RIG_H

#include <stdint.h>

#include "gpu/sampler/memory.h"
#include "gpu/sampler/surface.h"

/* For tests of the sampler: surface states made from words, and memory that shows what is touched. */

struct rig_surface {
	enum ugvt_surface_type type;
	const char *format;
	enum ugvt_surface_tile_mode tile_mode;
	uint32_t width; // 0: 1, as all sizes
	uint32_t height;
	uint32_t depth;
	uint32_t pitch;
	uint32_t qpitch;
	uint32_t levels;
	uint32_t first_level;
	uint32_t first_layer;
	uint32_t samples_log2;
	uint32_t align; // both: 4 (or 0), 8, 16
	bool interleaved;
	bool array;
	uint64_t base;
};

/* The state's dwords: with swizzle RGBA and all faces. */
void rig_surface_state(const struct rig_surface *words, uint32_t *state);

/* size bytes at address base, in spans of at most piece bytes; what is asked for outside is counted. */
struct rig_memory {
	struct ugvt_texel_memory memory;
	char *bytes;
	uint64_t base;
	uint64_t size;
	uint64_t piece;
	unsigned outside;
};

void rig_memory_init(struct rig_memory *rig, char *bytes, uint64_t size);

uint32_t rig_random(uint32_t *state);
/* Of 0 to 1, less than 1. */
float rig_random_float(uint32_t *state);

#endif
