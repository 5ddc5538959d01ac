/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gen/commands.h"
#include "gpu/cs/regs.h"
#include "tests/gpu/cs/rig.h"

/*
 * A whole engine from the input: ring, batch, context image and the last level of the page tables. Each run must come back
 * within its budget.
 *
 * Input: an engine, flags, where in the tables and in the image the rest goes too, then dwords. Of these the first
 * half is the ring, to whose end a jump to the batch is added, the second half is the batch. Addresses are moved to where
 * memory is, half of the time.
 */

enum {
	FLAG_PREEMPT = 1 << 0,
	FLAG_TABLES = 1 << 1,
	FLAG_IMAGE = 1 << 2, // what stands there stays otherwise as a driver makes it
	FLAG_THREE_LEVELS = 1 << 3,
	FLAG_PRIVILEGED = 1 << 4, // the batch is in the GGTT
	FLAG_COMMANDS = 1 << 5,   // what stands where a command begins names a row of the table

	HEADER = 8,
	RING_DWORDS = 1024,
	BATCH_DWORDS = 1024,
	RUNS = 12,
	BUDGET = 300,
};

struct input {
	uint8_t engine;
	uint8_t flags;
	uint16_t table_entry; // of the page of PTEs
	uint16_t image_dword;
	const uint8_t *data;
	unsigned dwords;
};

static uint32_t input_dword(const struct input *in, unsigned i)
{
	uint32_t dw = 0;

	if (i < in->dwords) {
		memcpy(&dw, in->data + 4 * i, sizeof(dw));
	}
	return dw;
}

/* The row that bits 31:16 name; the rest are its other bits, with a short length. */
static uint32_t command_header(uint32_t dw)
{
	const struct ugvt_command *row = &ugvt_commands[(dw >> 16) % ugvt_command_count];
	uint32_t noise = (dw & 0xffff) << 8 | (dw & 0xff);

	return row->header | (noise & ~row->mask & ~row->length_mask) |
	       (dw & row->length_mask & 0xf);
}

static unsigned command_length(uint32_t header)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((header & row->mask) == row->header) {
			return ugvt_command_length(row, header);
		}
	}
	return 1;
}

/* The dwords first..end of the input as a stream of commands. */
static void commands_make(const struct input *in, uint32_t *dw, unsigned first, unsigned end)
{
	static const uint32_t places[] = {RIG_GLOBAL, (uint32_t)RIG_USER, (uint32_t)RIG_BATCH,
		RIG_GLOBAL_BATCH, RIG_USER >> 32, RIG_BATCH >> 32, 0x2600, 0x2000};
	unsigned left = 0;

	for (unsigned i = first; i < end; i++) {
		uint32_t value = input_dword(in, i);

		if (!(in->flags & FLAG_COMMANDS)) {
			dw[i - first] = value;
		} else if (left == 0) {
			dw[i - first] = command_header(value);
			left = command_length(dw[i - first]) - 1;
		} else {
			dw[i - first] =
				value & 0x80 ? places[value & 7] + (value >> 16 & 0xfff) : value;
			left--;
		}
	}
}

static void tables_fill(struct rig *rig, const struct input *in)
{
	uint64_t *entry = space_entry(&rig->space, RIG_USER & ~UINT64_C(0x1fffff), 0);

	for (unsigned i = 0; i < 64 && in->table_entry + i < 512; i++) {
		uint64_t pte = ugvt_u64(input_dword(in, 2 * i), input_dword(in, 2 * i + 1) & 0x7f);

		/* Half of them lead to memory. */
		entry[in->table_entry + i] = i % 2 ? pte : SPACE_GPA | (pte & 0x3ff000) | SPACE_RW;
	}
}

static void image_fill(struct rig *rig, const struct input *in)
{
	unsigned count = (rig->info->context_pages - 1) * 1024;

	for (unsigned i = 0; i < in->dwords; i++) {
		unsigned at = (in->image_dword + i) % count;

		/* The ring itself stays where it is. */
		if (at != 3 && (at < 8 || at > 11)) {
			rig_image_set(rig, at, input_dword(in, i));
		}
	}
	rig_image_set(rig, 3, 0x00010000); // to be restored
}

static void stream_fill(struct rig *rig, const struct input *in)
{
	bool privileged = in->flags & FLAG_PRIVILEGED;
	uint64_t batch = privileged ? RIG_GLOBAL_BATCH : RIG_BATCH;
	unsigned ring_end = UGVT_MIN(in->dwords / 2, RING_DWORDS);
	unsigned batch_end = UGVT_MIN(in->dwords, ring_end + BATCH_DWORDS);
	uint32_t dw[RING_DWORDS + BATCH_DWORDS];

	commands_make(in, dw, 0, ring_end);
	rig_emit(rig, dw, ring_end);
	commands_make(in, dw, ring_end, batch_end);
	if (privileged) {
		rig_global_fill(rig, (uint32_t)batch, dw, batch_end - ring_end);
	} else {
		rig_user_fill(rig, batch, dw, batch_end - ring_end);
	}
	RIG_EMIT(rig, 0x18800001 | (privileged ? 0 : 0x100), ugvt_lo32(batch), ugvt_hi32(batch));
}

/* Once around: false when there is no more to do. */
static bool engine_run(struct rig *rig)
{
	uint64_t before = ugvt_cs_stats(rig->cs)->commands;
	enum ugvt_cs_stop stop = ugvt_cs_run(rig->cs, BUDGET);

	if (ugvt_cs_stats(rig->cs)->commands - before > BUDGET) {
		abort();
	}
	if (stop == UGVT_CS_PREEMPTED) {
		ugvt_cs_context_save(rig->cs);
		return ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR);
	}
	return stop == UGVT_CS_BUDGET || stop == UGVT_CS_WAIT;
}

static void input_run(const struct input *in)
{
	struct rig *rig = malloc(sizeof(*rig));
	uint64_t descriptor = RIG_DESCRIPTOR;

	rig_init(rig, in->engine % UGVT_ENGINE_COUNT);
	stream_fill(rig, in);
	if (in->flags & FLAG_TABLES) {
		tables_fill(rig, in);
	}
	if (in->flags & FLAG_IMAGE) {
		image_fill(rig, in);
	}
	if (in->flags & FLAG_THREE_LEVELS) {
		descriptor &= ~UINT64_C(0x10);
	}
	rig_submit(rig);
	ugvt_cs_set_preempt(rig->cs, in->flags & FLAG_PREEMPT);
	if (ugvt_cs_context_restore(rig->cs, descriptor)) {
		for (unsigned i = 0; i < RUNS && engine_run(rig); i++) {
			rig->event = i % 2;
		}
		ugvt_cs_context_save(rig->cs);
	}
	rig_finish(rig);
	free(rig);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;

	if (size < HEADER) {
		return 0;
	}
	in = (struct input){
		.engine = data[0],
		.flags = data[1],
		.table_entry = (uint16_t)((data[2] | data[3] << 8) % 512),
		.image_dword = (uint16_t)(data[4] | data[5] << 8),
		.data = data + HEADER,
		.dwords = (unsigned)(size - HEADER) / 4,
	};
	input_run(&in);
	return 0;
}
