/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_CACHE_H
#define UGVT_GPU_EU_CACHE_H

#include <stddef.h>

#include "gpu/eu/program.h"

/* Decoded kernels by their content: drivers put many into one buffer, and reuse its places. Any thread may call. */
struct ugvt_eu_cache;

/* Keeps kernels nobody uses as long as all take at most bytes of memory. NULL: no memory. */
struct ugvt_eu_cache *ugvt_eu_cache_create(size_t bytes);
/* With nothing locked. */
void ugvt_eu_cache_destroy(struct ugvt_eu_cache *cache);

/* The kernel at code, which is read once: it may change under us. Until unlocked; NULL: no memory. */
const struct ugvt_eu_program *ugvt_eu_cache_lock(
	struct ugvt_eu_cache *cache, const void *code, size_t size);
void ugvt_eu_cache_unlock(struct ugvt_eu_cache *cache, const struct ugvt_eu_program *program);

#endif
