/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_CLIP_H
#define UGVT_GPU_RENDER_CLIP_H

#include "gpu/render/assemble.h"
#include "gpu/render/viewport.h"

/*
 * The clipper, perspective divide and viewport transformation: an object becomes no, one or several primitives. PRM SNB vol 2
 * part 1, "3D Pipeline - CLIP Stage".
 */

enum ugvt_clip_mode {
	UGVT_CLIP_NORMAL = 0,
	UGVT_CLIP_REJECT_ALL = 3,
	UGVT_CLIP_ACCEPT_ALL = 4,
};

/* 3DSTATE_CLIP and what belongs to it. */
struct ugvt_clip {
	const struct ugvt_viewport *viewports;
	uint8_t mode;               // enum ugvt_clip_mode
	uint32_t planes;            // that there are
	bool divide;                // by w
	bool viewport_xy;           // rejects
	bool guardband;             // is what x and y are clipped to
	bool half_z;                // D3D: the near plane is z = 0
	bool zero_layer;            // whatever the vertices say
	bool state_width;           // of points: the vertices don't say it
	uint8_t clip_distances;     // those that clip
	uint8_t cull_distances;     // those that cull
	uint8_t viewport_max;       // above it: 0
	float width;                // of points
	float width_min, width_max; // if the vertices say it
	unsigned vue_dwords;
};

/* Planes, as bits of struct ugvt_vertex's codes: the vertex is outside. */
enum ugvt_clip_code {
	UGVT_CLIP_W, // behind the eye
	UGVT_CLIP_NEAR,
	UGVT_CLIP_FAR,
	UGVT_CLIP_X_MIN, // of the guard band; without one, of the viewport
	UGVT_CLIP_X_MAX,
	UGVT_CLIP_Y_MIN,
	UGVT_CLIP_Y_MAX,
	UGVT_CLIP_USER, // to + 7: distances that clip
	UGVT_CLIP_PLANES = UGVT_CLIP_USER + 8,
	UGVT_CLIP_BAD = 15,      // not finite
	UGVT_CLIP_VIEWPORT = 16, // to + 3: x and y outside the viewport, which only rejects
	UGVT_CLIP_AWAY = 20,     // too far from the screen to be drawn without being clipped
	UGVT_CLIP_CULL = 24,     // to + 7: distances that cull
};

/* Nearer to the eye's plane than this there is nothing: 1 / w has to be a number. */
#define UGVT_CLIP_W_MIN 1e-30f

/* Each plane may add one; and one in hand. */
#define UGVT_CLIP_CORNERS (4 + UGVT_CLIP_PLANES)
/* The most primitives that an object may become. */
#define UGVT_CLIP_PRIMITIVES (UGVT_CLIP_CORNERS - 2)

void ugvt_clip_init(struct ugvt_clip *clip, const struct ugvt_state *state,
	const struct ugvt_viewport viewports[UGVT_VIEWPORTS], unsigned vue_dwords);
/* Codes and places on the screen of count vertices in a row, for a viewport: those of viewport 0 are worth making before they are
 * asked for. */
void ugvt_clip_project(const struct ugvt_clip *clip, unsigned viewport,
	struct ugvt_vertex *vertices, unsigned count);
/* What becomes of object; how many primitives. Positions are finite and at most UGVT_SCREEN_MAX pixels from 0. */
unsigned ugvt_clip_object(const struct ugvt_clip *clip, const struct ugvt_object *object,
	struct ugvt_primitive primitives[UGVT_CLIP_PRIMITIVES]);

#endif
