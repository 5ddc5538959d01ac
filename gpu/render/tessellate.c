/* SPDX-License-Identifier: MIT */
#include "gpu/render/tessellate.h"

#include <math.h>

#include "base/bits.h"

/*
 * A quad is a grid, whose outermost cells give way to strips between the grid's border and the quad's edges; a triangle is
 * rings, with strips between one and the next. So all is strips between two rows of points, but for the grid.
 */

#define ROW_MAX (UGVT_TESS_FACTOR_MAX + 1)
#define STEPS 65536.0 // of places: those of 16 fractional bits
#define LITTLE_MORE 1.0001f

/* A side that is cut into pieces. */
struct axis {
	unsigned points; // pieces + 1
	double at[ROW_MAX];
};

/* Points in a row, each with its place along it. */
struct row {
	unsigned count;
	uint16_t point[ROW_MAX];
	double at[ROW_MAX];
};

static float limited(float factor, float low, float high)
{
	high = high >= low && high <= UGVT_TESS_FACTOR_MAX ? high : UGVT_TESS_FACTOR_MAX;
	return factor > low ? (factor < high ? factor : high) : low;
}

/* A factor within the limits of a partitioning. */
static float factor_limit(
	const struct ugvt_tess_input *in, enum ugvt_tess_partitioning partitioning, float factor)
{
	switch (partitioning) {
	case UGVT_TESS_ODD: return limited(factor, 1, fminf(in->max_odd, 63));
	case UGVT_TESS_EVEN: return limited(factor, 2, in->max_even);
	default: return ceilf(limited(factor, 1, in->max_even));
	}
}

static unsigned without_highest_bit(unsigned n)
{
	return n > 0 ? n & ~(1u << (31 - __builtin_clz(n))) : 0;
}

/* From a number of pieces to the next that the parity allows one point is born in each half, at this index. */
static unsigned birth_index(unsigned floor_half, bool odd)
{
	if (odd) {
		return floor_half == 1 ? 0 : 2 * without_highest_bit(floor_half - 1) + 1;
	}
	return 2 * without_highest_bit(floor_half) + 1;
}

/* Places of the first half; the second is its mirror image. */
static void axis_init(struct axis *axis, float factor, bool odd)
{
	double half = (double)factor / 2 + (odd ? 0.5 : 0);
	unsigned floor_half = (unsigned)floor(half), ceil_half = (unsigned)ceil(half);
	double part = half - floor_half;
	unsigned born = part > 0 ? birth_index(floor_half, odd) : ROW_MAX;
	unsigned floor_pieces = 2 * floor_half - odd, ceil_pieces = 2 * ceil_half - odd;

	axis->points = ceil_pieces + 1;
	for (unsigned i = 0; 2 * i < ceil_pieces; i++) {
		unsigned before = i > born ? i - 1 : i;
		double low = floor_pieces > 0 ? (double)before / floor_pieces : 0;
		double high = (double)i / ceil_pieces;
		double at = floor((low * (1 - part) + high * part) * STEPS + 0.5) / STEPS;

		axis->at[i] = at;
		axis->at[ceil_pieces - i] = 1 - at;
	}
	if (ceil_pieces % 2 == 0) {
		axis->at[ceil_pieces / 2] = 0.5;
	}
}

static void axis_make(struct axis *axis, const struct ugvt_tess_input *in, float factor)
{
	float limit = factor_limit(in, in->partitioning, factor);
	bool odd = in->partitioning == UGVT_TESS_ODD ||
		   (in->partitioning == UGVT_TESS_INTEGER && (unsigned)limit % 2 == 1);

	axis_init(axis, limit, odd);
}

static uint16_t point_add(struct ugvt_tess_output *out, double u, double v)
{
	out->u[out->points] = (float)u;
	out->v[out->points] = (float)v;
	return (uint16_t)out->points++;
}

static void row_add(struct row *row, uint16_t point, double at)
{
	row->point[row->count] = point;
	row->at[row->count++] = at;
}

/* Counterclockwise where u is to the right and v upwards. */
static void triangle_add(struct ugvt_tess_output *out, uint16_t a, uint16_t b, uint16_t c)
{
	if (out->indices + 3 <= UGVT_TESS_INDICES_MAX) {
		out->index[out->indices++] = a;
		out->index[out->indices++] = b;
		out->index[out->indices++] = c;
	}
}

/* The strip between two rows of the same direction, of which near lies to the right of far. */
static void strip_add(struct ugvt_tess_output *out, const struct row *near, const struct row *far)
{
	unsigned i = 0, k = 0;

	while (i + 1 < near->count || k + 1 < far->count) {
		bool nears = k + 1 >= far->count ||
			     (i + 1 < near->count && fabs(near->at[i + 1] - far->at[k]) <=
							     fabs(far->at[k + 1] - near->at[i]));

		if (nears) {
			triangle_add(out, near->point[i], near->point[i + 1], far->point[k]);
			i++;
		} else {
			triangle_add(out, near->point[i], far->point[k + 1], far->point[k]);
			k++;
		}
	}
}

/* Quads. */

struct grid {
	struct axis u, v;
	uint16_t first; // point at 1, 1
};

static uint16_t grid_point(const struct grid *grid, unsigned i, unsigned k)
{
	return (uint16_t)(grid->first + (k - 1) * (grid->u.points - 2) + (i - 1));
}

static void grid_make(struct grid *grid, struct ugvt_tess_output *out)
{
	grid->first = (uint16_t)out->points;
	for (unsigned k = 1; k + 1 < grid->v.points; k++) {
		for (unsigned i = 1; i + 1 < grid->u.points; i++) {
			point_add(out, grid->u.at[i], grid->v.at[k]);
		}
	}
	for (unsigned k = 1; k + 2 < grid->v.points; k++) {
		for (unsigned i = 1; i + 2 < grid->u.points; i++) {
			uint16_t a = grid_point(grid, i, k), b = grid_point(grid, i + 1, k);
			uint16_t c = grid_point(grid, i + 1, k + 1);
			uint16_t d = grid_point(grid, i, k + 1);

			triangle_add(out, a, b, c);
			triangle_add(out, a, c, d);
		}
	}
}

/* The quad's edges, counterclockwise from (0, 0): v = 0, u = 1, v = 1, u = 0. */
#define QUAD_EDGES 4

static void quad_at(unsigned edge, double along, double uv[2])
{
	static const double start[QUAD_EDGES][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
	static const double step[QUAD_EDGES][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};

	uv[0] = start[edge][0] + step[edge][0] * along;
	uv[1] = start[edge][1] + step[edge][1] * along;
}

/* The grid's border along an edge, in the edge's direction. */
static void border_row(const struct grid *grid, unsigned edge, struct row *row)
{
	const struct axis *axis = edge % 2 == 0 ? &grid->u : &grid->v;
	unsigned last_u = grid->u.points - 2, last_v = grid->v.points - 2;

	row->count = 0;
	for (unsigned i = 1; i + 1 < axis->points; i++) {
		unsigned back = axis->points - 1 - i;

		switch (edge) {
		case 0: row_add(row, grid_point(grid, i, 1), axis->at[i]); break;
		case 1: row_add(row, grid_point(grid, last_u, i), axis->at[i]); break;
		case 2: row_add(row, grid_point(grid, back, last_v), axis->at[i]); break;
		default: row_add(row, grid_point(grid, 1, back), axis->at[i]); break;
		}
	}
}

/* Points of closed edges: each has its own but the last, which is the next one's first. */
static void edge_points(
	struct ugvt_tess_output *out, const struct axis *axis, unsigned edge, struct row *row)
{
	row->count = 0;
	for (unsigned i = 0; i + 1 < axis->points; i++) {
		double uv[2];

		quad_at(edge, axis->at[i], uv);
		row_add(row, point_add(out, uv[0], uv[1]), axis->at[i]);
	}
}

static void quad_whole(struct ugvt_tess_output *out)
{
	uint16_t a = point_add(out, 0, 0), b = point_add(out, 1, 0);
	uint16_t c = point_add(out, 1, 1), d = point_add(out, 0, 1);

	triangle_add(out, a, b, c);
	triangle_add(out, a, c, d);
}

static bool is_one(const struct axis *axis)
{
	return axis->points == 2;
}

/* An inner factor of 1 counts as a little more, where not all are 1. */
static void inner_make(struct axis *axis, const struct ugvt_tess_input *in, float factor)
{
	axis_make(axis, in, factor);
	if (is_one(axis)) {
		axis_make(axis, in, LITTLE_MORE);
	}
	if (is_one(axis)) {
		axis_init(axis, 2, false); // limits that allow no more
	}
}

static void quad_make(const struct ugvt_tess_input *in, struct ugvt_tess_output *out)
{
	static const uint8_t outer[QUAD_EDGES] = {1, 2, 3, 0};
	struct axis edges[QUAD_EDGES];
	struct row rows[QUAD_EDGES], border;
	struct grid grid;
	bool whole = true;

	for (unsigned i = 0; i < QUAD_EDGES; i++) {
		axis_make(&edges[i], in, in->outer[outer[i]]);
		whole = whole && is_one(&edges[i]);
	}
	axis_make(&grid.u, in, in->inner[0]);
	axis_make(&grid.v, in, in->inner[1]);
	if (whole && is_one(&grid.u) && is_one(&grid.v)) {
		quad_whole(out);
		return;
	}
	inner_make(&grid.u, in, in->inner[0]);
	inner_make(&grid.v, in, in->inner[1]);
	for (unsigned i = 0; i < QUAD_EDGES; i++) {
		edge_points(out, &edges[i], i, &rows[i]);
	}
	grid_make(&grid, out);
	for (unsigned i = 0; i < QUAD_EDGES; i++) {
		row_add(&rows[i], rows[(i + 1) % QUAD_EDGES].point[0], 1);
		border_row(&grid, i, &border);
		strip_add(out, &rows[i], &border);
	}
}

/* Triangles. Edges counterclockwise from (0, 0): v = 0, w = 0, u = 0. */
#define TRIANGLE_EDGES 3

/* Along an edge, inward from it. */
static void triangle_at(unsigned edge, double along, double inward, double uv[2])
{
	double rest = 1 - along - inward;

	switch (edge) {
	case 0: uv[0] = along, uv[1] = inward; break;
	case 1: uv[0] = rest, uv[1] = along; break;
	default: uv[0] = inward, uv[1] = rest; break;
	}
}

/* A ring of the inner factor, number of which is so far from the edges as its first point is from theirs. */
static void ring_points(struct ugvt_tess_output *out, const struct axis *axis, unsigned ring,
	struct row rows[TRIANGLE_EDGES])
{
	double inward = axis->at[ring] * 2 / 3;

	for (unsigned edge = 0; edge < TRIANGLE_EDGES; edge++) {
		rows[edge].count = 0;
		for (unsigned i = ring; i + ring + 1 < axis->points; i++) {
			double uv[2];

			triangle_at(edge, axis->at[i] - inward / 2, inward, uv);
			row_add(&rows[edge], point_add(out, uv[0], uv[1]), axis->at[i]);
		}
	}
}

static void ring_close(struct row rows[TRIANGLE_EDGES], double end)
{
	uint16_t first[TRIANGLE_EDGES];

	for (unsigned i = 0; i < TRIANGLE_EDGES; i++) {
		first[i] = rows[(i + 1) % TRIANGLE_EDGES].point[0];
	}
	for (unsigned i = 0; i < TRIANGLE_EDGES; i++) {
		row_add(&rows[i], first[i], end);
	}
}

/* What lies in the middle: a point, or a triangle. */
static void middle_make(struct ugvt_tess_output *out, const struct axis *axis, unsigned ring,
	const struct row around[TRIANGLE_EDGES])
{
	struct row middle = {.count = 0};

	row_add(&middle, point_add(out, 1.0 / 3, 1.0 / 3), axis->at[ring]);
	for (unsigned i = 0; i < TRIANGLE_EDGES; i++) {
		strip_add(out, &around[i], &middle);
	}
}

static void rings_make(
	struct ugvt_tess_output *out, const struct axis *inner, struct row outer[TRIANGLE_EDGES])
{
	struct row rows[2][TRIANGLE_EDGES], *around = outer;
	unsigned pieces = inner->points - 1;

	for (unsigned ring = 1; 2 * ring < pieces; ring++) {
		struct row *inside = rows[ring % 2];

		ring_points(out, inner, ring, inside);
		ring_close(inside, inner->at[pieces - ring]);
		for (unsigned i = 0; i < TRIANGLE_EDGES; i++) {
			strip_add(out, &around[i], &inside[i]);
		}
		around = inside;
	}
	if (pieces % 2 == 0) {
		middle_make(out, inner, pieces / 2, around);
	} else {
		triangle_add(out, around[0].point[0], around[1].point[0], around[2].point[0]);
	}
}

static void triangle_make(const struct ugvt_tess_input *in, struct ugvt_tess_output *out)
{
	static const uint8_t outer[TRIANGLE_EDGES] = {1, 2, 0};
	struct row rows[TRIANGLE_EDGES];
	struct axis axis, inner;
	bool whole = true;

	for (unsigned edge = 0; edge < TRIANGLE_EDGES; edge++) {
		axis_make(&axis, in, in->outer[outer[edge]]);
		whole = whole && is_one(&axis);
		rows[edge].count = 0;
		for (unsigned i = 0; i + 1 < axis.points; i++) {
			double uv[2];

			triangle_at(edge, axis.at[i], 0, uv);
			row_add(&rows[edge], point_add(out, uv[0], uv[1]), axis.at[i]);
		}
	}
	ring_close(rows, 1);
	axis_make(&inner, in, in->inner[0]);
	if (whole && is_one(&inner)) {
		triangle_add(out, rows[0].point[0], rows[1].point[0], rows[2].point[0]);
		return;
	}
	inner_make(&inner, in, in->inner[0]);
	rings_make(out, &inner, rows);
}

static void isolines_make(const struct ugvt_tess_input *in, struct ugvt_tess_output *out)
{
	unsigned lines = (unsigned)factor_limit(in, UGVT_TESS_INTEGER, in->outer[0]);
	struct axis axis;

	axis_make(&axis, in, in->outer[1]);
	for (unsigned k = 0; k < lines; k++) {
		for (unsigned i = 0; i < axis.points; i++) {
			uint16_t point = point_add(out, axis.at[i], (double)k / lines);

			if (i > 0) {
				out->index[out->indices++] = (uint16_t)(point - 1);
				out->index[out->indices++] = point;
			}
		}
	}
}

static bool is_culled(const struct ugvt_tess_input *in)
{
	static const uint8_t edges[] = {
		[UGVT_TESS_QUAD] = 4,
		[UGVT_TESS_TRIANGLE] = 3,
		[UGVT_TESS_ISOLINE] = 2,
	};

	for (unsigned i = 0; i < edges[in->domain]; i++) {
		if (!(in->outer[i] > 0)) {
			return true;
		}
	}
	return false;
}

static void points_only(struct ugvt_tess_output *out)
{
	out->each = 1;
	out->indices = out->points;
	for (unsigned i = 0; i < out->points; i++) {
		out->index[i] = (uint16_t)i;
	}
}

static void winding_turn(struct ugvt_tess_output *out)
{
	for (unsigned i = 0; i + 2 < out->indices; i += 3) {
		uint16_t second = out->index[i + 1];

		out->index[i + 1] = out->index[i + 2];
		out->index[i + 2] = second;
	}
}

void ugvt_tessellate(const struct ugvt_tess_input *in, struct ugvt_tess_output *out)
{
	out->points = 0;
	out->indices = 0;
	out->each = in->domain == UGVT_TESS_ISOLINE ? 2 : 3;
	if (in->domain > UGVT_TESS_ISOLINE || is_culled(in)) {
		return;
	}
	switch (in->domain) {
	case UGVT_TESS_QUAD: quad_make(in, out); break;
	case UGVT_TESS_TRIANGLE: triangle_make(in, out); break;
	default: isolines_make(in, out); break;
	}
	if (in->topology == UGVT_TESS_POINTS) {
		points_only(out);
	} else if (in->topology == UGVT_TESS_COUNTERCLOCKWISE && out->each == 3) {
		winding_turn(out);
	}
}
