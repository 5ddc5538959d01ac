/* SPDX-License-Identifier: MIT */
#include "gpu/eu/pair.h"

#include <stdlib.h>
#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/eu/value.h"

enum {
	LANES = UGVT_EU_PAIR_LANES,
	ALL_LANES = 0xff,
	BOTH_LANES = 0xffff,
};

/* Where a register's byte is: of the first thread, or of the second. */
static uint16_t place_of(unsigned at, unsigned half)
{
	unsigned number = at / UGVT_EU_REGISTER_BYTES, byte = at % UGVT_EU_REGISTER_BYTES;

	return (uint16_t)((number * UGVT_EU_PAIR + half) * UGVT_EU_REGISTER_BYTES + byte);
}

/* On the way through a kernel: which bytes may differ between threads that began with the same. */
struct walk {
	struct ugvt_eu_straight *straight; // of the pair
	bool written[UGVT_EU_GRF_BYTES], differs[UGVT_EU_GRF_BYTES];
};

/* One for all channels, and the same for both threads. */
static bool is_shared(const struct walk *walk, const struct ugvt_eu_access *src, unsigned lanes)
{
	unsigned size = ugvt_eu_type_size(src->type);

	for (unsigned n = 1; n < lanes; n++) {
		if (src->at[n] != src->at[0]) {
			return false;
		}
	}
	for (unsigned i = 0; i < size; i++) {
		if (walk->differs[src->at[0] + i]) {
			return false;
		}
	}
	return true;
}

static void mark_same(struct walk *walk, const struct ugvt_eu_access *src)
{
	for (unsigned i = 0; i < ugvt_eu_type_size(src->type); i++) {
		if (!walk->written[src->at[0] + i]) {
			walk->straight->same[src->at[0] / UGVT_EU_REGISTER_BYTES] = true;
		}
	}
}

/* Its channels' elements, then those of the second thread. */
static void access_widen(struct ugvt_eu_access *access, unsigned lanes, bool shared)
{
	for (unsigned n = lanes; n < LANES; n++) {
		access->at[n] = access->at[0];
	}
	for (unsigned n = 0; n < LANES; n++) {
		access->at[LANES + n] = place_of(access->at[n], !shared);
		access->at[n] = place_of(access->at[n], 0);
	}
}

/* Whether what is read is the same for both threads. */
static bool source_widen(struct walk *walk, struct ugvt_eu_access *src, unsigned lanes)
{
	bool shared;

	if (src->place == UGVT_EU_PLACE_IMMEDIATE) {
		memcpy(src->at + LANES, src->at, LANES * sizeof(src->at[0]));
	}
	if (src->place != UGVT_EU_PLACE_GRF) {
		return true;
	}
	shared = is_shared(walk, src, lanes);
	if (shared) {
		mark_same(walk, src);
	}
	access_widen(src, lanes, shared);
	return shared;
}

static void destination_walk(
	struct walk *walk, const struct ugvt_eu_step *step, unsigned lanes, bool shared)
{
	const struct ugvt_eu_access *dst = &step->dst;
	bool always = step->inst.no_mask && !step->inst.predicate;

	for (unsigned n = 0; n < lanes; n++) {
		for (unsigned i = 0; i < ugvt_eu_type_size(dst->type); i++) {
			walk->written[dst->at[n] + i] = true;
			walk->differs[dst->at[n] + i] =
				!shared || !always || !(step->writes >> n & 1);
		}
	}
}

static void compute_widen(struct walk *walk, struct ugvt_eu_step *step)
{
	unsigned lanes = step->inst.exec_size;
	uint32_t writes = step->writes & (UINT32_MAX >> (32 - lanes));
	bool shared = true;

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		shared = source_widen(walk, &step->src[n], lanes) && shared;
	}
	if (step->dst.place == UGVT_EU_PLACE_GRF) {
		destination_walk(walk, step, lanes, shared);
		access_widen(&step->dst, lanes, false);
	}
	step->writes = writes | writes << LANES;
	step->lanes = BOTH_LANES;
	step->inst.exec_size = UGVT_EU_PAIR * LANES;
}

static void message_widen(struct walk *walk, const struct ugvt_eu_inst *inst)
{
	unsigned at = inst->dst.number * UGVT_EU_REGISTER_BYTES;
	unsigned size = ugvt_eu_response_length(inst->desc.value) * UGVT_EU_REGISTER_BYTES;

	if (!ugvt_eu_is_null(&inst->dst)) {
		memset(walk->written + at, true, size);
		memset(walk->differs + at, true, size);
	}
}

static bool is_inside(const struct ugvt_eu_access *access, unsigned lanes)
{
	unsigned size = ugvt_eu_type_size(access->type);

	for (unsigned n = 0; access->place == UGVT_EU_PLACE_GRF && n < lanes; n++) {
		if (access->at[n] % UGVT_EU_REGISTER_BYTES + size > UGVT_EU_REGISTER_BYTES ||
			access->at[n] >= UGVT_EU_GRF_BYTES) {
			return false;
		}
	}
	return true;
}

static bool may_compute(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	bool inside = is_inside(&step->dst, inst->exec_size);

	for (unsigned n = 0; n < inst->op->sources; n++) {
		inside = inside && is_inside(&step->src[n], inst->exec_size);
	}
	return inside && inst->exec_size <= LANES && inst->first == 0 &&
	       !ugvt_eu_looks_aside(inst->opcode) &&
	       (inst->align16 || inst->predicate < UGVT_EU_PREDICATE_ANY16H);
}

static bool may_widen(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	if (ugvt_eu_is_send(inst)) {
		return inst->exec_size <= LANES && inst->first == 0 &&
		       (inst->sfid == UGVT_EU_SFID_URB || ugvt_eu_only_reads(inst));
	}
	return inst->opcode == UGVT_EU_NOP || may_compute(step);
}

static bool may_pair(const struct ugvt_eu_program *program, uint32_t n)
{
	if (program->straight.messages == 0) {
		return false;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (!may_widen(&program->steps[i])) {
			return false;
		}
	}
	return true;
}

static void steps_widen(struct ugvt_eu_program *pair)
{
	struct walk walk = {.straight = &pair->straight};

	for (uint32_t n = 0; n < pair->n; n++) {
		struct ugvt_eu_step *step = &pair->steps[n];

		if (ugvt_eu_is_send(&step->inst)) {
			message_widen(&walk, &step->inst);
		} else if (step->inst.opcode != UGVT_EU_NOP) {
			compute_widen(&walk, step);
		}
	}
}

bool ugvt_eu_pair_create(struct ugvt_eu_program *program)
{
	const struct ugvt_eu_straight *straight = &program->straight;
	uint32_t n = straight->messages ? straight->message[straight->messages - 1] + 1u : 0;
	struct ugvt_eu_program *pair;

	if (!may_pair(program, n)) {
		return true;
	}
	pair = program->pair = calloc(1, sizeof(*pair));
	if (!pair) {
		return false;
	}
	pair->n = n;
	pair->straight = *straight;
	pair->steps = calloc(n, sizeof(*pair->steps));
	pair->code = calloc(n + 1, sizeof(*pair->code));
	if (!pair->steps || !pair->code) {
		return false;
	}
	memcpy(pair->steps, program->steps, n * sizeof(*pair->steps));
	steps_widen(pair);
	return true;
}

bool ugvt_eu_pair_may_differ(const struct ugvt_eu_program *program, unsigned number)
{
	return number >= UGVT_EU_REGISTERS || !program->pair->straight.same[number];
}

void ugvt_eu_pair_init(
	struct ugvt_eu_pair *pair, const struct ugvt_eu_program *program, uint32_t cr0)
{
	const struct ugvt_eu_straight *straight = &program->straight;

	ugvt_eu_thread_init(&pair->thread, program->pair, BOTH_LANES, cr0);
	for (unsigned i = 0; i < UGVT_EU_REGISTERS; i++) {
		if (straight->reads[i]) {
			memset(ugvt_eu_pair_registers(pair, i), 0,
				UGVT_EU_PAIR * UGVT_EU_REGISTER_BYTES);
		}
	}
	ugvt_eu_straight_modes_find(&pair->thread, &pair->modes);
}

static void registers_read(struct ugvt_eu_pair *pair, unsigned half,
	const struct ugvt_eu_operand *from, unsigned length, uint8_t *to)
{
	if (ugvt_eu_is_null(from)) {
		memset(to, 0, length * UGVT_EU_REGISTER_BYTES);
		return;
	}
	for (unsigned i = 0; i < length; i++) {
		memcpy(to + i * UGVT_EU_REGISTER_BYTES,
			ugvt_eu_pair_registers(pair, from->number + i) +
				half * UGVT_EU_REGISTER_BYTES,
			UGVT_EU_REGISTER_BYTES);
	}
}

static void response_write(
	struct ugvt_eu_pair *pair, unsigned half, const struct ugvt_eu_message *message)
{
	for (unsigned i = 0; i < message->response_length; i++) {
		memcpy(ugvt_eu_pair_registers(pair, message->inst->dst.number + i) +
				half * UGVT_EU_REGISTER_BYTES,
			pair->response + i * UGVT_EU_REGISTER_BYTES, UGVT_EU_REGISTER_BYTES);
	}
}

static const char *half_send(struct ugvt_eu_pair *pair, const struct ugvt_eu_step *step,
	unsigned half, struct ugvt_eu_port *port)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	struct ugvt_eu_message message = ugvt_eu_straight_message(&pair->thread, step);
	const char *wrong;

	message.channels = step->lanes & (inst->no_mask ? UINT32_MAX : ALL_LANES);
	message.payload = pair->payload[0];
	registers_read(pair, half, &inst->src[0], message.length, pair->payload[0]);
	if (inst->op->form == UGVT_EU_FORM_SENDS) {
		message.payload2 = pair->payload[1];
		registers_read(pair, half, &inst->src[1], message.length2, pair->payload[1]);
	}
	if (message.response_length > 0) {
		message.response = pair->response;
		registers_read(pair, half, &inst->dst, message.response_length, pair->response);
	}
	wrong = port->impl->send(port, &message);
	response_write(pair, half, &message);
	return wrong;
}

void ugvt_eu_pair_run(
	struct ugvt_eu_pair *pair, struct ugvt_eu_port *port, const char *wrong[UGVT_EU_PAIR])
{
	const struct ugvt_eu_program *program = pair->thread.program;
	const struct ugvt_eu_straight *straight = &program->straight;
	uint32_t at = 0;

	ugvt_eu_straight_begin(&pair->thread, BOTH_LANES);
	wrong[0] = wrong[1] = NULL;
	for (unsigned i = 0; i < straight->messages; i++) {
		uint32_t next = straight->message[i];

		ugvt_eu_straight_compute(&pair->thread, &pair->modes, at, next);
		for (unsigned half = 0; half < UGVT_EU_PAIR; half++) {
			if (!wrong[half]) {
				wrong[half] = half_send(pair, &program->steps[next], half, port);
			}
		}
		at = next + 1;
	}
}
