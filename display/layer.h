/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_LAYER_H
#define UGVT_DISPLAY_LAYER_H

#include "display/fetch.h"
#include "display/plane.h"
#include "display/resample.h"
#include "display/unpack.h"

/*
 * The rows of one plane as they lie on the picture: fetched, turned, scaled, keyed, converted to RGB and multiplied by their
 * alpha, in that order (PRM SKL vol 12, "Universal Plane").
 */

/* The samples of one kind: all of a pixel, or Y, or U and V. */
struct ugvt_layer_source {
	struct ugvt_fetch fetch;
	struct ugvt_packed packed;
	bool chroma;
	bool flipped; // by 180 degrees
	bool scaled;
	uint32_t skip; // pixels of a fetched row before the first
	struct ugvt_resample resample;
	struct ugvt_pixel *pixels; // as fetched
};

struct ugvt_layer {
	const struct ugvt_plane_image *image;
	uint32_t x, y, width, height; // on the picture, and within it
	bool plain;                   // rows are x8r8g8b8 and cover what is below
	struct ugvt_layer_source source;
	struct ugvt_layer_source chroma; // NV12
	struct ugvt_pixel *row, *chroma_row;
	uint8_t *hides; // key is UGVT_PLANE_KEY_DESTINATION: for each pixel of the row
};

/* The picture that it is for. */
struct ugvt_layer_picture {
	struct ugvt_aspace *as;
	const uint32_t *palette;
	uint32_t width, height;
};

/* image is kept and must be on; picture is not. A layer of no height if nothing of it is on the picture. false if out of memory;
 * to be finished in any case. */
bool ugvt_layer_init(struct ugvt_layer *layer, const struct ugvt_plane_image *image,
	const struct ugvt_layer_picture *picture);
void ugvt_layer_finish(struct ugvt_layer *layer);

/* Row y of the picture, which must be within the layer, width pixels; valid until the next call. Only of plain ones. */
const uint32_t *ugvt_layer_plain_row(struct ugvt_layer *layer, uint32_t y);
/* The same of any: premultiplied pixels. */
const struct ugvt_pixel *ugvt_layer_row(struct ugvt_layer *layer, uint32_t y);

#endif
