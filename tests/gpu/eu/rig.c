/* SPDX-License-Identifier: MIT */
#include "tests/gpu/eu/rig.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

static const char *rig_send(struct ugvt_eu_port *port, const struct ugvt_eu_message *message)
{
	struct rig *rig = ugvt_container_of(port, struct rig, port);

	rig->messages++;
	rig->last = *message;
	memcpy(rig->payload, message->payload, message->length * UGVT_EU_REGISTER_BYTES);
	if (message->length2) {
		memcpy(rig->payload2, message->payload2, message->length2 * UGVT_EU_REGISTER_BYTES);
	}
	for (unsigned i = 0; i < message->response_length * 8; i++) {
		memcpy(message->response + 4 * i, &rig->answer, sizeof(rig->answer));
	}
	return rig->refuse;
}

static const struct ugvt_eu_port_impl rig_impl = {.send = rig_send};

void rig_init(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	rig->port.impl = &rig_impl;
}

void rig_finish(struct rig *rig)
{
	ugvt_eu_program_destroy(rig->program);
}

void rig_add(struct rig *rig, struct ugvt_eu_inst inst)
{
	if (rig->n == RIG_MAX) {
		abort();
	}
	rig->code[rig->n++] = encode(&inst);
}

void rig_start(struct rig *rig, uint32_t channels, uint32_t cr0)
{
	rig_add(rig, message(UGVT_EU_SFID_SPAWNER, 0x02000010, RIG_PAYLOAD, true));
	rig->program = ugvt_eu_program_create(rig->code, rig->n * sizeof(rig->code[0]));
	if (!rig->program) {
		abort();
	}
	ugvt_eu_thread_init(&rig->thread, rig->program, channels, cr0);
}

enum ugvt_eu_outcome rig_run(struct rig *rig)
{
	return ugvt_eu_thread_run(&rig->thread, &rig->port, 100000);
}

void rig_set(
	struct rig *rig, enum ugvt_eu_type type, unsigned number, unsigned element, uint64_t bits)
{
	unsigned size = ugvt_eu_type_size(type);

	memcpy(rig->thread.grf + number * UGVT_EU_REGISTER_BYTES + element * size, &bits, size);
}

uint64_t rig_get(const struct rig *rig, enum ugvt_eu_type type, unsigned number, unsigned element)
{
	unsigned size = ugvt_eu_type_size(type);
	uint64_t bits = 0;

	memcpy(&bits, rig->thread.grf + number * UGVT_EU_REGISTER_BYTES + element * size, size);
	return bits;
}
