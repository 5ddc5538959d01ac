/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_PLAN_H
#define UGVT_GPU_SAMPLER_PLAN_H

#include "gpu/sampler/sample.h"

/* For gpu/sampler only: what a sample message comes down to, lane by lane, before any texel is fetched. */

enum {
	UGVT_WEIGHT_BITS = 8, // of filter weights
	UGVT_WEIGHT_ONE = 1 << UGVT_WEIGHT_BITS,
	/* Texels that may lie outside before wrapping: offsets of gather4_po reach 32 texels, steps of anisotropy 16. */
	UGVT_AXIS_MARGIN = 128,
};

/* log2(1 + x) / x for x from 0 to 1, within 3e-6: factors of x^0 to x^5. */
#define UGVT_LOG2_POLYNOMIAL                                                           \
	{                                                                              \
		1.44254494f, -0.718145244f, 0.457549141f, -0.277905237f, 0.121797816f, \
			-0.0258414187f                                                 \
	}

/* The first three are set by who makes it, the others by the functions below. */
struct ugvt_plan {
	const struct ugvt_surface *surface;
	const struct ugvt_sampler *sampler;
	const struct ugvt_sample *sample;
	unsigned axes;                                 // that are filtered: 1 to 3
	enum ugvt_wrap wrap[3];                        // as the surface takes it
	_Alignas(64) float coordinates[3][UGVT_LANES]; // on the face of a cube; normalised or not
	_Alignas(64) uint32_t slice[UGVT_LANES];       // layer, or cube * 6 + face
	_Alignas(64) float raw_lod[UGVT_LANES];        // before bias and clamps
	_Alignas(64) float lod[UGVT_LANES];            // after
	_Alignas(64) uint32_t level[UGVT_LANES];       // from LOD 0 of the memory on
	_Alignas(64) uint32_t blend[UGVT_LANES];       // weight of the next level
	_Alignas(64) float step[2][UGVT_LANES];        // anisotropy: from a sample to the next
	_Alignas(64) float ratio[UGVT_LANES];          // anisotropy: 1 or more, else 1
	bool anisotropic;                              // some ratio is more than 1
	uint16_t linear;                               // lanes
	uint16_t magnified;
	uint16_t outside; // below Resource Min LOD
};

/* Coordinates and slices; gradients in texels of the surface's first level. */
void ugvt_plan_coordinates(struct ugvt_plan *plan);
void ugvt_plan_gradients(const struct ugvt_plan *plan, struct ugvt_gradients *gradients);
/* LODs, levels, filters. */
void ugvt_plan_lods(struct ugvt_plan *plan);

/* The two texels of an axis (the second only if weight is not 0). */
struct ugvt_axis {
	_Alignas(64)
		int32_t texel[2][UGVT_LANES]; // -1: the border; CUBE: not wrapped, perhaps outside
	_Alignas(64) uint32_t weight[UGVT_LANES]; // of the second
};

/* Level sizes are those of the lanes' levels. shift[lane]: in steps of plan->step. */
struct ugvt_axis_place {
	unsigned axis;
	const uint32_t *size;
	const float *shift; // NULL: none
	bool pair;          // of all lanes, whatever their filter
};

void ugvt_plan_axis(
	const struct ugvt_plan *plan, const struct ugvt_axis_place *place, struct ugvt_axis *axis);

/* Inside of a level of that size, or -1: the border. */
int32_t ugvt_wrap_texel(enum ugvt_wrap wrap, int32_t texel, int32_t size);

/* The face (0 to 5) of a vector, and where on it, 0 to 1. */
unsigned ugvt_cube_face(const float *vector, float *s, float *t);
/* Moves a texel that is outside of its face in one direction to the face that it is on. Texels in both directions (corners)
 * are on none: false. */
bool ugvt_cube_fold(unsigned *face, int32_t *x, int32_t *y, int32_t size);
/* Where a vector meets the plane of a face that may not be its own: -1 to 1 on the face. */
void ugvt_cube_onto(unsigned face, const float *vector, float *s, float *t);
/* d(s), d(t) on the face, times 2, of a vector's derivative. */
void ugvt_cube_project(unsigned face, const float *vector, float *s, float *t);

#endif
