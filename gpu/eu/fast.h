/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_FAST_H
#define UGVT_GPU_EU_FAST_H

#include "gpu/eu/thread.h"

/*
 * Handlers for the instructions that shaders are made of: 8 or 16 channels of 32 bits at once, in loops that the compiler
 * makes vector code of. Their results are those of ugvt_eu_exec_alu(), to the bit; what they don't cover goes there.
 */

/* A handler that fits the step on this machine, or NULL. */
ugvt_eu_handler ugvt_eu_fast_find(struct ugvt_eu_step *step);

/* The same code for two kinds of machine. */
ugvt_eu_handler ugvt_eu_fast_base(const struct ugvt_eu_step *step);
ugvt_eu_handler ugvt_eu_fast_avx2(const struct ugvt_eu_step *step);

#endif
