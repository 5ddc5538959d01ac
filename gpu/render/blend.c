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

typedef float lanes_f[UGVT_LANES];

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

/* All that a blend function may use. */
struct inputs {
	lanes_f source[4];
	lanes_f second[4];
	lanes_f old[4];
	float constant[4];
};

static void lanes_clamp(lanes_f values[4], float low)
{
	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			float value = values[c][i] > low ? values[c][i] : low; // NaN: low

			values[c][i] = value < 1 ? value : 1;
		}
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

static void lanes_set(lanes_f out, float value)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		out[i] = value;
	}
}

static void saturate_factor(const struct inputs *in, unsigned c, lanes_f out)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		out[i] = c == ALPHA ? 1 : fminf(in->source[ALPHA][i], 1 - in->old[ALPHA][i]);
	}
}

static void factor_make(const struct inputs *in, unsigned factor, unsigned c, lanes_f out)
{
	switch (factor % FACTOR_INVERSE) {
	case FACTOR_ONE: lanes_set(out, 1); break;
	case FACTOR_SRC_COLOR: memcpy(out, in->source[c], sizeof(lanes_f)); break;
	case FACTOR_SRC_ALPHA: memcpy(out, in->source[ALPHA], sizeof(lanes_f)); break;
	case FACTOR_DST_ALPHA: memcpy(out, in->old[ALPHA], sizeof(lanes_f)); break;
	case FACTOR_DST_COLOR: memcpy(out, in->old[c], sizeof(lanes_f)); break;
	case FACTOR_SRC_ALPHA_SATURATE: saturate_factor(in, c, out); break;
	case FACTOR_CONST_COLOR: lanes_set(out, in->constant[c]); break;
	case FACTOR_CONST_ALPHA: lanes_set(out, in->constant[ALPHA]); break;
	case FACTOR_SRC1_COLOR: memcpy(out, in->second[c], sizeof(lanes_f)); break;
	case FACTOR_SRC1_ALPHA: memcpy(out, in->second[ALPHA], sizeof(lanes_f)); break;
	default: lanes_set(out, 0); return;
	}
	if (factor & FACTOR_INVERSE) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			out[i] = 1 - out[i];
		}
	}
}

static void combine(unsigned function, lanes_f source, lanes_f old, lanes_f out)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		switch (function) {
		case FUNCTION_SUBTRACT: out[i] = source[i] - old[i]; break;
		case FUNCTION_REVERSE_SUBTRACT: out[i] = old[i] - source[i]; break;
		case FUNCTION_MIN: out[i] = source[i] < old[i] ? source[i] : old[i]; break;
		case FUNCTION_MAX: out[i] = source[i] > old[i] ? source[i] : old[i]; break;
		default: out[i] = source[i] + old[i]; break;
		}
	}
}

static void weigh(const lanes_f values, const lanes_f factor, lanes_f out)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		out[i] = values[i] * factor[i];
	}
}

static void channel_blend(
	const struct ugvt_blend_target *target, const struct inputs *in, unsigned c, lanes_f out)
{
	bool alpha = c == ALPHA;
	lanes_f factor;
	lanes_f source;
	lanes_f old;

	factor_make(in, target->source[alpha], c, factor);
	weigh(in->source[c], factor, source);
	factor_make(in, target->destination[alpha], c, factor);
	weigh(in->old[c], factor, old);
	combine(target->function[alpha], source, old, out);
}

static void inputs_make(struct inputs *in, const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors)
{
	struct ugvt_texels old;
	float low;

	memcpy(in->source, colors->color->c, sizeof(in->source));
	if (colors->second) {
		memcpy(in->second, colors->second->c, sizeof(in->second));
	} else {
		memset(in->second, 0, sizeof(in->second));
	}
	ugvt_texels_load(colors->format, colors->old, &old);
	memcpy(in->old, old.c, sizeof(in->old));
	memcpy(in->constant, blend->constant, sizeof(in->constant));
	if (target->clamp_before && clamp_low(target, colors->format, &low)) {
		lanes_clamp(in->source, low);
		lanes_clamp(in->second, low);
		lanes_clamp(in->old, low);
		for (unsigned c = 0; c < 4; c++) {
			in->constant[c] = fminf(fmaxf(in->constant[c], low), 1);
		}
	}
}

static void colors_blend(const struct ugvt_blend *blend, const struct ugvt_blend_target *target,
	const struct ugvt_blend_colors *colors)
{
	lanes_f out[4];
	struct inputs in;
	float low;

	inputs_make(&in, blend, target, colors);
	for (unsigned c = 0; c < 4; c++) {
		channel_blend(target, &in, c, out[c]);
	}
	if (target->clamp_after && clamp_low(target, colors->format, &low)) {
		lanes_clamp(out, low);
	}
	memcpy(colors->color->c, out, sizeof(out));
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

UGVT_CLONES void ugvt_blend_apply(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_blend_colors *colors,
	struct ugvt_elements *out)
{
	bool integer = ugvt_format_is_integer(colors->format);
	float low;

	if (blend->alpha_to_one && !integer) {
		lanes_f ones;

		lanes_set(ones, 1);
		memcpy(colors->color->c[ALPHA], ones, sizeof(ones));
	}
	if (target->blend && !integer && !target->logic) {
		colors_blend(blend, target, colors);
	} else if (target->clamp_before && !integer && clamp_low(target, colors->format, &low)) {
		lanes_f values[4];

		memcpy(values, colors->color->c, sizeof(values));
		lanes_clamp(values, low);
		memcpy(colors->color->c, values, sizeof(values));
	}
	ugvt_texels_store(colors->format, colors->color, out);
	if (target->logic) {
		logic_apply(target, colors, out);
	}
	if ((target->write & format_channels(colors->format)) != format_channels(colors->format)) {
		old_keep(target, colors, out);
	}
}
