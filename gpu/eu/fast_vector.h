/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_FAST_VECTOR_H
#define UGVT_GPU_EU_FAST_VECTOR_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#include <immintrin.h>
#define FAST_AVX2 1
#else
#define FAST_AVX2 0
#endif

#if !FAST_AVX2
/* No vector goes from one file to another. */
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

/*
 * Eight channels at once. What C has no operator for is an instruction where there is one for it, and a loop elsewhere; both
 * have the same results, to the bit. Conditions are lanes of all ones or all zeros.
 */

#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));
typedef uint32_t vu __attribute__((vector_size(32)));
/* Four, of a quarter of 16 channels. */
typedef double vd __attribute__((vector_size(32)));
typedef uint64_t vq __attribute__((vector_size(32)));
typedef float vf4 __attribute__((vector_size(16)));

enum {
	VECTOR_LANES = 8,
	VECTOR_BYTES = 32,
};

INLINE vf v_load(const void *from)
{
	vf v;

	memcpy(&v, from, sizeof(v));
	return v;
}

INLINE void v_store(void *to, vf v)
{
	memcpy(to, &v, sizeof(v));
}

INLINE vf v_same(float value)
{
	return (vf){value, value, value, value, value, value, value, value};
}

INLINE vu v_same_u(uint32_t value)
{
	return (vu){value, value, value, value, value, value, value, value};
}

INLINE vf v_same_at(const void *from)
{
	float value;

	memcpy(&value, from, sizeof(value));
	return v_same(value);
}

/* Denormals become zeros where the CPU's mode says so, which the compiler does not know. */
INLINE vf v_flush(vf v)
{
#if FAST_AVX2
	vf factor = v_same(1);

	__asm__("" : "+x"(factor));
	return v * factor;
#else
	return v;
#endif
}

INLINE vf v_choose(vi condition, vf yes, vf no)
{
#if FAST_AVX2
	return _mm256_blendv_ps(no, yes, (__m256)condition);
#else
	return (vf)((condition & (vi)yes) | (~condition & (vi)no));
#endif
}

/* A bit for each lane. */
INLINE uint32_t v_bits(vi condition)
{
#if FAST_AVX2
	return (uint32_t)_mm256_movemask_ps((__m256)condition);
#else
	uint32_t bits = 0;

	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		bits |= (uint32_t)(condition[i] & 1) << i;
	}
	return bits;
#endif
}

INLINE vi v_condition(uint32_t bits)
{
	const vu each = {1, 2, 4, 8, 16, 32, 64, 128};

	return (v_same_u(bits) & each) == each;
}

INLINE vf v_fma(vf a, vf b, vf c)
{
#if FAST_AVX2
	return _mm256_fmadd_ps(a, b, c);
#else
	vf out;

	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		out[i] = fmaf(a[i], b[i], c[i]);
	}
	return out;
#endif
}

#if FAST_AVX2
#define V_ROUND(name, function, mode)                                  \
	INLINE vf name(vf a)                                           \
	{                                                              \
		return _mm256_round_ps(a, (mode) | _MM_FROUND_NO_EXC); \
	}
#else
#define V_ROUND(name, function, mode)                         \
	INLINE vf name(vf a)                                  \
	{                                                     \
		vf out;                                       \
                                                              \
		for (unsigned i = 0; i < VECTOR_LANES; i++) { \
			out[i] = function(a[i]);              \
		}                                             \
		return out;                                   \
	}
#endif

V_ROUND(v_even, roundevenf, _MM_FROUND_TO_NEAREST_INT)
V_ROUND(v_floor, floorf, _MM_FROUND_TO_NEG_INF)
V_ROUND(v_ceil, ceilf, _MM_FROUND_TO_POS_INF)
V_ROUND(v_truncate, truncf, _MM_FROUND_TO_ZERO)

INLINE vf v_sqrt(vf a)
{
#if FAST_AVX2
	return _mm256_sqrt_ps(a);
#else
	vf out;

	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		out[i] = sqrtf(a[i]);
	}
	return out;
#endif
}

/* Eight words that follow each other. */
INLINE vf v_words(const void *from)
{
	uint16_t words __attribute__((vector_size(16)));

	memcpy(&words, from, sizeof(words));
	return (vf) __builtin_convertvector(words, vu);
}

INLINE vf v_shorts(const void *from)
{
	int16_t words __attribute__((vector_size(16)));

	memcpy(&words, from, sizeof(words));
	return (vf) __builtin_convertvector(words, vi);
}

/* The lower words, which follow each other. */
INLINE void v_store_words(void *to, vf v)
{
	uint16_t words __attribute__((vector_size(16))) =
		__builtin_convertvector((vu)v & 0xffff, __typeof__(words));

	memcpy(to, &words, sizeof(words));
}

INLINE vd vd_fma(vd a, vd b, vd c)
{
#if FAST_AVX2
	return _mm256_fmadd_pd(a, b, c);
#else
	vd out;

	for (unsigned i = 0; i < 4; i++) {
		out[i] = fma(a[i], b[i], c[i]);
	}
	return out;
#endif
}

INLINE vd vd_choose(vq condition, vd yes, vd no)
{
	return (vd)((condition & (vq)yes) | (~condition & (vq)no));
}

#endif
