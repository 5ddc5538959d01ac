/* SPDX-License-Identifier: MIT */
#include "gpu/eu/run.h"

#include "gpu/eu/fast.h"
#include "gpu/eu/halves.h"
#include "gpu/eu/mode.h"
#include "gpu/eu/value.h"

enum {
	PAUSES_AT = 32, // multiples of it
};

#if defined(__SSE2__)

#include <immintrin.h>

/* A bit for each of four channels. */
static uint32_t waiting_at(const uint32_t *steps, uint32_t step)
{
	__m128i same =
		_mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)steps), _mm_set1_epi32((int)step));

	return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(same));
}

#else

static uint32_t waiting_at(const uint32_t *steps, uint32_t step)
{
	uint32_t bits = 0;

	for (unsigned n = 0; n < 4; n++) {
		bits |= (uint32_t)(steps[n] == step) << n;
	}
	return bits;
}

#endif

const struct ugvt_eu_code *ugvt_eu_code_stop(struct ugvt_eu_thread *thread,
	const struct ugvt_eu_code *code, enum ugvt_eu_outcome outcome, uint32_t next)
{
	ugvt_eu_code_sync(thread, code);
	thread->executed++;
	thread->step += next;
	thread->outcome = outcome;
	return NULL;
}

static const struct ugvt_eu_code *code_fault(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, const char *why)
{
	thread->fault = why;
	return ugvt_eu_code_stop(thread, code, UGVT_EU_FAULTED, 0);
}

static const struct ugvt_eu_code *run_wrong(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return code_fault(thread, code, code->step->wrong);
}

static const struct ugvt_eu_code *run_end(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	ugvt_eu_code_sync(thread, code);
	thread->fault = "beyond the kernel's end";
	thread->outcome = UGVT_EU_FAULTED;
	return NULL;
}

static const struct ugvt_eu_code *run_nop(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return ugvt_eu_code_on(thread, code);
}

/* So that whoever runs the code can see how far it is. */
static const struct ugvt_eu_code *run_pause(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return code;
}

/* Those that wait at the step go along. */
static void channels_join(struct ugvt_eu_thread *thread, uint32_t step)
{
	uint32_t here = 0;

	for (unsigned n = 0; n < UGVT_EU_CHANNELS; n += 4) {
		here |= waiting_at(&thread->waiting[n], step) << n;
	}
	thread->active |= here & thread->dispatched & ~thread->active;
}

static const struct ugvt_eu_code *run_join(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	if (thread->active != thread->dispatched) {
		uint32_t step = ugvt_eu_code_step(thread, code);

		if (thread->waited >> step % 64 & 1) {
			channels_join(thread, step);
			ugvt_eu_go_set(thread);
		}
	}
	return code->then(thread, code);
}

static const struct ugvt_eu_code *run_alu(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	ugvt_eu_code_sync(thread, code);
	ugvt_eu_exec_alu(thread, code->step);
	return ugvt_eu_code_on(thread, code);
}

static const struct ugvt_eu_code *run_halves(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	const struct ugvt_eu_half *halves = ugvt_eu_halves_find(thread->program, code->step);

	for (unsigned n = 0; n < 2; n++) {
		halves[n].code.run(thread, &halves[n].code);
	}
	return ugvt_eu_code_on(thread, code);
}

/* Writes registers that say how to go on. */
static const struct ugvt_eu_code *run_control(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	ugvt_eu_code_sync(thread, code);
	ugvt_eu_exec_alu(thread, code->step);
	ugvt_eu_go_set(thread);
	return ugvt_eu_code_on(thread, code);
}

const struct ugvt_eu_code *ugvt_eu_run_branch(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	const char *wrong;

	ugvt_eu_code_sync(thread, code);
	wrong = ugvt_eu_exec_branch(thread, code->step);
	if (wrong) {
		return code_fault(thread, code, wrong);
	}
	ugvt_eu_go_set(thread);
	return ugvt_eu_code_jump(thread, code, thread->step);
}

/* In the host's own float mode; the budget is looked at after it. */
static const struct ugvt_eu_code *run_send(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	const struct ugvt_eu_step *step = code->step;
	const char *wrong;

	ugvt_eu_code_sync(thread, code);
	ugvt_eu_mode_end(thread->host_mode);
	wrong = ugvt_eu_exec_send(thread, step, thread->port);
	ugvt_eu_mode_set(thread->cr0[0], false);
	if (wrong) {
		return code_fault(thread, code, wrong);
	}
	ugvt_eu_code_stop(thread, code, step->inst.eot ? UGVT_EU_DONE : UGVT_EU_PAUSED, 1);
	thread->executed += UGVT_EU_MESSAGE_COST - 1;
	return NULL;
}

static const struct ugvt_eu_code *run_wait(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t *count = &thread->notifications[code->step->inst.dst.number & 3];

	if (*count == 0) {
		return ugvt_eu_code_stop(thread, code, UGVT_EU_WAITS, 0);
	}
	(*count)--;
	return ugvt_eu_code_on(thread, code);
}

static bool is_branch(const struct ugvt_eu_step *step)
{
	return step->inst.op->form == UGVT_EU_FORM_BRANCH || step->inst.opcode == UGVT_EU_JMPI ||
	       step->inst.opcode == UGVT_EU_CALL || step->inst.opcode == UGVT_EU_CALLA ||
	       step->inst.opcode == UGVT_EU_RET;
}

/* Linking */

#if defined(__x86_64__)

#include <cpuid.h>

static bool has_avx2(void)
{
	unsigned a, b, c, d;

	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
	       __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
}

/* Those before the first with VBMI2 run slower for a while after wide vectors. */
static bool has_avx512(void)
{
	return has_avx2() && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
}

#else

static bool has_avx2(void)
{
	return false;
}

static bool has_avx512(void)
{
	return false;
}

#endif

/* What the tier is on this machine. To be asked seldom: virtual machines take long to tell. */
static enum ugvt_eu_tier tier_limit(enum ugvt_eu_tier tier)
{
	if (tier == UGVT_EU_TIER_BEST && !has_avx512()) {
		tier = UGVT_EU_TIER_AVX2;
	}
	return tier == UGVT_EU_TIER_AVX2 && !has_avx2() ? UGVT_EU_TIER_BASE : tier;
}

static ugvt_eu_run fast_find(
	struct ugvt_eu_step *step, struct ugvt_eu_code *code, enum ugvt_eu_tier tier)
{
	struct ugvt_eu_fast_choice choice =
		ugvt_eu_fast_choose(step, code, tier == UGVT_EU_TIER_BASE);
	ugvt_eu_run run = NULL;

	if (tier == UGVT_EU_TIER_BASE) {
		return ugvt_eu_fast_base(choice);
	}
	if (tier == UGVT_EU_TIER_BEST && choice.wide) {
		run = ugvt_eu_fast_avx512(choice);
	}
	return run ? run : ugvt_eu_fast_avx2(choice);
}

static void code_init(struct ugvt_eu_code *code, const struct ugvt_eu_step *step)
{
	*code = (struct ugvt_eu_code){.step = step,
		.flag = step->inst.flag / 2,
		.flag_shift = (step->inst.flag % 2 * 16 + step->inst.first) & 31};
}

/* Whether both halves have runners. */
static bool halves_link(struct ugvt_eu_half *halves, enum ugvt_eu_tier tier)
{
	bool both = true;

	for (unsigned n = 0; n < 2; n++) {
		struct ugvt_eu_code *code = &halves[n].code;

		code_init(code, &halves[n].step);
		code->run = fast_find(&halves[n].step, code, tier);
		code->next = run_pause;
		both = both && code->run;
	}
	return both;
}

static ugvt_eu_run alu_find(
	const struct ugvt_eu_program *program, uint32_t n, enum ugvt_eu_tier tier)
{
	struct ugvt_eu_step *step = &program->steps[n];
	struct ugvt_eu_half *halves = ugvt_eu_halves_find(program, step);
	ugvt_eu_run run = NULL;

	if (tier != UGVT_EU_TIER_REFERENCE) {
		run = halves && halves_link(halves, tier)
			      ? run_halves
			      : fast_find(step, &program->code[n], tier);
	}
	if (run) {
		return run;
	}
	return step->dst.place == UGVT_EU_PLACE_ARF ? run_control : run_alu;
}

static ugvt_eu_run run_find(
	const struct ugvt_eu_program *program, uint32_t n, enum ugvt_eu_tier tier)
{
	const struct ugvt_eu_step *step = &program->steps[n];

	if (step->wrong) {
		return run_wrong;
	}
	if (ugvt_eu_computes(step)) {
		return alu_find(program, n, tier);
	}
	if (is_branch(step)) {
		return tier == UGVT_EU_TIER_REFERENCE
			       ? ugvt_eu_run_branch
			       : ugvt_eu_branch_find(step, &program->code[n]);
	}
	if (ugvt_eu_is_send(&step->inst)) {
		return run_send;
	}
	return step->inst.opcode == UGVT_EU_WAIT ? run_wait : run_nop;
}

void ugvt_eu_program_link(struct ugvt_eu_program *program, enum ugvt_eu_tier tier)
{
	tier = tier_limit(tier);
	for (uint32_t n = 0; n < program->n; n++) {
		struct ugvt_eu_code *code = &program->code[n];

		code_init(code, &program->steps[n]);
		code->run = run_find(program, n, tier);
		if (program->steps[n].joins) {
			code->then = code->run;
			code->run = run_join;
		}
	}
	program->code[program->n] = (struct ugvt_eu_code){.run = run_end};
	for (uint32_t n = 0; n < program->n; n++) {
		/* Before messages for who sends them otherwise: see ugvt_eu_straight_compute(). */
		bool sends = n + 1 < program->n && ugvt_eu_is_send(&program->steps[n + 1].inst);
		bool pauses = tier == UGVT_EU_TIER_REFERENCE || sends || (n + 1) % PAUSES_AT == 0;

		program->code[n].next = pauses ? run_pause : program->code[n + 1].run;
	}
	if (program->pair) {
		ugvt_eu_program_link(program->pair, tier);
	}
}
