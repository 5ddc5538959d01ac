/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/disasm.h"
#include "gpu/eu/pair.h"
#include "gpu/eu/thread.h"

/*
 * Machine code from the input, disassembled and executed for a while, in a pair if it can be. Messages are answered with their payload.
 *
 * Input: a byte of cr0 and one of how registers start, then code.
 */

enum {
	STEPS = 300,
};

static const char *port_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	unsigned n = UGVT_MIN(message->length, message->response_length);

	if (message->response) {
		memset(message->response, 0x5a, message->response_length * UGVT_EU_REGISTER_BYTES);
		memcpy(message->response, message->payload, n * UGVT_EU_REGISTER_BYTES);
	}
	for (unsigned i = 0; i < message->length2; i++) {
		message->thread->sr0[3] ^= message->payload2[i * UGVT_EU_REGISTER_BYTES];
	}
	return message->sfid == UGVT_EU_SFID_VME ? "a message that is refused" : NULL;
}

static const struct ugvt_eu_port_impl port_impl = {.send = port_send};

static void kernel_print(const uint8_t *code, size_t size)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out) {
		abort();
	}
	if (!ugvt_eu_disasm_kernel(out, code, size) || fclose(out) != 0) {
		abort();
	}
	free(text);
}

static void pair_run(const struct ugvt_eu_program *program, struct ugvt_eu_port *port, uint32_t cr0)
{
	const char *wrong[UGVT_EU_PAIR];
	struct ugvt_eu_pair pair;

	ugvt_eu_pair_init(&pair, program, cr0);
	ugvt_eu_pair_run(&pair, port, wrong);
}

static void kernel_run(const uint8_t *code, size_t size, uint8_t cr0, uint8_t fill)
{
	struct ugvt_eu_port port = {.impl = &port_impl};
	struct ugvt_eu_program *program = ugvt_eu_program_create(code, size);
	uint32_t control = (cr0 & 0xf1u) | (uint32_t)(cr0 & 2) << 9;
	struct ugvt_eu_thread thread;

	if (!program) {
		abort();
	}
	if (program->pair) {
		pair_run(program, &port, control);
	}
	ugvt_eu_thread_init(&thread, program, 0xfffffff0u >> (fill & 15), control);
	for (size_t i = 0; i < sizeof(thread.grf); i++) {
		thread.grf[i] = (uint8_t)(fill * i + (i >> 5));
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(thread.a0); i++) {
		thread.a0[i] = (uint16_t)(fill * 257u * i);
	}
	thread.flag[0] = fill * 0x01030507u;
	if (ugvt_eu_thread_run(&thread, &port, STEPS) == UGVT_EU_WAITS) {
		ugvt_eu_thread_notify(&thread, 0);
		ugvt_eu_thread_run(&thread, &port, STEPS);
	}
	ugvt_eu_program_destroy(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) {
		return 0;
	}
	kernel_print(data + 2, size - 2);
	kernel_run(data + 2, size - 2, data[0], data[1]);
	return 0;
}
