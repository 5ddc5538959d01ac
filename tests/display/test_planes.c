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

#define KEY_SOURCE 0x00200000u
#define KEY_DESTINATION 0x00400000u
#define XRGB (CTL_ON | CTL_FORMAT(4))

/* One row of four pixels at 0, 0. */
static void row_show(
	struct fixture *fixture, unsigned index, uint32_t ctl, const uint32_t pixels[4])
{
	uint32_t surface = PICTURE_SURFACE + 0x1000 * index;

	memcpy(fixture->ram + surface, pixels, 16);
	picture_plane(fixture, &(struct picture_plane){index, ctl, 1, 0, 0, 4, 1, 0, 0, surface});
}

static void row_expect(struct fixture *fixture, const uint32_t expected[4])
{
	struct ugvt_picture picture = picture_capture(fixture);

	for (unsigned x = 0; x < 4; x++) {
		assert_int_equal(picture_pixel(&picture, x, 0), expected[x]);
	}
	ugvt_picture_finish(&picture);
}

/* RGB is compared in the mask's bits. */
static void test_source_key(void **state)
{
	static const uint32_t below[] = {1, 2, 3, 4};
	static const uint32_t above[] = {0xff00ff, 0xff01ff, 0xff00fe, 0x00ff00};
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_PLANE_KEYVAL(0, 1), 0xff00ff);
	fixture_write(fixture, UGVT_PLANE_KEYMSK(0, 1), 0xff00ff);
	row_show(fixture, 0, XRGB, below);
	row_show(fixture, 1, XRGB | KEY_SOURCE, above);
	row_expect(fixture, (const uint32_t[]){1, 2, 0xff00fe, 0x00ff00});
}

/* Where the lower plane does not match it hides the one above, but not the next. */
static void test_destination_key(void **state)
{
	static const uint32_t below[] = {0x00ff00, 0x00ff01, 0x00ff00, 0x123456};
	static const uint32_t middle[] = {11, 12, 13, 14};
	static const uint32_t above[] = {0xff000015, 0, 0, 0xff000018};
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_PLANE_KEYVAL(0, 0), 0x00ff00);
	fixture_write(fixture, UGVT_PLANE_KEYMSK(0, 0), 0xffffff);
	row_show(fixture, 0, XRGB | KEY_DESTINATION, below);
	row_show(fixture, 1, XRGB, middle);
	row_show(fixture, 2, XRGB | CTL_PREMULTIPLIED, above);
	row_expect(fixture, (const uint32_t[]){0x15, 0x00ff01, 13, 0x18});
}

/* YUV is compared channel by channel: V, Y, U from the top, enabled by bits 26:24 of the mask. */
static void test_yuv_key(void **state)
{
	/* XYUV: Y, U, V from bit 23 down. */
	static const uint32_t above[] = {0x808080, 0x7f8080, 0x908080, 0x918080};
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_PLANE_KEYVAL(0, 0), 0x008000);
	fixture_write(fixture, UGVT_PLANE_KEYMAX(0, 0), 0x009000);
	fixture_write(fixture, UGVT_PLANE_KEYMSK(0, 0), 2u << 24);
	row_show(fixture, 0, CTL_ON | CTL_FORMAT(8) | 1u << 28 | KEY_SOURCE, above);
	row_expect(fixture,
		(const uint32_t[]){PICTURE_BACKGROUND, 0x7f7f7f, PICTURE_BACKGROUND, 0x919191});
}

/* Of a plane as a whole, in KEYMAX if KEYMSK says so; times that of a pixel. 0x80 is 128/255, and so on. */
static void test_opacity(void **state)
{
	static const uint32_t below[] = {0, 0xffffff, 0, 0};
	static const uint32_t opaque[] = {0xffffff, 0, 0x808080, 0xff0000};
	static const uint32_t straight[] = {0x80ffffff, 0x80000000, 0x00ffffff, 0xffff0000};
	static const uint32_t premultiplied[] = {0x80808080, 0x80000000, 0x00000000, 0xffff0000};
	struct fixture *fixture = *state;

	fixture_write(fixture, UGVT_PLANE_KEYMAX(0, 1), 0x33000000); // 0.2
	row_show(fixture, 0, XRGB, below);
	row_show(fixture, 1, XRGB, opaque);
	row_expect(fixture, opaque);
	fixture_write(fixture, UGVT_PLANE_KEYMSK(0, 1), 0x80000000);
	row_show(fixture, 1, XRGB, opaque);
	row_expect(fixture, (const uint32_t[]){0x333333, 0xcccccc, 0x1a1a1a, 0x330000});
	row_show(fixture, 1, XRGB | CTL_STRAIGHT, straight);
	row_expect(fixture, (const uint32_t[]){0x1a1a1a, 0xe5e5e5, 0x000000, 0x330000});
	row_show(fixture, 1, XRGB | CTL_PREMULTIPLIED, premultiplied);
	row_expect(fixture, (const uint32_t[]){0x1a1a1a, 0xe5e5e5, 0x000000, 0x330000});
	fixture_write(fixture, UGVT_PLANE_KEYMAX(0, 1), 0);
	row_show(fixture, 1, XRGB, opaque);
	row_expect(fixture, below);
}

/* A cursor over a plane makes the row one that is blended; what it does not cover stays as it was. */
static void test_ways_agree(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_picture without, with;

	for (unsigned i = 0; i < 256; i++) {
		picture_put32(fixture, PICTURE_SURFACE + 4 * i, i * 0x010203);
	}
	picture_plane(
		fixture, &(struct picture_plane){0, XRGB, 4, 0, 0, 64, 4, 0, 0, PICTURE_SURFACE});
	without = picture_capture(fixture);
	picture_cursor(fixture, 0x27, 0, 0);
	with = picture_capture(fixture);
	assert_memory_equal(without.pixels, with.pixels, 64 * 48 * 4);
	ugvt_picture_finish(&without);
	ugvt_picture_finish(&with);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_source_key, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_destination_key, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_yuv_key, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_opacity, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_ways_agree, picture_setup, picture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
