/* SPDX-License-Identifier: MIT */
#include "gpu/render/vertex_shade.h"

#include <string.h>

#define HANDLES_AT 1 // register
#define READ_UNIT 8  // dwords

/* Registers that threads have of their own. */
static bool is_own(const struct ugvt_vertex_shader *shader, unsigned number)
{
	return number == HANDLES_AT ||
	       (number >= shader->elements_at &&
		       number - shader->elements_at < shader->element_dwords);
}

static bool may_pair(const struct ugvt_vertex_shader *shader)
{
	const struct ugvt_eu_program *program = shader->base.program;

	if (!program->pair) {
		return false;
	}
	for (unsigned i = 0; i < UGVT_EU_REGISTERS; i++) {
		if (is_own(shader, i) && !ugvt_eu_pair_may_differ(program, i)) {
			return false;
		}
	}
	return true;
}

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
	shader->pairs = may_pair(shader);
	shader->pair_ready = false;
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

static void both_set(struct ugvt_vertex_shader *shader, unsigned number, const void *bytes)
{
	uint8_t *to = ugvt_eu_pair_registers(&shader->pair, number);

	memcpy(to, bytes, UGVT_EU_REGISTER_BYTES);
	memcpy(to + UGVT_EU_REGISTER_BYTES, bytes, UGVT_EU_REGISTER_BYTES);
}

static void pair_begin(struct ugvt_vertex_shader *shader)
{
	const struct ugvt_shader *base = &shader->base;
	const struct ugvt_eu_straight *straight = &base->program->straight;
	unsigned end = UGVT_MIN(
		shader->constants_at + base->constants.registers, (unsigned)UGVT_EU_REGISTERS);

	ugvt_eu_pair_init(&shader->pair, base->program, base->cr0);
	both_set(shader, 0, base->header);
	for (unsigned i = shader->constants_at; i < end; i++) {
		both_set(shader, i,
			base->constants.bytes + (i - shader->constants_at) * UGVT_CONSTANT_BYTES);
	}
	shader->restores = 0;
	for (unsigned i = 0; i < UGVT_EU_REGISTERS; i++) {
		if (straight->reads[i] && straight->writes[i] && !is_own(shader, i)) {
			shader->restore[shader->restores] = (uint8_t)i;
			memcpy(shader->saved[shader->restores++],
				ugvt_eu_pair_registers(&shader->pair, i), UGVT_EU_REGISTER_BYTES);
		}
	}
	shader->pair_ready = true;
}

/* What each pair has of its own. */
static void pair_payload(
	struct ugvt_vertex_shader *shader, unsigned first, const struct ugvt_fetch_output *out)
{
	const uint32_t(*from)[UGVT_FETCH_LANES] = out->dw + shader->element_offset;
	uint32_t handles[UGVT_EU_PAIR * UGVT_SHADE_LANES];

	for (unsigned i = 0; i < shader->restores; i++) {
		both_set(shader, shader->restore[i], shader->saved[i]);
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(handles); i++) {
		handles[i] = ugvt_urb_handle(UGVT_URB_VERTEX, first + i);
	}
	memcpy(ugvt_eu_pair_registers(&shader->pair, HANDLES_AT), handles, sizeof(handles));
	for (unsigned i = 0; i < shader->element_dwords; i++) {
		memcpy(ugvt_eu_pair_registers(&shader->pair, shader->elements_at + i), from[i],
			sizeof(from[i]));
	}
}

int64_t ugvt_vertex_shader_run_pair(struct ugvt_vertex_shader *shader,
	const struct ugvt_vertex_batch *batch, unsigned first, const struct ugvt_fetch_output *out)
{
	const char *wrong[UGVT_EU_PAIR];

	if (!shader->pair_ready) {
		pair_begin(shader);
	}
	pair_payload(shader, first, out);
	memset(batch->vertices[first].vue, 0,
		(size_t)UGVT_EU_PAIR * UGVT_SHADE_LANES * batch->vue_dwords * sizeof(uint32_t));
	ugvt_eu_pair_run(&shader->pair, &shader->base.port, wrong);
	for (unsigned i = 0; i < UGVT_EU_PAIR; i++) {
		if (wrong[i]) {
			ugvt_shader_fault(&shader->base, wrong[i]);
		}
	}
	return UGVT_EU_PAIR * shader->base.program->straight.cost;
}
