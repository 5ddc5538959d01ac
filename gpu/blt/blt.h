/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_BLT_H
#define UGVT_GPU_BLT_BLT_H

#include <stdbool.h>
#include <stdint.h>

#include "gpu/mem/aspace.h"
#include "gpu/mem/tiling.h"

/*
 * The blitter: PRM SKL vol 11. A command is decoded into a struct ugvt_blt and then executed in pieces, so that the
 * engine can be preempted and guest memory windows stay short.
 */

/* Bits of BCS_SWCTRL (0x22200) that a blit obeys: PRM SKL vol 11, "BCS_SWCTRL". */
#define UGVT_BCS_SWCTRL 0x22200

struct ugvt_blt; // in gpu/blt/blt_op.h, complete enough to be embedded in an engine

/* Total dwords of the 2D command that starts with header (bits 31:29 = 2); at least 1, for unknown ones as its length field
 * says. */
unsigned ugvt_blt_length(uint32_t header);
/* The command's PRM name, or NULL if the blitter has no such command. */
const char *ugvt_blt_name(uint32_t header);

#endif
