/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gen/hooks_display.h"
#include "tests/display/picture.h"

/* A colour for each pixel. */
static uint32_t colour(unsigned x, unsigned y)
{
	return (x * 3 & 0xff) << 16 | (y * 5 & 0xff) << 8 | ((x + y) * 7 & 0xff);
}

/* Where pixel x, y of 4 bytes lies, by the PRM's pictures of tiles; pitch in bytes. */
static uint32_t linear_address(uint32_t pitch, unsigned x, unsigned y)
{
	return y * pitch + x * 4;
}

static uint32_t x_address(uint32_t pitch, unsigned x, unsigned y)
{
	unsigned tile = y / 8 * (pitch / 512) + x * 4 / 512;

	return tile * 4096 + y % 8 * 512 + x * 4 % 512;
}

static uint32_t y_address(uint32_t pitch, unsigned x, unsigned y)
{
	unsigned tile = y / 32 * (pitch / 128) + x * 4 / 128;

	return tile * 4096 + x * 4 % 128 / 16 * 512 + y % 32 * 16 + x * 4 % 16;
}

static void test_tilings(void **state)
{
	static const struct {
		uint32_t ctl, stride, pitch;
		uint32_t (*address)(uint32_t pitch, unsigned x, unsigned y);
	} cases[] = {
		{0, 10, 640, linear_address},
		{CTL_X, 2, 1024, x_address},
		{CTL_Y, 5, 640, y_address},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_picture picture;

		memset(fixture->ram, 0, FIXTURE_MEMORY);
		for (unsigned y = 0; y < 100; y++) {
			for (unsigned x = 0; x < 160; x++) {
				picture_put32(fixture,
					PICTURE_SURFACE + cases[i].address(cases[i].pitch, x, y),
					colour(x, y) | 0xa5000000);
			}
		}
		picture_plane(
			fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4) | cases[i].ctl,
					 cases[i].stride, 0, 0, PICTURE_WIDTH, PICTURE_HEIGHT, 77,
					 45, PICTURE_SURFACE});
		picture = picture_capture(fixture);
		assert_int_equal(picture.width, PICTURE_WIDTH);
		assert_int_equal(picture.height, PICTURE_HEIGHT);
		for (unsigned y = 0; y < PICTURE_HEIGHT; y++) {
			for (unsigned x = 0; x < PICTURE_WIDTH; x++) {
				assert_int_equal(
					picture_pixel(&picture, x, y), colour(77 + x, 45 + y));
			}
		}
		ugvt_picture_finish(&picture);
	}
}

/* The same green-heavy colour in every format. */
static void test_formats(void **state)
{
	static const struct {
		uint32_t ctl, low, high, expected;
	} cases[] = {
		{CTL_FORMAT(4), 0xff3fc07f, 0, 0x3fc07f},
		{CTL_FORMAT(4) | CTL_RGBX, 0xff7fc03f, 0, 0x3fc07f},
		{CTL_FORMAT(14), 8u << 11 | 48u << 5 | 15, 0, 0x42c37b},
		{CTL_FORMAT(2), 0xfeu << 20 | 0x303u << 10 | 0x1fe, 0, 0x3fc07f},
		{CTL_FORMAT(2) | CTL_RGBX, 0x1feu << 20 | 0x303u << 10 | 0xfe, 0, 0x3fc07f},
		{CTL_FORMAT(12), 0x07, 0, 0x3fc07f},
		/* Blue 0.5, green 0.75, red 0.25; then with red first. */
		{CTL_FORMAT(6), 0x3a003800, 0x3400, 0x40bf80},
		{CTL_FORMAT(6) | CTL_RGBX, 0x3a003400, 0x3800, 0x40bf80},
		/* More than 1, negative; NaN. */
		{CTL_FORMAT(6), 0xbc004000, 0x7e00, 0x0000ff},
		{CTL_FORMAT(6), 0x3bff3c00, 0x0001, 0x00ffff},
	};
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_LGC_PALETTE(0, 7), 0x3fc07f);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_picture picture;

		picture_put32(fixture, PICTURE_SURFACE, cases[i].low);
		picture_put32(fixture, PICTURE_SURFACE + 4, cases[i].high);
		picture_plane(fixture, &(struct picture_plane){0, CTL_ON | cases[i].ctl, 1, 5, 6, 1,
					       1, 0, 0, PICTURE_SURFACE});
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 5, 6), cases[i].expected);
		assert_int_equal(picture_pixel(&picture, 4, 6), PICTURE_BACKGROUND);
		assert_int_equal(picture_pixel(&picture, 5, 7), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

/* What is not known is not shown; it harms nothing else. */
static void test_unknown_formats(void **state)
{
	static const uint32_t ctls[] = {CTL_FORMAT(3), CTL_FORMAT(10), CTL_FORMAT(15),
		CTL_FORMAT(4) | 7 << 10, CTL_FORMAT(4) | 1, CTL_FORMAT(4) | CTL_X | 3};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(ctls); i++) {
		struct ugvt_picture picture;

		picture_plane(
			fixture, &(struct picture_plane){0, CTL_ON | ctls[i], 4, 0, 0,
					 PICTURE_WIDTH, PICTURE_HEIGHT, 0, 0, PICTURE_SURFACE});
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 0, 0), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

static void test_rotation(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	for (unsigned y = 0; y < PICTURE_HEIGHT; y++) {
		for (unsigned x = 0; x < PICTURE_WIDTH; x++) {
			picture_put32(fixture,
				PICTURE_SURFACE + linear_address(PICTURE_WIDTH * 4, x, y),
				colour(x, y));
		}
	}
	picture_plane(fixture,
		&(struct picture_plane){0, CTL_ON | CTL_FORMAT(4) | CTL_180, PICTURE_WIDTH * 4 / 64,
			0, 0, PICTURE_WIDTH, PICTURE_HEIGHT, 0, 0, PICTURE_SURFACE});
	picture = picture_capture(fixture);
	for (unsigned y = 0; y < PICTURE_HEIGHT; y++) {
		for (unsigned x = 0; x < PICTURE_WIDTH; x++) {
			assert_int_equal(picture_pixel(&picture, x, y),
				colour(PICTURE_WIDTH - 1 - x, PICTURE_HEIGHT - 1 - y));
		}
	}
	ugvt_picture_finish(&picture);
}

/* Off the pipe's right and lower edge. */
static void test_clipping(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	for (unsigned y = 0; y < 32; y++) {
		for (unsigned x = 0; x < 32; x++) {
			picture_put32(
				fixture, PICTURE_SURFACE + linear_address(128, x, y), colour(x, y));
		}
	}
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4), 2, 60, 40, 32, 32,
				       0, 0, PICTURE_SURFACE});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 59, 40), PICTURE_BACKGROUND);
	assert_int_equal(picture_pixel(&picture, 60, 39), PICTURE_BACKGROUND);
	assert_int_equal(picture_pixel(&picture, 60, 40), colour(0, 0));
	assert_int_equal(picture_pixel(&picture, 63, 47), colour(3, 7));
	ugvt_picture_finish(&picture);
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4), 2, 8191, 8191, 32,
				       32, 0, 0, PICTURE_SURFACE});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 63, 47), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
}

/* Planes lie over each other by number, with alpha as their control says. */
static void test_overlay(void **state)
{
	static const struct {
		uint32_t alpha, source, expected;
	} cases[] = {
		{0, 0x00445566, 0x445566},
		{CTL_PREMULTIPLIED, 0x80402010, 0x40 << 16 | 0x60 << 8 | 0x90},
		{CTL_PREMULTIPLIED, 0x00000000, 0x0080ff},
		{CTL_PREMULTIPLIED, 0xff112233, 0x112233},
		{CTL_STRAIGHT, 0x80804020, 0x40 << 16 | 0x60 << 8 | 0x90},
		{CTL_STRAIGHT, 0x00ffffff, 0x0080ff},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_picture picture;
		uint32_t got;

		picture_put32(fixture, PICTURE_SURFACE, 0x0080ff);
		picture_put32(fixture, PICTURE_SURFACE + 0x1000, cases[i].source);
		picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4), 1, 1, 1,
					       1, 1, 0, 0, PICTURE_SURFACE});
		picture_plane(
			fixture, &(struct picture_plane){2, CTL_ON | CTL_FORMAT(4) | cases[i].alpha,
					 1, 1, 1, 1, 1, 0, 0, PICTURE_SURFACE + 0x1000});
		picture = picture_capture(fixture);
		got = picture_pixel(&picture, 1, 1);
		for (unsigned shift = 0; shift < 24; shift += 8) {
			assert_in_range((got >> shift & 0xff) + 1,
				(cases[i].expected >> shift & 0xff),
				(cases[i].expected >> shift & 0xff) + 2);
		}
		ugvt_picture_finish(&picture);
	}
}

/* Half of red over a background, fully transparent elsewhere. */
static void cursor_draw(struct fixture *fixture, unsigned size)
{
	memset(fixture->ram + PICTURE_CURSOR, 0, size * size * 4);
	picture_put32(fixture, PICTURE_CURSOR, 0xffffffff);
	picture_put32(fixture, PICTURE_CURSOR + 4, 0x80800000);
	picture_put32(fixture, PICTURE_CURSOR + (size * size - 1) * 4, 0xff00ff00);
}

static void test_cursor_sizes(void **state)
{
	static const struct {
		uint32_t ctl;
		unsigned size;
	} cases[] = {{0x27, 64}, {0x22, 128}, {0x23, 256}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		int size = (int)cases[i].size;
		struct ugvt_picture picture;

		cursor_draw(fixture, cases[i].size);
		picture_cursor(fixture, cases[i].ctl, 10, 20);
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 10, 20), 0xffffff);
		assert_int_equal(picture_pixel(&picture, 11, 20), 0x88 << 16 | 0x10 << 8 | 0x18);
		assert_int_equal(picture_pixel(&picture, 12, 20), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
		/* Only the last pixel is still on the pipe, in its upper left corner. */
		picture_cursor(fixture, cases[i].ctl, 1 - size, 1 - size);
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 0, 0), 0x00ff00);
		assert_int_equal(picture_pixel(&picture, 1, 0), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
		picture_cursor(fixture, cases[i].ctl, -size, 0);
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 0, 0), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
		picture_cursor(fixture, cases[i].ctl, PICTURE_WIDTH - 1, PICTURE_HEIGHT - 1);
		picture = picture_capture(fixture);
		assert_int_equal(
			picture_pixel(&picture, PICTURE_WIDTH - 1, PICTURE_HEIGHT - 1), 0xffffff);
		ugvt_picture_finish(&picture);
		picture_cursor(fixture, 0, 0, 0);
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 0, 0), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

/* CUR_FBC_CTL cuts the cursor's height; turned, its last row is the first. */
static void test_cursor_height_and_turn(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	cursor_draw(fixture, 64);
	picture_put32(fixture, PICTURE_CURSOR + 64 * 4 * 8, 0xffabcdef); // row 8
	fixture_write(fixture, UGVT_CUR_FBC_CTL(0), 0x80000007);
	picture_cursor(fixture, 0x27, 0, 0);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0xffffff);
	assert_int_equal(picture_pixel(&picture, 0, 8), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_CUR_FBC_CTL(0), 0);
	picture_cursor(fixture, 0x27 | 0x8000, -32, -32);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 31, 31), 0xffffff);
	assert_int_equal(picture_pixel(&picture, 31, 23), 0xabcdef);
	ugvt_picture_finish(&picture);
}

static void test_pipe_off(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	fixture_write(fixture, UGVT_PIPECONF(0), 0);
	picture = picture_capture(fixture);
	assert_int_equal(picture.width, FIXTURE_WIDTH);
	assert_int_equal(picture.height, FIXTURE_HEIGHT);
	for (unsigned i = 0; i < FIXTURE_WIDTH * FIXTURE_HEIGHT; i++) {
		assert_int_equal(picture.pixels[i], 0);
	}
	ugvt_picture_finish(&picture);
}

/* Pages without an entry are black; the rest of the picture is there. */
static void test_unmapped(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	picture_put32(fixture, FIXTURE_MEMORY - 256, 0xffffff);
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(4), 4, 0, 0, 64, 17,
				       0, 15, FIXTURE_MEMORY - 4096});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0xffffff);
	assert_int_equal(picture_pixel(&picture, 1, 0), 0);
	assert_int_equal(picture_pixel(&picture, 0, 1), 0);
	assert_int_equal(picture_pixel(&picture, 63, 16), 0);
	assert_int_equal(picture_pixel(&picture, 0, 17), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
}

/* Anything may be in the registers. The pipe is never larger than the hardware's. */
static void test_hostile(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;
	uint32_t seed = 12345;

	for (unsigned round = 0; round < 60; round++) {
		for (unsigned plane = 0; plane < 3; plane++) {
			for (uint32_t offset = 0x180; offset < 0x1c0; offset += 4) {
				seed = seed * 1664525 + 1013904223;
				fixture_write(fixture, UGVT_PLANE(0, plane) + offset,
					round % 4 == 0 ? 0xffffffff : seed >> 3 | seed << 29);
			}
			fixture_write(fixture, UGVT_PLANE_CTL(0, plane),
				CTL_ON | CTL_FORMAT(4) | (seed & 0x14a2));
			fixture_write(fixture, UGVT_PLANE_SURF(0, plane), seed);
		}
		picture_cursor(fixture, 0x23, (int)(seed % 8191) - 4096, (int)(seed / 7 % 8191));
		fixture_write(fixture, UGVT_PIPESRC(0), round % 16 == 0 ? 0xffffffff : 0x01ff00ff);
		picture = picture_capture(fixture);
		assert_in_range(picture.width, 1, 5120);
		assert_in_range(picture.height, 1, 4096);
		ugvt_picture_finish(&picture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tilings, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_formats, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_unknown_formats, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_rotation, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_clipping, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_overlay, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_cursor_sizes, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_cursor_height_and_turn, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_pipe_off, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_unmapped, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_hostile, picture_setup, picture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
