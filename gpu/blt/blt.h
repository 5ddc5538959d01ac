/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_BLT_H
#define UGVT_GPU_BLT_BLT_H

#include <stdbool.h>
#include <stdint.h>

#include "gpu/mem/aspace.h"
#include "gpu/mem/tiling.h"

/*
 * The blitter: PRM SKL vol 11. A command is decoded into a struct ugvt_blt, which is then executed in pieces, so that its
 * engine can be preempted and guest memory windows stay short.
 */

/* BCS_SWCTRL, 0x22200: whether source and destination are Y-tiled where a command says tiled. */
#define UGVT_BCS_SWCTRL 0x22200

#define UGVT_BLT_DWORDS_MAX \
	64 // of immediate data and operands that a struct ugvt_blt keeps; longer commands: see decode

/* The current operation; the fields are gpu/blt's own. */
struct ugvt_blt {
	int todo_define_in_blt; // replaced by gpu/blt's owner
};

/* The PRM name of the 2D command (header bits 31:29 = 2) that starts with header, or NULL if there is none. */
const char *ugvt_blt_name(uint32_t header);

/* Decodes the n dwords of a command; false if there is no such command or the hardware would not take its parameters. What
 * is immediate data is read from dw while the operation runs, so dw must stay. */
bool ugvt_blt_decode(struct ugvt_blt *blt, const uint32_t *dw, unsigned n, uint32_t swctrl);

/* Executes about budget bytes more of the operation in the open window; true when it is finished. Faults are counted in
 * as. */
bool ugvt_blt_step(struct ugvt_blt *blt, struct ugvt_aspace *as, uint64_t budget);

#endif
