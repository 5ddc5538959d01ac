/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_FAST_MATH_H
#define UGVT_GPU_EU_FAST_MATH_H

#include "gpu/eu/fast_vector.h"

/*
 * The functions of math, in operations that round once each, so that every machine has the same results. Within two units of
 * the last place for all arguments, which is more than the hardware promises (Ivy Bridge PRM vol. 4 part 3, "math").
 * Coefficients are Chebyshev fits over the reduced arguments' ranges.
 */

INLINE vf math_polynomial(vf x, const float *c, unsigned n)
{
	vf sum = v_same(c[n - 1]);

#pragma GCC unroll 16
	for (unsigned i = n - 1; i-- > 0;) {
		sum = v_fma(sum, x, v_same(c[i]));
	}
	return sum;
}

INLINE vd math_polynomial_double(vd x, const double *c, unsigned n)
{
	vd sum = vd_same(c[n - 1]);

#pragma GCC unroll 16
	for (unsigned i = n - 1; i-- > 0;) {
		sum = vd_fma(sum, x, vd_same(c[i]));
	}
	return sum;
}

/* 2^n, for what exponents there are. */
INLINE vf math_scale(vi n)
{
	return (vf)((n + 127) << 23);
}

/* 2^n v, v from 1/2 to 2; in two steps, so that denormals are rounded once. */
INLINE vf math_scaled(vf v, vf n)
{
#if FAST_AVX512
	return _mm512_scalef_ps(v, n);
#else
	vi whole = __builtin_convertvector((vf)((vi)n & (n == n)), vi), half = whole >> 1;

	return v * math_scale(half) * math_scale(whole - half);
#endif
}

/* 2^(whole + rest), with a whole number. */
INLINE vf math_power_of_two(vf whole, vf rest)
{
	static const float c[] = {1.0f, 0x1.62e430p-1f, 0x1.ebfbe0p-3f, 0x1.c6b08ep-5f,
		0x1.3b2a1ap-7f, 0x1.5d879ep-10f, 0x1.444140p-13f, 0x1.00a646p-16f};

	return math_scaled(math_polynomial(rest, c, 8), whole);
}

INLINE vf math_exp(vf x)
{
	vf near = v_clamp(x, -160, 160);
	vf whole = v_even(near);

	return math_power_of_two(whole, near - whole);
}

/* The logarithm of the part from sqrt(1/2) to sqrt(2), plus the exponent. */
INLINE vf math_log(vf x)
{
	static const float c[] = {-0x1.715476p-1f, 0x1.ec709ap-2f, -0x1.71576cp-2f, 0x1.277b76p-2f,
		-0x1.eb417cp-3f, 0x1.a3b26ep-3f, -0x1.83e23ap-3f, 0x1.77f4e8p-3f, -0x1.c583d4p-4f};
	const float log2e = 0x1.715476p+0f, log2e_rest = 0x1.4ae0c0p-26f;
	vi tiny = x < 0x1p-126f;
	vi bits = (vi)v_choose(tiny, x * 0x1p24f, x);
	vi exponent = (bits - 0x3f3504f3) >> 23;
	vf t = (vf)(bits - (exponent << 23)) - 1;
	vf rest = v_fma(t * t, math_polynomial(t, c, 9), t * log2e_rest);
	vf e = __builtin_convertvector(exponent - (tiny & 24), vf);
	vf out = e + v_fma(t, v_same(log2e), rest);

	out = v_choose(x == 0, v_same(-INFINITY), out);
	out = v_choose(x < 0, v_same(NAN), out);
	return v_choose((x == INFINITY) | (x != x), x, out);
}

/* Of the quarter of the circle that is the nearest multiple of pi/2; too far out there are no digits left for that. */
INLINE vf math_sine(vf x, int quarter)
{
	static const float sines[] = {
		-0x1.555556p-3f, 0x1.11110ep-7f, -0x1.a01388p-13f, 0x1.6db388p-19f};
	static const float cosines[] = {
		0x1.555556p-5f, -0x1.6c16c0p-10f, 0x1.a015aep-16f, -0x1.251d4ap-22f};
	const vf limit = v_same(0x1p15f), size = (vf)((vi)x & 0x7fffffff);
	vi far = ~(size < limit);
	vf near = v_choose(far, v_same(0), x);
	vf n = v_even(near * 0x1.45f306p-1f);
	vi q = __builtin_convertvector(n, vi) + quarter;
	vf r, z, sine, cosine, out;

	r = v_fma(-n, v_same(0x1.921fb6p+0f), near);
	r = v_fma(-n, v_same(-0x1.777a5cp-25f), r);
	r = v_fma(-n, v_same(-0x1.ee59dap-50f), r);
	z = r * r;
	sine = v_fma(r * z, math_polynomial(z, sines, 4), r);
	cosine = v_fma(z * z, math_polynomial(z, cosines, 4), v_fma(z, v_same(-0.5f), v_same(1)));
	out = v_choose((q & 1) != 0, cosine, sine);
	out = (vf)((vi)out ^ ((q & 2) << 30));
	if (!quarter) {
		/* With its sign. */
		out = v_choose(x == 0, v_flush(x), out);
	}
	for (uint32_t left = v_bits(far); left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		out[i] = quarter ? cosf(x[i]) : sinf(x[i]);
	}
	return out;
}

/* A number's absolute value as 2^e m, m from sqrt(1/2) to sqrt(2), and 1 / (m + 1); of zero and infinity, e is that of the
 * logarithm. */
struct math_parts {
	vf e, m, r;
};

INLINE struct math_parts math_split(vf a)
{
	vf size = (vf)((vi)a & 0x7fffffff);
	vi tiny = size < 0x1p-126f;
	vi bits = (vi)v_choose(tiny, size * 0x1p24f, size);
	vi exponent = (bits - 0x3f3504f3) >> 23;
	vf e = __builtin_convertvector(exponent - (tiny & 24), vf);
	vf m = (vf)(bits - (exponent << 23));

	e = v_choose(size == 0, v_same(-INFINITY), e);
	return (struct math_parts){v_choose(size < INFINITY, e, size), m, 1 / (m + 1)};
}

/* b log2 |a|, of half of a vector's channels: the nearest integer, no farther than it matters, and the rest. In doubles,
 * since the integer takes up to eight of the digits. */
INLINE vd math_power_log(const struct math_parts *a, vf b, unsigned half, vd *whole)
{
	static const double c[] = {0x1.71547652bed6dp+1, 0x1.ec709d1347ccfp-1, 0x1.27777fa641a52p-1,
		0x1.a58d9f23e35ccp-2, 0x1.5ce73b1fb462dp-2};
	vd e = v_widen(a->e, half), m = v_widen(a->m, half), r = v_widen(a->r, half), product;
	/* (m - 1) / (m + 1), as it is in a float, and what is missing. */
	vd s = (m - 1) * r;

	s = vd_fma(r, vd_fma(-s, m + 1, m - 1), s);
	product = vd_fma(s, math_polynomial_double(s * s, c, 5), e);
	product = vd_clamp(v_widen(b, half) * product, -250, 250);
	/* Sums as large as that have no fractions. */
	*whole = (product + 0x1.8p52) - 0x1.8p52;
	return product - *whole;
}

/* 2^(b log2 |a|); zero times infinity makes the NaNs of the PRM's table. */
INLINE vf math_power(vf a, vf b)
{
	struct math_parts parts = math_split(a);
	vd whole[2], low, high;

	low = math_power_log(&parts, b, 0, &whole[0]);
	high = math_power_log(&parts, b, 1, &whole[1]);
	return math_power_of_two(v_narrow(whole[0], whole[1]), v_narrow(low, high));
}

INLINE vf math_rsq(vf a)
{
	return 1 / v_sqrt(a);
}

#endif
