/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "base/bits.h"
#include "gpu/blt/decoder.h"

#define HEADER_KEY_MASK UGVT_MASK(19, 17)
#define HEADER_MONO_START_MASK UGVT_MASK(19, 17)
#define HEADER_FIXED_PATTERN_MASK UGVT_MASK(18, 15)
#define HEADER_BYTE_PACKED UGVT_BIT(16)

#define CONTROL_SRC_TRANSPARENT UGVT_BIT(29)
#define CONTROL_PAT_TRANSPARENT UGVT_BIT(28)

/* Transparency Range Mode, BR00 */
#define KEY_ON UGVT_BIT(0)
#define KEY_DST UGVT_BIT(2)
#define KEY_MODE_SRC_ALPHA 3
#define KEY_MODE_DST_ALPHA 5

/* Between the rows of a monochrome source: from one to the next, and where they start. Text is packed by bit or byte,
 * other sources by word. */
static uint32_t mono_pitch(const struct ugvt_blt_decoder *d, uint32_t bits)
{
	if (d->command->class != UGVT_BLT_CLASS_TEXT) {
		return UGVT_ALIGN_UP(bits, 16);
	}
	return d->fields.header & HEADER_BYTE_PACKED ? UGVT_ALIGN_UP(bits, 8) : bits;
}

void ugvt_blt_decode_mono(struct ugvt_blt_decoder *d, uint32_t control,
	const struct ugvt_blt_rect *rect, const int32_t cut[2])
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

bool ugvt_blt_decode_pattern(struct ugvt_blt_decoder *d, uint32_t control)
{
	struct ugvt_blt_pattern *pattern = &d->blt->pattern;
	const uint64_t *value = d->fields.value;
	uint32_t bytes = UGVT_BLT_PATTERN_SIZE * UGVT_BLT_PATTERN_SIZE * d->blt->bytes_per_pixel;

	pattern->operand = d->command->pattern;
	pattern->background = value[UGVT_BLT_PAT_BG];
	pattern->foreground = value[UGVT_BLT_PAT_FG];
	pattern->addr = value[UGVT_BLT_PAT] & ~(uint64_t)(bytes - 1);
	if (pattern->operand == UGVT_BLT_OPERAND_MONO) {
		pattern->transparent = control & CONTROL_PAT_TRANSPARENT;
		pattern->mono[0] = value[UGVT_BLT_PAT_DATA0];
		pattern->mono[1] = value[UGVT_BLT_PAT_DATA1];
		if (control & UGVT_BLT_CONTROL_SOLID) {
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

void ugvt_blt_decode_setup_pattern(struct ugvt_blt_decoder *d)
{
	const struct ugvt_blt_state *state = d->state;
	struct ugvt_blt_pattern *pattern = &d->blt->pattern;
	uint32_t bytes = UGVT_BLT_PATTERN_SIZE * UGVT_BLT_PATTERN_SIZE * d->blt->bytes_per_pixel;

	pattern->operand = d->command->pattern;
	pattern->background = state->background;
	pattern->foreground = state->foreground;
	pattern->addr = state->pattern & ~(uint64_t)(bytes - 1);
	if (pattern->operand == UGVT_BLT_OPERAND_COLOR && state->mono) {
		pattern->operand = UGVT_BLT_OPERAND_MONO;
		pattern->transparent = state->control & CONTROL_PAT_TRANSPARENT;
		pattern->mono[0] = state->mono_pattern[0];
		pattern->mono[1] = state->mono_pattern[1];
		if (state->control & UGVT_BLT_CONTROL_SOLID) {
			pattern->operand = UGVT_BLT_OPERAND_SOLID;
		}
	}
}

bool ugvt_blt_decode_key(struct ugvt_blt_decoder *d)
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
