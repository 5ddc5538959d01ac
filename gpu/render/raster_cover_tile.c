/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/render/raster_cover.h"
#include "gpu/sampler/lanes.h"

/* Tiles of 8x8 blocks: what edges say of all of them. */

#define LAST (UGVT_COVER_BLOCK - 1)
#define FEW 12 // pixels: what is no larger touches few blocks

/* Blocks of a tile that are at least in part in box, and those that are as a whole. */
static struct ugvt_cover_blocks box_tile(
	const struct ugvt_pixel_box *box, struct ugvt_grid_point tile)
{
	const struct ugvt_pixel_box touched = {
		(box->x0 - tile.x) >> 3,
		(box->y0 - tile.y) >> 3,
		(box->x1 - tile.x + LAST) >> 3,
		(box->y1 - tile.y + LAST) >> 3,
	};
	const struct ugvt_pixel_box inside = {
		(box->x0 - tile.x + LAST) >> 3,
		(box->y0 - tile.y + LAST) >> 3,
		(box->x1 - tile.x) >> 3,
		(box->y1 - tile.y) >> 3,
	};
	const struct ugvt_grid_point origin = {0, 0};

	return (struct ugvt_cover_blocks){
		ugvt_pixel_box_block(&touched, origin), ugvt_pixel_box_block(&inside, origin)};
}

/* What an edge's values in a block are at least and at most, beyond that of its upper left corner. */
struct spread {
	double least;
	double most;
};

/* As doubles, which hold all of these values and that machines compare fast. */
UGVT_CLONES static void edge_tile(const struct ugvt_cover_edge *edge, double corner,
	const struct spread *spread, struct ugvt_cover_blocks *blocks)
{
	double across = (double)edge->a * UGVT_COVER_BLOCK;
	double down = (double)edge->b * UGVT_COVER_BLOCK;

	for (uint64_t left = blocks->touched; left != 0;) {
		unsigned y = (unsigned)__builtin_ctzll(left) / UGVT_COVER_BLOCK;
		uint32_t outside = 0;
		uint32_t crossed = 0;

		for (unsigned x = 0; x < UGVT_COVER_BLOCK; x++) {
			double at = corner + across * x + down * y;

			outside |= (uint32_t)(at + spread->most < 0) << x;
			crossed |= (uint32_t)(at + spread->least < 0) << x;
		}
		blocks->touched &= ~((uint64_t)outside << (8 * y));
		blocks->inside &= ~((uint64_t)crossed << (8 * y));
		left &= ~(UINT64_C(0xff) << (8 * y));
	}
}

struct ugvt_cover_blocks ugvt_cover_tile(const struct ugvt_cover *cover,
	struct ugvt_grid_point tile, const struct ugvt_grid_point *sample)
{
	const struct ugvt_grid_point corner = sample ? *sample : (struct ugvt_grid_point){0, 0};
	struct ugvt_cover_blocks blocks = box_tile(&cover->box, tile);
	/* Of pixels that are sampled anywhere the farther end counts. */
	double width = sample ? LAST : UGVT_COVER_BLOCK;

	/* Of a few blocks each is looked at more closely anyway. */
	if (cover->edges == 0 ||
		(cover->box.x1 - cover->box.x0 <= FEW && cover->box.y1 - cover->box.y0 <= FEW)) {
		blocks.inside = 0;
		return blocks;
	}
	for (unsigned i = 0; i < cover->edges; i++) {
		const struct ugvt_cover_edge *edge = &cover->edge[i];
		const struct spread spread = {
			width * ((double)UGVT_MIN(edge->a, 0) + UGVT_MIN(edge->b, 0)),
			width * ((double)UGVT_MAX(edge->a, 0) + UGVT_MAX(edge->b, 0)),
		};

		edge_tile(
			edge, (double)ugvt_cover_edge_value(edge, tile, corner), &spread, &blocks);
	}
	return blocks;
}

/*
 * In 32 bits, where an edge's values change by less than LIMIT in a tile: beyond it, a corner's value may as well be LIMIT,
 * since no other in the tile has another sign.
 */
#define STEP_MAX (INT32_C(1) << 22)
#define LIMIT (INT32_C(1) << 29)

/* Edges' values in a tile, and steps by a pixel. */
struct edges {
	int32_t corner[UGVT_COVER_EDGES];
	int32_t across[UGVT_COVER_EDGES];
	int32_t down[UGVT_COVER_EDGES];
};

static bool edges_make(const struct ugvt_cover *cover, struct ugvt_grid_point tile,
	struct ugvt_grid_point sample, struct edges *edges)
{
	for (unsigned i = 0; i < cover->edges; i++) {
		const struct ugvt_cover_edge *edge = &cover->edge[i];
		int64_t value = ugvt_cover_edge_value(edge, tile, sample);

		if (edge->a > STEP_MAX || edge->a < -STEP_MAX || edge->b > STEP_MAX ||
			edge->b < -STEP_MAX) {
			return false;
		}
		edges->corner[i] = (int32_t)UGVT_MIN(UGVT_MAX(value, -LIMIT), LIMIT);
		edges->across[i] = edge->a;
		edges->down[i] = edge->b;
	}
	return true;
}

/* Blocks of which all of an edge's values are negative, and those where some are: bits of a sum's signs, since few edges' values are
 * looked at one by one. */
UGVT_LANES_INLINE void edges_classify(
	const struct edges *edges, unsigned count, struct ugvt_cover_blocks *blocks)
{
	const ugvt_lanes_i columns = {0, 8, 16, 24, 32, 40, 48, 56};
	ugvt_lanes_i row[UGVT_COVER_EDGES];
	int32_t least[UGVT_COVER_EDGES];
	int32_t most[UGVT_COVER_EDGES];

	for (unsigned i = 0; i < count; i++) {
		int32_t a = edges->across[i];
		int32_t b = edges->down[i];

		row[i] = columns * a + edges->corner[i];
		least[i] = LAST * (UGVT_MIN(a, 0) + UGVT_MIN(b, 0));
		most[i] = LAST * (UGVT_MAX(a, 0) + UGVT_MAX(b, 0));
	}
	for (uint64_t left = blocks->touched; left != 0;) {
		unsigned y = (unsigned)__builtin_ctzll(left) / UGVT_COVER_BLOCK;
		ugvt_lanes_i outside = {0};
		ugvt_lanes_i crossed = {0};

		for (unsigned i = 0; i < count; i++) {
			ugvt_lanes_i at = row[i] + edges->down[i] * UGVT_COVER_BLOCK * (int32_t)y;

			outside |= at + most[i];
			crossed |= at + least[i];
		}
		blocks->touched &= ~((uint64_t)ugvt_lanes_bits(&outside) << (8 * y));
		blocks->inside &= ~((uint64_t)ugvt_lanes_bits(&crossed) << (8 * y));
		left &= ~(UINT64_C(0xff) << (8 * y));
	}
}

/* Pixels of a block of which no value is negative. */
UGVT_LANES_INLINE uint64_t edges_pixels(const struct edges *edges, unsigned count, unsigned index)
{
	const ugvt_lanes_i columns = {0, 1, 2, 3, 4, 5, 6, 7};
	int32_t x = (int32_t)index % UGVT_COVER_BLOCK * UGVT_COVER_BLOCK;
	int32_t y = (int32_t)index / UGVT_COVER_BLOCK * UGVT_COVER_BLOCK;
	ugvt_lanes_i row[UGVT_COVER_EDGES];
	uint64_t outside = 0;

	for (unsigned i = 0; i < count; i++) {
		row[i] = (columns + x) * edges->across[i] + (edges->corner[i] + y * edges->down[i]);
	}
	for (unsigned r = 0; r < UGVT_COVER_BLOCK; r++) {
		ugvt_lanes_i any = {0};

		for (unsigned i = 0; i < count; i++) {
			any |= row[i];
			row[i] += edges->down[i];
		}
		outside |= (uint64_t)ugvt_lanes_bits(&any) << (8 * r);
	}
	return ~outside;
}

UGVT_LANES_INLINE void masks_make(
	const struct edges *edges, unsigned count, struct ugvt_cover_masks *masks)
{
	edges_classify(edges, count, &masks->blocks);
	masks->blocks.inside &= masks->blocks.touched;
	for (uint64_t left = masks->blocks.touched & ~masks->blocks.inside; left != 0;
		left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		masks->mask[i] = edges_pixels(edges, count, i);
	}
}

/* The same for either number of edges, which the compiler then knows. */
UGVT_CLONES static void triangle_masks(const struct edges *edges, struct ugvt_cover_masks *masks)
{
	masks_make(edges, 3, masks);
}

UGVT_CLONES static void rectangle_masks(const struct edges *edges, struct ugvt_cover_masks *masks)
{
	masks_make(edges, 4, masks);
}

/* Takes away pixels outside of the box, and blocks without any. */
static void masks_cut(const struct ugvt_pixel_box *box, struct ugvt_grid_point tile,
	struct ugvt_cover_masks *masks)
{
	for (uint64_t left = masks->blocks.touched & ~masks->blocks.inside; left != 0;
		left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		const struct ugvt_grid_point block = {
			tile.x + (int32_t)i % UGVT_COVER_BLOCK * UGVT_COVER_BLOCK,
			tile.y + (int32_t)i / UGVT_COVER_BLOCK * UGVT_COVER_BLOCK,
		};

		masks->mask[i] &= ugvt_pixel_box_block(box, block);
		if (masks->mask[i] == 0) {
			masks->blocks.touched &= ~(UINT64_C(1) << i);
		}
	}
}

bool ugvt_cover_masks(const struct ugvt_cover *cover, struct ugvt_grid_point tile,
	struct ugvt_grid_point sample, struct ugvt_cover_masks *masks)
{
	struct edges edges;

	if (cover->edges == 0 || !edges_make(cover, tile, sample, &edges)) {
		return false;
	}
	masks->blocks = box_tile(&cover->box, tile);
	if (cover->edges == 3) {
		triangle_masks(&edges, masks);
	} else {
		rectangle_masks(&edges, masks);
	}
	masks_cut(&cover->box, tile, masks);
	return true;
}
