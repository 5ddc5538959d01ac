/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_DEPTH_WIDE_H
#define UGVT_GPU_RENDER_DEPTH_WIDE_H

#include "gpu/render/depth.h"

/* For gpu/render/depth*.c, on machines with AVX-512 (ugvt_lanes_are_wide()) only: tests of blocks, of 24 bits and "less" or "less or
 * equal". NULL: there is no such way. */
ugvt_depth_wide_run *ugvt_depth_wide_find(const struct ugvt_depth_state *state);

#endif
