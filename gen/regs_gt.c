/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/gt.h"
#include "gen/tables.h"

#define GT_HOOK(id) .unit = UGVT_UNIT_GT, .flags = UGVT_REG_HOOK_WRITE, .hook = UGVT_GT_HOOK_##id

/* Names, offsets and fields: intel_gt_regs.h, i915_reg.h, intel_mchbar_regs.h; fuse values: PRM SKL vol 4,
 * "Device Attributes", GT2. What depends on the device's configuration is set by vgpu/gt.c. */
static const struct ugvt_reg rows[] = {
	/* Crystal clock 24 MHz. */
	{.name = "RPM_CONFIG0", .offset = 0xd00, .reset = 1 << 3, .flags = UGVT_REG_READ_ONLY},
	{.name = "FORCEWAKE_ACK_RENDER",
		.offset = UGVT_FORCEWAKE_ACK_RENDER,
		.flags = UGVT_REG_READ_ONLY},
	{.name = "FORCEWAKE_ACK_MEDIA",
		.offset = UGVT_FORCEWAKE_ACK_MEDIA,
		.flags = UGVT_REG_READ_ONLY},
	{.name = "GEN8_RTCR", .offset = 0x4260, .count = 5, GT_HOOK(TLB)},
	{.name = "SLICE_PGCTL_ACK",
		.offset = UGVT_GEN9_SLICE_PGCTL_ACK,
		.count = 3,
		.flags = UGVT_REG_READ_ONLY},
	{.name = "EU_PGCTL_ACK",
		.offset = UGVT_GEN9_SS01_EU_PGCTL_ACK,
		.count = 6,
		.flags = UGVT_REG_READ_ONLY},
	/* Not zero while RC6 has a context to save to; i915 gives RC6 up otherwise. */
	{.name = "GEN8_RC6_CTX_INFO", .offset = 0x8504, .reset = 1, .flags = UGVT_REG_READ_ONLY},
	{.name = "GEN8_FUSE2", .offset = UGVT_GEN8_FUSE2, .flags = UGVT_REG_READ_ONLY},
	{.name = "EU_DISABLE",
		.offset = UGVT_GEN9_EU_DISABLE,
		.count = 3,
		.flags = UGVT_REG_READ_ONLY},
	{.name = "GDRST", .offset = UGVT_GDRST, .read_only = 0xffffffff, GT_HOOK(GDRST)},
	{.name = "RPNSWREQ", .offset = 0xa008, GT_HOOK(RPNSWREQ)},
	{.name = "RPSTAT1", .offset = UGVT_RPSTAT1, .flags = UGVT_REG_READ_ONLY},
	{.name = "RC_CONTROL", .offset = UGVT_RC_CONTROL, GT_HOOK(RC_CONTROL)},
	{.name = "RC_STATE", .offset = UGVT_RC_STATE, GT_HOOK(RC_CONTROL)},
	{.name = "FORCEWAKE_GT",
		.offset = 0xa188,
		.unit = UGVT_UNIT_GT,
		.flags = UGVT_REG_MASKED | UGVT_REG_HOOK_WRITE,
		.hook = UGVT_GT_HOOK_FORCEWAKE_GT},
	/* The timestamp counts 24 MHz / 2: source crystal, shift parameter 2. */
	{.name = "CTC_MODE", .offset = 0xa26c, .reset = 2 << 1, .flags = UGVT_REG_READ_ONLY},
	{.name = "FORCEWAKE_MEDIA",
		.offset = 0xa270,
		.unit = UGVT_UNIT_GT,
		.flags = UGVT_REG_MASKED | UGVT_REG_HOOK_WRITE,
		.hook = UGVT_GT_HOOK_FORCEWAKE_MEDIA},
	{.name = "FORCEWAKE_RENDER",
		.offset = 0xa278,
		.unit = UGVT_UNIT_GT,
		.flags = UGVT_REG_MASKED | UGVT_REG_HOOK_WRITE,
		.hook = UGVT_GT_HOOK_FORCEWAKE_RENDER},
	/* No firmware runs: its core stays in reset. */
	{.name = "GUC_STATUS", .offset = 0xc000, .reset = 1, .flags = UGVT_REG_READ_ONLY},
	{.name = "FENCE",
		.offset = UGVT_FENCE_LO,
		.count = 2 * UGVT_FENCE_COUNT,
		.unit = UGVT_UNIT_FENCE,
		.flags = UGVT_REG_HOOK_WRITE},
	{.name = "GFX_FLSH_CNTL", .offset = 0x101008},
	{.name = "FORCEWAKE_ACK_GT", .offset = UGVT_FORCEWAKE_ACK_GT, .flags = UGVT_REG_READ_ONLY},
	{.name = "GT_GFX_RC6",
		.offset = 0x138108,
		.unit = UGVT_UNIT_GT,
		.flags = UGVT_REG_HOOK_READ | UGVT_REG_READ_ONLY,
		.hook = UGVT_GT_HOOK_RC6_COUNTER},
	{.name = "PCODE_MAILBOX", .offset = UGVT_PCODE_MAILBOX, GT_HOOK(PCODE)},
	{.name = "PCODE_DATA", .offset = UGVT_PCODE_DATA},
	{.name = "PCODE_DATA1", .offset = UGVT_PCODE_DATA1},
	/* Two channels of DDR4-2133 with a single-rank 8 GB DIMM of x8 chips each. */
	{.name = "MAD_INTER_CHANNEL", .offset = 0x145000, .flags = UGVT_REG_READ_ONLY},
	{.name = "MAD_DIMM_CH",
		.offset = 0x14500c,
		.count = 2,
		.reset = 0x8,
		.flags = UGVT_REG_READ_ONLY},
	/* RP0 1150, RP1 350, RPn 350 MHz, in units of 50 MHz. */
	{.name = "RP_STATE_CAP",
		.offset = 0x145998,
		.reset = 0x070717,
		.flags = UGVT_REG_READ_ONLY},
	{.name = "MC_BIOS_DATA", .offset = 0x145e04, .reset = 0x8, .flags = UGVT_REG_READ_ONLY},
};

const struct ugvt_reg_table ugvt_regs_gt = {"gt", rows, UGVT_ARRAY_SIZE(rows)};
