/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_LANES_H
#define UGVT_GPU_SAMPLER_LANES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * For gpu/sampler and gpu/render: half of the sixteen lanes as vectors of the compiler, which makes of them what the machine has (wider ones
 * it would take apart). A hot function marked UGVT_CLONES is compiled for AVX2 too, and chosen when the program is loaded;
 * without fused multiply-add, so that results are the same. Sanitizers can't run that early, and do without.
 */
#define UGVT_VECTOR 8  // lanes
#define UGVT_VECTORS 2 // of all lanes

typedef uint32_t ugvt_lanes_u __attribute__((vector_size(32), may_alias));
typedef int32_t ugvt_lanes_i __attribute__((vector_size(32), may_alias));
typedef float ugvt_lanes_f __attribute__((vector_size(32), may_alias));
typedef float ugvt_lanes_quad __attribute__((vector_size(16), may_alias));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define UGVT_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define UGVT_CLONES
#endif
#define UGVT_LANES_INLINE static inline __attribute__((always_inline))

/* The machine has AVX2 and AVX-512 (F, BW, DQ and VL). To be asked outside of what is compiled for it. */
UGVT_LANES_INLINE bool ugvt_lanes_are_wide(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl");
#else
	return false;
#endif
}

/* yes where the mask's bits are set, else no. */
UGVT_LANES_INLINE void ugvt_lanes_select(
	ugvt_lanes_u *yes, const ugvt_lanes_i *mask, const ugvt_lanes_u *no)
{
	*yes = (*yes & (ugvt_lanes_u)*mask) | (*no & ~(ugvt_lanes_u)*mask);
}

/* All bits of lane i from bit i. */
UGVT_LANES_INLINE void ugvt_lanes_mask(uint32_t bits, ugvt_lanes_i *mask)
{
	const ugvt_lanes_u each = {1, 2, 4, 8, 16, 32, 64, 128};

	*mask = (each & bits) != 0;
}

/* And back. */
UGVT_LANES_INLINE uint32_t ugvt_lanes_bits(const ugvt_lanes_i *mask)
{
#if defined(__SSE2__)
	const ugvt_lanes_quad *quads = (const ugvt_lanes_quad *)mask;

	return (uint32_t)__builtin_ia32_movmskps(quads[0]) |
	       (uint32_t)__builtin_ia32_movmskps(quads[1]) << 4;
#else
	uint32_t bits = 0;

	for (unsigned i = 0; i < UGVT_VECTOR; i++) {
		bits |= ((uint32_t)(*mask)[i] & 1) << i;
	}
	return bits;
#endif
}

/* Halves side by side, and apart: not by way of memory, where what was stored in parts is slow to be had as a whole. */
UGVT_LANES_INLINE void ugvt_lanes_join(const ugvt_lanes_quad half[2], ugvt_lanes_f *lanes)
{
#if defined(__clang__) || __GNUC__ >= 12
	*lanes = __builtin_shufflevector(half[0], half[1], 0, 1, 2, 3, 4, 5, 6, 7);
#else
	__builtin_memcpy(lanes, half, sizeof(*lanes));
#endif
}

UGVT_LANES_INLINE void ugvt_lanes_split(const ugvt_lanes_f *lanes, ugvt_lanes_quad half[2])
{
#if defined(__clang__) || __GNUC__ >= 12
	half[0] = __builtin_shufflevector(*lanes, *lanes, 0, 1, 2, 3);
	half[1] = __builtin_shufflevector(*lanes, *lanes, 4, 5, 6, 7);
#else
	__builtin_memcpy(half, lanes, sizeof(*lanes));
#endif
}

/* value where the mask's bits are set. */
UGVT_LANES_INLINE void ugvt_lanes_set(
	ugvt_lanes_f *lanes, const ugvt_lanes_i *mask, const ugvt_lanes_f *value)
{
	*lanes = (ugvt_lanes_f)(((ugvt_lanes_u)*value & (ugvt_lanes_u)*mask) |
				((ugvt_lanes_u)*lanes & ~(ugvt_lanes_u)*mask));
}

/* The next integer below; of values that fit 31 bits. */
UGVT_LANES_INLINE void ugvt_lanes_floor(ugvt_lanes_f *lanes)
{
	ugvt_lanes_f whole = __builtin_convertvector(
		__builtin_convertvector(*lanes, ugvt_lanes_i), ugvt_lanes_f);

	*lanes = whole + __builtin_convertvector((ugvt_lanes_i)(whole > *lanes), ugvt_lanes_f);
}

#endif
