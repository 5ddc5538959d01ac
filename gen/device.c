/* SPDX-License-Identifier: MIT */
#include "gen/device.h"

#include <stddef.h>
#include <string.h>

#include "base/bits.h"

/* Ids: i915_pciids.h (INTEL_SKL_GT2_IDS, INTEL_KBL_GT2_IDS, INTEL_CFL_S_GT2_IDS). Revisions:
 * intel_step.c (skl_revids, kbl_revids) and PRM SKL vol 4, "Steppings". Slices and EUs: PRM SKL vol 4,
 * "Device Attributes", GT2. Timestamp: 12 MHz on Gen9 big core (intel_gt_clock_utils.c). */
static const struct ugvt_device_info devices[] = {
	{
		.name = "skl",
		.marketing = "HD Graphics 530 (SKL GT2)",
		.platform = UGVT_SKL,
		.device_id = 0x1912,
		.revision = 0x06,
		.slices = 1,
		.subslices = 3,
		.eus_per_subslice = 8,
		.timestamp_hz = 12000000,
	},
	{
		.name = "kbl",
		.marketing = "HD Graphics 630 (KBL GT2)",
		.platform = UGVT_KBL,
		.device_id = 0x5912,
		.revision = 0x04,
		.slices = 1,
		.subslices = 3,
		.eus_per_subslice = 8,
		.timestamp_hz = 12000000,
	},
	{
		.name = "cfl",
		.marketing = "UHD Graphics 630 (CFL GT2)",
		.platform = UGVT_CFL,
		.device_id = 0x3e92,
		.revision = 0x00,
		.slices = 1,
		.subslices = 3,
		.eus_per_subslice = 8,
		.timestamp_hz = 12000000,
	},
};

const struct ugvt_device_info *ugvt_device_at(unsigned i)
{
	return i < UGVT_ARRAY_SIZE(devices) ? &devices[i] : NULL;
}

const struct ugvt_device_info *ugvt_device_find(const char *name)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(devices); i++) {
		if (strcmp(devices[i].name, name) == 0) {
			return &devices[i];
		}
	}
	return NULL;
}
