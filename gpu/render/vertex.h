/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_H
#define UGVT_GPU_RENDER_VERTEX_H

#include <stdbool.h>
#include <stdint.h>

/* A vertex on its way from the last shader to the back: its entry, and what the clipper found out about it once. */
struct ugvt_vertex {
	uint32_t *vue;     // dwords: see struct ugvt_primitive
	uint32_t codes;    // UGVT_CLIP_*
	uint8_t projected; // 1 + the viewport that codes and screen are of; 0: they are not yet
	bool edge;         // edge flag: of the edge that starts here
	float screen[4];   // x, y, z, 1 / w; with w > 0 only
};

#endif
