/* SPDX-License-Identifier: MIT */
#include "gpu/blt/plan.h"

#include "base/bits.h"

enum {
	ROP_SRC_COPY = 0xcc,
	ROP_NOTHING = 0xaa,
};

/* From here on, stores that go past the caches are faster: bench/blt.c with and without, 64 MB: 40 GB/s against 30. */
#define STREAM_BYTES (UINT64_C(32) << 20)

/* Whether the result of the raster operation depends on an operand: PRM SKL vol 11, "Bit-Wise Operations". The code is a
 * truth table: bit P * 4 + S * 2 + D of it is the result. */
static bool rop_uses_pattern(uint8_t rop)
{
	return ((rop >> 4 ^ rop) & 0x0f) != 0;
}

static bool rop_uses_source(uint8_t rop)
{
	return ((rop >> 2 ^ rop) & 0x33) != 0;
}

bool ugvt_blt_rop_uses_dst(uint8_t rop)
{
	return ((rop >> 1 ^ rop) & 0x55) != 0;
}

uint32_t ugvt_blt_pixel_mask(const struct ugvt_blt *blt)
{
	return UINT32_MAX >> (32 - 8 * UGVT_MIN(blt->bytes_per_pixel, 4));
}

/* A pixel's color in all pixels of a dword. */
static uint32_t color_repeat(const struct ugvt_blt *blt, uint32_t color)
{
	switch (blt->bytes_per_pixel) {
	case 1: return (color & 0xff) * 0x01010101u;
	case 2: return (color & 0xffff) * 0x00010001u;
	default: return color;
	}
}

/* Operands that nothing depends on are not read, as by the hardware. */
static void operands_drop(struct ugvt_blt *blt)
{
	struct ugvt_blt_source *source = &blt->source;
	struct ugvt_blt_pattern *pattern = &blt->pattern;

	if (!rop_uses_source(blt->rop) && !source->transparent && blt->key != UGVT_BLT_KEY_SRC) {
		source->operand = UGVT_BLT_OPERAND_NONE;
	}
	if (!rop_uses_pattern(blt->rop) && !pattern->transparent) {
		pattern->operand = UGVT_BLT_OPERAND_NONE;
	}
}

static bool is_masked(const struct ugvt_blt *blt)
{
	return blt->key != UGVT_BLT_KEY_NONE || blt->write_mask != ugvt_blt_pixel_mask(blt) ||
	       blt->source.transparent || blt->pattern.transparent;
}

/* PRM IVB vol 1 part 4, "XY_FULL_MONO_PATTERN_BLT": with both, no pixels are drawn. */
static bool is_solid_transparent(const struct ugvt_blt *blt)
{
	return blt->pattern.operand == UGVT_BLT_OPERAND_SOLID && blt->pattern.transparent;
}

static enum ugvt_blt_kind kind_of(const struct ugvt_blt *blt)
{
	if (blt->rop == ROP_NOTHING || blt->write_mask == 0 || is_solid_transparent(blt)) {
		return UGVT_BLT_NOTHING;
	}
	if (is_masked(blt)) {
		return UGVT_BLT_ROP;
	}
	if (blt->rop == ROP_SRC_COPY && blt->source.operand == UGVT_BLT_OPERAND_COLOR) {
		return UGVT_BLT_COPY;
	}
	if (!ugvt_blt_rop_uses_dst(blt->rop) && blt->source.operand == UGVT_BLT_OPERAND_NONE &&
		blt->pattern.operand <= UGVT_BLT_OPERAND_SOLID) {
		return UGVT_BLT_FILL;
	}
	return UGVT_BLT_ROP;
}

/* What a raster operation makes of the solid pattern alone. */
static uint32_t fill_color(const struct ugvt_blt *blt)
{
	bool solid = blt->pattern.operand == UGVT_BLT_OPERAND_SOLID;
	uint32_t pattern = solid ? color_repeat(blt, blt->pattern.background) : 0;

	return (blt->rop & 0x10 ? pattern : 0) | (blt->rop & 0x01 ? ~pattern : 0);
}

static bool is_same_surface(const struct ugvt_blt *blt)
{
	return blt->src.base == blt->dst.base && blt->src.pitch == blt->dst.pitch &&
	       blt->src.tiling == blt->dst.tiling;
}

static bool rects_meet(const struct ugvt_blt *blt)
{
	uint64_t dx = blt->src.x < blt->dst.x ? blt->dst.x - blt->src.x : blt->src.x - blt->dst.x;
	uint32_t dy = blt->src.y < blt->dst.y ? blt->dst.y - blt->src.y : blt->src.y - blt->dst.y;

	return dx < blt->width && dy < blt->height;
}

/* The same base is enough to go backwards, but only where rectangles meet does it matter. */
void ugvt_blt_directions(struct ugvt_blt *blt)
{
	if (blt->source.operand != UGVT_BLT_OPERAND_COLOR || blt->src.base != blt->dst.base) {
		return;
	}
	blt->backward_x = blt->src.x < blt->dst.x;
	blt->backward_y = blt->src.y < blt->dst.y;
	blt->rowwise = is_same_surface(blt) && rects_meet(blt);
	if (!blt->rowwise &&
		(blt->dst.tiling != UGVT_TILING_LINEAR || blt->src.tiling != UGVT_TILING_LINEAR)) {
		blt->backward_x = false;
		blt->backward_y = false;
	}
}

static bool is_gapless(const struct ugvt_blt *blt, const struct ugvt_blt_surface *surface)
{
	return surface->tiling == UGVT_TILING_LINEAR && surface->pitch >= 0 &&
	       (uint64_t)surface->pitch == blt->width;
}

/* Rows that follow each other without gaps are one long row. */
static void rows_merge(struct ugvt_blt *blt)
{
	if (blt->kind == UGVT_BLT_ROP || !is_gapless(blt, &blt->dst) ||
		(blt->kind == UGVT_BLT_COPY && !is_gapless(blt, &blt->src))) {
		return;
	}
	if (blt->height > 1 && blt->src.y != blt->dst.y) {
		blt->backward_x = blt->backward_y;
	}
	blt->dst.base += (uint64_t)blt->dst.y * blt->dst.pitch;
	blt->src.base += (uint64_t)blt->src.y * blt->src.pitch;
	blt->dst.y = 0;
	blt->src.y = 0;
	blt->width *= blt->height;
	blt->height = 1;
}

void ugvt_blt_plan(struct ugvt_blt *blt)
{
	operands_drop(blt);
	blt->kind = kind_of(blt);
	if (blt->kind == UGVT_BLT_FILL) {
		blt->pattern.background = fill_color(blt);
		blt->stream = blt->width * blt->height >= STREAM_BYTES;
	}
	rows_merge(blt);
}
