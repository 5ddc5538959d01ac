/* SPDX-License-Identifier: MIT */
#include "gpu/eu/straight.h"

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/eu/mode.h"
#include "gpu/eu/run.h"
#include "gpu/eu/value.h"

enum {
	PLANE_ELEMENTS = 4, // of pln's first source, whatever the number of channels
	SIMD8 = 1,          // of sampler messages
	SIMD16 = 2,
	CHANNELS = 4,
};

/* What is known of a thread's registers on the way. */
struct walk {
	struct ugvt_eu_straight *straight;
	uint8_t written[UGVT_EU_GRF_BYTES]; // for all channels
};

static void bytes_read(struct walk *walk, unsigned at, unsigned size)
{
	for (unsigned i = at; i < at + size && i < UGVT_EU_GRF_BYTES; i++) {
		if (!walk->written[i]) {
			walk->straight->reads[i / UGVT_EU_REGISTER_BYTES] = true;
		}
	}
}

static void bytes_write(struct walk *walk, unsigned at, unsigned size, bool surely)
{
	for (unsigned i = at; i < at + size && i < UGVT_EU_GRF_BYTES; i++) {
		walk->straight->writes[i / UGVT_EU_REGISTER_BYTES] = true;
		walk->written[i] |= surely;
	}
}

static bool is_named(const struct ugvt_eu_access *access)
{
	return access->place == UGVT_EU_PLACE_NULL || access->place == UGVT_EU_PLACE_GRF ||
	       access->place == UGVT_EU_PLACE_IMMEDIATE;
}

static bool uses_accumulator(const struct ugvt_eu_inst *inst)
{
	switch (inst->opcode) {
	case UGVT_EU_MAC:
	case UGVT_EU_MACH:
	case UGVT_EU_SADA2:
	case UGVT_EU_ADDC:
	case UGVT_EU_SUBB: return true;
	default: return inst->acc_write || ugvt_eu_is_macro(inst);
	}
}

static void source_walk(
	struct walk *walk, const struct ugvt_eu_step *step, const struct ugvt_eu_access *src)
{
	bool plane = step->inst.opcode == UGVT_EU_PLN || step->inst.opcode == UGVT_EU_LINE;
	unsigned elements = UGVT_MAX(step->inst.exec_size, plane ? PLANE_ELEMENTS : 1);

	if (src->place != UGVT_EU_PLACE_GRF) {
		return;
	}
	for (unsigned i = 0; i < elements; i++) {
		bytes_read(walk, src->at[i], ugvt_eu_type_size(src->type));
	}
}

static bool compute_walk(struct walk *walk, const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	bool surely = inst->predicate == UGVT_EU_PREDICATE_NONE || inst->opcode == UGVT_EU_SEL;

	if (uses_accumulator(inst) || !is_named(&step->dst)) {
		return false;
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(step->src); i++) {
		if (!is_named(&step->src[i])) {
			return false;
		}
		source_walk(walk, step, &step->src[i]);
	}
	for (unsigned i = 0; step->dst.place == UGVT_EU_PLACE_GRF && i < inst->exec_size; i++) {
		bytes_write(walk, step->dst.at[i], ugvt_eu_type_size(step->dst.type),
			surely && (step->writes >> i & 1));
	}
	return true;
}

/* Of a message's registers; false: they are not named, or reach beyond the last one. */
static bool payload_walk(struct walk *walk, const struct ugvt_eu_operand *operand, unsigned length)
{
	if (ugvt_eu_is_null(operand)) {
		return true;
	}
	if (operand->file != UGVT_EU_FILE_GRF || operand->indirect ||
		operand->number + length > UGVT_EU_REGISTERS) {
		return false;
	}
	bytes_read(walk, operand->number * UGVT_EU_REGISTER_BYTES, length * UGVT_EU_REGISTER_BYTES);
	return true;
}

/* Whether all of the response's registers are written, all lanes of them. */
static bool response_is_whole(const struct ugvt_eu_inst *inst)
{
	uint32_t desc = inst->desc.value;
	unsigned mode = ugvt_eu_sampler_simd_mode(desc);
	unsigned lanes = mode == SIMD16 ? 16 : 8;

	return inst->sfid == UGVT_EU_SFID_SAMPLER && (mode == SIMD8 || mode == SIMD16) &&
	       !ugvt_eu_message_header(desc) && inst->exec_size == lanes &&
	       ugvt_eu_response_length(desc) <= CHANNELS * lanes / 8;
}

static bool response_walk(struct walk *walk, const struct ugvt_eu_inst *inst)
{
	unsigned length = ugvt_eu_response_length(inst->desc.value);

	if (ugvt_eu_is_null(&inst->dst) || length == 0) {
		return true;
	}
	if (inst->dst.file != UGVT_EU_FILE_GRF || inst->dst.indirect ||
		inst->dst.number + length > UGVT_EU_REGISTERS) {
		return false;
	}
	bytes_write(walk, inst->dst.number * UGVT_EU_REGISTER_BYTES,
		length * UGVT_EU_REGISTER_BYTES, response_is_whole(inst));
	return true;
}

static bool message_walk(struct walk *walk, const struct ugvt_eu_inst *inst)
{
	unsigned length2 = ugvt_eu_ex_message_length(inst->ex_desc.value);

	return inst->predicate == UGVT_EU_PREDICATE_NONE && !inst->desc.indirect &&
	       !inst->ex_desc.indirect &&
	       payload_walk(walk, &inst->src[0], ugvt_eu_message_length(inst->desc.value)) &&
	       (inst->op->form != UGVT_EU_FORM_SENDS ||
		       payload_walk(walk, &inst->src[1], length2)) &&
	       response_walk(walk, inst);
}

static bool step_walk(struct walk *walk, const struct ugvt_eu_step *step, uint32_t n)
{
	struct ugvt_eu_straight *straight = walk->straight;

	unsigned end = step->inst.first + step->inst.exec_size;

	/* Channels that there are not execute only what all do. */
	if (step->wrong || (end > UGVT_EU_STRAIGHT_LANES && !step->inst.no_mask)) {
		return false;
	}
	if (ugvt_eu_is_send(&step->inst)) {
		if (end > UGVT_EU_STRAIGHT_LANES ||
			straight->messages == UGVT_EU_STRAIGHT_MESSAGES) {
			return false;
		}
		straight->message[straight->messages++] = (uint16_t)n;
		straight->cost += UGVT_EU_MESSAGE_COST;
		return message_walk(walk, &step->inst);
	}
	straight->cost++;
	return step->inst.opcode == UGVT_EU_NOP ||
	       (ugvt_eu_computes(step) && compute_walk(walk, step));
}

void ugvt_eu_straight_find(struct ugvt_eu_program *program)
{
	struct walk walk = {.straight = &program->straight};

	program->straight = (struct ugvt_eu_straight){.messages = 0};
	for (uint32_t n = 0; n < program->n; n++) {
		const struct ugvt_eu_step *step = &program->steps[n];

		if (!step_walk(&walk, step, n) ||
			program->straight.cost > UGVT_EU_STRAIGHT_COST_MAX) {
			break;
		}
		if (ugvt_eu_is_send(&step->inst) && step->inst.eot) {
			return;
		}
	}
	program->straight.messages = 0;
}

void ugvt_eu_straight_begin(struct ugvt_eu_thread *thread, uint32_t channels)
{
	thread->flag[0] = thread->flag[1] = 0;
	thread->dispatched = thread->active = channels;
	ugvt_eu_go_set(thread);
}

void ugvt_eu_straight_modes_find(
	const struct ugvt_eu_thread *thread, struct ugvt_eu_straight_modes *modes)
{
	modes->host = ugvt_eu_mode_begin();
	ugvt_eu_mode_set(thread->cr0[0], false);
	modes->thread = ugvt_eu_mode_begin();
	ugvt_eu_mode_end(modes->host);
}

void ugvt_eu_straight_compute(struct ugvt_eu_thread *thread,
	const struct ugvt_eu_straight_modes *modes, uint32_t first, uint32_t end)
{
	const struct ugvt_eu_code *code = thread->program->code + first;
	const struct ugvt_eu_code *behind = thread->program->code + end;

	if (first == end) {
		return;
	}
	ugvt_eu_mode_end(modes->thread);
	while (code != behind) {
		code = code->run(thread, code);
	}
	ugvt_eu_mode_end(modes->host);
}

struct ugvt_eu_message ugvt_eu_straight_message(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	bool split = inst->op->form == UGVT_EU_FORM_SENDS;

	return (struct ugvt_eu_message){
		.thread = thread,
		.inst = inst,
		.sfid = inst->sfid,
		.eot = inst->eot,
		.desc = inst->desc.value,
		.ex_desc = inst->ex_desc.value,
		.exec_size = inst->exec_size,
		.first = inst->first,
		.length = ugvt_eu_message_length(inst->desc.value),
		.length2 = split ? ugvt_eu_ex_message_length(inst->ex_desc.value) : 0,
		.response_length =
			ugvt_eu_is_null(&inst->dst) ? 0 : ugvt_eu_response_length(inst->desc.value),
	};
}

bool ugvt_eu_only_reads(const struct ugvt_eu_inst *inst)
{
	return inst->sfid == UGVT_EU_SFID_SAMPLER || inst->sfid == UGVT_EU_SFID_SAMPLER_CACHE ||
	       inst->sfid == UGVT_EU_SFID_CONSTANT_CACHE;
}
