/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/texel.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/lanes.h"
#include "gpu/sampler/srgb.h"

/* Functions get lanes by pointer: how vectors this wide are passed differs between machines. */

UGVT_LANES_INLINE void to_float(ugvt_lanes_u *lanes)
{
	*lanes = (ugvt_lanes_u) __builtin_convertvector((ugvt_lanes_i)*lanes, ugvt_lanes_f);
}

UGVT_LANES_INLINE void sign_extend(ugvt_lanes_u *lanes, unsigned bits)
{
	*lanes = (ugvt_lanes_u)((ugvt_lanes_i)(*lanes << (32 - bits)) >> (32 - bits));
}

UGVT_LANES_INLINE void unorm_load(ugvt_lanes_u *lanes, unsigned bits)
{
	to_float(lanes);
	*lanes = (ugvt_lanes_u)((ugvt_lanes_f)*lanes / (float)UGVT_MASK(bits - 1, 0));
}

UGVT_LANES_INLINE void snorm_load(ugvt_lanes_u *lanes, unsigned bits)
{
	ugvt_lanes_u least = (ugvt_lanes_u)((ugvt_lanes_f){0} - 1.0f);
	ugvt_lanes_i small;

	sign_extend(lanes, bits);
	to_float(lanes);
	*lanes = (ugvt_lanes_u)((ugvt_lanes_f)*lanes / (float)UGVT_MASK(bits - 2, 0));
	small = (ugvt_lanes_f)*lanes < -1.0f;
	ugvt_lanes_select(&least, &small, lanes);
	*lanes = least;
}

/* Floats with an exponent of 5 bits, without sign. */
UGVT_LANES_INLINE void small_float_load(ugvt_lanes_u *lanes, unsigned mantissa)
{
	ugvt_lanes_u code = *lanes;
	ugvt_lanes_u denormal = code;
	ugvt_lanes_u normal = (code << (23 - mantissa)) + (112u << 23);
	ugvt_lanes_i special = (ugvt_lanes_i)code >= (int32_t)(31u << mantissa);
	ugvt_lanes_i tiny = (ugvt_lanes_i)code < (int32_t)(1u << mantissa);

	normal += (ugvt_lanes_u)special & (112u << 23);
	to_float(&denormal);
	denormal = (ugvt_lanes_u)((ugvt_lanes_f)denormal * (1.0f / (float)(1u << (14 + mantissa))));
	ugvt_lanes_select(&denormal, &tiny, &normal);
	*lanes = denormal;
}

UGVT_LANES_INLINE void half_load(ugvt_lanes_u *lanes)
{
	ugvt_lanes_u sign = (*lanes & 0x8000) << 16;

	*lanes &= 0x7fff;
	small_float_load(lanes, 10);
	*lanes |= sign;
}

static void scalar_load(const struct ugvt_channel *channel, ugvt_lanes_u *lanes)
{
	for (unsigned i = 0; i < UGVT_VECTOR; i++) {
		(*lanes)[i] = ugvt_channel_load(channel, (*lanes)[i]);
	}
}

UGVT_LANES_INLINE void channel_load(const struct ugvt_channel *channel, ugvt_lanes_u *lanes)
{
	*lanes = *lanes >> channel->shift % 32 & UGVT_MASK(channel->bits - 1, 0);
	if (channel->type == UGVT_CHANNEL_UNORM && channel->bits <= 24) {
		unorm_load(lanes, channel->bits);
	} else if (channel->type == UGVT_CHANNEL_SNORM && channel->bits <= 24) {
		snorm_load(lanes, channel->bits);
	} else if (channel->type == UGVT_CHANNEL_SINT) {
		sign_extend(lanes, channel->bits);
	} else if (channel->type == UGVT_CHANNEL_UFLOAT) {
		small_float_load(lanes, channel->bits - 5);
	} else if (channel->type == UGVT_CHANNEL_FLOAT && channel->bits == 16) {
		half_load(lanes);
	} else if (channel->type != UGVT_CHANNEL_FLOAT && channel->type != UGVT_CHANNEL_UINT) {
		scalar_load(channel, lanes);
	}
}

static float srgb_to_linear(uint32_t code, unsigned bits)
{
	double value = (double)code / UGVT_MASK(bits - 1, 0);

	return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/* Not vectors: a table, or powers for other than 8 bits, which few ever sample. */
static void srgb_load(const struct ugvt_channel *channel, ugvt_lanes_u *lanes)
{
	for (unsigned i = 0; i < UGVT_VECTOR; i++) {
		uint32_t code =
			(*lanes)[i] >> channel->shift % 32 & UGVT_MASK(channel->bits - 1, 0);
		float linear = channel->bits == 8 ? ugvt_srgb_to_linear[code]
						  : srgb_to_linear(code, channel->bits);

		memcpy((uint32_t *)lanes + i, &linear, sizeof(linear));
	}
}

/* Three mantissas of 9 bits without a leading one, and an exponent of 5 with a bias of 15. */
UGVT_LANES_INLINE void shared_exponent_load(
	const ugvt_lanes_u *element, unsigned c, ugvt_lanes_u *lanes)
{
	ugvt_lanes_f scale = (ugvt_lanes_f)(((*element >> 27) + (127 - 15 - 9)) << 23);

	*lanes = *element >> (9 * c) & 0x1ff;
	to_float(lanes);
	*lanes = (ugvt_lanes_u)((ugvt_lanes_f)*lanes * scale);
}

/* Channel c of one vector of lanes, from that vector of the first dword; the next dword's is UGVT_VECTORS on. */
UGVT_LANES_INLINE void vector_load(const struct ugvt_format *format, unsigned c,
	const ugvt_lanes_u *elements, ugvt_lanes_u *lanes)
{
	const struct ugvt_channel *channel = &format->channels[c];

	if (format->kind == UGVT_FORMAT_SHARED_EXPONENT && c < 3) {
		shared_exponent_load(elements, c, lanes);
	} else if (channel->type == UGVT_CHANNEL_NONE) {
		*lanes = (ugvt_lanes_u){0} + ugvt_channel_default(format, c);
	} else {
		*lanes = elements[channel->shift / 32 * UGVT_VECTORS];
		if ((format->flags & UGVT_FORMAT_SRGB) && c < 3) {
			srgb_load(channel, lanes);
		} else {
			channel_load(channel, lanes);
		}
	}
}

UGVT_CLONES void ugvt_texels_load(const struct ugvt_format *format,
	const struct ugvt_elements *elements, struct ugvt_texels *texels)
{
	for (unsigned c = 0; c < 4; c++) {
		for (unsigned v = 0; v < UGVT_VECTORS; v++) {
			vector_load(format, c, (const ugvt_lanes_u *)elements->dw + v,
				(ugvt_lanes_u *)texels->c[c] + v);
		}
	}
}

/* Between low and 1; NaN becomes low. */
UGVT_LANES_INLINE void clamp(ugvt_lanes_f *lanes, float low)
{
	ugvt_lanes_i above = *lanes > low;
	ugvt_lanes_u value = (ugvt_lanes_u)*lanes;
	ugvt_lanes_u limit = (ugvt_lanes_u)((ugvt_lanes_f){0} + low);

	ugvt_lanes_select(&value, &above, &limit);
	above = (ugvt_lanes_f)value > 1.0f;
	limit = (ugvt_lanes_u)((ugvt_lanes_f){0} + 1.0f);
	ugvt_lanes_select(&limit, &above, &value);
	*lanes = (ugvt_lanes_f)limit;
}

UGVT_LANES_INLINE void unorm_store(ugvt_lanes_u *lanes, unsigned bits)
{
	ugvt_lanes_f value = (ugvt_lanes_f)*lanes;

	clamp(&value, 0);
	value = value * (float)UGVT_MASK(bits - 1, 0) + 0.5f;
	*lanes = (ugvt_lanes_u) __builtin_convertvector(value, ugvt_lanes_i);
}

UGVT_LANES_INLINE void snorm_store(ugvt_lanes_u *lanes, unsigned bits)
{
	ugvt_lanes_f value = (ugvt_lanes_f)*lanes;
	ugvt_lanes_u half;

	value = (ugvt_lanes_f)((ugvt_lanes_u)value & (ugvt_lanes_u)(value == value));
	clamp(&value, -1);
	value *= (float)UGVT_MASK(bits - 2, 0);
	half = ((ugvt_lanes_u)value & 0x80000000) | 0x3f000000;
	value += (ugvt_lanes_f)half;
	*lanes = (ugvt_lanes_u) __builtin_convertvector(value, ugvt_lanes_i) &
		 UGVT_MASK(bits - 1, 0);
}

UGVT_LANES_INLINE void half_store(ugvt_lanes_u *lanes)
{
	ugvt_lanes_u sign = *lanes >> 16 & 0x8000;
	ugvt_lanes_u value = *lanes & 0x7fffffff;
	ugvt_lanes_u code = (value + 0xfff + (value >> 13 & 1) - (112u << 23)) >> 13;
	/* Adding 0.5 leaves so many fractional bits as a denormal half has, rounded. */
	ugvt_lanes_u denormal = (ugvt_lanes_u)((ugvt_lanes_f)value + 0.5f) - 0x3f000000;
	ugvt_lanes_u infinity = (ugvt_lanes_u){0} + 0x7c00;
	ugvt_lanes_u nan = (ugvt_lanes_u){0} + 0x7e00;
	ugvt_lanes_i mask = (ugvt_lanes_i)value < 0x38800000;

	ugvt_lanes_select(&denormal, &mask, &code);
	mask = (ugvt_lanes_i)value >= 0x477ff000;
	ugvt_lanes_select(&infinity, &mask, &denormal);
	mask = (ugvt_lanes_i)value > 0x7f800000;
	ugvt_lanes_select(&nan, &mask, &infinity);
	*lanes = nan | (sign & ~(ugvt_lanes_u)mask);
}

static void scalar_store(const struct ugvt_channel *channel, ugvt_lanes_u *lanes)
{
	for (unsigned i = 0; i < UGVT_VECTOR; i++) {
		(*lanes)[i] = ugvt_channel_store(channel, (*lanes)[i]);
	}
}

UGVT_LANES_INLINE void channel_store(const struct ugvt_channel *channel, ugvt_lanes_u *lanes)
{
	if (channel->type == UGVT_CHANNEL_UNORM && channel->bits <= 16) {
		unorm_store(lanes, channel->bits);
	} else if (channel->type == UGVT_CHANNEL_SNORM && channel->bits <= 16) {
		snorm_store(lanes, channel->bits);
	} else if (channel->type == UGVT_CHANNEL_FLOAT && channel->bits == 16) {
		half_store(lanes);
	} else if (channel->bits < 32) {
		scalar_store(channel, lanes);
	}
}

static void srgb_store(const struct ugvt_channel *channel, ugvt_lanes_u *lanes)
{
	for (unsigned i = 0; i < UGVT_VECTOR; i++) {
		float linear;

		memcpy(&linear, (uint32_t *)lanes + i, sizeof(linear));
		if (channel->bits == 8) {
			(*lanes)[i] = ugvt_srgb_from_linear(linear);
		} else {
			linear = fminf(fmaxf(linear, 0), 1);
			linear = linear <= 0.0031308f ? linear * 12.92f
						      : 1.055 * pow(linear, 1 / 2.4) - 0.055;
			(*lanes)[i] = (uint32_t)(linear * UGVT_MASK(channel->bits - 1, 0) + 0.5f);
		}
	}
}

UGVT_LANES_INLINE void vector_store(const struct ugvt_format *format, unsigned c,
	const ugvt_lanes_u *texels, ugvt_lanes_u *elements)
{
	const struct ugvt_channel *channel = &format->channels[c];
	ugvt_lanes_u lanes = *texels;

	if (channel->type == UGVT_CHANNEL_NONE) {
		return;
	}
	if ((format->flags & UGVT_FORMAT_SRGB) && c < 3) {
		srgb_store(channel, &lanes);
	} else {
		channel_store(channel, &lanes);
	}
	elements[channel->shift / 32 * UGVT_VECTORS] |= lanes << channel->shift % 32;
}

UGVT_CLONES void ugvt_texels_store(const struct ugvt_format *format,
	const struct ugvt_texels *texels, struct ugvt_elements *elements)
{
	memset(elements, 0, sizeof(*elements));
	for (unsigned c = 0; c < 4; c++) {
		for (unsigned v = 0; v < UGVT_VECTORS; v++) {
			vector_store(format, c, (const ugvt_lanes_u *)texels->c[c] + v,
				(ugvt_lanes_u *)elements->dw + v);
		}
	}
}
