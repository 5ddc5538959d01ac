/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/sampler/lanes.h"
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

UGVT_LANES_INLINE void clamp(ugvt_lanes_f *lanes, const ugvt_lanes_f *low, const ugvt_lanes_f *high)
{
	ugvt_lanes_i beyond = *lanes < *low;

	ugvt_lanes_set(lanes, &beyond, low);
	beyond = *lanes > *high;
	ugvt_lanes_set(lanes, &beyond, high);
}

/* Leaves of a normalised coordinate what is above a multiple of period. Large ones (and what is no number) are multiples. */
UGVT_LANES_INLINE void reduce(ugvt_lanes_f *lanes, float period)
{
	ugvt_lanes_f zero = {0};
	ugvt_lanes_f periods;
	ugvt_lanes_i large = ~((*lanes < 0x1p23f) & (*lanes > -0x1p23f));

	ugvt_lanes_set(lanes, &large, &zero);
	periods = *lanes * (1 / period);
	ugvt_lanes_floor(&periods);
	*lanes -= periods * period;
}

/* From coordinates to texels, near enough to the level that they fit an integer. */
UGVT_LANES_INLINE void to_texels(ugvt_lanes_f *lanes, enum ugvt_wrap wrap, const ugvt_lanes_f *size)
{
	ugvt_lanes_f zero = {0};
	ugvt_lanes_f low = zero - (float)UGVT_AXIS_MARGIN;
	ugvt_lanes_f high = 2 * *size + (float)UGVT_AXIS_MARGIN;
	ugvt_lanes_i nan = *lanes != *lanes;

	ugvt_lanes_set(lanes, &nan, &zero);
	if (wrap == UGVT_WRAP_HALF_BORDER) {
		clamp(lanes, &zero, size);
	} else {
		clamp(lanes, &low, &high);
	}
}

UGVT_LANES_INLINE void normalized_to_texels(
	ugvt_lanes_f *lanes, enum ugvt_wrap wrap, const ugvt_lanes_f *size)
{
	if (wrap == UGVT_WRAP_REPEAT) {
		reduce(lanes, 1);
	} else if (wrap == UGVT_WRAP_MIRROR) {
		reduce(lanes, 2);
	}
	*lanes *= *size;
	to_texels(lanes, wrap, size);
}

static int32_t lane_offset(const struct ugvt_plan *plan, unsigned axis, unsigned lane)
{
	const struct ugvt_sample *sample = plan->sample;
	int32_t offset = sample->offset[axis];

	if (sample->op == UGVT_SAMPLE_GATHER && axis < 2) {
		offset += UGVT_MAX(UGVT_MIN(sample->offsets[axis][lane], 32), -32);
	}
	return offset;
}

static bool has_offsets(const struct ugvt_plan *plan, unsigned axis)
{
	return plan->surface->type != UGVT_SURFACE_CUBE &&
	       (plan->sample->offset[axis] != 0 || plan->sample->op == UGVT_SAMPLE_GATHER);
}

static void lanes_offset_and_wrap(
	const struct ugvt_plan *plan, const struct ugvt_axis_place *place, struct ugvt_axis *axis)
{
	bool offsets = has_offsets(plan, place->axis);
	unsigned linear = place->pair ? 0xffff : plan->linear;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		enum ugvt_wrap wrap = plan->wrap[place->axis];
		int32_t offset = offsets ? lane_offset(plan, place->axis, i) : 0;

		/* Only linear filters see half of the border. */
		if (wrap == UGVT_WRAP_HALF_BORDER && !(linear >> i & 1)) {
			wrap = UGVT_WRAP_CLAMP;
		}
		for (unsigned second = 0; second < 2; second++) {
			int32_t texel = axis->texel[second][i] + offset;

			axis->texel[second][i] =
				ugvt_wrap_texel(wrap, texel, (int32_t)place->size[i]);
		}
	}
}

/* A coordinate that was reduced is off by one texel at most. */
UGVT_LANES_INLINE void repeat(ugvt_lanes_i *texel, const ugvt_lanes_i *size)
{
	*texel += (*texel < 0) & *size;
	*texel -= (*texel >= *size) & *size;
}

UGVT_LANES_INLINE void edge_clamp(ugvt_lanes_i *texel, const ugvt_lanes_i *size)
{
	ugvt_lanes_i above;

	*texel &= ~(*texel < 0);
	above = *texel >= *size;
	*texel = (*texel & ~above) | ((*size - 1) & above);
}

/* A truncated coordinate becomes that of the texel and how far it is from its middle (or its edge: nearest). */
UGVT_LANES_INLINE void texels_choose(const ugvt_lanes_f *coordinate, const ugvt_lanes_i *linear,
	unsigned v, struct ugvt_axis *axis)
{
	ugvt_lanes_i fixed = __builtin_convertvector(*coordinate, ugvt_lanes_i) -
			     (*linear & (UGVT_WEIGHT_ONE / 2));
	ugvt_lanes_i texel = fixed >> UGVT_WEIGHT_BITS;

	((ugvt_lanes_i *)axis->texel[0])[v] = texel;
	((ugvt_lanes_i *)axis->texel[1])[v] = texel + 1;
	((ugvt_lanes_i *)axis->weight)[v] = fixed & (UGVT_WEIGHT_ONE - 1) & *linear;
}

/* Adds half of the last place in lanes whose filter rounds. */
UGVT_LANES_INLINE void round_half(
	const struct ugvt_plan *plan, unsigned axis, unsigned v, ugvt_lanes_f *lanes)
{
	unsigned rounded = (plan->sampler->round_mag[axis] ? plan->magnified : 0) |
			   (plan->sampler->round_min[axis] ? ~plan->magnified : 0);
	ugvt_lanes_f more = *lanes + 0.5f;
	ugvt_lanes_i mask;

	ugvt_lanes_mask(rounded >> v * UGVT_VECTOR, &mask);
	ugvt_lanes_set(lanes, &mask, &more);
}

UGVT_LANES_INLINE void vector_texels(const struct ugvt_plan *plan,
	const struct ugvt_axis_place *place, unsigned v, struct ugvt_axis *axis)
{
	enum ugvt_wrap wrap = plan->wrap[place->axis];
	ugvt_lanes_f coordinate = ((const ugvt_lanes_f *)plan->coordinates[place->axis])[v];
	ugvt_lanes_f size =
		__builtin_convertvector(((const ugvt_lanes_i *)place->size)[v], ugvt_lanes_f);
	ugvt_lanes_i linear;

	if (place->shift) {
		coordinate += ((const ugvt_lanes_f *)place->shift)[v] *
			      ((const ugvt_lanes_f *)plan->step[place->axis])[v];
	}
	if (plan->sampler->unnormalized) {
		to_texels(&coordinate, wrap, &size);
	} else {
		normalized_to_texels(&coordinate, wrap, &size);
	}
	coordinate *= UGVT_WEIGHT_ONE;
	round_half(plan, place->axis, v, &coordinate);
	ugvt_lanes_floor(&coordinate);
	ugvt_lanes_mask((place->pair ? 0xffff : plan->linear) >> v * UGVT_VECTOR, &linear);
	texels_choose(&coordinate, &linear, v, axis);
}

UGVT_CLONES static void axis_texels(
	const struct ugvt_plan *plan, const struct ugvt_axis_place *place, struct ugvt_axis *axis)
{
	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		vector_texels(plan, place, v, axis);
	}
}

UGVT_CLONES static void axis_wrap(
	const struct ugvt_axis_place *place, bool repeats, struct ugvt_axis *axis)
{
	for (unsigned v = 0; v < 2 * UGVT_VECTORS; v++) {
		const ugvt_lanes_i *size = (const ugvt_lanes_i *)place->size + v % UGVT_VECTORS;
		ugvt_lanes_i *texel = (ugvt_lanes_i *)axis->texel + v;

		if (repeats) {
			repeat(texel, size);
		} else {
			edge_clamp(texel, size);
		}
	}
}

void ugvt_plan_axis(
	const struct ugvt_plan *plan, const struct ugvt_axis_place *place, struct ugvt_axis *axis)
{
	enum ugvt_wrap wrap = plan->wrap[place->axis];
	bool reduced = wrap == UGVT_WRAP_REPEAT && !plan->sampler->unnormalized;

	axis_texels(plan, place, axis);
	if (wrap == UGVT_WRAP_CUBE) {
		return;
	}
	if ((reduced || wrap == UGVT_WRAP_CLAMP) && !has_offsets(plan, place->axis)) {
		axis_wrap(place, reduced, axis);
	} else {
		lanes_offset_and_wrap(plan, place, axis);
	}
}
