/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FAST_LOD_H
#define UGVT_GPU_SAMPLER_FAST_LOD_H

#if defined(__AVX2__) && defined(__F16C__)
#include <immintrin.h>

#include "gpu/sampler/fast.h"
#include "gpu/sampler/lanes.h"
#include "gpu/sampler/plan.h"

/* For fast_avx2.c only: levels of detail, as lod.c finds them. min_ps and max_ps give their second operand if one is no number. */

struct fast_lod {
	__m256i level;
	__m256i blend;  // of the next level, in 256ths
	__m256i linear; // all bits or none
	__m256 half[2];
};

/* A register. */
UGVT_LANES_INLINE __m256i fast_bits(const uint8_t *lanes)
{
	return _mm256_loadu_si256((const __m256i *)lanes);
}

UGVT_LANES_INLINE __m256 fast_floats(const uint8_t *lanes)
{
	return _mm256_castsi256_ps(fast_bits(lanes));
}

/* Bits of a byte become lanes. */
UGVT_LANES_INLINE __m256i fast_lanes_of(uint8_t mask)
{
	const __m256i each = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);

	return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(mask), each), each);
}

/* Of a channel, if it is wanted. */
UGVT_LANES_INLINE void fast_store(const struct ugvt_fast_lanes *lanes, unsigned c, __m256i value)
{
	int *out = (int *)lanes->out[c];

	if (!out) {
		return;
	}
	if (lanes->mask == 0xff) {
		_mm256_storeu_si256((__m256i *)out, value);
	} else {
		_mm256_maskstore_epi32(out, fast_lanes_of(lanes->mask), value);
	}
}

UGVT_LANES_INLINE __m256 fast_clamp(__m256 value, float low, float high)
{
	return _mm256_max_ps(_mm256_min_ps(value, _mm256_set1_ps(high)), _mm256_set1_ps(low));
}

/* 8 fractional bits; what is too small, and what is no number, is -32. */
UGVT_LANES_INLINE __m256 fast_lod_round(__m256 lod)
{
	__m256 large = _mm256_cmp_ps(lod, _mm256_set1_ps(-32), _CMP_GT_OQ);
	__m256 fixed = _mm256_mul_ps(
		_mm256_min_ps(lod, _mm256_set1_ps(32)), _mm256_set1_ps(UGVT_WEIGHT_ONE));

	fixed = _mm256_floor_ps(_mm256_add_ps(fixed, _mm256_set1_ps(0.5f)));
	fixed = _mm256_mul_ps(fixed, _mm256_set1_ps(1.0f / UGVT_WEIGHT_ONE));
	return _mm256_blendv_ps(_mm256_set1_ps(-32), fixed, large);
}

UGVT_LANES_INLINE __m256 fast_half_log2(__m256 squared)
{
	static const float p[] = UGVT_LOG2_POLYNOMIAL;
	__m256 counts = _mm256_cmp_ps(squared, _mm256_set1_ps(0x1p-64f), _CMP_GE_OQ);
	__m256i bits = _mm256_castps_si256(_mm256_min_ps(squared, _mm256_set1_ps(0x1p64f)));
	__m256 exponent = _mm256_cvtepi32_ps(
		_mm256_sub_epi32(_mm256_srli_epi32(bits, 23), _mm256_set1_epi32(127)));
	__m256 one = _mm256_set1_ps(1);
	__m256 sum = _mm256_setzero_ps();
	__m256 mantissa;

	bits = _mm256_and_si256(bits, _mm256_set1_epi32(0x7fffff));
	bits = _mm256_or_si256(bits, _mm256_castps_si256(one));
	mantissa = _mm256_sub_ps(_mm256_castsi256_ps(bits), one);
	for (int i = 5; i >= 0; i--) {
		sum = _mm256_add_ps(_mm256_mul_ps(sum, mantissa), _mm256_set1_ps(p[i]));
	}
	sum = _mm256_add_ps(_mm256_mul_ps(sum, mantissa), exponent);
	sum = _mm256_mul_ps(sum, _mm256_set1_ps(0.5f));
	return _mm256_blendv_ps(_mm256_set1_ps(-32), sum, counts);
}

/* Adds the squares of an axis' differences in quads: to the right, and downwards. */
UGVT_LANES_INLINE void fast_lengths_add(__m256 values, float scale, __m256 *x, __m256 *y)
{
	__m256 first = _mm256_permute_ps(values, 0x00);
	__m256 dx = _mm256_sub_ps(_mm256_permute_ps(values, 0x55), first);
	__m256 dy = _mm256_sub_ps(_mm256_permute_ps(values, 0xaa), first);

	dx = _mm256_mul_ps(dx, _mm256_set1_ps(scale));
	dy = _mm256_mul_ps(dy, _mm256_set1_ps(scale));
	*x = _mm256_add_ps(*x, _mm256_mul_ps(dx, dx));
	*y = _mm256_add_ps(*y, _mm256_mul_ps(dy, dy));
}

UGVT_LANES_INLINE __m256 fast_raw_lod(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes)
{
	__m256 x = _mm256_setzero_ps();
	__m256 y = _mm256_setzero_ps();

	if (fast->op == UGVT_SAMPLE_L) {
		return lanes->lod ? fast_lod_round(fast_floats(lanes->lod)) : x;
	}
	fast_lengths_add(fast_floats(lanes->u), fast->gradient[0], &x, &y);
	fast_lengths_add(fast_floats(lanes->v), fast->gradient[1], &x, &y);
	return fast_lod_round(fast_half_log2(_mm256_max_ps(x, y)));
}

UGVT_LANES_INLINE __m256i fast_to_level(const struct ugvt_fast *fast, __m256 whole)
{
	return _mm256_add_epi32(_mm256_cvttps_epi32(whole), _mm256_set1_epi32(fast->first_level));
}

UGVT_LANES_INLINE void fast_level_find(
	const struct ugvt_fast *fast, __m256 clamped, struct fast_lod *lod)
{
	__m256 whole;

	switch (fast->mip) {
	case UGVT_MIP_LINEAR:
		clamped = fast_clamp(clamped, fast->min, fast->max);
		whole = _mm256_floor_ps(clamped);
		lod->blend = _mm256_cvttps_epi32(_mm256_mul_ps(
			_mm256_sub_ps(clamped, whole), _mm256_set1_ps(UGVT_WEIGHT_ONE)));
		lod->level = fast_to_level(fast, whole);
		break;
	case UGVT_MIP_NONE:
		lod->level = _mm256_set1_epi32(fast->single);
		lod->blend = _mm256_setzero_si256();
		break;
	default:
		clamped = fast_clamp(clamped, fast->floor_min, fast->ceil_max);
		lod->level = fast_to_level(
			fast, _mm256_floor_ps(_mm256_add_ps(clamped, _mm256_set1_ps(0.5f))));
		lod->blend = _mm256_setzero_si256();
		break;
	}
}

/* Of one for magnified lanes and one for others. */
UGVT_LANES_INLINE __m256 fast_choose(float min, float mag, __m256 magnified)
{
	return _mm256_blendv_ps(_mm256_set1_ps(min), _mm256_set1_ps(mag), magnified);
}

UGVT_LANES_INLINE void fast_lod_find(const struct ugvt_fast *fast,
	const struct ugvt_fast_lanes *lanes, __m256 value, struct fast_lod *lod)
{
	__m256 magnified;

	value = _mm256_add_ps(value, _mm256_set1_ps(fast->bias));
	if (fast->op == UGVT_SAMPLE_B && lanes->lod) {
		value = fast_lod_round(_mm256_add_ps(value, fast_floats(lanes->lod)));
	}
	if (fast->preclamp) {
		value = fast_clamp(value, fast->preclamp_min, fast->preclamp_max);
	}
	magnified = _mm256_cmp_ps(_mm256_sub_ps(value, _mm256_set1_ps(fast->base_level)),
		_mm256_setzero_ps(), _CMP_LE_OQ);
	fast_level_find(fast, value, lod);
	if (!fast->mag_mip) {
		__m256i mask = _mm256_castps_si256(magnified);

		lod->level = _mm256_blendv_epi8(lod->level, _mm256_set1_epi32(fast->single), mask);
		lod->blend = _mm256_andnot_si256(mask, lod->blend);
	}
	lod->linear =
		_mm256_castps_si256(_mm256_or_ps(fast->linear_mag ? magnified : _mm256_setzero_ps(),
			fast->linear_min ? _mm256_xor_ps(magnified,
						   _mm256_castsi256_ps(_mm256_set1_epi32(-1)))
					 : _mm256_setzero_ps()));
	for (unsigned axis = 0; axis < 2; axis++) {
		lod->half[axis] = fast_choose(
			fast->axis[axis].half_min, fast->axis[axis].half_mag, magnified);
	}
}

/* Of all lanes, if they have the same. */
UGVT_LANES_INLINE void fast_lod_get(const struct ugvt_fast *fast, struct fast_lod *lod)
{
	lod->level = _mm256_load_si256((const __m256i *)fast->lod.level);
	lod->blend = _mm256_load_si256((const __m256i *)fast->lod.blend);
	lod->linear = _mm256_load_si256((const __m256i *)fast->lod.linear);
	lod->half[0] = _mm256_load_ps(fast->lod.half[0]);
	lod->half[1] = _mm256_load_ps(fast->lod.half[1]);
}

#endif
#endif
