/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/isa.h"
#include "tests/gpu/cs/rig.h"
#include "tests/gpu/eu/encode.h"

/* Walkers: any descriptor, constants and dimensions, with kernels of any messages and instructions. Each run comes back. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	INSTRUCTIONS = 12,
	WALKERS = 4,
	BUDGET = 300,
	RUNS = 10,
	KERNEL = 0x400, // from RIG_USER on
	CURBE = 0x800,
};

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t take(struct input *input)
{
	uint32_t value = 0;
	size_t bytes = input->size < sizeof(value) ? input->size : sizeof(value);

	memcpy(&value, input->data, bytes);
	input->data += bytes;
	input->size -= bytes;
	return value;
}

/* A message mostly, with a descriptor of a function that takes it; else an operation. */
static struct ugvt_eu_inst inst_make(struct input *input)
{
	static const uint8_t functions[] = {UGVT_EU_SFID_DATA_CACHE_0, UGVT_EU_SFID_DATA_CACHE_1,
		UGVT_EU_SFID_GATEWAY, UGVT_EU_SFID_SPAWNER};
	static const uint8_t opcodes[] = {UGVT_EU_MOV, UGVT_EU_ADD, UGVT_EU_SHL, UGVT_EU_XOR};
	uint32_t pick = take(input);
	struct ugvt_eu_inst inst;

	if (pick & 3) {
		uint32_t desc = take(input) & ~UGVT_MASK(28, 20);

		desc |= (1 + (pick >> 8 & 3)) << 25 | (pick >> 10 & 3) << 20;
		inst = message(functions[pick >> 2 & 3], desc, pick >> 16 & 31, pick >> 28 == 15);
		inst.dst = vec(UGVT_EU_UD, pick >> 21 & 31);
	} else {
		inst = make(opcodes[pick >> 2 & 3], 8, vec(UGVT_EU_UD, pick >> 16 & 31),
			vec(UGVT_EU_UD, pick >> 21 & 31), imm(UGVT_EU_UD, pick >> 8 & 0xff));
	}
	inst.exec_size = (uint8_t)(8u << (pick >> 12 & 1));
	inst.no_mask = pick >> 13 & 1;
	return inst;
}

static void inst_write(struct rig *rig, unsigned n, const struct ugvt_eu_inst *inst, uint32_t noise)
{
	struct ugvt_eu_bits bits = encode(inst);

	if (noise >> 24 == 0xff) {
		bits.word[noise & 1] ^= noise;
	}
	for (unsigned i = 0; i < 4; i++) {
		rig_user_write(rig, RIG_USER + KERNEL + 16 * n + 4 * i,
			(uint32_t)(bits.word[i / 2] >> 32 * (i % 2)));
	}
}

static void kernel_write(struct rig *rig, struct input *input)
{
	struct ugvt_eu_inst end = message(UGVT_EU_SFID_SPAWNER, 1u << 25, 127, true);
	struct ugvt_eu_inst wait = make(UGVT_EU_WAIT, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_NOTIFY, 0),
		null(UGVT_EU_UD), null(UGVT_EU_UD));

	for (unsigned n = 0; n < INSTRUCTIONS; n++) {
		struct ugvt_eu_inst inst = inst_make(input);

		inst_write(rig, n, &inst, take(input));
		if (ugvt_eu_is_send(&inst) && inst.sfid == UGVT_EU_SFID_GATEWAY) {
			wait.no_mask = true;
			inst_write(rig, ++n, &wait, 0);
		}
	}
	inst_write(rig, INSTRUCTIONS, &end, 0);
	inst_write(rig, INSTRUCTIONS + 1, &end, 0);
}

static void walker_emit(struct rig *rig, struct input *input)
{
	uint32_t pick = take(input);
	uint32_t wild = pick & 1 ? UINT32_MAX : 0x3;

	RIG_EMIT(rig, 0x70000007, take(input), 0, 0, 0, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x70010002, 0, pick & 2 ? take(input) : 0x400, CURBE);
	RIG_EMIT(rig, 0x70020002, 0, 64, pick & 4 ? take(input) : 0);
	RIG_EMIT(rig, 0x7105000d | (pick & 0x500), pick >> 3 & 1, pick & 16 ? take(input) : 0,
		take(input) & 0xffff, take(input) & 0xc0030303, take(input) & wild & 1, 0,
		take(input) & wild, 0, 0, take(input) & wild, 0, take(input) & wild, take(input),
		take(input) | 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rig *rig = malloc(sizeof(*rig));
	struct ugvt_compute *compute = ugvt_compute_create();
	enum ugvt_cs_stop stop = UGVT_CS_BUDGET;
	struct input input = {data, size};

	rig_init_compute(rig, compute);
	RIG_EMIT(rig, 0x61010011, ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER), 0,
		ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER), ugvt_lo32(RIG_USER) | 1,
		ugvt_hi32(RIG_USER), ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER),
		ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER), 0, 0, 0, 0, 0, 0, 0);
	kernel_write(rig, &input);
	for (unsigned i = 0; i < WALKERS; i++) {
		walker_emit(rig, &input);
	}
	for (unsigned i = 0; i < 16; i++) {
		rig_user_write(rig, RIG_USER + 4 * i, i % 8 == 0 ? KERNEL : take(&input));
	}
	for (unsigned i = 0; i < 0x100 && input.size > 0; i++) {
		rig_user_write(rig, RIG_USER + CURBE + 4 * i, take(&input));
	}
	rig_submit(rig);
	if (!ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR)) {
		abort();
	}
	for (unsigned i = 0; i < RUNS && stop == UGVT_CS_BUDGET; i++) {
		stop = ugvt_cs_run(rig->cs, BUDGET);
	}
	ugvt_cs_reset(rig->cs);
	rig_finish(rig);
	ugvt_compute_destroy(compute);
	free(rig);
	return 0;
}
