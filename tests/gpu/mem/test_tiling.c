/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/mem/tiling.h"

/* By hand from PRM BDW vol 5, "Tile Formats". */
static const struct {
	const char *name;
	enum ugvt_tiling tiling;
	uint32_t pitch, x, y;
	uint64_t offset;
} cases[] = {
	{"linear", UGVT_TILING_LINEAR, 100, 7, 3, 307},
	{"linear beyond 4 GB", UGVT_TILING_LINEAR, 0x20000, 5, 0x10000, UINT64_C(0x200000005)},
	{"X: first row", UGVT_TILING_X, 1024, 511, 0, 511},
	{"X: second row", UGVT_TILING_X, 1024, 0, 1, 512},
	{"X: last byte of a tile", UGVT_TILING_X, 1024, 511, 7, 4095},
	{"X: tile to the right", UGVT_TILING_X, 1024, 512, 0, 4096},
	{"X: row of tiles below", UGVT_TILING_X, 1024, 0, 8, 8192},
	{"X: second row of the tile below right", UGVT_TILING_X, 1024, 515, 9, 8192 + 4096 + 515},
	{"Y: within a column", UGVT_TILING_Y, 256, 15, 0, 15},
	{"Y: a row down", UGVT_TILING_Y, 256, 0, 1, 16},
	{"Y: next column", UGVT_TILING_Y, 256, 16, 0, 512},
	{"Y: last byte of a tile", UGVT_TILING_Y, 256, 127, 31, 4095},
	{"Y: tile to the right", UGVT_TILING_Y, 256, 128, 0, 4096},
	{"Y: row of tiles below", UGVT_TILING_Y, 256, 0, 32, 8192},
	{"Yf 8: a row down", UGVT_TILING_YF_8, 128, 0, 1, 16},
	{"Yf 8: 16 rows down", UGVT_TILING_YF_8, 128, 0, 16, 256},
	{"Yf 8: next column", UGVT_TILING_YF_8, 128, 16, 0, 512},
	{"Yf 8: last byte of a tile", UGVT_TILING_YF_8, 128, 63, 63, 4095},
	{"Yf 8: row of tiles below", UGVT_TILING_YF_8, 128, 0, 64, 8192},
	{"Yf 32: 4 rows down", UGVT_TILING_YF_32, 256, 0, 4, 64},
	{"Yf 32: next column", UGVT_TILING_YF_32, 256, 16, 0, 128},
	{"Yf 32: 8 rows down", UGVT_TILING_YF_32, 256, 0, 8, 256},
	{"Yf 32: third column", UGVT_TILING_YF_32, 256, 32, 0, 512},
	{"Yf 32: 16 rows down", UGVT_TILING_YF_32, 256, 0, 16, 1024},
	{"Yf 32: right half", UGVT_TILING_YF_32, 256, 64, 0, 2048},
	{"Yf 32: tile to the right", UGVT_TILING_YF_32, 256, 128, 0, 4096},
	{"Yf 64: next column", UGVT_TILING_YF_64, 512, 16, 0, 64},
	{"Yf 64: 4 rows down", UGVT_TILING_YF_64, 512, 0, 4, 256},
	{"Yf 64: fifth column", UGVT_TILING_YF_64, 512, 64, 0, 512},
	{"Yf 64: last byte of a tile", UGVT_TILING_YF_64, 512, 255, 15, 4095},
	{"Y: inside", UGVT_TILING_Y, 256, 128 + 35, 32 + 5, 8192 + 4096 + 2 * 512 + 5 * 16 + 3},
};

static void test_offsets(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		uint64_t offset =
			ugvt_tile_offset(cases[i].tiling, cases[i].pitch, cases[i].x, cases[i].y);

		if (offset != cases[i].offset) {
			fail_msg("%s: %#lx", cases[i].name, (unsigned long)offset);
		}
	}
}

static void check_bijection(enum ugvt_tiling tiling)
{
	uint32_t width = 3 * ugvt_tile_width(tiling);
	uint32_t height = 2 * ugvt_tile_height(tiling);
	uint8_t *seen = calloc(width, height);

	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			uint64_t offset = ugvt_tile_offset(tiling, width, x, y);

			assert_in_range(offset, 0, (uint64_t)width * height - 1);
			assert_int_equal(seen[offset], 0);
			seen[offset] = 1;
		}
	}
	free(seen);
}

static void test_every_byte_has_one_place(void **state)
{
	check_bijection(UGVT_TILING_X);
	check_bijection(UGVT_TILING_Y);
	check_bijection(UGVT_TILING_YF_8);
	check_bijection(UGVT_TILING_YF_32);
	check_bijection(UGVT_TILING_YF_64);
}

static void check_runs(enum ugvt_tiling tiling)
{
	uint32_t pitch = 2 * ugvt_tile_width(tiling);

	for (uint32_t x = 0; x < pitch;) {
		uint32_t run = ugvt_tile_run(tiling, x);
		uint64_t offset = ugvt_tile_offset(tiling, pitch, x, 5);

		for (uint32_t i = 0; i < run; i++) {
			assert_int_equal(ugvt_tile_offset(tiling, pitch, x + i, 5), offset + i);
			assert_int_equal(ugvt_tile_run(tiling, x + i), run - i);
		}
		x += run;
	}
}

static void test_runs(void **state)
{
	check_runs(UGVT_TILING_X);
	check_runs(UGVT_TILING_Y);
	assert_int_equal(ugvt_tile_run(UGVT_TILING_LINEAR, 17), UINT32_MAX);
	assert_int_equal(ugvt_tile_width(UGVT_TILING_LINEAR), 1);
	assert_int_equal(ugvt_tile_height(UGVT_TILING_LINEAR), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_every_byte_has_one_place),
		cmocka_unit_test(test_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
