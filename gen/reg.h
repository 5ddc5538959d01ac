/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_REG_H
#define UGVT_GEN_REG_H

#include <stddef.h>
#include <stdint.h>

#include "gen/device.h"

/*
 * One row per register (or array of equal registers): every fact about it stands here and nowhere else.
 * Generic code applies the masks; what has a side effect names the unit that does it. There is one const
 * array per hardware unit, sorted by offset and without overlaps (tests/gen checks it).
 */

#define UGVT_MMIO_SIZE 0x200000 // bytes of registers in BAR0

/* Who performs the side effects of a register. */
enum ugvt_reg_unit_id {
	UGVT_UNIT_NONE,
	UGVT_UNIT_GT,      // forcewake, resets, PCODE, fuses, TLB: vgpu/gt.c
	UGVT_UNIT_IRQ,     // interrupt registers: vgpu/irq.c
	UGVT_UNIT_ENGINE,  // engine blocks: vgpu/engine_regs.c
	UGVT_UNIT_FENCE,   // fence registers: vgpu/aperture.c
	UGVT_UNIT_PVINFO,  // the page that tells a guest it is a vGPU: vgpu/pvinfo.c
	UGVT_UNIT_DISPLAY, // display/
	UGVT_UNIT_COUNT,
};

enum ugvt_reg_flags {
	UGVT_REG_MASKED = 1 << 0,     // bits 31:16 of a write say which of 15:0 change
	UGVT_REG_HOOK_READ = 1 << 1,  // the unit answers reads
	UGVT_REG_HOOK_WRITE = 1 << 2, // the unit hears of writes, after the masks
	UGVT_REG_READ_ONLY = 1 << 3,  // writes are dropped
	UGVT_REG_CONTEXT = 1 << 4,    // saved in and restored from the logical ring context
	UGVT_REG_USER = 1 << 5,       // a batch that is not privileged may write it
};

struct ugvt_reg {
	const char *name; // the PRM's, or i915_reg.h's where the PRM has none
	uint32_t offset;  // of the first, bytes into BAR0
	uint16_t count;   // registers in the array; 0 means 1
	uint16_t stride;  // bytes from one to the next; 0 means 4
	uint32_t reset;
	uint32_t read_only; // bits that a write leaves alone
	uint32_t w1c;       // bits that a write of 1 clears
	uint8_t flags;      // UGVT_REG_*
	uint8_t unit;       // enum ugvt_reg_unit_id, whose hook is called
	uint8_t hook;       // which of the unit's hooks: an enum of the unit's
	uint8_t platforms;  // enum ugvt_platform; 0 means all
};

struct ugvt_reg_table {
	const char *name;
	const struct ugvt_reg *rows;
	size_t count;
};

/* All tables; the visible list of what the device has. */
extern const struct ugvt_reg_table *const ugvt_reg_tables[];
extern const size_t ugvt_reg_table_count;

#endif
