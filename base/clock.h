/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_CLOCK_H
#define UGVT_BASE_CLOCK_H

#include <stdint.h>

#define UGVT_NS_PER_US UINT64_C(1000)
#define UGVT_NS_PER_MS UINT64_C(1000000)
#define UGVT_NS_PER_S UINT64_C(1000000000)

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t ugvt_clock_ns(void);

#endif
