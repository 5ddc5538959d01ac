/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "gpu/eu/mode.h"
#include "gpu/eu/value.h"

/* Sources of all channels, results of all channels: an instruction reads everything before it writes anything. */
struct work {
	union ugvt_eu_value src[3][UGVT_EU_CHANNELS];
	union ugvt_eu_value out[UGVT_EU_CHANNELS];
	struct ugvt_eu_result results[UGVT_EU_CHANNELS];
	uint32_t channels;  // that are written; bit 0 is the instruction's first, here and below
	uint32_t predicate; // true
	uint32_t flags;     // conditions
};

bool ugvt_eu_computes(const struct ugvt_eu_step *step)
{
	switch (step->inst.opcode) {
	case UGVT_EU_JMPI:
	case UGVT_EU_CALL:
	case UGVT_EU_CALLA:
	case UGVT_EU_RET:
	case UGVT_EU_WAIT:
	case UGVT_EU_NOP: return false;
	default:
		return step->inst.op->form == UGVT_EU_FORM_BASIC ||
		       step->inst.op->form == UGVT_EU_FORM_THREE;
	}
}

static ugvt_eu_alu function_of(const struct ugvt_eu_step *step)
{
	switch (step->domain) {
	case UGVT_EU_DOMAIN_INT: return ugvt_eu_alu_int(&step->inst);
	case UGVT_EU_DOMAIN_FLOAT: return ugvt_eu_alu_float(&step->inst);
	default: return ugvt_eu_alu_double(&step->inst);
	}
}

bool ugvt_eu_looks_aside(unsigned opcode)
{
	switch (opcode) {
	case UGVT_EU_PLN:
	case UGVT_EU_LINE:
	case UGVT_EU_DP2:
	case UGVT_EU_DP3:
	case UGVT_EU_DP4:
	case UGVT_EU_DPH: return true;
	default: return false;
	}
}

bool ugvt_eu_can_compute(const struct ugvt_eu_step *step)
{
	if (ugvt_eu_is_macro(&step->inst)) {
		return true;
	}
	if (step->inst.opcode == UGVT_EU_MATH && step->domain == UGVT_EU_DOMAIN_FLOAT) {
		return true;
	}
	return step->inst.opcode == UGVT_EU_CMP || step->inst.opcode == UGVT_EU_CMPN ||
	       ugvt_eu_looks_aside(step->inst.opcode) || function_of(step);
}

/* acc1 is there for floats only: other types share acc0 (Ivy Bridge PRM vol. 4 part 3, "Accumulator Registers"). */
static unsigned acc_first(const struct ugvt_eu_step *step)
{
	return step->domain == UGVT_EU_DOMAIN_FLOAT ? step->inst.first % 16 : 0;
}

static bool writes_acc_itself(const struct ugvt_eu_inst *inst)
{
	return inst->opcode == UGVT_EU_MACH || inst->opcode == UGVT_EU_ADDC ||
	       inst->opcode == UGVT_EU_SUBB;
}

static void compute(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct work *work)
{
	ugvt_eu_alu function = function_of(step);
	unsigned first = acc_first(step);
	struct ugvt_eu_lane lane = {.step = step};

	for (uint32_t left = work->channels; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);
		int64_t *acc = &thread->acc[(first + n) % UGVT_EU_CHANNELS];

		for (unsigned i = 0; i < step->inst.op->sources; i++) {
			lane.src[i] = work->src[i][n];
		}
		lane.predicate = work->predicate >> n & 1;
		lane.acc = acc;
		work->out[n] = function(&lane);
		if (step->inst.acc_write && !writes_acc_itself(&step->inst)) {
			*acc = ugvt_eu_acc_of(work->out[n], step->domain);
		}
	}
}

static void compute_math(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct work *work)
{
	bool alternative = thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE;

	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		work->out[n].f = ugvt_eu_math(
			step->inst.math, work->src[0][n].f, work->src[1][n].f, alternative);
	}
}

/* p u + q v + r. */
static void compute_plane(const struct ugvt_eu_step *step, struct work *work)
{
	const union ugvt_eu_value *p = work->src[0];
	bool line = step->inst.opcode == UGVT_EU_LINE;

	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		float sum = p[3].f;

		if (!line) {
			sum = fmaf(p[1].f, work->src[2][n].f, sum);
		}
		work->out[n].f = fmaf(p[0].f, work->src[1][n].f, sum);
	}
}

/* Each group of four channels gets the sum of the products of its components. */
static void compute_dot(const struct ugvt_eu_step *step, struct work *work)
{
	unsigned opcode = step->inst.opcode;
	unsigned terms = opcode == UGVT_EU_DP2 ? 2 : opcode == UGVT_EU_DP4 ? 4 : 3;

	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		const union ugvt_eu_value *a = &work->src[0][n & ~3u], *b = &work->src[1][n & ~3u];
		float sum = opcode == UGVT_EU_DPH ? b[3].f : 0;

		for (unsigned i = terms; i-- > 0;) {
			sum = a[i].f * b[i].f + sum;
		}
		work->out[n].f = sum;
	}
}

/* All ones or all zeros, in whatever type. */
static void compute_compare(const struct ugvt_eu_step *step, struct work *work)
{
	bool nan = step->inst.opcode == UGVT_EU_CMPN;

	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		bool holds = (nan ? ugvt_eu_compare_nan : ugvt_eu_compare)(
			step, step->inst.cmod, &work->src[0][n], &work->src[1][n]);

		work->flags |= (uint32_t)holds << n;
		work->out[n].i = holds ? -1 : 0;
		work->results[n] = (struct ugvt_eu_result){.bits = holds ? UINT64_MAX : 0};
	}
}

static void convert(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct work *work)
{
	for (uint32_t left = work->channels; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		ugvt_eu_convert(thread, step, work->out[n], &work->results[n]);
		work->flags |= (uint32_t)ugvt_eu_condition(step->inst.cmod, &work->results[n]) << n;
	}
}

/* Into work->out, or results and flags. */
static void dispatch(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct work *work)
{
	switch (step->inst.opcode) {
	case UGVT_EU_CMP:
	case UGVT_EU_CMPN: compute_compare(step, work); return;
	case UGVT_EU_PLN:
	case UGVT_EU_LINE: compute_plane(step, work); break;
	case UGVT_EU_DP2:
	case UGVT_EU_DP3:
	case UGVT_EU_DP4:
	case UGVT_EU_DPH: compute_dot(step, work); break;
	case UGVT_EU_MATH:
		if (step->domain == UGVT_EU_DOMAIN_FLOAT) {
			compute_math(thread, step, work);
			break;
		}
		compute(thread, step, work);
		break;
	default: compute(thread, step, work);
	}
	convert(thread, step, work);
}

void ugvt_eu_exec_alu(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	uint32_t predicate = ugvt_eu_predicate_mask(thread, inst);
	uint32_t enabled = step->lanes & (inst->no_mask ? UINT32_MAX : thread->active);
	unsigned sources = inst->opcode == UGVT_EU_PLN ? 3 : inst->op->sources;
	struct work work;

	/* sel chooses by its predicate, and writes all channels. */
	if (inst->opcode != UGVT_EU_SEL) {
		enabled &= predicate;
	}
	if (!enabled) {
		return;
	}
	if (ugvt_eu_is_macro(inst)) {
		ugvt_eu_mode_set(thread->cr0[0], true);
		ugvt_eu_exec_macro(thread, step, enabled >> inst->first);
		ugvt_eu_mode_set(thread->cr0[0], false);
		return;
	}
	work.channels = enabled >> inst->first & step->writes;
	work.predicate = predicate >> inst->first;
	work.flags = 0;
	if (step->exact) {
		ugvt_eu_mode_set(thread->cr0[0], true);
	}
	for (unsigned n = 0; n < sources; n++) {
		ugvt_eu_fetch(thread, step, n, work.src[n]);
	}
	dispatch(thread, step, &work);
	if (step->exact) {
		ugvt_eu_mode_set(thread->cr0[0], false);
	}
	ugvt_eu_store(thread, step, work.channels, work.results, work.out);
	if (inst->cmod && !ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_FLAG)) {
		ugvt_eu_flags_write(
			thread, inst, work.channels << inst->first, work.flags << inst->first);
	}
}
