/* SPDX-License-Identifier: MIT */
#include "gen/engine.h"

/* Bases: i915_reg.h RENDER_RING_BASE, BLT_RING_BASE, GEN8_BSD_RING_BASE, VEBOX_RING_BASE. Interrupt halves:
 * GEN8_RCS_IRQ_SHIFT and its kin. Reset bits: GEN6_GRDOM_*. Context sizes: intel_engine_cs.c,
 * GEN9_LR_CONTEXT_RENDER_SIZE, GEN8_LR_CONTEXT_OTHER_SIZE. */
const struct ugvt_engine_info ugvt_engines[UGVT_ENGINE_COUNT] = {
	[UGVT_RCS] = {.name = "rcs0",
		.base = 0x2000,
		.irq_group = 0,
		.irq_shift = 0,
		.reset_bit = 1,
		.context_pages = 22},
	[UGVT_BCS] = {.name = "bcs0",
		.base = 0x22000,
		.irq_group = 0,
		.irq_shift = 16,
		.reset_bit = 3,
		.context_pages = 2},
	[UGVT_VCS] = {.name = "vcs0",
		.base = 0x12000,
		.irq_group = 1,
		.irq_shift = 0,
		.reset_bit = 2,
		.context_pages = 2},
	[UGVT_VECS] = {.name = "vecs0",
		.base = 0x1a000,
		.irq_group = 3,
		.irq_shift = 0,
		.reset_bit = 4,
		.context_pages = 2},
};
