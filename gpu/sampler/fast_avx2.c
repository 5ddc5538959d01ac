/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/fast_avx2.h"

#if defined(__AVX2__) && defined(__F16C__) && defined(__FMA__)

#include "gpu/sampler/fast_lod.h"
#include "gpu/sampler/fast_place.h"
#include "gpu/sampler/fast_texels.h"

/* By channel (or byte of the element: CODES): what a level's texels add up to. */
struct sums {
	__m256 c[4];
};

/* Pairs of texels, the second by weight (in both halves of each dword): two bytes of each as 16 bits, less 128 * 256. */
UGVT_LANES_INLINE __m256i across(__m256i first, __m256i second, __m256i weight)
{
	__m256i sum = _mm256_mullo_epi16(_mm256_sub_epi16(second, first), weight);

	sum = _mm256_add_epi16(sum, _mm256_slli_epi16(first, 8));
	return _mm256_xor_si256(sum, _mm256_set1_epi16(INT16_MIN));
}

/* And two such rows: with the factors of both in a dword. What was taken away before is added again. */
UGVT_LANES_INLINE __m256 down(__m256i rows, __m256i factors)
{
	__m256i sum = _mm256_madd_epi16(rows, factors);

	return _mm256_cvtepi32_ps(_mm256_add_epi32(sum, _mm256_set1_epi32(128 << 16)));
}

UGVT_LANES_INLINE __m256i even_bytes(__m256i dw)
{
	return _mm256_and_si256(dw, _mm256_set1_epi16(0xff));
}

UGVT_LANES_INLINE __m256i odd_bytes(__m256i dw)
{
	return _mm256_srli_epi16(dw, 8);
}

UGVT_LANES_INLINE void codes_filter(
	const __m256i tap[4], const struct fast_axis axis[2], struct sums *sums)
{
	__m256i x = _mm256_or_si256(axis[0].weight, _mm256_slli_epi32(axis[0].weight, 16));
	__m256i above = _mm256_sub_epi32(_mm256_set1_epi32(UGVT_WEIGHT_ONE), axis[1].weight);
	__m256i y = _mm256_or_si256(above, _mm256_slli_epi32(axis[1].weight, 16));
	__m256i even[2], odd[2];

	for (unsigned row = 0; row < 2; row++) {
		const __m256i *pair = tap + 2 * row;

		even[row] = across(even_bytes(pair[0]), even_bytes(pair[1]), x);
		odd[row] = across(odd_bytes(pair[0]), odd_bytes(pair[1]), x);
	}
	sums->c[0] = down(_mm256_blend_epi16(even[0], _mm256_slli_epi32(even[1], 16), 0xaa), y);
	sums->c[1] = down(_mm256_blend_epi16(odd[0], _mm256_slli_epi32(odd[1], 16), 0xaa), y);
	sums->c[2] = down(_mm256_blend_epi16(_mm256_srli_epi32(even[0], 16), even[1], 0xaa), y);
	sums->c[3] = down(_mm256_blend_epi16(_mm256_srli_epi32(odd[0], 16), odd[1], 0xaa), y);
}

UGVT_LANES_INLINE void codes_add(const struct ugvt_fast *fast, const struct fast_offsets *offsets,
	const struct fast_axis axis[2], bool nearest, struct sums *sums)
{
	__m256i tap[4];

	tap[0] = fast_words(fast, offsets->tap[0]);
	if (nearest) {
		for (unsigned i = 0; i < 4; i++) {
			__m256i code = fast_byte(tap[0], 8 * i);

			sums->c[i] =
				_mm256_cvtepi32_ps(_mm256_slli_epi32(code, 2 * UGVT_WEIGHT_BITS));
		}
		return;
	}
	for (unsigned i = 1; i < 4; i++) {
		tap[i] = fast_words(fast, offsets->tap[i]);
	}
	codes_filter(tap, axis, sums);
}

/* In the order of the taps. One without weight counts for nothing, whatever its texel. */
UGVT_LANES_INLINE void floats_add(const struct ugvt_fast *fast, const struct fast_offsets *offsets,
	const struct fast_axis axis[2], bool nearest, struct sums *sums)
{
	__m256 part[2][2];

	for (unsigned i = 0; i < 2; i++) {
		part[i][1] = _mm256_mul_ps(
			_mm256_cvtepi32_ps(axis[i].weight), _mm256_set1_ps(1.0f / UGVT_WEIGHT_ONE));
		part[i][0] = _mm256_sub_ps(_mm256_set1_ps(1), part[i][1]);
	}
	for (unsigned c = 0; c < 4; c++) {
		sums->c[c] = _mm256_setzero_ps();
	}
	for (unsigned tap = 0; tap < (nearest ? 1 : 4); tap++) {
		__m256 weight = _mm256_mul_ps(part[0][tap & 1], part[1][tap >> 1]);
		__m256 counts = _mm256_cmp_ps(weight, _mm256_setzero_ps(), _CMP_GT_OQ);
		struct fast_texels texels;

		fast_texels_get(fast, offsets->tap[tap], &texels);
		for (unsigned c = 0; c < 4; c++) {
			__m256 value = _mm256_and_ps(texels.c[c], counts);

			sums->c[c] = _mm256_add_ps(sums->c[c], _mm256_mul_ps(value, weight));
		}
	}
}

UGVT_LANES_INLINE void level_add(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes,
	const struct fast_lod *lod, struct sums *sums)
{
	bool nearest = _mm256_testz_si256(lod->linear, lod->linear);
	struct fast_offsets offsets;
	struct fast_axis axis[2];
	struct fast_level level;

	fast_level_get(fast, lod->level, &level);
	fast_axis_find(fast, 0,
		&(struct fast_coordinate){
			fast_floats(lanes->u), lod->half[0], lod->linear, level.width},
		&axis[0]);
	fast_axis_find(fast, 1,
		&(struct fast_coordinate){
			fast_floats(lanes->v), lod->half[1], lod->linear, level.height},
		&axis[1]);
	if (fast->layered) {
		level.y = _mm256_add_epi32(level.y, fast_layer_row(fast, lanes));
	}
	fast_offsets_make(fast, &level, axis, &offsets);
	if (fast->texels == UGVT_FAST_CODES) {
		codes_add(fast, &offsets, axis, nearest, sums);
	} else {
		floats_add(fast, &offsets, axis, nearest, sums);
	}
}

UGVT_LANES_INLINE void levels_blend(const struct ugvt_fast *fast,
	const struct ugvt_fast_lanes *lanes, struct fast_lod *lod, struct sums *sums)
{
	__m256i rest = _mm256_sub_epi32(_mm256_set1_epi32(UGVT_WEIGHT_ONE), lod->blend);
	__m256 unit = _mm256_set1_ps(1.0f / UGVT_WEIGHT_ONE);
	__m256 first = _mm256_mul_ps(_mm256_cvtepi32_ps(rest), unit);
	__m256 second = _mm256_mul_ps(_mm256_cvtepi32_ps(lod->blend), unit);
	__m256 counts = _mm256_cmp_ps(second, _mm256_setzero_ps(), _CMP_GT_OQ);
	struct sums next;

	lod->level = _mm256_min_epi32(
		_mm256_add_epi32(lod->level, _mm256_set1_epi32(1)), _mm256_set1_epi32(fast->last));
	level_add(fast, lanes, lod, &next);
	for (unsigned c = 0; c < 4; c++) {
		__m256 value = _mm256_and_ps(next.c[c], counts);

		sums->c[c] = _mm256_add_ps(
			_mm256_mul_ps(sums->c[c], first), _mm256_mul_ps(value, second));
	}
}

UGVT_LANES_INLINE void sums_return(
	const struct ugvt_fast *fast, const struct sums *sums, const struct ugvt_fast_lanes *lanes)
{
	for (unsigned c = 0; c < 4; c++) {
		__m256 value;

		if (!lanes->out[c]) {
			continue;
		}
		if (fast->source[c] < 0) {
			fast_store(lanes, c, _mm256_set1_epi32((int)fast->constant[c]));
			continue;
		}
		value = sums->c[fast->source[c]];
		if (fast->one[c] != 1) {
			value = _mm256_div_ps(value, _mm256_set1_ps(fast->one[c]));
		}
		fast_store(lanes, c, _mm256_castps_si256(value));
	}
}

void ugvt_fast_avx2_init(struct ugvt_fast *fast)
{
	const struct ugvt_fast_lanes none = {0};
	struct fast_lod lod;

	fast_lod_find(fast, &none, _mm256_setzero_ps(), &lod);
	_mm256_store_si256((__m256i *)fast->lod.level, lod.level);
	_mm256_store_si256((__m256i *)fast->lod.blend, lod.blend);
	_mm256_store_si256((__m256i *)fast->lod.linear, lod.linear);
	_mm256_store_ps(fast->lod.half[0], lod.half[0]);
	_mm256_store_ps(fast->lod.half[1], lod.half[1]);
}

static void lanes_sample(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes)
{
	struct fast_lod lod;
	struct sums sums;

	if (fast->fixed) {
		fast_lod_get(fast, &lod);
	} else {
		fast_lod_find(fast, lanes, fast_raw_lod(fast, lanes), &lod);
	}
	level_add(fast, lanes, &lod, &sums);
	if (fast->mip == UGVT_MIP_LINEAR && !_mm256_testz_si256(lod.blend, lod.blend)) {
		levels_blend(fast, lanes, &lod, &sums);
	} else if (fast->texels != UGVT_FAST_CODES) {
		for (unsigned c = 0; c < 4; c++) {
			sums.c[c] = _mm256_add_ps(sums.c[c], _mm256_setzero_ps());
		}
	}
	sums_return(fast, &sums, lanes);
}

void ugvt_fast_avx2_sample(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		lanes_sample(fast, &lanes[i]);
	}
}

/* Where value is 0 or more, and below limit. */
UGVT_LANES_INLINE __m256i is_below(__m256i value, __m256i limit)
{
	return _mm256_andnot_si256(_mm256_srai_epi32(value, 31), _mm256_cmpgt_epi32(limit, value));
}

/* Lanes without a texel get the offset of one that is there, and no bit of inside. */
UGVT_LANES_INLINE __m256i load_offsets(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, __m256i *inside)
{
	__m256i x = fast_bits(lanes->u), y = fast_bits(lanes->v), z = _mm256_setzero_si256();
	__m256i lod = fast_bits(lanes->lod);
	struct fast_level level;
	__m256i slices = _mm256_set1_epi32(fast->slices);

	*inside = is_below(lod, _mm256_set1_epi32(fast->levels));
	lod = _mm256_add_epi32(
		_mm256_and_si256(lod, *inside), _mm256_set1_epi32(fast->first_level));
	fast_level_get(fast, lod, &level);
	*inside = _mm256_and_si256(*inside, is_below(x, level.width));
	*inside = _mm256_and_si256(*inside, is_below(y, level.height));
	if (fast->array) {
		z = fast_bits(lanes->layer);
		*inside = _mm256_and_si256(*inside, is_below(z, slices));
	}
	z = _mm256_add_epi32(_mm256_and_si256(z, *inside), _mm256_set1_epi32(fast->first_layer));
	level.y = _mm256_add_epi32(level.y, _mm256_mullo_epi32(z, _mm256_set1_epi32(fast->qpitch)));
	y = _mm256_add_epi32(_mm256_and_si256(y, *inside), level.y);
	x = _mm256_slli_epi32(_mm256_and_si256(x, *inside), fast->element_log2);
	return _mm256_add_epi32(fast_column(fast, _mm256_add_epi32(x, level.x)), fast_row(fast, y));
}

static void lanes_load(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes)
{
	__m256i inside;
	__m256i offsets = load_offsets(fast, lanes, &inside);
	struct fast_elements elements = {0};
	struct fast_texels texels;
	struct sums sums;

	fast_elements_get(fast, offsets, &elements);
	for (unsigned d = 0; d < 4; d++) {
		elements.dw[d] = _mm256_and_si256(elements.dw[d], inside);
	}
	if (fast->texels == UGVT_FAST_OTHER) {
		fast_other(fast, &elements, &texels);
	}
	for (unsigned c = 0; c < 4; c++) {
		__m256i code = fast_byte(elements.dw[0], 8 * c);
		__m256i dw = elements.dw[fast->format->channels[c].shift / 32];

		if (fast->texels == UGVT_FAST_OTHER) {
			sums.c[c] = texels.c[c];
		} else if (fast->texels == UGVT_FAST_CODES) {
			sums.c[c] = fast->one[c] == 1 ? _mm256_castsi256_ps(code)
						      : _mm256_cvtepi32_ps(code);
		} else {
			sums.c[c] = _mm256_castsi256_ps(dw);
		}
	}
	sums_return(fast, &sums, lanes);
}

void ugvt_fast_avx2_load(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		lanes_load(fast, &lanes[i]);
	}
}

#else

void ugvt_fast_avx2_load(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count)
{
	(void)fast;
	(void)lanes;
	(void)count;
}

void ugvt_fast_avx2_init(struct ugvt_fast *fast)
{
	(void)fast;
}

void ugvt_fast_avx2_sample(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count)
{
	(void)fast;
	(void)lanes;
	(void)count;
}

#endif
