/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_PVINFO_H
#define UGVT_GEN_PVINFO_H

/*
 * The page by which a guest's driver knows that it drives a vGPU and what belongs to it: i915_pvinfo.h,
 * struct vgt_if. Offsets into BAR0.
 */
#define UGVT_PVINFO 0x78000
#define UGVT_PVINFO_MAGIC 0x78000   // 64 bits
#define UGVT_PVINFO_VERSION 0x78008 // minor in bits 31:16, major in 15:0
#define UGVT_PVINFO_VGT_ID 0x7800c
#define UGVT_PVINFO_CAPS 0x78010
#define UGVT_PVINFO_MAPPABLE_BASE 0x78040
#define UGVT_PVINFO_MAPPABLE_SIZE 0x78044
#define UGVT_PVINFO_NONMAPPABLE_BASE 0x78048
#define UGVT_PVINFO_NONMAPPABLE_SIZE 0x7804c
#define UGVT_PVINFO_FENCES 0x78050
#define UGVT_PVINFO_DISPLAY_READY 0x78804
#define UGVT_PVINFO_G2V_NOTIFY 0x78818
#define UGVT_PVINFO_CURSOR_X_HOT 0x78830
#define UGVT_PVINFO_CURSOR_Y_HOT 0x78834
#define UGVT_PVINFO_PDP 0x78838                // four of 64 bits
#define UGVT_PVINFO_CONTEXT_DESCRIPTOR 0x78858 // 64 bits

#define UGVT_PVINFO_MAGIC_VALUE UINT64_C(0x4776544776544776)

#define UGVT_PVINFO_CAP_FULL_PPGTT (1 << 2)
#define UGVT_PVINFO_CAP_HWSP_EMULATION (1 << 3)
#define UGVT_PVINFO_CAP_HUGE_GTT (1 << 4)

/* Hooks of UGVT_UNIT_PVINFO. */
enum ugvt_pvinfo_hook {
	UGVT_PVINFO_HOOK_G2V_NOTIFY,
};

#endif
