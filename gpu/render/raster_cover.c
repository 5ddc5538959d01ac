/* SPDX-License-Identifier: MIT */
#include "gpu/render/raster_cover.h"

#include <math.h>
#include <stdlib.h>

#include "base/bits.h"
#include "gpu/sampler/lanes.h"

#define ALL_PIXELS UINT64_MAX
#define LAST (UGVT_COVER_BLOCK - 1)

/* As lrintf() has it: a number of which all digits below one are rounded away when this is added, and the integer is what is left
 * in the lowest bits. */
#define ROUND 0x1.8p52

static inline int32_t subpixels(float x)
{
	const float limit = UGVT_COVER_LIMIT;
	union {
		double value;
		int64_t bits;
	} sum;

	x = x > -limit ? x : -limit;
	x = x < limit ? x : limit;
	sum.value = (double)x * UGVT_SUBPIXELS + ROUND;
	return (int32_t)sum.bits;
}

bool ugvt_cover_snap(float x, float y, struct ugvt_grid_point *point)
{
	if (isnan(x) || isnan(y)) {
		return false;
	}
	point->x = subpixels(x);
	point->y = subpixels(y);
	return true;
}

int64_t ugvt_cover_area(const struct ugvt_grid_point points[3])
{
	int64_t x1 = (int64_t)points[1].x - points[0].x;
	int64_t y1 = (int64_t)points[1].y - points[0].y;
	int64_t x2 = (int64_t)points[2].x - points[0].x;
	int64_t y2 = (int64_t)points[2].y - points[0].y;

	return x1 * y2 - y1 * x2;
}

/* Clockwise along an edge the inside is to the right: a top edge goes right, a left one up. */
static void edge_make(
	struct ugvt_cover_edge *edge, struct ugvt_grid_point from, struct ugvt_grid_point to)
{
	int32_t dx = to.x - from.x;
	int32_t dy = to.y - from.y;
	bool top_left = dy < 0 || (dy == 0 && dx > 0);

	edge->a = -dy;
	edge->b = dx;
	edge->c = (int64_t)dy * from.x - (int64_t)dx * from.y - !top_left;
}

static void box_make(
	struct ugvt_pixel_box *box, const struct ugvt_grid_point *points, unsigned count)
{
	struct ugvt_grid_point low = points[0];
	struct ugvt_grid_point high = points[0];

	for (unsigned i = 1; i < count; i++) {
		low.x = UGVT_MIN(low.x, points[i].x);
		low.y = UGVT_MIN(low.y, points[i].y);
		high.x = UGVT_MAX(high.x, points[i].x);
		high.y = UGVT_MAX(high.y, points[i].y);
	}
	*box = (struct ugvt_pixel_box){
		low.x >> 8, low.y >> 8, (high.x >> 8) + 1, (high.y >> 8) + 1};
}

bool ugvt_cover_polygon(
	struct ugvt_cover *cover, const struct ugvt_grid_point *points, unsigned count)
{
	int64_t area = ugvt_cover_area(points);

	if (count == 4 && area == 0) {
		const struct ugvt_grid_point rest[] = {points[0], points[2], points[3]};

		area = ugvt_cover_area(rest);
	}
	if (area == 0) {
		return false;
	}
	cover->edges = count;
	for (unsigned i = 0; i < count; i++) {
		unsigned next = (i + 1) % count;

		edge_make(
			&cover->edge[i], points[area > 0 ? i : next], points[area > 0 ? next : i]);
	}
	box_make(&cover->box, points, count);
	return true;
}

void ugvt_cover_diamond_line(struct ugvt_cover *cover, const struct ugvt_cover_line *line)
{
	const struct ugvt_grid_point points[] = {line->p, line->q};

	cover->edges = 0;
	cover->line = *line;
	box_make(&cover->box, points, 2);
	/* A diamond's corners are on its neighbours. */
	cover->box.x0--;
	cover->box.y0--;
	cover->box.x1++;
	cover->box.y1++;
}

void ugvt_pixel_box_intersect(struct ugvt_pixel_box *box, const struct ugvt_pixel_box *other)
{
	box->x0 = UGVT_MAX(box->x0, other->x0);
	box->y0 = UGVT_MAX(box->y0, other->y0);
	box->x1 = UGVT_MIN(box->x1, other->x1);
	box->y1 = UGVT_MIN(box->y1, other->y1);
}

/* The edges that cross a block: values of a row's pixels, and what they change by to the next. */
struct crossing {
	unsigned edges;
	ugvt_lanes_i row[UGVT_COVER_EDGES];
	int32_t down[UGVT_COVER_EDGES];
};

UGVT_LANES_INLINE void crossing_add(
	struct crossing *crossing, const struct ugvt_cover_edge *edge, int32_t v)
{
	const ugvt_lanes_i columns = {0, 1, 2, 3, 4, 5, 6, 7};

	crossing->row[crossing->edges] = columns * edge->a + v;
	crossing->down[crossing->edges] = edge->b;
	crossing->edges++;
}

/* Pixels of which no value is negative: the values' or is negative where any is. */
UGVT_LANES_INLINE uint64_t crossing_pixels(struct crossing *crossing)
{
	uint64_t outside = 0;

	for (unsigned y = 0; y < UGVT_COVER_BLOCK; y++) {
		ugvt_lanes_i any = {0};

		for (unsigned i = 0; i < crossing->edges; i++) {
			any |= crossing->row[i];
			crossing->row[i] += crossing->down[i];
		}
		any = any < 0;
		outside |= (uint64_t)ugvt_lanes_bits(&any) << (8 * y);
	}
	return ~outside;
}

UGVT_CLONES static uint64_t polygon_block(
	const struct ugvt_cover *cover, struct ugvt_grid_point block, struct ugvt_grid_point sample)
{
	struct crossing crossing;

	crossing.edges = 0;
	for (unsigned i = 0; i < cover->edges; i++) {
		const struct ugvt_cover_edge *edge = &cover->edge[i];
		int64_t v = ugvt_cover_edge_value(edge, block, sample);
		int64_t least = v + LAST * ((int64_t)UGVT_MIN(edge->a, 0) + UGVT_MIN(edge->b, 0));
		int64_t most = v + LAST * ((int64_t)UGVT_MAX(edge->a, 0) + UGVT_MAX(edge->b, 0));

		if (most < 0) {
			return 0;
		}
		if (least < 0) {
			crossing_add(&crossing, edge, (int32_t)v);
		}
	}
	return crossing.edges > 0 ? crossing_pixels(&crossing) : ALL_PIXELS;
}

/* A fraction x/d, y/d of subpixels relative to a sample point; d > 0. */
struct ratio_point {
	int64_t x;
	int64_t y;
	int64_t d;
};

/* PRM SNB vol 2 part 1, "GIQ (Diamond) Sampling Rules": the equation at the end of it. */
static bool is_inside(const struct ratio_point *at, bool x_major)
{
	int64_t half = at->d * (UGVT_SUBPIXELS / 2);
	int64_t distance = llabs(at->x) + llabs(at->y);

	if (distance != half) {
		return distance < half;
	}
	return at->y > 0 || (!x_major && at->y == 0 && at->x > 0);
}

/* A line comes closest to a diamond's centre at an end, or where it crosses one of the axes. */
static bool is_lit(const struct ugvt_cover_line *line, struct ugvt_grid_point sample)
{
	int64_t x0 = (int64_t)line->p.x - sample.x;
	int64_t y0 = (int64_t)line->p.y - sample.y;
	int64_t x1 = (int64_t)line->q.x - sample.x;
	int64_t y1 = (int64_t)line->q.y - sample.y;
	int64_t dx = x1 - x0;
	int64_t dy = y1 - y0;
	bool x_major = llabs(dx) >= llabs(dy);
	int64_t cross = x0 * dy - y0 * dx; // of the line and the centre
	const struct ratio_point begin = {x0, y0, 1};
	const struct ratio_point end = {x1, y1, 1};
	struct ratio_point at;

	if (is_inside(&end, x_major)) {
		return line->last;
	}
	if (is_inside(&begin, x_major)) {
		return true;
	}
	if (dx != 0 && (x0 < 0) != (x1 < 0)) {
		at = (struct ratio_point){0, dx < 0 ? cross : -cross, llabs(dx)};
		if (is_inside(&at, x_major)) {
			return true;
		}
	}
	if (dy != 0 && (y0 < 0) != (y1 < 0)) {
		at = (struct ratio_point){dy < 0 ? -cross : cross, 0, llabs(dy)};
		return is_inside(&at, x_major);
	}
	return false;
}

/* Whether the block is too far from the line for any of its diamonds. */
static bool is_far(const struct ugvt_cover_line *line, struct ugvt_grid_point block)
{
	const int64_t half = (UGVT_COVER_BLOCK / 2 + 1) * UGVT_SUBPIXELS;
	int64_t dx = (int64_t)line->q.x - line->p.x;
	int64_t dy = (int64_t)line->q.y - line->p.y;
	int64_t x = (int64_t)block.x * UGVT_SUBPIXELS + UGVT_COVER_BLOCK / 2 * UGVT_SUBPIXELS;
	int64_t y = (int64_t)block.y * UGVT_SUBPIXELS + UGVT_COVER_BLOCK / 2 * UGVT_SUBPIXELS;

	return llabs((x - line->p.x) * dy - (y - line->p.y) * dx) > half * (llabs(dx) + llabs(dy));
}

static uint64_t line_block(const struct ugvt_cover_line *line, struct ugvt_grid_point block,
	struct ugvt_grid_point sample)
{
	uint64_t mask = 0;

	if (is_far(line, block)) {
		return 0;
	}
	for (int32_t i = 0; i < UGVT_COVER_BLOCK * UGVT_COVER_BLOCK; i++) {
		const struct ugvt_grid_point at = {
			(block.x + i % UGVT_COVER_BLOCK) * UGVT_SUBPIXELS + sample.x,
			(block.y + i / UGVT_COVER_BLOCK) * UGVT_SUBPIXELS + sample.y,
		};

		mask |= (uint64_t)is_lit(line, at) << i;
	}
	return mask;
}

uint64_t ugvt_cover_block(
	const struct ugvt_cover *cover, struct ugvt_grid_point block, struct ugvt_grid_point sample)
{
	uint64_t inside = ugvt_pixel_box_block(&cover->box, block);

	if (inside == 0) {
		return 0;
	}
	if (cover->edges == 0) {
		return inside & line_block(&cover->line, block, sample);
	}
	return inside & polygon_block(cover, block, sample);
}
