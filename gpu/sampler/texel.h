/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_TEXEL_H
#define UGVT_GPU_SAMPLER_TEXEL_H

#include <stdint.h>

#include "gen/formats.h"

/*
 * From an element's bits to four channels of 32 bits and back: floats, or integers for UINT and SINT. One value per
 * channel is right: what a format's name means is in PRM BDW vol 5, "Surface Format Naming"; how a float becomes a
 * fixed-point number is PRM SNB vol 4 part 1, "Render Target Write": clamped, NaN is 0, to the nearest.
 *
 * Sixteen lanes at once, as a SIMD16 message has them, laid out as registers are: dword by dword, channel by channel. The
 * rounding mode has to be the nearest even (MXCSR's default).
 */

#define UGVT_LANES 16

/* Elements of a PLAIN or SHARED_EXPONENT format, those of less than a dword in the low bits, what is above being anything. */
struct ugvt_elements {
	_Alignas(64) uint32_t dw[4][UGVT_LANES];
};

/* Red, green, blue and alpha: bits of floats or integers. */
struct ugvt_texels {
	_Alignas(64) uint32_t c[4][UGVT_LANES];
};

void ugvt_texels_load(const struct ugvt_format *format, const struct ugvt_elements *elements,
	struct ugvt_texels *texels);
/* The format must be one with RENDER. What lies above the element and in X channels becomes 0. */
void ugvt_texels_store(const struct ugvt_format *format, const struct ugvt_texels *texels,
	struct ugvt_elements *elements);

/* One channel of one element, from (or to) the low bits of raw: the reference, and what is not worth more. */
uint32_t ugvt_channel_load(const struct ugvt_channel *channel, uint32_t raw);
uint32_t ugvt_channel_store(const struct ugvt_channel *channel, uint32_t value);

/* What a channel that is not there reads as. */
static inline uint32_t ugvt_channel_default(const struct ugvt_format *format, unsigned c)
{
	uint32_t one = ugvt_format_is_integer(format) ? 1 : 0x3f800000;

	return c == 3 ? one : 0;
}

#endif
