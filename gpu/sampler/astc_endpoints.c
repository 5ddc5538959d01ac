/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/astc.h"

/* PRM CHV vol 5, "LDR Endpoint Decoding". */

enum {
	RED,
	GREEN,
	BLUE,
	ALPHA
};

static void color_set(uint8_t *color, const int *rgba)
{
	for (unsigned c = 0; c < 4; c++) {
		color[c] = ugvt_block_clamp8(rgba[c]);
	}
}

/* More precision near grey: red and green are as far from blue as half of what is stored. */
static void blue_contract(int *rgba)
{
	rgba[RED] = (rgba[RED] + rgba[BLUE]) >> 1;
	rgba[GREEN] = (rgba[GREEN] + rgba[BLUE]) >> 1;
}

/* Values in pairs, of the first and the second endpoint: if the second is the darker one, they change places. */
static void direct_make(struct ugvt_astc_line *line, int (*pairs)[2])
{
	int rgba[2][4];
	int sums[2] = {0};

	for (unsigned e = 0; e < 2; e++) {
		for (unsigned c = 0; c < 4; c++) {
			rgba[e][c] = pairs[c][e];
			sums[e] += c < ALPHA ? pairs[c][e] : 0;
		}
	}
	if (sums[1] < sums[0]) {
		blue_contract(rgba[0]);
		blue_contract(rgba[1]);
	}
	color_set(line->endpoints[sums[1] < sums[0]], rgba[0]);
	color_set(line->endpoints[sums[1] >= sums[0]], rgba[1]);
}

/* A value with one bit more and a signed difference of 6 bits. */
static void bit_transfer(int *pair)
{
	pair[0] = pair[0] >> 1 | (pair[1] & 0x80);
	pair[1] = pair[1] >> 1 & 0x3f;
	if (pair[1] & 0x20) {
		pair[1] -= 0x40;
	}
}

static void offsets_add(int (*pairs)[2], unsigned first, unsigned last)
{
	for (unsigned c = first; c <= last; c++) {
		bit_transfer(pairs[c]);
		pairs[c][1] += pairs[c][0];
	}
}

static void scaled_make(struct ugvt_astc_line *line, const uint8_t *values)
{
	for (unsigned c = 0; c < ALPHA; c++) {
		line->endpoints[0][c] = values[c] * values[3] >> 8;
		line->endpoints[1][c] = values[c];
	}
}

static void luminance_make(struct ugvt_astc_line *line, const int *luminance)
{
	for (unsigned e = 0; e < 2; e++) {
		memset(line->endpoints[e], ugvt_block_clamp8(luminance[e]), ALPHA);
	}
}

static void alpha_set(struct ugvt_astc_line *line, const int *alpha)
{
	line->endpoints[0][ALPHA] = ugvt_block_clamp8(alpha[0]);
	line->endpoints[1][ALPHA] = ugvt_block_clamp8(alpha[1]);
}

void ugvt_astc_line_make(struct ugvt_astc_line *line, unsigned mode, const uint8_t *values)
{
	int pairs[4][2] = {{0}, {0}, {0}, {255, 255}};
	int base = values[0] >> 2 | (values[1] & 0xc0);

	for (unsigned i = 0; i < 2 * (mode / 4 + 1); i++) {
		pairs[i / 2][i % 2] = values[i];
	}
	line->error = false;
	alpha_set(line, (const int[]){255, 255});
	switch (mode) {
	case 0: luminance_make(line, pairs[0]); break;
	case 1: luminance_make(line, (const int[]){base, base + (values[1] & 0x3f)}); break;
	case 5: offsets_add(pairs, 0, 1); /* fallthrough */
	case 4:
		luminance_make(line, pairs[0]);
		alpha_set(line, pairs[1]);
		break;
	case 10: alpha_set(line, pairs[2]); /* fallthrough */
	case 6: scaled_make(line, values); break;
	case 9:
		offsets_add(pairs, RED, BLUE);
		direct_make(line, pairs);
		break;
	case 13: offsets_add(pairs, RED, ALPHA); /* fallthrough */
	case 8:
	case 12: direct_make(line, pairs); break;
	default: line->error = true; break;
	}
}
