/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RASTER_COVER_H
#define UGVT_GPU_RENDER_RASTER_COVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"

/*
 * Which sample points are inside of a convex polygon, or lit by a line without width. All in integers: vertices lie on a grid of
 * 256 x 256 subpixels (PRM SNB vol 2 part 1, "SF Unit": 8 fractional bits), x to the right, y down. A point on an edge
 * belongs to the polygon if the edge is a top or a left one, so that polygons that share an edge share no point and
 * leave none out.
 */

enum {
	UGVT_SUBPIXELS = 256,
	UGVT_COVER_EDGES = 4,
	UGVT_COVER_BLOCK = 8,       // pixels in both directions
	UGVT_COVER_LIMIT = 1 << 17, // pixels: coordinates are kept below, in both directions
};

/* In subpixels. */
struct ugvt_grid_point {
	int32_t x;
	int32_t y;
};

/* Pixels with x0 <= x < x1, y0 <= y < y1. */
struct ugvt_pixel_box {
	int32_t x0;
	int32_t y0;
	int32_t x1;
	int32_t y1;
};

/* a x + b y + c is not negative inside (subpixels). */
struct ugvt_cover_edge {
	int64_t c;
	int32_t a;
	int32_t b;
};

/* A line by the diamond rule: from p to q, which may light a last pixel. */
struct ugvt_cover_line {
	struct ugvt_grid_point p;
	struct ugvt_grid_point q;
	bool last;
};

struct ugvt_cover {
	struct ugvt_pixel_box box; // outside of it nothing is covered
	unsigned edges;            // 0: a line
	struct ugvt_cover_edge edge[UGVT_COVER_EDGES];
	struct ugvt_cover_line line;
};

/* To the nearest subpixel; false if that is no number. What is beyond the limit is moved there. */
bool ugvt_cover_snap(float x, float y, struct ugvt_grid_point *point);
/* Twice the area of a triangle: positive if it goes clockwise as seen on a screen. */
int64_t ugvt_cover_area(const struct ugvt_grid_point points[3]);

/* A convex polygon of 3 or 4 points in any direction; false if it has no area. Of a straight angle either side may be taken. */
bool ugvt_cover_polygon(
	struct ugvt_cover *cover, const struct ugvt_grid_point *points, unsigned count);
/* All pixels whose points are in [x0, x1) and [y0, y1). */
void ugvt_cover_diamond_line(struct ugvt_cover *cover, const struct ugvt_cover_line *line);

void ugvt_pixel_box_intersect(struct ugvt_pixel_box *box, const struct ugvt_pixel_box *other);
static inline bool ugvt_pixel_box_is_empty(const struct ugvt_pixel_box *box)
{
	return box->x0 >= box->x1 || box->y0 >= box->y1;
}

/*
 * Of the upper left pixel of a block, divided by 256. Along pixels an edge's value grows by a multiple of 256 subpixels, so whether it is negative does not change when it is
 * divided by 256 and rounded down. What is left fits 32 bits in each
 * block that the edge crosses.
 */
static inline int64_t ugvt_cover_edge_value(const struct ugvt_cover_edge *edge,
	struct ugvt_grid_point block, struct ugvt_grid_point sample)
{
	int64_t at = edge->c + (int64_t)edge->a * sample.x + (int64_t)edge->b * sample.y;

	return (at >> 8) + (int64_t)edge->a * block.x + (int64_t)edge->b * block.y;
}

/* The pixels of a block whose sample point (subpixels from the pixel's upper left corner) is covered: bit 8 y + x. x and y of
 * the block: pixels, multiples of 8. */
uint64_t ugvt_cover_block(const struct ugvt_cover *cover, struct ugvt_grid_point block,
	struct ugvt_grid_point sample);
/* A tile's blocks, 8 rows of 8: bit 8 y + x. */
struct ugvt_cover_blocks {
	uint64_t touched; // in which something may be covered
	uint64_t inside;  // of which all is
};
/* tile: pixels, multiples of 8. sample: of all pixels; NULL: pixels are sampled anywhere. */
struct ugvt_cover_blocks ugvt_cover_tile(const struct ugvt_cover *cover,
	struct ugvt_grid_point tile, const struct ugvt_grid_point *sample);

/* The same of a polygon, and more: the pixels of each block that is touched, but not inside. No block without pixels is touched. */
struct ugvt_cover_masks {
	struct ugvt_cover_blocks blocks;
	uint64_t mask[UGVT_COVER_BLOCK * UGVT_COVER_BLOCK];
};
/* false: it is none, or too large for this. */
bool ugvt_cover_masks(const struct ugvt_cover *cover, struct ugvt_grid_point tile,
	struct ugvt_grid_point sample, struct ugvt_cover_masks *masks);

/* Pixels of the block that are in box. */
static inline uint64_t ugvt_pixel_box_block(
	const struct ugvt_pixel_box *box, struct ugvt_grid_point block)
{
	const uint64_t column = UINT64_C(0x0101010101010101);
	int32_t x0 = UGVT_MAX(box->x0 - block.x, 0);
	int32_t y0 = UGVT_MAX(box->y0 - block.y, 0);
	int32_t x1 = UGVT_MIN(box->x1 - block.x, UGVT_COVER_BLOCK);
	int32_t y1 = UGVT_MIN(box->y1 - block.y, UGVT_COVER_BLOCK);

	if (x0 >= x1 || y0 >= y1) {
		return 0;
	}
	return (uint64_t)((1u << x1) - (1u << x0)) *
	       (column << (8 * y0) & column >> (8 * (UGVT_COVER_BLOCK - y1)));
}

#endif
