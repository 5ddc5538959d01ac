/* SPDX-License-Identifier: MIT */
#include "gpu/render/raster_tile.h"

#include "base/bits.h"

enum {
	TILE_BLOCKS = UGVT_TILE_SIDE / UGVT_COVER_BLOCK, // in both directions
	COST_BLOCK = 4,
	COST_FILL = 64, // of a tile
};

void ugvt_drawer_begin(struct ugvt_drawer *drawer, const struct ugvt_bins *bins)
{
	drawer->bins = bins;
	drawer->entry = UGVT_BINS_NONE;
}

static void entry_set(struct ugvt_drawer *drawer, int32_t entry)
{
	drawer->entry = entry;
	drawer->begun = false;
}

void ugvt_drawer_take(struct ugvt_drawer *drawer, unsigned tile)
{
	drawer->tile = tile;
	entry_set(drawer, drawer->bins->tile[tile].first);
}

void ugvt_drawer_abort(struct ugvt_drawer *drawer)
{
	drawer->entry = UGVT_BINS_NONE;
	ugvt_pixel_abort(&drawer->pixel);
}

static struct ugvt_pixel_box tile_box(const struct ugvt_drawer *drawer)
{
	int32_t x = (int32_t)(drawer->tile % UGVT_BINS_SIDE * UGVT_TILE_SIDE);
	int32_t y = (int32_t)(drawer->tile / UGVT_BINS_SIDE * UGVT_TILE_SIDE);

	return (struct ugvt_pixel_box){x, y, x + UGVT_TILE_SIDE, y + UGVT_TILE_SIDE};
}

static struct ugvt_grid_point block_at(const struct ugvt_drawer *drawer, unsigned i)
{
	const struct ugvt_pixel_box tile = tile_box(drawer);

	return (struct ugvt_grid_point){
		.x = tile.x0 + (int32_t)(i % TILE_BLOCKS * UGVT_COVER_BLOCK),
		.y = tile.y0 + (int32_t)(i / TILE_BLOCKS * UGVT_COVER_BLOCK),
	};
}

static bool samples_cover(const struct ugvt_drawer *drawer, const struct ugvt_cover *cover,
	struct ugvt_grid_point block, uint64_t covered[UGVT_SETUP_SAMPLES])
{
	const struct ugvt_setup *setup = &drawer->pixel.draw->setup;
	uint64_t any = 0;

	if (!setup->at_samples) {
		any = ugvt_cover_block(cover, block, setup->pixel);
	}
	for (unsigned s = 0; s < setup->samples; s++) {
		covered[s] =
			setup->at_samples ? ugvt_cover_block(cover, block, setup->sample[s]) : any;
		any |= covered[s];
	}
	return any != 0;
}

static void blocks_begin(struct ugvt_drawer *drawer, const struct ugvt_shape *shape)
{
	const struct ugvt_setup *setup = &drawer->pixel.draw->setup;
	const struct ugvt_pixel_box tile = tile_box(drawer);
	const struct ugvt_grid_point corner = {tile.x0, tile.y0};

	drawer->masked = !setup->at_samples &&
			 ugvt_cover_masks(&shape->cover, corner, setup->pixel, &drawer->masks);
	if (!drawer->masked) {
		drawer->masks.blocks = ugvt_cover_tile(
			&shape->cover, corner, setup->at_samples ? NULL : &setup->pixel);
	}
}

/* Blocks inside of the shape, rows or all of them at a time, if there is a way to draw so many pixels at once. */
static void insides_draw(struct ugvt_drawer *drawer)
{
	const struct ugvt_pixel_box tile = tile_box(drawer);
	uint64_t left = drawer->masks.blocks.inside;

	while (left != 0) {
		unsigned first = (unsigned)__builtin_ctzll(left);
		unsigned x = first % TILE_BLOCKS;
		unsigned width =
			(unsigned)__builtin_ctz(~(uint32_t)(left >> (first - x) & UINT8_MAX) >> x);
		unsigned height = left == UINT64_MAX ? TILE_BLOCKS : 1;
		struct ugvt_pixel_box box = {
			.x0 = tile.x0 + (int32_t)x * UGVT_COVER_BLOCK,
			.y0 = tile.y0 + (int32_t)(first / TILE_BLOCKS) * UGVT_COVER_BLOCK,
		};

		box.x1 = box.x0 + (int32_t)width * UGVT_COVER_BLOCK;
		box.y1 = box.y0 + (int32_t)height * UGVT_COVER_BLOCK;
		if (!ugvt_pixel_box(&drawer->pixel, &box)) {
			return;
		}
		left &= height > 1 ? 0 : ~(((UINT64_C(1) << width) - 1) << first);
		drawer->masks.blocks.touched &= left | ~drawer->masks.blocks.inside;
	}
}

/* Which samples of a block the shape covers; false: none. */
static bool block_cover(const struct ugvt_drawer *drawer, const struct ugvt_shape *shape,
	unsigned i, uint64_t covered[UGVT_SETUP_SAMPLES])
{
	const struct ugvt_cover_masks *masks = &drawer->masks;
	bool inside = masks->blocks.inside >> i & 1;

	if (!inside && !drawer->masked) {
		return samples_cover(drawer, &shape->cover, block_at(drawer, i), covered);
	}
	for (unsigned s = 0; s < drawer->pixel.draw->setup.samples; s++) {
		covered[s] = inside ? UINT64_MAX : masks->mask[i];
	}
	return true;
}

static void block_draw(struct ugvt_drawer *drawer, const struct ugvt_shape *shape)
{
	unsigned i = (unsigned)__builtin_ctzll(drawer->masks.blocks.touched);
	uint64_t covered[UGVT_SETUP_SAMPLES];

	drawer->masks.blocks.touched &= drawer->masks.blocks.touched - 1;
	if (block_cover(drawer, shape, i, covered)) {
		ugvt_pixel_block(&drawer->pixel, block_at(drawer, i), covered);
	}
}

/* false: the budget is used up. */
static bool shape_draw(struct ugvt_drawer *drawer, const struct ugvt_shape *shape, int64_t *budget)
{
	while (ugvt_pixel_run(&drawer->pixel, drawer->masks.blocks.touched == 0, budget)) {
		if (drawer->masks.blocks.touched == 0) {
			return true;
		}
		if (*budget <= 0) {
			return false;
		}
		block_draw(drawer, shape);
		*budget -= COST_BLOCK;
	}
	return false;
}

static bool clear_draw(
	struct ugvt_drawer *drawer, const struct ugvt_bins_shape *shape, int64_t *budget)
{
	struct ugvt_pixel_box box = tile_box(drawer);

	if (*budget <= 0) {
		return false;
	}
	ugvt_pixel_box_intersect(&box, &shape->shape.cover.box);
	ugvt_clear_tile(&drawer->pixel,
		shape->work == UGVT_BINS_CLEAR_COLOR ? UGVT_CLEAR_COLOR : UGVT_CLEAR_DEPTH_STENCIL,
		&box);
	*budget -= COST_FILL;
	return true;
}

static bool entry_draw(struct ugvt_drawer *drawer, int64_t *budget)
{
	const struct ugvt_bins *bins = drawer->bins;
	const struct ugvt_bins_shape *shape = &bins->shape[bins->entry[drawer->entry].shape];

	if (!drawer->begun) {
		drawer->begun = true;
		ugvt_pixel_shape(
			&drawer->pixel, &shape->shape, bins->attribute + shape->attributes);
		if (shape->work == UGVT_BINS_DRAW) {
			blocks_begin(drawer, &shape->shape);
			insides_draw(drawer);
			*budget -= COST_FILL;
		}
	}
	return shape->work == UGVT_BINS_DRAW ? shape_draw(drawer, &shape->shape, budget)
					     : clear_draw(drawer, shape, budget);
}

bool ugvt_drawer_run(struct ugvt_drawer *drawer, int64_t *budget)
{
	while (drawer->entry != UGVT_BINS_NONE) {
		if (!entry_draw(drawer, budget)) {
			return false;
		}
		entry_set(drawer, drawer->bins->entry[drawer->entry].next);
	}
	return true;
}
