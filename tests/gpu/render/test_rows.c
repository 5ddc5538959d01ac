/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/render/pixel_rows.h"
#include "tests/gpu/random.h"

/* Whatever the machine, rows of pixels get the same values: for random planes and colours, also those that are no numbers. */

enum {
	ROUNDS = 3000,
	LANES = 16,
	ROW_PIXELS = 8,
};

/* Those that this machine has, beside the one for all. */
static unsigned kinds_find(const struct ugvt_pixel_rows *kinds[2])
{
	unsigned count = 0;

#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		kinds[count++] = &ugvt_pixel_rows_avx2;
	}
#endif
	if (ugvt_pixel_rows_find() == &ugvt_pixel_rows_avx512) {
		kinds[count++] = &ugvt_pixel_rows_avx512;
	}
	return count;
}

static float value_random(uint64_t *random)
{
	static const float special[] = {
		NAN, -NAN, INFINITY, -INFINITY, -0.0f, 0, 1, -1, 0x1p-149f, 0.99999994f};

	if (below(random, 8) == 0) {
		return special[below(random, UGVT_ARRAY_SIZE(special))];
	}
	return (float)(int32_t)next(random) / 0x1p30f;
}

struct pixels {
	uint32_t row[2][ROW_PIXELS];
};

static void pixels_write(const struct ugvt_pixel_rows *rows, const struct ugvt_pixel_colors *colors,
	const struct pixels *old, struct pixels *pixels)
{
	struct ugvt_target_row row;

	*pixels = *old;
	for (unsigned y = 0; y < 2; y++) {
		row.half[y][0] = (char *)pixels->row[y];
		row.half[y][1] = (char *)(pixels->row[y] + ROW_PIXELS / 2);
	}
	rows->write(colors, &row);
}

static void test_write(void **state)
{
	static const enum ugvt_blend_kind blends[] = {
		UGVT_BLEND_STORE, UGVT_BLEND_ALPHA, UGVT_BLEND_OVER, UGVT_BLEND_ADD};
	const struct ugvt_pixel_rows *kinds[2];
	unsigned count = kinds_find(kinds);
	uint64_t random = 1;

	for (unsigned n = 0; n < ROUNDS; n++) {
		const struct ugvt_blend_target target = {.clamp_before = below(&random, 2)};
		struct ugvt_pixel_colors colors = {
			.target = &target,
			.kind = blends[below(&random, UGVT_ARRAY_SIZE(blends))],
			.blue_first = below(&random, 2),
		};
		float values[4][LANES];
		struct pixels old, want, got;

		for (unsigned i = 0; i < 4 * LANES; i++) {
			values[i / LANES][i % LANES] = value_random(&random);
		}
		for (unsigned i = 0; i < 2 * ROW_PIXELS; i++) {
			old.row[i / ROW_PIXELS][i % ROW_PIXELS] = next(&random);
		}
		for (unsigned c = 0; c < 4; c++) {
			colors.channel[c] = (const uint8_t *)values[c];
		}
		pixels_write(&ugvt_pixel_rows_base, &colors, &old, &want);
		for (unsigned i = 0; i < count; i++) {
			pixels_write(kinds[i], &colors, &old, &got);
			assert_memory_equal(&got, &want, sizeof(want));
		}
	}
}

struct block {
	uint32_t row[UGVT_TARGET_BLOCK][UGVT_TARGET_BLOCK];
};

static void block_write(const struct ugvt_pixel_rows *rows, const struct block *old, uint64_t mask,
	struct block *pixels)
{
	const struct ugvt_target_block block = {
		{(char *)pixels->row[0], (char *)(pixels->row[0] + UGVT_TARGET_BLOCK / 2)},
		sizeof(pixels->row[0])};

	*pixels = *old;
	rows->block_write(&block, mask, 0x12345678);
}

static void test_block_write(void **state)
{
	const struct ugvt_pixel_rows *kinds[2];
	unsigned count = kinds_find(kinds);
	uint64_t random = 1;

	for (unsigned n = 0; n < ROUNDS; n++) {
		uint64_t mask = (uint64_t)next(&random) << 32 | next(&random);
		struct block old, want, got;

		/* Some rows as a whole, or not at all. */
		mask |= UINT64_C(0xff) << 8 * below(&random, UGVT_TARGET_BLOCK);
		mask &= ~(UINT64_C(0xff) << 8 * below(&random, UGVT_TARGET_BLOCK));
		for (unsigned i = 0; i < UGVT_TARGET_BLOCK * UGVT_TARGET_BLOCK; i++) {
			old.row[i / UGVT_TARGET_BLOCK][i % UGVT_TARGET_BLOCK] = next(&random);
		}
		want = old;
		for (unsigned i = 0; i < UGVT_TARGET_BLOCK * UGVT_TARGET_BLOCK; i++) {
			if (mask >> i & 1) {
				want.row[i / UGVT_TARGET_BLOCK][i % UGVT_TARGET_BLOCK] = 0x12345678;
			}
		}
		block_write(&ugvt_pixel_rows_base, &old, mask, &got);
		assert_memory_equal(&got, &want, sizeof(want));
		for (unsigned i = 0; i < count; i++) {
			block_write(kinds[i], &old, mask, &got);
			assert_memory_equal(&got, &want, sizeof(want));
		}
	}
}

static void steps_random(struct ugvt_pixel_steps *steps, uint64_t *random)
{
	for (unsigned i = 0; i < 4; i++) {
		steps->lanes[i] = (double)(int32_t)next(random) / 0x1p34;
	}
	steps->at = (double)(int32_t)next(random) / 0x1p28;
	steps->dx = (double)(int32_t)next(random) / 0x1p35;
	steps->dy = (double)(int32_t)next(random) / 0x1p35;
}

static void test_coordinates(void **state)
{
	const struct ugvt_pixel_rows *kinds[2];
	unsigned count = kinds_find(kinds);
	uint64_t random = 1;

	for (unsigned n = 0; n < ROUNDS; n++) {
		struct ugvt_pixel_planes planes = {.flat = below(&random, 2)};
		double x[4], y[4];
		float want[2][2 * LANES], got[2][2 * LANES];

		steps_random(&planes.b[0], &random);
		steps_random(&planes.b[1], &random);
		steps_random(&planes.w, &random);
		planes.scale = (double)below(&random, 1000) / 7;
		for (unsigned i = 0; i < 4; i++) {
			x[i] = below(&random, 8192) * 2;
			y[i] = below(&random, 8192) * 2;
		}
		ugvt_pixel_rows_base.coordinates(&planes, x, y, want[0]);
		ugvt_pixel_rows_base.row_coordinates(&planes, x[0], y[0], want[1]);
		for (unsigned i = 0; i < count; i++) {
			kinds[i]->coordinates(&planes, x, y, got[0]);
			kinds[i]->row_coordinates(&planes, x[0], y[0], got[1]);
			assert_memory_equal(got, want, sizeof(want));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_block_write),
		cmocka_unit_test(test_coordinates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
