/* SPDX-License-Identifier: MIT */
#ifndef UGVT_REPLAY_PICTURE_H
#define UGVT_REPLAY_PICTURE_H

#include "display/scanout.h"
#include "gpu/mem/aspace.h"

/*
 * What is in a render target: the level and the first layer that it leads to. Colours stand as they are stored, so that those of an
 * sRGB format are right on a screen; signed and unlimited ones are cut off at 0 and 1, integers at 0 and 255; what is neither
 * red, green nor blue is not shown. Of a multisampled target, the samples' mean.
 */

/* Inside a guest memory window. state: a RENDER_SURFACE_STATE. false: there is nothing to be seen, or no memory. */
bool ugvt_target_picture(
	const uint32_t *state, struct ugvt_aspace *as, struct ugvt_picture *picture);

#endif
