/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gen/pvinfo.h"
#include "gen/tables.h"

/* Values come from the vGPU's configuration (vgpu/pvinfo.c); the guest writes the lower half only. */
static const struct ugvt_reg rows[] = {
	{.name = "PVINFO", .offset = UGVT_PVINFO, .count = 0x800 / 4, .flags = UGVT_REG_READ_ONLY},
	{.name = "PVINFO_DISPLAY_READY", .offset = UGVT_PVINFO_DISPLAY_READY},
	{.name = "PVINFO_G2V_NOTIFY",
		.offset = UGVT_PVINFO_G2V_NOTIFY,
		.flags = UGVT_REG_HOOK_WRITE,
		.unit = UGVT_UNIT_PVINFO,
		.hook = UGVT_PVINFO_HOOK_G2V_NOTIFY},
	{.name = "PVINFO_CURSOR_HOT", .offset = UGVT_PVINFO_CURSOR_X_HOT, .count = 2},
	{.name = "PVINFO_PDP", .offset = UGVT_PVINFO_PDP, .count = 8},
	{.name = "PVINFO_CONTEXT_DESCRIPTOR", .offset = UGVT_PVINFO_CONTEXT_DESCRIPTOR, .count = 2},
};

const struct ugvt_reg_table ugvt_regs_pvinfo = {"pvinfo", rows, UGVT_ARRAY_SIZE(rows)};
