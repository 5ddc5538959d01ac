/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_BLT_H
#define UGVT_GPU_BLT_BLT_H

#include <stdbool.h>
#include <stdint.h>

#include "gpu/mem/aspace.h"
#include "gpu/mem/tiling.h"

/*
 * The blitter. Behaviour: PRM SKL vol 11 (blitter). Layout of the commands: PRM IVB vol 1 part 4, sections 1.8 and 1.9, each
 * address two dwords since Gen8; XY_FAST_COPY_BLT: i915 gt/intel_gpu_commands.h and gt/intel_migrate.c.
 *
 * A command is decoded into a struct ugvt_blt, which is then executed in pieces, so that its engine can be preempted and
 * guest memory windows stay short.
 *
 * Where hardware's behaviour is undefined: source and destination that overlap, but are not the same surface (base, pitch
 * and tiling), give any mixture of old and new pixels there. Tile Ys is not supported, Yf only by
 * XY_FAST_COPY_BLT, which alone has it.
 */

/* BCS_SWCTRL: whether source and destination are Y-tiled where a command says tiled. */
#define UGVT_BCS_SWCTRL 0x22200
#define UGVT_BCS_SWCTRL_DST_Y (1u << 1)
#define UGVT_BCS_SWCTRL_SRC_Y (1u << 0)

/* The length field of a command has 8 bits. */
#define UGVT_BLT_DWORDS_MAX 257

/* What stays between commands. Zero-filled at reset; part of the logical context. */
struct ugvt_blt_state {
	uint32_t swctrl;    // BCS_SWCTRL's low half; its owner keeps it up to date
	uint32_t control;   // BR01: DW1 of the last XY_SETUP_BLT or XY_SETUP_MONO_PATTERN_SL_BLT
	uint32_t byte_mask; // its bits 21:20, as 1:0
	uint32_t clip_top_left; // BR24: Y1 in 31:16, X1 in 15:0
	uint32_t clip_bottom_right;
	uint32_t background; // BR05
	uint32_t foreground; // BR06
	ugvt_gpu_addr dst;
	ugvt_gpu_addr pattern;    // of the color pattern
	uint32_t mono_pattern[2]; // BR20, BR21
	bool mono;                // it was XY_SETUP_MONO_PATTERN_SL_BLT
};

/* Everything below is gpu/blt's own. */

struct ugvt_blt_surface {
	ugvt_gpu_addr base;
	int32_t pitch; // bytes; negative only if linear
	enum ugvt_tiling tiling;
	uint32_t x, y; // where the operation's top left byte is
};

enum ugvt_blt_kind {
	UGVT_BLT_NOTHING, // a setup command, or everything clipped away
	UGVT_BLT_FILL,    // with one color
	UGVT_BLT_COPY,
	UGVT_BLT_ROP, // anything: pixel by pixel
};

enum ugvt_blt_operand {
	UGVT_BLT_OPERAND_NONE,
	UGVT_BLT_OPERAND_SOLID, // one color: bg
	UGVT_BLT_OPERAND_COLOR, // pixels in memory, or an immediate pattern
	UGVT_BLT_OPERAND_MONO,  // bits that select fg or bg
};

enum ugvt_blt_key {
	UGVT_BLT_KEY_NONE,
	UGVT_BLT_KEY_SRC,
	UGVT_BLT_KEY_DST,
};

struct ugvt_blt_pattern { // 8 x 8 pixels
	enum ugvt_blt_operand operand;
	bool transparent;     // mono: 0 bits are not written
	unsigned x, y;        // its pixel for the operation's top left one
	const uint32_t *data; // MONO, or immediate; else NULL
	ugvt_gpu_addr addr;   // otherwise
	uint32_t background;
	uint32_t foreground;
	uint32_t mono[2];
};

struct ugvt_blt_source {
	enum ugvt_blt_operand operand;
	bool transparent;
	const uint32_t *data; // of a mono source: immediate, size_bits of it; else NULL
	uint32_t size_bits;
	ugvt_gpu_addr addr; // of a mono source
	uint64_t first_bit; // of the operation's top left pixel
	uint32_t pitch_bits;
	uint32_t background;
	uint32_t foreground;
};

/* The current operation: a rectangle of width bytes x height rows, of which done_y rows and done_x bytes of the next are
 * finished. */
struct ugvt_blt {
	enum ugvt_blt_kind kind;
	uint8_t rop;
	uint8_t bytes_per_pixel;
	uint32_t write_mask; // bits of a pixel that are written
	uint64_t width;
	uint32_t height;
	bool backward_x;
	bool backward_y;
	bool rowwise; // rows one after the other, whatever the tiling
	bool stream;  // a fill too big for the caches
	struct ugvt_blt_surface dst;
	struct ugvt_blt_surface src;
	struct ugvt_blt_source source;
	struct ugvt_blt_pattern pattern;
	enum ugvt_blt_key key;
	bool key_alpha;
	bool rgb1555;
	uint32_t key_low, key_high;
	uint64_t done_x;
	uint32_t done_y;
};

/* The PRM name of the 2D command (header bits 31:29 = 2) that starts with header, or NULL if there is none. */
const char *ugvt_blt_name(uint32_t header);

/* Decodes the n dwords of a command; false if there is no such command or the hardware would not take its parameters
 * (*blt is then an operation that does nothing). Immediate data is read from dw while the operation runs, so dw must stay,
 * and stay as it is. */
bool ugvt_blt_decode(
	struct ugvt_blt *blt, struct ugvt_blt_state *state, const uint32_t *dw, unsigned n);

/* Executes about budget bytes more (at least one piece) of the operation in the open window; true when it is finished.
 * Faults are counted in as: a page that faults reads as zeros, and is not written. */
bool ugvt_blt_step(struct ugvt_blt *blt, struct ugvt_aspace *as, uint64_t budget);

/* Bytes of destination that the whole operation has. */
uint64_t ugvt_blt_size(const struct ugvt_blt *blt);

#endif
