/* SPDX-License-Identifier: MIT */
#include "gpu/render/blend.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/lanes.h"

enum {
	RED,
	GREEN,
	BLUE,
	ALPHA,
};

enum {
	FACTOR_ONE = 1,
	FACTOR_SRC_COLOR = 2,
	FACTOR_SRC_ALPHA = 3,
	FACTOR_DST_ALPHA = 4,
	FACTOR_DST_COLOR = 5,
	FACTOR_SRC_ALPHA_SATURATE = 6,
	FACTOR_CONST_COLOR = 7,
	FACTOR_CONST_ALPHA = 8,
	FACTOR_SRC1_COLOR = 9,
	FACTOR_SRC1_ALPHA = 10,
	FACTOR_INVERSE = 16, // added to one of the above; of ONE: ZERO
};

enum {
	FUNCTION_ADD,
	FUNCTION_SUBTRACT,
	FUNCTION_REVERSE_SUBTRACT,
	FUNCTION_MIN,
	FUNCTION_MAX,
};

enum {
	COMPARE_ALWAYS,
	COMPARE_NEVER,
	COMPARE_LESS,
	COMPARE_EQUAL,
	COMPARE_LEQUAL,
	COMPARE_GREATER,
	COMPARE_NOTEQUAL,
	COMPARE_GEQUAL,
};

enum {
	CLAMP_UNORM,
	CLAMP_SNORM,
	CLAMP_FORMAT,
};

static float float_of(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void target_decode(
	struct ugvt_blend_target *target, const uint32_t entry[2], bool independent_alpha)
{
	*target = (struct ugvt_blend_target){
		.blend = entry[0] >> 31,
		.logic = entry[1] >> 31,
		.logic_function = UGVT_GET(UGVT_MASK(30, 27), entry[1]),
		.function = {UGVT_GET(UGVT_MASK(20, 18), entry[0]),
			UGVT_GET(UGVT_MASK(7, 5), entry[0])},
		.source = {UGVT_GET(UGVT_MASK(30, 26), entry[0]),
			UGVT_GET(UGVT_MASK(17, 13), entry[0])},
		.destination = {UGVT_GET(UGVT_MASK(25, 21), entry[0]),
			UGVT_GET(UGVT_MASK(12, 8), entry[0])},
		.clamp_after = entry[1] & UGVT_BIT(0),
		.clamp_before = entry[1] & UGVT_BIT(1),
		.clamp_range = UGVT_GET(UGVT_MASK(3, 2), entry[1]),
	};
	/* Disable bits: blue, green, red, alpha. */
	target->write = ~((entry[0] >> 2 & 1) << RED | (entry[0] >> 1 & 1) << GREEN |
				(entry[0] & 1) << BLUE | (entry[0] >> 3 & 1) << ALPHA) &
			15;
	if (!independent_alpha) {
		target->function[1] = target->function[0];
		target->source[1] = target->source[0];
		target->destination[1] = target->destination[0];
	}
}

void ugvt_blend_decode(struct ugvt_blend *blend, const uint32_t state[UGVT_BLEND_STATE_DWORDS],
	const uint32_t color_calc[UGVT_COLOR_CALC_DWORDS])
{
	*blend = (struct ugvt_blend){
		.alpha_test = state[0] & UGVT_BIT(27),
		.alpha_function = UGVT_GET(UGVT_MASK(26, 24), state[0]),
		.alpha_to_coverage = state[0] & UGVT_BIT(31),
		.alpha_to_one = state[0] & UGVT_BIT(29),
		.alpha_unorm8 = !(color_calc[0] & 1),
	};
	blend->alpha_reference =
		blend->alpha_unorm8 ? (float)(color_calc[1] & 0xff) / 255 : float_of(color_calc[1]);
	for (unsigned c = 0; c < 4; c++) {
		blend->constant[c] = float_of(color_calc[2 + c]);
	}
	for (unsigned i = 0; i < UGVT_BLEND_TARGETS; i++) {
		target_decode(&blend->target[i], state + 1 + 2 * i, state[0] & UGVT_BIT(30));
	}
}

bool ugvt_compare(unsigned function, float a, float b)
{
	switch (function) {
	case COMPARE_NEVER: return false;
	case COMPARE_LESS: return a < b;
	case COMPARE_EQUAL: return a == b;
	case COMPARE_LEQUAL: return a <= b;
	case COMPARE_GREATER: return a > b;
	case COMPARE_NOTEQUAL: return a != b;
	case COMPARE_GEQUAL: return a >= b;
	default: return true;
	}
}

uint32_t ugvt_blend_alpha_test(
	const struct ugvt_blend *blend, const uint32_t alpha[UGVT_LANES], uint32_t mask)
{
	uint32_t passed = 0;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		float value = float_of(alpha[i]);

		if (blend->alpha_unorm8) {
			value = rintf(fminf(fmaxf(value, 0), 1) * 255) / 255;
		}
		if (ugvt_compare(blend->alpha_function, value, blend->alpha_reference)) {
			passed |= 1u << i;
		}
	}
	return mask & passed;
}

uint32_t ugvt_blend_alpha_coverage(float alpha, unsigned samples)
{
	unsigned covered = (unsigned)(fminf(fmaxf(alpha, 0), 1) * (float)samples + 0.5f);

	return (1u << covered) - 1;
}

static uint8_t format_channels(const struct ugvt_format *format)
{
	uint8_t there = 0;

	for (unsigned c = 0; c < 4; c++) {
		there |= (format->channels[c].type != UGVT_CHANNEL_NONE) << c;
	}
	return there;
}

bool ugvt_blend_reads(const struct ugvt_blend_target *target, const struct ugvt_format *format)
{
	uint8_t there = format_channels(format);

	return (target->write & there) != there || target->logic ||
	       (target->blend && !ugvt_format_is_integer(format));
}

/* All that a blend function may use, of eight lanes. */
struct inputs {
	ugvt_lanes_f source[4];
	ugvt_lanes_f second[4];
	ugvt_lanes_f old[4];
	ugvt_lanes_f constant[4];
};

UGVT_LANES_INLINE void select_f(ugvt_lanes_f *yes, const ugvt_lanes_i *mask, const ugvt_lanes_f *no)
{
	ugvt_lanes_select((ugvt_lanes_u *)yes, mask, (const ugvt_lanes_u *)no);
}

/* NaN becomes low. */
UGVT_LANES_INLINE void lanes_clamp(ugvt_lanes_f *lanes, float low)
{
	const ugvt_lanes_f least = (ugvt_lanes_f){0} + low;
	const ugvt_lanes_f most = (ugvt_lanes_f){0} + 1.0f;
	ugvt_lanes_i mask = *lanes > least;

	select_f(lanes, &mask, &least);
	mask = *lanes < most;
	select_f(lanes, &mask, &most);
}

UGVT_LANES_INLINE void colors_clamp(ugvt_lanes_f colors[4], float low)
{
	for (unsigned c = 0; c < 4; c++) {
		lanes_clamp(&colors[c], low);
	}
}

/* The least value that the range of colours has; false: there is no limit. */
static bool clamp_low(
	const struct ugvt_blend_target *target, const struct ugvt_format *format, float *low)
{
	unsigned type = format->channels[RED].type;

	if (type == UGVT_CHANNEL_NONE) {
		type = format->channels[ALPHA].type;
	}
	*low = target->clamp_range == CLAMP_SNORM ||
			       (target->clamp_range >= CLAMP_FORMAT && type == UGVT_CHANNEL_SNORM)
		       ? -1.0f
		       : 0.0f;
	return target->clamp_range < CLAMP_FORMAT || type == UGVT_CHANNEL_UNORM ||
	       type == UGVT_CHANNEL_SNORM;
}

UGVT_LANES_INLINE void saturate_factor(const struct inputs *in, unsigned c, ugvt_lanes_f *out)
{
	ugvt_lanes_f rest = 1.0f - in->old[ALPHA];
	ugvt_lanes_i mask = in->source[ALPHA] < rest;

	if (c == ALPHA) {
		*out = (ugvt_lanes_f){0} + 1.0f;
		return;
	}
	*out = in->source[ALPHA];
	select_f(out, &mask, &rest);
}

UGVT_LANES_INLINE void factor_make(
	const struct inputs *in, unsigned factor, unsigned c, ugvt_lanes_f *out)
{
	switch (factor % FACTOR_INVERSE) {
	case FACTOR_ONE: *out = (ugvt_lanes_f){0} + 1.0f; break;
	case FACTOR_SRC_COLOR: *out = in->source[c]; break;
	case FACTOR_SRC_ALPHA: *out = in->source[ALPHA]; break;
	case FACTOR_DST_ALPHA: *out = in->old[ALPHA]; break;
	case FACTOR_DST_COLOR: *out = in->old[c]; break;
	case FACTOR_SRC_ALPHA_SATURATE: saturate_factor(in, c, out); break;
	case FACTOR_CONST_COLOR: *out = in->constant[c]; break;
	case FACTOR_CONST_ALPHA: *out = in->constant[ALPHA]; break;
	case FACTOR_SRC1_COLOR: *out = in->second[c]; break;
	case FACTOR_SRC1_ALPHA: *out = in->second[ALPHA]; break;
	default: *out = (ugvt_lanes_f){0}; return;
	}
	if (factor & FACTOR_INVERSE) {
		*out = 1.0f - *out;
	}
}

/* Of source and old, both already weighed: the result is in source. */
UGVT_LANES_INLINE void combine(unsigned function, ugvt_lanes_f *source, const ugvt_lanes_f *old)
{
	ugvt_lanes_i mask;

	switch (function) {
	case FUNCTION_SUBTRACT: *source = *source - *old; break;
	case FUNCTION_REVERSE_SUBTRACT: *source = *old - *source; break;
	case FUNCTION_MIN:
		mask = *source < *old;
		select_f(source, &mask, old);
		break;
	case FUNCTION_MAX:
		mask = *source > *old;
		select_f(source, &mask, old);
		break;
	default: *source = *source + *old; break;
	}
}

UGVT_LANES_INLINE void channel_blend(const struct ugvt_blend_target *target,
	const struct inputs *in, unsigned c, ugvt_lanes_f *out)
{
	bool alpha = c == ALPHA;
	ugvt_lanes_f factor;
	ugvt_lanes_f old;

	factor_make(in, target->source[alpha], c, &factor);
	*out = in->source[c] * factor;
	factor_make(in, target->destination[alpha], c, &factor);
	old = in->old[c] * factor;
	combine(target->function[alpha], out, &old);
}

static bool has_factors(const struct ugvt_blend_target *target, uint8_t source, uint8_t destination)
{
	return target->source[0] == source && target->source[1] == source &&
	       target->destination[0] == destination && target->destination[1] == destination;
}

static bool is_unorm8(const struct ugvt_format *format);

enum ugvt_blend_kind ugvt_blend_kind(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_format *format)
{
	const uint8_t rest = FACTOR_SRC_ALPHA | FACTOR_INVERSE;

	if (!is_unorm8(format) || blend->alpha_to_one || target->logic || target->write != 15) {
		return UGVT_BLEND_OTHER;
	}
	if (!target->blend) {
		return UGVT_BLEND_STORE;
	}
	if (target->clamp_range == CLAMP_SNORM || target->function[0] != FUNCTION_ADD ||
		target->function[1] != FUNCTION_ADD) {
		return UGVT_BLEND_OTHER;
	}
	return has_factors(target, FACTOR_SRC_ALPHA, rest)   ? UGVT_BLEND_ALPHA
	       : has_factors(target, FACTOR_ONE, rest)       ? UGVT_BLEND_OVER
	       : has_factors(target, FACTOR_ONE, FACTOR_ONE) ? UGVT_BLEND_ADD
							     : UGVT_BLEND_OTHER;
}

/* Red, green, blue and alpha of 8 bits each, from the lowest bits on, or with blue first. */
static bool is_unorm8(const struct ugvt_format *format)
{
	bool blue_first = format->channels[RED].shift == 16;

	for (unsigned c = 0; c < 4; c++) {
		const struct ugvt_channel *channel = &format->channels[c];

		if (channel->type != UGVT_CHANNEL_UNORM || channel->bits != 8 ||
			channel->shift != (c < ALPHA && blue_first ? 16 - 8 * c : 8 * c)) {
			return false;
		}
	}
	return format->kind == UGVT_FORMAT_PLAIN && !(format->flags & UGVT_FORMAT_SRGB);
}

/* From 0 to 1, and NaN is 0: the channel's bits. */
UGVT_LANES_INLINE void unorm8_add(ugvt_lanes_f *value, unsigned shift, ugvt_lanes_u *sum)
{
	lanes_clamp(value, 0);
	*value = *value * 255.0f + 0.5f;
	*sum |= (ugvt_lanes_u) __builtin_convertvector(*value, ugvt_lanes_i) << shift;
}

UGVT_LANES_INLINE void unorm8_get(const ugvt_lanes_u *element, unsigned shift, ugvt_lanes_f *value)
{
	ugvt_lanes_u bits = *element >> shift & 0xff;

	*value = __builtin_convertvector((ugvt_lanes_i)bits, ugvt_lanes_f) * (1.0f / 255);
}

/* The same as ugvt_texels_store() for these. */
UGVT_LANES_INLINE void unorm8_store(
	const struct ugvt_texels *color, bool blue_first, struct ugvt_elements *out)
{
	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		ugvt_lanes_u sum = {0};

		for (unsigned c = 0; c < 4; c++) {
			ugvt_lanes_f value = ((const ugvt_lanes_f *)color->c[c])[v];

			unorm8_add(&value, c < ALPHA && blue_first ? 16 - 8 * c : 8 * c, &sum);
		}
		((ugvt_lanes_u *)out->dw[0])[v] = sum;
	}
}

/* Blending in such a target, where what is there needs no clamping and what comes out is clamped in any case. */
UGVT_LANES_INLINE void unorm8_blend(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors,
	struct ugvt_elements *out)
{
	bool blue_first = colors->format->channels[RED].shift == 16;

	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		ugvt_lanes_u old = ((const ugvt_lanes_u *)colors->old->dw[0])[v];
		ugvt_lanes_u sum = {0};
		struct inputs in = {.second = {{0}}};

		for (unsigned c = 0; c < 4; c++) {
			unsigned shift = c < ALPHA && blue_first ? 16 - 8 * c : 8 * c;

			unorm8_get(&old, shift, &in.old[c]);
			in.source[c] = ((const ugvt_lanes_f *)colors->color->c[c])[v];
			in.constant[c] = (ugvt_lanes_f){0} + blend->constant[c];
			if (target->clamp_before) {
				lanes_clamp(&in.source[c], 0);
				lanes_clamp(&in.constant[c], 0);
			}
		}
		for (unsigned c = 0; c < 4; c++) {
			ugvt_lanes_f value;

			channel_blend(target, &in, c, &value);
			unorm8_add(&value, c < ALPHA && blue_first ? 16 - 8 * c : 8 * c, &sum);
		}
		((ugvt_lanes_u *)out->dw[0])[v] = sum;
	}
}

/* Lanes 8 v on. */
UGVT_LANES_INLINE void inputs_make(struct inputs *in, const struct ugvt_blend *blend,
	const struct ugvt_blend_colors *colors, const struct ugvt_texels *old, unsigned v)
{
	for (unsigned c = 0; c < 4; c++) {
		in->source[c] = ((const ugvt_lanes_f *)colors->color->c[c])[v];
		in->old[c] = ((const ugvt_lanes_f *)old->c[c])[v];
		in->second[c] = (ugvt_lanes_f){0};
		if (colors->second) {
			in->second[c] = ((const ugvt_lanes_f *)colors->second->c[c])[v];
		}
		in->constant[c] = (ugvt_lanes_f){0} + blend->constant[c];
	}
}

UGVT_LANES_INLINE void colors_blend(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors)
{
	struct ugvt_texels old;
	float low = 0;
	bool limited = clamp_low(target, colors->format, &low);

	ugvt_texels_load(colors->format, colors->old, &old);
	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		struct inputs in;
		ugvt_lanes_f out[4];

		inputs_make(&in, blend, colors, &old, v);
		if (limited && target->clamp_before) {
			colors_clamp(in.source, low);
			colors_clamp(in.second, low);
			colors_clamp(in.old, low);
			colors_clamp(in.constant, low);
		}
		for (unsigned c = 0; c < 4; c++) {
			channel_blend(target, &in, c, &out[c]);
		}
		if (limited && target->clamp_after) {
			colors_clamp(out, low);
		}
		for (unsigned c = 0; c < 4; c++) {
			((ugvt_lanes_f *)colors->color->c[c])[v] = out[c];
		}
	}
}

/* Functions are truth tables: bit 2 * source + destination, where a source and a destination are 1 ... 0. */
static uint32_t logic(unsigned function, uint32_t source, uint32_t old)
{
	return ((function & 8) ? source & old : 0) | ((function & 4) ? source & ~old : 0) |
	       ((function & 2) ? ~source & old : 0) | ((function & 1) ? ~source & ~old : 0);
}

static void logic_apply(const struct ugvt_blend_target *target,
	const struct ugvt_blend_colors *colors, struct ugvt_elements *out)
{
	for (unsigned d = 0; d < (colors->format->bits + 31u) / 32; d++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			out->dw[d][i] =
				logic(target->logic_function, out->dw[d][i], colors->old->dw[d][i]);
		}
	}
}

/* What is not to be written stays. */
static void old_keep(const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors,
	struct ugvt_elements *out)
{
	uint32_t bits[4] = {0};

	for (unsigned c = 0; c < 4; c++) {
		const struct ugvt_channel *channel = &colors->format->channels[c];

		if (channel->type != UGVT_CHANNEL_NONE && (target->write >> c & 1)) {
			bits[channel->shift / 32] |= UGVT_MASK(channel->bits - 1, 0)
						     << channel->shift % 32;
		}
	}
	for (unsigned d = 0; d < (colors->format->bits + 31u) / 32; d++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			out->dw[d][i] =
				(out->dw[d][i] & bits[d]) | (colors->old->dw[d][i] & ~bits[d]);
		}
	}
}

UGVT_LANES_INLINE void alpha_to_one(struct ugvt_texels *color)
{
	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		((ugvt_lanes_f *)color->c[ALPHA])[v] = (ugvt_lanes_f){0} + 1.0f;
	}
}

UGVT_LANES_INLINE void texels_clamp(struct ugvt_texels *color, float low)
{
	for (unsigned i = 0; i < 4 * UGVT_VECTORS; i++) {
		lanes_clamp((ugvt_lanes_f *)color->c[i / UGVT_VECTORS] + i % UGVT_VECTORS, low);
	}
}

/* From colours to elements. */
UGVT_LANES_INLINE void elements_make(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors,
	struct ugvt_elements *out)
{
	bool integer = ugvt_format_is_integer(colors->format);
	bool blends = target->blend && !integer && !target->logic;
	bool unorm8 = is_unorm8(colors->format);
	float low;

	if (blend->alpha_to_one && !integer) {
		alpha_to_one(colors->color);
	}
	if (blends && unorm8 && !colors->second && target->clamp_range != CLAMP_SNORM) {
		unorm8_blend(blend, target, colors, out);
		return;
	}
	if (blends) {
		colors_blend(blend, target, colors);
	} else if (target->clamp_before && !integer && !unorm8 &&
		   clamp_low(target, colors->format, &low)) {
		texels_clamp(colors->color, low);
	}
	if (unorm8) {
		unorm8_store(colors->color, colors->format->channels[RED].shift == 16, out);
	} else {
		ugvt_texels_store(colors->format, colors->color, out);
	}
}

UGVT_CLONES void ugvt_blend_apply(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors,
	struct ugvt_elements *out)
{
	uint8_t there = format_channels(colors->format);

	elements_make(blend, target, colors, out);
	if (target->logic) {
		logic_apply(target, colors, out);
	}
	if ((target->write & there) != there) {
		old_keep(target, colors, out);
	}
}
