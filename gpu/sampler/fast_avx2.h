/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FAST_AVX2_H
#define UGVT_GPU_SAMPLER_FAST_AVX2_H

#include "gpu/sampler/fast.h"

/* For gpu/sampler only: what needs AVX2 and F16C. Elsewhere there is none of it. */

/* Sets lod, if it is fixed. */
void ugvt_fast_avx2_init(struct ugvt_fast *fast);
void ugvt_fast_avx2_load(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes);
void ugvt_fast_avx2_sample(const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes);

#endif
