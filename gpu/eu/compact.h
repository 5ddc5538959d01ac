/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_COMPACT_H
#define UGVT_GPU_EU_COMPACT_H

#include <stdint.h>

/* An instruction of 128 bits: bit n is bit n % 64 of word n / 64. */
struct ugvt_eu_bits {
	uint64_t word[2];
};

/* The native form of a compacted instruction (64 bits, bit 29 set). Every input has one. */
struct ugvt_eu_bits ugvt_eu_expand(uint64_t compacted);

/* Field hi..lo, both included, within one word. */
static inline uint64_t ugvt_eu_bits_get(const struct ugvt_eu_bits *bits, unsigned hi, unsigned lo)
{
	return bits->word[lo / 64] >> (lo % 64) & (UINT64_MAX >> (63 - (hi - lo)));
}

#endif
