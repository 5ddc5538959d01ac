/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gen/hooks_display.h"
#include "tests/display/picture.h"

/* As skl_scaler.c counts: half of the step less half a sample, modulo 1, in bits 15:1 with 13 of fraction. */
#define PHASE_OF_DOUBLE 0x3000 // -0.25
#define PHASE_OF_HALF 0x2001   // 0.5
#define PS_ON 0x80000000u
#define PS_OF_PLANE(plane) ((uint32_t)(plane) << 25)

struct window {
	unsigned x, y, width, height;
	uint32_t phase;
};

static void scale(
	struct fixture *fixture, unsigned scaler, uint32_t ctl, const struct window *window)
{
	fixture_write(fixture, UGVT_PS_CTRL(0, scaler), ctl);
	fixture_write(fixture, UGVT_PS_VPHASE(0, scaler), window->phase << 16 | window->phase);
	fixture_write(fixture, UGVT_PS_HPHASE(0, scaler), window->phase << 16 | window->phase);
	fixture_write(fixture, UGVT_PS_WIN_POS(0, scaler), window->x << 16 | window->y);
	fixture_write(fixture, UGVT_PS_WIN_SZ(0, scaler), window->width << 16 | window->height);
}

/* Two pixels, black and white, under each other twice. */
static void small_show(struct fixture *fixture, unsigned index, uint32_t ctl)
{
	picture_put32(fixture, PICTURE_SURFACE, 0);
	picture_put32(fixture, PICTURE_SURFACE + 4, 0xffffff);
	picture_put32(fixture, PICTURE_SURFACE + 64, 0);
	picture_put32(fixture, PICTURE_SURFACE + 68, 0xffffff);
	picture_plane(fixture, &(struct picture_plane){index, CTL_ON | CTL_FORMAT(4) | ctl, 1, 0, 0,
				       2, 2, 0, 0, PICTURE_SURFACE});
}

/* Samples are taken at -1/4, 1/4, 3/4 and 5/4. */
static void test_twice_as_large(void **state)
{
	static const uint32_t expected[] = {0x000000, 0x404040, 0xbfbfbf, 0xffffff};
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	for (unsigned turn = 0; turn < 2; turn++) {
		scale(fixture, 1, PS_ON | PS_OF_PLANE(2),
			&(struct window){10, 20, 4, 4, PHASE_OF_DOUBLE});
		small_show(fixture, 1, turn ? CTL_180 : 0);
		picture = picture_capture(fixture);
		for (unsigned x = 0; x < 4; x++) {
			uint32_t wanted = expected[turn ? 3 - x : x];

			assert_int_equal(picture_pixel(&picture, 10 + x, 20), wanted);
			assert_int_equal(picture_pixel(&picture, 10 + x, 23), wanted);
		}
		assert_int_equal(picture_pixel(&picture, 9, 20), PICTURE_BACKGROUND);
		assert_int_equal(picture_pixel(&picture, 10, 24), PICTURE_BACKGROUND);
		assert_int_equal(picture_pixel(&picture, 0, 0), PICTURE_BACKGROUND);
		ugvt_picture_finish(&picture);
	}
}

/* One sample, half way between the two. */
static void test_half_as_large(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	scale(fixture, 0, PS_ON | PS_OF_PLANE(1), &(struct window){1, 1, 1, 1, PHASE_OF_HALF});
	small_show(fixture, 0, 0);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 1, 1), 0x808080);
	assert_int_equal(picture_pixel(&picture, 2, 1), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
}

/* A window that the picture's edge cuts off shows the same pixels as a whole one. */
static void test_window_at_the_edge(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	scale(fixture, 0, PS_ON | PS_OF_PLANE(1),
		&(struct window){PICTURE_WIDTH - 3, PICTURE_HEIGHT - 2, 4, 4, PHASE_OF_DOUBLE});
	small_show(fixture, 0, 0);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, PICTURE_WIDTH - 2, PICTURE_HEIGHT - 1), 0x404040);
	assert_int_equal(picture_pixel(&picture, PICTURE_WIDTH - 1, PICTURE_HEIGHT - 1), 0xbfbfbf);
	ugvt_picture_finish(&picture);
}

/* Nothing happens before the window's size is written, nor before the vblank after. */
static void test_arming(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	small_show(fixture, 0, 0);
	fixture_write(fixture, UGVT_PS_CTRL(0, 0), PS_ON | PS_OF_PLANE(1));
	fixture_write(fixture, UGVT_PS_WIN_POS(0, 0), 30 << 16 | 30);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 1, 0), 0xffffff);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_PS_WIN_SZ(0, 0), 2 << 16 | 2);
	assert_int_equal(ugvt_display_capture(fixture->display, &picture), 0);
	assert_int_equal(picture_pixel(&picture, 1, 0), 0xffffff);
	ugvt_picture_finish(&picture);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 1, 0), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
	fixture_write(fixture, UGVT_PS_CTRL(0, 0), 0);
	fixture_write(fixture, UGVT_PS_WIN_SZ(0, 0), 0);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 1, 0), 0xffffff);
	ugvt_picture_finish(&picture);
}

/* The pipe's source of 64x48, twice as large, on the monitor's 1024x768: black around it. */
static void test_pipe(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	small_show(fixture, 0, 0);
	scale(fixture, 0, PS_ON, &(struct window){100, 50, 128, 96, PHASE_OF_DOUBLE});
	picture = picture_capture(fixture);
	assert_int_equal(picture.width, 1024);
	assert_int_equal(picture.height, 768);
	assert_int_equal(picture_pixel(&picture, 99, 50), 0);
	assert_int_equal(picture_pixel(&picture, 228, 50), 0);
	assert_int_equal(picture_pixel(&picture, 100, 146), 0);
	assert_int_equal(picture_pixel(&picture, 100, 50), 0);
	assert_int_equal(picture_pixel(&picture, 101, 50), 0x404040);
	assert_int_equal(picture_pixel(&picture, 102, 50), 0xbfbfbf);
	assert_int_equal(picture_pixel(&picture, 227, 145), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
}

/* Y is scaled by its own phase, which is above that of U and V: twice as wide, so that each sample of U is four pixels wide. */
static void test_nv12(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	memset(fixture->ram + PICTURE_SURFACE, 16, 0x1000);
	fixture->ram[PICTURE_SURFACE] = fixture->ram[PICTURE_SURFACE + 64] = 235;
	memset(fixture->ram + PICTURE_SURFACE + 0x1000, 128, 0x1000);
	fixture_write(fixture, UGVT_PLANE_AUX_DIST(0, 0), 0x1001);
	scale(fixture, 0, PS_ON | 2u << 28 | PS_OF_PLANE(1),
		&(struct window){0, 0, 32, 32, PHASE_OF_DOUBLE});
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(1), 1, 0, 0, 16, 16,
				       0, 0, PICTURE_SURFACE});
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0xffffff);
	assert_int_equal(picture_pixel(&picture, 1, 0), 0xbfbfbf);
	assert_int_equal(picture_pixel(&picture, 2, 0), 0x404040);
	assert_int_equal(picture_pixel(&picture, 3, 0), 0x000000);
	assert_int_equal(picture_pixel(&picture, 31, 31), 0x000000);
	ugvt_picture_finish(&picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_twice_as_large, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_half_as_large, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_window_at_the_edge, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_arming, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_pipe, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_nv12, picture_setup, picture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
