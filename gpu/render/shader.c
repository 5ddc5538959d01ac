/* SPDX-License-Identifier: MIT */
#include "gpu/render/shader.h"

#include <string.h>

/* Dwords of r0. */
#define HEADER_SAMPLERS 3 // and scratch size in 3:0
#define HEADER_BINDING_TABLE 4
#define HEADER_SCRATCH 5

static const char *shader_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct ugvt_shader *shader = ugvt_container_of(port, struct ugvt_shader, port);

	if (message->sfid == UGVT_EU_SFID_URB) {
		return ugvt_urb_send(shader->urb, message);
	}
	if (message->sfid == UGVT_EU_SFID_GATEWAY && shader->gathers) {
		return NULL;
	}
	if (!shader->others) {
		return "message to what is not there";
	}
	return shader->others->impl->send(shader->others, message);
}

static const struct ugvt_eu_port_impl shader_impl = {.send = shader_send};

void ugvt_shader_init(
	struct ugvt_shader *shader, const struct ugvt_urb *urb, struct ugvt_eu_port *others)
{
	shader->port.impl = &shader_impl;
	shader->urb = urb;
	shader->others = others;
}

static void header_init(struct ugvt_shader *shader, const struct ugvt_shader_source *source,
	const struct ugvt_state *state)
{
	uint32_t samplers = ugvt_state_dw(state, source->samplers, 1);
	uint32_t binding_table = ugvt_state_dw(state, source->binding_table, 1);

	memset(shader->header, 0, sizeof(shader->header));
	shader->header[HEADER_SAMPLERS] =
		(samplers & UGVT_MASK(31, 5)) | (source->scratch & UGVT_MASK(3, 0));
	shader->header[HEADER_BINDING_TABLE] = binding_table & UGVT_MASK(15, 5);
	shader->header[HEADER_SCRATCH] = source->scratch & UGVT_MASK(31, 10);
}

bool ugvt_shader_begin(struct ugvt_shader *shader, const struct ugvt_shader_source *source,
	const struct ugvt_state *state, struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	shader->program = ugvt_kernels_find(kernels, as, source->kernel);
	if (!shader->program) {
		return false;
	}
	ugvt_constants_read(&shader->constants, state, source->constants, as);
	header_init(shader, source, state);
	shader->name = source->name;
	shader->cr0 = source->alternate ? UGVT_EU_CR0_ALTERNATIVE : 0;
	shader->running = false;
	return true;
}

void ugvt_shader_start(struct ugvt_shader *shader, uint32_t channels, unsigned constants_at)
{
	unsigned room = UGVT_EU_REGISTERS - UGVT_MIN(constants_at, UGVT_EU_REGISTERS);

	ugvt_eu_thread_init(&shader->thread, shader->program, channels, shader->cr0);
	ugvt_shader_register_set(shader, 0, shader->header);
	memcpy(shader->thread.grf + constants_at * UGVT_EU_REGISTER_BYTES, shader->constants.bytes,
		UGVT_MIN(shader->constants.registers, room) * UGVT_CONSTANT_BYTES);
	shader->running = true;
}

void ugvt_shader_fault(struct ugvt_shader *shader, const char *why)
{
	shader->faults++;
	ugvt_guest_log(&shader->log_limit, "a %s shader faults: %s", shader->name, why);
}

enum ugvt_eu_outcome ugvt_shader_thread_run(
	struct ugvt_shader *shader, struct ugvt_eu_thread *thread, int64_t *budget)
{
	uint64_t before = thread->executed;
	enum ugvt_eu_outcome outcome;

	outcome = ugvt_eu_thread_run(thread, &shader->port, (uint64_t)UGVT_MAX(*budget, 1));
	*budget -= (int64_t)(thread->executed - before);
	if (outcome == UGVT_EU_FAULTED) {
		ugvt_shader_fault(shader, thread->fault);
	} else if (outcome == UGVT_EU_WAITS && !shader->gathers) {
		ugvt_shader_fault(shader, "it waits for nobody");
	}
	return outcome;
}

bool ugvt_shader_run(struct ugvt_shader *shader, int64_t *budget)
{
	enum ugvt_eu_outcome outcome = ugvt_shader_thread_run(shader, &shader->thread, budget);

	if (outcome == UGVT_EU_PAUSED) {
		return false;
	}
	shader->running = false;
	return true;
}
