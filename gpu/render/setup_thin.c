/* SPDX-License-Identifier: MIT */
#include "gpu/render/setup_thin.h"

#include <math.h>
#include <stdlib.h>

#include "base/bits.h"

/* Points and lines: PRM SNB vol 2 part 1, 6.3.4 "Point Rasterization Rule Adjustment" and 6.3.12 "Line Rasterization". */

#define LEAST_WIDTH 0.125f // pixels: of a point
#define MOST_WIDTH 255.875f

static struct ugvt_grid_point shifted(struct ugvt_grid_point point, int32_t x, int32_t y)
{
	const int32_t limit = UGVT_COVER_LIMIT * UGVT_SUBPIXELS;

	x += point.x;
	y += point.y;
	return (struct ugvt_grid_point){
		UGVT_MAX(UGVT_MIN(x, limit), -limit), UGVT_MAX(UGVT_MIN(y, limit), -limit)};
}

/* From a at the plane t's 0 to b at its 1. */
static struct ugvt_plane along(const struct ugvt_plane *t, float a, float b)
{
	double step = (double)b - a;

	return (struct ugvt_plane){a + step * t->at, step * t->dx, step * t->dy};
}

static void line_planes(const struct ugvt_corner ends[2], struct ugvt_shape *shape)
{
	double dx = (double)ends[1].at.x - ends[0].at.x;
	double dy = (double)ends[1].at.y - ends[0].at.y;
	double square = dx * dx + dy * dy;
	struct ugvt_plane t = {0};

	if (square > 0) {
		t.at = -(dx * ends[0].at.x + dy * ends[0].at.y) / square;
		t.dx = dx * UGVT_SUBPIXELS / square;
		t.dy = dy * UGVT_SUBPIXELS / square;
	}
	shape->z = along(&t, ends[0].z, ends[1].z);
	shape->inverse_w = along(&t, ends[0].inverse_w, ends[1].inverse_w);
	for (unsigned i = 0; i < 2; i++) {
		shape->linear[i] = along(&t, ends[0].linear[i], ends[1].linear[i]);
		shape->perspective[i] = along(&t, ends[0].perspective[i], ends[1].perspective[i]);
	}
}

/* A parallelogram around the line from p to q, which is moved to both sides. */
static bool band_make(
	struct ugvt_shape *shape, const struct ugvt_grid_point line[2], struct ugvt_grid_point move)
{
	const struct ugvt_grid_point points[] = {
		shifted(line[0], move.x, move.y),
		shifted(line[1], move.x, move.y),
		shifted(line[1], -move.x, -move.y),
		shifted(line[0], -move.x, -move.y),
	};

	return ugvt_cover_polygon(&shape->cover, points, UGVT_ARRAY_SIZE(points));
}

bool ugvt_setup_line(
	const struct ugvt_setup *setup, const struct ugvt_corner ends[2], struct ugvt_shape *shape)
{
	const struct ugvt_grid_point line[] = {ends[0].at, ends[1].at};
	/* U11.7, so half of it in subpixels is the field itself. */
	int32_t half = (int32_t)ugvt_state_line_width(setup->state);
	int32_t dx = line[1].x - line[0].x;
	int32_t dy = line[1].y - line[0].y;
	double length = hypot(dx, dy);

	line_planes(ends, shape);
	if (half == 0) {
		const struct ugvt_cover_line thin = {
			line[0], line[1], ugvt_state_line_last_pixel(setup->state)};

		ugvt_cover_diamond_line(&shape->cover, &thin);
		return true;
	}
	if (length == 0) {
		return false;
	}
	if (setup->smooth) {
		return band_make(shape, line,
			(struct ugvt_grid_point){(int32_t)lrint(-dy * half / length),
				(int32_t)lrint(dx * half / length)});
	}
	if (abs(dx) >= abs(dy)) {
		return band_make(shape, line, (struct ugvt_grid_point){0, half});
	}
	return band_make(shape, line, (struct ugvt_grid_point){half, 0});
}

/* b1 and b2 are 0 at the square's upper left corner, 1 at the other end: point sprites want them; all else is the same
 * everywhere. */
static void point_planes(const struct ugvt_corner *corner, const struct ugvt_grid_point *low,
	double size, struct ugvt_shape *shape)
{
	double unit = UGVT_SUBPIXELS / size;
	struct ugvt_plane across = {-low->x / size, unit, 0};
	struct ugvt_plane down = {-low->y / size, 0, unit};
	double inverse_w = corner->inverse_w;

	shape->z.at = corner->z;
	shape->inverse_w.at = inverse_w;
	shape->linear[0] = across;
	shape->linear[1] = down;
	shape->perspective[0] = (struct ugvt_plane){
		across.at * inverse_w, across.dx * inverse_w, across.dy * inverse_w};
	shape->perspective[1] =
		(struct ugvt_plane){down.at * inverse_w, down.dx * inverse_w, down.dy * inverse_w};
}

bool ugvt_setup_point(const struct ugvt_setup *setup, const struct ugvt_corner *corner, float width,
	struct ugvt_shape *shape)
{
	float clamped = fminf(fmaxf(width, LEAST_WIDTH), MOST_WIDTH);
	int32_t size = UGVT_MAX((int32_t)lrintf(clamped * UGVT_SUBPIXELS), 1);
	struct ugvt_grid_point low = shifted(corner->at, -size / 2, -size / 2);
	/* The upper right rule: what lies on the right edge is in, not on the left one. */
	int32_t right = ugvt_state_point_upper_right(setup->state) ? 1 : 0;
	const struct ugvt_grid_point points[] = {
		shifted(low, right, 0),
		shifted(low, size + right, 0),
		shifted(low, size + right, size),
		shifted(low, right, size),
	};

	point_planes(corner, &low, size, shape);
	return ugvt_cover_polygon(&shape->cover, points, UGVT_ARRAY_SIZE(points));
}
