/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_PLAN_H
#define UGVT_GPU_BLT_PLAN_H

#include "gpu/blt/blt.h"

/* For gpu/blt only. */

/* Chooses the directions of a command with coordinates: PRM SKL vol 11, "2D (XY) BLT Instructions". */
void ugvt_blt_directions(struct ugvt_blt *blt);
/* The last part of decoding: chooses how a decoded operation that is not empty is executed. */
void ugvt_blt_plan(struct ugvt_blt *blt);

bool ugvt_blt_rop_uses_dst(uint8_t rop);
/* The bits that a pixel has; those of a dword for pixels of 8 and 16 bytes. */
uint32_t ugvt_blt_pixel_mask(const struct ugvt_blt *blt);

#endif
