/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/irq.h"
#include "gen/tables.h"

/* Sources: PRM SKL vol 12, "Interrupts"; i915_reg.h GEN8_GT_ISR(), GEN8_DE_PIPE_ISR(), GEN8_DE_PORT_ISR,
 * GEN8_DE_MISC_ISR, GEN8_PCU_ISR, SDEISR. All sources are masked and disabled after reset. */
#define IRQ_ROW(group, base, suffix, ...)                                        \
	{                                                                        \
		.name = group "_" #suffix, .offset = (base) + UGVT_IRQ_##suffix, \
		.unit = UGVT_UNIT_IRQ, __VA_ARGS__                               \
	}
#define IRQ_GROUP(group, base)                                                               \
	IRQ_ROW(group, base, ISR, .flags = UGVT_REG_READ_ONLY),                              \
		IRQ_ROW(group, base, IMR, .reset = 0xffffffff, .flags = UGVT_REG_HOOK_WRITE, \
			.hook = UGVT_IRQ_HOOK_GROUP),                                        \
		IRQ_ROW(group, base, IIR, .w1c = 0xffffffff, .flags = UGVT_REG_HOOK_WRITE,   \
			.hook = UGVT_IRQ_HOOK_GROUP),                                        \
		IRQ_ROW(group, base, IER, .flags = UGVT_REG_HOOK_WRITE,                      \
			.hook = UGVT_IRQ_HOOK_GROUP)

static const struct ugvt_reg rows[] = {
	{
		.name = "MASTER_IRQ",
		.offset = UGVT_MASTER_IRQ,
		.read_only = 0x7fffffff,
		.flags = UGVT_REG_HOOK_WRITE,
		.unit = UGVT_UNIT_IRQ,
		.hook = UGVT_IRQ_HOOK_MASTER,
	},
	IRQ_GROUP("GT0", 0x44300),
	IRQ_GROUP("GT1", 0x44310),
	IRQ_GROUP("GT2", 0x44320),
	IRQ_GROUP("GT3", 0x44330),
	IRQ_GROUP("DE_PIPE_A", 0x44400),
	IRQ_GROUP("DE_PIPE_B", 0x44410),
	IRQ_GROUP("DE_PIPE_C", 0x44420),
	IRQ_GROUP("DE_PORT", 0x44440),
	IRQ_GROUP("DE_MISC", 0x44460),
	IRQ_GROUP("PCU", 0x444e0),
	IRQ_GROUP("SDE", 0xc4000),
};

const struct ugvt_reg_table ugvt_regs_irq = {"irq", rows, UGVT_ARRAY_SIZE(rows)};
