/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_STENCIL_H
#define UGVT_GPU_RENDER_STENCIL_H

#include "gpu/render/state.h"
#include "gpu/sampler/texel.h"

/* The stencil test: PRM SNB vol 2 part 1, "Stencil Test". */

struct ugvt_stencil_face {
	uint8_t function;
	uint8_t fail;
	uint8_t depth_fail;
	uint8_t pass;
	uint8_t test_mask;
	uint8_t write_mask;
	uint8_t reference;
};

struct ugvt_stencil_state {
	bool test;
	bool write;
	struct ugvt_stencil_face face[2]; // front, back
};

void ugvt_stencil_decode(struct ugvt_stencil_state *stencil, const struct ugvt_state *state);

/* The values of sixteen lanes and what they are compared with. */
struct ugvt_stencil_lanes {
	uint8_t value[UGVT_LANES];
	uint8_t reference[UGVT_LANES];
};

/* Lanes of mask that pass. */
uint32_t ugvt_stencil_test(const struct ugvt_stencil_face *face,
	const struct ugvt_stencil_lanes *lanes, uint32_t mask);
/* Lanes that a test had a result for. */
struct ugvt_stencil_results {
	uint32_t failed;
	uint32_t depth_failed;
	uint32_t passed;
};
/* Makes the values what they become. */
void ugvt_stencil_update(const struct ugvt_stencil_face *face,
	const struct ugvt_stencil_results *results, struct ugvt_stencil_lanes *lanes);

#endif
