/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_SCANOUT_H
#define UGVT_DISPLAY_SCANOUT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The seam between display and consoles. A scanout says where a pipe's picture lies in the guest's memory; a picture is a
 * composed copy of it.
 */

enum ugvt_scanout_tiling {
	UGVT_SCANOUT_LINEAR,
	UGVT_SCANOUT_X,
	UGVT_SCANOUT_Y,
};

struct ugvt_scanout_plane {
	bool on;
	uint32_t fourcc; // DRM_FORMAT_*
	enum ugvt_scanout_tiling tiling;
	uint32_t stride;        // bytes from a row to the next
	uint32_t surface;       // GGTT address
	int32_t x, y;           // on the pipe, pixels
	uint32_t width, height; // pixels
	uint32_t src_x, src_y;  // first pixel shown
};

struct ugvt_scanout {
	uint32_t width, height; // of the pipe, pixels
	uint32_t refresh_mhz;   // mHz
	struct ugvt_scanout_plane primary;
	struct ugvt_scanout_plane cursor; // premultiplied ARGB8888
};

/* Rows of x8r8g8b8 pixels, top down; owned by whoever holds the struct. */
struct ugvt_picture {
	uint32_t width, height;
	uint32_t stride; // bytes
	uint32_t *pixels;
};

void ugvt_picture_finish(struct ugvt_picture *picture);

#endif
