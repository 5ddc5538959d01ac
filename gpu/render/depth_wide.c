/* SPDX-License-Identifier: MIT */
#include "gpu/render/depth_wide.h"

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)

#include <immintrin.h>

/* Rows of eight pixels as vectors of eight doubles, whatever they become then; step by step as in depth_block.c. */

#define INLINE static inline __attribute__((always_inline))
#define CODE_MOST 0xffffff

INLINE __m256i row_get(const struct ugvt_target_block *target, unsigned y)
{
	return _mm256_loadu2_m128i((const __m128i *)(target->half[1] + y * target->step),
		(const __m128i *)(target->half[0] + y * target->step));
}

INLINE void row_put(const struct ugvt_target_block *target, unsigned y, __m256i row)
{
	_mm256_storeu2_m128i((__m128i *)(target->half[1] + y * target->step),
		(__m128i *)(target->half[0] + y * target->step), row);
}

/* What codes can be: NaN becomes the lower end. */
struct limits {
	__m256 low;
	__m256 high;
};

INLINE struct limits limits_make(const struct ugvt_depth_range *range)
{
	float low = range->low > 0 ? range->low : 0;
	float high = range->high > 0 ? range->high : 0;

	return (struct limits){_mm256_set1_ps(low), _mm256_set1_ps(high < 1 ? high : 1)};
}

INLINE __m256i codes_make(__m512d depths, const struct limits *limits)
{
	__m256 z = _mm512_cvtpd_ps(depths);
	__m512d code;

	z = _mm256_min_ps(_mm256_max_ps(z, limits->low), limits->high);
	code = _mm512_mul_pd(_mm512_cvtps_pd(z), _mm512_set1_pd(CODE_MOST));
	return _mm512_cvttpd_epi32(_mm512_add_pd(code, _mm512_set1_pd(0.5)));
}

INLINE uint64_t rows_test(bool equal, bool write, const struct ugvt_target_block *target,
	const struct ugvt_depth_block *block, uint64_t mask)
{
	const __m512d eight = _mm512_setr_pd(0, 1, 2, 3, 4, 5, 6, 7);
	const struct limits limits = limits_make(block->range);
	const struct ugvt_target_block at = *target;
	double dx = block->z->dx, dy = block->z->dy;
	__m512d columns = _mm512_add_pd(eight, _mm512_set1_pd(block->at.x + block->place_x));
	uint64_t passed = 0;

	columns = _mm512_add_pd(
		_mm512_set1_pd(block->z->at), _mm512_mul_pd(_mm512_set1_pd(dx), columns));
	for (unsigned y = 0; y < UGVT_TARGET_BLOCK; y++) {
		__mmask8 lit = (__mmask8)(mask >> (UGVT_TARGET_BLOCK * y));
		__m512d down = _mm512_set1_pd(dy * (block->at.y + y + block->place_y));
		__m256i old, new, old_code;

		if (lit == 0) {
			continue;
		}
		new = codes_make(_mm512_add_pd(columns, down), &limits);
		old = row_get(&at, y);
		old_code = _mm256_and_si256(old, _mm256_set1_epi32(CODE_MOST));
		lit = equal ? _mm256_mask_cmple_epi32_mask(lit, new, old_code)
			    : _mm256_mask_cmplt_epi32_mask(lit, new, old_code);
		passed |= (uint64_t)lit << (UGVT_TARGET_BLOCK * y);
		if (write && lit != 0) {
			/* What lies above 24 bits stays. */
			new = _mm256_or_si256(new, _mm256_xor_si256(old, old_code));
			row_put(&at, y, _mm256_mask_mov_epi32(old, lit, new));
		}
	}
	return passed;
}

static uint64_t test_less(bool write, const struct ugvt_target_block *target,
	const struct ugvt_depth_block *block, uint64_t mask)
{
	return rows_test(false, write, target, block, mask);
}

static uint64_t test_less_equal(bool write, const struct ugvt_target_block *target,
	const struct ugvt_depth_block *block, uint64_t mask)
{
	return rows_test(true, write, target, block, mask);
}

ugvt_depth_wide_run *ugvt_depth_wide_find(const struct ugvt_depth_state *state)
{
	if (state->format != UGVT_DEPTH_D24_UNORM_X8) {
		return NULL;
	}
	switch (state->function) {
	case UGVT_DEPTH_LESS: return test_less;
	case UGVT_DEPTH_LESS_EQUAL: return test_less_equal;
	default: return NULL;
	}
}

#else

ugvt_depth_wide_run *ugvt_depth_wide_find(const struct ugvt_depth_state *state)
{
	(void)state;
	return NULL;
}

#endif
