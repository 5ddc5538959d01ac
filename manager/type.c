/* SPDX-License-Identifier: MIT */
#include "manager/type.h"

/* Figures: vgpu_types[] and the weights of kernel GVT-g (i915 gvt/vgpu.c, VGPU_WEIGHT). */
const struct ugvt_type ugvt_builtin_types[UGVT_BUILTIN_TYPES] = {
	{
		.id = "i915-GVTg_V5_1",
		.name = "GVTg_V5_1",
		.low_gm = 512 * UGVT_MB,
		.high_gm = 2048 * UGVT_MB,
		.fences = 4,
		.weight = 16,
		.width = 1920,
		.height = 1200,
		.deadline_s = UGVT_TYPE_DEADLINE_S,
	},
	{
		.id = "i915-GVTg_V5_2",
		.name = "GVTg_V5_2",
		.low_gm = 256 * UGVT_MB,
		.high_gm = 1024 * UGVT_MB,
		.fences = 4,
		.weight = 8,
		.width = 1920,
		.height = 1200,
		.deadline_s = UGVT_TYPE_DEADLINE_S,
	},
	{
		.id = "i915-GVTg_V5_4",
		.name = "GVTg_V5_4",
		.low_gm = 128 * UGVT_MB,
		.high_gm = 512 * UGVT_MB,
		.fences = 4,
		.weight = 4,
		.width = 1920,
		.height = 1200,
		.deadline_s = UGVT_TYPE_DEADLINE_S,
	},
	{
		.id = "i915-GVTg_V5_8",
		.name = "GVTg_V5_8",
		.low_gm = 64 * UGVT_MB,
		.high_gm = 384 * UGVT_MB,
		.fences = 4,
		.weight = 2,
		.width = 1024,
		.height = 768,
		.deadline_s = UGVT_TYPE_DEADLINE_S,
	},
	{
		.id = "direct",
		.name = "direct",
		.direct = true,
		.weight = 16,
		.width = 1920,
		.height = 1200,
		.deadline_s = UGVT_TYPE_DEADLINE_S,
	},
};
