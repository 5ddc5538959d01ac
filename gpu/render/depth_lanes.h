/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_DEPTH_LANES_H
#define UGVT_GPU_RENDER_DEPTH_LANES_H

#include "gpu/render/depth.h"
#include "gpu/sampler/lanes.h"

/* For gpu/render/depth*.c: depth of eight lanes, as vectors. */

typedef double ugvt_depth_quad_d __attribute__((vector_size(32), may_alias));
typedef int32_t ugvt_depth_quad_i __attribute__((vector_size(16), may_alias));

/* Floats from 0 to 1 become integers from 0 to most. */
UGVT_LANES_INLINE void ugvt_depth_halves(double most, ugvt_lanes_quad half[2])
{
	for (unsigned i = 0; i < 2; i++) {
		ugvt_depth_quad_d wide = __builtin_convertvector(half[i], ugvt_depth_quad_d);

		wide = wide * most + 0.5;
		half[i] = (ugvt_lanes_quad) __builtin_convertvector(wide, ugvt_depth_quad_i);
	}
}

/* The lanes' codes, as ugvt_depth_encode() has them. */
UGVT_LANES_INLINE void ugvt_depth_codes(
	enum ugvt_depth_format format, const ugvt_lanes_f *z, ugvt_lanes_u *codes)
{
	ugvt_lanes_u value = (ugvt_lanes_u)*z;
	ugvt_lanes_u one = (ugvt_lanes_u)((ugvt_lanes_f){0} + 1.0f);
	ugvt_lanes_i mask;
	ugvt_lanes_quad quad[2];

	if (format == UGVT_DEPTH_D32_FLOAT) {
		*codes = value;
		return;
	}
	/* NaN becomes 0. */
	value &= (ugvt_lanes_u)((ugvt_lanes_f)value > 0.0f);
	mask = (ugvt_lanes_f)value > 1.0f;
	ugvt_lanes_select(&one, &mask, &value);
	ugvt_lanes_split((const ugvt_lanes_f *)&one, quad);
	ugvt_depth_halves(format == UGVT_DEPTH_D16_UNORM ? 65535.0 : 16777215.0, quad);
	ugvt_lanes_join(quad, (ugvt_lanes_f *)codes);
}

/* Codes that can be compared as signed integers: of floats, those of negative ones are turned round. */
UGVT_LANES_INLINE void ugvt_depth_comparable(
	enum ugvt_depth_format format, const ugvt_lanes_u *codes, ugvt_lanes_i *out)
{
	ugvt_lanes_i negative = (ugvt_lanes_i)*codes < 0;
	ugvt_lanes_u turned = 0x80000000u - *codes;

	switch (format) {
	case UGVT_DEPTH_D32_FLOAT:
		ugvt_lanes_select(&turned, &negative, codes);
		*out = (ugvt_lanes_i)turned;
		break;
	case UGVT_DEPTH_D16_UNORM: *out = (ugvt_lanes_i)(*codes & 0xffff); break;
	default: *out = (ugvt_lanes_i)(*codes & 0xffffff); break;
	}
}

/* Bits 0, 1 and 2: passes if less, equal, greater. */
static inline unsigned ugvt_depth_outcomes(unsigned function)
{
	static const uint8_t bits[] = {7, 0, 1, 2, 3, 4, 5, 6};

	return bits[function % 8];
}

/* Of a draw's state what a test needs. */
struct ugvt_depth_test {
	enum ugvt_depth_format format;
	unsigned function;
	bool write;
};

/* Lanes that pass, as a mask. */
UGVT_LANES_INLINE void ugvt_depth_compare(const struct ugvt_depth_test *test,
	const ugvt_lanes_u *new, const ugvt_lanes_u *old, ugvt_lanes_i *passed)
{
	unsigned pass = ugvt_depth_outcomes(test->function);
	ugvt_lanes_i a;
	ugvt_lanes_i b;

	ugvt_depth_comparable(test->format, new, &a);
	ugvt_depth_comparable(test->format, old, &b);
	*passed = (a < b) & -(int32_t)(pass & 1);
	*passed |= (a == b) & -(int32_t)(pass >> 1 & 1);
	*passed |= (a > b) & -(int32_t)(pass >> 2 & 1);
	if (test->format == UGVT_DEPTH_D32_FLOAT) {
		/* With a NaN only "not equal" and "always" hold. */
		ugvt_lanes_i unordered = ((ugvt_lanes_i)(*new & 0x7fffffff) > 0x7f800000) |
					 ((ugvt_lanes_i)(*old & 0x7fffffff) > 0x7f800000);

		*passed = (*passed & ~unordered) | (unordered & -(int32_t)((pass & 5) == 5));
	}
}

#endif
