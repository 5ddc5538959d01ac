/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_LANES_H
#define UGVT_GPU_SAMPLER_LANES_H

#include <stdint.h>

/*
 * For gpu/sampler only: sixteen lanes as vectors of the compiler, which makes of them what the machine has. A hot function marked
 * UGVT_CLONES is compiled for AVX2 too, and chosen when the program is loaded; without fused multiply-add, so that results
 * are the same. Sanitizers can't run that early, and do without.
 */
typedef uint32_t ugvt_lanes_u __attribute__((vector_size(64), may_alias));
typedef int32_t ugvt_lanes_i __attribute__((vector_size(64), may_alias));
typedef float ugvt_lanes_f __attribute__((vector_size(64), may_alias));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define UGVT_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define UGVT_CLONES
#endif
#define UGVT_LANES_INLINE static inline __attribute__((always_inline))

/* yes where the mask's bits are set, else no. */
UGVT_LANES_INLINE void ugvt_lanes_select(
	ugvt_lanes_u *yes, const ugvt_lanes_i *mask, const ugvt_lanes_u *no)
{
	*yes = (*yes & (ugvt_lanes_u)*mask) | (*no & ~(ugvt_lanes_u)*mask);
}

#endif
