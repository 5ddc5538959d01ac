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

#define CTL_FULL_RANGE 0x10000000u
#define CTL_BT709 0x00040000u
#define CTL_ORDER(o) ((uint32_t)(o) << 16)
#define NV12 CTL_FORMAT(1)
#define CHROMA 0x3000 // from the surface

/* Colours of Y, U and V, by the formulae of ITU-R BT.601 and BT.709. */
static const struct {
	uint32_t ctl;
	uint8_t y, u, v;
	uint32_t expected;
} colours[] = {
	{0, 16, 128, 128, 0x000000},
	{0, 235, 128, 128, 0xffffff},
	{0, 81, 90, 240, 0xfe0000},
	{CTL_BT709, 63, 102, 240, 0xff0100},
	{CTL_FULL_RANGE, 76, 85, 255, 0xfe0000},
	{CTL_FULL_RANGE | CTL_BT709, 100, 128, 128, 0x646464},
	{CTL_FULL_RANGE | CTL_BT709, 54, 99, 255, 0xfe0000},
};

static void test_colours(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(colours); i++) {
		struct ugvt_picture picture;

		picture_put32(fixture, PICTURE_SURFACE,
			0xff000000 | (uint32_t)colours[i].y << 16 | (uint32_t)colours[i].u << 8 |
				colours[i].v);
		picture_plane(
			fixture, &(struct picture_plane){0, CTL_ON | CTL_FORMAT(8) | colours[i].ctl,
					 1, 0, 0, 1, 1, 0, 0, PICTURE_SURFACE});
		picture = picture_capture(fixture);
		assert_int_equal(picture_pixel(&picture, 0, 0), colours[i].expected);
		ugvt_picture_finish(&picture);
	}
}

/* Red in the first pair of pixels, white and black in the second; from an odd pixel on, too, and turned by 180 degrees. */
static void test_packed(void **state)
{
	static const uint8_t pairs[4][8] = {
		{81, 90, 81, 240, 235, 128, 16, 128}, // YUYV
		{90, 81, 240, 81, 128, 235, 128, 16}, // UYVY
		{81, 240, 81, 90, 235, 128, 16, 128}, // YVYU
		{240, 81, 90, 81, 128, 235, 128, 16}, // VYUY
	};
	static const uint32_t expected[] = {0xfe0000, 0xfe0000, 0xffffff, 0x000000};
	struct fixture *fixture = *state;

	for (unsigned order = 0; order < 4; order++) {
		for (unsigned skip = 0; skip < 4; skip++) {
			struct ugvt_picture picture;
			unsigned count = 4 - skip;
			uint32_t ctl = CTL_ON | CTL_FORMAT(0) | CTL_ORDER(order);

			memcpy(fixture->ram + PICTURE_SURFACE, pairs[order], 8);
			picture_plane(fixture, &(struct picture_plane){0, ctl, 1, 0, 0, count, 1,
						       skip, 0, PICTURE_SURFACE});
			picture_plane(fixture, &(struct picture_plane){1, ctl | CTL_180, 1, 8, 0,
						       count, 1, skip, 0, PICTURE_SURFACE});
			picture = picture_capture(fixture);
			for (unsigned x = 0; x < count; x++) {
				assert_int_equal(picture_pixel(&picture, x, 0), expected[skip + x]);
				assert_int_equal(
					picture_pixel(&picture, 8 + x, 0), expected[3 - x]);
			}
			ugvt_picture_finish(&picture);
		}
	}
}

static void nv12_show(struct fixture *fixture, uint32_t ctl, uint32_t aux_offset)
{
	fixture_write(fixture, UGVT_PLANE_AUX_DIST(0, 0), CHROMA | 1);
	fixture_write(fixture, UGVT_PLANE_AUX_OFFSET(0, 0), aux_offset);
	picture_plane(fixture, &(struct picture_plane){0, CTL_ON | NV12 | ctl, 1, 0, 0, 16, 16, 0,
				       0, PICTURE_SURFACE});
}

/* All of Y is 81; the left upper sample of U and V makes it red, others leave it grey. */
static void test_nv12(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	memset(fixture->ram + PICTURE_SURFACE, 81, 0x1000);
	memset(fixture->ram + PICTURE_SURFACE + CHROMA, 128, 0x1000);
	fixture->ram[PICTURE_SURFACE + CHROMA + 64 + 2] = 90;
	fixture->ram[PICTURE_SURFACE + CHROMA + 64 + 3] = 240;
	nv12_show(fixture, 0, 1 << 16 | 1);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0xfe0000);
	assert_int_equal(picture_pixel(&picture, 15, 15), 0x4c4c4c);
	assert_int_equal(picture_pixel(&picture, 4, 0), 0x4c4c4c);
	assert_int_equal(picture_pixel(&picture, 16, 15), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
	nv12_show(fixture, CTL_180, 1 << 16 | 1);
	picture = picture_capture(fixture);
	assert_int_equal(picture_pixel(&picture, 15, 15), 0xfe0000);
	assert_int_equal(picture_pixel(&picture, 0, 0), 0x4c4c4c);
	ugvt_picture_finish(&picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_colours, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_packed, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_nv12, picture_setup, picture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
