/* SPDX-License-Identifier: MIT */
#ifndef UGVT_REPLAY_DRAW_H
#define UGVT_REPLAY_DRAW_H

#include <stdio.h>

#include "gpu/cs/cs.h"
#include "gpu/render/state.h"

/* What a command streamer's watch can tell of draws. */

#define UGVT_DRAW_TARGETS 8u

enum ugvt_draw_kind {
	UGVT_DRAW_NONE, // it draws nothing
	UGVT_DRAW_PRIMITIVES,
	UGVT_DRAW_HZ_OP, // of depth and stencil buffers, by 3DSTATE_WM_HZ_OP
	UGVT_DRAW_WALKER,
};

enum ugvt_draw_kind ugvt_draw_kind(const struct ugvt_cs_command *command);

/* 3DPRIMITIVE's name for it. */
const char *ugvt_draw_topology(unsigned topology);

/* One line that tells what the draw is, without a newline. */
void ugvt_draw_print(FILE *out, const struct ugvt_cs_command *command);

/* The state of render target index: drivers have them first in the pixel shader's binding table. false: it is not in it, or can't be
 * reached. */
bool ugvt_draw_target(const struct ugvt_cs_command *command, unsigned index, uint32_t *state);

#endif
