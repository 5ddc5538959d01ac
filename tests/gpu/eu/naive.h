/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_EU_NAIVE_H
#define UGVT_TESTS_GPU_EU_NAIVE_H

#include "gpu/eu/inst.h"
#include "gpu/eu/thread.h"

/*
 * Another interpreter for instructions that compute, written from the PRM anew and without a thought of speed: numbers are
 * 128 bits wide, one channel goes after the other. Direct registers, Align1 or three sources, no accumulator.
 */

struct naive {
	uint8_t grf[UGVT_EU_GRF_BYTES + 64];
	uint32_t flag[2];
	uint32_t active, cr0;
};

void naive_exec(struct naive *naive, const struct ugvt_eu_inst *inst);
/* Whether it knows the instruction. */
bool naive_knows(const struct ugvt_eu_inst *inst);

#endif
