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
#include "gpu/render/tessellate.h"

/* The tessellator against what any tessellation has to be: triangles that all turn the same way and together fill the domain once,
 * edges that are cut as their own factor says whatever the others are. */

static struct ugvt_tess_output out;

static struct ugvt_tess_input input_of(unsigned domain, unsigned partitioning)
{
	return (struct ugvt_tess_input){
		.domain = (uint8_t)domain,
		.partitioning = (uint8_t)partitioning,
		.topology = UGVT_TESS_CLOCKWISE,
		.max_odd = 63,
		.max_even = 64,
		.outer = {1, 1, 1, 1},
		.inner = {1, 1},
	};
}

static double area_of(unsigned triangle)
{
	const uint16_t *i = out.index + 3 * triangle;
	double u1 = (double)out.u[i[1]] - out.u[i[0]], v1 = (double)out.v[i[1]] - out.v[i[0]];
	double u2 = (double)out.u[i[2]] - out.u[i[0]], v2 = (double)out.v[i[2]] - out.v[i[0]];

	return (u1 * v2 - u2 * v1) / 2;
}

static void check(const struct ugvt_tess_input *in)
{
	double whole = in->domain == UGVT_TESS_QUAD ? 1 : 0.5, area = 0;

	ugvt_tessellate(in, &out);
	assert_int_equal(out.each, 3);
	assert_int_equal(out.indices % 3, 0);
	assert_in_range(out.points, 3, UGVT_TESS_POINTS_MAX);
	for (unsigned i = 0; i < out.indices; i++) {
		assert_true(out.index[i] < out.points);
	}
	for (unsigned i = 0; i < out.indices / 3; i++) {
		assert_true(area_of(i) >= -1e-6);
		area += area_of(i);
	}
	assert_true(fabs(area - whole) < 1e-4);
}

/* Points where u is zero. */
static unsigned points_left(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < out.points; i++) {
		count += out.u[i] == 0;
	}
	return count;
}

static float random_factor(void)
{
	return (float)(rand() % 4 == 0 ? rand() % 65 : rand() % 6400 / 100.0 + 0.01);
}

static unsigned pieces_of(unsigned partitioning, float factor)
{
	unsigned pieces = (unsigned)ceilf(fmaxf(factor, 1));

	switch (partitioning) {
	case UGVT_TESS_ODD: return UGVT_MIN(pieces + (pieces % 2 == 0), 63);
	case UGVT_TESS_EVEN: return UGVT_MIN(pieces + pieces % 2, 64);
	default: return UGVT_MIN(pieces, 64);
	}
}

static void test_fills(void **state)
{
	for (unsigned n = 0; n < 600; n++) {
		struct ugvt_tess_input in = input_of(n % 2, n % 3);

		for (unsigned i = 0; i < 4; i++) {
			in.outer[i] = fmaxf(random_factor(), 0.5f);
			in.inner[i % 2] = random_factor();
		}
		check(&in);
		assert_int_equal(points_left(), pieces_of(in.partitioning, in.outer[0]) + 1);
	}
}

static void test_smallest(void **state)
{
	struct ugvt_tess_input in = input_of(UGVT_TESS_QUAD, UGVT_TESS_INTEGER);

	check(&in);
	assert_int_equal(out.indices, 6);
	in.domain = UGVT_TESS_TRIANGLE;
	check(&in);
	assert_int_equal(out.indices, 3);
	in.outer[2] = 2; // the inner factor counts as a little more than 1, and so as 2
	check(&in);
	assert_int_equal(out.points, 5);
	in.max_even = 0; // which is no limit
	check(&in);
}

/* Points lie symmetrically: two patches that share an edge from both ends meet. */
static void test_symmetry(void **state)
{
	for (float factor = 1; factor < 64; factor += 0.37f) {
		struct ugvt_tess_input in =
			input_of(UGVT_TESS_ISOLINE, (unsigned)(factor * 100) % 3);

		in.outer[1] = factor;
		ugvt_tessellate(&in, &out);
		assert_int_equal(out.points, pieces_of(in.partitioning, factor) + 1);
		for (unsigned i = 0; i < out.points; i++) {
			assert_true(out.u[i] == 1 - out.u[out.points - 1 - i]);
			assert_true(i == 0 || out.u[i] >= out.u[i - 1]);
		}
	}
}

static void test_lines(void **state)
{
	struct ugvt_tess_input in = input_of(UGVT_TESS_ISOLINE, UGVT_TESS_EVEN);

	in.outer[0] = 2.5f;
	in.outer[1] = 4;
	ugvt_tessellate(&in, &out);
	assert_int_equal(out.each, 2);
	assert_int_equal(out.points, 3 * 5);
	assert_int_equal(out.indices, 3 * 4 * 2);
	assert_true(out.v[5] == (float)(1.0 / 3) && out.u[6] == 0.25f);
}

static void test_topologies(void **state)
{
	struct ugvt_tess_input in = input_of(UGVT_TESS_TRIANGLE, UGVT_TESS_INTEGER);

	in.topology = UGVT_TESS_COUNTERCLOCKWISE;
	ugvt_tessellate(&in, &out);
	assert_true(area_of(0) < 0);
	in.topology = UGVT_TESS_POINTS;
	in.inner[0] = 2;
	ugvt_tessellate(&in, &out);
	assert_int_equal(out.each, 1);
	assert_int_equal(out.indices, 4);
}

static void test_nothing(void **state)
{
	static const float factors[] = {0, -1, NAN, -INFINITY};

	for (unsigned domain = 0; domain < 4; domain++) {
		for (unsigned i = 0; i < UGVT_ARRAY_SIZE(factors); i++) {
			struct ugvt_tess_input in = input_of(domain, UGVT_TESS_ODD);

			in.outer[i % 2] = factors[i];
			ugvt_tessellate(&in, &out);
			assert_int_equal(out.points, 0);
			assert_int_equal(out.indices, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fills),
		cmocka_unit_test(test_smallest),
		cmocka_unit_test(test_symmetry),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_topologies),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
