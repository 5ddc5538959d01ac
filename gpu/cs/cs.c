/* SPDX-License-Identifier: MIT */
#include "gpu/cs/cs.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "gpu/cs/context.h"
#include "gpu/cs/cs_state.h"

/* So many commands between two looks at whether somebody waits for guest memory. */
#define CONTENTION_INTERVAL 16

struct ugvt_cs *ugvt_cs_create(const struct ugvt_cs_config *config)
{
	struct ugvt_cs *cs = calloc(1, sizeof(*cs));

	if (!cs) {
		return NULL;
	}
	cs->engine = config->engine;
	cs->base = ugvt_engines[config->engine].base;
	cs->host = config->host;
	cs->regs = config->regs;
	cs->memory = config->memory;
	cs->render = config->render;
	cs->compute = config->compute;
	ugvt_cs_index_init(&cs->index, cs->engine);
	ugvt_aspace_init(&cs->ggtt, config->memory, config->ggtt);
	ugvt_aspace_init(&cs->ppgtt, config->memory, config->ggtt);
	cs->logged = calloc(ugvt_command_count / 64 + 1, sizeof(*cs->logged));
	if (!cs->logged || !ugvt_kept_init(&cs->kept, cs->engine) || !ugvt_cs_image_init(cs)) {
		ugvt_cs_destroy(cs);
		return NULL;
	}
	if (cs->render) {
		ugvt_render_attach(cs->render, &cs->kept, &cs->ppgtt,
			&(struct ugvt_attention){&cs->attention, UGVT_ATTENTION_YIELD});
	}
	if (cs->compute) {
		ugvt_compute_attach(cs->compute, &cs->kept, &cs->ppgtt);
	}
	ugvt_cs_reset(cs);
	return cs;
}

void ugvt_cs_destroy(struct ugvt_cs *cs)
{
	if (!cs) {
		return;
	}
	ugvt_cs_image_finish(cs);
	ugvt_kept_finish(&cs->kept);
	free(cs->logged);
	free(cs);
}

void ugvt_cs_reset(struct ugvt_cs *cs)
{
	static const ugvt_gpa no_roots[4];

	ugvt_cs_context_forget(cs);
	ugvt_kept_clear(&cs->kept);
	cs->blt_state = (struct ugvt_blt_state){0};
	ugvt_aspace_set(&cs->ppgtt, UGVT_ASPACE_PPGTT3, no_roots);
	ugvt_cs_flush(cs);
}

static void attention_set(struct ugvt_cs *cs, unsigned bit, bool on)
{
	if (on) {
		atomic_fetch_or_explicit(&cs->attention, bit, memory_order_release);
	} else {
		atomic_fetch_and_explicit(&cs->attention, ~bit, memory_order_release);
	}
}

bool ugvt_cs_is_spinning(const struct ugvt_cs *cs)
{
	return cs->stalled;
}

void ugvt_cs_set_preempt(struct ugvt_cs *cs, bool on)
{
	attention_set(cs, UGVT_ATTENTION_PREEMPT, on);
}

void ugvt_cs_set_yield(struct ugvt_cs *cs, bool on)
{
	attention_set(cs, UGVT_ATTENTION_YIELD, on);
}

void ugvt_cs_invalidate_tlb(struct ugvt_cs *cs)
{
	attention_set(cs, UGVT_ATTENTION_FLUSH, true);
}

const struct ugvt_cs_stats *ugvt_cs_stats(const struct ugvt_cs *cs)
{
	return &cs->stats;
}

/* The guest writes MI_MODE too, from another thread: only this bit may change. */
void ugvt_cs_set_idle(struct ugvt_cs *cs, bool idle)
{
	_Atomic uint32_t *mode = &cs->regs->values[(cs->base + RING_MI_MODE) / 4];

	if (idle) {
		atomic_fetch_or(mode, MI_MODE_IDLE);
		ugvt_cs_poke(cs, RING_INSTDONE, UINT32_MAX);
	} else {
		atomic_fetch_and(mode, ~MI_MODE_IDLE);
		ugvt_cs_poke(cs, RING_INSTDONE, UINT32_MAX & ~1u);
	}
}

void ugvt_cs_window_begin(struct ugvt_cs *cs)
{
	ugvt_guest_memory_begin(cs->memory);
	ugvt_aspace_window(&cs->ggtt);
	ugvt_aspace_window(&cs->ppgtt);
	cs->source = (struct ugvt_cs_source){0};
}

void ugvt_cs_window_end(struct ugvt_cs *cs)
{
	ugvt_cs_faults_report(cs);
	ugvt_guest_memory_end(cs->memory);
	atomic_fetch_add_explicit(&cs->stats.commands, cs->commands, memory_order_relaxed);
	cs->commands = 0;
}

/* Executes the current command, or goes on with it. */
enum ugvt_cs_step ugvt_cs_step(struct ugvt_cs *cs)
{
	enum ugvt_cs_step step;

	if (!cs->busy) {
		step = ugvt_cs_fetch(cs);
		if (step != UGVT_STEP_NEXT) {
			return step;
		}
	}
	step = ugvt_cs_execute(cs);
	cs->budget--;
	if (step == UGVT_STEP_NEXT) {
		ugvt_cs_advance(cs, cs->length);
	}
	cs->commands += step == UGVT_STEP_NEXT || step == UGVT_STEP_JUMP;
	return step;
}

/* Is there a reason to stop at this boundary? *stop is it. */
static bool is_interrupted(struct ugvt_cs *cs, unsigned count, enum ugvt_cs_stop *stop)
{
	unsigned attention = atomic_load_explicit(&cs->attention, memory_order_acquire);

	if (attention & UGVT_ATTENTION_FLUSH) {
		attention_set(cs, UGVT_ATTENTION_FLUSH, false);
		ugvt_cs_flush(cs);
	}
	*stop = UGVT_CS_WAIT;
	if (cs->stalled || (ugvt_cs_peek(cs, RING_MI_MODE) & MI_MODE_STOP)) {
		return true;
	}
	*stop = UGVT_CS_BUDGET;
	return cs->budget <= 0 || (attention & UGVT_ATTENTION_YIELD) ||
	       (count % CONTENTION_INTERVAL == 0 && ugvt_guest_memory_contended(cs->memory));
}

static enum ugvt_cs_stop stop_after(enum ugvt_cs_step step)
{
	switch (step) {
	case UGVT_STEP_AGAIN: return UGVT_CS_BUDGET;
	case UGVT_STEP_WAIT: return UGVT_CS_WAIT;
	case UGVT_STEP_PREEMPT: return UGVT_CS_PREEMPTED;
	case UGVT_STEP_IDLE: return UGVT_CS_IDLE;
	default: return UGVT_CS_HUNG;
	}
}

static enum ugvt_cs_stop commands_run(struct ugvt_cs *cs)
{
	enum ugvt_cs_stop stop;

	for (unsigned count = 1; !is_interrupted(cs, count, &stop); count++) {
		enum ugvt_cs_step step = ugvt_cs_step(cs);

		if (step != UGVT_STEP_NEXT && step != UGVT_STEP_JUMP) {
			return stop_after(step);
		}
	}
	return stop;
}

enum ugvt_cs_stop ugvt_cs_run(struct ugvt_cs *cs, unsigned budget)
{
	enum ugvt_cs_stop stop;

	if (cs->hung) {
		return UGVT_CS_HUNG;
	}
	if (!cs->active) {
		return UGVT_CS_IDLE;
	}
	cs->budget = budget;
	cs->stalled = false;
	ugvt_cs_set_idle(cs, false);
	ugvt_cs_window_begin(cs);
	stop = commands_run(cs);
	ugvt_cs_position_publish(cs);
	ugvt_cs_time_update(cs);
	ugvt_cs_window_end(cs);
	if (stop == UGVT_CS_IDLE || (ugvt_cs_peek(cs, RING_MI_MODE) & MI_MODE_STOP)) {
		ugvt_cs_set_idle(cs, true);
	}
	return stop;
}
