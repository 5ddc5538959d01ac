/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FAST_PLACE_H
#define UGVT_GPU_SAMPLER_FAST_PLACE_H

#if defined(__AVX2__) && defined(__F16C__)
#include <immintrin.h>

#include "gpu/mem/tiling.h"
#include "gpu/sampler/fast.h"
#include "gpu/sampler/fast_lod.h"
#include "gpu/sampler/lanes.h"
#include "gpu/sampler/plan.h"

/*
 * For fast_avx2.c only: from coordinates to the offsets of texels, as axis.c and offsets.c find them. Whatever the coordinates, the
 * texels are inside of the level.
 */

struct fast_level {
	__m256i width, height, x, y;
};

struct fast_axis {
	__m256i texel[2];
	__m256i weight; // of the second, in 256ths
};

struct fast_offsets {
	__m256i tap[4]; // bit 0: the second column, bit 1: the second row
};

/* Of all lanes from a table of sixteen. */
UGVT_LANES_INLINE __m256i fast_pick(const int32_t *table, __m256i index)
{
	__m256i low = _mm256_load_si256((const __m256i *)table);
	__m256i high = _mm256_load_si256((const __m256i *)(table + 8));

	low = _mm256_permutevar8x32_epi32(low, index);
	high = _mm256_permutevar8x32_epi32(high, index);
	return _mm256_blendv_epi8(low, high, _mm256_cmpgt_epi32(index, _mm256_set1_epi32(7)));
}

UGVT_LANES_INLINE void fast_level_get(
	const struct ugvt_fast *fast, __m256i index, struct fast_level *level)
{
	int first = _mm256_cvtsi256_si32(index);
	__m256i same = _mm256_cmpeq_epi32(index, _mm256_set1_epi32(first));

	if (_mm256_movemask_epi8(same) == -1) {
		level->width = _mm256_set1_epi32(fast->width[first]);
		level->height = _mm256_set1_epi32(fast->height[first]);
		level->x = _mm256_set1_epi32(fast->x[first]);
		level->y = _mm256_set1_epi32(fast->y[first]);
	} else {
		level->width = fast_pick(fast->width, index);
		level->height = fast_pick(fast->height, index);
		level->x = fast_pick(fast->x, index);
		level->y = fast_pick(fast->y, index);
	}
}

/* As array_index() of plan.c. */
UGVT_LANES_INLINE __m256i fast_layer_find(const struct ugvt_fast *fast, const uint8_t *layers)
{
	__m256 layer = _mm256_max_ps(fast_floats(layers), _mm256_setzero_ps());
	__m256i index;

	layer = _mm256_min_ps(layer, _mm256_set1_ps((float)fast->slices));
	index = _mm256_cvtps_epi32(layer);
	return _mm256_min_epi32(index, _mm256_set1_epi32(fast->slices - 1));
}

UGVT_LANES_INLINE __m256i fast_layer_row(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes)
{
	__m256i layer = _mm256_set1_epi32(fast->first_layer);

	if (fast->array && lanes->layer) {
		layer = _mm256_add_epi32(layer, fast_layer_find(fast, lanes->layer));
	}
	return _mm256_mullo_epi32(layer, _mm256_set1_epi32(fast->qpitch));
}

/* What is above a multiple of period, a power of two; large ones (and what is no number) are multiples. */
UGVT_LANES_INLINE __m256 fast_reduce(__m256 value, float period)
{
	__m256 magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), value);
	__m256 small = _mm256_cmp_ps(magnitude, _mm256_set1_ps(0x1p23f), _CMP_LT_OQ);
	__m256 periods;

	value = _mm256_and_ps(value, small);
	periods = _mm256_floor_ps(_mm256_mul_ps(value, _mm256_set1_ps(1 / period)));
	return _mm256_sub_ps(value, _mm256_mul_ps(periods, _mm256_set1_ps(period)));
}

/* In texels, near enough to the level that they fit an integer. */
UGVT_LANES_INLINE __m256 fast_near(__m256 value, __m256 size)
{
	__m256 margin = _mm256_set1_ps(UGVT_AXIS_MARGIN);

	value = _mm256_and_ps(value, _mm256_cmp_ps(value, value, _CMP_ORD_Q));
	value = _mm256_max_ps(value, _mm256_sub_ps(_mm256_setzero_ps(), margin));
	return _mm256_min_ps(value, _mm256_add_ps(_mm256_add_ps(size, size), margin));
}

UGVT_LANES_INLINE __m256i fast_inside(__m256i texel, __m256i last)
{
	return _mm256_max_epi32(_mm256_min_epi32(texel, last), _mm256_setzero_si256());
}

/* Of coordinates that were reduced to two periods. */
UGVT_LANES_INLINE __m256i fast_mirror(__m256i texel, __m256i size)
{
	__m256i twice = _mm256_add_epi32(size, size);
	__m256i last = _mm256_sub_epi32(twice, _mm256_set1_epi32(1));

	texel = _mm256_xor_si256(texel, _mm256_srai_epi32(texel, 31));
	texel = _mm256_sub_epi32(texel, _mm256_and_si256(_mm256_cmpgt_epi32(texel, last), twice));
	return _mm256_min_epi32(texel, _mm256_sub_epi32(last, texel));
}

/* From the first texel, not yet wrapped, to both. */
UGVT_LANES_INLINE void fast_wrap(
	enum ugvt_wrap wrap, __m256i texel, __m256i size, struct fast_axis *axis)
{
	__m256i one = _mm256_set1_epi32(1);
	__m256i last = _mm256_sub_epi32(size, one);
	__m256i next = _mm256_add_epi32(texel, one);

	switch (wrap) {
	case UGVT_WRAP_REPEAT:
		texel = _mm256_add_epi32(
			texel, _mm256_and_si256(_mm256_srai_epi32(texel, 31), size));
		texel = _mm256_andnot_si256(_mm256_cmpgt_epi32(texel, last), texel);
		next = _mm256_add_epi32(texel, one);
		next = _mm256_andnot_si256(_mm256_cmpgt_epi32(next, last), next);
		break;
	case UGVT_WRAP_MIRROR:
		texel = fast_mirror(texel, size);
		next = fast_mirror(next, size);
		break;
	case UGVT_WRAP_MIRROR_ONCE:
		texel = _mm256_xor_si256(texel, _mm256_srai_epi32(texel, 31));
		next = _mm256_xor_si256(next, _mm256_srai_epi32(next, 31));
		texel = _mm256_min_epi32(texel, last);
		next = _mm256_min_epi32(next, last);
		break;
	default:
		texel = fast_inside(texel, last);
		next = fast_inside(next, last);
		break;
	}
	axis->texel[0] = texel;
	axis->texel[1] = next;
}

struct fast_coordinate {
	__m256 value;
	__m256 half;
	__m256i linear;
	__m256i size;
};

UGVT_LANES_INLINE void fast_axis_find(const struct ugvt_fast *fast, unsigned n,
	const struct fast_coordinate *coordinate, struct fast_axis *axis)
{
	enum ugvt_wrap wrap = fast->axis[n].wrap;
	__m256 size = _mm256_cvtepi32_ps(coordinate->size);
	__m256 value = coordinate->value;
	__m256i fixed;

	if (wrap == UGVT_WRAP_REPEAT) {
		value = _mm256_mul_ps(fast_reduce(value, 1), size);
	} else if (wrap == UGVT_WRAP_MIRROR) {
		value = _mm256_mul_ps(fast_reduce(value, 2), size);
	} else {
		value = fast->unnormalized ? value : _mm256_mul_ps(value, size);
		value = fast_near(value, size);
	}
	value = _mm256_mul_ps(value, _mm256_set1_ps(UGVT_WEIGHT_ONE));
	value = _mm256_floor_ps(_mm256_add_ps(value, coordinate->half));
	fixed = _mm256_cvttps_epi32(value);
	fixed = _mm256_sub_epi32(fixed,
		_mm256_and_si256(coordinate->linear, _mm256_set1_epi32(UGVT_WEIGHT_ONE / 2)));
	axis->weight = _mm256_and_si256(_mm256_and_si256(fixed, coordinate->linear),
		_mm256_set1_epi32(UGVT_WEIGHT_ONE - 1));
	fast_wrap(wrap, _mm256_srai_epi32(fixed, UGVT_WEIGHT_BITS), coordinate->size, axis);
}

/* The part of an offset that comes from the column, in bytes, and that from the row. Tiles lie one behind the other, and so do
 * a Y tile's columns. */
UGVT_LANES_INLINE __m256i fast_column(const struct ugvt_fast *fast, __m256i byte)
{
	switch (fast->tile_mode) {
	case UGVT_TILE_MODE_X:
		return _mm256_or_si256(_mm256_slli_epi32(_mm256_srli_epi32(byte, 9), 12),
			_mm256_and_si256(byte, _mm256_set1_epi32(UGVT_TILE_X_WIDTH - 1)));
	case UGVT_TILE_MODE_Y:
		return _mm256_or_si256(_mm256_slli_epi32(_mm256_srli_epi32(byte, 4), 9),
			_mm256_and_si256(byte, _mm256_set1_epi32(UGVT_TILE_Y_COLUMN - 1)));
	default: return byte;
	}
}

UGVT_LANES_INLINE __m256i fast_row(const struct ugvt_fast *fast, __m256i row)
{
	int pitch = fast->pitch;

	switch (fast->tile_mode) {
	case UGVT_TILE_MODE_X:
		return _mm256_add_epi32(
			_mm256_mullo_epi32(_mm256_srli_epi32(row, 3), _mm256_set1_epi32(pitch * 8)),
			_mm256_slli_epi32(_mm256_and_si256(row, _mm256_set1_epi32(7)), 9));
	case UGVT_TILE_MODE_Y:
		return _mm256_add_epi32(_mm256_mullo_epi32(_mm256_srli_epi32(row, 5),
						_mm256_set1_epi32(pitch * 32)),
			_mm256_slli_epi32(_mm256_and_si256(row, _mm256_set1_epi32(31)), 4));
	default: return _mm256_mullo_epi32(row, _mm256_set1_epi32(pitch));
	}
}

UGVT_LANES_INLINE void fast_offsets_make(const struct ugvt_fast *fast,
	const struct fast_level *level, const struct fast_axis axis[2],
	struct fast_offsets *offsets)
{
	__m256i column[2], row[2];

	for (unsigned i = 0; i < 2; i++) {
		column[i] = fast_column(fast,
			_mm256_add_epi32(
				_mm256_slli_epi32(axis[0].texel[i], fast->element_log2), level->x));
		row[i] = fast_row(fast, _mm256_add_epi32(axis[1].texel[i], level->y));
	}
	for (unsigned tap = 0; tap < 4; tap++) {
		offsets->tap[tap] = _mm256_add_epi32(column[tap & 1], row[tap >> 1]);
	}
}

#endif
#endif
