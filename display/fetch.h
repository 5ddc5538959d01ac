/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_FETCH_H
#define UGVT_DISPLAY_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "gpu/mem/aspace.h"
#include "gpu/mem/tiling.h"

/*
 * Reads a rectangle of a surface from memory, row by row: a whole row of tiles at a time, in a memory window of its own.
 * Whatever can't be read is 0.
 */

struct ugvt_surface {
	uint32_t address; // GGTT, wraps
	uint32_t stride;  // as that of struct ugvt_scanout_plane
	enum ugvt_tiling tiling;
	uint8_t cpp; // bytes of a pixel
	bool turned; // tiles lie as in a picture turned by 90 degrees clockwise, but hold it unturned
	bool paired; // pixels come in pairs of 4 bytes, Y0 U Y1 V in some order; the rectangle's x is even
	uint8_t luma;                 // paired: byte of the first Y, the second's is 2 more
	uint32_t x, y, width, height; // the rectangle, pixels; of the turned picture
};

struct ugvt_fetch {
	struct ugvt_aspace *as;
	struct ugvt_surface surface;
	uint32_t first, count; // rows of the rectangle that are in rows
	size_t row_size;       // bytes
	char *rows;
};

/* as and its memory are kept. false if out of memory (nothing to finish then). */
bool ugvt_fetch_init(
	struct ugvt_fetch *fetch, struct ugvt_aspace *as, const struct ugvt_surface *surface);
/* No-op on a zeroed one. */
void ugvt_fetch_finish(struct ugvt_fetch *fetch);
/* Row y of the rectangle, valid until the next call. Of a paired surface that is turned each pixel is a pair of 4 bytes,
 * its own Y the first. */
const void *ugvt_fetch_row(struct ugvt_fetch *fetch, uint32_t y);

#endif
