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

#if FAST_AVX2 && defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && \
	defined(__AVX512VL__)
#define FAST_AVX512 1
#define V_NAME(name) _mm512_##name
#else
#define FAST_AVX512 0
#define V_NAME(name) _mm256_##name
#endif

#if !FAST_AVX2
/* No vector goes from one file to another. */
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

/*
 * Eight channels at once, or all 16. What C has no operator for is an instruction where there is one for it, and a loop
 * elsewhere; both have the same results, to the bit. Conditions are lanes of all ones or all zeros.
 */

#define INLINE static inline __attribute__((always_inline))

enum {
	VECTOR_BYTES = FAST_AVX512 ? 64 : 32,
	VECTOR_LANES = VECTOR_BYTES / 4,
};

typedef float vf __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t vi __attribute__((vector_size(VECTOR_BYTES)));
typedef uint32_t vu __attribute__((vector_size(VECTOR_BYTES)));
typedef uint16_t vw __attribute__((vector_size(VECTOR_BYTES / 2)));
typedef int16_t vs __attribute__((vector_size(VECTOR_BYTES / 2)));
/* Half of a vector's channels. */
typedef double vd __attribute__((vector_size(VECTOR_BYTES)));
typedef uint64_t vq __attribute__((vector_size(VECTOR_BYTES)));
typedef float vh __attribute__((vector_size(VECTOR_BYTES / 2)));

#if FAST_AVX512
#define V_ALL(value)                                                                               \
	value, value, value, value, value, value, value, value, value, value, value, value, value, \
		value, value, value
#define VD_ALL(value) value, value, value, value, value, value, value, value
#else
#define V_ALL(value) value, value, value, value, value, value, value, value
#define VD_ALL(value) value, value, value, value
#endif

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
	return (vf){V_ALL(value)};
}

INLINE vu v_same_u(uint32_t value)
{
	return (vu){V_ALL(value)};
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

	__asm__("" : "+v"(factor));
	return v * factor;
#else
	return v;
#endif
}

INLINE vf v_choose(vi condition, vf yes, vf no)
{
#if FAST_AVX2 && !FAST_AVX512
	return _mm256_blendv_ps(no, yes, (__m256)condition);
#else
	return (vf)((condition & (vi)yes) | (~condition & (vi)no));
#endif
}

/* A bit for each lane. */
INLINE uint32_t v_bits(vi condition)
{
#if FAST_AVX512
	return (uint32_t)_mm512_movepi32_mask((__m512i)condition);
#elif FAST_AVX2
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
#if FAST_AVX512
	return (vi)_mm512_movm_epi32((__mmask16)bits);
#else
	const vu each = {1, 2, 4, 8, 16, 32, 64, 128};

	return (v_same_u(bits) & each) == each;
#endif
}

/* By a bit for each lane. */
INLINE vf v_choose_bits(uint32_t bits, vf yes, vf no)
{
#if FAST_AVX512
	return _mm512_mask_blend_ps((__mmask16)bits, no, yes);
#else
	return v_choose(v_condition(bits), yes, no);
#endif
}

/* Within the limits; NaN stays. */
INLINE vf v_clamp(vf v, float low, float high)
{
#if FAST_AVX2
	return V_NAME(max_ps)(v_same(low), V_NAME(min_ps)(v_same(high), v));
#else
	return v_choose(v > high, v_same(high), v_choose(v < low, v_same(low), v));
#endif
}

INLINE vf v_fma(vf a, vf b, vf c)
{
#if FAST_AVX2
	return V_NAME(fmadd_ps)(a, b, c);
#else
	vf out;

	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		out[i] = fmaf(a[i], b[i], c[i]);
	}
	return out;
#endif
}

#if FAST_AVX512
#define V_ROUND(name, function, mode)                                       \
	INLINE vf name(vf a)                                                \
	{                                                                   \
		return _mm512_roundscale_ps(a, (mode) | _MM_FROUND_NO_EXC); \
	}
#elif FAST_AVX2
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
	return V_NAME(sqrt_ps)(a);
#else
	vf out;

	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		out[i] = sqrtf(a[i]);
	}
	return out;
#endif
}

/* Words that follow each other. */
INLINE vf v_words(const void *from)
{
	vw words;

	memcpy(&words, from, sizeof(words));
	return (vf) __builtin_convertvector(words, vu);
}

INLINE vf v_shorts(const void *from)
{
	vs words;

	memcpy(&words, from, sizeof(words));
	return (vf) __builtin_convertvector(words, vi);
}

/* The lower words, which follow each other. */
INLINE void v_store_words(void *to, vf v)
{
	vw words = __builtin_convertvector((vu)v & 0xffff, vw);

	memcpy(to, &words, sizeof(words));
}

INLINE vd vd_fma(vd a, vd b, vd c)
{
#if FAST_AVX2
	return V_NAME(fmadd_pd)(a, b, c);
#else
	vd out;

	for (unsigned i = 0; i < VECTOR_LANES / 2; i++) {
		out[i] = fma(a[i], b[i], c[i]);
	}
	return out;
#endif
}

INLINE vd vd_same(double value)
{
	return (vd){VD_ALL(value)};
}

/* Within the limits; NaN stays. */
INLINE vd vd_clamp(vd v, double low, double high)
{
#if FAST_AVX2
	return V_NAME(max_pd)(vd_same(low), V_NAME(min_pd)(vd_same(high), v));
#else
	for (unsigned i = 0; i < VECTOR_LANES / 2; i++) {
		v[i] = v[i] > high ? high : v[i] < low ? low : v[i];
	}
	return v;
#endif
}

/* One half, the lower or the upper one. */
INLINE vd v_widen(vf v, unsigned half)
{
#if FAST_AVX512
	return _mm512_cvtps_pd(half ? _mm512_extractf32x8_ps(v, 1) : _mm512_castps512_ps256(v));
#elif FAST_AVX2
	return _mm256_cvtps_pd(half ? _mm256_extractf128_ps(v, 1) : _mm256_castps256_ps128(v));
#else
	vh halves[2];

	memcpy(halves, &v, sizeof(halves));
	return __builtin_convertvector(halves[half], vd);
#endif
}

INLINE vf v_narrow(vd low, vd high)
{
#if FAST_AVX512
	return _mm512_insertf32x8(
		_mm512_castps256_ps512(_mm512_cvtpd_ps(low)), _mm512_cvtpd_ps(high), 1);
#elif FAST_AVX2
	return _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low));
#else
	vh halves[2] = {__builtin_convertvector(low, vh), __builtin_convertvector(high, vh)};
	vf v;

	memcpy(&v, halves, sizeof(v));
	return v;
#endif
}

#endif
