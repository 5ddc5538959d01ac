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

/* The render engine's; rows are sorted by header, but some have the same. */
static const struct ugvt_command *row_find(uint32_t header)
{
	size_t first = 0, end = ugvt_command_count;

	while (first < end) {
		size_t middle = (first + end) / 2;

		if (ugvt_commands[middle].header < header << 16) {
			first = middle + 1;
		} else {
			end = middle;
		}
	}
	while (first < ugvt_command_count && !(ugvt_commands[first].engines & (1 << UGVT_RCS))) {
		first++;
	}
	assert(first < ugvt_command_count && ugvt_commands[first].header == header << 16);
	return &ugvt_commands[first];
}

static void slots_find(
	const struct ugvt_kept *kept, uint32_t header, const uint32_t **slots, unsigned count)
{
	const struct ugvt_command *row = row_find(header);

	for (unsigned i = 0; i < count; i++) {
		slots[i] = ugvt_kept_slot(kept, row, i);
	}
}

void ugvt_state_init(struct ugvt_state *state, const struct ugvt_kept *kept)
{
	for (unsigned i = 0; i < UGVT_STATE_COUNT; i++) {
		slots_find(kept, headers[i], &state->slots[i], 1);
		assert(state->slots[i]);
	}
	slots_find(kept, HEADER_VERTEX_BUFFERS, state->vertex_buffers, UGVT_VERTEX_BUFFERS);
	slots_find(kept, HEADER_SO_BUFFER, state->stream_buffers, UGVT_STATE_STREAM_BUFFERS);
	slots_find(kept, HEADER_VF_INSTANCING, state->instancing, UGVT_VERTEX_ELEMENTS_MAX);
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
