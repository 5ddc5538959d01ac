/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VIEWPORT_H
#define UGVT_GPU_RENDER_VIEWPORT_H

#include "gpu/render/state.h"

#define UGVT_VIEWPORTS 16

/* A SF_CLIP_VIEWPORT (Mesa gen9.xml). */
struct ugvt_viewport {
	float scale[3], offset[3]; // of x, y and z: pixels = ndc * scale + offset
	/* Low and high limit of x and of y, as multiples of w. Without a guard band: infinite. */
	float guardband[2][2];
	/* The viewport's extents, in pixels, both limits included: nothing is drawn outside. Not to be heeded if the viewport
	 * transformation is off. */
	float x_min, x_max, y_min, y_max;
};

/* Loads those that 3DSTATE_CLIP says there are; the others become copies of the first. */
void ugvt_viewports_load(const struct ugvt_state *state, struct ugvt_aspace *as,
	struct ugvt_viewport viewports[UGVT_VIEWPORTS]);

#endif
