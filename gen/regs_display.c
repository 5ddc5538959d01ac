/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/hooks_display.h"
#include "gen/tables.h"

#define HOOK(h) .unit = UGVT_UNIT_DISPLAY, .hook = UGVT_DISPLAY_HOOK_##h
#define READS(h) .flags = UGVT_REG_HOOK_READ | UGVT_REG_READ_ONLY, HOOK(h)
#define WRITES(h) .flags = UGVT_REG_HOOK_WRITE, HOOK(h)
#define EACH_PIPE .count = 3, .stride = 0x1000
#define EACH_PORT .count = 5, .stride = 0x100
#define EACH_AUX .count = 4, .stride = 0x100
#define CONSTANT .flags = UGVT_REG_READ_ONLY

/*
 * Registers of the display engine that do more than keep their value: the state that follows a request, and what a
 * running pipe shows. Names and offsets: i915_reg.h, intel_gmbus_regs.h; reset values and bits: the same, and PRM SKL
 * vol 12 (display). All display fuses are intact but for two: no compression of frame buffers (it
 * needs stolen memory) and no HDCP, which SKL_DFSM says.
 */
static const struct ugvt_reg rows[] = {
	{"CPU_VGACNTRL", 0x41000, .reset = 0x80000000},
	{"SKL_FUSE_STATUS", 0x42000, .reset = 0x8e000000, CONSTANT},
	{"TIMESTAMP_CTR", UGVT_TIMESTAMP_CTR, READS(TIMESTAMP)},
	{"DBUF_CTL", UGVT_DBUF_CTL, .read_only = 0x40000000, WRITES(DBUF)},
	{"PWR_WELL_CTL", UGVT_PWR_WELL_CTL(0), .count = 4, .read_only = 0x55555555,
		WRITES(POWER_WELL)},
	{"LCPLL1_CTL", UGVT_LCPLL1_CTL, .read_only = 0x40000000, WRITES(PLL)},
	{"LCPLL2_CTL", UGVT_LCPLL2_CTL, WRITES(PLL)},
	{"WRPLL_CTL1", UGVT_WRPLL_CTL1, WRITES(PLL)},
	{"WRPLL_CTL2", UGVT_WRPLL_CTL2, WRITES(PLL)},
	{"SKL_DFSM", 0x51000, .reset = 0x0a000000, CONSTANT},
	{"SKL_DSSM", 0x51004, CONSTANT},
	{"PIPE_LINK_N1", UGVT_LINK_N1(0), EACH_PIPE, WRITES(LINK)},
	{"PIPE_CRC_CTL", UGVT_PIPE_CRC_CTL(0), EACH_PIPE, WRITES(PIPE_CRC)},
	{"PIPE_CRC_RES_1", UGVT_PIPE_CRC_RES_1(0), EACH_PIPE, CONSTANT},
	{"DDI_BUF_CTL", UGVT_DDI_BUF_CTL(0), EACH_PORT, .reset = 0x80, .read_only = 0x81,
		WRITES(DDI_BUF)},
	{"DP_AUX_CH_CTL", UGVT_AUX_CH_CTL(0), EACH_AUX, .w1c = 0x52000000, WRITES(AUX)},
	{"DP_TP_CTL", UGVT_DP_TP_CTL(0), EACH_PORT, WRITES(DP_TP)},
	{"DP_TP_STATUS", UGVT_DP_TP_STATUS(0), EACH_PORT, .w1c = 0x01001000,
		.read_only = 0xfeffefff},
	{"EDP_PSR_IIR", 0x64838, .w1c = 0xffffffff},
	{"DPLL_CTRL2", UGVT_DPLL_CTRL2, .reset = 0x000f8000}, // the clocks of all ports are off
	{"DPLL_STATUS", UGVT_DPLL_STATUS, CONSTANT},
	{"PIPEDSL", UGVT_PIPEDSL(0), EACH_PIPE, READS(SCANLINE)},
	{"PIPECONF", UGVT_PIPECONF(0), EACH_PIPE, .read_only = 0x40000000, WRITES(PIPE_CONF)},
	{"PIPE_FRMCOUNT", UGVT_PIPE_FRMCOUNT(0), EACH_PIPE, READS(FRAME_COUNT)},
	{"PIPE_FLIPCOUNT", UGVT_PIPE_FLIPCOUNT(0), EACH_PIPE, CONSTANT},
	{"PIPE_FRMTMSTMP", UGVT_PIPE_FRMTMSTMP(0), EACH_PIPE, READS(FRAME_TIME)},
	{"PIPE_FLIPTMSTMP", UGVT_PIPE_FLIPTMSTMP(0), EACH_PIPE, CONSTANT},
	{"CUR_BASE", UGVT_CUR_BASE(0), EACH_PIPE, WRITES(CURSOR_BASE)},
	{"CUR_SURFLIVE", UGVT_CUR_SURFLIVE(0), EACH_PIPE, READS(CURSOR_LIVE)},
	{"PLANE_SURF_1", UGVT_PLANE_SURF(0, 0), EACH_PIPE, WRITES(PLANE_SURF)},
	{"PLANE_SURFLIVE_1", UGVT_PLANE_SURFLIVE(0, 0), EACH_PIPE, READS(PLANE_LIVE)},
	{"PLANE_SURF_2", UGVT_PLANE_SURF(0, 1), EACH_PIPE, WRITES(PLANE_SURF)},
	{"PLANE_SURFLIVE_2", UGVT_PLANE_SURFLIVE(0, 1), EACH_PIPE, READS(PLANE_LIVE)},
	{"PLANE_SURF_3", UGVT_PLANE_SURF(0, 2), EACH_PIPE, WRITES(PLANE_SURF)},
	{"PLANE_SURFLIVE_3", UGVT_PLANE_SURFLIVE(0, 2), EACH_PIPE, READS(PLANE_LIVE)},
	{"PIPECONF_EDP", UGVT_PIPECONF(15), .read_only = 0x40000000, WRITES(PIPE_CONF)},
	/* Port B is there (bit 2; C and D would be 1 and 0); 24 MHz raw clock (bit 8, CNP). */
	{"SFUSE_STRAP", UGVT_SFUSE_STRAP, .reset = 0x104, CONSTANT},
	{"SHOTPLUG_CTL", UGVT_SHOTPLUG_CTL, .w1c = 0x03030303},
	{"SHOTPLUG_CTL2", 0xc403c, .w1c = 0x3},
	{"GPIO_CTL", UGVT_GPIO_CTL(0), .count = 16, .reset = 0x1818, WRITES(GPIO)},
	{"GMBUS0", UGVT_GMBUS(0)},
	{"GMBUS1", UGVT_GMBUS(1), WRITES(GMBUS)},
	{"GMBUS2", UGVT_GMBUS(2), .reset = 0x800, CONSTANT},
	{"GMBUS3", UGVT_GMBUS(3), .flags = UGVT_REG_HOOK_READ | UGVT_REG_HOOK_WRITE, HOOK(GMBUS)},
	{"GMBUS4", UGVT_GMBUS(4), WRITES(GMBUS)},
	{"PCH_RAWCLK_FREQ", 0xc6204, .reset = 24}, // MHz
	{"PP_STATUS", UGVT_PP_STATUS, CONSTANT},
	{"PP_CONTROL", UGVT_PP_CONTROL, WRITES(PANEL_POWER)},
};

const struct ugvt_reg_table ugvt_regs_display = {"display", rows, UGVT_ARRAY_SIZE(rows)};
