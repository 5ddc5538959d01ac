/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/bits.h"
#include "gpu/sampler/plan.h"

/* Texture Address Control: PRM SNB vol 4 part 1. */

int32_t ugvt_wrap_texel(enum ugvt_wrap wrap, int32_t texel, int32_t size)
{
	int32_t twice;

	if (texel >= 0 && texel < size) {
		return texel;
	}
	switch (wrap) {
	case UGVT_WRAP_REPEAT: texel %= size; return texel < 0 ? texel + size : texel;
	case UGVT_WRAP_MIRROR:
		twice = 2 * size;
		texel %= twice;
		texel = texel < 0 ? texel + twice : texel;
		return texel < size ? texel : twice - 1 - texel;
	case UGVT_WRAP_MIRROR_ONCE:
		texel = texel < 0 ? -1 - texel : texel;
		return UGVT_MIN(texel, size - 1);
	case UGVT_WRAP_BORDER:
	case UGVT_WRAP_HALF_BORDER: return -1;
	case UGVT_WRAP_CLAMP:
	case UGVT_WRAP_CUBE: break;
	}
	return texel < 0 ? 0 : size - 1;
}

/* Texels that may lie outside before wrapping: offsets of gather4_po reach 32 texels, steps of anisotropy 16. */
enum {
	MARGIN = 128
};

/* A coordinate in texels, near enough to the level that it fits an integer; NaN is 0. */
static float to_texels(float coordinate, enum ugvt_wrap wrap, uint32_t size, bool unnormalized)
{
	if (wrap == UGVT_WRAP_REPEAT && !unnormalized) {
		coordinate -= floorf(coordinate);
	} else if (wrap == UGVT_WRAP_MIRROR && !unnormalized) {
		coordinate -= 2 * floorf(coordinate * 0.5f);
	}
	if (!unnormalized) {
		coordinate *= size;
	}
	if (!(coordinate > -MARGIN)) {
		return coordinate != coordinate ? 0 : -MARGIN;
	}
	return fminf(coordinate, 2.0f * size + MARGIN);
}

static int32_t lane_offset(const struct ugvt_plan *plan, unsigned axis, unsigned lane)
{
	const struct ugvt_sample *sample = plan->sample;
	int32_t offset = sample->offset[axis];

	if (plan->surface->type == UGVT_SURFACE_CUBE) {
		return 0;
	}
	if (sample->op == UGVT_SAMPLE_GATHER && axis < 2) {
		offset += UGVT_MAX(UGVT_MIN(sample->offsets[axis][lane], 32), -32);
	}
	return offset;
}

void ugvt_plan_axis(
	const struct ugvt_plan *plan, const struct ugvt_axis_place *place, struct ugvt_axis *axis)
{
	const struct ugvt_sampler *sampler = plan->sampler;
	enum ugvt_wrap wrap = plan->wrap[place->axis];

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		bool magnified = plan->magnified >> i & 1;
		bool rounded = magnified ? sampler->round_mag[place->axis]
					 : sampler->round_min[place->axis];
		bool linear = place->pair || (plan->linear >> i & 1);
		float coordinate = plan->coordinates[place->axis][i];
		uint32_t size = place->size[i];
		int32_t fixed;

		if (place->shift) {
			coordinate += place->shift[i] * plan->step[place->axis][i];
		}
		coordinate = to_texels(coordinate, wrap, size, sampler->unnormalized);
		if (wrap == UGVT_WRAP_HALF_BORDER) {
			coordinate = fminf(fmaxf(coordinate, 0), size);
		}
		fixed = (int32_t)floorf(coordinate * UGVT_WEIGHT_ONE + (rounded ? 0.5f : 0));
		fixed -= linear ? UGVT_WEIGHT_ONE / 2 : 0;
		axis->texel[0][i] = (fixed >> UGVT_WEIGHT_BITS) + lane_offset(plan, place->axis, i);
		if (wrap == UGVT_WRAP_HALF_BORDER && !linear) {
			axis->texel[0][i] = UGVT_MIN(axis->texel[0][i], (int32_t)size - 1);
		}
		axis->texel[1][i] = axis->texel[0][i] + 1;
		axis->weight[i] = linear ? fixed & (UGVT_WEIGHT_ONE - 1) : 0;
	}
}
