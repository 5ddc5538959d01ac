/* SPDX-License-Identifier: MIT */
#define FAST_FIND ugvt_eu_fast_base
#define FAST_SIMPLE 1
#include "gpu/eu/fast_template.h"

float ugvt_eu_fast_math(enum ugvt_eu_math function, float a, float b)
{
	vf x = v_same(a);

	switch (function) {
	case UGVT_EU_MATH_LOG: return math_log(x)[0];
	case UGVT_EU_MATH_EXP: return math_exp(x)[0];
	case UGVT_EU_MATH_RSQ: return math_rsq(x)[0];
	case UGVT_EU_MATH_SIN: return math_sine(x, 0)[0];
	case UGVT_EU_MATH_COS: return math_sine(x, 1)[0];
	default: return math_power(x, v_same(b))[0];
	}
}
