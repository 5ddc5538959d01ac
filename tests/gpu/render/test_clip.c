/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/render/clip.h"

/*
 * The clipper against another way to the same end: for a point of the screen, the homogeneous barycentric coordinates of the whole
 * triangle say at once whether it is seen there, at what depth, and with what weights.
 */

#define VUE_DWORDS 16
#define SIZE 64.0f // of the viewport, in pixels

struct bench {
	struct ugvt_clip clip;
	struct ugvt_viewport viewports[UGVT_VIEWPORTS];
	uint32_t vue[3][VUE_DWORDS];
	struct ugvt_vertex vertices[3];
	struct ugvt_object object;
	struct ugvt_primitive out[UGVT_CLIP_PRIMITIVES];
	unsigned count;
};

static void bench_init(struct bench *bench, enum ugvt_primitive_kind kind)
{
	*bench = (struct bench){
		.clip = {.viewports = bench->viewports,
			.mode = UGVT_CLIP_NORMAL,
			.divide = true,
			.viewport_xy = true,
			.guardband = true,
			.planes = UGVT_MASK(UGVT_CLIP_Y_MAX, UGVT_CLIP_W),
			.width_max = 100,
			.vue_dwords = VUE_DWORDS},
		.object = {.kind = (uint8_t)kind, .edges = 7},
	};
	for (unsigned i = 0; i < UGVT_VIEWPORTS; i++) {
		bench->viewports[i] = (struct ugvt_viewport){
			.scale = {SIZE / 2, -SIZE / 2, 0.5f},
			.offset = {SIZE / 2, SIZE / 2, 0.5f},
			.guardband = {{-3, 3}, {-2, 2}},
		};
	}
	for (unsigned i = 0; i < 3; i++) {
		bench->vertices[i].vue = bench->vue[i];
		bench->object.v[i] = &bench->vertices[i];
	}
}

static void set(struct bench *bench, unsigned vertex, unsigned at, double value)
{
	float f = (float)value;

	memcpy(&bench->vue[vertex][at], &f, sizeof(f));
	bench->vertices[vertex].projected = 0;
}

static double get(const struct bench *bench, unsigned vertex, unsigned at)
{
	return ugvt_state_float(bench->vue[vertex][at]);
}

static void position_set(struct bench *bench, unsigned vertex, const double position[4])
{
	for (unsigned i = 0; i < 4; i++) {
		set(bench, vertex, 4 + i, position[i]);
	}
}

static unsigned run(struct bench *bench)
{
	for (unsigned i = 0; i < 3; i++) {
		bench->vertices[i].projected = 0;
	}
	bench->count = ugvt_clip_object(&bench->clip, &bench->object, bench->out);
	assert_in_range(bench->count, 0, UGVT_CLIP_PRIMITIVES);
	return bench->count;
}

struct seen {
	bool visible;
	bool near_edge; // too near to an edge to say
	double w, weights[3], linear[3];
};

static double determinant(const double a[3], const double b[3], const double c[3])
{
	return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
	       a[2] * (b[0] * c[1] - b[1] * c[0]);
}

static void outside(struct seen *seen, double value)
{
	seen->visible = seen->visible && value >= 0;
	seen->near_edge = seen->near_edge || fabs(value) < 1e-4;
}

/* What is at a place of the screen, in normalised coordinates. */
static struct seen look(const struct bench *bench, double x, double y)
{
	struct seen seen = {.visible = true};
	double m[3][3], p[3] = {x, y, 1}, b[3], sum = 0, z = 0, distance[8] = {0}, all;

	for (unsigned i = 0; i < 3; i++) {
		m[i][0] = get(bench, i, 4);
		m[i][1] = get(bench, i, 5);
		m[i][2] = get(bench, i, 7);
	}
	all = determinant(m[0], m[1], m[2]);
	b[0] = determinant(p, m[1], m[2]) / all;
	b[1] = determinant(m[0], p, m[2]) / all;
	b[2] = determinant(m[0], m[1], p) / all;
	for (unsigned i = 0; i < 3; i++) {
		sum += b[i];
	}
	seen.w = 1 / sum;
	outside(&seen, sum);
	for (unsigned i = 0; i < 3; i++) {
		seen.weights[i] = b[i] / sum;
		seen.linear[i] = b[i] * m[i][2];
		outside(&seen, seen.weights[i]);
		z += seen.weights[i] * get(bench, i, 6);
		for (unsigned k = 0; k < 8; k++) {
			distance[k] += seen.weights[i] * get(bench, i, 8 + k);
		}
	}
	outside(&seen, z + seen.w);
	outside(&seen, seen.w - z);
	for (unsigned k = 0; k < 8; k++) {
		if (bench->clip.clip_distances >> k & 1) {
			outside(&seen, distance[k]);
		}
	}
	seen.near_edge = seen.near_edge || fabs(all) < 1e-2;
	return seen;
}

static double area(const double a[2], const double b[2], const double c[2])
{
	return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/* Does one of the primitives cover a place of the screen? Its interpolated values then have to be right. */
static unsigned covering(const struct bench *bench, const struct seen *seen, double x, double y)
{
	const double p[2] = {x * SIZE / 2 + SIZE / 2, y * -SIZE / 2 + SIZE / 2};
	unsigned covers = 0;

	for (unsigned i = 0; i < bench->count; i++) {
		const struct ugvt_screen_vertex *v = bench->out[i].v;
		double c[3][2], share[3], all, inverse = 0, weight[2] = {0}, linear[2] = {0};

		for (unsigned k = 0; k < 3; k++) {
			c[k][0] = v[k].x;
			c[k][1] = v[k].y;
		}
		all = area(c[0], c[1], c[2]);
		share[0] = area(p, c[1], c[2]) / all;
		share[1] = area(c[0], p, c[2]) / all;
		share[2] = area(c[0], c[1], p) / all;
		if (!(share[0] > 0 && share[1] > 0 && share[2] > 0)) {
			continue;
		}
		covers++;
		for (unsigned k = 0; k < 3; k++) {
			inverse += share[k] * v[k].inverse_w;
			for (unsigned n = 0; n < 2; n++) {
				weight[n] += share[k] * v[k].inverse_w * v[k].perspective[n];
				linear[n] += share[k] * v[k].linear[n];
			}
		}
		if (!seen->visible || seen->w > 1e3 || seen->w < 1e-2) {
			continue;
		}
		assert_true(fabs(inverse * seen->w - 1) < 1e-2);
		for (unsigned n = 0; n < 2; n++) {
			assert_true(fabs(weight[n] / inverse - seen->weights[n + 1]) < 1e-2);
			assert_true(fabs(linear[n] - seen->linear[n + 1]) <
				    1e-2 * (1 + fabs(seen->linear[n + 1])));
		}
	}
	return covers;
}

static double noise(double size)
{
	return ((double)rand() / RAND_MAX * 2 - 1) * size;
}

static void points_check(const struct bench *bench, unsigned *visible, unsigned *hidden)
{
	for (unsigned i = 0; i < 40; i++) {
		double x = noise(1), y = noise(1);
		struct seen seen = look(bench, x, y);
		unsigned covers;

		if (seen.near_edge) {
			continue;
		}
		covers = covering(bench, &seen, x, y);
		/* Two triangles that share an edge may both just miss it, or claim it. */
		if (covers > 1) {
			continue;
		}
		assert_int_equal(covers, seen.visible);
		*(seen.visible ? visible : hidden) += 1;
	}
}

static void test_random_triangles(void **state)
{
	struct bench bench;
	unsigned visible = 0, hidden = 0, clipped = 0;

	srand(4);
	for (unsigned n = 0; n < 20000; n++) {
		bench_init(&bench, UGVT_PRIMITIVE_TRIANGLE);
		bench.clip.clip_distances = n % 3 == 0 ? (uint8_t)rand() : 0;
		bench.clip.planes |= (uint32_t)bench.clip.clip_distances << UGVT_CLIP_USER;
		for (unsigned i = 0; i < 3; i++) {
			const double position[4] = {noise(4), noise(4), noise(2), noise(2) + 1};

			position_set(&bench, i, position);
			for (unsigned k = 8; k < VUE_DWORDS; k++) {
				set(&bench, i, k, noise(1) + 0.7);
			}
		}
		clipped += run(&bench) > 0 && bench.out[0].clipped;
		points_check(&bench, &visible, &hidden);
	}
	assert_true(visible > 10000);
	assert_true(hidden > 10000);
	assert_true(clipped > 3000);
}

static void test_outputs_keep_inside(void **state)
{
	struct bench bench;

	srand(5);
	for (unsigned n = 0; n < 20000; n++) {
		bench_init(&bench, UGVT_PRIMITIVE_TRIANGLE);
		for (unsigned i = 0; i < 3; i++) {
			const double position[4] = {
				noise(1e6), noise(50), noise(8), noise(n % 2 ? 4 : 1e-3)};

			position_set(&bench, i, position);
		}
		run(&bench);
		for (unsigned i = 0; i < bench.count; i++) {
			for (unsigned k = 0; k < 3; k++) {
				const struct ugvt_screen_vertex *v = &bench.out[i].v[k];

				assert_true(v->inverse_w > 0);
				assert_true(fabsf(v->x - SIZE / 2) <= 3.01f * SIZE / 2);
				assert_true(fabsf(v->y - SIZE / 2) <= 2.01f * SIZE / 2);
				assert_true(v->z >= -1e-3f && v->z <= 1.001f);
			}
		}
	}
}

/* Triangles that share an edge, clipped or not, share its ends to the last bit. */
static void test_shared_edges(void **state)
{
	struct bench one, two;
	unsigned compared = 0;

	srand(6);
	for (unsigned n = 0; n < 20000; n++) {
		unsigned shared = 0, cuts = 0;

		bench_init(&one, UGVT_PRIMITIVE_TRIANGLE);
		bench_init(&two, UGVT_PRIMITIVE_TRIANGLE);
		for (unsigned i = 0; i < 3; i++) {
			const double position[4] = {noise(4), noise(4), noise(2), noise(2) + 1};
			const double other[4] = {noise(4), noise(4), noise(2), noise(2) + 1};

			position_set(&one, i, position);
			/* The other way round, as a neighbour has it. */
			position_set(&two, (4 - i) % 3, i == 0 ? other : position);
		}
		run(&one);
		run(&two);
		/* Of the edge from 1 to 2: what has no weight of vertex 0. */
		for (unsigned i = 0; i < 3 * one.count; i++) {
			const struct ugvt_screen_vertex *v = &one.out[i / 3].v[i % 3];

			if (v->perspective[0] + v->perspective[1] != 1 || v->perspective[0] == 0 ||
				v->perspective[1] == 0) {
				continue;
			}
			cuts++;
			for (unsigned k = 0; k < 3 * two.count; k++) {
				const struct ugvt_screen_vertex *u = &two.out[k / 3].v[k % 3];

				if (u->x == v->x && u->y == v->y && u->inverse_w == v->inverse_w) {
					shared++;
					break;
				}
			}
		}
		if (two.count > 0) {
			assert_int_equal(shared, cuts);
			compared += cuts;
		}
	}
	assert_true(compared > 1000);
}

static void test_whole_triangle(void **state)
{
	static const double positions[3][4] = {
		{-0.5, -0.5, 0, 1}, {1, -1, 1, 2}, {0, 0.5, -0.5, 1}};
	struct bench bench;

	bench_init(&bench, UGVT_PRIMITIVE_TRIANGLE);
	for (unsigned i = 0; i < 3; i++) {
		position_set(&bench, i, positions[i]);
	}
	bench.object.provoking = 2;
	bench.object.id = 77;
	bench.vue[2][1] = 5;
	bench.vue[2][2] = 3;
	bench.clip.viewport_max = 15;
	assert_int_equal(run(&bench), 1);
	assert_false(bench.out[0].clipped);
	assert_int_equal(bench.out[0].layer, 5);
	assert_int_equal(bench.out[0].viewport, 3);
	assert_int_equal(bench.out[0].id, 77);
	assert_int_equal(bench.out[0].provoking, 2);
	assert_int_equal(bench.out[0].edges, 7);
	assert_ptr_equal(bench.out[0].vue[1], bench.vue[1]);
	assert_true(bench.out[0].v[1].x == 48 && bench.out[0].v[1].y == 48);
	assert_true(bench.out[0].v[1].z == 0.75f && bench.out[0].v[1].inverse_w == 0.5f);
	assert_true(bench.out[0].v[2].perspective[1] == 1 && bench.out[0].v[2].linear[0] == 0);
	/* What vertices say is not heeded where state says so. */
	bench.clip.viewport_max = 2;
	bench.clip.zero_layer = true;
	assert_int_equal(run(&bench), 1);
	assert_int_equal(bench.out[0].layer, 0);
	assert_int_equal(bench.out[0].viewport, 0);
}

static void test_modes(void **state)
{
	static const double positions[3][4] = {
		{100, 100, 5, 1}, {120, 100, 5, 1}, {100, 120, 5, 1}};
	struct bench bench;

	bench_init(&bench, UGVT_PRIMITIVE_TRIANGLE);
	for (unsigned i = 0; i < 3; i++) {
		position_set(&bench, i, positions[i]);
	}
	assert_int_equal(run(&bench), 0);
	bench.clip.mode = UGVT_CLIP_ACCEPT_ALL;
	assert_int_equal(run(&bench), 1);
	bench.clip.divide = false;
	set(&bench, 1, 7, 0.25);
	assert_int_equal(run(&bench), 1);
	assert_true(bench.out[0].v[1].inverse_w == 0.25f);
	set(&bench, 1, 4, NAN);
	assert_int_equal(run(&bench), 0);
	set(&bench, 1, 4, 1e30);
	assert_int_equal(run(&bench), 0);
	set(&bench, 1, 4, 0);
	assert_int_equal(run(&bench), 1);
	bench.clip.mode = UGVT_CLIP_REJECT_ALL;
	assert_int_equal(run(&bench), 0);
}

static void test_cull_distances(void **state)
{
	static const double positions[3][4] = {{-0.5, 0, 0, 1}, {0.5, 0, 0, 1}, {0, 0.5, 0, 1}};
	struct bench bench;

	bench_init(&bench, UGVT_PRIMITIVE_TRIANGLE);
	bench.clip.cull_distances = 2;
	for (unsigned i = 0; i < 3; i++) {
		position_set(&bench, i, positions[i]);
		set(&bench, i, 9, -1);
	}
	assert_int_equal(run(&bench), 0);
	set(&bench, 1, 9, 0);
	assert_int_equal(run(&bench), 1);
	assert_false(bench.out[0].clipped);
	set(&bench, 1, 9, NAN);
	assert_int_equal(run(&bench), 0);
}

static void test_lines(void **state)
{
	static const double a[4] = {-6, 0, 0, 2}, b[4] = {1, 0, 0, 1}, c[4] = {0, 3, 0, -1};
	struct bench bench;

	bench_init(&bench, UGVT_PRIMITIVE_LINE);
	bench.viewports[0].guardband[0][0] = -1;
	position_set(&bench, 0, a);
	position_set(&bench, 1, b);
	assert_int_equal(run(&bench), 1);
	assert_true(bench.out[0].clipped);
	/* x + w is -4 and 2: at 2/3, where w is 4/3. */
	assert_true(fabsf(bench.out[0].v[0].x) < 1e-4f);
	assert_true(fabsf(bench.out[0].v[0].inverse_w - 0.75f) < 1e-6f);
	assert_true(fabsf(bench.out[0].v[0].perspective[0] - 2.0f / 3) < 1e-6f);
	assert_true(fabsf(bench.out[0].v[0].linear[0] - 0.5f) < 1e-6f);
	assert_true(bench.out[0].v[1].x == SIZE && bench.out[0].v[1].perspective[0] == 1);
	position_set(&bench, 0, c);
	assert_int_equal(run(&bench), 1);
	assert_true(bench.out[0].v[0].inverse_w > 0);
	position_set(&bench, 1, c);
	assert_int_equal(run(&bench), 0);
}

static void test_points(void **state)
{
	static const double in[4] = {0.25, -0.5, 0, 0.5}, out[4] = {0.75, 0, 0, 0.5};
	struct bench bench;

	bench_init(&bench, UGVT_PRIMITIVE_POINT);
	position_set(&bench, 0, in);
	set(&bench, 0, 3, 1000);
	assert_int_equal(run(&bench), 1);
	assert_true(bench.out[0].v[0].x == 48 && bench.out[0].v[0].y == 64);
	assert_true(bench.out[0].width == 100);
	bench.clip.state_width = true;
	bench.clip.width = 3;
	assert_int_equal(run(&bench), 1);
	assert_true(bench.out[0].width == 3);
	position_set(&bench, 0, out);
	assert_int_equal(run(&bench), 0);
	/* In the guard band only: drawn if the viewport does not reject. */
	bench.clip.viewport_xy = false;
	assert_int_equal(run(&bench), 1);
}

/* Of the edges that clipping makes none is the object's own. */
static void test_edges(void **state)
{
	static const double positions[3][4] = {
		{-0.5, -0.5, 0, 1}, {9, -0.5, 0, 1}, {-0.5, 0.5, 0, 1}};
	struct bench bench;
	unsigned own = 0;

	bench_init(&bench, UGVT_PRIMITIVE_TRIANGLE);
	for (unsigned i = 0; i < 3; i++) {
		position_set(&bench, i, positions[i]);
	}
	assert_int_equal(run(&bench), 2);
	for (unsigned i = 0; i < bench.count; i++) {
		own += (unsigned)__builtin_popcount(bench.out[i].edges);
	}
	assert_int_equal(own, 3);
	bench.object.edges = 0;
	run(&bench);
	assert_int_equal(bench.out[0].edges | bench.out[1].edges, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_triangles),
		cmocka_unit_test(test_outputs_keep_inside),
		cmocka_unit_test(test_shared_edges),
		cmocka_unit_test(test_whole_triangle),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_cull_distances),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
