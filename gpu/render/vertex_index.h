/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_INDEX_H
#define UGVT_GPU_RENDER_VERTEX_INDEX_H

#include "gpu/render/state.h"

/* An index buffer. */
struct ugvt_index_buffer {
	struct ugvt_aspace *as;
	ugvt_gpu_addr addr;
	uint32_t size; // bytes
	uint8_t bytes; // per index: 1, 2 or 4
	bool has_cut;  // an index that ends strips:
	uint32_t cut;
};

void ugvt_index_buffer_init(
	struct ugvt_index_buffer *buffer, const struct ugvt_state *state, struct ugvt_aspace *as);
/* count indices from the one at first on; zeros beyond the buffer's end. At most UGVT_INDICES_MAX. */
#define UGVT_INDICES_MAX 512
void ugvt_index_buffer_read(
	const struct ugvt_index_buffer *buffer, uint64_t first, unsigned count, uint32_t *indices);

#endif
