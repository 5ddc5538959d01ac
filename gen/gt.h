/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_GT_H
#define UGVT_GEN_GT_H

/* Registers of the GT outside its engines that code names; all facts of them are in regs_gt.c. Names and
 * offsets: intel_gt_regs.h, i915_reg.h, intel_mchbar_regs.h. */
#define UGVT_FORCEWAKE_ACK_RENDER 0xd84
#define UGVT_FORCEWAKE_ACK_MEDIA 0xd88
#define UGVT_FORCEWAKE_ACK_GT 0x130044
#define UGVT_GEN9_SLICE_PGCTL_ACK 0x804c   // slice s: + 4 * s
#define UGVT_GEN9_SS01_EU_PGCTL_ACK 0x805c // slice s: + 8 * s; of its next two subslices: at + 4
#define UGVT_GEN8_FUSE2 0x9120
#define UGVT_GEN9_EU_DISABLE 0x9134
#define UGVT_GDRST 0x941c
#define UGVT_RPSTAT1 0xa01c
#define UGVT_RC_CONTROL 0xa090
#define UGVT_RC_STATE 0xa094
#define UGVT_FENCE_LO 0x100000 // fence i: + 8 * i; the high half is at + 4
#define UGVT_FENCE_COUNT 32
#define UGVT_PCODE_MAILBOX 0x138124
#define UGVT_PCODE_DATA 0x138128
#define UGVT_PCODE_DATA1 0x13812c

/* Hooks of UGVT_UNIT_GT. */
enum ugvt_gt_hook {
	UGVT_GT_HOOK_FORCEWAKE_RENDER,
	UGVT_GT_HOOK_FORCEWAKE_MEDIA,
	UGVT_GT_HOOK_FORCEWAKE_GT,
	UGVT_GT_HOOK_GDRST,
	UGVT_GT_HOOK_TLB,
	UGVT_GT_HOOK_RPNSWREQ,
	UGVT_GT_HOOK_PCODE,
	UGVT_GT_HOOK_RC_CONTROL,
	UGVT_GT_HOOK_RC6_COUNTER,
};

#endif
