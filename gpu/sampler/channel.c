/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/texel.h"

static uint32_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static float bits_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static double channel_max(const struct ugvt_channel *channel)
{
	bool sign = channel->type == UGVT_CHANNEL_SNORM || channel->type == UGVT_CHANNEL_SINT;

	return ldexp(1, channel->bits - sign) - 1;
}

static int32_t sign_extend(uint32_t raw, unsigned bits)
{
	return (int32_t)(raw << (32 - bits)) >> (32 - bits);
}

/* Bits of mantissa of a float of 16, 11 or 10 bits; all have an exponent of 5. */
static unsigned mantissa_bits(const struct ugvt_channel *channel)
{
	return channel->bits - 5 - (channel->type == UGVT_CHANNEL_FLOAT);
}

static float small_float_load(uint32_t raw, unsigned mantissa)
{
	uint32_t fraction = raw & UGVT_MASK(mantissa - 1, 0);
	unsigned exponent = raw >> mantissa & 31;

	if (exponent == 31) {
		return bits_float(0x7f800000 | fraction << (23 - mantissa));
	}
	if (exponent == 0) {
		return ldexp(fraction, -14 - (int)mantissa);
	}
	return ldexp(fraction + ldexp(1, mantissa), (int)exponent - 15 - (int)mantissa);
}

uint32_t ugvt_channel_load(const struct ugvt_channel *channel, uint32_t raw)
{
	int32_t sign_extended = sign_extend(raw, channel->bits);
	float sign = raw >> 15 & 1 ? -1 : 1;

	raw &= UGVT_MASK(channel->bits - 1, 0);
	switch ((enum ugvt_channel_type)channel->type) {
	case UGVT_CHANNEL_UNORM: return float_bits(raw / channel_max(channel));
	case UGVT_CHANNEL_SNORM: return float_bits(fmax(sign_extended / channel_max(channel), -1));
	case UGVT_CHANNEL_UINT: return raw;
	case UGVT_CHANNEL_SINT: return sign_extended;
	case UGVT_CHANNEL_USCALED: return float_bits(raw);
	case UGVT_CHANNEL_SSCALED: return float_bits(sign_extended);
	case UGVT_CHANNEL_SFIXED: return float_bits(ldexp(sign_extended, -16));
	case UGVT_CHANNEL_UFLOAT: return float_bits(small_float_load(raw, mantissa_bits(channel)));
	case UGVT_CHANNEL_FLOAT:
		return channel->bits == 32 ? raw
					   : float_bits(copysignf(small_float_load(raw, 10), sign));
	case UGVT_CHANNEL_NONE: break;
	}
	return 0;
}

/* value is not negative and not NaN; to the nearest even. What is too large: infinity, or the largest number where finite is
 * not to become infinite (GL 4.6, 2.3.4.3 "Unsigned 11-bit floating-point numbers"). */
static uint32_t small_float_store(float value, unsigned mantissa, bool saturate)
{
	uint32_t infinity = UGVT_PUT(UGVT_MASK(mantissa + 4, mantissa), 31);
	uint32_t code;
	int exponent;

	if (isinf(value)) {
		return infinity;
	}
	frexp(value, &exponent);
	exponent = value < 0x1p-14f ? -14 : exponent - 1;
	/* Units of the last place; one too many carries into the exponent, as it should. */
	if (exponent > 15) {
		code = infinity;
	} else {
		code = ((uint32_t)(exponent + 14) << mantissa) +
		       (uint32_t)nearbyint(ldexp(value, (int)mantissa - exponent));
	}
	return saturate && code >= infinity ? infinity - 1 : UGVT_MIN(code, infinity);
}

static uint32_t float_store(const struct ugvt_channel *channel, uint32_t bits)
{
	float value = bits_float(bits);
	unsigned mantissa = mantissa_bits(channel);
	bool negative = bits >> 31;

	if (channel->bits == 32) {
		return bits;
	}
	if (isnan(value)) {
		return UGVT_MASK(mantissa + 4, mantissa - 1);
	}
	if (channel->type == UGVT_CHANNEL_UFLOAT) {
		return negative ? 0 : small_float_store(value, mantissa, true);
	}
	return small_float_store(fabsf(value), mantissa, false) | (uint32_t)negative << 15;
}

uint32_t ugvt_channel_store(const struct ugvt_channel *channel, uint32_t value)
{
	float scale = channel_max(channel);
	float clamped = fminf(fmaxf(bits_float(value), 0), 1);
	uint32_t mask = UGVT_MASK(channel->bits - 1, 0);
	int32_t max = (int32_t)(mask >> 1);
	int32_t low = UGVT_MAX((int32_t)value, -max - 1);

	switch ((enum ugvt_channel_type)channel->type) {
	case UGVT_CHANNEL_UNORM: return (uint32_t)(clamped * scale + 0.5f);
	case UGVT_CHANNEL_SNORM:
		clamped = isnan(bits_float(value)) ? 0 : fminf(fmaxf(bits_float(value), -1), 1);
		return (uint32_t)(int32_t)(clamped * scale + copysignf(0.5f, clamped)) & mask;
	case UGVT_CHANNEL_UINT: return UGVT_MIN(value, mask);
	case UGVT_CHANNEL_SINT: return (uint32_t)UGVT_MIN(low, max) & mask;
	case UGVT_CHANNEL_FLOAT:
	case UGVT_CHANNEL_UFLOAT: return float_store(channel, value);
	case UGVT_CHANNEL_USCALED:
	case UGVT_CHANNEL_SSCALED:
	case UGVT_CHANNEL_SFIXED:
	case UGVT_CHANNEL_NONE: break;
	}
	return 0;
}
