/* SPDX-License-Identifier: MIT */
#include "gpu/eu/run.h"
#include "gpu/eu/value.h"

/*
 * Branches that all active channels take, or none, or that leave some here; what is left is for the function that knows all
 * cases. A channel is active or waits somewhere, so if all are active, nobody has to be looked for.
 */

enum way {
	WAY_ON,   // all active channels go on, and there are some
	WAY_AWAY, // all of them are taken
	WAY_BOTH,
	WAY_HARD, // look more closely
};

static enum way way_of(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, uint32_t *taken)
{
	const struct ugvt_eu_step *step = code->step;
	uint32_t active = thread->active;

	if (active == 0 || active & ~step->lanes) {
		return WAY_HARD;
	}
	*taken = active & ugvt_eu_code_predicate(thread, code) << step->inst.first;
	return *taken == 0 ? WAY_ON : *taken == active ? WAY_AWAY : WAY_BOTH;
}

static bool all_here(const struct ugvt_eu_thread *thread)
{
	return thread->active == thread->dispatched;
}

static const struct ugvt_eu_code *run_if(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t taken;

	switch (way_of(thread, code, &taken)) {
	case WAY_AWAY: return ugvt_eu_code_on(thread, code);
	case WAY_ON:
		return all_here(thread) ? ugvt_eu_code_jump(thread, code, code->step->jip)
					: ugvt_eu_run_branch(thread, code);
	case WAY_BOTH:
		ugvt_eu_channels_park(thread, thread->active & ~taken, code->step->jip);
		ugvt_eu_go_set(thread);
		return ugvt_eu_code_on(thread, code);
	default: return ugvt_eu_run_branch(thread, code);
	}
}

static const struct ugvt_eu_code *run_else(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	const struct ugvt_eu_step *step = code->step;

	if (!all_here(thread) || step->inst.branch_control || thread->active & ~step->lanes) {
		return ugvt_eu_run_branch(thread, code);
	}
	return ugvt_eu_code_jump(thread, code, step->jip);
}

static const struct ugvt_eu_code *run_endif(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return thread->active ? ugvt_eu_code_on(thread, code) : ugvt_eu_run_branch(thread, code);
}

static const struct ugvt_eu_code *run_while(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t taken;

	switch (way_of(thread, code, &taken)) {
	case WAY_ON: return ugvt_eu_code_on(thread, code);
	case WAY_AWAY: return ugvt_eu_code_jump(thread, code, code->step->jip);
	case WAY_BOTH:
		ugvt_eu_channels_park(
			thread, thread->active & ~taken, ugvt_eu_code_step(thread, code) + 1);
		ugvt_eu_go_set(thread);
		return ugvt_eu_code_jump(thread, code, code->step->jip);
	default: return ugvt_eu_run_branch(thread, code);
	}
}

/* Of those with a normal predicate and channels from the first on: those that are taken. */
static uint32_t quick_taken(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return thread->active & (ugvt_eu_code_flags(thread, code) ^ code->imm);
}

/* Whether there are active channels, and no others than code->check has. */
static bool is_quick(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return thread->active != 0 && (thread->active & ~(uint32_t)code->check) == 0;
}

static const struct ugvt_eu_code *run_quick_while(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	if (is_quick(thread, code) && quick_taken(thread, code) == thread->active) {
		return ugvt_eu_code_jump(thread, code, code->target);
	}
	return run_while(thread, code);
}

static const struct ugvt_eu_code *run_always_while(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	if (is_quick(thread, code)) {
		return ugvt_eu_code_jump(thread, code, code->target);
	}
	return run_while(thread, code);
}

/* break, cont, halt */
static const struct ugvt_eu_code *run_leave(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t taken;

	switch (way_of(thread, code, &taken)) {
	case WAY_ON: return ugvt_eu_code_on(thread, code);
	case WAY_BOTH:
		ugvt_eu_channels_park(thread, taken, code->step->uip);
		ugvt_eu_go_set(thread);
		return ugvt_eu_code_on(thread, code);
	default: return ugvt_eu_run_branch(thread, code);
	}
}

static const struct ugvt_eu_code *run_quick_leave(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	if (is_quick(thread, code) && quick_taken(thread, code) == 0) {
		return ugvt_eu_code_on(thread, code);
	}
	return run_leave(thread, code);
}

static const struct ugvt_eu_code *run_quick_if(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	if (is_quick(thread, code) && quick_taken(thread, code) == thread->active) {
		return ugvt_eu_code_on(thread, code);
	}
	return run_if(thread, code);
}

/* Runners that know the way that is taken most; NULL: there is none. */
static ugvt_eu_run quick_find(const struct ugvt_eu_inst *inst)
{
	if (inst->opcode == UGVT_EU_WHILE && !inst->predicate) {
		return run_always_while;
	}
	if (inst->predicate != UGVT_EU_PREDICATE_NORMAL || inst->first != 0) {
		return NULL;
	}
	switch (inst->opcode) {
	case UGVT_EU_IF: return run_quick_if;
	case UGVT_EU_WHILE: return run_quick_while;
	case UGVT_EU_BREAK:
	case UGVT_EU_CONT:
	case UGVT_EU_HALT: return run_quick_leave;
	default: return NULL;
	}
}

ugvt_eu_run ugvt_eu_branch_find(const struct ugvt_eu_step *step, struct ugvt_eu_code *code)
{
	ugvt_eu_run quick = quick_find(&step->inst);

	if (quick) {
		code->check = step->lanes;
		code->imm = step->inst.predicate_inverse ? UINT32_MAX : 0;
		code->target = step->jip;
		return quick;
	}
	switch (step->inst.opcode) {
	case UGVT_EU_IF: return run_if;
	case UGVT_EU_ELSE: return run_else;
	case UGVT_EU_ENDIF: return run_endif;
	case UGVT_EU_WHILE: return run_while;
	case UGVT_EU_BREAK:
	case UGVT_EU_CONT:
	case UGVT_EU_HALT: return run_leave;
	default: return ugvt_eu_run_branch;
	}
}
