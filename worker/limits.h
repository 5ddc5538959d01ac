/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_LIMITS_H
#define UGVT_WORKER_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Limits what a worker may have of everything but memory: descriptors, locked memory, queues, core dumps, and the
 * stacks of threads to come. */
void ugvt_limits_set(void);
/* Limits the bytes of private memory. false if that can't be, or if there is more already. */
bool ugvt_limits_set_memory(uint64_t bytes);

#endif
