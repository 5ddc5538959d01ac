/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "base/bits.h"
#include "gpu/blt/decoder.h"
#include "gpu/blt/plan.h"

/* BR00 */
#define HEADER_BYTE_MASK UGVT_MASK(21, 20)
#define BYTE_MASK_ALPHA UGVT_BIT(1)
#define BYTE_MASK_RGB UGVT_BIT(0)
#define HEADER_SRC_TILED UGVT_BIT(15)
#define HEADER_SEED_X_MASK UGVT_MASK(14, 12)
#define HEADER_DST_TILED UGVT_BIT(11)
#define HEADER_SEED_Y_MASK UGVT_MASK(10, 8)

/* BR13, BR01 */
#define CONTROL_CLIP UGVT_BIT(30)
#define CONTROL_BACKWARD UGVT_BIT(30) // SRC_COPY_BLT
#define CONTROL_DEPTH_MASK UGVT_MASK(25, 24)
#define CONTROL_ROP_MASK UGVT_MASK(23, 16)

/* XY_FAST_COPY_BLT: i915 gt/intel_gpu_commands.h */
#define FAST_SRC_TILING_MASK UGVT_MASK(21, 20)
#define FAST_DST_TILING_MASK UGVT_MASK(14, 13)
#define FAST_SRC_YF UGVT_BIT(31)
#define FAST_DST_YF UGVT_BIT(30)
#define FAST_DEPTH_MASK UGVT_MASK(26, 24)

#define CLIP_X_MASK UGVT_MASK(14, 0)
#define CLIP_Y_MASK UGVT_MASK(30, 16)

enum {
	ROP_SRC_COPY = 0xcc,
};

static int32_t low16(uint64_t value)
{
	return (int16_t)(value & 0xffff);
}

static int32_t high16(uint64_t value)
{
	return (int16_t)(value >> 16 & 0xffff);
}

static void decode_depth(struct ugvt_blt *blt, uint32_t control, uint32_t byte_mask)
{
	static const uint8_t bytes[] = {1, 2, 2, 4}; // 8, 565, 1555, 8888
	unsigned depth = UGVT_GET(CONTROL_DEPTH_MASK, control);

	blt->bytes_per_pixel = bytes[depth];
	blt->rgb1555 = depth == 2;
	blt->rop = UGVT_GET(CONTROL_ROP_MASK, control);
	blt->write_mask = ugvt_blt_pixel_mask(blt);
	if (blt->bytes_per_pixel == 4) {
		blt->write_mask = (byte_mask & BYTE_MASK_ALPHA ? 0xff000000u : 0) |
				  (byte_mask & BYTE_MASK_RGB ? 0x00ffffffu : 0);
	}
}

/* pitch: the field, in bytes if linear, else in dwords. false if it can't be. */
static bool surface_set(struct ugvt_blt_surface *surface, ugvt_gpu_addr base, int32_t pitch,
	enum ugvt_tiling tiling)
{
	surface->base = base;
	surface->pitch = pitch;
	surface->tiling = tiling;
	if (tiling == UGVT_TILING_LINEAR) {
		return true;
	}
	surface->base &= ~(uint64_t)(UGVT_PAGE_SIZE - 1);
	surface->pitch = pitch * 4;
	return pitch > 0 && surface->pitch % ugvt_tile_width(tiling) == 0;
}

static enum ugvt_tiling tiling_of(uint32_t tiled, uint32_t is_y)
{
	if (!tiled) {
		return UGVT_TILING_LINEAR;
	}
	return is_y ? UGVT_TILING_Y : UGVT_TILING_X;
}

static bool decode_dst(struct ugvt_blt_decoder *d, ugvt_gpu_addr base, uint32_t control)
{
	return surface_set(&d->blt->dst, base, low16(control),
		tiling_of(d->fields.header & HEADER_DST_TILED,
			d->state->swctrl & UGVT_BCS_SWCTRL_DST_Y));
}

/* Moves the rectangle's start so that a coordinate of the source that is negative becomes 0: PRM SKL vol 11, "2D (XY) BLT
 * Instructions". Source coordinates of 0 and more stay. */
static void source_start(int32_t *x1, int32_t *src)
{
	if (*src < 0) {
		*x1 -= *src;
		*src = 0;
	}
}

static struct ugvt_blt_rect clip_rect(const struct ugvt_blt_state *state)
{
	return (struct ugvt_blt_rect){
		.x1 = UGVT_GET(CLIP_X_MASK, state->clip_top_left),
		.y1 = UGVT_GET(CLIP_Y_MASK, state->clip_top_left),
		.x2 = UGVT_GET(CLIP_X_MASK, state->clip_bottom_right),
		.y2 = UGVT_GET(CLIP_Y_MASK, state->clip_bottom_right),
	};
}

/* Clips, and sets what depends on the clipped rectangle: *rect's corner in the destination, and the pixels that
 * were cut off at the left and top in *cut_x and *cut_y. false if nothing is left. */
static bool rect_set(
	struct ugvt_blt_decoder *d, struct ugvt_blt_rect rect, bool clip, int32_t cut[2])
{
	struct ugvt_blt_rect bounds = {0, 0, INT16_MAX + 1, INT16_MAX + 1};
	struct ugvt_blt *blt = d->blt;

	if (clip) {
		bounds = clip_rect(d->state);
	}
	cut[0] = UGVT_MAX(bounds.x1 - rect.x1, 0);
	cut[1] = UGVT_MAX(bounds.y1 - rect.y1, 0);
	rect.x1 += cut[0];
	rect.y1 += cut[1];
	rect.x2 = UGVT_MIN(rect.x2, bounds.x2);
	rect.y2 = UGVT_MIN(rect.y2, bounds.y2);
	if (rect.x2 <= rect.x1 || rect.y2 <= rect.y1) {
		return false;
	}
	blt->width = (uint64_t)(rect.x2 - rect.x1) * blt->bytes_per_pixel;
	blt->height = rect.y2 - rect.y1;
	blt->dst.x = rect.x1 * blt->bytes_per_pixel;
	blt->dst.y = rect.y1;
	blt->pattern.x =
		(rect.x1 + UGVT_GET(HEADER_SEED_X_MASK, d->fields.header)) % UGVT_BLT_PATTERN_SIZE;
	blt->pattern.y =
		(rect.y1 + UGVT_GET(HEADER_SEED_Y_MASK, d->fields.header)) % UGVT_BLT_PATTERN_SIZE;
	return true;
}

static struct ugvt_blt_rect rect_of(const struct ugvt_blt_fields *fields)
{
	return (struct ugvt_blt_rect){
		.x1 = low16(fields->value[UGVT_BLT_TOP_LEFT]),
		.y1 = high16(fields->value[UGVT_BLT_TOP_LEFT]),
		.x2 = low16(fields->value[UGVT_BLT_BOTTOM_RIGHT]),
		.y2 = high16(fields->value[UGVT_BLT_BOTTOM_RIGHT]),
	};
}

static bool decode_color_source(struct ugvt_blt_decoder *d, enum ugvt_tiling tiling)
{
	d->blt->source.operand = UGVT_BLT_OPERAND_COLOR;
	return surface_set(&d->blt->src, d->fields.value[UGVT_BLT_SRC],
		low16(d->fields.value[UGVT_BLT_SRC_PITCH]), tiling);
}

/* The rectangle of a command with coordinates and perhaps a color source; false if nothing is left of it. */
static bool decode_rect(struct ugvt_blt_decoder *d, bool clip)
{
	struct ugvt_blt_rect rect = rect_of(&d->fields);
	int32_t src_x = low16(d->fields.value[UGVT_BLT_SRC_XY]);
	int32_t src_y = high16(d->fields.value[UGVT_BLT_SRC_XY]);
	int32_t cut[2];

	source_start(&rect.x1, &src_x);
	source_start(&rect.y1, &src_y);
	if (!rect_set(d, rect, clip, cut)) {
		return false;
	}
	d->blt->src.x = (src_x + cut[0]) * d->blt->bytes_per_pixel;
	d->blt->src.y = src_y + cut[1];
	if (d->command->source == UGVT_BLT_OPERAND_MONO) {
		ugvt_blt_decode_mono(d, d->fields.value[UGVT_BLT_CONTROL], &rect, cut);
	}
	return true;
}

static bool decode_xy(struct ugvt_blt_decoder *d)
{
	uint32_t control = d->fields.value[UGVT_BLT_CONTROL];
	struct ugvt_blt *blt = d->blt;

	decode_depth(blt, control, UGVT_GET(HEADER_BYTE_MASK, d->fields.header));
	blt->source.operand = d->command->source;
	blt->source.background = d->fields.value[UGVT_BLT_SRC_BG];
	blt->source.foreground = d->fields.value[UGVT_BLT_SRC_FG];
	if (!decode_dst(d, d->fields.value[UGVT_BLT_DST], control) ||
		!ugvt_blt_decode_pattern(d, control)) {
		return false;
	}
	if (d->command->source == UGVT_BLT_OPERAND_COLOR &&
		!decode_color_source(d, tiling_of(d->fields.header & HEADER_SRC_TILED,
						d->state->swctrl & UGVT_BCS_SWCTRL_SRC_Y))) {
		return false;
	}
	if (!ugvt_blt_decode_key(d)) {
		return false;
	}
	if (decode_rect(d, control & CONTROL_CLIP)) {
		ugvt_blt_directions(blt);
		ugvt_blt_plan(blt);
	}
	return true;
}

static bool fast_tiling(
	const struct ugvt_blt *blt, unsigned field, uint32_t is_yf, enum ugvt_tiling *tiling)
{
	static const enum ugvt_tiling tilings[] = {
		UGVT_TILING_LINEAR, UGVT_TILING_X, UGVT_TILING_Y};

	if (field >= UGVT_ARRAY_SIZE(tilings)) {
		return false;
	}
	*tiling = tilings[field];
	if (*tiling == UGVT_TILING_Y && is_yf) {
		*tiling = ugvt_tiling_yf(blt->bytes_per_pixel);
	}
	return true;
}

static bool decode_fast(struct ugvt_blt_decoder *d)
{
	static const uint8_t bytes[8] = {1, 2, 0, 4, 8, 16};
	uint32_t control = d->fields.value[UGVT_BLT_CONTROL];
	enum ugvt_tiling dst, src;
	struct ugvt_blt *blt = d->blt;

	blt->bytes_per_pixel = bytes[UGVT_GET(FAST_DEPTH_MASK, control)];
	if (blt->bytes_per_pixel == 0 ||
		!fast_tiling(blt, UGVT_GET(FAST_DST_TILING_MASK, d->fields.header),
			control & FAST_DST_YF, &dst) ||
		!fast_tiling(blt, UGVT_GET(FAST_SRC_TILING_MASK, d->fields.header),
			control & FAST_SRC_YF, &src) ||
		!surface_set(&blt->dst, d->fields.value[UGVT_BLT_DST], low16(control), dst) ||
		!decode_color_source(d, src)) {
		return false;
	}
	blt->rop = ROP_SRC_COPY;
	blt->write_mask = ugvt_blt_pixel_mask(blt);
	if (decode_rect(d, false)) {
		ugvt_blt_directions(blt);
		ugvt_blt_plan(blt);
		/* Only X and Y tiles have quick ways. */
		blt->rowwise |= dst >= UGVT_TILING_YF_8 || src >= UGVT_TILING_YF_8;
	}
	return true;
}

/* The rows of COLOR_BLT and SRC_COPY_BLT start at the addresses given; with X Direction 1 they end there. */
static bool decode_linear(struct ugvt_blt_decoder *d)
{
	uint32_t control = d->fields.value[UGVT_BLT_CONTROL];
	uint32_t size = d->fields.value[UGVT_BLT_SIZE];
	struct ugvt_blt *blt = d->blt;

	decode_depth(blt, control, UGVT_GET(HEADER_BYTE_MASK, d->fields.header));
	blt->width = size & 0xffff;
	blt->width -= blt->width % blt->bytes_per_pixel;
	blt->height = size >> 16;
	surface_set(&blt->dst, d->fields.value[UGVT_BLT_DST], low16(control), UGVT_TILING_LINEAR);
	ugvt_blt_decode_pattern(d, control & ~UGVT_BLT_CONTROL_SOLID);
	if (d->command->source == UGVT_BLT_OPERAND_COLOR) {
		decode_color_source(d, UGVT_TILING_LINEAR);
		blt->backward_x = control & CONTROL_BACKWARD;
	}
	if (blt->width == 0 || blt->height == 0) {
		return true;
	}
	if (blt->backward_x) {
		blt->dst.base -= blt->width - 1;
		blt->src.base -= blt->width - 1;
	}
	ugvt_blt_plan(blt);
	return true;
}

/* XY_PIXEL_BLT, XY_SCANLINES_BLT, XY_TEXT_BLT */
static bool decode_text(struct ugvt_blt_decoder *d)
{
	const struct ugvt_blt_state *state = d->state;
	struct ugvt_blt *blt = d->blt;
	struct ugvt_blt_rect rect = rect_of(&d->fields);
	int32_t cut[2];

	decode_depth(blt, state->control, state->byte_mask);
	if (!decode_dst(d, state->dst, state->control)) {
		return false;
	}
	ugvt_blt_decode_setup_pattern(d);
	blt->source.operand = d->command->source;
	blt->source.background = state->background;
	blt->source.foreground = state->foreground;
	if (d->command->pattern == UGVT_BLT_OPERAND_SOLID) {
		rect.x2 = rect.x1 + 1;
		rect.y2 = rect.y1 + 1;
	}
	if (rect_set(d, rect, state->control & CONTROL_CLIP, cut)) {
		if (blt->source.operand == UGVT_BLT_OPERAND_MONO) {
			ugvt_blt_decode_mono(d, state->control, &rect, cut);
		}
		ugvt_blt_plan(blt);
	}
	return true;
}

static bool decode_setup(struct ugvt_blt_decoder *d)
{
	struct ugvt_blt_state *state = d->state;
	const uint64_t *value = d->fields.value;

	state->clip_top_left = value[UGVT_BLT_CLIP0];
	state->clip_bottom_right = value[UGVT_BLT_CLIP1];
	if (d->command->pattern == UGVT_BLT_OPERAND_NONE) {
		return true;
	}
	state->control = value[UGVT_BLT_CONTROL];
	state->byte_mask = UGVT_GET(HEADER_BYTE_MASK, d->fields.header);
	state->background = value[UGVT_BLT_PAT_BG];
	state->foreground = value[UGVT_BLT_PAT_FG];
	state->dst = value[UGVT_BLT_DST];
	state->mono = d->command->pattern == UGVT_BLT_OPERAND_MONO;
	if (state->mono) {
		state->mono_pattern[0] = value[UGVT_BLT_PAT_DATA0];
		state->mono_pattern[1] = value[UGVT_BLT_PAT_DATA1];
	} else {
		state->pattern = value[UGVT_BLT_PAT];
	}
	return true;
}

bool ugvt_blt_decode(
	struct ugvt_blt *blt, struct ugvt_blt_state *state, const uint32_t *dw, unsigned n)
{
	static bool (*const decoders[])(struct ugvt_blt_decoder * d) = {
		[UGVT_BLT_CLASS_SETUP] = decode_setup,
		[UGVT_BLT_CLASS_LINEAR] = decode_linear,
		[UGVT_BLT_CLASS_XY] = decode_xy,
		[UGVT_BLT_CLASS_TEXT] = decode_text,
		[UGVT_BLT_CLASS_FAST] = decode_fast,
	};
	struct ugvt_blt_decoder d = {.blt = blt, .state = state};

	*blt = (struct ugvt_blt){0};
	d.command = n > 0 ? ugvt_blt_command_find(dw[0]) : NULL;
	if (!d.command || !ugvt_blt_command_read(d.command, dw, n, &d.fields)) {
		return false;
	}
	if (!decoders[d.command->class](&d)) {
		*blt = (struct ugvt_blt){0};
		return false;
	}
	return true;
}

uint64_t ugvt_blt_size(const struct ugvt_blt *blt)
{
	return blt->kind == UGVT_BLT_NOTHING ? 0 : blt->width * blt->height;
}
