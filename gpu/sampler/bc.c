/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/sampler/block_kinds.h"

/* BC1 to BC5: PRM BDW vol 5, "DXT/BC1-3 Texture Formats", "BC4", "BC5". */

static void color_expand(uint16_t color, uint8_t *rgba)
{
	rgba[0] = ugvt_block_expand(color >> 11, 5);
	rgba[1] = ugvt_block_expand(color >> 5 & 63, 6);
	rgba[2] = ugvt_block_expand(color & 31, 5);
	rgba[3] = 255;
}

/* The palette of 8 bytes of colours. Four colours always, or three and black (transparent or not) where the first is not
 * the larger one. */
static void palette_make(uint64_t bits, bool always_four, uint8_t palette[4][4])
{
	uint16_t color0 = bits & 0xffff;
	uint16_t color1 = bits >> 16 & 0xffff;
	bool four = always_four || color0 > color1;

	color_expand(color0, palette[0]);
	color_expand(color1, palette[1]);
	for (unsigned c = 0; c < 3; c++) {
		unsigned a = palette[0][c];
		unsigned b = palette[1][c];

		palette[2][c] = four ? (2 * a + b) / 3 : (a + b) / 2;
		palette[3][c] = four ? (a + 2 * b) / 3 : 0;
	}
	palette[2][3] = 255;
	palette[3][3] = four ? 255 : 0;
}

static void colors_load(uint64_t bits, const uint8_t palette[4][4], struct ugvt_block8 *out)
{
	for (unsigned i = 0; i < 16; i++) {
		memcpy(out->texels[i], palette[bits >> (32 + 2 * i) & 3], 4);
	}
}

void ugvt_bc1_load(const uint8_t *block, enum ugvt_format_kind kind, struct ugvt_block8 *out)
{
	uint64_t bits = ugvt_block_u64(block);
	uint8_t palette[4][4];

	palette_make(bits, false, palette);
	if (kind == UGVT_FORMAT_BC1_RGB) {
		palette[3][3] = 255;
	}
	colors_load(bits, palette, out);
}

/* The eight values that two reference values make, times 7 or times 5 (returned). low and high are those of codes 6 and 7
 * where the first is not the larger one. */
static int references_spread(const int *reference, int low, int high, int values[8])
{
	int steps = reference[0] > reference[1] ? 7 : 5;

	values[0] = reference[0] * steps;
	values[1] = reference[1] * steps;
	for (int i = 1; i < steps; i++) {
		values[1 + i] = reference[0] * (steps - i) + reference[1] * i;
	}
	if (steps == 5) {
		values[6] = low * steps;
		values[7] = high * steps;
	}
	return steps;
}

static unsigned code_of(uint64_t bits, unsigned texel)
{
	return bits >> (16 + 3 * texel) & 7;
}

void ugvt_bc23_load(const uint8_t *block, enum ugvt_format_kind kind, struct ugvt_block8 *out)
{
	uint64_t colors = ugvt_block_u64(block + 8);
	uint64_t alphas = ugvt_block_u64(block);
	uint8_t palette[4][4];
	int values[8];
	int steps =
		references_spread((const int[]){alphas & 255, alphas >> 8 & 255}, 0, 255, values);

	palette_make(colors, true, palette);
	colors_load(colors, palette, out);
	for (unsigned i = 0; i < 16; i++) {
		out->texels[i][3] = kind == UGVT_FORMAT_BC2
					    ? ugvt_block_expand(alphas >> (4 * i) & 15, 4)
					    : values[code_of(alphas, i)] / steps;
	}
}

void ugvt_bc4_load(const uint8_t *block, bool sign, unsigned channel, struct ugvt_block *out)
{
	uint64_t bits = ugvt_block_u64(block);
	int reference[2] = {block[0], block[1]};
	int values[8];
	float unit;

	if (sign) {
		reference[0] = UGVT_MAX((int8_t)block[0], -127);
		reference[1] = UGVT_MAX((int8_t)block[1], -127);
		unit = 127.0f * references_spread(reference, -127, 127, values);
	} else {
		unit = 255.0f * references_spread(reference, 0, 255, values);
	}
	for (unsigned i = 0; i < 16; i++) {
		out->texels[i][channel] = values[code_of(bits, i)] / unit;
	}
}
