/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_IRQ_H
#define UGVT_GEN_IRQ_H

/*
 * The interrupt registers of Gen8 and Gen9: PRM SKL vol 12, "Interrupts"; i915_reg.h GEN8_MASTER_IRQ and
 * what follows it. Each group is four registers (ISR, IMR, IIR, IER); the master register says which groups
 * have something.
 */

enum ugvt_irq_group {
	UGVT_IRQ_GT0, // RCS and BCS
	UGVT_IRQ_GT1, // VCS
	UGVT_IRQ_GT2, // power management
	UGVT_IRQ_GT3, // VECS
	UGVT_IRQ_PIPE_A,
	UGVT_IRQ_PIPE_B,
	UGVT_IRQ_PIPE_C,
	UGVT_IRQ_PORT,
	UGVT_IRQ_MISC,
	UGVT_IRQ_PCU,
	UGVT_IRQ_SOUTH,
	UGVT_IRQ_GROUP_COUNT,
};

#define UGVT_MASTER_IRQ 0x44200
#define UGVT_MASTER_IRQ_ENABLE 0x80000000u

/* Offsets inside a group. */
#define UGVT_IRQ_ISR 0x0
#define UGVT_IRQ_IMR 0x4
#define UGVT_IRQ_IIR 0x8
#define UGVT_IRQ_IER 0xc

/* Hooks of UGVT_UNIT_IRQ. */
enum ugvt_irq_hook {
	UGVT_IRQ_HOOK_MASTER,
	UGVT_IRQ_HOOK_GROUP, // IMR, IIR or IER of any group
};

#endif
