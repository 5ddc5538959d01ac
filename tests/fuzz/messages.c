/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gpu/eu/isa.h"
#include "gpu/eu/message.h"
#include "tests/gpu/render/messages.h"

/*
 * Messages to shared functions: any descriptors, headers, operands, surface and sampler states. Nothing is touched but the guest's
 * memory, shared local memory and the response, which has just the size that the message says.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	MESSAGES_MAX = 50,
	STATE_DWORDS = 0x200,
	LOCAL_BYTES = 1000,
	REGISTERS_MAX = 15,
};

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t take(struct input *input, size_t bytes)
{
	uint32_t value = 0;

	bytes = bytes < input->size ? bytes : input->size;
	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->size -= bytes;
	return value;
}

/* Registers of offsets: small ones mostly, with what leads to memory now and then. */
static uint8_t *payload_make(struct input *input, unsigned registers)
{
	static const uint32_t places[] = {0, (uint32_t)TEXTURE, TEXTURE >> 32, (uint32_t)BUFFER,
		UINT32_MAX, 0x3f800000, 0x7fc00000, BUFFER_SIZE - 2};
	uint32_t *dwords = malloc(registers * UGVT_EU_REGISTER_BYTES + 1);
	uint32_t seed = take(input, 4);

	for (unsigned i = 0; i < registers * UGVT_EU_REGISTER_BYTES / 4; i++) {
		seed = seed * 1664525 + 1013904223;
		dwords[i] = seed >> 28 == 0 ? places[seed >> 8 & 7] : seed >> 8 & 0x7f;
	}
	for (unsigned i = 0; i < 4 && registers > 0; i++) {
		uint32_t where = take(input, 1);

		dwords[where % (registers * 8)] = take(input, 4);
	}
	return (uint8_t *)dwords;
}

static void message_send(struct bench *bench, struct input *input)
{
	static const uint8_t functions[] = {UGVT_EU_SFID_SAMPLER, UGVT_EU_SFID_SAMPLER_CACHE,
		UGVT_EU_SFID_CONSTANT_CACHE, UGVT_EU_SFID_DATA_CACHE_0, UGVT_EU_SFID_DATA_CACHE_1,
		UGVT_EU_SFID_DATA_CACHE_1, UGVT_EU_SFID_GATEWAY};
	struct ugvt_eu_message *message = &bench->message;
	uint32_t pick = take(input, 4);
	uint8_t *payload, *payload2, *response;

	message->sfid = functions[(pick & 0xff) % UGVT_ARRAY_SIZE(functions)];
	message->desc = take(input, 4);
	message->ex_desc = pick & 0x100 ? take(input, 4) : 0;
	message->channels = take(input, 4);
	message->exec_size = (uint8_t)(1u << (pick >> 9 & 7) % 6);
	message->first = pick >> 12 & 28;
	message->length = ugvt_eu_message_length(message->desc);
	message->length2 = (pick >> 20) % (REGISTERS_MAX + 1);
	message->response_length = ugvt_eu_response_length(message->desc);
	payload = payload_make(input, message->length);
	payload2 = payload_make(input, message->length2);
	response = calloc(1, message->response_length * UGVT_EU_REGISTER_BYTES + 1);
	message->payload = payload;
	message->payload2 = payload2;
	message->response = response;
	bench_send(bench);
	free(payload);
	free(payload2);
	free(response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t states[STATE_DWORDS];
	static struct bench *bench;
	static uint8_t *local;
	struct input input = {data, size};
	struct ugvt_functions_tables tables = {
		.binding_table = STATES + TABLE, .samplers = STATES + SAMPLERS};

	if (!bench) {
		void *state;

		bench_setup(&state);
		bench = state;
		local = malloc(LOCAL_BYTES);
		memcpy(states, bench->states, sizeof(states));
	}
	memcpy(bench->states, states, sizeof(states));
	tables.local = local;
	tables.local_size = LOCAL_BYTES;
	ugvt_functions_begin_tables(bench->functions, &bench->state, &bench->space.as, &tables);
	for (unsigned i = 0; i < MESSAGES_MAX && input.size > 0; i++) {
		uint32_t what = take(&input, 2);

		if (what % 4 != 0) {
			bench->states[what / 4 % STATE_DWORDS] = take(&input, 4);
		} else {
			ugvt_functions_begin_tables(
				bench->functions, &bench->state, &bench->space.as, &tables);
			ugvt_functions_window(bench->functions);
			message_send(bench, &input);
		}
	}
	return 0;
}
