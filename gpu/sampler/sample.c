/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/sample.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/filter.h"

static uint32_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* How many samples a lane takes along the longer axis of its footprint: the next even number. */
static unsigned ways_of(float ratio)
{
	return ratio <= 1 ? 1 : 2 * (unsigned)ceilf(ratio / 2);
}

/* The ends count for less, so that the whole is as long as the ratio. */
static float way_weight(float ratio, unsigned way)
{
	unsigned ways = ways_of(ratio);

	if (ways == 1) {
		return 1;
	}
	return (way == 0 || way == ways - 1 ? (ratio - (ways - 2)) / 2 : 1) / ratio;
}

static void axes_place(const struct ugvt_plan *plan, const float *shift, struct ugvt_taps *taps)
{
	for (unsigned axis = 0; axis < plan->axes; axis++) {
		struct ugvt_axis_place place = {
			axis, taps->size[axis], shift, plan->sample->op == UGVT_SAMPLE_GATHER};

		ugvt_plan_axis(plan, &place, &taps->axis[axis]);
	}
}

static void taps_add(
	struct ugvt_filter *filter, const float *shift, const float *part, struct ugvt_taps *taps)
{
	axes_place(filter->plan, shift, taps);
	ugvt_taps_weigh(filter->plan, taps);
	ugvt_filter_add(filter, part, taps);
}

/* One of the two levels; part: of the lanes. */
static void level_add(
	struct ugvt_filter *filter, const float *part, unsigned ways, struct ugvt_taps *taps)
{
	const struct ugvt_plan *plan = filter->plan;

	if (ways == 1) {
		taps_add(filter, NULL, part, taps);
		return;
	}
	for (unsigned way = 0; way < ways; way++) {
		_Alignas(64) float shift[UGVT_LANES];
		_Alignas(64) float weight[UGVT_LANES];

		for (unsigned i = 0; i < UGVT_LANES; i++) {
			unsigned own = ways_of(plan->ratio[i]);

			shift[i] = way - (own - 1) * 0.5f;
			weight[i] = way < own ? part[i] * way_weight(plan->ratio[i], way) : 0;
		}
		taps_add(filter, shift, weight, taps);
	}
}

static unsigned most_ways(const struct ugvt_plan *plan)
{
	unsigned ways = 1;

	for (unsigned i = 0; plan->anisotropic && i < UGVT_LANES; i++) {
		ways = UGVT_MAX(ways, ways_of(plan->ratio[i]));
	}
	return ways;
}

static void filter_run(struct ugvt_filter *filter)
{
	const struct ugvt_plan *plan = filter->plan;
	unsigned ways = most_ways(plan);
	struct ugvt_taps taps;

	for (unsigned next = 0; next < 2; next++) {
		_Alignas(64) float part[UGVT_LANES];
		bool any = false;

		for (unsigned i = 0; i < UGVT_LANES; i++) {
			uint32_t blend = plan->blend[i];

			part[i] =
				(next ? blend : UGVT_WEIGHT_ONE - blend) * (1.0f / UGVT_WEIGHT_ONE);
			any |= part[i] > 0;
		}
		if (any) {
			ugvt_taps_level(plan, next, &taps);
			level_add(filter, part, ways, &taps);
		}
	}
}

/* Texels as they are: below left, below right, above right, above left. */
static void gather_run(struct ugvt_filter *filter, struct ugvt_texels *out)
{
	static const uint8_t taps_of[4] = {2, 3, 1, 0};
	const struct ugvt_plan *plan = filter->plan;
	struct ugvt_taps taps;

	ugvt_taps_level(plan, false, &taps);
	axes_place(plan, NULL, &taps);
	for (unsigned c = 0; c < 4; c++) {
		unsigned tap = taps_of[c] & ((1u << plan->axes) - 1);

		ugvt_filter_fetch(filter, &taps, tap, plan->sample->mask);
		ugvt_texels_select(plan->surface, &filter->fetched);
		memcpy(out->c[c], filter->fetched.c[plan->sample->gather & 3], sizeof(out->c[c]));
	}
}

static void lods_give(const struct ugvt_plan *plan, struct ugvt_texels *texels)
{
	memset(texels, 0, sizeof(*texels));
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		texels->c[0][i] = float_bits(plan->lod[i]);
		texels->c[1][i] = float_bits(plan->raw_lod[i] + plan->sampler->bias);
	}
}

static bool is_sampled(enum ugvt_surface_type type)
{
	return type == UGVT_SURFACE_1D || type == UGVT_SURFACE_2D || type == UGVT_SURFACE_3D ||
	       type == UGVT_SURFACE_CUBE;
}

void ugvt_sample(struct ugvt_texture *texture, const struct ugvt_sampler *sampler,
	const struct ugvt_sample *sample, struct ugvt_texels *texels)
{
	struct ugvt_plan plan = {.surface = texture->surface, .sampler = sampler, .sample = sample};
	struct ugvt_filter filter;

	if (sampler->disable || !is_sampled(texture->surface->type)) {
		memset(texels, 0, sizeof(*texels));
		return;
	}
	plan.surface = texture->surface;
	plan.sampler = sampler;
	plan.sample = sample;
	ugvt_plan_coordinates(&plan);
	ugvt_plan_lods(&plan);
	if (sample->op == UGVT_SAMPLE_LOD) {
		lods_give(&plan, texels);
		return;
	}
	ugvt_filter_init(&filter, texture, &plan);
	if (sample->op == UGVT_SAMPLE_GATHER) {
		gather_run(&filter, texels);
		return;
	}
	filter_run(&filter);
	ugvt_filter_finish(&filter, texels);
	ugvt_texels_select(texture->surface, texels);
}
