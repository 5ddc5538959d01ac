/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_RUN_H
#define UGVT_GPU_EU_RUN_H

#include "gpu/eu/value.h"

/*
 * Threaded code: each step's runner calls the next one's, as a jump, and every now and then returns it instead, so that the
 * budget is looked at. While it runs, the thread's step and executed are not kept; they follow from where it is and the
 * bias, and are set for what looks at them.
 */

/* Sets thread->go, after its channels or its float mode changed. */
static inline void ugvt_eu_go_set(struct ugvt_eu_thread *thread)
{
	thread->go = thread->active;
	if (!(thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE)) {
		thread->go |= UGVT_EU_GO_IEEE;
	}
}

static inline uint32_t ugvt_eu_code_step(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return (uint32_t)(code - thread->program->code);
}

/* Sets the thread's step and executed. */
static inline void ugvt_eu_code_sync(struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	thread->step = ugvt_eu_code_step(thread, code);
	thread->executed = thread->bias + thread->step;
}

/* From code's step on to another. */
static inline const struct ugvt_eu_code *ugvt_eu_code_jump(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, uint32_t step)
{
	thread->bias += ugvt_eu_code_step(thread, code) + UINT64_C(1) - step;
	return &thread->program->code[step];
}

/* To the step behind code's. */
static inline const struct ugvt_eu_code *ugvt_eu_code_on(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return code->next(thread, code + 1);
}

/* The flags of the instruction's channels; bit 0 is the first. */
static inline uint32_t ugvt_eu_code_flags(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t bits = thread->flag[code->flag];

	return bits >> code->flag_shift | bits << (-code->flag_shift & 31);
}

/* The predicate's bits; bit 0 is the instruction's first channel. */
static inline uint32_t ugvt_eu_code_predicate(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	const struct ugvt_eu_inst *inst = &code->step->inst;
	uint32_t bits;

	if (inst->predicate != UGVT_EU_PREDICATE_NORMAL) {
		return ugvt_eu_predicate_mask(thread, inst) >> inst->first;
	}
	bits = ugvt_eu_code_flags(thread, code);
	return inst->predicate_inverse ? ~bits : bits;
}

/* The thread stops behind code's step, or at it: next is 1 or 0. */
const struct ugvt_eu_code *ugvt_eu_code_stop(struct ugvt_eu_thread *thread,
	const struct ugvt_eu_code *code, enum ugvt_eu_outcome outcome, uint32_t next);

/* A branch's runner. */
ugvt_eu_run ugvt_eu_branch_find(const struct ugvt_eu_step *step, struct ugvt_eu_code *code);
/* That of any branch. */
const struct ugvt_eu_code *ugvt_eu_run_branch(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code);

#endif
