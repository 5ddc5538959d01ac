/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/fast_avx2.h"

#if defined(__AVX2__) && defined(__F16C__) && defined(__FMA__)

#include "gpu/sampler/fast_lod.h"
#include "gpu/sampler/fast_place.h"
#include "gpu/sampler/fast_texels.h"
#include "gpu/sampler/filter.h"

/* fast_quick.h for vectors of eight lanes. */

#define QUICK_LANES 8
typedef __m256i quick_i;
typedef __m256 quick_f;
#define Q(name) _mm256_##name
#define QB(name) _mm256_##name##_si256
#define QF(value) _mm256_castsi256_ps(value)
#define quick_lod fast_lod
#define quick_level fast_level

/* 0 if it is beyond the last. */
UGVT_LANES_INLINE quick_i quick_inside(quick_i texel, quick_i size)
{
	return _mm256_and_si256(texel, _mm256_cmpgt_epi32(size, texel));
}

/* The low halves of dwords of one, the high ones of the other. */
UGVT_LANES_INLINE quick_i quick_join(quick_i low, quick_i high)
{
	return _mm256_blend_epi16(low, high, 0xaa);
}

UGVT_LANES_INLINE bool quick_none(quick_i bits)
{
	return _mm256_testz_si256(bits, bits);
}

UGVT_LANES_INLINE bool quick_uniform(quick_i linear)
{
	return !_mm256_testnzc_si256(linear, _mm256_set1_epi32(-1));
}

UGVT_LANES_INLINE quick_f quick_floats(const struct ugvt_fast_lanes *lanes, unsigned axis)
{
	return fast_floats(axis == 0 ? lanes->u : lanes->v);
}

UGVT_LANES_INLINE void quick_lod_find(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, struct fast_lod *lod)
{
	fast_lod_find(fast, lanes, fast_raw_lod(fast, lanes), lod);
}

UGVT_LANES_INLINE void quick_level_get(
	const struct ugvt_fast *fast, quick_i index, struct fast_level *level)
{
	fast_level_get(fast, index, level);
}

UGVT_LANES_INLINE quick_i quick_layer_row(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes)
{
	return fast_layer_row(fast, lanes);
}

UGVT_LANES_INLINE quick_i quick_words(const struct ugvt_fast *fast, const uint32_t *at, bool mapped)
{
	return fast_words_at(fast, at, mapped);
}

struct quick_out {
	const struct ugvt_fast_lanes *lanes;
	bool whole;
};

UGVT_LANES_INLINE void quick_out_find(const struct ugvt_fast_lanes *lanes, struct quick_out *out)
{
	out->lanes = lanes;
	out->whole = lanes->mask == UINT8_MAX && lanes->out[0] && lanes->out[1] && lanes->out[2] &&
		     lanes->out[3];
}

UGVT_LANES_INLINE void quick_store(const struct quick_out *out, unsigned c, quick_f value)
{
	fast_store(out->lanes, c, _mm256_castps_si256(value));
}

UGVT_LANES_INLINE void quick_store_all(const struct quick_out *out, unsigned c, quick_f value)
{
	_mm256_storeu_ps((float *)out->lanes->out[c], value);
}

#include "gpu/sampler/fast_quick.h"

UGVT_LANES_INLINE bool quick_window(const struct ugvt_fast *fast, const struct quick_way *way,
	const struct quick_places *places, struct quick_texels *texels)
{
	(void)fast;
	(void)way;
	(void)places;
	(void)texels;
	return false;
}

UGVT_LANES_INLINE void quick_run(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes,
	unsigned count, const struct quick_way *way)
{
	for (unsigned i = 0; i < count; i++) {
		if (!quick_sample(fast, way, &lanes[i])) {
			ugvt_fast_avx2_sample(fast, &lanes[i], 1);
		}
	}
}

QUICK_STAMPS

ugvt_fast_run *ugvt_fast_quick(const struct ugvt_fast *fast)
{
	return QUICK_STAMP(fast);
}

#else

ugvt_fast_run *ugvt_fast_quick(const struct ugvt_fast *fast)
{
	(void)fast;
	return NULL;
}

#endif
