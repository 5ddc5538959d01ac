/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FAST_AVX2_H
#define UGVT_GPU_SAMPLER_FAST_AVX2_H

#include "gpu/sampler/fast.h"

/* For gpu/sampler only: what needs AVX2, F16C and FMA. Elsewhere there is none of it. */

/* Sets lod, if it is fixed. */
void ugvt_fast_avx2_init(struct ugvt_fast *fast);
ugvt_fast_run ugvt_fast_avx2_load;
ugvt_fast_run ugvt_fast_avx2_sample;
/* What does the same as the last one, for texels of four channels of 8 bits that are wrapped or clamped; NULL: there is none. */
ugvt_fast_run *ugvt_fast_quick(const struct ugvt_fast *fast);
/* The same with AVX-512 (BW and DQ). */
ugvt_fast_run *ugvt_fast_wide(const struct ugvt_fast *fast);

#endif
