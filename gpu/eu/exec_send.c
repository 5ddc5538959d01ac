/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/message.h"
#include "gpu/eu/value.h"

enum {
	PAYLOAD_MAX = 15, // registers, by the width of the fields
};

/* Of a payload that the response is written over. */
struct payload {
	uint8_t bytes[PAYLOAD_MAX * UGVT_EU_REGISTER_BYTES];
};

/* The dword of a0 that a descriptor is in, or what the instruction has. */
static uint32_t descriptor(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_descriptor *desc)
{
	uint32_t value;

	if (!desc->indirect) {
		return desc->value;
	}
	memcpy(&value, &thread->a0[desc->address_reg % 8 * 2], sizeof(value));
	return value;
}

/* Its first register; beyond the last if it has an address that is. */
static unsigned register_of(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_operand *operand)
{
	if (operand->indirect) {
		return (uint16_t)(thread->a0[operand->address_reg & 15] + operand->address_imm) /
		       UGVT_EU_REGISTER_BYTES;
	}
	return operand->number;
}

static bool response_find(struct ugvt_eu_thread *thread, struct ugvt_eu_message *message)
{
	const struct ugvt_eu_operand *dst = &message->inst->dst;
	unsigned first = register_of(thread, dst);

	message->response_length = ugvt_eu_response_length(message->desc);
	if (ugvt_eu_is_null(dst) || message->response_length == 0) {
		message->response_length = 0;
		return true;
	}
	if (first + message->response_length > UGVT_EU_REGISTERS) {
		return false;
	}
	message->response = thread->grf + first * UGVT_EU_REGISTER_BYTES;
	return true;
}

static bool overlaps_response(
	const struct ugvt_eu_message *message, const uint8_t *payload, unsigned length)
{
	const uint8_t *response = message->response;

	return response && payload < response + message->response_length * UGVT_EU_REGISTER_BYTES &&
	       response < payload + length * UGVT_EU_REGISTER_BYTES;
}

/* Where it is in the GRF, or a copy of it; NULL: beyond the last register. */
static const uint8_t *payload_find(const struct ugvt_eu_message *message,
	const struct ugvt_eu_operand *operand, unsigned length, struct payload *copy)
{
	unsigned first = register_of(message->thread, operand);
	const uint8_t *bytes;

	if (ugvt_eu_is_null(operand)) {
		memset(copy, 0, sizeof(*copy));
		return copy->bytes;
	}
	if (first + length > UGVT_EU_REGISTERS) {
		return NULL;
	}
	bytes = message->thread->grf + first * UGVT_EU_REGISTER_BYTES;
	if (!overlaps_response(message, bytes, length)) {
		return bytes;
	}
	memcpy(copy->bytes, bytes, length * UGVT_EU_REGISTER_BYTES);
	return copy->bytes;
}

const char *ugvt_eu_exec_send(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, struct ugvt_eu_port *port)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	static const char beyond[] = "message beyond the last register";
	struct payload payload, payload2;
	struct ugvt_eu_message message = {
		.thread = thread,
		.inst = inst,
		.sfid = inst->sfid,
		.eot = inst->eot,
		.desc = descriptor(thread, &inst->desc),
		.ex_desc = descriptor(thread, &inst->ex_desc),
		.channels = ugvt_eu_enabled(thread, step),
		.exec_size = inst->exec_size,
		.first = inst->first,
	};

	if (!response_find(thread, &message)) {
		return beyond;
	}
	message.length = ugvt_eu_message_length(message.desc);
	message.payload = payload_find(&message, &inst->src[0], message.length, &payload);
	if (inst->op->form == UGVT_EU_FORM_SENDS) {
		message.length2 = ugvt_eu_ex_message_length(message.ex_desc);
		message.payload2 =
			payload_find(&message, &inst->src[1], message.length2, &payload2);
		if (!message.payload2) {
			return beyond;
		}
	}
	return message.payload ? port->impl->send(port, &message) : beyond;
}
