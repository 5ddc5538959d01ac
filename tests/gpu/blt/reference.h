/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_BLT_REFERENCE_H
#define UGVT_TESTS_GPU_BLT_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A blit described by its meaning, a command made of that, and what the blit does, pixel by pixel and as naively as can be.
 * Written from the PRM, without the blitter's code.
 */

enum ref_tiling {
	REF_LINEAR,
	REF_X,
	REF_Y,
};

enum ref_operand {
	REF_NONE,
	REF_SOLID,
	REF_COLOR,
	REF_MONO,
};

struct ref_blit {
	unsigned opcode;
	unsigned bytes; // per pixel
	bool rgb1555;
	unsigned rop;
	unsigned byte_mask;
	bool clip;
	int clip_x1, clip_y1, clip_x2, clip_y2;
	int x1, y1, x2, y2;
	uint64_t dst;
	int dst_pitch; // bytes
	enum ref_tiling dst_tiling;

	enum ref_operand source;
	uint64_t src; // a color source; a mono one, if not immediate
	int src_pitch;
	enum ref_tiling src_tiling;
	int src_x, src_y;
	bool src_transparent;
	unsigned src_start; // bit
	bool text;
	bool byte_packed;
	uint32_t src_bg, src_fg; // or the key
	unsigned key;            // Transparency Range Mode

	enum ref_operand pattern;
	uint64_t pat; // a color pattern, if not immediate
	uint32_t pat_bg, pat_fg;
	uint32_t pat_bits[2];
	bool pat_transparent;
	bool pat_solid;
	unsigned seed_x, seed_y;

	const uint8_t *immediate; // of the source or the pattern
	unsigned immediate_bytes;
};

/* The reference's memory: pages of a GPU address space from 0 on. */
struct ref_memory {
	uint8_t *ram;
	const int *pages; // for each GPU page the one of ram, -1: not there
	unsigned page_count;
};

/* Makes the command; returns its dwords (at most 300), and in *swctrl what BCS_SWCTRL has to be. Commands that need
 * XY_SETUP_* first get it in setup (at most 16 dwords; its length in *setup_dwords, else 0). */
unsigned ref_encode(const struct ref_blit *blit, uint32_t *dw, uint32_t *setup,
	unsigned *setup_dwords, uint32_t *swctrl);

/* Does it. */
void ref_execute(const struct ref_blit *blit, struct ref_memory *memory);

#endif
