/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "base/bits.h"
#include "gpu/blt/command.h"
#include "gpu/blt/plan.h"

/* BR00 */
#define HEADER_BYTE_MASK UGVT_MASK(21, 20)
#define BYTE_MASK_ALPHA UGVT_BIT(1)
#define BYTE_MASK_RGB UGVT_BIT(0)
#define HEADER_KEY_MASK UGVT_MASK(19, 17)
#define HEADER_MONO_START_MASK UGVT_MASK(19, 17)
#define HEADER_FIXED_PATTERN_MASK UGVT_MASK(18, 15)
#define HEADER_BYTE_PACKED UGVT_BIT(16)
#define HEADER_SRC_TILED UGVT_BIT(15)
#define HEADER_SEED_X_MASK UGVT_MASK(14, 12)
#define HEADER_DST_TILED UGVT_BIT(11)
#define HEADER_SEED_Y_MASK UGVT_MASK(10, 8)

/* BR13, BR01 */
#define CONTROL_SOLID UGVT_BIT(31)
#define CONTROL_CLIP UGVT_BIT(30)
#define CONTROL_BACKWARD UGVT_BIT(30) // SRC_COPY_BLT
#define CONTROL_SRC_TRANSPARENT UGVT_BIT(29)
#define CONTROL_PAT_TRANSPARENT UGVT_BIT(28)
#define CONTROL_DEPTH_MASK UGVT_MASK(25, 24)
#define CONTROL_ROP_MASK UGVT_MASK(23, 16)
#define CONTROL_PITCH_MASK UGVT_MASK(15, 0)

/* Transparency Range Mode, BR00 */
#define KEY_ON UGVT_BIT(0)
#define KEY_DST UGVT_BIT(2)
#define KEY_MODE_SRC 1
#define KEY_MODE_SRC_ALPHA 3
#define KEY_MODE_DST_ALPHA 5

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
	PATTERN_SIZE = 8,
};

/* A rectangle before clipping: x2 and y2 are outside. */
struct rect {
	int32_t x1, y1, x2, y2;
};

/* What is being decoded. */
struct decoder {
	struct ugvt_blt *blt;
	struct ugvt_blt_state *state;
	const struct ugvt_blt_command *command;
	struct ugvt_blt_fields fields;
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

static bool decode_dst(struct decoder *d, ugvt_gpu_addr base, uint32_t control)
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

static struct rect clip_rect(const struct ugvt_blt_state *state)
{
	return (struct rect){
		.x1 = UGVT_GET(CLIP_X_MASK, state->clip_top_left),
		.y1 = UGVT_GET(CLIP_Y_MASK, state->clip_top_left),
		.x2 = UGVT_GET(CLIP_X_MASK, state->clip_bottom_right),
		.y2 = UGVT_GET(CLIP_Y_MASK, state->clip_bottom_right),
	};
}

/* Clips, and sets what depends on the clipped rectangle: *rect's corner in the destination, and the pixels that
 * were cut off at the left and top in *cut_x and *cut_y. false if nothing is left. */
static bool rect_set(struct decoder *d, struct rect rect, bool clip, int32_t cut[2])
{
	struct rect bounds = {0, 0, INT16_MAX + 1, INT16_MAX + 1};
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
	blt->pattern.x = (rect.x1 + UGVT_GET(HEADER_SEED_X_MASK, d->fields.header)) % PATTERN_SIZE;
	blt->pattern.y = (rect.y1 + UGVT_GET(HEADER_SEED_Y_MASK, d->fields.header)) % PATTERN_SIZE;
	return true;
}

static struct rect rect_of(const struct ugvt_blt_fields *fields)
{
	return (struct rect){
		.x1 = low16(fields->value[UGVT_BLT_TOP_LEFT]),
		.y1 = high16(fields->value[UGVT_BLT_TOP_LEFT]),
		.x2 = low16(fields->value[UGVT_BLT_BOTTOM_RIGHT]),
		.y2 = high16(fields->value[UGVT_BLT_BOTTOM_RIGHT]),
	};
}

/* Between the rows of a monochrome source: from one to the next, and where they start. Text is packed by bit or byte,
 * other sources by word. */
static uint32_t mono_pitch(const struct decoder *d, uint32_t bits)
{
	if (d->command->class != UGVT_BLT_CLASS_TEXT) {
		return UGVT_ALIGN_UP(bits, 16);
	}
	return d->fields.header & HEADER_BYTE_PACKED ? UGVT_ALIGN_UP(bits, 8) : bits;
}

static void decode_mono_source(
	struct decoder *d, uint32_t control, const struct rect *rect, const int32_t cut[2])
{
	struct ugvt_blt_source *source = &d->blt->source;
	uint32_t start = 0;

	if (d->command->class != UGVT_BLT_CLASS_TEXT) {
		start = UGVT_GET(HEADER_MONO_START_MASK, d->fields.header);
	}
	source->transparent = control & CONTROL_SRC_TRANSPARENT;
	source->addr = d->fields.value[UGVT_BLT_SRC];
	source->pitch_bits = mono_pitch(d, start + (rect->x2 - rect->x1));
	source->first_bit = (uint64_t)source->pitch_bits * cut[1] + start + cut[0];
	if (d->command->flags & UGVT_BLT_IMMEDIATE_SRC) {
		source->data = d->fields.immediate;
		source->size_bits = d->fields.immediate_dwords * 32;
	}
}

/* PRM IVB vol 1 part 4, "XY_MONO_PAT_FIXED_BLT". */
static bool fixed_pattern(uint32_t header, uint32_t mono[2])
{
	static const uint32_t patterns[16][2] = {
		[0x0] = {0xff000000, 0x00000000}, // HS_HORIZONTAL
		[0x1] = {0x08080808, 0x08080808}, // HS_VERTICAL
		[0x2] = {0x10204080, 0x01020408}, // HS_FDIAGONAL
		[0x3] = {0x08040201, 0x80402010}, // HS_BDIAGONAL
		[0x4] = {0xff080808, 0x08080808}, // HS_CROSS
		[0x5] = {0x18244281, 0x81422418}, // HS_DIAGCROSS
		[0x8] = {0xaa55aa55, 0xaa55aa55}, // Screen Door
		[0x9] = {0x33cc33cc, 0x33cc33cc}, // SD Wide
		[0xa] = {0x11224488, 0x11224488}, // Walking Bit
		[0xb] = {0xeeddbb77, 0xeeddbb77}, // Walking Zero
	};
	unsigned index = UGVT_GET(HEADER_FIXED_PATTERN_MASK, header);

	mono[0] = patterns[index][0];
	mono[1] = patterns[index][1];
	return (mono[0] | mono[1]) != 0;
}

/* The pattern that the command itself brings. */
static bool decode_pattern(struct decoder *d, uint32_t control)
{
	struct ugvt_blt_pattern *pattern = &d->blt->pattern;
	const uint64_t *value = d->fields.value;
	uint32_t bytes = PATTERN_SIZE * PATTERN_SIZE * d->blt->bytes_per_pixel;

	pattern->operand = d->command->pattern;
	pattern->background = value[UGVT_BLT_PAT_BG];
	pattern->foreground = value[UGVT_BLT_PAT_FG];
	pattern->addr = value[UGVT_BLT_PAT] & ~(uint64_t)(bytes - 1);
	if (pattern->operand == UGVT_BLT_OPERAND_MONO) {
		pattern->transparent = control & CONTROL_PAT_TRANSPARENT;
		pattern->mono[0] = value[UGVT_BLT_PAT_DATA0];
		pattern->mono[1] = value[UGVT_BLT_PAT_DATA1];
		if (control & CONTROL_SOLID) {
			pattern->operand = UGVT_BLT_OPERAND_SOLID;
		}
	}
	if (d->command->flags & UGVT_BLT_HAS_FIXED) {
		return fixed_pattern(d->fields.header, pattern->mono);
	}
	if (d->command->flags & UGVT_BLT_IMMEDIATE_PAT) {
		pattern->data = d->fields.immediate;
		return d->fields.immediate_dwords * 4 >= bytes;
	}
	return true;
}

/* The pattern that XY_SETUP_* brought. */
static void setup_pattern(struct decoder *d)
{
	const struct ugvt_blt_state *state = d->state;
	struct ugvt_blt_pattern *pattern = &d->blt->pattern;
	uint32_t bytes = PATTERN_SIZE * PATTERN_SIZE * d->blt->bytes_per_pixel;

	pattern->operand = d->command->pattern;
	pattern->background = state->background;
	pattern->foreground = state->foreground;
	pattern->addr = state->pattern & ~(uint64_t)(bytes - 1);
	if (pattern->operand == UGVT_BLT_OPERAND_COLOR && state->mono) {
		pattern->operand = UGVT_BLT_OPERAND_MONO;
		pattern->transparent = state->control & CONTROL_PAT_TRANSPARENT;
		pattern->mono[0] = state->mono_pattern[0];
		pattern->mono[1] = state->mono_pattern[1];
		if (state->control & CONTROL_SOLID) {
			pattern->operand = UGVT_BLT_OPERAND_SOLID;
		}
	}
}

static bool decode_key(struct decoder *d)
{
	unsigned mode = UGVT_GET(HEADER_KEY_MASK, d->fields.header);
	struct ugvt_blt *blt = d->blt;

	if (!(d->command->flags & UGVT_BLT_HAS_KEY) || !(mode & KEY_ON)) {
		return true;
	}
	blt->key = mode & KEY_DST ? UGVT_BLT_KEY_DST : UGVT_BLT_KEY_SRC;
	blt->key_alpha = mode == KEY_MODE_SRC_ALPHA || mode == KEY_MODE_DST_ALPHA;
	blt->key_low = d->fields.value[UGVT_BLT_SRC_BG];
	blt->key_high = d->fields.value[UGVT_BLT_SRC_FG];
	return blt->key == UGVT_BLT_KEY_DST || blt->source.operand == UGVT_BLT_OPERAND_COLOR;
}

static bool decode_color_source(struct decoder *d, enum ugvt_tiling tiling)
{
	d->blt->source.operand = UGVT_BLT_OPERAND_COLOR;
	return surface_set(&d->blt->src, d->fields.value[UGVT_BLT_SRC],
		low16(d->fields.value[UGVT_BLT_SRC_PITCH]), tiling);
}

/* The rectangle of a command with coordinates and perhaps a color source; false if nothing is left of it. */
static bool decode_rect(struct decoder *d, bool clip)
{
	struct rect rect = rect_of(&d->fields);
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
		decode_mono_source(d, d->fields.value[UGVT_BLT_CONTROL], &rect, cut);
	}
	return true;
}

static bool decode_xy(struct decoder *d)
{
	uint32_t control = d->fields.value[UGVT_BLT_CONTROL];
	struct ugvt_blt *blt = d->blt;

	decode_depth(blt, control, UGVT_GET(HEADER_BYTE_MASK, d->fields.header));
	blt->source.operand = d->command->source;
	blt->source.background = d->fields.value[UGVT_BLT_SRC_BG];
	blt->source.foreground = d->fields.value[UGVT_BLT_SRC_FG];
	if (!decode_dst(d, d->fields.value[UGVT_BLT_DST], control) || !decode_pattern(d, control)) {
		return false;
	}
	if (d->command->source == UGVT_BLT_OPERAND_COLOR &&
		!decode_color_source(d, tiling_of(d->fields.header & HEADER_SRC_TILED,
						d->state->swctrl & UGVT_BCS_SWCTRL_SRC_Y))) {
		return false;
	}
	if (!decode_key(d)) {
		return false;
	}
	if (decode_rect(d, control & CONTROL_CLIP)) {
		ugvt_blt_directions(blt);
		ugvt_blt_plan(blt);
	}
	return true;
}

static bool fast_tiling(unsigned field, uint32_t is_yf, enum ugvt_tiling *tiling)
{
	static const enum ugvt_tiling tilings[] = {
		UGVT_TILING_LINEAR, UGVT_TILING_X, UGVT_TILING_Y};

	if (field >= UGVT_ARRAY_SIZE(tilings) || (tilings[field] == UGVT_TILING_Y && is_yf)) {
		return false;
	}
	*tiling = tilings[field];
	return true;
}

static bool decode_fast(struct decoder *d)
{
	static const uint8_t bytes[8] = {1, 2, 0, 4, 8, 16};
	uint32_t control = d->fields.value[UGVT_BLT_CONTROL];
	enum ugvt_tiling dst, src;
	struct ugvt_blt *blt = d->blt;

	blt->bytes_per_pixel = bytes[UGVT_GET(FAST_DEPTH_MASK, control)];
	if (blt->bytes_per_pixel == 0 ||
		!fast_tiling(UGVT_GET(FAST_DST_TILING_MASK, d->fields.header),
			control & FAST_DST_YF, &dst) ||
		!fast_tiling(UGVT_GET(FAST_SRC_TILING_MASK, d->fields.header),
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
	}
	return true;
}

/* The rows of COLOR_BLT and SRC_COPY_BLT start at the addresses given; with X Direction 1 they end there. */
static bool decode_linear(struct decoder *d)
{
	uint32_t control = d->fields.value[UGVT_BLT_CONTROL];
	uint32_t size = d->fields.value[UGVT_BLT_SIZE];
	struct ugvt_blt *blt = d->blt;

	decode_depth(blt, control, UGVT_GET(HEADER_BYTE_MASK, d->fields.header));
	blt->width = size & 0xffff;
	blt->width -= blt->width % blt->bytes_per_pixel;
	blt->height = size >> 16;
	surface_set(&blt->dst, d->fields.value[UGVT_BLT_DST], low16(control), UGVT_TILING_LINEAR);
	decode_pattern(d, control & ~CONTROL_SOLID);
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
static bool decode_text(struct decoder *d)
{
	const struct ugvt_blt_state *state = d->state;
	struct ugvt_blt *blt = d->blt;
	struct rect rect = rect_of(&d->fields);
	int32_t cut[2];

	decode_depth(blt, state->control, state->byte_mask);
	if (!decode_dst(d, state->dst, state->control)) {
		return false;
	}
	setup_pattern(d);
	blt->source.operand = d->command->source;
	blt->source.background = state->background;
	blt->source.foreground = state->foreground;
	if (d->command->pattern == UGVT_BLT_OPERAND_SOLID) {
		rect.x2 = rect.x1 + 1;
		rect.y2 = rect.y1 + 1;
	}
	if (rect_set(d, rect, state->control & CONTROL_CLIP, cut)) {
		if (blt->source.operand == UGVT_BLT_OPERAND_MONO) {
			decode_mono_source(d, state->control, &rect, cut);
		}
		ugvt_blt_plan(blt);
	}
	return true;
}

static bool decode_setup(struct decoder *d)
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
	static bool (*const decoders[])(struct decoder * d) = {
		[UGVT_BLT_CLASS_SETUP] = decode_setup,
		[UGVT_BLT_CLASS_LINEAR] = decode_linear,
		[UGVT_BLT_CLASS_XY] = decode_xy,
		[UGVT_BLT_CLASS_TEXT] = decode_text,
		[UGVT_BLT_CLASS_FAST] = decode_fast,
	};
	struct decoder d = {.blt = blt, .state = state};

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
