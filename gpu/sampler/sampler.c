/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/sampler.h"

#include "base/bits.h"

#define DW0_DISABLE UGVT_BIT(31)
#define DW0_PRECLAMP UGVT_MASK(28, 27) // 2: OGL
#define DW0_MIP_FILTER UGVT_MASK(21, 20)
#define DW0_MAG_FILTER UGVT_MASK(19, 17)
#define DW0_MIN_FILTER UGVT_MASK(16, 14)
#define DW0_BIAS UGVT_MASK(13, 1)     // S4.8
#define DW1_MIN_LOD UGVT_MASK(31, 20) // U4.8
#define DW1_MAX_LOD UGVT_MASK(19, 8)  // U4.8
#define DW1_SHADOW UGVT_MASK(3, 1)
#define DW1_CUBE_OVERRIDE UGVT_BIT(0)
#define DW2_BORDER UGVT_MASK(23, 6) // in 64 bytes
#define DW2_MAG_MIP UGVT_BIT(0)
#define DW3_MAX_ANISOTROPY UGVT_MASK(21, 19)
#define DW3_UNNORMALIZED UGVT_BIT(10)

/* Of axis 0 to 2, downwards from axis 0. */
#define DW3_ROUND_MAG(axis) UGVT_BIT(18 - 2 * (axis))
#define DW3_ROUND_MIN(axis) UGVT_BIT(17 - 2 * (axis))
#define DW3_WRAP(axis) UGVT_MASK(8 - 3 * (axis), 6 - 3 * (axis))

static enum ugvt_map_filter map_filter(uint32_t code)
{
	return UGVT_MIN(code, UGVT_MAP_ANISOTROPIC);
}

static float fixed_8(uint32_t code)
{
	return code / 256.0f;
}

void ugvt_sampler_decode(struct ugvt_sampler *sampler, const uint32_t *state)
{
	uint32_t bias = UGVT_GET(DW0_BIAS, state[0]);

	*sampler = (struct ugvt_sampler){
		.disable = state[0] & DW0_DISABLE,
		.min_filter = map_filter(UGVT_GET(DW0_MIN_FILTER, state[0])),
		.mag_filter = map_filter(UGVT_GET(DW0_MAG_FILTER, state[0])),
		.mip_filter = UGVT_GET(DW0_MIP_FILTER, state[0]),
		.shadow = UGVT_GET(DW1_SHADOW, state[1]),
		.unnormalized = state[3] & DW3_UNNORMALIZED,
		.cube_override = state[1] & DW1_CUBE_OVERRIDE,
		.preclamp = UGVT_GET(DW0_PRECLAMP, state[0]) == 2,
		.mag_mip = state[2] & DW2_MAG_MIP,
		.bias = ((int32_t)(bias ^ 0x1000) - 0x1000) / 256.0f,
		.min_lod = fixed_8(UGVT_GET(DW1_MIN_LOD, state[1])),
		.max_lod = fixed_8(UGVT_GET(DW1_MAX_LOD, state[1])),
		.max_anisotropy = 2 * UGVT_GET(DW3_MAX_ANISOTROPY, state[3]) + 2,
		.border_offset = state[2] & DW2_BORDER,
	};
	for (unsigned axis = 0; axis < 3; axis++) {
		sampler->round_mag[axis] = state[3] & DW3_ROUND_MAG(axis);
		sampler->round_min[axis] = state[3] & DW3_ROUND_MIN(axis);
		sampler->wrap[axis] =
			UGVT_MIN(UGVT_GET(DW3_WRAP(axis), state[3]), UGVT_WRAP_HALF_BORDER);
	}
}
