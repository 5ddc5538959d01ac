/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_UNPACK_H
#define UGVT_DISPLAY_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "display/pixel.h"

/* Pixels as they lie in memory; PRM SKL vol 12, "Plane Pixel Formats". */
struct ugvt_packed {
	uint32_t fourcc;         // UGVT_FORMAT_*
	const uint32_t *palette; // of UGVT_FORMAT_C8: 256, x8r8g8b8
	bool spread;             // each pixel of a 4:2:2 format is a pair of its own
};

/* The first count pixels of row. Where there is no alpha it is 1.0. NV12 gives Y, and U and V in the middle. */
void ugvt_unpack(const struct ugvt_packed *packed, const void *row, struct ugvt_pixel *pixels,
	uint32_t count);
/* U and V, of pairs of bytes. */
void ugvt_unpack_chroma(const void *row, struct ugvt_pixel *pixels, uint32_t count);

/* x8r8g8b8; what was in the unused byte is 0. */
void ugvt_pack(const struct ugvt_pixel *pixels, uint32_t *row, uint32_t count);

#endif
