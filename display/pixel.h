/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_PIXEL_H
#define UGVT_DISPLAY_PIXEL_H

#include <stdint.h>

/*
 * A pixel on its way through planes and pipe: 16 bits a channel, 65535 is 1.0. Of YUV red is V, green Y and blue U, as the
 * hardware counts channels (PRM SKL vol 12, "Color Space Conversion").
 */
struct ugvt_pixel {
	uint16_t b, g, r, a;
};

#define UGVT_PIXEL_ONE 65535u

/* value of bits bits a channel, widened so that the largest is 1.0; bits is 8 or more. */
static inline uint16_t ugvt_pixel_widen(uint32_t value, unsigned bits)
{
	return (uint16_t)(value << (16 - bits) | value >> (2 * bits - 16));
}

/* The nearest value of 8 bits. */
static inline uint32_t ugvt_pixel_narrow(uint32_t value)
{
	return (value * 255 + 32768) >> 16;
}

/* a * b, of two fractions of UGVT_PIXEL_ONE. */
static inline uint32_t ugvt_pixel_multiply(uint32_t a, uint32_t b)
{
	uint32_t product = a * b;

	return (product + 32768 + ((product + 32768) >> 16)) >> 16;
}

#endif
