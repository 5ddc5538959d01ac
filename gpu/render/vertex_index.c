/* SPDX-License-Identifier: MIT */
#include "gpu/render/vertex_index.h"

#include <string.h>

void ugvt_index_buffer_init(
	struct ugvt_index_buffer *buffer, const struct ugvt_state *state, struct ugvt_aspace *as)
{
	*buffer = (struct ugvt_index_buffer){
		.as = as,
		.addr = ugvt_state_index_buffer(state),
		.size = ugvt_state_index_size(state),
		.bytes = (uint8_t)(1u << UGVT_MIN(ugvt_state_index_format(state), 2)),
		.has_cut = ugvt_state_cut_indexed(state),
		.cut = ugvt_state_cut_index(state),
	};
}

static void widen(const uint8_t *raw, unsigned bytes, unsigned count, uint32_t *indices)
{
	for (unsigned i = 0; i < count; i++) {
		uint16_t word;

		if (bytes == 1) {
			indices[i] = raw[i];
		} else if (bytes == 2) {
			memcpy(&word, raw + 2 * i, sizeof(word));
			indices[i] = word;
		} else {
			memcpy(&indices[i], raw + 4 * i, sizeof(*indices));
		}
	}
}

void ugvt_index_buffer_read(
	const struct ugvt_index_buffer *buffer, uint64_t first, unsigned count, uint32_t *indices)
{
	uint64_t total = buffer->size / buffer->bytes;
	unsigned there = first < total ? (unsigned)UGVT_MIN(count, total - first) : 0;
	uint8_t raw[4 * UGVT_INDICES_MAX];

	if (there > 0) {
		ugvt_aspace_read(buffer->as,
			(buffer->addr + first * buffer->bytes) & UGVT_GPU_ADDR_MASK, raw,
			there * buffer->bytes);
	}
	widen(raw, buffer->bytes, there, indices);
	memset(indices + there, 0, (count - there) * sizeof(*indices));
}
