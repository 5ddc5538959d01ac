/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_PLL_H
#define UGVT_DISPLAY_PLL_H

#include "gpu/regs/regfile.h"

/* The symbol clock, in kHz, of the PLL that drives port (A is 0, at most 4); 0 if what it is programmed to is none. PRM SKL vol 12,
 * "DPLL_CTRL1" and after; fields: i915_reg.h, DPLL_CTRL1_* and DPLL_CFGCR*. */
uint32_t ugvt_pll_symbol_khz(const struct ugvt_regfile *regs, unsigned port);

#endif
