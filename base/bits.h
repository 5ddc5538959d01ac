/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_BITS_H
#define UGVT_BASE_BITS_H

#include <stddef.h>
#include <stdint.h>

#define UGVT_BIT(n) (UINT32_C(1) << (n))
#define UGVT_BIT64(n) (UINT64_C(1) << (n))

/* Bits hi..lo set, both included, as the PRM writes them. */
#define UGVT_MASK(hi, lo) ((UINT32_MAX >> (31 - (hi))) & (UINT32_MAX << (lo)))
#define UGVT_MASK64(hi, lo) ((UINT64_MAX >> (63 - (hi))) & (UINT64_MAX << (lo)))

/* Reads and builds the field that a mask names; mask must not be zero. */
#define UGVT_GET(mask, value) (((value) & (mask)) >> __builtin_ctzll(mask))
#define UGVT_PUT(mask, field) (((uint64_t)(field) << __builtin_ctzll(mask)) & (mask))

#define UGVT_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define UGVT_MIN(a, b) ((a) < (b) ? (a) : (b))
#define UGVT_MAX(a, b) ((a) > (b) ? (a) : (b))
#define UGVT_ALIGN_UP(v, a) (((v) + (a)-1) / (a) * (a))

/* The struct that embeds member, from a pointer to that member. */
#define ugvt_container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* How many bits are set: without a call, where a processor's own way to count may not be used. */
static inline unsigned ugvt_bits_count(uint64_t v)
{
	v -= v >> 1 & UINT64_C(0x5555555555555555);
	v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
	v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(v * UINT64_C(0x0101010101010101) >> 56);
}

static inline uint32_t ugvt_lo32(uint64_t v)
{
	return (uint32_t)v;
}

static inline uint32_t ugvt_hi32(uint64_t v)
{
	return (uint32_t)(v >> 32);
}

static inline uint64_t ugvt_u64(uint32_t lo, uint32_t hi)
{
	return (uint64_t)hi << 32 | lo;
}

#endif
