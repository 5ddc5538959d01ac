/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "display/internal.h"
#include "gen/hooks_display.h"

#define WELL_STATES 0x55555555u

/* A well is up if any of its four requesters wants it; each sees all states. A request bit stands left of its
 * state (HSW_PWR_WELL_CTL_REQ and _STATE). */
void ugvt_power_handle_well(struct ugvt_regfile *regs)
{
	uint32_t states = 0;

	for (unsigned i = 0; i < 4; i++) {
		states |= ugvt_regfile_peek(regs, UGVT_PWR_WELL_CTL(i)) >> 1 & WELL_STATES;
	}
	for (unsigned i = 0; i < 4; i++) {
		ugvt_regfile_update(regs, UGVT_PWR_WELL_CTL(i), WELL_STATES, states);
	}
}

static uint32_t bit_follows(uint32_t value, unsigned from, unsigned to)
{
	return value & UGVT_BIT(from) ? UGVT_BIT(to) : 0;
}

void ugvt_power_handle_dbuf(struct ugvt_regfile *regs)
{
	uint32_t ctl = ugvt_regfile_peek(regs, UGVT_DBUF_CTL);

	ugvt_regfile_update(regs, UGVT_DBUF_CTL, UGVT_BIT(30), bit_follows(ctl, 31, 30));
}

/* PLLs lock as soon as they are enabled: a byte each in DPLL_STATUS, and LCPLL1 in its own register too. */
void ugvt_power_handle_pll(struct ugvt_regfile *regs, const struct ugvt_reg_access *access)
{
	static const uint32_t plls[] = {
		UGVT_LCPLL1_CTL, UGVT_LCPLL2_CTL, UGVT_WRPLL_CTL1, UGVT_WRPLL_CTL2};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(plls); i++) {
		if (access->offset == plls[i]) {
			ugvt_regfile_update(regs, UGVT_DPLL_STATUS, UGVT_BIT(8 * i),
				bit_follows(access->value, 31, 8 * i));
		}
	}
	if (access->offset == UGVT_LCPLL1_CTL) {
		ugvt_regfile_update(
			regs, UGVT_LCPLL1_CTL, UGVT_BIT(30), bit_follows(access->value, 31, 30));
	}
}

/* On and idle, or off and idle: PP_ON, and the sequence's state 8. */
void ugvt_power_handle_panel(struct ugvt_regfile *regs)
{
	bool on = ugvt_regfile_peek(regs, UGVT_PP_CONTROL) & UGVT_BIT(0);

	ugvt_regfile_poke(regs, UGVT_PP_STATUS, on ? UGVT_BIT(31) | 0x8 : 0);
}

#define DC_STATES 0x3u
#define DC_UPTO_DC6 0x2u

static void count(struct ugvt_regfile *regs, uint32_t counter)
{
	ugvt_regfile_poke(regs, counter, ugvt_regfile_peek(regs, counter) + 1);
}

/* What the DMC's firmware does when it may: it puts an idle display to sleep at once, and counts that. i915_reg.h, DC_STATE_EN_*;
 * intel_dmc_regs.h, SKL_DMC_DC3_DC5_COUNT and after. */
void ugvt_power_handle_dc_state(struct ugvt_regfile *regs, const struct ugvt_reg_access *access)
{
	if ((access->value & DC_STATES) && !(access->old & DC_STATES)) {
		count(regs, UGVT_DMC_DC3_DC5_COUNT);
		if ((access->value & DC_STATES) == DC_UPTO_DC6) {
			count(regs, UGVT_DMC_DC5_DC6_COUNT);
		}
	}
}
