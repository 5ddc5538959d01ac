/* SPDX-License-Identifier: MIT */
#include "gpu/render/viewport.h"

#include <math.h>

#define VIEWPORT_DWORDS 16

/* Dwords of SF_CLIP_VIEWPORT. */
#define AT_SCALE 0
#define AT_OFFSET 3
#define AT_GUARDBAND 8
#define AT_EXTENTS 12

static void viewport_decode(
	const struct ugvt_state *state, const uint32_t *dw, struct ugvt_viewport *viewport)
{
	bool transform = ugvt_state_sf_transform(state);
	bool guardband = ugvt_state_clip_guardband(state);

	for (unsigned i = 0; i < 3; i++) {
		viewport->scale[i] = transform ? ugvt_state_float(dw[AT_SCALE + i]) : 1;
		viewport->offset[i] = transform ? ugvt_state_float(dw[AT_OFFSET + i]) : 0;
	}
	for (unsigned i = 0; i < 2; i++) {
		const uint32_t *limits = dw + AT_GUARDBAND + 2 * i;

		viewport->guardband[i][0] = guardband ? ugvt_state_float(limits[0]) : -INFINITY;
		viewport->guardband[i][1] = guardband ? ugvt_state_float(limits[1]) : INFINITY;
	}
	viewport->x_min = ugvt_state_float(dw[AT_EXTENTS]);
	viewport->x_max = ugvt_state_float(dw[AT_EXTENTS + 1]);
	viewport->y_min = ugvt_state_float(dw[AT_EXTENTS + 2]);
	viewport->y_max = ugvt_state_float(dw[AT_EXTENTS + 3]);
}

void ugvt_viewports_load(const struct ugvt_state *state, struct ugvt_aspace *as,
	struct ugvt_viewport viewports[UGVT_VIEWPORTS])
{
	ugvt_gpu_addr addr = ugvt_state_sf_clip_viewports(state);
	unsigned count = ugvt_state_clip_viewport_max(state) + 1;
	/* Nobody looks at them, and the pointer may be stale. */
	bool used = ugvt_state_sf_transform(state) || ugvt_state_clip_enable(state);

	for (unsigned i = 0; i < count; i++) {
		uint32_t dw[VIEWPORT_DWORDS] = {0};

		if (used) {
			ugvt_aspace_read(as, addr + i * sizeof(dw), dw, sizeof(dw));
		}
		viewport_decode(state, dw, &viewports[i]);
	}
	for (unsigned i = count; i < UGVT_VIEWPORTS; i++) {
		viewports[i] = viewports[0];
	}
}
