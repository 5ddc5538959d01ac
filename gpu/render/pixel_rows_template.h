/* SPDX-License-Identifier: MIT */
/* The functions of gpu/render/pixel_rows.h, once for each kind of machine; whoever includes this defines ROWS. */
#ifndef UGVT_GPU_RENDER_PIXEL_ROWS_TEMPLATE_H
#define UGVT_GPU_RENDER_PIXEL_ROWS_TEMPLATE_H

#include <string.h>

#include "gpu/render/pixel_rows.h"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__GNUC__)
/* No vector goes from one file to another. */
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

#define INLINE static inline __attribute__((always_inline))

enum {
	VECTOR = 8, // lanes
	SUBSPANS = 4,
	PLANES = 2,
	CHANNELS = 4,
	ALPHA = 3,
	ROW_BYTES = 16, // of four pixels
};

typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));
typedef uint32_t vu __attribute__((vector_size(32)));
typedef double vd __attribute__((vector_size(32)));
typedef uint64_t vq __attribute__((vector_size(32)));

INLINE vf v_load(const void *from)
{
	vf v;

	memcpy(&v, from, sizeof(v));
	return v;
}

INLINE vf v_same(float value)
{
	return (vf){0} + value;
}

/* The second one if there is a NaN. */
INLINE vf v_max(vf a, vf b)
{
#if defined(__AVX2__)
	return _mm256_max_ps(a, b);
#else
	vi more = a > b;

	return (vf)((more & (vi)a) | (~more & (vi)b));
#endif
}

INLINE vf v_min(vf a, vf b)
{
#if defined(__AVX2__)
	return _mm256_min_ps(a, b);
#else
	vi less = a < b;

	return (vf)((less & (vi)a) | (~less & (vi)b));
#endif
}

/* From 0 to 1, and NaN is 0. */
INLINE vf v_clamp(vf a)
{
	return v_min(v_max(a, v_same(0)), v_same(1));
}

/* Pairs of lanes: the second and the third change places. */
INLINE vu v_swap(vu a)
{
#if defined(__AVX2__)
	return (vu)_mm256_permute4x64_epi64((__m256i)a, _MM_SHUFFLE(3, 1, 2, 0));
#else
	vq pairs = (vq)a;

	return (vu)(vq){pairs[0], pairs[2], pairs[1], pairs[3]};
#endif
}

/* Halves as a whole, which are never put together in memory: that stalls. */
INLINE vu halves_read(const char *const half[2])
{
#if defined(__AVX2__)
	return (vu)_mm256_loadu2_m128i((const __m128i *)half[1], (const __m128i *)half[0]);
#else
	vu v;

	memcpy(&v, half[0], ROW_BYTES);
	memcpy((char *)&v + ROW_BYTES, half[1], ROW_BYTES);
	return v;
#endif
}

INLINE void halves_write(char *const half[2], vu v)
{
#if defined(__AVX2__)
	_mm256_storeu2_m128i((__m128i *)half[1], (__m128i *)half[0], (__m256i)v);
#else
	memcpy(half[0], &v, ROW_BYTES);
	memcpy(half[1], (const char *)&v + ROW_BYTES, ROW_BYTES);
#endif
}

INLINE vf floats_of(vd low, vd high)
{
#if defined(__AVX2__)
	return _mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low));
#else
	return (vf){(float)low[0], (float)low[1], (float)low[2], (float)low[3], (float)high[0],
		(float)high[1], (float)high[2], (float)high[3]};
#endif
}

INLINE vd vd_load(const double from[4])
{
	vd v;

	memcpy(&v, from, sizeof(v));
	return v;
}

/* Of what each subspan has at its first lane, that of subspan i for all lanes. */
INLINE vd lanes_of(const struct ugvt_pixel_steps *steps, vd corners, unsigned i)
{
	return vd_load(steps->lanes) + corners[i];
}

INLINE vd corners_of(const struct ugvt_pixel_steps *steps, vd x, vd y)
{
	return steps->at + steps->dx * x + steps->dy * y;
}

/* flat: known when this is compiled. */
INLINE void coordinates_write(
	bool flat, const struct ugvt_pixel_planes *planes, vd x, vd y, float *reg)
{
	vd corners[PLANES], corners_w = {0}, factor = (vd){0} + planes->scale;

	for (unsigned b = 0; b < PLANES; b++) {
		corners[b] = corners_of(&planes->b[b], x, y);
	}
	if (!flat) {
		corners_w = corners_of(&planes->w, x, y);
	}
	for (unsigned i = 0; i < SUBSPANS; i += 2) {
		vd factors[] = {factor, factor};

		for (unsigned k = 0; !flat && k < 2; k++) {
			factors[k] = 1 / lanes_of(&planes->w, corners_w, i + k);
		}
		for (unsigned b = 0; b < PLANES; b++) {
			vf values = floats_of(lanes_of(&planes->b[b], corners[b], i) * factors[0],
				lanes_of(&planes->b[b], corners[b], i + 1) * factors[1]);

			memcpy(reg, &values, sizeof(values));
			reg += VECTOR;
		}
	}
}

#if defined(__AVX512F__) && defined(__AVX512DQ__)

/* Of two subspans, what each has at its first lane in all of its lanes. */
INLINE __m512d wide_lanes(const struct ugvt_pixel_steps *steps, vd corners, unsigned i)
{
	__m512d lanes = _mm512_broadcast_f64x4((__m256d)vd_load(steps->lanes));
	__m512d pair = _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_set1_pd(corners[i])),
		_mm256_set1_pd(corners[i + 1]), 1);

	return _mm512_add_pd(lanes, pair);
}

/* The same as coordinates_write(). */
INLINE void wide_coordinates_write(
	bool flat, const struct ugvt_pixel_planes *planes, vd x, vd y, float *reg)
{
	vd corners[PLANES], corners_w = {0};

	for (unsigned b = 0; b < PLANES; b++) {
		corners[b] = corners_of(&planes->b[b], x, y);
	}
	if (!flat) {
		corners_w = corners_of(&planes->w, x, y);
	}
	for (unsigned i = 0; i < SUBSPANS; i += 2) {
		__m512d factor = _mm512_set1_pd(planes->scale);

		if (!flat) {
			factor = _mm512_div_pd(
				_mm512_set1_pd(1), wide_lanes(&planes->w, corners_w, i));
		}
		for (unsigned b = 0; b < PLANES; b++) {
			__m512d values =
				_mm512_mul_pd(wide_lanes(&planes->b[b], corners[b], i), factor);

			_mm256_storeu_ps(reg, _mm512_cvtpd_ps(values));
			reg += VECTOR;
		}
	}
}

#define coordinates_write wide_coordinates_write

#endif

static void coordinates(const struct ugvt_pixel_planes *planes, const double x[SUBSPANS],
	const double y[SUBSPANS], float *reg)
{
	/* One by one, as they were written just now. */
	vd columns = {x[0], x[1], x[2], x[3]};
	vd rows = {y[0], y[1], y[2], y[3]};

	if (planes->flat) {
		coordinates_write(true, planes, columns, rows, reg);
	} else {
		coordinates_write(false, planes, columns, rows, reg);
	}
}

static void row_coordinates(const struct ugvt_pixel_planes *planes, double x, double y, float *reg)
{
	vd columns = (vd){0, 2, 4, 6} + x;
	vd rows = (vd){0} + y;

	if (planes->flat) {
		coordinates_write(true, planes, columns, rows, reg);
	} else {
		coordinates_write(false, planes, columns, rows, reg);
	}
}

INLINE unsigned shift_of(const struct ugvt_pixel_colors *colors, unsigned c)
{
	return c < ALPHA && colors->blue_first ? 16 - 8 * c : 8 * c;
}

/* A value from 0 to 1: the channel's bits. */
INLINE vu channel_bits(vf value, unsigned shift)
{
	return (vu) __builtin_convertvector(v_clamp(value) * 255.0f + 0.5f, vi) << shift;
}

INLINE vu old_read(const struct ugvt_target_row *row, unsigned v)
{
	const char *const halves[] = {row->half[0][v], row->half[1][v]};

	return v_swap(halves_read(halves));
}

INLINE void row_write(const struct ugvt_target_row *row, unsigned v, vu elements)
{
	char *const halves[] = {row->half[0][v], row->half[1][v]};

	halves_write(halves, v_swap(elements));
}

INLINE vf source_of(const struct ugvt_pixel_colors *colors, unsigned v, unsigned c)
{
	vf value = v_load(colors->channel[c] + 32 * v);

	return colors->kind != UGVT_BLEND_STORE && colors->target->clamp_before ? v_clamp(value)
										: value;
}

/* The source's factor is 1 or its alpha, the destination's 1 less that, or 1. */
INLINE vf blended(enum ugvt_blend_kind kind, vf source, vf alpha, vf old)
{
	vf factor = kind == UGVT_BLEND_ALPHA ? alpha : v_same(1);
	vf old_factor = kind == UGVT_BLEND_ADD ? v_same(1) : 1.0f - alpha;

	return source * factor + old * old_factor;
}

/* kind: known when this is compiled. */
INLINE void colors_write(enum ugvt_blend_kind kind, const struct ugvt_pixel_colors *colors,
	const struct ugvt_target_row *row)
{
	for (unsigned v = 0; v < 2; v++) {
		vu sum = {0};
		vu old = kind == UGVT_BLEND_STORE ? sum : old_read(row, v);
		vf alpha = kind == UGVT_BLEND_STORE ? v_same(0) : source_of(colors, v, ALPHA);

		for (unsigned c = 0; c < CHANNELS; c++) {
			unsigned shift = shift_of(colors, c);
			vf value = source_of(colors, v, c);

			if (kind != UGVT_BLEND_STORE) {
				vi code = (vi)(old >> shift & 0xff);

				value = blended(kind, value, alpha,
					__builtin_convertvector(code, vf) * (1.0f / 255));
			}
			sum |= channel_bits(value, shift);
		}
		row_write(row, v, sum);
	}
}

#if defined(__AVX512F__) && defined(__AVX512DQ__)

/* Sixteen lanes, of 0 to 255. */
INLINE __m512i wide_code(const uint8_t *registers)
{
	__m512 value = _mm512_loadu_ps(registers);

	value = _mm512_min_ps(_mm512_max_ps(value, _mm512_setzero_ps()), _mm512_set1_ps(1));
	value = _mm512_add_ps(_mm512_mul_ps(value, _mm512_set1_ps(255)), _mm512_set1_ps(0.5f));
	return _mm512_cvttps_epi32(value);
}

/* What nothing is blended with: the same as colors_write(). */
static void colors_store(const struct ugvt_pixel_colors *colors, const struct ugvt_target_row *row)
{
	const __m512i by_rows = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7); // pairs of lanes
	__m512i low = wide_code(colors->channel[colors->blue_first ? 2 : 0]);
	__m512i high = wide_code(colors->channel[colors->blue_first ? 0 : 2]);

	low = _mm512_or_si512(low, _mm512_slli_epi32(wide_code(colors->channel[1]), 8));
	high = _mm512_or_si512(high, _mm512_slli_epi32(wide_code(colors->channel[ALPHA]), 8));
	low = _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
	low = _mm512_permutexvar_epi64(by_rows, low);
	_mm_storeu_si128((__m128i *)row->half[0][0], _mm512_castsi512_si128(low));
	_mm_storeu_si128((__m128i *)row->half[0][1], _mm512_extracti32x4_epi32(low, 1));
	_mm_storeu_si128((__m128i *)row->half[1][0], _mm512_extracti32x4_epi32(low, 2));
	_mm_storeu_si128((__m128i *)row->half[1][1], _mm512_extracti32x4_epi32(low, 3));
}

#else

static void colors_store(const struct ugvt_pixel_colors *colors, const struct ugvt_target_row *row)
{
	colors_write(UGVT_BLEND_STORE, colors, row);
}

#endif

static void write(const struct ugvt_pixel_colors *colors, const struct ugvt_target_row *row)
{
	switch (colors->kind) {
	case UGVT_BLEND_STORE: colors_store(colors, row); break;
	case UGVT_BLEND_ALPHA: colors_write(UGVT_BLEND_ALPHA, colors, row); break;
	case UGVT_BLEND_OVER: colors_write(UGVT_BLEND_OVER, colors, row); break;
	default: colors_write(UGVT_BLEND_ADD, colors, row); break;
	}
}

#if defined(__AVX512F__) && defined(__AVX512VL__)

static void block_write(const struct ugvt_target_block *block, uint64_t mask, uint32_t element)
{
	const __m128i value = _mm_set1_epi32((int)element);
	uint64_t at = 0;

	for (; mask != 0; mask >>= UGVT_TARGET_BLOCK, at += block->step) {
		uint32_t row = mask & 0xff;

		if (row == 0xff) {
			_mm_storeu_si128((__m128i *)(block->half[0] + at), value);
			_mm_storeu_si128((__m128i *)(block->half[1] + at), value);
		} else if (row != 0) {
			_mm_mask_storeu_epi32(block->half[0] + at, (__mmask8)(row & 15), value);
			_mm_mask_storeu_epi32(block->half[1] + at, (__mmask8)(row >> 4), value);
		}
	}
}

#else

static void block_write(const struct ugvt_target_block *block, uint64_t mask, uint32_t element)
{
	ugvt_target_block_write(block, mask, element);
}

#endif

const struct ugvt_pixel_rows ROWS = {.coordinates = coordinates,
	.row_coordinates = row_coordinates,
	.write = write,
	.block_write = block_write};

#endif
