/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/memory.h"

#include "base/bits.h"

static struct ugvt_aspace_span aspace_texels_span(
	struct ugvt_texel_memory *memory, ugvt_gpu_addr addr, uint64_t size)
{
	struct ugvt_aspace_texels *texels =
		ugvt_container_of(memory, struct ugvt_aspace_texels, base);

	return ugvt_aspace_span(texels->as, addr, UGVT_PROT_READ, size);
}

static const struct ugvt_texel_memory_impl aspace_texels_impl = {
	.span = aspace_texels_span,
};

void ugvt_aspace_texels_init(struct ugvt_aspace_texels *texels, struct ugvt_aspace *as)
{
	*texels = (struct ugvt_aspace_texels){.base.impl = &aspace_texels_impl, .as = as};
}
