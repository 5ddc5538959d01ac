/* SPDX-License-Identifier: MIT */
#include "gpu/render/target_block.h"

enum {
	BYTES = 4, // of an element
	HALF_BYTES = UGVT_TARGET_BLOCK / 2 * BYTES,
	LAST = UGVT_TARGET_BLOCK - 1,
};

/* Of a regular place, ends tell that there is no jump between. */
static bool is_regular(const struct ugvt_target_place *place, unsigned x, unsigned y, uint64_t step)
{
	const uint64_t *columns = place->columns + x;
	const uint64_t *rows = place->rows + y;

	return place->regular && columns[3] - columns[0] == HALF_BYTES - BYTES &&
	       columns[LAST] - columns[4] == HALF_BYTES - BYTES &&
	       rows[LAST] - rows[0] == LAST * step && columns[LAST] < UGVT_TARGET_NOWHERE &&
	       rows[LAST] < UGVT_TARGET_NOWHERE;
}

/* All rows of a half lie in one page. */
static char *half_find(struct ugvt_target *target, uint64_t offset, uint64_t step)
{
	ugvt_gpu_addr addr = (target->surface.base + offset) & UGVT_GPU_ADDR_MASK;
	uint64_t in_page = addr % UGVT_PAGE_SIZE;
	char *host;

	if (in_page + LAST * step + HALF_BYTES > UGVT_PAGE_SIZE) {
		return NULL;
	}
	host = ugvt_target_page(target, addr);
	return host ? host + in_page : NULL;
}

/* Mostly that of the block before. */
static inline const struct ugvt_target_place *place_find(
	struct ugvt_target *target, const struct ugvt_target_at *at)
{
	const struct ugvt_target_place *place = &target->places[at->sample % UGVT_TARGET_PLACES];

	if (place->valid && (unsigned)(at->x - place->x) < UGVT_TILE_SIDE &&
		(unsigned)(at->y - place->y) < UGVT_TILE_SIDE && place->layer == at->layer) {
		return place;
	}
	return ugvt_target_place(target, at);
}

bool ugvt_target_block_find(struct ugvt_target *target, const struct ugvt_target_at *at,
	struct ugvt_target_block *block)
{
	const struct ugvt_target_place *place;
	unsigned x = at->x % UGVT_TILE_SIDE;
	unsigned y = at->y % UGVT_TILE_SIDE;

	if (ugvt_target_is_null(target) || target->control || target->surface.element != BYTES) {
		return false;
	}
	place = place_find(target, at);
	block->step = place->rows[y + 1] - place->rows[y];
	if (block->step > UGVT_PAGE_SIZE / UGVT_TARGET_BLOCK ||
		!is_regular(place, x, y, block->step)) {
		return false;
	}
	for (unsigned i = 0; i < 2; i++) {
		block->half[i] = half_find(target,
			place->columns[x + i * UGVT_TARGET_BLOCK / 2] + place->rows[y],
			block->step);
		if (!block->half[i]) {
			return false;
		}
	}
	return true;
}

UGVT_CLONES void ugvt_target_block_write(
	const struct ugvt_target_block *block, uint64_t mask, uint32_t element)
{
	const ugvt_lanes_u value = (ugvt_lanes_u){0} + element;

	for (unsigned y = 0; y < UGVT_TARGET_BLOCK; y++, mask >>= UGVT_TARGET_BLOCK) {
		uint32_t row = mask & 0xff;
		ugvt_lanes_u old;
		ugvt_lanes_i lanes;

		if (row == 0) {
			continue;
		}
		ugvt_target_block_get(block, y, &old);
		ugvt_lanes_mask(row, &lanes);
		old = (value & (ugvt_lanes_u)lanes) | (old & ~(ugvt_lanes_u)lanes);
		ugvt_target_block_put(block, y, &old);
	}
}
