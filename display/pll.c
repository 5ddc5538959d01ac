/* SPDX-License-Identifier: MIT */
#include "display/pll.h"

#include "base/bits.h"
#include "gen/hooks_display.h"

#define REFERENCE_KHZ 24000

#define CFGCR1_DCO_FRACTION UGVT_MASK(23, 9)
#define CFGCR1_DCO_INTEGER UGVT_MASK(8, 0)
#define CFGCR2_QDIV UGVT_MASK(15, 8)
#define CFGCR2_QDIV_MODE UGVT_BIT(7)
#define CFGCR2_KDIV UGVT_MASK(6, 5)
#define CFGCR2_PDIV UGVT_MASK(4, 2)

/* DPLL_CTRL1 has six bits for each PLL. */
#define CTRL1_BITS 6
#define CTRL1_RATE UGVT_MASK(3, 1)
#define CTRL1_HDMI UGVT_BIT(5)

/* For HDMI: an oscillator, set in 1/32768 of the reference, behind three dividers and one by 5. DPLL 0 has none of its own. */
static uint32_t hdmi_khz(const struct ugvt_regfile *regs, unsigned pll)
{
	static const uint8_t pdivs[] = {1, 2, 3, 0, 7, 7, 0, 0}, kdivs[] = {5, 2, 3, 1};
	uint32_t cfgcr1 = ugvt_regfile_peek(regs, UGVT_DPLL_CFGCR1(pll));
	uint32_t cfgcr2 = ugvt_regfile_peek(regs, UGVT_DPLL_CFGCR2(pll));
	uint64_t oscillator =
		UGVT_GET(CFGCR1_DCO_INTEGER, cfgcr1) << 15 | UGVT_GET(CFGCR1_DCO_FRACTION, cfgcr1);
	uint32_t q = cfgcr2 & CFGCR2_QDIV_MODE ? (uint32_t)UGVT_GET(CFGCR2_QDIV, cfgcr2) : 1;
	uint32_t divider =
		5 * q * pdivs[UGVT_GET(CFGCR2_PDIV, cfgcr2)] * kdivs[UGVT_GET(CFGCR2_KDIV, cfgcr2)];

	return divider > 0 ? (uint32_t)((oscillator * REFERENCE_KHZ >> 15) / divider) : 0;
}

uint32_t ugvt_pll_symbol_khz(const struct ugvt_regfile *regs, unsigned port)
{
	static const uint32_t rates[] = {540000, 270000, 162000, 324000, 216000, 432000, 0, 0};
	unsigned pll = ugvt_regfile_peek(regs, UGVT_DPLL_CTRL2) >> (port * 3 + 1) & 0x3;
	uint32_t control = ugvt_regfile_peek(regs, UGVT_DPLL_CTRL1) >> (pll * CTRL1_BITS);

	if (control & CTRL1_HDMI) {
		return pll > 0 ? hdmi_khz(regs, pll) : 0;
	}
	return rates[UGVT_GET(CTRL1_RATE, control)];
}
