/* SPDX-License-Identifier: MIT */
#include "gpu/blt/command.h"

#include "base/bits.h"

#define HEADER_CLIENT_MASK UGVT_MASK(31, 29)
#define HEADER_CLIENT_2D 2
#define HEADER_OPCODE_MASK UGVT_MASK(28, 22)

#define CONTROL UGVT_BLT_CONTROL
#define SIZE UGVT_BLT_SIZE
#define XY UGVT_BLT_TOP_LEFT
#define RECT UGVT_BLT_TOP_LEFT, UGVT_BLT_BOTTOM_RIGHT
#define DST UGVT_BLT_DST
#define SRC_XY UGVT_BLT_SRC_XY
#define SRC_PITCH UGVT_BLT_SRC_PITCH
#define SRC UGVT_BLT_SRC
#define SRC_COLORS UGVT_BLT_SRC_BG, UGVT_BLT_SRC_FG
#define KEY UGVT_BLT_SRC_BG, UGVT_BLT_SRC_FG
#define PAT UGVT_BLT_PAT
#define PAT_BG UGVT_BLT_PAT_BG
#define PAT_COLORS UGVT_BLT_PAT_BG, UGVT_BLT_PAT_FG
#define PAT_BITS UGVT_BLT_PAT_DATA0, UGVT_BLT_PAT_DATA1
#define CLIP UGVT_BLT_CLIP0, UGVT_BLT_CLIP1

#define NONE UGVT_BLT_OPERAND_NONE
#define SOLID UGVT_BLT_OPERAND_SOLID
#define COLOR UGVT_BLT_OPERAND_COLOR
#define MONO UGVT_BLT_OPERAND_MONO

#define ROW(opcode_, name_, class_, source_, pattern_, flags_, ...)                       \
	{                                                                                 \
		.opcode = (opcode_), .flags = (flags_), .class = UGVT_BLT_CLASS_##class_, \
		.source = (source_), .pattern = (pattern_), .name = (name_), .fields = {  \
			__VA_ARGS__                                                       \
		}                                                                         \
	}

/* Opcodes: PRM SKL vol 6, "2D Command Map"; fields: see blt.h. */
/* clang-format off */
static const struct ugvt_blt_command commands[] = {
	ROW(0x01, "XY_SETUP_BLT", SETUP, NONE, COLOR, 0, CONTROL, CLIP, DST, PAT_COLORS, PAT),
	ROW(0x03, "XY_SETUP_CLIP_BLT", SETUP, NONE, NONE, 0, CLIP),
	ROW(0x11, "XY_SETUP_MONO_PATTERN_SL_BLT", SETUP, NONE, MONO, 0,
		CONTROL, CLIP, DST, PAT_COLORS, PAT_BITS),
	ROW(0x24, "XY_PIXEL_BLT", TEXT, NONE, SOLID, 0, XY),
	ROW(0x25, "XY_SCANLINES_BLT", TEXT, NONE, COLOR, 0, RECT),
	ROW(0x26, "XY_TEXT_BLT", TEXT, MONO, NONE, 0, RECT, SRC),
	ROW(0x31, "XY_TEXT_IMMEDIATE_BLT", TEXT, MONO, NONE, UGVT_BLT_IMMEDIATE_SRC, RECT),
	ROW(0x40, "COLOR_BLT", LINEAR, NONE, SOLID, 0, CONTROL, SIZE, DST, PAT_BG),
	ROW(0x42, "XY_FAST_COPY_BLT", FAST, COLOR, NONE, 0, CONTROL, RECT, DST, SRC_XY, SRC_PITCH, SRC),
	ROW(0x43, "SRC_COPY_BLT", LINEAR, COLOR, NONE, 0, CONTROL, SIZE, DST, SRC_PITCH, SRC),
	ROW(0x50, "XY_COLOR_BLT", XY, NONE, SOLID, 0, CONTROL, RECT, DST, PAT_BG),
	ROW(0x51, "XY_PAT_BLT", XY, NONE, COLOR, 0, CONTROL, RECT, DST, PAT),
	ROW(0x52, "XY_MONO_PAT_BLT", XY, NONE, MONO, 0, CONTROL, RECT, DST, PAT_COLORS, PAT_BITS),
	ROW(0x53, "XY_SRC_COPY_BLT", XY, COLOR, NONE, 0, CONTROL, RECT, DST, SRC_XY, SRC_PITCH, SRC),
	ROW(0x54, "XY_MONO_SRC_COPY_BLT", XY, MONO, NONE, 0, CONTROL, RECT, DST, SRC, SRC_COLORS),
	ROW(0x55, "XY_FULL_BLT", XY, COLOR, COLOR, 0, CONTROL, RECT, DST, SRC_PITCH, SRC_XY, SRC, PAT),
	ROW(0x56, "XY_FULL_MONO_SRC_BLT", XY, MONO, COLOR, 0, CONTROL, RECT, DST, SRC, SRC_COLORS, PAT),
	ROW(0x57, "XY_FULL_MONO_PATTERN_BLT", XY, COLOR, MONO, 0,
		CONTROL, RECT, DST, SRC_PITCH, SRC_XY, SRC, PAT_COLORS, PAT_BITS),
	ROW(0x58, "XY_FULL_MONO_PATTERN_MONO_SRC_BLT", XY, MONO, MONO, 0,
		CONTROL, RECT, DST, SRC, SRC_COLORS, PAT_COLORS, PAT_BITS),
	ROW(0x59, "XY_MONO_PAT_FIXED_BLT", XY, NONE, MONO, UGVT_BLT_HAS_FIXED,
		CONTROL, RECT, DST, PAT_COLORS),
	ROW(0x71, "XY_MONO_SRC_COPY_IMMEDIATE_BLT", XY, MONO, NONE, UGVT_BLT_IMMEDIATE_SRC,
		CONTROL, RECT, DST, SRC_COLORS),
	ROW(0x72, "XY_PAT_BLT_IMMEDIATE", XY, NONE, COLOR, UGVT_BLT_IMMEDIATE_PAT, CONTROL, RECT, DST),
	ROW(0x73, "XY_SRC_COPY_CHROMA_BLT", XY, COLOR, NONE, UGVT_BLT_HAS_KEY,
		CONTROL, RECT, DST, SRC_XY, SRC_PITCH, SRC, KEY),
	ROW(0x74, "XY_FULL_IMMEDIATE_PATTERN_BLT", XY, COLOR, COLOR, UGVT_BLT_IMMEDIATE_PAT,
		CONTROL, RECT, DST, SRC_PITCH, SRC_XY, SRC),
	ROW(0x75, "XY_FULL_MONO_SRC_IMMEDIATE_PATTERN_BLT", XY, MONO, COLOR, UGVT_BLT_IMMEDIATE_PAT,
		CONTROL, RECT, DST, SRC, SRC_COLORS),
	ROW(0x76, "XY_PAT_CHROMA_BLT", XY, NONE, COLOR, UGVT_BLT_HAS_KEY, CONTROL, RECT, DST, PAT, KEY),
	ROW(0x77, "XY_PAT_CHROMA_BLT_IMMEDIATE", XY, NONE, COLOR,
		UGVT_BLT_HAS_KEY | UGVT_BLT_IMMEDIATE_PAT, CONTROL, RECT, DST, KEY),
};
/* clang-format on */

const struct ugvt_blt_command *ugvt_blt_command_find(uint32_t header)
{
	if (UGVT_GET(HEADER_CLIENT_MASK, header) != HEADER_CLIENT_2D) {
		return NULL;
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(commands); i++) {
		if (commands[i].opcode == UGVT_GET(HEADER_OPCODE_MASK, header)) {
			return &commands[i];
		}
	}
	return NULL;
}

const char *ugvt_blt_name(uint32_t header)
{
	const struct ugvt_blt_command *command = ugvt_blt_command_find(header);

	return command ? command->name : NULL;
}

static bool is_address(enum ugvt_blt_field field)
{
	return field == UGVT_BLT_DST || field == UGVT_BLT_SRC || field == UGVT_BLT_PAT;
}

bool ugvt_blt_command_read(const struct ugvt_blt_command *command, const uint32_t *dw, unsigned n,
	struct ugvt_blt_fields *fields)
{
	unsigned at = 1;

	*fields = (struct ugvt_blt_fields){.header = dw[0]};
	for (const uint8_t *field = command->fields; *field != UGVT_BLT_END; field++) {
		unsigned dwords = is_address(*field) ? 2 : 1;

		if (at + dwords > n) {
			return false;
		}
		fields->value[*field] = dw[at];
		if (dwords == 2) {
			fields->value[*field] = ugvt_u64(dw[at], dw[at + 1]) & UGVT_GPU_ADDR_MASK;
		}
		at += dwords;
	}
	fields->immediate = dw + at;
	fields->immediate_dwords = n - at;
	return true;
}
