/* SPDX-License-Identifier: MIT */
#include "gpu/eu/thread.h"

#include <assert.h>
#include <string.h>

#include "gpu/eu/value.h"

void ugvt_eu_thread_init(struct ugvt_eu_thread *thread, const struct ugvt_eu_program *program,
	uint32_t channels, uint32_t cr0)
{
	for (unsigned i = 0; i < program->spans; i++) {
		memset(thread->grf + program->uses[i].first * UGVT_EU_REGISTER_BYTES, 0,
			program->uses[i].n * UGVT_EU_REGISTER_BYTES);
	}
	memset(thread->grf + UGVT_EU_GRF_BYTES, 0,
		sizeof(*thread) - offsetof(struct ugvt_eu_thread, grf) - UGVT_EU_GRF_BYTES);
	thread->program = program;
	thread->dispatched = thread->active = channels;
	thread->cr0[0] = cr0;
	thread->sr0[2] = thread->sr0[3] = channels; // dispatch mask, vector mask
}

void ugvt_eu_thread_notify(struct ugvt_eu_thread *thread, unsigned n)
{
	thread->notifications[n & 3]++;
}

uint32_t ugvt_eu_enabled(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	uint32_t here = step->inst.no_mask ? UINT32_MAX : thread->active;

	return step->lanes & here & ugvt_eu_predicate_mask(thread, &step->inst);
}

/* Channels that wait for the thread at the step it is at. */
static void channels_join(struct ugvt_eu_thread *thread)
{
	for (uint32_t left = thread->dispatched & ~thread->active; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		if (thread->waiting[n] == thread->step) {
			thread->active |= 1u << n;
		}
	}
}

static enum ugvt_eu_outcome fault(struct ugvt_eu_thread *thread, const char *why)
{
	thread->fault = why;
	return UGVT_EU_FAULTED;
}

static enum ugvt_eu_outcome exec_wait(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	uint32_t *count = &thread->notifications[step->inst.dst.number & 3];

	if (*count == 0) {
		return UGVT_EU_WAITS;
	}
	(*count)--;
	thread->step++;
	return UGVT_EU_PAUSED;
}

static enum ugvt_eu_outcome exec_message(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct ugvt_eu_port *port)
{
	const char *wrong = ugvt_eu_exec_send(thread, step, port);

	if (wrong) {
		return fault(thread, wrong);
	}
	thread->step++;
	return step->inst.eot ? UGVT_EU_DONE : UGVT_EU_PAUSED;
}

/* One instruction; PAUSED: go on. */
static enum ugvt_eu_outcome exec_step(struct ugvt_eu_thread *thread, struct ugvt_eu_port *port)
{
	const struct ugvt_eu_step *step = &thread->program->steps[thread->step];
	const char *wrong = step->wrong;

	if (step->joins) {
		channels_join(thread);
	}
	if (wrong) {
		return fault(thread, wrong);
	}
	if (step->handler) {
		step->handler(thread, step);
	} else if (step->inst.op->form == UGVT_EU_FORM_BRANCH ||
		   step->inst.opcode == UGVT_EU_JMPI) {
		wrong = ugvt_eu_exec_branch(thread, step);
		return wrong ? fault(thread, wrong) : UGVT_EU_PAUSED;
	} else if (ugvt_eu_is_send(&step->inst)) {
		return exec_message(thread, step, port);
	} else if (step->inst.opcode == UGVT_EU_WAIT) {
		return exec_wait(thread, step);
	}
	thread->step++;
	return UGVT_EU_PAUSED;
}

enum ugvt_eu_outcome ugvt_eu_thread_run(
	struct ugvt_eu_thread *thread, struct ugvt_eu_port *port, uint64_t budget)
{
	enum ugvt_eu_outcome outcome = UGVT_EU_PAUSED;

	assert(port->impl->send);
	ugvt_eu_round_as(thread->cr0[0]);
	while (outcome == UGVT_EU_PAUSED && budget-- > 0) {
		if (thread->step >= thread->program->n) {
			outcome = fault(thread, "beyond the kernel's end");
			break;
		}
		outcome = exec_step(thread, port);
		thread->executed++;
	}
	ugvt_eu_round_as(0);
	return outcome;
}
