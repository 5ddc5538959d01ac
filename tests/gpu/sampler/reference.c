/* SPDX-License-Identifier: MIT */
#include "tests/gpu/sampler/reference.h"

#include <math.h>
#include <string.h>

static double clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* GL 4.6, table 8.20; -1: the border. */
static int wrap(enum ugvt_wrap mode, int i, int size)
{
	int m;

	switch (mode) {
	case UGVT_WRAP_REPEAT: return (i % size + size) % size;
	case UGVT_WRAP_MIRROR:
		m = (i % (2 * size) + 2 * size) % (2 * size);
		return size - 1 - (m - size >= 0 ? m - size : -(1 + (m - size)));
	case UGVT_WRAP_MIRROR_ONCE: m = i >= 0 ? i : -(1 + i); return m > size - 1 ? size - 1 : m;
	case UGVT_WRAP_BORDER:
	case UGVT_WRAP_HALF_BORDER: return i < 0 || i >= size ? -1 : i;
	default: return i < 0 ? 0 : i >= size ? size - 1 : i;
	}
}

struct level {
	const struct reference_texture *texture;
	const struct ugvt_sampler *sampler;
	const struct reference_lane *lane;
	int lod;
	int size[3];
	int axes;
};

static void texel_get(const struct level *level, const int *at, double *rgba)
{
	int place[3] = {0, 0, level->lane->layer};
	float border[4];
	const float *texel;

	memcpy(border, level->sampler->border, sizeof(border));
	texel = border;
	for (int axis = 0; axis < level->axes; axis++) {
		place[axis] = wrap(level->sampler->wrap[axis], at[axis], level->size[axis]);
	}
	if (place[0] >= 0 && place[1] >= 0 && place[2] >= 0) {
		texel = level->texture->texels[level->lod][(place[2] * level->size[1] + place[1]) *
								   level->size[0] +
							   place[0]];
	}
	for (int c = 0; c < 4; c++) {
		rgba[c] = texel[c];
	}
	if (level->lane->compare) {
		rgba[0] = rgba[0] <= level->lane->ref ? 0 : 1; // LEQUAL
		rgba[1] = rgba[2] = 0;
		rgba[3] = 1;
	}
}

static double coordinate(const struct level *level, int axis)
{
	double u = level->lane->coordinates[axis];
	double x = level->sampler->unnormalized ? u : u * level->size[axis];

	if (level->sampler->wrap[axis] == UGVT_WRAP_HALF_BORDER) {
		x = clamp(x, 0, level->size[axis]);
	}
	return x;
}

static void nearest_get(const struct level *level, double *rgba)
{
	int at[3] = {0};

	for (int axis = 0; axis < level->axes; axis++) {
		at[axis] = (int)floor(coordinate(level, axis)) + level->lane->offset[axis];
		if (level->sampler->wrap[axis] == UGVT_WRAP_HALF_BORDER) {
			at[axis] = (int)clamp(at[axis], 0, level->size[axis] - 1);
		}
	}
	texel_get(level, at, rgba);
}

static void linear_get(const struct level *level, double *rgba)
{
	memset(rgba, 0, 4 * sizeof(*rgba));
	for (int corner = 0; corner < 1 << level->axes; corner++) {
		double weight = 1;
		double texel[4];
		int at[3] = {0};

		for (int axis = 0; axis < level->axes; axis++) {
			double x = coordinate(level, axis) - 0.5;
			double beta = x - floor(x);
			int second = corner >> axis & 1;

			at[axis] = (int)floor(x) + second + level->lane->offset[axis];
			weight *= second ? beta : 1 - beta;
		}
		texel_get(level, at, texel);
		for (int c = 0; c < 4; c++) {
			rgba[c] += weight * texel[c];
		}
	}
}

static void level_get(const struct level *params, int lod, bool linear, double *rgba)
{
	struct level level = *params;
	const struct reference_texture *texture = level.texture;

	level.lod = lod;
	level.axes = texture->type == UGVT_SURFACE_1D   ? 1
		     : texture->type == UGVT_SURFACE_3D ? 3
							: 2;
	level.size[0] = (int)fmax(texture->width >> lod, 1);
	level.size[1] = (int)fmax(texture->height >> lod, 1);
	level.size[2] = texture->depth;
	if (texture->type == UGVT_SURFACE_3D) {
		level.size[2] = (int)fmax(texture->depth >> lod, 1);
	}
	if (linear) {
		linear_get(&level, rgba);
	} else {
		nearest_get(&level, rgba);
	}
}

void reference_sample(const struct reference_texture *texture, const struct ugvt_sampler *sampler,
	const struct reference_lane *lane, double *result)
{
	const struct level level = {.texture = texture, .sampler = sampler, .lane = lane};
	double last = texture->levels - 1;
	double lod = lane->lod + sampler->bias;
	double clamped = clamp(lod, fmin(sampler->min_lod, last), fmin(sampler->max_lod, last));
	bool magnified;
	bool linear;
	double second[4];
	double blend;

	if (sampler->preclamp) {
		lod = fmax(fmin(lod, sampler->max_lod), sampler->min_lod);
	}
	magnified = lod <= 0;
	linear = (magnified ? sampler->mag_filter : sampler->min_filter) != UGVT_MAP_NEAREST;
	if (magnified || sampler->mip_filter == UGVT_MIP_NONE) {
		level_get(&level, (int)floor(fmin(sampler->min_lod, last)), linear, result);
	} else if (sampler->mip_filter == UGVT_MIP_NEAREST) {
		clamped = clamp(lod, floor(fmin(sampler->min_lod, last)),
			ceil(fmin(sampler->max_lod, last)));
		level_get(&level, (int)floor(clamped + 0.5), linear, result);
	} else {
		level_get(&level, (int)floor(clamped), linear, result);
		level_get(&level, (int)fmin(floor(clamped) + 1, last), linear, second);
		blend = clamped - floor(clamped);
		for (int c = 0; c < 4; c++) {
			result[c] = result[c] * (1 - blend) + second[c] * blend;
		}
	}
}
