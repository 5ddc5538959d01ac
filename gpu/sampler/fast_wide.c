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
#define QF(value) _mm512_castsi512_ps(value)

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

struct quick_out {
	const struct ugvt_fast_lanes *lanes;
	uint32_t *at[4];
	bool whole; // all lanes are wanted, and both halves of each channel lie side by side
};

UGVT_LANES_INLINE void quick_out_find(const struct ugvt_fast_lanes *lanes, struct quick_out *out)
{
	bool whole = (lanes[0].mask & lanes[1].mask) == UINT8_MAX;

	for (unsigned c = 0; c < 4; c++) {
		out->at[c] = lanes[0].out[c];
		whole = whole && out->at[c] && lanes[1].out[c] == out->at[c] + QUICK_LANES / 2;
	}
	out->lanes = lanes;
	out->whole = whole;
}

UGVT_LANES_INLINE void quick_store(const struct quick_out *out, unsigned c, quick_f value)
{
	quick_i bits = _mm512_castps_si512(value);

	fast_store(&out->lanes[0], c, _mm512_castsi512_si256(bits));
	fast_store(&out->lanes[1], c, _mm512_extracti64x4_epi64(bits, 1));
}

/* As one: whoever reads it as one would wait for two. */
UGVT_LANES_INLINE void quick_store_all(const struct quick_out *out, unsigned c, quick_f value)
{
	_mm512_storeu_ps(out->at[c], value);
}

#include "gpu/sampler/fast_quick.h"

/*
 * Sixteen by four texels, in columns of four as they lie in a Y tile: 64 bytes one behind the other. That is as much as eight by two
 * pixels of a texture need that is about as large as on the screen, or larger.
 */
enum {
	WINDOW_COLUMNS = 4,
	WINDOW_ROWS = 4,
	TEXELS = UGVT_TILE_Y_COLUMN / 4, // of a row of a column
	BYTES_LOG2 = 4,                  // of such a row
	ROWS_LOG2 = 5,                   // of a tile
	COLUMNS_LOG2 = 3,
};

/* In all lanes, of the lanes whose pixels are in the corners. */
UGVT_LANES_INLINE quick_i window_least(quick_i lanes)
{
	const quick_i corners = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 2, 13, 15));

	lanes = _mm512_permutexvar_epi32(corners, lanes);
	lanes = _mm512_min_epu32(lanes, _mm512_shuffle_epi32(lanes, 0xb1));
	return _mm512_min_epu32(lanes, _mm512_shuffle_epi32(lanes, 0x4e));
}

/* So that the window does not reach over a tile's lower end (period: rows of it), and begins in the surface. */
UGVT_LANES_INLINE quick_i window_within(quick_i first, int period, int size)
{
	quick_i in = _mm512_and_si512(first, _mm512_set1_epi32(period - 1));
	quick_i most = _mm512_set1_epi32(period - size);

	return _mm512_sub_epi32(first, _mm512_sub_epi32(_mm512_max_epi32(in, most), most));
}

UGVT_LANES_INLINE const char *window_host(
	const struct ugvt_fast *fast, uint32_t left, uint32_t top, bool mapped)
{
	uint32_t tile_row = top >> ROWS_LOG2;
	uint32_t in_tile = (top & (UGVT_TILE_Y_HEIGHT - 1)) * UGVT_TILE_Y_COLUMN;
	uint32_t tiles = tile_row * (UGVT_TILE_Y_HEIGHT * (uint32_t)fast->pitch);

	return fast_host(fast, tiles + left * UGVT_TILE_Y_COLUMN_SIZE + in_tile, mapped);
}

struct window {
	quick_i left, top;
	quick_i x[2], y[2]; // of texels, in it
	quick_i column[WINDOW_COLUMNS];
};

UGVT_LANES_INLINE quick_i window_texel(const struct window *window, quick_i index, __mmask16 right)
{
	quick_i left = _mm512_permutex2var_epi32(window->column[0], index, window->column[1]);
	quick_i other = _mm512_permutex2var_epi32(window->column[2], index, window->column[3]);

	return _mm512_mask_mov_epi32(left, right, other);
}

/* x and y: in the window. Bits of an index: two of the column's texel, two of the row, one of a pair of columns. */
UGVT_LANES_INLINE void window_texels(const struct window *window, struct quick_texels *texels)
{
	const quick_i pair = _mm512_set1_epi32(2 * TEXELS);
	const quick_i in_row = _mm512_set1_epi32(TEXELS - 1);
	const quick_i higher = _mm512_set1_epi32(TEXELS * WINDOW_ROWS);
	__mmask16 right[2];
	quick_i column[2], row[2];

	for (unsigned i = 0; i < 2; i++) {
		right[i] = _mm512_test_epi32_mask(window->x[i], pair);
		column[i] = _mm512_and_si512(_mm512_slli_epi32(window->x[i], 2), higher);
		column[i] = _mm512_or_si512(column[i], _mm512_and_si512(window->x[i], in_row));
		row[i] = _mm512_slli_epi32(window->y[i], 2);
	}
	texels->a = window_texel(window, _mm512_or_si512(column[0], row[0]), right[0]);
	texels->b = window_texel(window, _mm512_or_si512(column[1], row[0]), right[1]);
	texels->c = window_texel(window, _mm512_or_si512(column[0], row[1]), right[0]);
	texels->d = window_texel(window, _mm512_or_si512(column[1], row[1]), right[1]);
}

/* Whether all texels are in it. */
UGVT_LANES_INLINE bool window_holds(struct window *window, const struct quick_places *places)
{
	quick_i first = _mm512_slli_epi32(window->left, 2);
	quick_i beyond;

	for (unsigned i = 0; i < 2; i++) {
		window->x[i] = _mm512_sub_epi32(_mm512_srli_epi32(places->byte[i], 2), first);
		window->y[i] = _mm512_sub_epi32(places->line[i], window->top);
	}
	beyond = _mm512_or_si512(_mm512_or_si512(window->x[0], window->x[1]),
		_mm512_slli_epi32(_mm512_or_si512(window->y[0], window->y[1]), 2));
	return _mm512_test_epi32_mask(beyond, _mm512_set1_epi32(~(TEXELS * WINDOW_COLUMNS - 1))) ==
	       0;
}

UGVT_LANES_INLINE uint32_t window_scalar(quick_i same)
{
	return (uint32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(same));
}

UGVT_LANES_INLINE void window_read(
	const struct ugvt_fast *fast, const struct quick_way *way, struct window *window)
{
	const char *host = window_host(
		fast, window_scalar(window->left), window_scalar(window->top), way->mapped);

	for (unsigned i = 0; i < WINDOW_COLUMNS; i++) {
		window->column[i] = _mm512_loadu_si512(host + i * UGVT_TILE_Y_COLUMN_SIZE);
	}
}

/* Of two tiles, one below the other: some texels are in either. */
UGVT_LANES_INLINE void window_read_both(
	const struct ugvt_fast *fast, const struct quick_way *way, struct window *window)
{
	uint32_t left = window_scalar(window->left), top = window_scalar(window->top);
	uint32_t rows = UGVT_TILE_Y_HEIGHT - (top & (UGVT_TILE_Y_HEIGHT - 1));
	__mmask16 upper = (__mmask16)((1u << rows * TEXELS) - 1);
	const char *host = window_host(fast, left, top, way->mapped);
	const char *below = window_host(fast, left, top + rows, way->mapped);

	for (unsigned i = 0; i < WINDOW_COLUMNS; i++) {
		quick_i low = _mm512_loadu_si512(below + i * UGVT_TILE_Y_COLUMN_SIZE);

		/* Its first row comes behind the last one above. */
		low = _mm512_maskz_expand_epi32((__mmask16)~upper, low);
		window->column[i] =
			_mm512_mask_loadu_epi32(low, upper, host + i * UGVT_TILE_Y_COLUMN_SIZE);
	}
}

UGVT_LANES_INLINE bool quick_window(const struct ugvt_fast *fast, const struct quick_way *way,
	const struct quick_places *places, struct quick_texels *texels)
{
	struct window window;
	quick_i top;

	if (!fast->windows) {
		return false;
	}
	window.left = _mm512_srli_epi32(window_least(places->byte[0]), BYTES_LOG2);
	/* Where pages are anywhere, it is in one of them. */
	window.left = way->mapped ? window_within(window.left, 1 << COLUMNS_LOG2, WINDOW_COLUMNS)
				  : _mm512_min_epu32(window.left,
					    _mm512_set1_epi32(fast->columns - WINDOW_COLUMNS));
	top = window_least(places->line[0]);
	window.top = window_within(top, UGVT_TILE_Y_HEIGHT, WINDOW_ROWS);
	if (window_holds(&window, places)) {
		window_read(fast, way, &window);
	} else {
		window.top = top;
		if (!window_holds(&window, places)) {
			return false;
		}
		window_read_both(fast, way, &window);
	}
	window_texels(&window, texels);
	return true;
}

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
