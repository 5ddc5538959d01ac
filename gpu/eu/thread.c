/* SPDX-License-Identifier: MIT */
#include "gpu/eu/thread.h"

#include <assert.h>
#include <string.h>

#include "gpu/eu/mode.h"
#include "gpu/eu/run.h"
#include "gpu/eu/value.h"

/* All behind the registers; the structure's alignment makes it whole registers. */
#define STATE_AT offsetof(struct ugvt_eu_thread, program)
#define STATE_BYTES (sizeof(struct ugvt_eu_thread) - STATE_AT)

/* A few registers at a time: as one memset() this takes twice as long, since the compiler's has no small sizes. */
static void registers_clear(uint8_t *at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		memset(at + i * UGVT_EU_REGISTER_BYTES, 0, UGVT_EU_REGISTER_BYTES);
	}
}

void ugvt_eu_thread_init(struct ugvt_eu_thread *thread, const struct ugvt_eu_program *program,
	uint32_t channels, uint32_t cr0)
{
	for (unsigned i = 0; i < program->spans; i++) {
		registers_clear(thread->grf + program->uses[i].first * UGVT_EU_REGISTER_BYTES,
			program->uses[i].n);
	}
	registers_clear(thread->grf + UGVT_EU_GRF_BYTES, 1);
	registers_clear((uint8_t *)thread + STATE_AT, STATE_BYTES / UGVT_EU_REGISTER_BYTES);
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

/* Instructions up to a message, and what that costs; or until so many have been executed in all. */
static void run_part(struct ugvt_eu_thread *thread, uint64_t limit)
{
	const struct ugvt_eu_code *code = &thread->program->code[thread->step];

	thread->bias = thread->executed - thread->step;
	while (code && thread->bias + ugvt_eu_code_step(thread, code) < limit) {
		code = code->run(thread, code);
	}
	if (code) {
		ugvt_eu_code_sync(thread, code);
	}
}

enum ugvt_eu_outcome ugvt_eu_thread_run(
	struct ugvt_eu_thread *thread, struct ugvt_eu_port *port, uint64_t budget)
{
	uint64_t limit =
		budget < UINT64_MAX - thread->executed ? thread->executed + budget : UINT64_MAX;

	assert(port->impl->send && thread->step <= thread->program->n);
	thread->port = port;
	thread->outcome = UGVT_EU_PAUSED;
	thread->host_mode = ugvt_eu_mode_begin();
	ugvt_eu_mode_set(thread->cr0[0], false);
	ugvt_eu_go_set(thread);
	while (thread->outcome == UGVT_EU_PAUSED && thread->executed < limit) {
		run_part(thread, limit);
	}
	ugvt_eu_mode_end(thread->host_mode);
	return thread->outcome;
}
