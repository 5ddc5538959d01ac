/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/sampler/block_kinds.h"

/*
 * ETC1, ETC2 and EAC: PRM BDW vol 5, "ETC1_RGB8" to "EAC_RG11 and EAC_SIGNED_RG11". The formats are written from the
 * highest bit of the first byte on: read as big-endian numbers here, bit 63 being that one.
 */

static const uint8_t luminances[8][2] = {
	{2, 8}, {5, 17}, {9, 29}, {13, 42}, {18, 60}, {24, 80}, {33, 106}, {47, 183}};

static const uint8_t distances[8] = {3, 6, 11, 16, 23, 32, 41, 64};

static const int8_t intensities[16][8] = {
	{-3, -6, -9, -15, 2, 5, 8, 14},
	{-3, -7, -10, -13, 2, 6, 9, 12},
	{-2, -5, -8, -13, 1, 4, 7, 12},
	{-2, -4, -6, -13, 1, 3, 5, 12},
	{-3, -6, -8, -12, 2, 5, 7, 11},
	{-3, -7, -9, -11, 2, 6, 8, 10},
	{-4, -7, -8, -11, 3, 6, 7, 10},
	{-3, -5, -8, -11, 2, 4, 7, 10},
	{-2, -6, -8, -10, 1, 5, 7, 9},
	{-2, -5, -8, -10, 1, 4, 7, 9},
	{-2, -4, -8, -10, 1, 3, 7, 9},
	{-2, -5, -7, -10, 1, 4, 6, 9},
	{-3, -4, -7, -10, 2, 3, 6, 9},
	{-1, -2, -3, -10, 0, 1, 2, 9},
	{-4, -6, -8, -9, 3, 5, 7, 8},
	{-3, -5, -7, -9, 2, 4, 6, 8},
};

/* What a block says, apart from the texels' indices. */
struct etc {
	uint64_t bits;
	uint8_t colors[2][3];
	bool transparent; // texels of index 2
	struct ugvt_block8 *out;
};

static unsigned field(uint64_t bits, unsigned hi, unsigned lo)
{
	return bits >> lo & ((UINT64_C(1) << (hi - lo + 1)) - 1);
}

/* Texels are numbered down the columns. */
static unsigned index_of(uint64_t bits, unsigned x, unsigned y)
{
	unsigned i = 4 * x + y;

	return (bits >> (16 + i) & 1) << 1 | (bits >> i & 1);
}

static void texel_set(struct etc *etc, unsigned i, const uint8_t *rgb, int add)
{
	for (unsigned c = 0; c < 3; c++) {
		etc->out->texels[i][c] = ugvt_block_clamp8(rgb[c] + add);
	}
}

static void texel_clear(struct etc *etc, unsigned i)
{
	memset(etc->out->texels[i], 0, 4);
}

/* Two halves, each with a colour that texels are lighter or darker than. */
static void halves_load(struct etc *etc)
{
	bool flip = etc->bits >> 32 & 1;
	unsigned tables[2] = {field(etc->bits, 39, 37), field(etc->bits, 36, 34)};

	for (unsigned i = 0; i < 16; i++) {
		unsigned x = i % 4;
		unsigned y = i / 4;
		unsigned half = (flip ? y : x) / 2;
		unsigned index = index_of(etc->bits, x, y);
		int add = luminances[tables[half]][index & 1];

		if (etc->transparent && index == 2) {
			texel_clear(etc, i);
			continue;
		}
		if (etc->transparent && (index & 1) == 0) {
			add = 0;
		}
		texel_set(etc, i, etc->colors[half], index & 2 ? -add : add);
	}
}

/* Four paints: colours, each as it is or moved. */
static void paints_load(struct etc *etc, const uint8_t *color_of, const int *adds)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned index = index_of(etc->bits, i % 4, i / 4);

		if (etc->transparent && index == 2) {
			texel_clear(etc, i);
		} else {
			texel_set(etc, i, etc->colors[color_of[index]], adds[index]);
		}
	}
}

static void t_load(struct etc *etc)
{
	uint64_t b = etc->bits;
	unsigned codes[6] = {field(b, 60, 59) << 2 | field(b, 57, 56), field(b, 55, 52),
		field(b, 51, 48), field(b, 47, 44), field(b, 43, 40), field(b, 39, 36)};
	int d = distances[field(b, 35, 34) << 1 | field(b, 32, 32)];

	for (unsigned i = 0; i < 6; i++) {
		etc->colors[i / 3][i % 3] = ugvt_block_expand(codes[i], 4);
	}
	paints_load(etc, (const uint8_t[]){0, 1, 1, 1}, (const int[]){0, d, 0, -d});
}

static unsigned rgb_number(const uint8_t *rgb)
{
	return rgb[0] << 16 | rgb[1] << 8 | rgb[2];
}

static void h_load(struct etc *etc)
{
	uint64_t b = etc->bits;
	unsigned codes[6] = {field(b, 62, 59), field(b, 58, 56) << 1 | field(b, 52, 52),
		field(b, 51, 51) << 3 | field(b, 49, 47), field(b, 46, 43), field(b, 42, 39),
		field(b, 38, 35)};
	unsigned index = field(b, 34, 34) << 2 | field(b, 32, 32) << 1;
	int d;

	for (unsigned i = 0; i < 6; i++) {
		etc->colors[i / 3][i % 3] = ugvt_block_expand(codes[i], 4);
	}
	index |= rgb_number(etc->colors[0]) >= rgb_number(etc->colors[1]);
	d = distances[index];
	paints_load(etc, (const uint8_t[]){0, 0, 1, 1}, (const int[]){d, -d, d, -d});
}

/* A plane through three colours: of the origin, four texels to the right and four below. */
static void planar_load(struct etc *etc)
{
	uint64_t b = etc->bits;
	const uint8_t o[3] = {ugvt_block_expand(field(b, 62, 57), 6),
		ugvt_block_expand(field(b, 56, 56) << 6 | field(b, 54, 49), 7),
		ugvt_block_expand(
			field(b, 48, 48) << 5 | field(b, 44, 43) << 3 | field(b, 41, 39), 6)};
	const uint8_t h[3] = {ugvt_block_expand(field(b, 38, 34) << 1 | field(b, 32, 32), 6),
		ugvt_block_expand(field(b, 31, 25), 7), ugvt_block_expand(field(b, 24, 19), 6)};
	const uint8_t v[3] = {ugvt_block_expand(field(b, 18, 13), 6),
		ugvt_block_expand(field(b, 12, 6), 7), ugvt_block_expand(field(b, 5, 0), 6)};

	for (int i = 0; i < 16; i++) {
		for (unsigned c = 0; c < 3; c++) {
			int value = i % 4 * (h[c] - o[c]) + i / 4 * (v[c] - o[c]) + 4 * o[c] + 2;

			etc->out->texels[i][c] = ugvt_block_clamp8(value >> 2);
		}
	}
}

static void individual_load(struct etc *etc)
{
	for (unsigned i = 0; i < 6; i++) {
		etc->colors[i % 2][i / 2] =
			ugvt_block_expand(field(etc->bits, 63 - 4 * i, 60 - 4 * i), 4);
	}
	halves_load(etc);
}

/* A colour of 5 bits a channel and a difference. Sums that are out of range say that it is another mode: the channel whose
 * sum it is tells which (etc1: no other modes). */
static void differential_load(struct etc *etc, bool etc1)
{
	void (*const other[3])(struct etc *) = {t_load, h_load, planar_load};

	for (unsigned c = 0; c < 3; c++) {
		unsigned base = field(etc->bits, 63 - 8 * c, 59 - 8 * c);
		int sum = (int)base + (int)(field(etc->bits, 58 - 8 * c, 56 - 8 * c) ^ 4) - 4;

		if ((sum < 0 || sum > 31) && !etc1) {
			other[c](etc);
			return;
		}
		etc->colors[0][c] = ugvt_block_expand(base, 5);
		etc->colors[1][c] = ugvt_block_expand(sum & 31, 5);
	}
	halves_load(etc);
}

static uint64_t big_endian(const uint8_t *block)
{
	return __builtin_bswap64(ugvt_block_u64(block));
}

/* Planar mode has no transparent texels, and the bit is not looked at. */
static void colors_load(struct etc *etc, enum ugvt_format_kind kind)
{
	bool diff = etc->bits >> 33 & 1;

	for (unsigned i = 0; i < 16; i++) {
		etc->out->texels[i][3] = 255;
	}
	etc->transparent = kind == UGVT_FORMAT_ETC2_PTA && !diff;
	if (diff || kind == UGVT_FORMAT_ETC2_PTA) {
		differential_load(etc, kind == UGVT_FORMAT_ETC1);
	} else {
		individual_load(etc);
	}
}

static unsigned eac_index(uint64_t bits, unsigned texel)
{
	return bits >> (45 - 3 * (texel % 4 * 4 + texel / 4)) & 7;
}

void ugvt_etc_load(const uint8_t *block, enum ugvt_format_kind kind, struct ugvt_block8 *out)
{
	bool rgba = kind == UGVT_FORMAT_ETC2_RGBA;
	struct etc etc = {.bits = big_endian(block + (rgba ? 8 : 0)), .out = out};
	uint64_t alpha = big_endian(block);

	colors_load(&etc, kind);
	for (unsigned i = 0; rgba && i < 16; i++) {
		int modifier = intensities[field(alpha, 51, 48)][eac_index(alpha, i)];

		out->texels[i][3] =
			ugvt_block_clamp8(block[0] + modifier * (int)field(alpha, 55, 52));
	}
}

void ugvt_eac_load(const uint8_t *block, bool sign, unsigned channel, struct ugvt_block *out)
{
	uint64_t bits = big_endian(block);
	int base = sign ? UGVT_MAX((int8_t)block[0], -127) * 8 : block[0] * 8 + 4;
	int multiplier = field(bits, 55, 52);

	multiplier = multiplier == 0 ? 1 : multiplier * 8;
	for (unsigned i = 0; i < 16; i++) {
		int value =
			base + intensities[field(bits, 51, 48)][eac_index(bits, i)] * multiplier;

		if (sign) {
			value = UGVT_MIN(UGVT_MAX(value, -1023), 1023);
			out->texels[i][channel] = value / 1023.0f;
		} else {
			value = UGVT_MIN(UGVT_MAX(value, 0), 2047);
			out->texels[i][channel] = value / 2047.0f;
		}
	}
}
