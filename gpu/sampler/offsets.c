/* SPDX-License-Identifier: MIT */
#include "gpu/mem/tiling.h"
#include "gpu/sampler/lanes.h"
#include "gpu/sampler/layout.h"

/*
 * ugvt_surface_offset() for sixteen lanes at once, for the surfaces that nearly all are: tiled or linear ones of one sample, whose
 * elements are texels. What is computed is the same; the test compares.
 */

bool ugvt_surface_is_simple(const struct ugvt_surface *surface)
{
	return surface->format && !ugvt_format_is_block(surface->format) &&
	       surface->samples_log2 == 0 && surface->size < UINT32_MAX &&
	       surface->tile_mode != UGVT_TILE_MODE_W && surface->tile_mode != UGVT_TILE_MODE_YF &&
	       (surface->type == UGVT_SURFACE_2D || surface->type == UGVT_SURFACE_3D ||
		       surface->type == UGVT_SURFACE_CUBE);
}

/* Of the lanes' levels, by lanes. */
struct levels {
	_Alignas(32) uint32_t x[UGVT_VECTOR];
	_Alignas(32) uint32_t y[UGVT_VECTOR];
	_Alignas(32) uint32_t width[UGVT_VECTOR];
	_Alignas(32) uint32_t height[UGVT_VECTOR];
	_Alignas(32) uint32_t slices[UGVT_VECTOR]; // 0: no such level
};

static void levels_get(
	const struct ugvt_surface *surface, const uint32_t *lods, struct levels *levels)
{
	for (unsigned i = 0; i < UGVT_VECTOR; i++) {
		bool exists = lods[i] - surface->first_level < surface->levels;
		const struct ugvt_surface_level *level = &surface->level[exists ? lods[i] : 0];

		levels->x[i] = level->x;
		levels->y[i] = level->y;
		levels->width[i] = level->width;
		levels->height[i] = level->height;
		levels->slices[i] = exists ? level->slices : 0;
	}
}

/* All on one level, as they mostly are. */
UGVT_LANES_INLINE bool level_get(
	const struct ugvt_surface *surface, const uint32_t *lods, struct levels *levels)
{
	ugvt_lanes_i other = *(const ugvt_lanes_u *)lods != lods[0];
	const struct ugvt_surface_level *level;

	if (ugvt_lanes_bits(&other) != 0 || lods[0] - surface->first_level >= surface->levels) {
		return false;
	}
	level = &surface->level[lods[0]];
	*(ugvt_lanes_u *)levels->x = (ugvt_lanes_u){0} + level->x;
	*(ugvt_lanes_u *)levels->y = (ugvt_lanes_u){0} + level->y;
	*(ugvt_lanes_u *)levels->width = (ugvt_lanes_u){0} + level->width;
	*(ugvt_lanes_u *)levels->height = (ugvt_lanes_u){0} + level->height;
	*(ugvt_lanes_u *)levels->slices = (ugvt_lanes_u){0} + level->slices;
	return true;
}

/* As signed numbers, which machines compare faster: sizes are far below 2^31. */
UGVT_LANES_INLINE void beyond_add(
	ugvt_lanes_i *beyond, const ugvt_lanes_u *coordinate, const uint32_t *size)
{
	*beyond |= (ugvt_lanes_i)*coordinate < 0;
	*beyond |= (ugvt_lanes_i)*coordinate >= *(const ugvt_lanes_i *)size;
}

UGVT_LANES_INLINE void offsets_make(const struct ugvt_surface *surface, const ugvt_lanes_u *byte,
	const ugvt_lanes_u *row, ugvt_lanes_u *offset)
{
	uint32_t pitch = surface->pitch;

	switch (surface->tile_mode) {
	case UGVT_TILE_MODE_X:
		*offset = *row / UGVT_TILE_X_HEIGHT * (pitch * UGVT_TILE_X_HEIGHT) +
			  *byte / UGVT_TILE_X_WIDTH * UGVT_PAGE_SIZE +
			  *row % UGVT_TILE_X_HEIGHT * UGVT_TILE_X_WIDTH + *byte % UGVT_TILE_X_WIDTH;
		break;
	case UGVT_TILE_MODE_Y:
		/* A tile's columns lie one behind the other, and so do tiles. */
		*offset = *row / UGVT_TILE_Y_HEIGHT * (pitch * UGVT_TILE_Y_HEIGHT) +
			  *byte / UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_COLUMN_SIZE +
			  *row % UGVT_TILE_Y_HEIGHT * UGVT_TILE_Y_COLUMN +
			  *byte % UGVT_TILE_Y_COLUMN;
		break;
	default: *offset = *row * pitch + *byte; break;
	}
}

UGVT_LANES_INLINE unsigned vector_offsets(const struct ugvt_surface *surface,
	const struct ugvt_fetch *fetch, unsigned v, ugvt_lanes_u *offsets)
{
	uint32_t first = surface->type == UGVT_SURFACE_3D ? 0 : surface->first_layer;
	ugvt_lanes_u x = ((const ugvt_lanes_u *)fetch->x)[v];
	ugvt_lanes_u y = ((const ugvt_lanes_u *)fetch->y)[v];
	ugvt_lanes_u z = ((const ugvt_lanes_u *)fetch->z)[v];
	const uint32_t *lods = fetch->lod + v * UGVT_VECTOR;
	struct levels levels;
	ugvt_lanes_i beyond = {0};

	if (!level_get(surface, lods, &levels)) {
		levels_get(surface, lods, &levels);
	}
	beyond_add(&beyond, &x, levels.width);
	beyond_add(&beyond, &y, levels.height);
	beyond_add(&beyond, &z, levels.slices);
	x = (x + *(ugvt_lanes_u *)levels.x + surface->x_offset) * surface->element;
	y += *(ugvt_lanes_u *)levels.y + surface->y_offset + (z + first) * surface->qpitch;
	offsets_make(surface, &x, &y, offsets + v);
	beyond = ~beyond;
	return ugvt_lanes_bits(&beyond) << v * UGVT_VECTOR;
}

UGVT_CLONES uint16_t ugvt_surface_offsets(
	const struct ugvt_surface *surface, const struct ugvt_fetch *fetch, uint32_t *offsets)
{
	unsigned inside = 0;

	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		inside |= vector_offsets(surface, fetch, v, (ugvt_lanes_u *)offsets);
	}
	return fetch->mask & inside;
}
