/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_MEMORY_H
#define UGVT_GPU_SAMPLER_MEMORY_H

#include "gpu/mem/aspace.h"

/*
 * Where texels lie: an address space as the sampler sees it, whoever owns the pages. Used by one thread at a time.
 */

struct ugvt_texel_memory;

struct ugvt_texel_memory_impl {
	/* The span from addr on that lies in one piece on the host, at most size bytes (not 0), for reading. host is NULL if addr
	 * can't be reached. What it gives stays valid as long as textures that use it. Mandatory. */
	struct ugvt_aspace_span (*span)(
		struct ugvt_texel_memory *memory, ugvt_gpu_addr addr, uint64_t size);
};

struct ugvt_texel_memory {
	const struct ugvt_texel_memory_impl *impl;
};

/* The memory of an address space. Textures that use it live inside one guest memory window. */
struct ugvt_aspace_texels {
	struct ugvt_texel_memory base;
	struct ugvt_aspace *as;
};

void ugvt_aspace_texels_init(struct ugvt_aspace_texels *texels, struct ugvt_aspace *as);

#endif
