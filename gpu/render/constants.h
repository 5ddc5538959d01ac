/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_CONSTANTS_H
#define UGVT_GPU_RENDER_CONSTANTS_H

#include "gpu/render/state.h"

/* Push constants: 3DSTATE_CONSTANT_* (Mesa src/intel/genxml/gen9.xml, 3DSTATE_CONSTANT_BODY). */

enum {
	UGVT_CONSTANT_BYTES = 32, // unit of a range: a register
	UGVT_CONSTANT_REGISTERS = 128,
};

struct ugvt_constants {
	unsigned registers;
	uint8_t bytes[UGVT_CONSTANT_REGISTERS * UGVT_CONSTANT_BYTES];
};

/* Reads the four ranges, one behind the other, of the command id is (UGVT_STATE_CONSTANT_*). Addresses are absolute. */
void ugvt_constants_read(struct ugvt_constants *constants, const struct ugvt_state *state,
	enum ugvt_state_id id, struct ugvt_aspace *as);

#endif
