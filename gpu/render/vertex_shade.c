/* SPDX-License-Identifier: MIT */
#include "gpu/render/vertex_shade.h"

#include <string.h>

#define HANDLES_AT 1 // register
#define READ_UNIT 8  // dwords

bool ugvt_vertex_shader_begin(struct ugvt_vertex_shader *shader, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	const struct ugvt_shader_source source = {
		.name = "vertex",
		.constants = UGVT_STATE_CONSTANT_VS,
		.samplers = UGVT_STATE_SAMPLER_STATE_POINTERS_VS,
		.binding_table = UGVT_STATE_BINDING_TABLE_POINTERS_VS,
		.kernel = ugvt_state_vs_kernel(state),
		.scratch = ugvt_state_dw(state, UGVT_STATE_VS, 4),
		.alternate = ugvt_state_vs_alternate(state),
	};
	unsigned pushed = READ_UNIT * ugvt_state_vs_read_length(state), room;

	if (!ugvt_shader_begin(&shader->base, &source, state, as, kernels)) {
		return false;
	}
	shader->constants_at = ugvt_state_vs_grf_start(state);
	shader->elements_at = shader->constants_at + shader->base.constants.registers;
	shader->element_offset = READ_UNIT * ugvt_state_vs_read_offset(state);
	room = UGVT_EU_REGISTERS - UGVT_MIN(shader->elements_at, UGVT_EU_REGISTERS);
	pushed = UGVT_MIN(pushed, room);
	room = UGVT_FETCH_DWORDS - UGVT_MIN(shader->element_offset, UGVT_FETCH_DWORDS);
	shader->element_dwords = UGVT_MIN(pushed, room);
	return true;
}

void ugvt_vertex_shader_start(struct ugvt_vertex_shader *shader,
	const struct ugvt_vertex_batch *batch, unsigned first, const struct ugvt_fetch_output *out)
{
	unsigned lanes = UGVT_MIN(batch->count - first, UGVT_SHADE_LANES);
	const uint32_t(*from)[UGVT_FETCH_LANES] = out->dw + shader->element_offset;
	uint8_t *to;
	uint32_t handles[UGVT_SHADE_LANES] = {0};

	for (unsigned i = 0; i < lanes; i++) {
		handles[i] = ugvt_urb_handle(UGVT_URB_VERTEX, first + i);
	}
	ugvt_shader_start(&shader->base, UGVT_BIT(lanes) - 1, shader->constants_at);
	ugvt_shader_register_set(&shader->base, HANDLES_AT, handles);
	to = shader->base.thread.grf + (size_t)shader->elements_at * UGVT_EU_REGISTER_BYTES;
	for (unsigned i = 0; i < shader->element_dwords; i++) {
		memcpy(to + i * UGVT_EU_REGISTER_BYTES, &from[i][first % UGVT_FETCH_LANES],
			UGVT_EU_REGISTER_BYTES);
	}
	/* What it does not write is zero. */
	memset(batch->vertices[first].vue, 0, (size_t)lanes * batch->vue_dwords * sizeof(uint32_t));
}
