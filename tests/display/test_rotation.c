/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gen/hooks_display.h"
#include "gpu/mem/tiling.h"
#include "tests/display/picture.h"

/*
 * A surface of 2 x 2 tiles. As PRM SKL vol 12, "Plane Rotation Programming", has it, its pages are mapped a second time: each row
 * of the second view is a column of the surface, from the bottom up. Sizes are exchanged, and of the rectangle
 * of w x h at x, y the second view's offset is the surface's height - y - h, x.
 */
#define VIEW 0x200000
#define RECT_X 5
#define RECT_Y 9
#define RECT_WIDTH 40
#define RECT_HEIGHT 32

#define CTL_YF 0x00001400u
#define CTL_90 1u
#define CTL_270 3u

struct surface {
	uint32_t ctl;
	enum ugvt_tiling tiling;
	unsigned cpp;
};

static void view_map(struct fixture *fixture)
{
	static const uint32_t pages[] = {2, 0, 3, 1};

	for (unsigned i = 0; i < 4; i++) {
		uint64_t entry = (PICTURE_SURFACE + pages[i] * UGVT_PAGE_SIZE) | 1;

		ugvt_ggtt_write(&fixture->ggtt, (VIEW / UGVT_PAGE_SIZE + i) * 8, &entry, 8);
	}
}

static uint32_t colour(unsigned x, unsigned y)
{
	return (x * 3 & 0xff) << 16 | (y * 2 & 0xff) << 8 | ((x + y) & 0xff);
}

static uint8_t *byte_at(
	struct fixture *fixture, const struct surface *surface, unsigned x, unsigned y)
{
	uint32_t pitch = 2 * ugvt_tile_width(surface->tiling);

	return fixture->ram + PICTURE_SURFACE + ugvt_tile_offset(surface->tiling, pitch, x, y);
}

static void surface_draw(struct fixture *fixture, const struct surface *surface)
{
	unsigned width = 2 * ugvt_tile_width(surface->tiling) / 4;

	for (unsigned y = 0; y < 2 * ugvt_tile_height(surface->tiling); y++) {
		for (unsigned x = 0; x < width; x++) {
			uint32_t value = colour(x, y);

			memcpy(byte_at(fixture, surface, 4 * x, y), &value, 4);
		}
	}
}

static struct ugvt_picture turned(
	struct fixture *fixture, const struct surface *surface, uint32_t turn)
{
	unsigned height = 2 * ugvt_tile_height(surface->tiling);

	picture_plane(fixture,
		&(struct picture_plane){0, CTL_ON | surface->ctl | turn, 2, 3, 4, RECT_HEIGHT,
			RECT_WIDTH, height - RECT_Y - RECT_HEIGHT, RECT_X, VIEW});
	return picture_capture(fixture);
}

static void test_quarters(void **state)
{
	static const struct surface surfaces[] = {
		{CTL_FORMAT(4) | CTL_Y, UGVT_TILING_Y, 4},
		{CTL_FORMAT(4) | CTL_YF, UGVT_TILING_YF_32, 4},
	};
	struct fixture *fixture = *state;

	view_map(fixture);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(surfaces); i++) {
		struct ugvt_picture right, left;

		surface_draw(fixture, &surfaces[i]);
		right = turned(fixture, &surfaces[i], CTL_90);
		left = turned(fixture, &surfaces[i], CTL_270);
		for (unsigned y = 0; y < RECT_WIDTH; y++) {
			for (unsigned x = 0; x < RECT_HEIGHT; x++) {
				assert_int_equal(picture_pixel(&right, 3 + x, 4 + y),
					colour(RECT_X + y, RECT_Y + RECT_HEIGHT - 1 - x));
				assert_int_equal(picture_pixel(&left, 3 + x, 4 + y),
					colour(RECT_X + RECT_WIDTH - 1 - y, RECT_Y + x));
			}
		}
		ugvt_picture_finish(&right);
		ugvt_picture_finish(&left);
	}
}

/* A pair of pixels shares U and V also where it lies across rows. Grey, but for pairs at x 8, whose first pixel is red. */
static void test_pairs(void **state)
{
	static const struct surface surface = {CTL_FORMAT(0) | CTL_Y, UGVT_TILING_Y, 2};
	struct fixture *fixture = *state;
	struct ugvt_picture picture;

	view_map(fixture);
	memset(fixture->ram + PICTURE_SURFACE, 128, 4 * UGVT_PAGE_SIZE);
	for (unsigned y = 0; y < 64; y++) {
		memcpy(byte_at(fixture, &surface, 2 * 8, y), (uint8_t[]){81, 90, 16, 240}, 4);
	}
	picture = turned(fixture, &surface, CTL_90);
	assert_int_equal(picture_pixel(&picture, 3, 4 + 8 - RECT_X), 0xfe0000);
	assert_int_equal(picture_pixel(&picture, 3, 4 + 9 - RECT_X), 0xb30000);
	assert_int_equal(picture_pixel(&picture, 3, 4 + 7 - RECT_X), 0x828282);
	ugvt_picture_finish(&picture);
}

/* Pages that are not there are black. */
static void test_unmapped_view(void **state)
{
	static const struct surface surface = {CTL_FORMAT(4) | CTL_Y, UGVT_TILING_Y, 4};
	struct fixture *fixture = *state;
	struct ugvt_picture picture = turned(fixture, &surface, CTL_90);

	assert_int_equal(picture_pixel(&picture, 3, 4), 0);
	assert_int_equal(picture_pixel(&picture, 2, 4), PICTURE_BACKGROUND);
	ugvt_picture_finish(&picture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_quarters, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(test_pairs, picture_setup, picture_teardown),
		cmocka_unit_test_setup_teardown(
			test_unmapped_view, picture_setup, picture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
