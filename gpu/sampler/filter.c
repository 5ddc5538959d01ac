/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/filter.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/lanes.h"

/* The type of a channel's values, and whether it is there, also in blocks. */
static enum ugvt_channel_type channel_type(const struct ugvt_format *format, unsigned c)
{
	switch ((enum ugvt_format_kind)format->kind) {
	case UGVT_FORMAT_PLAIN: return format->channels[c].type;
	case UGVT_FORMAT_BC4:
	case UGVT_FORMAT_EAC: return c < 1 ? UGVT_CHANNEL_UNORM : UGVT_CHANNEL_NONE;
	case UGVT_FORMAT_BC5:
	case UGVT_FORMAT_EAC2: return c < 2 ? UGVT_CHANNEL_UNORM : UGVT_CHANNEL_NONE;
	case UGVT_FORMAT_BC4_SIGNED:
	case UGVT_FORMAT_EAC_SIGNED: return c < 1 ? UGVT_CHANNEL_SNORM : UGVT_CHANNEL_NONE;
	case UGVT_FORMAT_BC5_SIGNED:
	case UGVT_FORMAT_EAC2_SIGNED: return c < 2 ? UGVT_CHANNEL_SNORM : UGVT_CHANNEL_NONE;
	case UGVT_FORMAT_BC6H:
	case UGVT_FORMAT_BC6H_SIGNED:
	case UGVT_FORMAT_SHARED_EXPONENT: return c < 3 ? UGVT_CHANNEL_FLOAT : UGVT_CHANNEL_NONE;
	case UGVT_FORMAT_BC1_RGB:
	case UGVT_FORMAT_ETC1:
	case UGVT_FORMAT_ETC2: return c < 3 ? UGVT_CHANNEL_UNORM : UGVT_CHANNEL_NONE;
	default: return UGVT_CHANNEL_UNORM;
	}
}

bool ugvt_format_has_code(const struct ugvt_format *format, unsigned c)
{
	return format->kind == UGVT_FORMAT_PLAIN && format->channels[c].bits == 8 &&
	       format->channels[c].type == UGVT_CHANNEL_UNORM &&
	       !((format->flags & UGVT_FORMAT_SRGB) && c < 3);
}

static float bits_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint32_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* What a fixed-point format can't hold is clamped: GL 4.6, 8.14.2. */
static void border_make(struct ugvt_filter *filter)
{
	const struct ugvt_format *format = filter->plan->surface->format;

	for (unsigned c = 0; c < 4; c++) {
		enum ugvt_channel_type type = channel_type(format, c);
		uint32_t bits = filter->plan->sampler->border[c];
		float value = bits_float(bits);

		if (type == UGVT_CHANNEL_NONE) {
			bits = ugvt_channel_default(format, c);
		} else if (type == UGVT_CHANNEL_UNORM) {
			bits = float_bits(fminf(fmaxf(value, 0), 1));
		} else if (type == UGVT_CHANNEL_SNORM) {
			bits = float_bits(fminf(fmaxf(value, -1), 1));
		}
		filter->border[c] = bits;
	}
}

/*
 * Texels of 8 bits are added up as the integers that they are, and divided once: with weights of 8 bits for each axis of two
 * that is exact in single precision, so it does not matter in what order it is done.
 */
static void scales_make(struct ugvt_filter *filter)
{
	const struct ugvt_format *format = filter->plan->surface->format;
	const struct ugvt_sample *sample = filter->plan->sample;
	bool raw = sample->compare || sample->op == UGVT_SAMPLE_GATHER;

	for (unsigned c = 0; c < 4; c++) {
		filter->scale[c] = !raw && ugvt_format_has_code(format, c) ? UGVT_CODE_ONE : 1;
		if (filter->scale[c] != 1) {
			filter->border[c] =
				float_bits(bits_float(filter->border[c]) * UGVT_CODE_ONE);
		}
	}
}

void ugvt_filter_init(
	struct ugvt_filter *filter, struct ugvt_texture *texture, const struct ugvt_plan *plan)
{
	filter->texture = texture;
	filter->plan = plan;
	memset(&filter->fetch, 0, sizeof(filter->fetch));
	memset(&filter->sum, 0, sizeof(filter->sum));
	border_make(filter);
	scales_make(filter);
}

void ugvt_taps_level(const struct ugvt_plan *plan, bool next, struct ugvt_taps *taps)
{
	const struct ugvt_surface *surface = plan->surface;
	uint32_t last = surface->first_level + surface->levels - 1;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint32_t lod = UGVT_MIN(plan->level[i] + next, last);
		const struct ugvt_surface_level *level = &surface->level[lod];

		taps->level[i] = lod;
		taps->size[0][i] = level->width;
		taps->size[1][i] = level->height;
		taps->size[2][i] = level->slices;
	}
}

static bool is_beyond(const struct ugvt_taps *taps, unsigned axis, unsigned second, unsigned lane)
{
	int32_t texel = taps->axis[axis].texel[second][lane];

	return texel < 0 || texel >= (int32_t)taps->size[axis][lane];
}

/* Three faces meet in a corner, and none of them has the texel there: the others get its weight. */
static void corner_share(struct ugvt_taps *taps, unsigned lane)
{
	for (unsigned tap = 0; tap < 4; tap++) {
		if (is_beyond(taps, 0, tap & 1, lane) && is_beyond(taps, 1, tap >> 1, lane)) {
			float third = taps->weight[tap][lane] / 3;

			for (unsigned other = 0; other < 4; other++) {
				taps->weight[other][lane] += third;
			}
			taps->weight[tap][lane] = 0;
			return;
		}
	}
}

UGVT_CLONES static void taps_multiply(const struct ugvt_plan *plan, struct ugvt_taps *taps)
{
	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		ugvt_lanes_f *weights = (ugvt_lanes_f *)taps->weight + v;

		weights[0] = (ugvt_lanes_f){0} + 1;
		for (unsigned axis = 0; axis < plan->axes; axis++) {
			ugvt_lanes_f second = __builtin_convertvector(
				((const ugvt_lanes_i *)taps->axis[axis].weight)[v], ugvt_lanes_f);

			second *= 1.0f / UGVT_WEIGHT_ONE;
			for (unsigned tap = 0; tap < 1u << axis; tap++) {
				ugvt_lanes_f *weight = weights + tap * UGVT_VECTORS;

				weight[(1u << axis) * UGVT_VECTORS] = *weight * second;
				*weight *= 1 - second;
			}
		}
	}
}

void ugvt_taps_weigh(const struct ugvt_plan *plan, struct ugvt_taps *taps)
{
	taps_multiply(plan, taps);
	if (plan->wrap[0] == UGVT_WRAP_CUBE) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			corner_share(taps, i);
		}
	}
}

/* The texel of a lane on a cube, as coordinates to fetch; false: the border. */
static bool cube_place(
	struct ugvt_filter *filter, const struct ugvt_taps *taps, unsigned tap, unsigned lane)
{
	const struct ugvt_plan *plan = filter->plan;
	int32_t size = (int32_t)taps->size[0][lane];
	uint32_t slice = plan->slice[lane];
	unsigned face = slice % 6;
	int32_t x = taps->axis[0].texel[tap & 1][lane];
	int32_t y = taps->axis[1].texel[tap >> 1][lane];

	if (plan->wrap[0] == UGVT_WRAP_CUBE) {
		ugvt_cube_fold(&face, &x, &y, size);
		x = ugvt_wrap_texel(UGVT_WRAP_CLAMP, x, size);
		y = ugvt_wrap_texel(UGVT_WRAP_CLAMP, y, size);
	}
	filter->fetch.x[lane] = x;
	filter->fetch.y[lane] = y;
	filter->fetch.z[lane] = slice / 6 * 6 + face;
	return x >= 0 && y >= 0 && (plan->surface->faces >> face & 1);
}

static unsigned cubes_place(
	struct ugvt_filter *filter, const struct ugvt_taps *taps, unsigned tap, unsigned mask)
{
	unsigned inside = 0;

	for (; mask > 0; mask &= mask - 1) {
		unsigned lane = __builtin_ctz(mask);

		inside |= (unsigned)cube_place(filter, taps, tap, lane) << lane;
	}
	return inside;
}

/* The texels of all lanes, as coordinates to fetch. Gives the lanes that are not on the border. */
UGVT_CLONES static unsigned lanes_place(
	struct ugvt_filter *filter, const struct ugvt_taps *taps, unsigned tap)
{
	const struct ugvt_plan *plan = filter->plan;
	uint32_t *coordinates[3] = {filter->fetch.x, filter->fetch.y, filter->fetch.z};
	unsigned mask = 0;

	memcpy(filter->fetch.z, plan->slice, sizeof(filter->fetch.z));
	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		ugvt_lanes_i outside = {0};

		for (unsigned axis = 0; axis < plan->axes; axis++) {
			const int32_t *texels = taps->axis[axis].texel[tap >> axis & 1];
			ugvt_lanes_i texel = ((const ugvt_lanes_i *)texels)[v];

			outside |= texel < 0;
			((ugvt_lanes_i *)coordinates[axis])[v] = texel;
		}
		outside = ~outside;
		mask |= ugvt_lanes_bits(&outside) << v * UGVT_VECTOR;
	}
	return mask;
}

static bool shadow_holds(enum ugvt_shadow_function function, float texel, float ref)
{
	switch (function) {
	case UGVT_SHADOW_ALWAYS: return true;
	case UGVT_SHADOW_NEVER: return false;
	case UGVT_SHADOW_LESS: return texel < ref;
	case UGVT_SHADOW_EQUAL: return texel == ref;
	case UGVT_SHADOW_LEQUAL: return texel <= ref;
	case UGVT_SHADOW_GREATER: return texel > ref;
	case UGVT_SHADOW_NOTEQUAL: return texel != ref;
	case UGVT_SHADOW_GEQUAL: return texel >= ref;
	}
	return false;
}

/* Alpha-only formats are compared by alpha. A reference for fixed-point texels is clamped as they are: GL 4.6, 8.23.1. */
static void texels_compare(const struct ugvt_filter *filter, struct ugvt_texels *texels)
{
	const struct ugvt_format *format = filter->plan->surface->format;
	const struct ugvt_sample *sample = filter->plan->sample;
	unsigned c = channel_type(format, 0) == UGVT_CHANNEL_NONE ? 3 : 0;
	bool clamped = channel_type(format, c) == UGVT_CHANNEL_UNORM;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		float ref = clamped ? fminf(fmaxf(sample->ref[i], 0), 1) : sample->ref[i];
		bool holds = shadow_holds(
			filter->plan->sampler->shadow, bits_float(texels->c[c][i]), ref);

		texels->c[0][i] = float_bits(holds ? 0 : 1);
		texels->c[1][i] = 0;
		texels->c[2][i] = 0;
		texels->c[3][i] = float_bits(1);
	}
}

/* Back from fractions of one to integers. */
static void codes_make(struct ugvt_filter *filter)
{
	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 0; filter->scale[c] != 1 && i < UGVT_LANES; i++) {
			float value = bits_float(filter->fetched.c[c][i]);

			filter->fetched.c[c][i] =
				float_bits((float)(int32_t)(value * UGVT_CODE_ONE + 0.5f));
		}
	}
}

void ugvt_filter_fetch(
	struct ugvt_filter *filter, const struct ugvt_taps *taps, unsigned tap, unsigned mask)
{
	const struct ugvt_plan *plan = filter->plan;
	struct ugvt_fetch *fetch = &filter->fetch;
	unsigned border;

	mask &= ~(unsigned)plan->outside;
	memcpy(fetch->lod, taps->level, sizeof(fetch->lod));
	fetch->mask = mask & (plan->surface->type == UGVT_SURFACE_CUBE
					     ? cubes_place(filter, taps, tap, mask)
					     : lanes_place(filter, taps, tap));
	ugvt_texture_fetch(filter->texture, fetch, &filter->fetched);
	codes_make(filter);
	for (border = mask & ~(unsigned)fetch->mask; border > 0; border &= border - 1) {
		for (unsigned c = 0; c < 4; c++) {
			filter->fetched.c[c][__builtin_ctz(border)] = filter->border[c];
		}
	}
	if (plan->sample->compare) {
		texels_compare(filter, &filter->fetched);
	}
}

UGVT_CLONES static unsigned lanes_with_weight(const struct ugvt_taps *taps, unsigned tap)
{
	const ugvt_lanes_f *weights = (const ugvt_lanes_f *)taps->weight[tap];
	unsigned mask = 0;

	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		ugvt_lanes_i some = weights[v] > 0;

		mask |= ugvt_lanes_bits(&some) << v * UGVT_VECTOR;
	}
	return mask;
}

/* lanes += values * weight. Lanes that are not in mask have no weight, and zeros (or ones) as values. */
UGVT_CLONES static void texels_add(const struct ugvt_texels *values, const float *weight,
	unsigned integer_mask, struct ugvt_texels *texels)
{
	ugvt_lanes_f *sum = (ugvt_lanes_f *)texels->c;
	const ugvt_lanes_f *value = (const ugvt_lanes_f *)values->c;

	for (unsigned v = 0; v < 4 * UGVT_VECTORS; v++) {
		unsigned part = v % UGVT_VECTORS;

		if (integer_mask != 0) {
			ugvt_lanes_i lanes;

			ugvt_lanes_mask(integer_mask >> part * UGVT_VECTOR, &lanes);
			ugvt_lanes_set(&sum[v], &lanes, &value[v]);
		} else {
			sum[v] += value[v] * ((const ugvt_lanes_f *)weight)[part];
		}
	}
}

static unsigned lanes_with_part(const float *part)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		mask |= (unsigned)(part[i] > 0) << i;
	}
	return mask;
}

void ugvt_filter_add(struct ugvt_filter *filter, const float *part, const struct ugvt_taps *taps)
{
	bool integer = ugvt_format_is_integer(filter->plan->surface->format);
	unsigned lanes = lanes_with_part(part) & filter->plan->sample->mask;
	struct ugvt_texels level = {0};

	for (unsigned tap = 0; tap < 1u << filter->plan->axes; tap++) {
		unsigned mask = lanes_with_weight(taps, tap) & lanes;

		if (mask != 0) {
			ugvt_filter_fetch(filter, taps, tap, mask);
			texels_add(&filter->fetched, taps->weight[tap], integer ? mask : 0, &level);
		}
	}
	texels_add(&level, part, integer ? lanes : 0, &filter->sum);
}

void ugvt_filter_finish(const struct ugvt_filter *filter, struct ugvt_texels *texels)
{
	*texels = filter->sum;
	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 0; filter->scale[c] != 1 && i < UGVT_LANES; i++) {
			texels->c[c][i] =
				float_bits(bits_float(texels->c[c][i]) / filter->scale[c]);
		}
	}
}
