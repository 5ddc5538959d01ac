/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_RANDOM_H
#define UGVT_TESTS_GPU_RANDOM_H

#include <stdint.h>

/* Numbers that are the same in each run. The state is anything but 0 at first. */

/* xorshift64* */
static inline uint32_t next(uint64_t *random)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)(*random * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

/* Less than limit. */
static inline unsigned below(uint64_t *random, unsigned limit)
{
	return next(random) % limit;
}

#endif
