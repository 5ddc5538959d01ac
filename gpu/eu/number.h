/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_NUMBER_H
#define UGVT_GPU_EU_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Numbers as the EU has them. */

/* A float of 8 bits, as vector immediates have them: sign, 3 bits of exponent (bias 3), 4 of mantissa; zero has none of
 * them (Ivy Bridge PRM vol. 4 part 3, "Restricted 8-bit Float"). */
float ugvt_eu_vf_float(uint8_t vf);
uint32_t ugvt_eu_vf_bits(uint8_t vf);

/* Half floats. Rounded as the thread says: see gpu/eu/mode.h. */
float ugvt_eu_half_float(uint16_t half);
uint16_t ugvt_eu_half_bits(double value);

static inline uint32_t ugvt_eu_float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline float ugvt_eu_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint64_t ugvt_eu_double_bits(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline double ugvt_eu_double(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Denormal numbers become zeros of their sign. */
static inline uint32_t ugvt_eu_float_flush(uint32_t bits)
{
	return bits & 0x7f800000 ? bits : bits & 0x80000000;
}

static inline uint16_t ugvt_eu_half_flush(uint16_t bits)
{
	return bits & 0x7c00 ? bits : bits & 0x8000;
}

static inline uint64_t ugvt_eu_double_flush(uint64_t bits)
{
	return bits & UINT64_C(0x7ff0000000000000) ? bits : bits & UINT64_C(0x8000000000000000);
}

/* To an integer of so many bits: towards zero, to the nearest one there is; NaN is zero. Sets *beyond if there is none near. */
int64_t ugvt_eu_to_signed(double value, unsigned bits, bool *beyond);
uint64_t ugvt_eu_to_unsigned(double value, unsigned bits, bool *beyond);

#endif
