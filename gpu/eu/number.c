/* SPDX-License-Identifier: MIT */
#include "gpu/eu/number.h"

#include <math.h>

#include "gpu/eu/mode.h"

uint32_t ugvt_eu_vf_bits(uint8_t vf)
{
	uint32_t sign = (uint32_t)(vf & 0x80) << 24;

	if ((vf & 0x7f) == 0) {
		return sign;
	}
	return sign | ((uint32_t)(vf >> 4 & 7) + 127 - 3) << 23 | (uint32_t)(vf & 0xf) << 19;
}

float ugvt_eu_vf_float(uint8_t vf)
{
	return ugvt_eu_float(ugvt_eu_vf_bits(vf));
}

float ugvt_eu_half_float(uint16_t half)
{
	uint32_t sign = (uint32_t)(half & 0x8000) << 16;
	uint32_t exponent = half >> 10 & 0x1f, mantissa = half & 0x3ff;

	if (exponent == 0x1f) {
		return ugvt_eu_float(sign | 0x7f800000 | mantissa << 13);
	}
	if (exponent == 0) {
		float value = (float)mantissa * 0x1p-24f;

		return ugvt_eu_float(sign | ugvt_eu_float_bits(value));
	}
	return ugvt_eu_float(sign | (exponent + 127 - 15) << 23 | mantissa << 13);
}

/* What a number too large becomes: infinity, or the largest one there is. */
static uint16_t half_overflow(bool negative)
{
	switch (ugvt_eu_mode_rounding()) {
	case 1: return negative ? 0x7bff : 0x7c00;
	case 2: return negative ? 0x7c00 : 0x7bff;
	case 3: return 0x7bff;
	default: return 0x7c00;
	}
}

/* Of a finite number that is not zero, without its sign. */
static uint16_t half_finite(double value)
{
	double units;
	int exponent;

	frexp(value, &exponent);
	exponent = exponent - 1 < -14 ? -14 : exponent - 1;
	/* In units of its last place; rint() rounds as the thread says. */
	units = fabs(rint(ldexp(value, 10 - exponent)));
	if (exponent > 15 || (exponent == 15 && units >= 2048)) {
		return half_overflow(value < 0);
	}
	/* A carry out of the mantissa goes to the exponent by itself. */
	return (uint16_t)((exponent + 14) * 1024 + (int)units);
}

uint16_t ugvt_eu_half_bits(double value)
{
	uint16_t sign = signbit(value) ? 0x8000 : 0;

	if (isnan(value)) {
		return sign | 0x7e00;
	}
	if (isinf(value)) {
		return sign | 0x7c00;
	}
	return value == 0 ? sign : sign | half_finite(value);
}

int64_t ugvt_eu_to_signed(double value, unsigned bits, bool *beyond)
{
	double limit = ldexp(1, (int)bits - 1);
	double whole = trunc(value);
	int64_t largest = (int64_t)((UINT64_C(1) << (bits - 1)) - 1);

	if (isnan(value)) {
		return 0;
	}
	if (whole >= limit) {
		*beyond = true;
		return largest;
	}
	if (whole < -limit) {
		*beyond = true;
		return -largest - 1;
	}
	return (int64_t)whole;
}

uint64_t ugvt_eu_to_unsigned(double value, unsigned bits, bool *beyond)
{
	double whole = trunc(value);

	if (isnan(value)) {
		return 0;
	}
	if (whole < 0) {
		*beyond = true;
		return 0;
	}
	if (whole >= ldexp(1, (int)bits)) {
		*beyond = true;
		return UINT64_MAX >> (64 - bits);
	}
	return (uint64_t)whole;
}
