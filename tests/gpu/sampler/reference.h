/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_SAMPLER_REFERENCE_H
#define UGVT_TESTS_GPU_SAMPLER_REFERENCE_H

#include "gpu/sampler/sampler.h"
#include "gpu/sampler/surface.h"

/*
 * What sampling means, in plain double arithmetic and one lane at a time, as the definitions of GL 4.6 (8.14) have it: not
 * rounded to fixed point anywhere. Textures are arrays of texels here, not memory.
 */

struct reference_texture {
	enum ugvt_surface_type type; // 1D, 2D, 3D
	int width;
	int height;
	int depth; // slices of 3D, or layers
	int levels;
	float (*texels[UGVT_SURFACE_LODS])[4]; // of each level, x first, then y, then z
};

struct reference_lane {
	double coordinates[3];
	double lod; // computed or given, without bias
	double ref;
	bool compare;
	int layer;
	int offset[3];
};

void reference_sample(const struct reference_texture *texture, const struct ugvt_sampler *sampler,
	const struct reference_lane *lane, double *result);

#endif
