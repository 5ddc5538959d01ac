/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FAST_TEXELS_H
#define UGVT_GPU_SAMPLER_FAST_TEXELS_H

#if defined(__AVX2__) && defined(__F16C__)
#include <immintrin.h>
#include <string.h>

#include "gpu/sampler/fast.h"
#include "gpu/sampler/lanes.h"
#include "gpu/sampler/srgb.h"

/* For fast_avx2.c only: texels at offsets, and what their channels are. Single loads: gather instructions are slower on most. */

struct fast_elements {
	__m256i dw[4];
};

struct fast_texels {
	__m256 c[4];
};

/* Where an element is on the host. */
UGVT_LANES_INLINE const char *fast_host(const struct ugvt_fast *fast, uint32_t at, bool mapped)
{
	const char *page;

	if (!mapped) {
		return fast->host + at;
	}
	page = fast->texture->map->page[at / UGVT_PAGE_SIZE];
	if (!page) {
		page = ugvt_texture_page(fast->texture, at / UGVT_PAGE_SIZE);
	}
	return page + at % UGVT_PAGE_SIZE;
}

UGVT_LANES_INLINE int fast_load(
	const struct ugvt_fast *fast, uint32_t at, unsigned size, bool mapped)
{
	int value = 0;

	memcpy(&value, fast_host(fast, at, mapped), size);
	return value;
}

/* Of four lanes. */
UGVT_LANES_INLINE __m128i fast_gather_4(
	const struct ugvt_fast *fast, __m128i at, unsigned size, bool mapped)
{
	uint64_t low = (uint64_t)_mm_cvtsi128_si64(at);
	uint64_t high = (uint64_t)_mm_extract_epi64(at, 1);
	__m128i values = _mm_cvtsi32_si128(fast_load(fast, (uint32_t)low, size, mapped));

	values = _mm_insert_epi32(values, fast_load(fast, low >> 32, size, mapped), 1);
	values = _mm_insert_epi32(values, fast_load(fast, (uint32_t)high, size, mapped), 2);
	return _mm_insert_epi32(values, fast_load(fast, high >> 32, size, mapped), 3);
}

/* size: 1, 2 or 4 bytes. */
UGVT_LANES_INLINE __m256i fast_gather(
	const struct ugvt_fast *fast, __m256i at, unsigned size, bool mapped)
{
	__m128i low = fast_gather_4(fast, _mm256_castsi256_si128(at), size, mapped);
	__m128i high = fast_gather_4(fast, _mm256_extracti128_si256(at, 1), size, mapped);

	return _mm256_set_m128i(high, low);
}

/* Dwords; at: eight offsets. */
UGVT_LANES_INLINE __m128i fast_words_4(
	const struct ugvt_fast *fast, const uint32_t *at, bool mapped)
{
	__m128i values = _mm_cvtsi32_si128(fast_load(fast, at[0], 4, mapped));

	values = _mm_insert_epi32(values, fast_load(fast, at[1], 4, mapped), 1);
	values = _mm_insert_epi32(values, fast_load(fast, at[2], 4, mapped), 2);
	return _mm_insert_epi32(values, fast_load(fast, at[3], 4, mapped), 3);
}

UGVT_LANES_INLINE __m256i fast_words_at(
	const struct ugvt_fast *fast, const uint32_t *at, bool mapped)
{
	__m128i low = fast_words_4(fast, at, mapped);
	__m128i high = fast_words_4(fast, at + 4, mapped);

	return _mm256_set_m128i(high, low);
}

UGVT_LANES_INLINE __m256i fast_words(const struct ugvt_fast *fast, __m256i at)
{
	if (fast->mapped) {
		at = _mm256_add_epi32(at, _mm256_set1_epi32((int)fast->skew));
		return fast->element_log2 == 2   ? fast_gather(fast, at, 4, true)
		       : fast->element_log2 == 1 ? fast_gather(fast, at, 2, true)
						 : fast_gather(fast, at, 1, true);
	}
	return fast->element_log2 == 2   ? fast_gather(fast, at, 4, false)
	       : fast->element_log2 == 1 ? fast_gather(fast, at, 2, false)
					 : fast_gather(fast, at, 1, false);
}

/* Lanes n and n + 4, side by side: 8 or 16 bytes of each. */
UGVT_LANES_INLINE __m256 fast_pair(const struct ugvt_fast *fast, const uint32_t *at, unsigned n)
{
	const char *low = fast_host(fast, at[n], fast->mapped);
	const char *high = fast_host(fast, at[n + 4], fast->mapped);

	if (fast->element_log2 == 4) {
		return _mm256_castsi256_ps(
			_mm256_loadu2_m128i((const __m128i *)high, (const __m128i *)low));
	}
	return _mm256_castsi256_ps(_mm256_set_m128i(
		_mm_loadl_epi64((const __m128i *)high), _mm_loadl_epi64((const __m128i *)low)));
}

UGVT_LANES_INLINE void fast_elements_get(
	const struct ugvt_fast *fast, __m256i at, struct fast_elements *elements)
{
	_Alignas(32) uint32_t offsets[8];
	__m256 pair[4], half[4];

	if (fast->element_log2 <= 2) {
		elements->dw[0] = fast_words(fast, at);
		return;
	}
	if (fast->mapped) {
		at = _mm256_add_epi32(at, _mm256_set1_epi32((int)fast->skew));
	}
	_mm256_store_si256((__m256i *)offsets, at);
	for (unsigned n = 0; n < 4; n++) {
		pair[n] = fast_pair(fast, offsets, n);
	}
	half[0] = _mm256_unpacklo_ps(pair[0], pair[1]);
	half[1] = _mm256_unpacklo_ps(pair[2], pair[3]);
	half[2] = _mm256_unpackhi_ps(pair[0], pair[1]);
	half[3] = _mm256_unpackhi_ps(pair[2], pair[3]);
	for (unsigned d = 0; d < 4; d += 2) {
		elements->dw[d] =
			_mm256_castps_si256(_mm256_shuffle_ps(half[d], half[d + 1], 0x44));
		elements->dw[d + 1] =
			_mm256_castps_si256(_mm256_shuffle_ps(half[d], half[d + 1], 0xee));
	}
}

/* Of a table that lies in one piece. */
UGVT_LANES_INLINE __m256 fast_table(const float *table, __m256i index)
{
	_Alignas(32) uint32_t at[8];

	_mm256_store_si256((__m256i *)at, index);
	return _mm256_setr_ps(table[at[0]], table[at[1]], table[at[2]], table[at[3]], table[at[4]],
		table[at[5]], table[at[6]], table[at[7]]);
}

UGVT_LANES_INLINE __m256 fast_from_halves(__m256i halves)
{
	__m256i packed = _mm256_packus_epi32(halves, halves);

	packed = _mm256_permute4x64_epi64(packed, 0x08);
	return _mm256_cvtph_ps(_mm256_castsi256_si128(packed));
}

UGVT_LANES_INLINE __m256i fast_byte(__m256i dw, unsigned shift)
{
	return _mm256_and_si256(
		_mm256_srl_epi32(dw, _mm_cvtsi32_si128((int)shift)), _mm256_set1_epi32(0xff));
}

UGVT_LANES_INLINE __m256 fast_srgb(__m256i dw, const struct ugvt_channel *channel, bool linear)
{
	__m256i code = fast_byte(dw, channel->shift);

	if (linear) {
		return _mm256_cvtepi32_ps(code);
	}
	return fast_table(ugvt_srgb_to_linear, code);
}

/* Any format, as texel.c has it. */
UGVT_LANES_INLINE void fast_other(const struct ugvt_fast *fast,
	const struct fast_elements *elements, struct fast_texels *texels)
{
	struct ugvt_elements from = {0};
	struct ugvt_texels to;

	for (unsigned d = 0; d < 4 && 4u * d < 1u << fast->element_log2; d++) {
		_mm256_store_si256((__m256i *)from.dw[d], elements->dw[d]);
	}
	ugvt_texels_load(fast->format, &from, &to);
	for (unsigned c = 0; c < 4; c++) {
		texels->c[c] = _mm256_castsi256_ps(_mm256_load_si256((const __m256i *)to.c[c]));
	}
}

/* Channels that the format has not are not set. */
UGVT_LANES_INLINE void fast_texels_get(
	const struct ugvt_fast *fast, __m256i at, struct fast_texels *texels)
{
	const struct ugvt_format *format = fast->format;
	struct fast_elements elements = {0};

	fast_elements_get(fast, at, &elements);
	if (fast->texels == UGVT_FAST_OTHER) {
		fast_other(fast, &elements, texels);
		return;
	}
	for (unsigned c = 0; c < 4; c++) {
		const struct ugvt_channel *channel = &format->channels[c];
		__m256i dw = elements.dw[channel->shift / 32];

		if (channel->type == UGVT_CHANNEL_NONE) {
			texels->c[c] = _mm256_setzero_ps();
		} else if (fast->texels == UGVT_FAST_SRGB) {
			texels->c[c] = fast_srgb(dw, channel, c == 3);
		} else if (fast->texels == UGVT_FAST_HALVES) {
			dw = channel->shift % 32 ? _mm256_srli_epi32(dw, 16)
						 : _mm256_and_si256(dw, _mm256_set1_epi32(0xffff));
			texels->c[c] = fast_from_halves(dw);
		} else {
			texels->c[c] = _mm256_castsi256_ps(dw);
		}
	}
}

#endif
#endif
