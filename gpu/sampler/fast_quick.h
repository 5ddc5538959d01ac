/* SPDX-License-Identifier: MIT */
/*
 * What most messages ask for, in the fewest steps: texels of four channels of 8 bits, wrapped or clamped, all lanes with the same
 * filter. Sums of such texels are exact, whichever way they are made, so two texels that are the same one need not have the weights
 * that other files would give them.
 *
 * For fast_quick.c and fast_wide.c only, each of which includes it once, for vectors of eight or sixteen lanes, after it has made:
 * QUICK_LANES; quick_i and quick_f, vectors of dwords and floats; Q(name) and QB(name), their intrinsics, and QF(value), such a cast; struct quick_lod and
 * quick_level; and the functions quick_inside, quick_join, quick_none, quick_uniform, quick_floats, quick_lod_find,
 * quick_level_get, quick_layer_row, quick_words, quick_out_find, quick_store, quick_store_all. Behind it quick_window and quick_run, and QUICK_STAMPS.
 */
#ifdef QUICK_LANES

struct quick_axis {
	quick_i texel[2];
	quick_i weight; // of the second, in 256ths
};

/* Where two columns and two rows of texels are: bytes of a row, and rows, of the memory. */
struct quick_places {
	quick_i byte[2];
	quick_i line[2];
};

/* Those of the first row, then those of the second. By name, not by number: so compilers keep them in registers. */
struct quick_texels {
	quick_i a, b, c, d;
};

/* What a stamp of the code below is for. */
struct quick_way {
	bool mapped;
	bool fixed; // all lanes have fast->lod
};

/* By byte of the element: what a level's texels add up to. */
struct quick_sums {
	quick_f a, b, c, d;
};

/* From 0 to size, in 256ths. What is no number is 0: max_ps gives its second operand then. */
UGVT_LANES_INLINE quick_f quick_scaled(
	const struct ugvt_fast *fast, enum ugvt_wrap wrap, quick_f value, quick_i size)
{
	quick_f end = Q(cvtepi32_ps)(Q(slli_epi32)(size, UGVT_WEIGHT_BITS));
	quick_f unit = end;

	if (wrap == UGVT_WRAP_REPEAT) {
		value = Q(sub_ps)(value, Q(floor_ps)(value));
	} else if (fast->unnormalized) {
		unit = Q(set1_ps)(UGVT_WEIGHT_ONE);
	}
	value = Q(max_ps)(Q(mul_ps)(value, unit), Q(setzero_ps)());
	return Q(min_ps)(value, end);
}

/* The texels whose middles are around. Of one below 0 the unsigned minimum is the last. */
UGVT_LANES_INLINE void quick_pair(
	enum ugvt_wrap wrap, quick_i fixed, quick_i size, struct quick_axis *axis)
{
	quick_i one = Q(set1_epi32)(1);
	quick_i last = Q(sub_epi32)(size, one);
	quick_i texel, next;

	fixed = Q(sub_epi32)(fixed, Q(set1_epi32)(UGVT_WEIGHT_ONE / 2));
	texel = Q(srai_epi32)(fixed, UGVT_WEIGHT_BITS);
	next = Q(add_epi32)(texel, one);
	axis->weight = QB(and)(fixed, Q(set1_epi32)(UGVT_WEIGHT_ONE - 1));
	if (wrap == UGVT_WRAP_REPEAT) {
		axis->texel[0] = Q(min_epu32)(texel, last);
		axis->texel[1] = quick_inside(next, size);
	} else {
		axis->texel[0] = Q(max_epi32)(texel, Q(set1_epi32)(0));
		axis->texel[1] = Q(min_epi32)(next, last);
	}
}

UGVT_LANES_INLINE quick_i quick_single(enum ugvt_wrap wrap, quick_i fixed, quick_i size)
{
	quick_i texel = Q(srli_epi32)(fixed, UGVT_WEIGHT_BITS);

	if (wrap == UGVT_WRAP_REPEAT) {
		return quick_inside(texel, size);
	}
	return Q(min_epi32)(texel, Q(sub_epi32)(size, Q(set1_epi32)(1)));
}

/* The parts of an offset, as fast_column() and fast_row() find them, for all tilings alike. */
UGVT_LANES_INLINE quick_i quick_column(const struct ugvt_fast *fast, quick_i byte)
{
	quick_i column = Q(srl_epi32)(byte, _mm_cvtsi32_si128(fast->column.shift));

	column = Q(mullo_epi32)(column, Q(set1_epi32)(fast->column.more));
	return Q(add_epi32)(byte, column);
}

UGVT_LANES_INLINE quick_i quick_row(const struct ugvt_fast *fast, quick_i row)
{
	quick_i tile = Q(srl_epi32)(row, _mm_cvtsi32_si128(fast->row.shift));

	row = Q(sll_epi32)(row, _mm_cvtsi32_si128(fast->row_log2));
	tile = Q(mullo_epi32)(tile, Q(set1_epi32)(fast->row.more));
	return Q(add_epi32)(row, tile);
}

/* A texel's byte in its row of the memory, and that row. */
UGVT_LANES_INLINE quick_i quick_byte(const struct quick_level *level, quick_i texel)
{
	return Q(add_epi32)(Q(slli_epi32)(texel, 2), level->x);
}

UGVT_LANES_INLINE quick_i quick_line(const struct quick_level *level, quick_i texel)
{
	return Q(add_epi32)(texel, level->y);
}

/* Offsets go through memory, which is faster than one after the other out of a vector: compilers must not see through it. */
UGVT_LANES_INLINE quick_i quick_gather(const struct ugvt_fast *fast, quick_i offsets, bool mapped)
{
	quick_i skew = Q(set1_epi32)((int)fast->skew);
	_Alignas(64) uint32_t at[QUICK_LANES];

	QB(store)((quick_i *)at, mapped ? Q(add_epi32)(offsets, skew) : offsets);
	__asm__("" : "+m"(at));
	return quick_words(fast, at, mapped);
}

/* Of two texels side by side, each two of their bytes as 16 bits, less 128 * 256. */
struct quick_bytes {
	quick_i even, odd;
};

/* The first, and as much of the difference as weight says, which is in both halves of each dword. */
UGVT_LANES_INLINE struct quick_bytes quick_across(quick_i first, quick_i second, quick_i weight)
{
	quick_i low = Q(set1_epi16)(0xff);
	quick_i less = QB(xor)(first, Q(set1_epi8)(INT8_MIN));
	quick_i even = Q(sub_epi16)(QB(and)(second, low), QB(and)(first, low));
	quick_i odd = Q(sub_epi16)(Q(srli_epi16)(second, 8), Q(srli_epi16)(first, 8));

	return (struct quick_bytes){
		.even = Q(add_epi16)(Q(mullo_epi16)(even, weight), Q(slli_epi16)(less, 8)),
		.odd = Q(add_epi16)(Q(mullo_epi16)(odd, weight), QB(andnot)(low, less)),
	};
}

/* Two such rows, one in each half of a dword, with the factors of both. What was taken away before is added again. */
UGVT_LANES_INLINE quick_f quick_down(quick_i rows, quick_i factors)
{
	quick_i sum = Q(madd_epi16)(rows, factors);

	return Q(cvtepi32_ps)(Q(add_epi32)(sum, Q(set1_epi32)(128 << 16)));
}

UGVT_LANES_INLINE struct quick_sums quick_filter(
	const struct quick_texels *texels, const struct quick_axis axis[2])
{
	quick_i x = QB(or)(axis[0].weight, Q(slli_epi32)(axis[0].weight, 16));
	quick_i rest = Q(sub_epi32)(Q(set1_epi32)(UGVT_WEIGHT_ONE), axis[1].weight);
	quick_i y = QB(or)(rest, Q(slli_epi32)(axis[1].weight, 16));
	struct quick_bytes a = quick_across(texels->a, texels->b, x);
	struct quick_bytes b = quick_across(texels->c, texels->d, x);

	return (struct quick_sums){
		.a = quick_down(quick_join(a.even, Q(slli_epi32)(b.even, 16)), y),
		.b = quick_down(quick_join(a.odd, Q(slli_epi32)(b.odd, 16)), y),
		.c = quick_down(quick_join(Q(srli_epi32)(a.even, 16), b.even), y),
		.d = quick_down(quick_join(Q(srli_epi32)(a.odd, 16), b.odd), y),
	};
}

/* Texels of all four pairs of places, if they are so near each other that there is a better way. */
UGVT_LANES_INLINE bool quick_window(const struct ugvt_fast *fast, const struct quick_way *way,
	const struct quick_places *places, struct quick_texels *texels);

UGVT_LANES_INLINE void quick_taps(const struct ugvt_fast *fast, const struct quick_way *way,
	const struct quick_places *places, struct quick_texels *texels)
{
	quick_i column[2], row[2];

	if (quick_window(fast, way, places, texels)) {
		return;
	}
	column[0] = quick_column(fast, places->byte[0]);
	column[1] = quick_column(fast, places->byte[1]);
	row[0] = quick_row(fast, places->line[0]);
	row[1] = quick_row(fast, places->line[1]);
	texels->a = quick_gather(fast, Q(add_epi32)(column[0], row[0]), way->mapped);
	texels->b = quick_gather(fast, Q(add_epi32)(column[1], row[0]), way->mapped);
	texels->c = quick_gather(fast, Q(add_epi32)(column[0], row[1]), way->mapped);
	texels->d = quick_gather(fast, Q(add_epi32)(column[1], row[1]), way->mapped);
}

UGVT_LANES_INLINE struct quick_sums quick_linear(const struct ugvt_fast *fast,
	const struct quick_way *way, const struct quick_level *level, const quick_i fixed[2])
{
	struct quick_places places;
	struct quick_axis axis[2];
	struct quick_texels texels;

	quick_pair(fast->axis[0].wrap, fixed[0], level->width, &axis[0]);
	quick_pair(fast->axis[1].wrap, fixed[1], level->height, &axis[1]);
	places.byte[0] = quick_byte(level, axis[0].texel[0]);
	places.byte[1] = quick_byte(level, axis[0].texel[1]);
	places.line[0] = quick_line(level, axis[1].texel[0]);
	places.line[1] = quick_line(level, axis[1].texel[1]);
	quick_taps(fast, way, &places, &texels);
	return quick_filter(&texels, axis);
}

UGVT_LANES_INLINE quick_f quick_code(quick_i texel, unsigned shift)
{
	quick_i code = QB(and)(Q(srli_epi32)(texel, shift), Q(set1_epi32)(0xff));

	return Q(cvtepi32_ps)(Q(slli_epi32)(code, 2 * UGVT_WEIGHT_BITS));
}

UGVT_LANES_INLINE struct quick_sums quick_nearest(const struct ugvt_fast *fast,
	const struct quick_way *way, const struct quick_level *level, const quick_i fixed[2])
{
	quick_i x = quick_single(fast->axis[0].wrap, fixed[0], level->width);
	quick_i y = quick_single(fast->axis[1].wrap, fixed[1], level->height);
	quick_i texel = quick_gather(fast,
		Q(add_epi32)(quick_column(fast, quick_byte(level, x)),
			quick_row(fast, quick_line(level, y))),
		way->mapped);

	return (struct quick_sums){
		.a = quick_code(texel, 0),
		.b = quick_code(texel, 8),
		.c = quick_code(texel, 16),
		.d = quick_code(texel, 24),
	};
}

/* The only level, and what all lanes do with it. */
UGVT_LANES_INLINE void quick_fixed_get(
	const struct ugvt_fast *fast, struct quick_lod *lod, struct quick_level *level)
{
	int32_t at = fast->single;

	lod->half[0] = Q(set1_ps)(fast->lod.half[0][0]);
	lod->half[1] = Q(set1_ps)(fast->lod.half[1][0]);
	level->width = Q(set1_epi32)(fast->width[at]);
	level->height = Q(set1_epi32)(fast->height[at]);
	level->x = Q(set1_epi32)(fast->x[at]);
	level->y = Q(set1_epi32)(fast->y[at]);
}

UGVT_LANES_INLINE struct quick_sums quick_level_sums(const struct ugvt_fast *fast,
	const struct quick_way *way, const struct ugvt_fast_lanes *lanes, struct quick_lod *lod)
{
	struct quick_level level;
	quick_i fixed[2];
	bool nearest;

	if (way->fixed) {
		quick_fixed_get(fast, lod, &level);
		nearest = fast->lod.linear[0] == 0;
	} else {
		quick_level_get(fast, lod->level, &level);
		nearest = quick_none(lod->linear);
	}
	if (fast->layered) {
		level.y = Q(add_epi32)(level.y, quick_layer_row(fast, lanes));
	}
	fixed[0] = Q(cvttps_epi32)(Q(add_ps)(
		quick_scaled(fast, fast->axis[0].wrap, quick_floats(lanes, 0), level.width),
		lod->half[0]));
	fixed[1] = Q(cvttps_epi32)(Q(add_ps)(
		quick_scaled(fast, fast->axis[1].wrap, quick_floats(lanes, 1), level.height),
		lod->half[1]));
	return nearest ? quick_nearest(fast, way, &level, fixed)
		       : quick_linear(fast, way, &level, fixed);
}

UGVT_LANES_INLINE void quick_blend(const struct ugvt_fast *fast, const struct quick_way *way,
	const struct ugvt_fast_lanes *lanes, struct quick_lod *lod, struct quick_sums *sums)
{
	quick_f unit = Q(set1_ps)(1.0f / UGVT_WEIGHT_ONE);
	quick_f second = Q(mul_ps)(Q(cvtepi32_ps)(lod->blend), unit);
	quick_f first = Q(sub_ps)(Q(set1_ps)(1), second);
	struct quick_sums next;

	lod->level =
		Q(min_epi32)(Q(add_epi32)(lod->level, Q(set1_epi32)(1)), Q(set1_epi32)(fast->last));
	next = quick_level_sums(fast, way, lanes, lod);
	sums->a = Q(add_ps)(Q(mul_ps)(sums->a, first), Q(mul_ps)(next.a, second));
	sums->b = Q(add_ps)(Q(mul_ps)(sums->b, first), Q(mul_ps)(next.b, second));
	sums->c = Q(add_ps)(Q(mul_ps)(sums->c, first), Q(mul_ps)(next.c, second));
	sums->d = Q(add_ps)(Q(mul_ps)(sums->d, first), Q(mul_ps)(next.d, second));
}

/*
 * A division, as far as sums go: the remainder of the first guess corrects it (Markstein). The test divides all significands.
 */
UGVT_LANES_INLINE quick_f quick_divide(quick_f sum)
{
	const float one = UGVT_CODE_ONE * UGVT_WEIGHT_ONE * UGVT_WEIGHT_ONE;
	quick_f inverse = Q(set1_ps)(1 / one);
	quick_f guess = Q(mul_ps)(sum, inverse);
	quick_f rest = Q(fnmadd_ps)(guess, Q(set1_ps)(one), sum);

	return Q(fmadd_ps)(rest, inverse, guess);
}

/* Whatever channels there are, in whatever order. */
UGVT_LANES_INLINE void quick_return_any(
	const struct ugvt_fast *fast, const struct quick_sums *sums, const struct quick_out *out)
{
	quick_f values[4] = {quick_divide(sums->a), quick_divide(sums->b), quick_divide(sums->c),
		quick_divide(sums->d)};

	__asm__("" : "+m"(values));
	for (unsigned c = 0; c < 4; c++) {
		if (fast->source[c] < 0) {
			quick_store(out, c, QF(Q(set1_epi32)((int)fast->constant[c])));
		} else {
			quick_store(out, c, values[fast->source[c]]);
		}
	}
}

UGVT_LANES_INLINE void quick_return(const struct ugvt_fast *fast, const struct quick_sums *sums,
	const struct ugvt_fast_lanes *lanes)
{
	struct quick_out out;

	quick_out_find(lanes, &out);
	if (!out.whole || fast->order == UGVT_FAST_ORDER_OTHER) {
		quick_return_any(fast, sums, &out);
		return;
	}
	if (fast->order == UGVT_FAST_ORDER_BGRA) {
		quick_store_all(&out, 0, quick_divide(sums->c));
		quick_store_all(&out, 2, quick_divide(sums->a));
	} else {
		quick_store_all(&out, 0, quick_divide(sums->a));
		quick_store_all(&out, 2, quick_divide(sums->c));
	}
	quick_store_all(&out, 1, quick_divide(sums->b));
	quick_store_all(&out, 3, quick_divide(sums->d));
}

/* false: filters are mixed. */
UGVT_LANES_INLINE bool quick_sample(const struct ugvt_fast *fast, const struct quick_way *way,
	const struct ugvt_fast_lanes *lanes)
{
	struct quick_sums sums;
	struct quick_lod lod;

	if (!way->fixed) {
		quick_lod_find(fast, lanes, &lod);
		if (!quick_uniform(lod.linear)) {
			return false;
		}
	}
	sums = quick_level_sums(fast, way, lanes, &lod);
	if (!way->fixed && fast->mip == UGVT_MIP_LINEAR && !quick_none(lod.blend)) {
		quick_blend(fast, way, lanes, &lod, &sums);
	}
	quick_return(fast, &sums, lanes);
	return true;
}

/* quick_run(fast, lanes, count, way) is what a file makes of it. */
#define QUICK(name, ...)                                                                           \
	static void name(                                                                          \
		const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count) \
	{                                                                                          \
		const struct quick_way way = {__VA_ARGS__};                                        \
                                                                                                   \
		quick_run(fast, lanes, count, &way);                                               \
	}
#define QUICK_STAMPS                                       \
	QUICK(levels, false, false)                        \
	QUICK(single, false, true)                         \
	QUICK(mapped_levels, true, false)                  \
	QUICK(mapped_single, true, true)                   \
	static ugvt_fast_run *const quick_stamps[2][2] = { \
		{levels, single},                          \
		{mapped_levels, mapped_single},            \
	};
#define QUICK_STAMP(fast) quick_stamps[(fast)->mapped][(fast)->fixed]

#endif
