/* SPDX-License-Identifier: MIT */
#include "gpu/render/setup.h"

#include <math.h>
#include <stdlib.h>

#include "base/bits.h"
#include "gpu/render/setup_thin.h"

enum {
	FORMAT_D32_FLOAT = 1,
	FORMAT_D16_UNORM = 5,
};

enum {
	CULL_BOTH,
	CULL_NONE,
	CULL_FRONT,
	CULL_BACK,
};

enum {
	FILL_SOLID,
	FILL_WIREFRAME,
	FILL_POINT,
};

static bool point_snap(const struct ugvt_setup *setup, const struct ugvt_screen_vertex *v,
	struct ugvt_grid_point *point)
{
	return ugvt_cover_snap(v->x + setup->origin_x, v->y + setup->origin_y, point);
}

static void corner_make(
	const struct ugvt_screen_vertex *v, struct ugvt_grid_point at, struct ugvt_corner *corner)
{
	*corner = (struct ugvt_corner){
		.at = at,
		.z = v->z,
		.inverse_w = v->inverse_w,
		.linear = {v->linear[0], v->linear[1]},
		.perspective = {v->perspective[0] * v->inverse_w, v->perspective[1] * v->inverse_w},
	};
}

bool ugvt_corner_make(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	unsigned index, struct ugvt_corner *corner)
{
	const struct ugvt_screen_vertex *v = &primitive->v[index];
	struct ugvt_grid_point at;

	if (!point_snap(setup, v, &at)) {
		return false;
	}
	corner_make(v, at, corner);
	return true;
}

/* How the shares of the second and third corner run over the screen. */
struct shares {
	struct ugvt_plane second;
	struct ugvt_plane third;
};

/* The edge function of from and to, divided by area. */
static struct ugvt_plane share(struct ugvt_grid_point from, struct ugvt_grid_point to, double area)
{
	double dx = (double)to.x - from.x;
	double dy = (double)to.y - from.y;

	return (struct ugvt_plane){
		.at = (dy * from.x - dx * from.y) / area,
		.dx = -dy * UGVT_SUBPIXELS / area,
		.dy = dx * UGVT_SUBPIXELS / area,
	};
}

static struct ugvt_plane through(const struct shares *shares, float a, float b, float c)
{
	double second = (double)b - a;
	double third = (double)c - a;

	return (struct ugvt_plane){
		.at = a + second * shares->second.at + third * shares->third.at,
		.dx = second * shares->second.dx + third * shares->third.dx,
		.dy = second * shares->second.dy + third * shares->third.dy,
	};
}

static void planes_make(struct ugvt_shape *shape, const struct ugvt_corner corners[3], int64_t area)
{
	const struct shares shares = {
		.second = share(corners[2].at, corners[0].at, (double)area),
		.third = share(corners[0].at, corners[1].at, (double)area),
	};

	shape->z = through(&shares, corners[0].z, corners[1].z, corners[2].z);
	shape->inverse_w =
		through(&shares, corners[0].inverse_w, corners[1].inverse_w, corners[2].inverse_w);
	for (unsigned i = 0; i < 2; i++) {
		shape->linear[i] = through(
			&shares, corners[0].linear[i], corners[1].linear[i], corners[2].linear[i]);
		shape->perspective[i] = through(&shares, corners[0].perspective[i],
			corners[1].perspective[i], corners[2].perspective[i]);
	}
}

/* The unit of the constant part: PRM SNB vol 2 part 1, 7.5.1 "Depth Offset". */
static double offset_unit(const struct ugvt_state *state, const struct ugvt_corner corners[3])
{
	float z = fmaxf(fmaxf(corners[0].z, corners[1].z), corners[2].z);
	int exponent;

	if (ugvt_state_sf_legacy_depth_bias(state)) {
		return 1;
	}
	switch (ugvt_state_depth_format(state)) {
	case FORMAT_D16_UNORM: return 0x1p-16;
	case FORMAT_D32_FLOAT:
		if (!isfinite(z)) {
			return 0;
		}
		frexpf(z, &exponent);
		return z == 0 ? 0 : ldexp(1, exponent - 1 - 23);
	default: return 0x1p-24;
	}
}

static double depth_offset(const struct ugvt_state *state, const struct ugvt_corner corners[3],
	const struct ugvt_plane *z)
{
	double slope = fmax(fabs(z->dx), fabs(z->dy));
	double clamp = ugvt_state_float(ugvt_state_depth_offset_clamp(state));
	double bias = ugvt_state_float(ugvt_state_depth_offset_constant(state)) *
			      offset_unit(state, corners) +
		      ugvt_state_float(ugvt_state_depth_offset_scale(state)) * slope;

	if (clamp > 0) {
		bias = fmin(clamp, bias);
	} else if (clamp < 0) {
		bias = fmax(clamp, bias);
	}
	return bias;
}

static bool is_culled(const struct ugvt_setup *setup, bool back_facing)
{
	switch (ugvt_state_cull_mode(setup->state)) {
	case CULL_NONE: return false;
	case CULL_FRONT: return !back_facing;
	case CULL_BACK: return back_facing;
	default: return true;
	}
}

static void shape_identify(const struct ugvt_primitive *primitive, enum ugvt_primitive_kind kind,
	struct ugvt_shape *shape)
{
	shape->layer = primitive->layer;
	shape->viewport = primitive->viewport % UGVT_SETUP_VIEWPORTS;
	shape->kind = (uint8_t)kind;
	shape->corner = 0;
}

static void shape_begin(const struct ugvt_primitive *primitive, enum ugvt_primitive_kind kind,
	struct ugvt_shape *shape)
{
	*shape = (struct ugvt_shape){.back_facing = false};
	shape_identify(primitive, kind, shape);
}

/* false if nothing of it can be seen. */
static bool shape_end(const struct ugvt_setup *setup, struct ugvt_shape *shape)
{
	ugvt_pixel_box_intersect(&shape->cover.box, &setup->box[shape->viewport]);
	return !ugvt_pixel_box_is_empty(&shape->cover.box);
}

static bool rectangle_make(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	struct ugvt_shape *shape)
{
	const int32_t limit = UGVT_COVER_LIMIT * UGVT_SUBPIXELS;
	struct ugvt_corner corners[3];
	struct ugvt_grid_point points[4];
	int64_t area;

	shape_begin(primitive, UGVT_PRIMITIVE_RECTANGLE, shape);
	for (unsigned i = 0; i < 3; i++) {
		if (!ugvt_corner_make(setup, primitive, i, &corners[i])) {
			return false;
		}
		points[i] = corners[i].at;
	}
	area = ugvt_cover_area(points);
	points[3].x = points[0].x - points[1].x + points[2].x;
	points[3].y = points[0].y - points[1].y + points[2].y;
	if (area == 0 || abs(points[3].x) > limit || abs(points[3].y) > limit ||
		!ugvt_cover_polygon(&shape->cover, points, 4)) {
		return false;
	}
	planes_make(shape, corners, area);
	return shape_end(setup, shape);
}

/* A triangle on its way. */
struct triangle {
	const struct ugvt_setup *setup;
	const struct ugvt_primitive *primitive;
	struct ugvt_corner corners[3];
	bool back_facing;
	double bias; // of z
};

static bool triangle_add(const struct triangle *triangle, struct ugvt_shape *shape)
{
	shape->back_facing = triangle->back_facing;
	shape->z.at += triangle->bias;
	return shape_end(triangle->setup, shape);
}

static unsigned solid_make(struct triangle *triangle, struct ugvt_shape *shape)
{
	const struct ugvt_grid_point points[3] = {
		triangle->corners[0].at, triangle->corners[1].at, triangle->corners[2].at};

	return ugvt_cover_polygon(&shape->cover, points, 3) && triangle_add(triangle, shape);
}

static unsigned wireframe_make(
	struct triangle *triangle, struct ugvt_shape shapes[UGVT_SETUP_SHAPES])
{
	unsigned made = 0;

	for (unsigned i = 0; i < 3; i++) {
		const struct ugvt_corner ends[] = {
			triangle->corners[i], triangle->corners[(i + 1) % 3]};
		struct ugvt_shape *shape = &shapes[made];

		shape_begin(triangle->primitive, UGVT_PRIMITIVE_LINE, shape);
		if ((triangle->primitive->edges >> i & 1) &&
			ugvt_setup_line(triangle->setup, ends, shape) &&
			triangle_add(triangle, shape)) {
			made++;
		}
	}
	return made;
}

static unsigned points_make(struct triangle *triangle, struct ugvt_shape shapes[UGVT_SETUP_SHAPES])
{
	float width = (float)ugvt_state_point_width(triangle->setup->state) / 8;
	unsigned made = 0;

	for (unsigned i = 0; i < 3; i++) {
		struct ugvt_shape *shape = &shapes[made];

		shape_begin(triangle->primitive, UGVT_PRIMITIVE_POINT, shape);
		shape->corner = (uint8_t)i;
		if ((triangle->primitive->edges >> i & 1) &&
			ugvt_setup_point(triangle->setup, &triangle->corners[i], width, shape) &&
			triangle_add(triangle, shape)) {
			made++;
		}
	}
	return made;
}

static bool has_offset(const struct ugvt_state *state, unsigned fill)
{
	switch (fill) {
	case FILL_WIREFRAME: return ugvt_state_depth_offset_wireframe(state);
	case FILL_POINT: return ugvt_state_depth_offset_point(state);
	default: return ugvt_state_depth_offset_solid(state);
	}
}

static unsigned triangle_make(const struct ugvt_setup *setup,
	const struct ugvt_primitive *primitive, struct ugvt_shape shapes[UGVT_SETUP_SHAPES])
{
	const struct ugvt_state *state = setup->state;
	struct triangle triangle;
	struct ugvt_grid_point points[3];
	int64_t area;
	unsigned fill;

	for (unsigned i = 0; i < 3; i++) {
		if (!point_snap(setup, &primitive->v[i], &points[i])) {
			return 0;
		}
	}
	area = ugvt_cover_area(points);
	triangle.setup = setup;
	triangle.primitive = primitive;
	triangle.bias = 0;
	triangle.back_facing = (area > 0) == (bool)ugvt_state_front_ccw(state);
	fill = triangle.back_facing ? ugvt_state_fill_back(state) : ugvt_state_fill_front(state);
	if (is_culled(setup, triangle.back_facing) || (area == 0 && fill == FILL_SOLID)) {
		return 0;
	}
	for (unsigned i = 0; i < 3; i++) {
		corner_make(&primitive->v[i], points[i], &triangle.corners[i]);
	}
	shape_identify(primitive, UGVT_PRIMITIVE_TRIANGLE, &shapes[0]);
	if (area != 0) {
		planes_make(&shapes[0], triangle.corners, area);
	} else {
		shape_begin(primitive, UGVT_PRIMITIVE_TRIANGLE, &shapes[0]);
	}
	if (has_offset(state, fill)) {
		triangle.bias = depth_offset(state, triangle.corners, &shapes[0].z);
	}
	switch (fill) {
	case FILL_WIREFRAME: return wireframe_make(&triangle, shapes);
	case FILL_POINT: return points_make(&triangle, shapes);
	default: return solid_make(&triangle, &shapes[0]);
	}
}

static bool line_make(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	struct ugvt_shape *shape)
{
	struct ugvt_corner ends[2];

	shape_begin(primitive, UGVT_PRIMITIVE_LINE, shape);
	return ugvt_corner_make(setup, primitive, 0, &ends[0]) &&
	       ugvt_corner_make(setup, primitive, 1, &ends[1]) &&
	       ugvt_setup_line(setup, ends, shape) && shape_end(setup, shape);
}

static bool point_make(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	struct ugvt_shape *shape)
{
	struct ugvt_corner corner;

	shape_begin(primitive, UGVT_PRIMITIVE_POINT, shape);
	return ugvt_corner_make(setup, primitive, 0, &corner) &&
	       ugvt_setup_point(setup, &corner, primitive->width, shape) && shape_end(setup, shape);
}

unsigned ugvt_setup_shapes(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	struct ugvt_shape shapes[UGVT_SETUP_SHAPES])
{
	switch ((enum ugvt_primitive_kind)primitive->kind) {
	case UGVT_PRIMITIVE_POINT: return point_make(setup, primitive, &shapes[0]);
	case UGVT_PRIMITIVE_LINE: return line_make(setup, primitive, &shapes[0]);
	case UGVT_PRIMITIVE_TRIANGLE: return triangle_make(setup, primitive, shapes);
	case UGVT_PRIMITIVE_RECTANGLE: return rectangle_make(setup, primitive, &shapes[0]);
	}
	return 0;
}
