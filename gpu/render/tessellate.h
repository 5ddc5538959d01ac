/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_TESSELLATE_H
#define UGVT_GPU_RENDER_TESSELLATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The fixed-function tessellator: factors of a patch become points of its domain, and points, lines or triangles of those. Rules: GL
 * 4.6 core, 11.2.2, "Tessellation Primitive Generation"; where shorter segments lie if factors are no whole numbers, and
 * what counts as 1: Direct3D 11.3 functional specification, 14.7, "Tessellator".
 */

enum ugvt_tess_domain {
	UGVT_TESS_QUAD,
	UGVT_TESS_TRIANGLE,
	UGVT_TESS_ISOLINE,
};

enum ugvt_tess_topology {
	UGVT_TESS_POINTS,
	UGVT_TESS_LINES,
	UGVT_TESS_CLOCKWISE, // triangles, with u to the right and v downwards
	UGVT_TESS_COUNTERCLOCKWISE,
};

enum ugvt_tess_partitioning {
	UGVT_TESS_INTEGER,
	UGVT_TESS_ODD,
	UGVT_TESS_EVEN,
};

enum {
	UGVT_TESS_FACTOR_MAX = 64,
	UGVT_TESS_POINTS_MAX = (UGVT_TESS_FACTOR_MAX + 1) * (UGVT_TESS_FACTOR_MAX + 1),
	UGVT_TESS_INDICES_MAX = 3 * 2 * UGVT_TESS_FACTOR_MAX * UGVT_TESS_FACTOR_MAX,
};

struct ugvt_tess_input {
	uint8_t domain, topology, partitioning; // enums
	float max_odd, max_even;                // limits of factors, by what they are rounded to
	float outer
		[4]; // of the edges u = 0, v = 0, u = 1, v = 1; u = 0, v = 0, w = 0; of lines: how many, and of how many pieces
	float inner[2]; // along u, along v
};

struct ugvt_tess_output {
	unsigned points, indices;
	unsigned each; // indices of a primitive: 1, 2 or 3
	float u[UGVT_TESS_POINTS_MAX], v[UGVT_TESS_POINTS_MAX];
	uint16_t index[UGVT_TESS_INDICES_MAX];
};

/* A patch with a factor that is not above zero comes to nothing. */
void ugvt_tessellate(const struct ugvt_tess_input *in, struct ugvt_tess_output *out);

#endif
