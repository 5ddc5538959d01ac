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
#include "gpu/render/raster_cover.h"

#define SIDE 48 // pixels of the picture that is compared
#define CENTRE (UGVT_SUBPIXELS / 2)

static uint32_t random_next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static int32_t random_between(uint32_t *state, int32_t low, int32_t high)
{
	return low + (int32_t)(random_next(state) % (uint32_t)(high - low + 1));
}

/* Adds 1 to each pixel that is covered. */
static void picture_add(
	uint8_t picture[SIDE][SIDE], const struct ugvt_cover *cover, struct ugvt_grid_point sample)
{
	for (int32_t y = 0; y < SIDE; y += UGVT_COVER_BLOCK) {
		for (int32_t x = 0; x < SIDE; x += UGVT_COVER_BLOCK) {
			uint64_t mask =
				ugvt_cover_block(cover, (struct ugvt_grid_point){x, y}, sample);

			for (unsigned i = 0; i < 64; i++) {
				picture[y + i / 8][x + i % 8] += mask >> i & 1;
			}
		}
	}
}

/*
 * The reference: an edge counts from its upper end (included) to its lower one (not), and a point is inside if it is right of, or on,
 * an odd number of edges. That is the top-left rule
 * said in another way. Positions are compared as fractions.
 */
static bool reference_inside(
	const struct ugvt_grid_point *points, unsigned count, int64_t x, int64_t y)
{
	bool inside = false;

	for (unsigned i = 0; i < count; i++) {
		struct ugvt_grid_point a = points[i];
		struct ugvt_grid_point b = points[(i + 1) % count];

		if (a.y > b.y) {
			struct ugvt_grid_point c = a;

			a = b;
			b = c;
		}
		if (y >= a.y && y < b.y &&
			(y - a.y) * (int64_t)(b.x - a.x) <= (x - a.x) * (int64_t)(b.y - a.y)) {
			inside = !inside;
		}
	}
	return inside;
}

static void polygon_check(
	const struct ugvt_grid_point *points, unsigned count, struct ugvt_grid_point sample)
{
	uint8_t picture[SIDE][SIDE] = {0};
	struct ugvt_cover cover;

	if (ugvt_cover_polygon(&cover, points, count)) {
		picture_add(picture, &cover, sample);
	}
	for (int32_t y = 0; y < SIDE; y++) {
		for (int32_t x = 0; x < SIDE; x++) {
			bool inside = reference_inside(points, count, x * UGVT_SUBPIXELS + sample.x,
				y * UGVT_SUBPIXELS + sample.y);

			assert_int_equal(picture[y][x], inside);
		}
	}
}

static struct ugvt_grid_point random_point(uint32_t *state, int32_t reach)
{
	struct ugvt_grid_point point = {
		random_between(state, -reach, SIDE * UGVT_SUBPIXELS + reach),
		random_between(state, -reach, SIDE * UGVT_SUBPIXELS + reach)};

	/* Often on sample points and on pixels' borders. */
	if (random_next(state) % 3 == 0) {
		point.x &= ~(CENTRE - 1);
		point.y &= ~(CENTRE - 1);
	}
	return point;
}

static void test_triangles(void **unused)
{
	static const int32_t reaches[] = {0, 2000, 200000, UGVT_COVER_LIMIT / 2 * UGVT_SUBPIXELS};
	uint32_t state = 1;

	for (unsigned i = 0; i < 4000; i++) {
		struct ugvt_grid_point points[3];
		struct ugvt_grid_point sample = {CENTRE, CENTRE};

		for (unsigned p = 0; p < 3; p++) {
			points[p] = random_point(&state, reaches[i % 4]);
		}
		if (i % 5 == 0) {
			sample = (struct ugvt_grid_point){
				random_between(&state, 0, 255), random_between(&state, 0, 255)};
		}
		polygon_check(points, 3, sample);
	}
}

static void test_parallelograms(void **unused)
{
	uint32_t state = 2;

	for (unsigned i = 0; i < 2000; i++) {
		struct ugvt_grid_point points[4];

		for (unsigned p = 0; p < 3; p++) {
			points[p] = random_point(&state, 1000);
		}
		points[3].x = points[0].x - points[1].x + points[2].x;
		points[3].y = points[0].y - points[1].y + points[2].y;
		polygon_check(points, 4, (struct ugvt_grid_point){CENTRE, CENTRE});
	}
}

/* A fan around a point covers every pixel of its outline's inside exactly once. */
static void test_shared_edges(void **unused)
{
	static const struct ugvt_grid_point outline[] = {{0, 0}, {SIDE * 128, -300},
		{SIDE * 256, 0}, {SIDE * 256, SIDE * 128}, {SIDE * 256, SIDE * 256},
		{SIDE * 100, SIDE * 256}, {0, SIDE * 256}, {-500, SIDE * 128}};
	uint32_t state = 3;

	for (unsigned i = 0; i < 500; i++) {
		uint8_t picture[SIDE][SIDE] = {0};
		struct ugvt_grid_point middle = random_point(&state, 0);

		for (unsigned e = 0; e < UGVT_ARRAY_SIZE(outline); e++) {
			const struct ugvt_grid_point points[] = {
				middle, outline[e], outline[(e + 1) % UGVT_ARRAY_SIZE(outline)]};
			struct ugvt_cover cover;

			if (ugvt_cover_polygon(&cover, points, 3)) {
				picture_add(
					picture, &cover, (struct ugvt_grid_point){CENTRE, CENTRE});
			}
		}
		for (unsigned p = 0; p < SIDE * SIDE; p++) {
			assert_int_equal(picture[p / SIDE][p % SIDE], 1);
		}
	}
}

/* A strip of lines lights exactly one pixel of each column that it goes through. */
static void test_diamond_strip(void **unused)
{
	uint32_t state = 4;

	for (unsigned i = 0; i < 300; i++) {
		uint8_t picture[SIDE][SIDE] = {0};
		struct ugvt_grid_point at = {random_between(&state, 0, 1000),
			random_between(&state, 8, SIDE - 8) * CENTRE * 2};

		while (at.x < (SIDE - 8) * UGVT_SUBPIXELS) {
			struct ugvt_cover_line line = {.p = at};
			/* Not out of the picture. */
			int32_t way = at.y < 12 * UGVT_SUBPIXELS ? 1
				      : at.y > (SIDE - 12) * UGVT_SUBPIXELS
					      ? -1
					      : random_between(&state, -1, 1);
			struct ugvt_cover cover;

			at.x += random_between(&state, 1, 700);
			at.y += way * (at.x - line.p.x) / random_between(&state, 1, 4);
			line.q = at;
			ugvt_cover_diamond_line(&cover, &line);
			picture_add(picture, &cover, (struct ugvt_grid_point){CENTRE, CENTRE});
		}
		for (unsigned x = 5; x < SIDE - 8; x++) {
			unsigned lit = 0;

			for (unsigned y = 0; y < SIDE; y++) {
				lit += picture[y][x];
			}
			assert_int_equal(lit, 1);
		}
	}
}

static uint64_t line_block(struct ugvt_cover_line line)
{
	struct ugvt_cover cover;

	ugvt_cover_diamond_line(&cover, &line);
	return ugvt_cover_block(
		&cover, (struct ugvt_grid_point){0, 0}, (struct ugvt_grid_point){CENTRE, CENTRE});
}

static void test_diamond_cases(void **unused)
{
	/* From centre to centre: the last pixel is not drawn, unless it is asked for. */
	assert_int_equal(
		line_block((struct ugvt_cover_line){{128, 128}, {128 + 768, 128}, false}), 7);
	assert_int_equal(
		line_block((struct ugvt_cover_line){{128, 128}, {128 + 768, 128}, true}), 15);
	assert_int_equal(
		line_block((struct ugvt_cover_line){{128 + 768, 128}, {128, 128}, false}), 14);
	assert_int_equal(line_block((struct ugvt_cover_line){{128, 128}, {128, 128 + 512}, false}),
		UINT64_C(0x101));
	/* Exactly between rows: the upper one's bottom corners count; between columns, the left one's right corners. */
	assert_int_equal(line_block((struct ugvt_cover_line){{0, 256}, {768, 256}, false}), 7);
	assert_int_equal(line_block((struct ugvt_cover_line){{256, 0}, {256, 512}, false}), 0x101);
	/* Starts and ends inside of one diamond. */
	assert_int_equal(line_block((struct ugvt_cover_line){{100, 120}, {140, 130}, false}), 0);
	/* Passes between diamonds. */
	assert_int_equal(line_block((struct ugvt_cover_line){{240, 250}, {250, 240}, false}), 0);
	assert_int_equal(
		line_block((struct ugvt_cover_line){{128, 128}, {128 + 512, 128 + 512}, false}),
		1 | 1 << 9);
}

static void test_snap(void **unused)
{
	struct ugvt_grid_point point;

	assert_true(ugvt_cover_snap(1.5f, -0.25f, &point));
	assert_int_equal(point.x, 384);
	assert_int_equal(point.y, -64);
	assert_true(ugvt_cover_snap(1e30f, -INFINITY, &point));
	assert_int_equal(point.x, UGVT_COVER_LIMIT * UGVT_SUBPIXELS);
	assert_int_equal(point.y, -UGVT_COVER_LIMIT * UGVT_SUBPIXELS);
	assert_false(ugvt_cover_snap(NAN, 0, &point));
}

/* As the library rounds, halves to even ones among them. */
static void test_snap_random(void **unused)
{
	uint32_t seed = 3;

	for (unsigned i = 0; i < 100000; i++) {
		uint32_t bits = random_next(&seed) << 12 ^ random_next(&seed);
		struct ugvt_grid_point point;
		float value;

		memcpy(&value, &bits, sizeof(value));
		if (i % 2) {
			value = (float)random_between(&seed, -10000, 10000) / (2 * UGVT_SUBPIXELS);
		}
		if (isnan(value)) {
			continue;
		}
		assert_true(ugvt_cover_snap(value, -value, &point));
		value = fminf(fmaxf(value, -UGVT_COVER_LIMIT), UGVT_COVER_LIMIT);
		assert_int_equal(point.x, lrintf(value * UGVT_SUBPIXELS));
		assert_int_equal(point.y, lrintf(-value * UGVT_SUBPIXELS));
	}
}

static void test_box(void **unused)
{
	struct ugvt_pixel_box box = {9, -5, 12, 10};

	assert_int_equal(ugvt_pixel_box_block(&box, (struct ugvt_grid_point){8, 8}), 0x0e0e);
	assert_int_equal(ugvt_pixel_box_block(&box, (struct ugvt_grid_point){16, 8}), 0);
	assert_int_equal(ugvt_pixel_box_block(&box, (struct ugvt_grid_point){8, 0}),
		UINT64_C(0x0e0e0e0e0e0e0e0e));
}

/* A tile's blocks, against each looked at closely: none is missed, and those said to be inside are. */
static void tile_check(const struct ugvt_cover *cover, const struct ugvt_grid_point *sample,
	struct ugvt_grid_point at)
{
	const struct ugvt_grid_point tile = {64, 64};
	const struct ugvt_cover_blocks blocks = ugvt_cover_tile(cover, tile, sample);

	for (int32_t i = 0; i < 64; i++) {
		const struct ugvt_grid_point block = {tile.x + i % 8 * 8, tile.y + i / 8 * 8};
		uint64_t covered = ugvt_cover_block(cover, block, sample ? *sample : at);

		if (!(blocks.touched >> i & 1)) {
			assert_int_equal(covered, 0);
		}
		if (blocks.inside >> i & 1) {
			assert_true(covered == UINT64_MAX);
		}
	}
}

/* The same with the blocks' pixels. */
static bool masks_check(const struct ugvt_cover *cover, struct ugvt_grid_point sample)
{
	const struct ugvt_grid_point tile = {64, 64};
	struct ugvt_cover_masks masks;

	if (!ugvt_cover_masks(cover, tile, sample, &masks)) {
		return false;
	}
	assert_true((masks.blocks.inside & ~masks.blocks.touched) == 0);
	for (int32_t i = 0; i < 64; i++) {
		const struct ugvt_grid_point block = {tile.x + i % 8 * 8, tile.y + i / 8 * 8};
		uint64_t covered = ugvt_cover_block(cover, block, sample);

		assert_int_equal(masks.blocks.touched >> i & 1, covered != 0);
		if (masks.blocks.inside >> i & 1) {
			assert_true(covered == UINT64_MAX);
		} else if (masks.blocks.touched >> i & 1) {
			assert_true(covered == masks.mask[i]);
		}
	}
	return true;
}

static void test_masks(void **unused)
{
	static const int32_t reaches[] = {6, 20, 100, 1000, 8000, 30000, 100000};
	const struct ugvt_pixel_box clip = {70, 20, 300, 123};
	unsigned done[UGVT_ARRAY_SIZE(reaches)] = {0};
	uint32_t seed = 11;

	for (unsigned n = 0; n < 14000; n++) {
		int32_t reach = reaches[n % UGVT_ARRAY_SIZE(reaches)];
		unsigned count = 3 + n / 7 % 2;
		struct ugvt_grid_point points[4];
		struct ugvt_grid_point sample = {
			random_between(&seed, 0, 255), random_between(&seed, 0, 255)};
		struct ugvt_cover cover;

		for (unsigned i = 0; i < 3; i++) {
			points[i].x = random_between(&seed, (96 - reach) * UGVT_SUBPIXELS,
				(96 + reach) * UGVT_SUBPIXELS);
			points[i].y = random_between(&seed, (96 - reach) * UGVT_SUBPIXELS,
				(96 + reach) * UGVT_SUBPIXELS);
		}
		if (n % 5 == 0) {
			points[1].y = points[0].y;
			points[2].x = points[0].x;
		}
		points[3].x = points[0].x - points[1].x + points[2].x;
		points[3].y = points[0].y - points[1].y + points[2].y;
		if (abs(points[3].x) > UGVT_COVER_LIMIT * UGVT_SUBPIXELS ||
			abs(points[3].y) > UGVT_COVER_LIMIT * UGVT_SUBPIXELS ||
			!ugvt_cover_polygon(&cover, points, count)) {
			continue;
		}
		if (n % 3 == 0) {
			ugvt_pixel_box_intersect(&cover.box, &clip);
		}
		done[n % UGVT_ARRAY_SIZE(reaches)] += masks_check(&cover, sample);
	}
	for (unsigned i = 0; i < 5; i++) {
		assert_true(done[i] > 500);
	}
	/* Most have steps that are too large. */
	assert_true(done[6] < 500);
}

static void test_tile(void **unused)
{
	const struct ugvt_pixel_box clip = {70, 20, 300, 123};
	uint32_t seed = 7;
	unsigned inside = 0;

	for (unsigned n = 0; n < 3000; n++) {
		int32_t reach = n % 3 == 0 ? 12 : n % 3 == 1 ? 100 : 100000;
		struct ugvt_grid_point points[3];
		struct ugvt_grid_point sample;
		struct ugvt_cover cover;

		for (unsigned i = 0; i < 3; i++) {
			points[i].x = random_between(&seed, (96 - reach) * UGVT_SUBPIXELS,
				(96 + reach) * UGVT_SUBPIXELS);
			points[i].y = random_between(&seed, (96 - reach) * UGVT_SUBPIXELS,
				(96 + reach) * UGVT_SUBPIXELS);
		}
		sample.x = random_between(&seed, 0, UGVT_SUBPIXELS - 1);
		sample.y = random_between(&seed, 0, UGVT_SUBPIXELS - 1);
		if (!ugvt_cover_polygon(&cover, points, 3)) {
			continue;
		}
		if (n % 2 == 0) {
			ugvt_pixel_box_intersect(&cover.box, &clip);
		}
		tile_check(&cover, &sample, sample);
		tile_check(&cover, NULL, sample);
		inside +=
			ugvt_cover_tile(&cover, (struct ugvt_grid_point){64, 64}, &sample).inside !=
			0;
	}
	assert_true(inside > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_triangles),
		cmocka_unit_test(test_parallelograms),
		cmocka_unit_test(test_shared_edges),
		cmocka_unit_test(test_diamond_strip),
		cmocka_unit_test(test_diamond_cases),
		cmocka_unit_test(test_snap),
		cmocka_unit_test(test_snap_random),
		cmocka_unit_test(test_box),
		cmocka_unit_test(test_tile),
		cmocka_unit_test(test_masks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
