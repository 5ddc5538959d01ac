/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/tables.h"

static const struct ugvt_reg rows[] = {
	{0},
};

const struct ugvt_reg_table ugvt_regs_irq = {"irq", rows, UGVT_ARRAY_SIZE(rows)};
