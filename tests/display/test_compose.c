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
#include "tests/display/fixture.h"

/* Pictures of a pipe of 64x48. */
#define WIDTH 64
#define HEIGHT 48
#define BACKGROUND 0x102030

#define CTL_ON 0x80000000u
#define CTL_FORMAT(f) ((uint32_t)(f) << 24)
#define CTL_RGBX 0x00100000u
#define CTL_X 0x00000400u
#define CTL_Y 0x00001000u
#define CTL_180 0x2u
#define CTL_PREMULTIPLIED 0x20u
#define CTL_STRAIGHT 0x30u

#define SURFACE 0x10000
#define CURSOR 0x80000

static int setup(void **state)
{
	struct fixture *fixture = fixture_create();

	fixture_pipe_on(fixture, 1024, 768);
	fixture_write(fixture, UGVT_PIPESRC(0), (WIDTH - 1) << 16 | (HEIGHT - 1));
	fixture_write(fixture, UGVT_BOTTOM_COLOR(0), 0x10u << 22 | 0x20u << 12 | 0x30u << 2);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	fixture_destroy(*state);
	return 0;
}

struct plane {
	unsigned index;
	uint32_t ctl, stride; // stride in the register's units
	unsigned x, y, width, height;
	unsigned src_x, src_y;
	uint32_t surface;
};

static void plane_show(struct fixture *fixture, const struct plane *plane)
{
	unsigned i = plane->index;

	fixture_write(fixture, UGVT_PLANE_STRIDE(0, i), plane->stride);
	fixture_write(fixture, UGVT_PLANE_POS(0, i), plane->y << 16 | plane->x);
	fixture_write(
		fixture, UGVT_PLANE_SIZE(0, i), (plane->height - 1) << 16 | (plane->width - 1));
	fixture_write(fixture, UGVT_PLANE_OFFSET(0, i), plane->src_y << 16 | plane->src_x);
	fixture_write(fixture, UGVT_PLANE_CTL(0, i), plane->ctl);
	fixture_write(fixture, UGVT_PLANE_SURF(0, i), plane->surface);
}

static void cursor_show(struct fixture *fixture, uint32_t ctl, int x, int y)
{
	uint32_t pos = (uint32_t)abs(x) | (uint32_t)abs(y) << 16;

	pos |= (x < 0 ? 0x8000u : 0) | (y < 0 ? 0x80000000u : 0);
	fixture_write(fixture, UGVT_CUR_CTL(0), ctl);
	fixture_write(fixture, UGVT_CUR_POS(0), pos);
	fixture_write(fixture, UGVT_CUR_BASE(0), CURSOR);
}

static struct ugvt_picture capture(struct fixture *fixture)
{
	struct ugvt_picture picture;

	fixture_run_to(fixture, fixture_now() + 20 * UGVT_NS_PER_MS);
	assert_int_equal(ugvt_display_capture(fixture->display, &picture), 0);
	return picture;
}

static uint32_t pixel(const struct ugvt_picture *picture, unsigned x, unsigned y)
{
	return picture->pixels[y * picture->stride / 4 + x] & 0xffffff;
}

static void put32(struct fixture *fixture, uint32_t address, uint32_t value)
{
	memcpy(fixture->ram + address, &value, 4);
}

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
				put32(fixture, SURFACE + cases[i].address(cases[i].pitch, x, y),
					colour(x, y) | 0xa5000000);
			}
		}
		plane_show(fixture, &(struct plane){0, CTL_ON | CTL_FORMAT(4) | cases[i].ctl,
					    cases[i].stride, 0, 0, WIDTH, HEIGHT, 77, 45, SURFACE});
		picture = capture(fixture);
		assert_int_equal(picture.width, WIDTH);
		assert_int_equal(picture.height, HEIGHT);
		for (unsigned y = 0; y < HEIGHT; y++) {
			for (unsigned x = 0; x < WIDTH; x++) {
				assert_int_equal(pixel(&picture, x, y), colour(77 + x, 45 + y));
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

		put32(fixture, SURFACE, cases[i].low);
		put32(fixture, SURFACE + 4, cases[i].high);
		plane_show(fixture,
			&(struct plane){0, CTL_ON | cases[i].ctl, 1, 5, 6, 1, 1, 0, 0, SURFACE});
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, 5, 6), cases[i].expected);
		assert_int_equal(pixel(&picture, 4, 6), BACKGROUND);
		assert_int_equal(pixel(&picture, 5, 7), BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

/* What is not known is not shown; it harms nothing else. */
static void test_unknown_formats(void **state)
{
	static const uint32_t ctls[] = {CTL_FORMAT(0), CTL_FORMAT(1), CTL_FORMAT(15),
		CTL_FORMAT(4) | 5 << 10, CTL_FORMAT(4) | 7 << 10, CTL_FORMAT(4) | 1};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(ctls); i++) {
		struct ugvt_picture picture;

		plane_show(fixture, &(struct plane){0, CTL_ON | ctls[i], 4, 0, 0, WIDTH, HEIGHT, 0,
					    0, SURFACE});
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, 0, 0), BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

static void test_rotation(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	for (unsigned y = 0; y < HEIGHT; y++) {
		for (unsigned x = 0; x < WIDTH; x++) {
			put32(fixture, SURFACE + linear_address(WIDTH * 4, x, y), colour(x, y));
		}
	}
	plane_show(fixture, &(struct plane){0, CTL_ON | CTL_FORMAT(4) | CTL_180, WIDTH * 4 / 64, 0,
				    0, WIDTH, HEIGHT, 0, 0, SURFACE});
	picture = capture(fixture);
	for (unsigned y = 0; y < HEIGHT; y++) {
		for (unsigned x = 0; x < WIDTH; x++) {
			assert_int_equal(
				pixel(&picture, x, y), colour(WIDTH - 1 - x, HEIGHT - 1 - y));
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
			put32(fixture, SURFACE + linear_address(128, x, y), colour(x, y));
		}
	}
	plane_show(fixture,
		&(struct plane){0, CTL_ON | CTL_FORMAT(4), 2, 60, 40, 32, 32, 0, 0, SURFACE});
	picture = capture(fixture);
	assert_int_equal(pixel(&picture, 59, 40), BACKGROUND);
	assert_int_equal(pixel(&picture, 60, 39), BACKGROUND);
	assert_int_equal(pixel(&picture, 60, 40), colour(0, 0));
	assert_int_equal(pixel(&picture, 63, 47), colour(3, 7));
	ugvt_picture_finish(&picture);
	plane_show(fixture,
		&(struct plane){0, CTL_ON | CTL_FORMAT(4), 2, 8191, 8191, 32, 32, 0, 0, SURFACE});
	picture = capture(fixture);
	assert_int_equal(pixel(&picture, 63, 47), BACKGROUND);
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

		put32(fixture, SURFACE, 0x0080ff);
		put32(fixture, SURFACE + 0x1000, cases[i].source);
		plane_show(fixture,
			&(struct plane){0, CTL_ON | CTL_FORMAT(4), 1, 1, 1, 1, 1, 0, 0, SURFACE});
		plane_show(fixture, &(struct plane){2, CTL_ON | CTL_FORMAT(4) | cases[i].alpha, 1,
					    1, 1, 1, 1, 0, 0, SURFACE + 0x1000});
		picture = capture(fixture);
		got = pixel(&picture, 1, 1);
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
	memset(fixture->ram + CURSOR, 0, size * size * 4);
	put32(fixture, CURSOR, 0xffffffff);
	put32(fixture, CURSOR + 4, 0x80800000);
	put32(fixture, CURSOR + (size * size - 1) * 4, 0xff00ff00);
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
		cursor_show(fixture, cases[i].ctl, 10, 20);
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, 10, 20), 0xffffff);
		assert_int_equal(pixel(&picture, 11, 20), 0x88 << 16 | 0x10 << 8 | 0x18);
		assert_int_equal(pixel(&picture, 12, 20), BACKGROUND);
		ugvt_picture_finish(&picture);
		/* Only the last pixel is still on the pipe, in its upper left corner. */
		cursor_show(fixture, cases[i].ctl, 1 - size, 1 - size);
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, 0, 0), 0x00ff00);
		assert_int_equal(pixel(&picture, 1, 0), BACKGROUND);
		ugvt_picture_finish(&picture);
		cursor_show(fixture, cases[i].ctl, -size, 0);
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, 0, 0), BACKGROUND);
		ugvt_picture_finish(&picture);
		cursor_show(fixture, cases[i].ctl, WIDTH - 1, HEIGHT - 1);
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, WIDTH - 1, HEIGHT - 1), 0xffffff);
		ugvt_picture_finish(&picture);
		cursor_show(fixture, 0, 0, 0);
		picture = capture(fixture);
		assert_int_equal(pixel(&picture, 0, 0), BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

/* CUR_FBC_CTL cuts the cursor's height; turned, its last row is the first. */
static void test_cursor_height_and_turn(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	cursor_draw(fixture, 64);
	put32(fixture, CURSOR + 64 * 4 * 8, 0xffabcdef); // row 8
	fixture_write(fixture, UGVT_CUR_FBC_CTL(0), 0x80000007);
	cursor_show(fixture, 0x27, 0, 0);
	picture = capture(fixture);
	assert_int_equal(pixel(&picture, 0, 0), 0xffffff);
	assert_int_equal(pixel(&picture, 0, 8), BACKGROUND);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_CUR_FBC_CTL(0), 0);
	cursor_show(fixture, 0x27 | 0x8000, -32, -32);
	picture = capture(fixture);
	assert_int_equal(pixel(&picture, 31, 31), 0xffffff);
	assert_int_equal(pixel(&picture, 31, 23), 0xabcdef);
	ugvt_picture_finish(&picture);
}

static void test_pipe_off(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	fixture_write(fixture, UGVT_PIPECONF(0), 0);
	picture = capture(fixture);
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

	put32(fixture, FIXTURE_MEMORY - 256, 0xffffff);
	plane_show(fixture, &(struct plane){0, CTL_ON | CTL_FORMAT(4), 4, 0, 0, 64, 17, 0, 15,
				    FIXTURE_MEMORY - 4096});
	picture = capture(fixture);
	assert_int_equal(pixel(&picture, 0, 0), 0xffffff);
	assert_int_equal(pixel(&picture, 1, 0), 0);
	assert_int_equal(pixel(&picture, 0, 1), 0);
	assert_int_equal(pixel(&picture, 63, 16), 0);
	assert_int_equal(pixel(&picture, 0, 17), BACKGROUND);
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
		cursor_show(fixture, 0x23, (int)(seed % 8191) - 4096, (int)(seed / 7 % 8191));
		fixture_write(fixture, UGVT_PIPESRC(0), round % 16 == 0 ? 0xffffffff : 0x01ff00ff);
		picture = capture(fixture);
		assert_in_range(picture.width, 1, 5120);
		assert_in_range(picture.height, 1, 4096);
		ugvt_picture_finish(&picture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tilings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_formats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_formats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rotation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clipping, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overlay, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cursor_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cursor_height_and_turn, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pipe_off, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unmapped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
