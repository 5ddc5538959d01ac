/* SPDX-License-Identifier: MIT */
#include "gpu/eu/thread.h"

#include <assert.h>
#include <string.h>

#include "gpu/eu/mode.h"
#include "gpu/eu/run.h"
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

void ugvt_eu_channels_join(struct ugvt_eu_thread *thread)
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
	if (!ugvt_eu_exec_wait(thread, step)) {
		return UGVT_EU_WAITS;
	}
	thread->step++;
	return UGVT_EU_PAUSED;
}

static enum ugvt_eu_outcome exec_message(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	const char *wrong = ugvt_eu_exec_message(thread, step);

	if (wrong) {
		return fault(thread, wrong);
	}
	thread->step++;
	return step->inst.eot ? UGVT_EU_DONE : UGVT_EU_PAUSED;
}

/* One instruction, as the reference does it; PAUSED: go on. */
static enum ugvt_eu_outcome exec_step(struct ugvt_eu_thread *thread)
{
	const struct ugvt_eu_step *step = &thread->program->steps[thread->step];
	const char *wrong = step->wrong;

	if (step->joins) {
		ugvt_eu_channels_join(thread);
	}
	if (wrong) {
		return fault(thread, wrong);
	}
	if (ugvt_eu_computes(step)) {
		ugvt_eu_exec_alu(thread, step);
	} else if (ugvt_eu_branches(step)) {
		wrong = ugvt_eu_exec_branch(thread, step);
		return wrong ? fault(thread, wrong) : UGVT_EU_PAUSED;
	} else if (ugvt_eu_is_send(&step->inst)) {
		return exec_message(thread, step);
	} else if (step->inst.opcode == UGVT_EU_WAIT) {
		return exec_wait(thread, step);
	}
	thread->step++;
	return UGVT_EU_PAUSED;
}

/* Step by step, to the last one that the budget has. */
static enum ugvt_eu_outcome run_steps(struct ugvt_eu_thread *thread, uint64_t budget)
{
	enum ugvt_eu_outcome outcome = UGVT_EU_PAUSED;

	while (outcome == UGVT_EU_PAUSED && budget-- > 0) {
		if (thread->step >= thread->program->n) {
			return fault(thread, "beyond the kernel's end");
		}
		outcome = exec_step(thread);
		thread->executed++;
	}
	return outcome;
}

/* From jump to jump, which is where the budget is looked at: not if it could be used up on the way to the next one. */
static enum ugvt_eu_outcome run_code(struct ugvt_eu_thread *thread, uint64_t budget)
{
	const struct ugvt_eu_code *code = &thread->program->code[thread->step];
	uint64_t limit = thread->executed + budget;

	thread->outcome = UGVT_EU_PAUSED;
	thread->bias = thread->executed - thread->step;
	thread->limit = limit < budget ? UINT64_MAX : limit;
	ugvt_eu_go_set(thread);
	while (code) {
		code = code->run(thread, code);
	}
	return thread->outcome;
}

enum ugvt_eu_outcome ugvt_eu_thread_run(
	struct ugvt_eu_thread *thread, struct ugvt_eu_port *port, uint64_t budget)
{
	enum ugvt_eu_outcome outcome = UGVT_EU_PAUSED;
	uint32_t n = thread->program->n;
	uint64_t start = thread->executed;

	assert(port->impl->send);
	thread->port = port;
	thread->host_mode = ugvt_eu_mode_begin();
	ugvt_eu_mode_set(thread->cr0[0], false);
	if (budget > n && thread->step <= n) {
		outcome = run_code(thread, budget - n);
	}
	if (outcome == UGVT_EU_PAUSED) {
		outcome = run_steps(thread, budget - (thread->executed - start));
	}
	ugvt_eu_mode_end(thread->host_mode);
	return outcome;
}
