/* SPDX-License-Identifier: MIT */
#include "gen/reg.h"

#include "base/bits.h"
#include "gen/tables.h"

const struct ugvt_reg_table *const ugvt_reg_tables[] = {
	&ugvt_regs_display,
	&ugvt_regs_engine,
	&ugvt_regs_gt,
	&ugvt_regs_irq,
	&ugvt_regs_pvinfo,
};

const size_t ugvt_reg_table_count = UGVT_ARRAY_SIZE(ugvt_reg_tables);
