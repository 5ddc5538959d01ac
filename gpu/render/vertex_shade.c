/* SPDX-License-Identifier: MIT */
#include "gpu/render/vertex_shade.h"

#include <string.h>

#include "gpu/render/urb.h"

/* Dwords of r0. */
#define HEADER_SAMPLERS 3 // and scratch size in 3:0
#define HEADER_BINDING_TABLE 4
#define HEADER_SCRATCH 5
#define HANDLES_AT 1 // register
#define READ_UNIT 8  // dwords

static const char *shader_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct ugvt_vertex_shader *shader =
		ugvt_container_of(port, struct ugvt_vertex_shader, port);

	if (message->sfid == UGVT_EU_SFID_URB) {
		return ugvt_urb_send(shader->batch, message);
	}
	if (!shader->others) {
		return "message to what is not there";
	}
	return shader->others->impl->send(shader->others, message);
}

static const struct ugvt_eu_port_impl shader_impl = {.send = shader_send};

void ugvt_vertex_shader_init(struct ugvt_vertex_shader *shader, struct ugvt_vertex_batch *batch)
{
	shader->port.impl = &shader_impl;
	shader->batch = batch;
}

static void header_init(struct ugvt_vertex_shader *shader, const struct ugvt_state *state)
{
	uint32_t samplers = ugvt_state_dw(state, UGVT_STATE_SAMPLER_STATE_POINTERS_VS, 1);
	uint32_t scratch = ugvt_state_dw(state, UGVT_STATE_VS, 4);

	memset(shader->header, 0, sizeof(shader->header));
	shader->header[HEADER_SAMPLERS] =
		(samplers & UGVT_MASK(31, 5)) | ugvt_state_vs_scratch_size(state);
	shader->header[HEADER_BINDING_TABLE] =
		ugvt_state_dw(state, UGVT_STATE_BINDING_TABLE_POINTERS_VS, 1) & UGVT_MASK(15, 5);
	shader->header[HEADER_SCRATCH] = scratch & UGVT_MASK(31, 10);
}

bool ugvt_vertex_shader_begin(struct ugvt_vertex_shader *shader, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	shader->program = ugvt_kernels_find(kernels, as, ugvt_state_vs_kernel(state));
	if (!shader->program) {
		return false;
	}
	ugvt_constants_read(&shader->constants, state, UGVT_STATE_CONSTANT_VS, as);
	header_init(shader, state);
	shader->constants_at = ugvt_state_vs_grf_start(state);
	shader->elements_at = shader->constants_at + shader->constants.registers;
	shader->element_offset = READ_UNIT * ugvt_state_vs_read_offset(state);
	shader->element_dwords = READ_UNIT * ugvt_state_vs_read_length(state);
	shader->cr0 = ugvt_state_vs_alternate(state) ? UGVT_EU_CR0_ALTERNATIVE : 0;
	shader->running = false;
	return true;
}

static void register_set(struct ugvt_eu_thread *thread, unsigned at, const void *bytes)
{
	if (at < UGVT_EU_REGISTERS) {
		memcpy(thread->grf + at * UGVT_EU_REGISTER_BYTES, bytes, UGVT_EU_REGISTER_BYTES);
	}
}

static void elements_set(
	struct ugvt_vertex_shader *shader, const struct ugvt_fetch_output *out, unsigned lane)
{
	for (unsigned i = 0; i < shader->element_dwords; i++) {
		unsigned at = shader->element_offset + i;

		if (at < UGVT_FETCH_DWORDS) {
			register_set(&shader->thread, shader->elements_at + i, &out->dw[at][lane]);
		}
	}
}

static void entries_clear(const struct ugvt_vertex_batch *batch, unsigned first, unsigned lanes)
{
	for (unsigned i = 0; i < lanes; i++) {
		memset(batch->vertices[first + i].vue, 0, batch->vue_dwords * sizeof(uint32_t));
	}
}

void ugvt_vertex_shader_start(struct ugvt_vertex_shader *shader, unsigned first,
	const struct ugvt_fetch_output *out, unsigned lane)
{
	unsigned lanes = UGVT_MIN(shader->batch->count - first, UGVT_SHADE_LANES);
	uint32_t handles[UGVT_SHADE_LANES] = {0};

	for (unsigned i = 0; i < lanes; i++) {
		handles[i] = first + i;
	}
	ugvt_eu_thread_init(&shader->thread, shader->program, UGVT_BIT(lanes) - 1, shader->cr0);
	register_set(&shader->thread, 0, shader->header);
	register_set(&shader->thread, HANDLES_AT, handles);
	for (unsigned i = 0; i < shader->constants.registers; i++) {
		register_set(&shader->thread, shader->constants_at + i,
			shader->constants.bytes + i * UGVT_CONSTANT_BYTES);
	}
	elements_set(shader, out, lane);
	entries_clear(shader->batch, first, lanes);
	shader->running = true;
}

static void fault(struct ugvt_vertex_shader *shader, const char *why)
{
	shader->faults++;
	ugvt_guest_log(&shader->log_limit, "a vertex shader faults: %s", why);
}

bool ugvt_vertex_shader_run(struct ugvt_vertex_shader *shader, int64_t *budget)
{
	struct ugvt_eu_thread *thread = &shader->thread;
	uint64_t before = thread->executed;
	enum ugvt_eu_outcome outcome;

	outcome = ugvt_eu_thread_run(thread, &shader->port, (uint64_t)UGVT_MAX(*budget, 1));
	*budget -= (int64_t)(thread->executed - before);
	if (outcome == UGVT_EU_PAUSED) {
		return false;
	}
	if (outcome == UGVT_EU_FAULTED) {
		fault(shader, thread->fault);
	} else if (outcome == UGVT_EU_WAITS) {
		fault(shader, "it waits for nobody");
	}
	shader->running = false;
	return true;
}
