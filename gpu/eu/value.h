/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_VALUE_H
#define UGVT_GPU_EU_VALUE_H

#include "gpu/eu/number.h"
#include "gpu/eu/program.h"
#include "gpu/eu/thread.h"

/* What the parts of the interpreter share. */

/* A channel's value in its step's domain: i, f or d. */
union ugvt_eu_value {
	int64_t i;
	float f;
	double d;
};

/* A result in the destination's type, and what its conditions are taken from. */
struct ugvt_eu_result {
	uint64_t bits;
	int sign; // -1, 0, 1
	bool nan, overflow;
};

/* What one instruction works with in one channel. */
struct ugvt_eu_lane {
	const struct ugvt_eu_step *step;
	union ugvt_eu_value src[3];
	bool predicate;
	int64_t *acc; // the channel's accumulator
};

/* One channel's computation. Those that write the accumulator do it. */
typedef union ugvt_eu_value (*ugvt_eu_alu)(const struct ugvt_eu_lane *lane);

/* The function of an instruction in a domain; NULL: there is none. */
ugvt_eu_alu ugvt_eu_alu_int(const struct ugvt_eu_inst *inst);
ugvt_eu_alu ugvt_eu_alu_float(const struct ugvt_eu_inst *inst);
ugvt_eu_alu ugvt_eu_alu_double(const struct ugvt_eu_inst *inst);
/* Of math, in floats; alternative: without infinities, of absolute values. */
float ugvt_eu_math(enum ugvt_eu_math function, float a, float b, bool alternative);

enum {
	/* Two registers, and what an element reaches over the end. */
	UGVT_EU_ARF_BYTES = 2 * UGVT_EU_REGISTER_BYTES + 8,
};

/* An architecture register's bytes; what is not there is zero, or not written. */
void ugvt_eu_arf_read(
	const struct ugvt_eu_thread *thread, unsigned number, uint8_t image[UGVT_EU_ARF_BYTES]);
void ugvt_eu_arf_write(
	struct ugvt_eu_thread *thread, unsigned number, const uint8_t image[UGVT_EU_ARF_BYTES]);

/* Whether a step only changes a number's format: half floats keep denormals then, whatever cr0 says. PRM IVB vol 4 part 3, 2.3.1.2, and the tables of f32to16 and f16to32, which moves have replaced. */
static inline bool ugvt_eu_changes_format(const struct ugvt_eu_step *step)
{
	return step->inst.opcode == UGVT_EU_MOV && step->dst.type != step->src[0].type;
}

/* The sources of all channels of a step's instruction, modifiers applied. */
void ugvt_eu_fetch(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	union ugvt_eu_value out[UGVT_EU_CHANNELS]);
/* In the destination's type, saturated if the instruction says so. */
void ugvt_eu_convert(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	union ugvt_eu_value value, struct ugvt_eu_result *result);
/* Results of the channels (bit 0: the instruction's first) to the destination. values: for an accumulator. */
void ugvt_eu_store(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	uint32_t channels, const struct ugvt_eu_result results[UGVT_EU_CHANNELS],
	const union ugvt_eu_value values[UGVT_EU_CHANNELS]);

/* An accumulator's channel from and to a value. */
int64_t ugvt_eu_acc_of(union ugvt_eu_value value, enum ugvt_eu_domain domain);
union ugvt_eu_value ugvt_eu_acc_value(int64_t acc, enum ugvt_eu_domain domain);

/* Bits of the thread's channels whose predicate is true, of those of the instruction. */
uint32_t ugvt_eu_predicate_mask(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_inst *inst);
bool ugvt_eu_condition(enum ugvt_eu_cmod cmod, const struct ugvt_eu_result *result);
/* Whether a cmod b holds; nan: cmpn's rule. */
bool ugvt_eu_compare(const struct ugvt_eu_step *step, enum ugvt_eu_cmod cmod,
	const union ugvt_eu_value *a, const union ugvt_eu_value *b);
bool ugvt_eu_compare_nan(const struct ugvt_eu_step *step, enum ugvt_eu_cmod cmod,
	const union ugvt_eu_value *a, const union ugvt_eu_value *b);
/* Flag bits of the thread's channels. */
void ugvt_eu_flags_write(struct ugvt_eu_thread *thread, const struct ugvt_eu_inst *inst,
	uint32_t channels, uint32_t values);

/* The steps of the kinds of instruction. NULL: it is done, or what is wrong. */
/* Whether it is an instruction for ugvt_eu_exec_alu(), and whether its operands' types make sense together. */
bool ugvt_eu_computes(const struct ugvt_eu_step *step);
bool ugvt_eu_can_compute(const struct ugvt_eu_step *step);
/* Whether an instruction's channels compute with sources of other channels. */
bool ugvt_eu_looks_aside(unsigned opcode);
void ugvt_eu_exec_alu(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step);
/* Of what ugvt_eu_is_macro() is true; channels: bit 0 is the instruction's first. */
void ugvt_eu_exec_macro(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, uint32_t channels);
/* Moves thread->step. */
const char *ugvt_eu_exec_branch(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step);
/* Channels leave the active ones, and wait at step. */
void ugvt_eu_channels_park(struct ugvt_eu_thread *thread, uint32_t channels, uint32_t step);
const char *ugvt_eu_exec_send(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct ugvt_eu_port *port);
/* Channels of the thread that execute step. */
uint32_t ugvt_eu_enabled(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step);

#endif
