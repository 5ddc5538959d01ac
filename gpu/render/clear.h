/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_CLEAR_H
#define UGVT_GPU_RENDER_CLEAR_H

#include "gpu/render/pixel.h"

/*
 * Clears that no shader does: of a render target that is "fast cleared" (3DSTATE_PS), and of depth and stencil by
 * 3DSTATE_WM_HZ_OP. Auxiliary surfaces are passed through: what such a clear means for them is written to the surface
 * itself, and resolves have nothing to do.
 */

enum ugvt_clear_kind {
	UGVT_CLEAR_COLOR,
	UGVT_CLEAR_DEPTH_STENCIL,
};

/* The shape that covers what is to be cleared: for colour all of the level that binding table entry 0 describes. false:
 * nothing. */
bool ugvt_clear_shape(struct ugvt_pixel *pixel, enum ugvt_clear_kind kind, uint16_t layer,
	struct ugvt_shape *shape);
/* Clears the pixels of box, which is part of one tile and not empty, in the layer of the shape that pixel has. */
void ugvt_clear_tile(
	struct ugvt_pixel *pixel, enum ugvt_clear_kind kind, const struct ugvt_pixel_box *box);

#endif
