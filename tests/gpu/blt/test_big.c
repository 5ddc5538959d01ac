/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/blt/blt.h"
#include "tests/gpu/space.h"

/* Blits of more than 32 MB, which go past the caches, through pages of 2 MB. */

#define MB (UINT64_C(1) << 20)
#define SIZE (40 * MB)
#define ADDR (UINT64_C(5) << 40)
#define COLOR 0x12345678u
#define PITCH 4096
#define ROWS 9000

static int setup(void **state)
{
	struct space *space = malloc(sizeof(*space));
	ugvt_gpa gpa;

	space_init(space, SIZE + 4 * MB);
	gpa = space_alloc(space, SIZE, 2 * MB);
	for (uint64_t at = 0; at < SIZE; at += 2 * MB) {
		*space_entry(space, ADDR + at, 1) = (gpa + at) | SPACE_LARGE | SPACE_RW;
	}
	*state = space;
	return 0;
}

static int teardown(void **state)
{
	space_finish(*state);
	free(*state);
	return 0;
}

/* Columns x1 to x2 of all rows, of 1024 pixels each. */
static void fill(struct space *space, uint32_t swctrl, uint32_t tiled, uint32_t x1, uint32_t x2)
{
	uint32_t dw[] = {2u << 29 | 0x50u << 22 | 3u << 20 | tiled << 11 | 5,
		3u << 24 | 0xf0u << 16 | (tiled ? PITCH / 4 : PITCH), x1, (uint32_t)ROWS << 16 | x2,
		ugvt_lo32(ADDR), ugvt_hi32(ADDR), COLOR};
	struct ugvt_blt_state blt_state = {.swctrl = swctrl};
	struct ugvt_blt blt;

	assert_true(ugvt_blt_decode(&blt, &blt_state, dw, UGVT_ARRAY_SIZE(dw)));
	assert_int_equal(ugvt_blt_size(&blt), UINT64_C(4) * ROWS * (x2 - x1));
	while (!ugvt_blt_step(&blt, &space->as, MB)) {
		space_window(space);
	}
}

static uint64_t count_pixels(struct space *space)
{
	struct ugvt_aspace_span span = ugvt_aspace_span(&space->as, ADDR, UGVT_PROT_READ, SIZE);
	const uint32_t *pixels = (const uint32_t *)span.host;
	uint64_t count = 0;

	assert_int_equal(span.size, SIZE);
	for (uint64_t i = 0; i < SIZE / 4; i++) {
		assert_true(pixels[i] == 0 || pixels[i] == COLOR);
		count += pixels[i] == COLOR;
	}
	return count;
}

static uint32_t pixel_at(struct space *space, uint64_t offset)
{
	return ugvt_aspace_read32(&space->as, ADDR + offset);
}

static void test_whole_surface(void **state)
{
	fill(*state, 0, 0, 0, 1024);
	assert_int_equal(count_pixels(*state), 1024 * ROWS);
	assert_int_equal(pixel_at(*state, (uint64_t)PITCH * ROWS - 4), COLOR);
	assert_int_equal(pixel_at(*state, (uint64_t)PITCH * ROWS), 0);
}

static void test_gaps_between_rows(void **state)
{
	fill(*state, 0, 0, 1, 1023);
	assert_int_equal(count_pixels(*state), 1022 * ROWS);
	assert_int_equal(pixel_at(*state, 77 * PITCH), 0);
	assert_int_equal(pixel_at(*state, 77 * PITCH + 4), COLOR);
	assert_int_equal(pixel_at(*state, 77 * PITCH + 4 * 1022), COLOR);
	assert_int_equal(pixel_at(*state, 77 * PITCH + 4 * 1023), 0);
}

static void test_y_tiled(void **state)
{
	fill(*state, UGVT_BCS_SWCTRL_DST_Y, 1, 3, 1024);
	assert_int_equal(count_pixels(*state), 1021 * ROWS);
	assert_int_equal(pixel_at(*state, 8), 0);
	assert_int_equal(pixel_at(*state, 12), COLOR);
	assert_int_equal(pixel_at(*state, 31 * 16 + 8), 0);
	assert_int_equal(pixel_at(*state, 512), COLOR);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_surface),
		TEST(gaps_between_rows),
		TEST(y_tiled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
