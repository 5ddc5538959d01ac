/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/blt/exec.h"
#include "gpu/blt/plan.h"

/*
 * Any raster operation with any operands and masks: a piece of a row is gathered into buffers, one per operand; the
 * operation is done on them as bit vectors; bytes that are enabled are scattered back.
 */

#define PIXELS_MAX UGVT_BLT_ROP_BYTES
#define PATTERN_SIZE 8

struct buffers {
	uint8_t dst[UGVT_BLT_ROP_BYTES];
	uint8_t src[UGVT_BLT_ROP_BYTES];
	uint8_t pattern[UGVT_BLT_ROP_BYTES];
	uint8_t result[UGVT_BLT_ROP_BYTES];
	uint8_t enable[UGVT_BLT_ROP_BYTES]; // of bytes: 0 or 0xff
};

static uint32_t pixel_get(const uint8_t *buffer, unsigned i, unsigned bytes)
{
	uint32_t pixel = 0;

	memcpy(&pixel, buffer + i * bytes, bytes);
	return pixel;
}

static void pixel_put(uint8_t *buffer, unsigned i, unsigned bytes, uint32_t pixel)
{
	memcpy(buffer + i * bytes, &pixel, bytes);
}

static void row_gather(const struct ugvt_blt_surface *surface, struct ugvt_aspace *as,
	const struct ugvt_blt_piece *piece, uint8_t *buffer)
{
	for (uint64_t i = 0; i < piece->width;) {
		uint64_t run = UGVT_MIN(ugvt_blt_run(surface, piece->x + i), piece->width - i);

		ugvt_aspace_read(
			as, ugvt_blt_addr(surface, piece->x + i, piece->y), buffer + i, run);
		i += run;
	}
}

/* Where bytes from i on end, at end at most, that are all enabled or all not. */
static uint64_t enable_end(const struct buffers *buffers, uint64_t i, uint64_t end)
{
	uint8_t enabled = buffers->enable[i];

	while (i < end && buffers->enable[i] == enabled) {
		i++;
	}
	return i;
}

/* Bytes that are not enabled are not touched. */
static void row_scatter(const struct ugvt_blt *blt, struct ugvt_aspace *as,
	const struct ugvt_blt_piece *piece, const struct buffers *buffers)
{
	for (uint64_t i = 0; i < piece->width;) {
		uint64_t run = UGVT_MIN(ugvt_blt_run(&blt->dst, piece->x + i), piece->width - i);
		uint64_t end = enable_end(buffers, i, i + run);

		if (buffers->enable[i]) {
			ugvt_aspace_write(as, ugvt_blt_addr(&blt->dst, piece->x + i, piece->y),
				buffers->result + i, end - i);
		}
		i = end;
	}
}

/* The row of the pattern for a piece, 8 pixels. */
static void pattern_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, uint32_t y, uint8_t *row)
{
	const struct ugvt_blt_pattern *pattern = &blt->pattern;
	unsigned bytes = blt->bytes_per_pixel;
	unsigned offset = (pattern->y + y) % PATTERN_SIZE * PATTERN_SIZE * bytes;

	switch (pattern->operand) {
	case UGVT_BLT_OPERAND_COLOR:
		if (pattern->data) {
			memcpy(row, (const uint8_t *)pattern->data + offset, PATTERN_SIZE * bytes);
		} else {
			ugvt_aspace_read(as, pattern->addr + offset, row, PATTERN_SIZE * bytes);
		}
		break;
	case UGVT_BLT_OPERAND_SOLID:
		for (unsigned i = 0; i < PATTERN_SIZE; i++) {
			pixel_put(row, i, bytes, pattern->background);
		}
		break;
	default: break;
	}
}

/* PRM IVB vol 1 part 4, "Monochrome Pattern Memory Format": byte y, pixel 0 in bit 7. */
static bool pattern_bit(const struct ugvt_blt_pattern *pattern, unsigned x, unsigned y)
{
	uint64_t bits = ugvt_u64(pattern->mono[0], pattern->mono[1]);

	return bits >> (y % PATTERN_SIZE * 8 + 7 - x % PATTERN_SIZE) & 1;
}

static void pattern_mono(
	const struct ugvt_blt *blt, const struct ugvt_blt_piece *piece, struct buffers *buffers)
{
	const struct ugvt_blt_pattern *pattern = &blt->pattern;
	unsigned bytes = blt->bytes_per_pixel;
	uint64_t first = pattern->x + piece->x / bytes;

	for (unsigned i = 0; i < piece->width / bytes; i++) {
		bool bit = pattern_bit(pattern, (first + i) % PATTERN_SIZE,
			(pattern->y + piece->y) % PATTERN_SIZE);

		pixel_put(buffers->pattern, i, bytes,
			bit ? pattern->foreground : pattern->background);
		if (pattern->transparent && !bit) {
			pixel_put(buffers->enable, i, bytes, 0);
		}
	}
}

static void pattern_gather(const struct ugvt_blt *blt, struct ugvt_aspace *as,
	const struct ugvt_blt_piece *piece, struct buffers *buffers)
{
	unsigned bytes = blt->bytes_per_pixel;
	uint64_t first = blt->pattern.x + piece->x / bytes;
	uint8_t row[PATTERN_SIZE * 4] = {0};

	if (blt->pattern.operand == UGVT_BLT_OPERAND_MONO) {
		pattern_mono(blt, piece, buffers);
		return;
	}
	pattern_row(blt, as, piece->y, row);
	for (unsigned i = 0; i < piece->width / bytes; i++) {
		pixel_put(buffers->pattern, i, bytes,
			pixel_get(row, (first + i) % PATTERN_SIZE, bytes));
	}
}

/* Bytes of a mono source. */
struct bits {
	uint64_t first;
	size_t size;
	uint8_t data[PIXELS_MAX / 8 + 1];
};

/* What an immediate source lacks is 0. */
static void bits_read(
	const struct ugvt_blt_source *source, struct ugvt_aspace *as, struct bits *bits)
{
	if (!source->data) {
		ugvt_aspace_read(as, source->addr + bits->first, bits->data, bits->size);
		return;
	}
	memset(bits->data, 0, bits->size);
	if (bits->first < source->size_bits / 8) {
		memcpy(bits->data, (const uint8_t *)source->data + bits->first,
			UGVT_MIN(bits->size, source->size_bits / 8 - bits->first));
	}
}

static void source_mono(const struct ugvt_blt *blt, struct ugvt_aspace *as,
	const struct ugvt_blt_piece *piece, struct buffers *buffers)
{
	const struct ugvt_blt_source *source = &blt->source;
	unsigned bytes = blt->bytes_per_pixel;
	unsigned count = piece->width / bytes;
	uint64_t bit =
		source->first_bit + (uint64_t)source->pitch_bits * piece->y + piece->x / bytes;
	struct bits bits;

	bits.first = bit / 8;
	bits.size = (bit % 8 + count + 7) / 8;
	bits_read(source, as, &bits);
	for (unsigned i = 0; i < count; i++) {
		unsigned at = bit % 8 + i;
		bool set = bits.data[at / 8] >> (7 - at % 8) & 1;

		pixel_put(buffers->src, i, bytes, set ? source->foreground : source->background);
		if (source->transparent && !set) {
			pixel_put(buffers->enable, i, bytes, 0);
		}
	}
}

static void source_gather(const struct ugvt_blt *blt, struct ugvt_aspace *as,
	const struct ugvt_blt_piece *piece, struct buffers *buffers)
{
	switch (blt->source.operand) {
	case UGVT_BLT_OPERAND_COLOR: row_gather(&blt->src, as, piece, buffers->src); break;
	case UGVT_BLT_OPERAND_MONO: source_mono(blt, as, piece, buffers); break;
	default: memset(buffers->src, 0, piece->width); break;
	}
}

/* The components of a pixel, alpha last; 0: none more. */
static const uint32_t *components(const struct ugvt_blt *blt)
{
	static const uint32_t c8[4] = {0xff};
	static const uint32_t c565[4] = {0xf800, 0x07e0, 0x001f};
	static const uint32_t c1555[4] = {0x7c00, 0x03e0, 0x001f, 0x8000};
	static const uint32_t c8888[4] = {0xff0000, 0x00ff00, 0x0000ff, 0xff000000};

	switch (blt->bytes_per_pixel) {
	case 1: return c8;
	case 2: return blt->rgb1555 ? c1555 : c565;
	default: return c8888;
	}
}

static bool is_in_key(const struct ugvt_blt *blt, uint32_t pixel)
{
	const uint32_t *masks = components(blt);

	for (unsigned i = 0; i < (blt->key_alpha ? 4 : 3) && masks[i] != 0; i++) {
		if ((pixel & masks[i]) < (blt->key_low & masks[i]) ||
			(pixel & masks[i]) > (blt->key_high & masks[i])) {
			return false;
		}
	}
	return true;
}

/* PRM IVB vol 1 part 4, "BR00", Transparency Range Mode: a source in the range, or a destination out of it, protects. */
static void key_apply(
	const struct ugvt_blt *blt, const struct ugvt_blt_piece *piece, struct buffers *buffers)
{
	bool by_dst = blt->key == UGVT_BLT_KEY_DST;
	const uint8_t *pixels = by_dst ? buffers->dst : buffers->src;
	unsigned bytes = blt->bytes_per_pixel;

	for (unsigned i = 0; i < piece->width / bytes; i++) {
		if (is_in_key(blt, pixel_get(pixels, i, bytes)) != by_dst) {
			pixel_put(buffers->enable, i, bytes, 0);
		}
	}
}

static void enable_all(
	const struct ugvt_blt *blt, const struct ugvt_blt_piece *piece, struct buffers *buffers)
{
	unsigned bytes = blt->bytes_per_pixel;

	for (unsigned i = 0; i < piece->width / bytes; i++) {
		pixel_put(buffers->enable, i, bytes, blt->write_mask);
	}
}

/* The code is a truth table: bit P * 4 + S * 2 + D of it is the result. */
static void rop_apply(uint8_t rop, struct buffers *buffers, unsigned len)
{
	memset(buffers->result, 0, len);
	for (unsigned term = 0; term < 8; term++) {
		uint8_t p = term & 4 ? 0 : 0xff;
		uint8_t s = term & 2 ? 0 : 0xff;
		uint8_t d = term & 1 ? 0 : 0xff;

		if (!(rop >> term & 1)) {
			continue;
		}
		for (unsigned i = 0; i < len; i++) {
			buffers->result[i] |= (buffers->pattern[i] ^ p) & (buffers->src[i] ^ s) &
					      (buffers->dst[i] ^ d);
		}
	}
}

void ugvt_blt_rop_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	struct buffers buffers;

	enable_all(blt, piece, &buffers);
	pattern_gather(blt, as, piece, &buffers);
	source_gather(blt, as, piece, &buffers);
	if (ugvt_blt_rop_uses_dst(blt->rop) || blt->key == UGVT_BLT_KEY_DST) {
		row_gather(&blt->dst, as, piece, buffers.dst);
	} else {
		memset(buffers.dst, 0, piece->width);
	}
	if (blt->key != UGVT_BLT_KEY_NONE) {
		key_apply(blt, piece, &buffers);
	}
	rop_apply(blt->rop, &buffers, piece->width);
	row_scatter(blt, as, piece, &buffers);
}
