/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_HOOKS_DISPLAY_H
#define UGVT_GEN_HOOKS_DISPLAY_H

/* What the display does at a register of its table (struct ugvt_reg.hook). */
enum ugvt_display_hook {
	UGVT_DISPLAY_HOOK_NONE,
	UGVT_DISPLAY_HOOK_TIMESTAMP,
	UGVT_DISPLAY_HOOK_DBUF,
	UGVT_DISPLAY_HOOK_POWER_WELL,
	UGVT_DISPLAY_HOOK_PLL,
	UGVT_DISPLAY_HOOK_LINK,
	UGVT_DISPLAY_HOOK_PALETTE,
	UGVT_DISPLAY_HOOK_LATCHED,
	UGVT_DISPLAY_HOOK_CSC,
	UGVT_DISPLAY_HOOK_SCALER_1,
	UGVT_DISPLAY_HOOK_SCALER_2,
	UGVT_DISPLAY_HOOK_DDI_BUF,
	UGVT_DISPLAY_HOOK_AUX,
	UGVT_DISPLAY_HOOK_DP_TP,
	UGVT_DISPLAY_HOOK_SCANLINE,
	UGVT_DISPLAY_HOOK_PIPE_CONF,
	UGVT_DISPLAY_HOOK_PIPE_CRC,
	UGVT_DISPLAY_HOOK_FRAME_COUNT,
	UGVT_DISPLAY_HOOK_FRAME_TIME,
	UGVT_DISPLAY_HOOK_CURSOR_BASE,
	UGVT_DISPLAY_HOOK_CURSOR_LIVE,
	UGVT_DISPLAY_HOOK_PLANE_SURF,
	UGVT_DISPLAY_HOOK_PLANE_LIVE,
	UGVT_DISPLAY_HOOK_GPIO,
	UGVT_DISPLAY_HOOK_GMBUS,
	UGVT_DISPLAY_HOOK_PANEL_POWER,
	UGVT_DISPLAY_HOOK_DC_STATE,
	UGVT_DISPLAY_HOOK_COUNT,
};

/*
 * Offsets, named as in i915_reg.h. Pipe, plane (0 is PLANE_1), port and AUX channel count from 0.
 */

#define UGVT_TIMESTAMP_CTR 0x44070
#define UGVT_DBUF_CTL 0x45008
#define UGVT_PWR_WELL_CTL(i) (0x45400 + 4 * (i)) // BIOS, driver, KVMR, debug
#define UGVT_DC_STATE_EN 0x45504
#define UGVT_LCPLL1_CTL 0x46010
#define UGVT_LCPLL2_CTL 0x46014
#define UGVT_WRPLL_CTL1 0x46040
#define UGVT_WRPLL_CTL2 0x46060
#define UGVT_CSC_COEFF(pipe, i) \
	(0x49010 + 0x100 * (pipe) + 4 * (i)) // RY_GY, BY, RU_GU, BU, RV_GV, BV
#define UGVT_CSC_MODE(pipe) (0x49028 + 0x100 * (pipe))
#define UGVT_CSC_PREOFF(pipe, i) \
	(0x49030 + 0x100 * (pipe) + 4 * (i)) // red or V, green or Y, blue or U
#define UGVT_CSC_POSTOFF(pipe, i) (0x49040 + 0x100 * (pipe) + 4 * (i))
#define UGVT_LGC_PALETTE(pipe, i) (0x4a000 + 0x800 * (pipe) + 4 * (i))
#define UGVT_PREC_PAL_INDEX(pipe) (0x4a400 + 0x800 * (pipe))
#define UGVT_PREC_PAL_DATA(pipe) (0x4a404 + 0x800 * (pipe))
#define UGVT_PREC_PAL_GC_MAX(pipe, i) (0x4a410 + 0x800 * (pipe) + 4 * (i)) // red, green, blue
#define UGVT_GAMMA_MODE(pipe) (0x4a480 + 0x800 * (pipe))

/* Transcoders A to C go with the pipes. */
#define UGVT_TRANS_HTOTAL(pipe) (0x60000 + 0x1000 * (pipe))
#define UGVT_TRANS_VTOTAL(pipe) (0x6000c + 0x1000 * (pipe))
#define UGVT_TRANS_VBLANK(pipe) (0x60010 + 0x1000 * (pipe))
#define UGVT_PIPESRC(pipe) (0x6001c + 0x1000 * (pipe))
#define UGVT_LINK_M1(pipe) (0x60040 + 0x1000 * (pipe))
#define UGVT_LINK_N1(pipe) (0x60044 + 0x1000 * (pipe))
#define UGVT_PIPE_CRC_CTL(pipe) (0x60050 + 0x1000 * (pipe))
#define UGVT_PIPE_CRC_RES_1(pipe) (0x60064 + 0x1000 * (pipe))
#define UGVT_TRANS_DDI_FUNC_CTL(pipe) (0x60400 + 0x1000 * (pipe))
#define UGVT_TRANS_MSA_MISC(pipe) (0x60410 + 0x1000 * (pipe))

#define UGVT_DDI_BUF_CTL(port) (0x64000 + 0x100 * (port))
#define UGVT_AUX_CH_CTL(ch) (0x64010 + 0x100 * (ch))
#define UGVT_AUX_CH_DATA(ch, i) (0x64014 + 0x100 * (ch) + 4 * (i))
#define UGVT_DP_TP_CTL(port) (0x64040 + 0x100 * (port))
#define UGVT_DP_TP_STATUS(port) (0x64044 + 0x100 * (port))

/* Scalers 0 and 1 of a pipe; pipe C has no second one. */
#define UGVT_PS(pipe, i) (0x68100 + 0x800 * (pipe) + 0x100 * (i))
#define UGVT_PS_WIN_POS(pipe, i) (UGVT_PS(pipe, i) + 0x70)
#define UGVT_PS_WIN_SZ(pipe, i) (UGVT_PS(pipe, i) + 0x74)
#define UGVT_PS_CTRL(pipe, i) (UGVT_PS(pipe, i) + 0x80)
#define UGVT_PS_VPHASE(pipe, i) (UGVT_PS(pipe, i) + 0x88)
#define UGVT_PS_HPHASE(pipe, i) (UGVT_PS(pipe, i) + 0x94)

#define UGVT_DPLL_CFGCR1(pll) (0x6c038 + 8 * (pll)) // of PLLs 1 to 3
#define UGVT_DPLL_CFGCR2(pll) (0x6c03c + 8 * (pll))
#define UGVT_DPLL_CTRL1 0x6c058
#define UGVT_DPLL_CTRL2 0x6c05c
#define UGVT_DPLL_STATUS 0x6c060

#define UGVT_PIPEDSL(pipe) (0x70000 + 0x1000 * (pipe))
#define UGVT_PIPECONF(pipe) (0x70008 + 0x1000 * (pipe))
#define UGVT_BOTTOM_COLOR(pipe) (0x70034 + 0x1000 * (pipe))
#define UGVT_PIPE_FRMCOUNT(pipe) (0x70040 + 0x1000 * (pipe))
#define UGVT_PIPE_FLIPCOUNT(pipe) (0x70044 + 0x1000 * (pipe))
#define UGVT_PIPE_FRMTMSTMP(pipe) (0x70048 + 0x1000 * (pipe))
#define UGVT_PIPE_FLIPTMSTMP(pipe) (0x7004c + 0x1000 * (pipe))
#define UGVT_CUR_CTL(pipe) (0x70080 + 0x1000 * (pipe))
#define UGVT_CUR_BASE(pipe) (0x70084 + 0x1000 * (pipe))
#define UGVT_CUR_POS(pipe) (0x70088 + 0x1000 * (pipe))
#define UGVT_CUR_FBC_CTL(pipe) (0x700a0 + 0x1000 * (pipe))
#define UGVT_CUR_SURFLIVE(pipe) (0x700ac + 0x1000 * (pipe))
#define UGVT_PLANE(pipe, plane) (0x70000 + 0x1000 * (pipe) + 0x100 * (plane))
#define UGVT_PLANE_CTL(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x180)
#define UGVT_PLANE_STRIDE(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x188)
#define UGVT_PLANE_POS(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x18c)
#define UGVT_PLANE_SIZE(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x190)
#define UGVT_PLANE_KEYVAL(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x194)
#define UGVT_PLANE_KEYMSK(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x198)
#define UGVT_PLANE_SURF(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x19c)
#define UGVT_PLANE_KEYMAX(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x1a0)
#define UGVT_PLANE_OFFSET(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x1a4)
#define UGVT_PLANE_SURFLIVE(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x1ac)
#define UGVT_PLANE_AUX_DIST(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x1c0)
#define UGVT_PLANE_AUX_OFFSET(pipe, plane) (UGVT_PLANE(pipe, plane) + 0x1c4)

/* In the DMC's memory, by its firmware. */
#define UGVT_DMC_DC5_DC6_COUNT 0x8002c
#define UGVT_DMC_DC3_DC5_COUNT 0x80030

#define UGVT_SFUSE_STRAP 0xc2014
#define UGVT_SDEISR 0xc4000
#define UGVT_SHOTPLUG_CTL 0xc4030
#define UGVT_GPIO_CTL(i) (0xc5010 + 4 * (i))
#define UGVT_GMBUS(i) (0xc5100 + 4 * (i)) // GMBUS0 to GMBUS4
#define UGVT_PP_STATUS 0xc7200
#define UGVT_PP_CONTROL 0xc7204

#endif
