/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_DISPLAY_PICTURE_H
#define UGVT_TESTS_DISPLAY_PICTURE_H

#include "tests/display/fixture.h"

/* Pictures of pipe A, its source made 64x48, over a bottom colour. */
#define PICTURE_WIDTH 64
#define PICTURE_HEIGHT 48
#define PICTURE_BACKGROUND 0x102030

#define CTL_ON 0x80000000u
#define CTL_FORMAT(f) ((uint32_t)(f) << 24)
#define CTL_RGBX 0x00100000u
#define CTL_X 0x00000400u
#define CTL_Y 0x00001000u
#define CTL_180 0x2u
#define CTL_PREMULTIPLIED 0x20u
#define CTL_STRAIGHT 0x30u

#define PICTURE_SURFACE 0x10000
#define PICTURE_CURSOR 0x80000

struct picture_plane {
	unsigned index;
	uint32_t ctl, stride; // stride in the register's units
	unsigned x, y, width, height;
	unsigned src_x, src_y;
	uint32_t surface;
};

/* For cmocka: *state is a struct fixture. */
int picture_setup(void **state);
int picture_teardown(void **state);

/* Writes a plane's registers, the one that arms it last. */
void picture_plane(struct fixture *fixture, const struct picture_plane *plane);
/* The cursor at PICTURE_CURSOR. */
void picture_cursor(struct fixture *fixture, uint32_t ctl, int x, int y);
/* After the next vblank; to be finished. */
struct ugvt_picture picture_capture(struct fixture *fixture);
uint32_t picture_pixel(const struct ugvt_picture *picture, unsigned x, unsigned y);
void picture_put32(struct fixture *fixture, uint32_t address, uint32_t value);

#endif
