/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/plan.h"

/*
 * Level of detail: PRM SNB vol 4 part 1, "Level of Detail Computation"; the order of bias, clamps and rounding is that of
 * "LOD Computation Pseudocode", with Gen9's "LOD Clamp Magnification Mode" and "Resource Min LOD".
 */

/* LODs have 8 fractional bits. Infinity (no difference at all) and NaN become the smallest. */
static float lod_round(float lod)
{
	if (!(lod > -32)) {
		return -32;
	}
	return floorf(fminf(lod, 32) * 256 + 0.5f) / 256;
}

/*
 * Half of the logarithm, for LODs only: off by less than a hundredth of what they are rounded to, right for powers of two, and
 * easy to compute for many lanes at once. What is too small or too large to matter, and NaN, becomes -32 or 32.
 */
static float half_log2(float squared)
{
	static const float p[] = UGVT_LOG2_POLYNOMIAL;
	uint32_t bits;
	float mantissa, exponent, sum = 0;

	if (!(squared >= 0x1p-64f)) {
		return -32;
	}
	squared = squared < 0x1p64f ? squared : 0x1p64f;
	memcpy(&bits, &squared, sizeof(bits));
	exponent = (float)((int32_t)(bits >> 23) - 127);
	bits = (bits & 0x7fffff) | 0x3f800000;
	memcpy(&mantissa, &bits, sizeof(mantissa));
	mantissa -= 1;
	for (unsigned i = UGVT_ARRAY_SIZE(p); i > 0; i--) {
		sum = sum * mantissa + p[i - 1];
	}
	return (sum * mantissa + exponent) * 0.5f;
}

struct footprint {
	float length_x; // squared
	float length_y;
	float x[3];
	float y[3];
};

static struct footprint footprint_of(const struct ugvt_gradients *gradients, unsigned lane)
{
	struct footprint f = {0};

	for (unsigned axis = 0; axis < 3; axis++) {
		f.x[axis] = gradients->x[axis][lane];
		f.y[axis] = gradients->y[axis][lane];
		f.length_x += f.x[axis] * f.x[axis];
		f.length_y += f.y[axis] * f.y[axis];
	}
	return f;
}

/* low counts if it is above high. */
static float clampf(float value, float low, float high)
{
	value = value < high ? value : high;
	return value > low ? value : low;
}

/* The step from one of the samples on the longer axis to the next, one texel of the level long, in coordinates. */
static void step_set(struct ugvt_plan *plan, unsigned lane, const float *major)
{
	const struct ugvt_surface_level *level = &plan->surface->level[plan->surface->first_level];
	float s = major[0];
	float t = major[1];

	if (plan->surface->type == UGVT_SURFACE_CUBE && plan->sample->op == UGVT_SAMPLE_D) {
		ugvt_cube_project(plan->slice[lane] % 6, major, &s, &t);
	}
	plan->step[0][lane] = s / plan->ratio[lane];
	plan->step[1][lane] = t / plan->ratio[lane];
	if (!plan->sampler->unnormalized) {
		plan->step[0][lane] /= level->width;
		plan->step[1][lane] /= level->height;
	}
}

/*
 * "MAPFILTER_ANISOTROPIC": the longer axis of the pixel's footprint over the shorter one is the ratio. The shorter one is
 * what is left of the footprint's area, as axes that are not at right angles would be too long. Gives the squared length that
 * the LOD comes from.
 */
static float anisotropy_find(struct ugvt_plan *plan, unsigned lane, const struct footprint *f)
{
	const float *major = f->length_x >= f->length_y ? f->x : f->y;
	float longer = sqrtf(fmaxf(f->length_x, f->length_y));
	float dot = f->x[0] * f->y[0] + f->x[1] * f->y[1] + f->x[2] * f->y[2];
	float area = sqrtf(fmaxf(f->length_x * f->length_y - dot * dot, 0));
	float shorter = longer > 0 ? area / longer : 0;
	float ratio = clampf(longer / shorter, 1, plan->sampler->max_anisotropy);

	plan->ratio[lane] = ratio;
	step_set(plan, lane, major);
	shorter = longer / ratio;
	return shorter * shorter;
}

static bool is_anisotropic(const struct ugvt_plan *plan)
{
	const struct ugvt_sampler *sampler = plan->sampler;

	return (sampler->min_filter == UGVT_MAP_ANISOTROPIC ||
		       sampler->mag_filter == UGVT_MAP_ANISOTROPIC) &&
	       plan->axes == 2 && plan->sample->op != UGVT_SAMPLE_GATHER;
}

/* All of a quad have the same gradients, unless each has its own, or is on a face of its own. */
static void raw_lods(struct ugvt_plan *plan)
{
	bool anisotropic = is_anisotropic(plan);
	bool own = anisotropic || plan->sample->op == UGVT_SAMPLE_D;
	struct ugvt_gradients gradients;

	ugvt_plan_gradients(plan, &gradients);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		struct footprint f = footprint_of(&gradients, i);
		float squared = f.length_x > f.length_y ? f.length_x : f.length_y;

		if (i % 4 != 0 && !own && plan->slice[i] == plan->slice[i - 1]) {
			plan->raw_lod[i] = plan->raw_lod[i - 1];
			continue;
		}
		if (anisotropic && squared > 0 && squared < INFINITY) {
			squared = anisotropy_find(plan, i, &f);
		}
		plan->raw_lod[i] = lod_round(half_log2(squared));
	}
}

/* Whether nothing depends on LODs: one level, and one filter for both magnification and minification. */
static bool lods_are_idle(const struct ugvt_plan *plan)
{
	const struct ugvt_sampler *sampler = plan->sampler;

	return sampler->mip_filter == UGVT_MIP_NONE && sampler->min_filter == sampler->mag_filter &&
	       memcmp(sampler->round_min, sampler->round_mag, sizeof(sampler->round_min)) == 0 &&
	       plan->sample->op != UGVT_SAMPLE_LOD && !is_anisotropic(plan);
}

struct limits {
	float min;
	float max;
	float preclamp_min;
	float preclamp_max;
};

static void lane_nearest_level(struct ugvt_plan *plan, unsigned lane, float lod)
{
	plan->lod[lane] = lod;
	plan->level[lane] = plan->surface->first_level + (uint32_t)lod;
	plan->blend[lane] = 0;
}

static void lane_lod(struct ugvt_plan *plan, const struct limits *limits, unsigned lane)
{
	const struct ugvt_sampler *sampler = plan->sampler;
	float lod = plan->raw_lod[lane] + sampler->bias;
	bool magnified;

	if (plan->sample->op == UGVT_SAMPLE_B) {
		lod = lod_round(lod + plan->sample->lod[lane]);
	}
	if (sampler->preclamp) {
		lod = clampf(lod, limits->preclamp_min, limits->preclamp_max);
	}
	magnified = lod - plan->surface->base_level <= 0;
	plan->magnified |= (uint16_t)magnified << lane;
	if (sampler->mip_filter == UGVT_MIP_NONE || (magnified && !sampler->mag_mip)) {
		lod = clampf(0, floorf(limits->min), ceilf(limits->max));
		lane_nearest_level(plan, lane, lod);
	} else if (sampler->mip_filter == UGVT_MIP_LINEAR) {
		lod = clampf(lod, limits->min, limits->max);
		lane_nearest_level(plan, lane, floorf(lod));
		plan->lod[lane] = lod;
		plan->blend[lane] = (uint32_t)((lod - floorf(lod)) * UGVT_WEIGHT_ONE);
	} else {
		lod = clampf(lod, floorf(limits->min), ceilf(limits->max));
		lane_nearest_level(plan, lane, floorf(lod + 0.5f));
	}
}

/* All lanes are as the first one. */
static void lane_copy(struct ugvt_plan *plan, unsigned lane)
{
	plan->lod[lane] = plan->lod[0];
	plan->level[lane] = plan->level[0];
	plan->blend[lane] = plan->blend[0];
	plan->magnified |= (plan->magnified & 1) << lane;
}

/* A filter that the message or the surface does not allow becomes another. */
static enum ugvt_map_filter filter_allowed(
	const struct ugvt_plan *plan, enum ugvt_map_filter filter)
{
	const struct ugvt_format *format = plan->surface->format;

	if (ugvt_format_is_integer(format)) {
		return UGVT_MAP_NEAREST;
	}
	return filter;
}

static void filters_choose(struct ugvt_plan *plan)
{
	bool min = filter_allowed(plan, plan->sampler->min_filter) != UGVT_MAP_NEAREST;
	bool mag = filter_allowed(plan, plan->sampler->mag_filter) != UGVT_MAP_NEAREST;

	plan->linear = (min ? ~plan->magnified : 0) | (mag ? plan->magnified : 0);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		bool magnified = plan->magnified >> i & 1;
		enum ugvt_map_filter filter =
			magnified ? plan->sampler->mag_filter : plan->sampler->min_filter;

		if (filter != UGVT_MAP_ANISOTROPIC) {
			plan->ratio[i] = 1;
		}
		plan->anisotropic |= plan->ratio[i] > 1;
	}
}

void ugvt_plan_lods(struct ugvt_plan *plan)
{
	const struct ugvt_surface *surface = plan->surface;
	const struct ugvt_sampler *sampler = plan->sampler;
	float last = surface->levels - 1;
	float resource = surface->min_lod - surface->first_level;
	bool idle = lods_are_idle(plan);
	struct limits limits = {
		.min = fmaxf(fminf(sampler->min_lod, last), fmaxf(resource, 0)),
		.max = fminf(sampler->max_lod, last),
		.preclamp_min = sampler->min_lod,
		.preclamp_max = sampler->max_lod,
	};

	plan->outside = resource > last ? 0xffff : 0;
	limits.min = fminf(limits.min, last);
	plan->magnified = 0;
	plan->anisotropic = false;
	memset(plan->step, 0, sizeof(plan->step));
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		plan->ratio[i] = 1;
	}
	if (plan->sample->op == UGVT_SAMPLE_L) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			plan->raw_lod[i] = lod_round(plan->sample->lod[i]);
		}
	} else if (plan->sample->op == UGVT_SAMPLE_GATHER || idle) {
		memset(plan->raw_lod, 0, sizeof(plan->raw_lod));
	} else {
		raw_lods(plan);
	}
	lane_lod(plan, &limits, 0);
	for (unsigned i = 1; i < UGVT_LANES; i++) {
		if (idle) {
			lane_copy(plan, i);
		} else {
			lane_lod(plan, &limits, i);
		}
	}
	filters_choose(plan);
}
