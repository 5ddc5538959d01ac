/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_ENGINE_H
#define UGVT_GEN_ENGINE_H

#include <stdint.h>

enum ugvt_engine_id {
	UGVT_RCS,  // render
	UGVT_BCS,  // blitter
	UGVT_VCS,  // video
	UGVT_VECS, // video enhancement
	UGVT_ENGINE_COUNT,
};

struct ugvt_engine_info {
	const char *name;       // "rcs0", as i915 spells it
	uint32_t base;          // of its register block, bytes into BAR0 (i915_reg.h, *_RING_BASE)
	uint8_t irq_group;      // GT interrupt registers 0x44300 + 0x10 * group
	uint8_t irq_shift;      // of its 16 bits in them
	uint8_t reset_bit;      // in GDRST, 0x941c
	uint32_t context_pages; // of a logical ring context image, the PPHWSP included
};

extern const struct ugvt_engine_info ugvt_engines[UGVT_ENGINE_COUNT];

/* Bits of an engine's half of the GT interrupt registers: PRM SKL vol 2c, "GT Interrupt 0 Definition";
 * i915_reg.h GT_*_INTERRUPT. */
#define UGVT_GT_IRQ_USER 0x001
#define UGVT_GT_IRQ_CS_ERROR 0x008
#define UGVT_GT_IRQ_FLUSH_NOTIFY 0x010
#define UGVT_GT_IRQ_CONTEXT_SWITCH 0x100
#define UGVT_GT_IRQ_WAIT_SEMAPHORE 0x800

#endif
