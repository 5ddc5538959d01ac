/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_SCANOUT_H
#define UGVT_DISPLAY_SCANOUT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The seam between display and consoles. A scanout says where a pipe's picture lies in the guest's memory; a picture is a
 * composed copy of it.
 */

/* The formats of a scanout: values of drm_fourcc.h, whose names say which bits of a little-endian pixel hold what. */
#define UGVT_FOURCC(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define UGVT_FORMAT_C8 UGVT_FOURCC('C', '8', ' ', ' ')
#define UGVT_FORMAT_RGB565 UGVT_FOURCC('R', 'G', '1', '6')
#define UGVT_FORMAT_XRGB8888 UGVT_FOURCC('X', 'R', '2', '4')
#define UGVT_FORMAT_XBGR8888 UGVT_FOURCC('X', 'B', '2', '4')
#define UGVT_FORMAT_ARGB8888 UGVT_FOURCC('A', 'R', '2', '4')
#define UGVT_FORMAT_ABGR8888 UGVT_FOURCC('A', 'B', '2', '4')
#define UGVT_FORMAT_XRGB2101010 UGVT_FOURCC('X', 'R', '3', '0')
#define UGVT_FORMAT_XBGR2101010 UGVT_FOURCC('X', 'B', '3', '0')
#define UGVT_FORMAT_XRGB16161616F UGVT_FOURCC('X', 'R', '4', 'H')
#define UGVT_FORMAT_XBGR16161616F UGVT_FOURCC('X', 'B', '4', 'H')

enum ugvt_scanout_tiling {
	UGVT_SCANOUT_LINEAR,
	UGVT_SCANOUT_X,
	UGVT_SCANOUT_Y,
};

struct ugvt_scanout_plane {
	bool on;
	uint32_t fourcc; // UGVT_FORMAT_*
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
