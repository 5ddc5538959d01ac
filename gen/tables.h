/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_TABLES_H
#define UGVT_GEN_TABLES_H

#include "gen/reg.h"

/* The tables that gen/reg.c lists, one file each. */
extern const struct ugvt_reg_table ugvt_regs_display;
extern const struct ugvt_reg_table ugvt_regs_engine;
extern const struct ugvt_reg_table ugvt_regs_gt;
extern const struct ugvt_reg_table ugvt_regs_irq;
extern const struct ugvt_reg_table ugvt_regs_pvinfo;

#endif
