/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/block_kinds.h"

/* FXT1, two squares of 4x4 texels side by side: PRM BDW vol 5, "FXT Texture Formats". */

struct fxt1 {
	uint64_t selects;
	uint64_t high; // bits 127:64
	struct ugvt_block8 *out;
};

static unsigned bit_of(const struct fxt1 *fxt1, unsigned bit)
{
	return fxt1->high >> (bit - 64) & 1;
}

static unsigned field5(const struct fxt1 *fxt1, unsigned low)
{
	return fxt1->high >> (low - 64) & 31;
}

/* Red, green and blue of 5 bits, the blue's lowest at bit low. */
static void color_read(const struct fxt1 *fxt1, unsigned low, uint8_t *rgba)
{
	for (unsigned c = 0; c < 3; c++) {
		rgba[c] = ugvt_block_expand(field5(fxt1, low + 10 - 5 * c), 5);
	}
	rgba[3] = 255;
}

/* (a * (parts - at) + b * at + half) / parts */
struct mix {
	unsigned parts;
	unsigned at;
	unsigned half;
};

static void color_mix(const uint8_t *a, const uint8_t *b, struct mix mix, uint8_t *rgba)
{
	for (unsigned c = 0; c < 4; c++) {
		rgba[c] = (a[c] * (mix.parts - mix.at) + b[c] * mix.at + mix.half) / mix.parts;
	}
}

/* Texel i in the format's order is at column and row of the block. */
static void texel_set(struct fxt1 *fxt1, unsigned i, const uint8_t *rgba)
{
	unsigned x = i / 16 * 4 + i % 4;
	unsigned y = i % 16 / 4;

	memcpy(fxt1->out->texels[y * 8 + x], rgba, 4);
}

/* Selects of two bits, from a palette for each square. */
static void squares_load(struct fxt1 *fxt1, uint8_t palettes[2][4][4])
{
	for (unsigned i = 0; i < 32; i++) {
		texel_set(fxt1, i, palettes[i / 16][fxt1->selects >> (2 * i) & 3]);
	}
}

static void hi_load(struct fxt1 *fxt1)
{
	struct ugvt_block_bits bits = {fxt1->selects, fxt1->high};
	uint8_t palette[8][4] = {0};

	color_read(fxt1, 96, palette[0]);
	color_read(fxt1, 111, palette[6]);
	for (unsigned i = 1; i < 6; i++) {
		color_mix(palette[0], palette[6], (struct mix){6, i, 3}, palette[i]);
	}
	for (unsigned i = 0; i < 32; i++) {
		texel_set(fxt1, i, palette[ugvt_block_take(&bits, 3)]);
	}
}

static void chroma_load(struct fxt1 *fxt1)
{
	uint8_t palettes[2][4][4];

	for (unsigned i = 0; i < 4; i++) {
		color_read(fxt1, 64 + 15 * i, palettes[0][i]);
	}
	memcpy(palettes[1], palettes[0], sizeof(palettes[0]));
	squares_load(fxt1, palettes);
}

static void between_load(uint8_t (*palette)[4])
{
	color_mix(palette[0], palette[3], (struct mix){3, 1, 1}, palette[1]);
	color_mix(palette[0], palette[3], (struct mix){3, 2, 1}, palette[2]);
}

static void alpha_load(struct fxt1 *fxt1)
{
	uint8_t palettes[2][4][4] = {0};
	uint8_t colors[3][4];

	for (unsigned i = 0; i < 3; i++) {
		color_read(fxt1, 64 + 15 * i, colors[i]);
		colors[i][3] = ugvt_block_expand(field5(fxt1, 109 + 5 * i), 5);
	}
	for (unsigned square = 0; square < 2; square++) {
		if (bit_of(fxt1, 124)) {
			memcpy(palettes[square][0], colors[2 * square], 4);
			memcpy(palettes[square][3], colors[1], 4);
			between_load(palettes[square]);
		} else {
			memcpy(palettes[square], colors, sizeof(colors));
		}
	}
	squares_load(fxt1, palettes);
}

static uint8_t green6(const struct fxt1 *fxt1, unsigned low, unsigned last)
{
	return ugvt_block_expand(field5(fxt1, low + 5) << 1 | last, 6);
}

/* A square's colours: 5:6:5, the last bit of green being elsewhere; with alpha the first has no such bit. */
static void mixed_palette(const struct fxt1 *fxt1, unsigned square, uint8_t palette[4][4])
{
	unsigned low = 64 + 30 * square;
	unsigned last = bit_of(fxt1, 125 + square);
	bool alpha = bit_of(fxt1, 124);
	uint8_t *end = palette[alpha ? 2 : 3];

	memset(palette, 0, 16);
	color_read(fxt1, low, palette[0]);
	color_read(fxt1, low + 15, end);
	end[1] = green6(fxt1, low + 15, last);
	if (alpha) {
		color_mix(palette[0], end, (struct mix){2, 1, 0}, palette[1]);
	} else {
		palette[0][1] = green6(fxt1, low, (fxt1->selects >> (1 + 32 * square) & 1) ^ last);
		between_load(palette);
	}
}

void ugvt_fxt1_load(const uint8_t *block, struct ugvt_block8 *out)
{
	struct fxt1 fxt1 = {ugvt_block_u64(block), ugvt_block_u64(block + 8), out};
	uint8_t palettes[2][4][4];

	switch (fxt1.high >> 61) {
	case 0:
	case 1: hi_load(&fxt1); break;
	case 2: chroma_load(&fxt1); break;
	case 3: alpha_load(&fxt1); break;
	default:
		mixed_palette(&fxt1, 0, palettes[0]);
		mixed_palette(&fxt1, 1, palettes[1]);
		squares_load(&fxt1, palettes);
		break;
	}
}
