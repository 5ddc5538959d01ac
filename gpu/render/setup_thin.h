/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_SETUP_THIN_H
#define UGVT_GPU_RENDER_SETUP_THIN_H

#include "gpu/render/setup.h"

/* For gpu/render's setup only. */

/* What a vertex adds to the planes of a shape. */
struct ugvt_corner {
	struct ugvt_grid_point at;
	float z;
	float inverse_w;
	float linear[2];
	float perspective[2];
};

/* false: it has no place. index: of primitive->v. */
bool ugvt_corner_make(const struct ugvt_setup *setup, const struct ugvt_primitive *primitive,
	unsigned index, struct ugvt_corner *corner);

/* A line or a point, with all of the shape's planes; false if it covers nothing. */
bool ugvt_setup_line(
	const struct ugvt_setup *setup, const struct ugvt_corner ends[2], struct ugvt_shape *shape);
bool ugvt_setup_point(const struct ugvt_setup *setup, const struct ugvt_corner *corner, float width,
	struct ugvt_shape *shape);

#endif
