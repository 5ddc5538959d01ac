/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_COMMAND_H
#define UGVT_GPU_BLT_COMMAND_H

#include "gpu/blt/blt.h"

/* For gpu/blt only: the 2D commands as a table. */

/* What a command consists of, in units that follow each other; named after the blitter's registers, PRM SKL vol 11, "BLT
 * Engine Instruction Field Definitions". */
enum ugvt_blt_field {
	UGVT_BLT_END,
	UGVT_BLT_CONTROL,      // BR13 or BR01
	UGVT_BLT_SIZE,         // BR14
	UGVT_BLT_TOP_LEFT,     // BR22
	UGVT_BLT_BOTTOM_RIGHT, // BR23
	UGVT_BLT_DST,          // BR09, BR27: an address, two dwords
	UGVT_BLT_SRC_XY,       // BR26
	UGVT_BLT_SRC_PITCH,    // BR11
	UGVT_BLT_SRC,          // BR12, BR28
	UGVT_BLT_SRC_BG,       // BR18, also the low end of a color key
	UGVT_BLT_SRC_FG,       // BR19, also its high end
	UGVT_BLT_PAT,          // BR15, BR29
	UGVT_BLT_PAT_BG,       // BR16, also the solid color
	UGVT_BLT_PAT_FG,       // BR17
	UGVT_BLT_PAT_DATA0,    // BR20
	UGVT_BLT_PAT_DATA1,    // BR21
	UGVT_BLT_CLIP0,        // BR24
	UGVT_BLT_CLIP1,        // BR25
	UGVT_BLT_FIELDS,
};

enum {
	UGVT_BLT_HAS_KEY = 1 << 0,       // Transparency Range Mode in header bits 19:17
	UGVT_BLT_HAS_FIXED = 1 << 1,     // the pattern is one of the fixed ones, header bits 18:15
	UGVT_BLT_IMMEDIATE_SRC = 1 << 2, // the rest is a mono source
	UGVT_BLT_IMMEDIATE_PAT = 1 << 3, // the rest is a color pattern
};

/* How a command is decoded. */
enum ugvt_blt_class {
	UGVT_BLT_CLASS_SETUP,
	UGVT_BLT_CLASS_LINEAR, // SIZE instead of coordinates, pitches in bytes
	UGVT_BLT_CLASS_XY,
	UGVT_BLT_CLASS_TEXT, // by the state that setup left
	UGVT_BLT_CLASS_FAST,
};

struct ugvt_blt_command {
	uint8_t opcode; // header bits 28:22
	uint8_t flags;
	enum ugvt_blt_class class;
	enum ugvt_blt_operand source;
	enum ugvt_blt_operand pattern;
	const char *name;
	uint8_t fields[14];
};

/* NULL: no such command. */
const struct ugvt_blt_command *ugvt_blt_command_find(uint32_t header);

/* A command's fields. */
struct ugvt_blt_fields {
	uint32_t header;
	uint64_t value[UGVT_BLT_FIELDS];
	const uint32_t *immediate;
	unsigned immediate_dwords;
};

/* Takes a command apart; false if it is too short. */
bool ugvt_blt_command_read(const struct ugvt_blt_command *command, const uint32_t *dw, unsigned n,
	struct ugvt_blt_fields *fields);

#endif
