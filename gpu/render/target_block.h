/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_TARGET_BLOCK_H
#define UGVT_GPU_RENDER_TARGET_BLOCK_H

#include <string.h>

#include "gpu/render/target.h"
#include "gpu/sampler/lanes.h"

/* Rows of a block as vectors. */

UGVT_LANES_INLINE void ugvt_target_block_get(
	const struct ugvt_target_block *block, unsigned y, ugvt_lanes_u *row)
{
	ugvt_lanes_quad half[2];

	memcpy(&half[0], block->half[0] + y * block->step, sizeof(half[0]));
	memcpy(&half[1], block->half[1] + y * block->step, sizeof(half[1]));
	ugvt_lanes_join(half, (ugvt_lanes_f *)row);
}

UGVT_LANES_INLINE void ugvt_target_block_put(
	const struct ugvt_target_block *block, unsigned y, const ugvt_lanes_u *row)
{
	ugvt_lanes_quad half[2];

	ugvt_lanes_split((const ugvt_lanes_f *)row, half);
	memcpy(block->half[0] + y * block->step, &half[0], sizeof(half[0]));
	memcpy(block->half[1] + y * block->step, &half[1], sizeof(half[1]));
}

#endif
