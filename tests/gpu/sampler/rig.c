/* SPDX-License-Identifier: MIT */
#include "tests/gpu/sampler/rig.h"

#include <string.h>

#include "base/bits.h"

static uint32_t less_one(uint32_t value)
{
	return value == 0 ? 0 : value - 1;
}

void rig_surface_state(const struct rig_surface *words, uint32_t *state)
{
	uint32_t width = less_one(words->width);
	uint32_t height = less_one(words->height);
	uint32_t depth = less_one(words->depth);
	uint32_t align = words->align == 16 ? 3 : words->align == 8 ? 2 : 1;

	if (words->type == UGVT_SURFACE_BUFFER) {
		height = width >> 7 & 0x3fff;
		depth = width >> 21;
		width &= 0x7f;
	}
	memset(state, 0, UGVT_SURFACE_STATE_DWORDS * sizeof(*state));
	state[0] = (uint32_t)words->type << 29 | (uint32_t)words->array << 28 |
		   (uint32_t)ugvt_format_find(words->format)->number << 18 | align << 16 |
		   align << 14 | ((uint32_t)words->tile_mode & 3) << 12 | 0x3f;
	state[1] = words->qpitch / 4;
	state[2] = height << 16 | width;
	state[3] = depth << 21 | less_one(words->pitch);
	state[4] = words->first_layer << 18 | (uint32_t)words->interleaved << 6 |
		   words->samples_log2 << 3;
	state[5] = (uint32_t)words->tile_mode >> 2 << 18 | words->first_level << 4 |
		   less_one(words->levels);
	state[7] = 4u << 25 | 5u << 22 | 6u << 19 | 7u << 16;
	state[8] = ugvt_lo32(words->base);
	state[9] = ugvt_hi32(words->base);
}

static struct ugvt_aspace_span rig_memory_span(
	struct ugvt_texel_memory *memory, ugvt_gpu_addr addr, uint64_t size)
{
	struct rig_memory *rig = ugvt_container_of(memory, struct rig_memory, memory);
	uint64_t offset = addr - rig->base;

	if (addr < rig->base || offset >= rig->size) {
		rig->outside++;
		return (struct ugvt_aspace_span){NULL, UGVT_PAGE_SIZE - addr % UGVT_PAGE_SIZE};
	}
	size = UGVT_MIN(size, rig->piece - offset % rig->piece);
	return (struct ugvt_aspace_span){rig->bytes + offset, UGVT_MIN(size, rig->size - offset)};
}

static const struct ugvt_texel_memory_impl rig_memory_impl = {
	.span = rig_memory_span,
};

void rig_memory_init(struct rig_memory *rig, char *bytes, uint64_t size)
{
	*rig = (struct rig_memory){
		.memory.impl = &rig_memory_impl,
		.bytes = bytes,
		.size = size,
		.piece = UINT64_MAX,
	};
}

uint32_t rig_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state ^ *state >> 15;
}

float rig_random_float(uint32_t *state)
{
	return (rig_random(state) >> 8) * 0x1p-24f;
}
