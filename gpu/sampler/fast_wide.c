/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/fast_avx2.h"

#if defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__F16C__) && defined(__FMA__)

#include "gpu/sampler/fast_lod.h"
#include "gpu/sampler/fast_place.h"
#include "gpu/sampler/fast_texels.h"
#include "gpu/sampler/filter.h"

/* fast_quick.h for vectors of sixteen lanes, with AVX-512: both halves of a message. */

#define QUICK_LANES 16
typedef __m512i quick_i;
typedef __m512 quick_f;
#define Q(name) _mm512_##name
#define QB(name) _mm512_##name##_si512

struct quick_lod {
	quick_i level;
	quick_i blend;
	quick_i linear;
	quick_f half[2];
};

struct quick_level {
	quick_i width, height, x, y;
};

UGVT_LANES_INLINE quick_i quick_both(__m256i low, __m256i high)
{
	return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

UGVT_LANES_INLINE quick_f quick_both_floats(__m256 low, __m256 high)
{
	return _mm512_castsi512_ps(quick_both(_mm256_castps_si256(low), _mm256_castps_si256(high)));
}

/* 0 if it is beyond the last. */
UGVT_LANES_INLINE quick_i quick_inside(quick_i texel, quick_i size)
{
	return _mm512_maskz_mov_epi32(_mm512_cmpgt_epi32_mask(size, texel), texel);
}

/* The low halves of dwords of one, the high ones of the other. */
UGVT_LANES_INLINE quick_i quick_join(quick_i low, quick_i high)
{
	return _mm512_mask_blend_epi16(0xaaaaaaaa, low, high);
}

UGVT_LANES_INLINE bool quick_none(quick_i bits)
{
	return _mm512_test_epi32_mask(bits, bits) == 0;
}

UGVT_LANES_INLINE bool quick_uniform(quick_i linear)
{
	__mmask16 some = _mm512_test_epi32_mask(linear, linear);

	return some == 0 || some == 0xffff;
}

UGVT_LANES_INLINE quick_f quick_floats(const struct ugvt_fast_lanes *lanes, unsigned axis)
{
	const uint8_t *low = axis == 0 ? lanes[0].u : lanes[0].v;
	const uint8_t *high = axis == 0 ? lanes[1].u : lanes[1].v;

	return quick_both_floats(fast_floats(low), fast_floats(high));
}

UGVT_LANES_INLINE void quick_lods_join(
	const struct fast_lod *low, const struct fast_lod *high, struct quick_lod *lod)
{
	lod->level = quick_both(low->level, high->level);
	lod->blend = quick_both(low->blend, high->blend);
	lod->linear = quick_both(low->linear, high->linear);
	lod->half[0] = quick_both_floats(low->half[0], high->half[0]);
	lod->half[1] = quick_both_floats(low->half[1], high->half[1]);
}

UGVT_LANES_INLINE void quick_lod_get(const struct ugvt_fast *fast, struct quick_lod *lod)
{
	struct fast_lod both;

	fast_lod_get(fast, &both);
	quick_lods_join(&both, &both, lod);
}

UGVT_LANES_INLINE void quick_lod_find(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, struct quick_lod *lod)
{
	struct fast_lod low, high;

	fast_lod_find(fast, &lanes[0], fast_raw_lod(fast, &lanes[0]), &low);
	fast_lod_find(fast, &lanes[1], fast_raw_lod(fast, &lanes[1]), &high);
	quick_lods_join(&low, &high, lod);
}

UGVT_LANES_INLINE quick_i quick_pick(const int32_t *table, quick_i index)
{
	return _mm512_permutexvar_epi32(index, _mm512_loadu_si512(table));
}

UGVT_LANES_INLINE void quick_level_get(
	const struct ugvt_fast *fast, quick_i index, struct quick_level *level)
{
	level->width = quick_pick(fast->width, index);
	level->height = quick_pick(fast->height, index);
	level->x = quick_pick(fast->x, index);
	level->y = quick_pick(fast->y, index);
}

UGVT_LANES_INLINE quick_i quick_layer_row(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes)
{
	return quick_both(fast_layer_row(fast, &lanes[0]), fast_layer_row(fast, &lanes[1]));
}

UGVT_LANES_INLINE quick_i quick_words(const struct ugvt_fast *fast, const uint32_t *at, bool mapped)
{
	return quick_both(fast_words_at(fast, at, mapped), fast_words_at(fast, at + 8, mapped));
}

UGVT_LANES_INLINE void quick_store(const struct ugvt_fast_lanes *lanes, unsigned c, quick_i value)
{
	fast_store(&lanes[0], c, _mm512_castsi512_si256(value));
	fast_store(&lanes[1], c, _mm512_extracti64x4_epi64(value, 1));
}

#include "gpu/sampler/fast_quick.h"

/* Halves of messages go elsewhere. */
UGVT_LANES_INLINE void quick_run(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes,
	unsigned count, const struct quick_way *way)
{
	if (count < 2 || !quick_sample(fast, way, lanes)) {
		ugvt_fast_quick(fast)(fast, lanes, count);
	}
}

QUICK_STAMPS

ugvt_fast_run *ugvt_fast_wide(const struct ugvt_fast *fast)
{
	return QUICK_STAMP(fast);
}

#else

ugvt_fast_run *ugvt_fast_wide(const struct ugvt_fast *fast)
{
	(void)fast;
	return NULL;
}

#endif
