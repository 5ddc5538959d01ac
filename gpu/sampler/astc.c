/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/astc.h"

#include "gpu/sampler/srgb.h"

/* PRM CHV vol 5, "Adaptive Scalable Texture Compression (ASTC)": "Void-Extent Blocks", "Index Application". */

enum {
	VOID_EXTENT = 0x1fc, // in the lowest nine bits
	VOID_EXTENT_HDR = 1 << 9,
	VOID_EXTENT_ALL = 0x1fff,
	SMALL_BLOCK = 31,
};

struct astc {
	struct ugvt_astc_mode mode;
	struct ugvt_astc_line lines[UGVT_ASTC_PARTITIONS];
	struct ugvt_astc_weights weights;
};

static const uint16_t error_color[4] = {UINT16_MAX, 0, UINT16_MAX, UINT16_MAX};

/* One half float: 1, or in 65536ths and cut off behind 11 bits. */
static float half_of(uint16_t color)
{
	unsigned width = 32 - __builtin_clz(color | 1u);
	unsigned cut = width > 11 ? width - 11 : 0;

	return color == UINT16_MAX ? 1.0f : (float)(color >> cut << cut) / 65536;
}

static void texel_put(const struct ugvt_format *format, const uint16_t *color, float *texel)
{
	for (unsigned c = 0; c < 4; c++) {
		if (!(format->flags & UGVT_FORMAT_SRGB)) {
			texel[c] = half_of(color[c]);
		} else if (c < 3) {
			texel[c] = ugvt_srgb_to_linear[color[c] >> 8];
		} else {
			texel[c] = (float)(color[c] >> 8) / 255;
		}
	}
}

static void block_fill(
	const struct ugvt_format *format, const uint16_t *color, struct ugvt_block *out)
{
	for (unsigned i = 0; i < format->block_width * format->block_height; i++) {
		texel_put(format, color, out->texels[i]);
	}
}

/* Low and high, in s and t: where in the texture all is of that colour. We don't use it. */
static bool extent_is_legal(struct ugvt_block_bits block)
{
	unsigned extent[4];
	bool all = true;

	for (unsigned i = 0; i < 4; i++) {
		extent[i] = ugvt_astc_field(block, 12 + 13 * i, 13);
		all = all && extent[i] == VOID_EXTENT_ALL;
	}
	return all || (extent[0] < extent[1] && extent[2] < extent[3]);
}

static void void_extent_load(
	struct ugvt_block_bits block, const struct ugvt_format *format, struct ugvt_block *out)
{
	uint16_t color[4];

	if ((block.lo & VOID_EXTENT_HDR) || !extent_is_legal(block)) {
		block_fill(format, error_color, out);
		return;
	}
	memcpy(color, &block.hi, sizeof(color));
	block_fill(format, color, out);
}

static void lines_read(struct astc *astc, struct ugvt_block_bits block)
{
	const struct ugvt_astc_mode *mode = &astc->mode;
	uint8_t values[UGVT_ASTC_VALUES];
	const uint8_t *next = values;

	ugvt_astc_sequence_read(
		ugvt_astc_from(block, mode->values_start), mode->value_range, mode->values, values);
	for (unsigned i = 0; i < mode->values; i++) {
		values[i] = ugvt_astc_value_expand(mode->value_range, values[i]);
	}
	for (unsigned i = 0; i < mode->partitions; i++) {
		ugvt_astc_line_make(&astc->lines[i], mode->endpoint_modes[i], next);
		next += 2 * (mode->endpoint_modes[i] / 4 + 1);
	}
}

/* srgb: what is below the highest eight bits is only for rounding. */
static void texel_mix(
	const struct astc *astc, unsigned i, unsigned partition, bool srgb, uint16_t *color)
{
	const struct ugvt_astc_line *line = &astc->lines[partition];

	for (unsigned c = 0; c < 4; c++) {
		unsigned weight =
			astc->weights.texels[astc->mode.dual && c == astc->mode.selector][i];
		unsigned a = line->endpoints[0][c];
		unsigned b = line->endpoints[1][c];

		a = a << 8 | (srgb ? 0x80 : a);
		b = b << 8 | (srgb ? 0x80 : b);
		color[c] = (a * (64 - weight) + b * weight + 32) >> 6;
	}
}

void ugvt_astc_load(const struct ugvt_format *format, const uint8_t *data, struct ugvt_block *out)
{
	struct ugvt_block_bits block = ugvt_block_bits(data);
	unsigned texels = format->block_width * format->block_height;
	struct astc astc;

	if ((block.lo & 0x1ff) == VOID_EXTENT) {
		void_extent_load(block, format, out);
		return;
	}
	if (!ugvt_astc_mode_decode(&astc.mode, block, format)) {
		block_fill(format, error_color, out);
		return;
	}
	lines_read(&astc, block);
	ugvt_astc_weights_read(&astc.mode, block, format, &astc.weights);
	for (unsigned i = 0; i < texels; i++) {
		unsigned partition = ugvt_astc_partition(&astc.mode, i % format->block_width,
			i / format->block_width, texels < SMALL_BLOCK);
		uint16_t color[4];

		texel_mix(&astc, i, partition, format->flags & UGVT_FORMAT_SRGB, color);
		texel_put(
			format, astc.lines[partition].error ? error_color : color, out->texels[i]);
	}
}
