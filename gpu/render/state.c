/* SPDX-License-Identifier: MIT */
#include "gpu/render/state.h"

#include <assert.h>

#define HEADER_VERTEX_BUFFERS 0x7808u
#define HEADER_VF_INSTANCING 0x7849u
#define HEADER_SO_BUFFER 0x7918u
#define INSTANCING_ENABLE UGVT_BIT(8)

static const uint16_t headers[UGVT_STATE_COUNT] = {
#define STATE_HEADER(name, header) header,
	UGVT_STATES(STATE_HEADER)
#undef STATE_HEADER
};

static const uint32_t *slot_find(const struct ugvt_kept *kept, uint32_t header, unsigned index)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if (row->header == header << 16 && (row->engines & (1 << UGVT_RCS))) {
			return ugvt_kept_slot(kept, row, index);
		}
	}
	return NULL;
}

void ugvt_state_init(struct ugvt_state *state, const struct ugvt_kept *kept)
{
	for (unsigned i = 0; i < UGVT_STATE_COUNT; i++) {
		state->slots[i] = slot_find(kept, headers[i], 0);
		assert(state->slots[i]);
	}
	for (unsigned i = 0; i < UGVT_VERTEX_BUFFERS; i++) {
		state->vertex_buffers[i] = slot_find(kept, HEADER_VERTEX_BUFFERS, i);
	}
	for (unsigned i = 0; i < UGVT_STATE_STREAM_BUFFERS; i++) {
		state->stream_buffers[i] = slot_find(kept, HEADER_SO_BUFFER, i);
	}
	for (unsigned i = 0; i < UGVT_VERTEX_ELEMENTS_MAX; i++) {
		state->instancing[i] = slot_find(kept, HEADER_VF_INSTANCING, i);
	}
}

const uint32_t *ugvt_state_vertex_buffer(const struct ugvt_state *state, unsigned index)
{
	const uint32_t *slot = state->vertex_buffers[index % UGVT_VERTEX_BUFFERS];

	return slot[0] > 0 ? slot + 2 : NULL; // behind the header
}

/* All eight dwords are there: the slot keeps so many, and those that were not given are zero or of the command before. */
const uint32_t *ugvt_state_stream_buffer(const struct ugvt_state *state, unsigned index)
{
	const uint32_t *slot = state->stream_buffers[index % UGVT_STATE_STREAM_BUFFERS];

	return slot[0] > 0 ? slot + 2 : NULL; // behind the header
}

bool ugvt_state_instancing(const struct ugvt_state *state, unsigned element, uint32_t *rate)
{
	const uint32_t *slot = state->instancing[element % UGVT_VERTEX_ELEMENTS_MAX];

	*rate = slot[0] > 2 ? slot[3] : 0;
	return slot[0] > 2 && (slot[2] & INSTANCING_ENABLE);
}
