/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/astc.h"

/* PRM CHV vol 5, "Index Decoding", "Infill Process". */

static uint64_t bits_reverse(uint64_t bits)
{
	bits = (bits >> 1 & 0x5555555555555555) | (bits & 0x5555555555555555) << 1;
	bits = (bits >> 2 & 0x3333333333333333) | (bits & 0x3333333333333333) << 2;
	bits = (bits >> 4 & 0x0f0f0f0f0f0f0f0f) | (bits & 0x0f0f0f0f0f0f0f0f) << 4;
	return __builtin_bswap64(bits);
}

/* Where a texel is among the columns (or rows) of weights, in sixteenths. */
static unsigned grid_place(unsigned texel, unsigned texels, unsigned weights)
{
	unsigned scale = (1024 + texels / 2) / (texels - 1);

	return (scale * texel * (weights - 1) + 32) >> 6;
}

/* x, y: in sixteenths. What lies behind the last column or row counts nothing. */
static uint8_t weight_mix(
	const struct ugvt_astc_mode *mode, const uint8_t *plane, unsigned x, unsigned y)
{
	unsigned step = 1u << mode->dual;
	unsigned row = mode->columns * step;
	const uint8_t *corner = plane + y / 16 * row + x / 16 * step;
	unsigned fx = x % 16;
	unsigned fy = y % 16;
	unsigned w11 = (fx * fy + 8) >> 4;
	unsigned sum = corner[0] * (16 - fx - fy + w11) + corner[step] * (fx - w11) +
		       corner[row] * (fy - w11) + corner[row + step] * w11;

	return (sum + 8) >> 4;
}

void ugvt_astc_weights_read(const struct ugvt_astc_mode *mode, struct ugvt_block_bits block,
	const struct ugvt_format *format, struct ugvt_astc_weights *weights)
{
	struct ugvt_block_bits reversed = {bits_reverse(block.hi), bits_reverse(block.lo)};
	/* And the row behind the last one. */
	uint8_t grid[2 * UGVT_ASTC_WEIGHTS] = {0};
	unsigned i = 0;

	ugvt_astc_sequence_read(reversed, mode->weight_range, mode->weights, grid);
	for (unsigned n = 0; n < mode->weights; n++) {
		grid[n] = ugvt_astc_weight_expand(mode->weight_range, grid[n]);
	}
	for (unsigned y = 0; y < format->block_height; y++) {
		unsigned gy = grid_place(y, format->block_height, mode->rows);

		for (unsigned x = 0; x < format->block_width; x++, i++) {
			unsigned gx = grid_place(x, format->block_width, mode->columns);

			weights->texels[0][i] = weight_mix(mode, grid, gx, gy);
			if (mode->dual) {
				weights->texels[1][i] = weight_mix(mode, grid + 1, gx, gy);
			}
		}
	}
}
