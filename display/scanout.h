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
#define UGVT_FORMAT_XYUV8888 UGVT_FOURCC('X', 'Y', 'U', 'V')
#define UGVT_FORMAT_YUYV UGVT_FOURCC('Y', 'U', 'Y', 'V')
#define UGVT_FORMAT_UYVY UGVT_FOURCC('U', 'Y', 'V', 'Y')
#define UGVT_FORMAT_YVYU UGVT_FOURCC('Y', 'V', 'Y', 'U')
#define UGVT_FORMAT_VYUY UGVT_FOURCC('V', 'Y', 'U', 'Y')
#define UGVT_FORMAT_NV12 UGVT_FOURCC('N', 'V', '1', '2') // the rows of U and V lie elsewhere

enum ugvt_scanout_tiling {
	UGVT_SCANOUT_LINEAR,
	UGVT_SCANOUT_X,
	UGVT_SCANOUT_Y,
	UGVT_SCANOUT_YF,
};

/* Clockwise. With 90 and 270 the surface is one whose tiles are arranged as in a picture turned by 90 degrees, while each holds what
 * it does unturned: PRM SKL vol 12, "Plane Rotation Programming". Sizes and positions are the turned picture's. */
enum ugvt_scanout_rotation {
	UGVT_SCANOUT_0,
	UGVT_SCANOUT_90,
	UGVT_SCANOUT_180,
	UGVT_SCANOUT_270,
};

struct ugvt_scanout_plane {
	bool on;
	uint32_t fourcc; // UGVT_FORMAT_*
	enum ugvt_scanout_tiling tiling;
	enum ugvt_scanout_rotation rotation;
	uint32_t stride;  // bytes from a row to the next; if tiled, tiles times the width of one
	uint32_t surface; // GGTT address
	int32_t x, y;     // on the pipe, pixels
	uint32_t width, height;         // on the pipe, pixels
	uint32_t src_x, src_y;          // first pixel shown
	uint32_t src_width, src_height; // pixels shown, scaled to width x height
};

struct ugvt_scanout {
	uint32_t width, height; // of the pipe, pixels
	uint32_t refresh_mhz;   // mHz
	struct ugvt_scanout_plane primary;
	struct ugvt_scanout_plane cursor; // premultiplied ARGB8888
};

/* Rows of x8r8g8b8 pixels, x 0, top down; owned by whoever holds the struct. */
struct ugvt_picture {
	uint32_t width, height;
	uint32_t stride; // bytes
	uint32_t *pixels;
};

void ugvt_picture_finish(struct ugvt_picture *picture);

#endif
