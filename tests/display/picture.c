/* SPDX-License-Identifier: MIT */
#include "tests/display/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gen/hooks_display.h"

int picture_setup(void **state)
{
	struct fixture *fixture = fixture_create();

	fixture_pipe_on(fixture, 1024, 768);
	fixture_write(fixture, UGVT_PIPESRC(0), (PICTURE_WIDTH - 1) << 16 | (PICTURE_HEIGHT - 1));
	fixture_write(fixture, UGVT_BOTTOM_COLOR(0), 0x10u << 22 | 0x20u << 12 | 0x30u << 2);
	*state = fixture;
	return 0;
}

int picture_teardown(void **state)
{
	fixture_destroy(*state);
	return 0;
}

void picture_plane(struct fixture *fixture, const struct picture_plane *plane)
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

void picture_cursor(struct fixture *fixture, uint32_t ctl, int x, int y)
{
	uint32_t pos = (uint32_t)abs(x) | (uint32_t)abs(y) << 16;

	pos |= (x < 0 ? 0x8000u : 0) | (y < 0 ? 0x80000000u : 0);
	fixture_write(fixture, UGVT_CUR_CTL(0), ctl);
	fixture_write(fixture, UGVT_CUR_POS(0), pos);
	fixture_write(fixture, UGVT_CUR_BASE(0), PICTURE_CURSOR);
}

struct ugvt_picture picture_capture(struct fixture *fixture)
{
	struct ugvt_picture picture;

	fixture_run_to(fixture, fixture_now() + 20 * UGVT_NS_PER_MS);
	assert_int_equal(ugvt_display_capture(fixture->display, &picture), 0);
	return picture;
}

uint32_t picture_pixel(const struct ugvt_picture *picture, unsigned x, unsigned y)
{
	return picture->pixels[y * picture->stride / 4 + x];
}

void picture_put32(struct fixture *fixture, uint32_t address, uint32_t value)
{
	memcpy(fixture->ram + address, &value, 4);
}
