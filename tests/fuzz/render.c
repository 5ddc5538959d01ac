/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gen/commands.h"
#include "tests/gpu/cs/rig.h"
#include "tests/gpu/render/recorder.h"

/*
 * Draws with any state: the input is a row of commands of the 3D pipeline with any operands, and the memory that they read:
 * vertices, indices, state and kernels. What reaches the back has to be as the contract says, and each run has to come back.
 *
 * A command starts with a dword that picks its row (15:0) and its length (19:16) or how it is filled; addresses are made to
 * lead to memory where bit 7 of a dword says so.
 */

#define BUDGET 2000
#define RUNS 40
#define RING_DWORDS 2000
#define MEMORY_DWORDS 256

struct input {
	const uint8_t *data;
	unsigned dwords, at;
};

static uint32_t input_next(struct input *in)
{
	uint32_t dw = 0;

	if (in->at < in->dwords) {
		memcpy(&dw, in->data + 4 * in->at, sizeof(dw));
	}
	in->at++;
	return dw;
}

/* Those whose operands the pipeline reads. */
static bool is_of_pipeline(const struct ugvt_command *row)
{
	return (row->engines & (1 << UGVT_RCS)) &&
	       (row->action == UGVT_ACTION_STATE || row->action == UGVT_ACTION_HZ_OP ||
		       row->action == UGVT_ACTION_PRIMITIVE);
}

static const struct ugvt_command *row_pick(uint32_t number)
{
	size_t count = 0;

	for (size_t i = 0; i < ugvt_command_count; i++) {
		count += is_of_pipeline(&ugvt_commands[i]);
	}
	number %= (uint32_t)count;
	for (size_t i = 0;; i++) {
		if (is_of_pipeline(&ugvt_commands[i]) && number-- == 0) {
			return &ugvt_commands[i];
		}
	}
}

static uint32_t operand(uint32_t value)
{
	static const uint32_t places[] = {(uint32_t)RIG_USER, (uint32_t)RIG_BATCH, RIG_USER >> 32,
		RIG_BATCH >> 32, (uint32_t)RIG_USER | 1, (uint32_t)RIG_BATCH | 1, 0, 0x1000};

	return value & 0x80 ? places[value & 7] + (value >> 16 & 0xffc) : value;
}

static unsigned length_pick(const struct ugvt_command *row, uint32_t pick)
{
	unsigned wanted = pick >> 16 & 15 ? row->keep : pick >> 20 & 15;

	if (row->length_mask == 0) {
		return row->bias;
	}
	if (row->action == UGVT_ACTION_PRIMITIVE) {
		wanted = 7;
	} else if (row->keep > 20) {
		wanted = 2 + (pick >> 20 & 31);
	}
	return UGVT_MAX(wanted, row->bias);
}

static void command_emit(struct rig *rig, struct input *in)
{
	uint32_t pick = input_next(in);
	const struct ugvt_command *row = row_pick(pick & 0xffff);
	unsigned n = length_pick(row, pick);
	uint32_t dw[64];

	dw[0] = row->header | (pick >> 8 & ~row->mask & ~row->length_mask) |
		(row->length_mask ? n - row->bias : 0);
	for (unsigned i = 1; i < n; i++) {
		dw[i] = operand(input_next(in));
	}
	rig_emit(rig, dw, n);
}

static void memory_fill(struct rig *rig, struct input *in)
{
	for (unsigned i = 0; i < MEMORY_DWORDS && in->at < in->dwords; i++) {
		uint32_t value = input_next(in);

		rig_user_write(rig, RIG_USER + 4 * i, value);
		rig_user_write(rig, RIG_BATCH + 4 * i, value);
	}
}

/* So that something is drawn whatever the input misses: a viewport, clipping, elements, a shader that may be switched on. */
static void state_emit(struct rig *rig)
{
	RIG_EMIT(rig, 0x61010011, 1, 0, 0, ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER),
		ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER), 1, 0, ugvt_lo32(RIG_BATCH) | 1,
		ugvt_hi32(RIG_BATCH), 0, 0, 0, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x78080003, 1 << 14 | 16, ugvt_lo32(RIG_USER), ugvt_hi32(RIG_USER), 0x8000);
	RIG_EMIT(rig, 0x780a0003, 1 << 8, ugvt_lo32(RIG_USER), ugvt_hi32(RIG_USER), 0x4000);
	RIG_EMIT(rig, 0x78090003, 0x02000000, 0x22220000, 0x02000000, 0x11110000);
	RIG_EMIT(rig, 0x78120002, 0x400, 1u << 31 | 1 << 28 | 1 << 26, 0);
	RIG_EMIT(rig, 0x784b0000, 5);
}

static void input_run(struct input *in)
{
	struct rig *rig = malloc(sizeof(*rig));
	struct recorder *recorder = malloc(sizeof(*recorder));
	uint32_t flags = input_next(in);
	enum ugvt_cs_stop stop = UGVT_CS_BUDGET;
	struct ugvt_render *render;

	recorder_init(recorder);
	recorder->room = flags & 15;
	recorder->runs_each = flags >> 4 & 3;
	render = ugvt_render_create(&recorder->raster);
	rig_init_render(rig, render);
	state_emit(rig);
	memory_fill(rig, in);
	while (in->at < in->dwords && rig->tail < 4 * RING_DWORDS) {
		command_emit(rig, in);
	}
	rig_submit(rig);
	if (!ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR)) {
		abort();
	}
	for (unsigned i = 0; i < RUNS && stop == UGVT_CS_BUDGET; i++) {
		stop = ugvt_cs_run(rig->cs, BUDGET);
	}
	if (flags & 0x100) {
		ugvt_cs_reset(rig->cs);
	}
	rig_finish(rig);
	ugvt_render_destroy(render);
	free(recorder);
	free(rig);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {.data = data, .dwords = (unsigned)size / 4};

	input_run(&in);
	return 0;
}
