/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gen/commands.h"
#include "tests/gpu/cs/rig.h"
#include "tests/gpu/eu/encode.h"
#include "tests/gpu/render/recorder.h"

/*
 * Draws with any state: the input is a row of commands of the 3D pipeline with any operands, and the memory that they read:
 * vertices, indices, state and kernels. What reaches the back has to be as the contract says, and each run has to come back.
 *
 * A command starts with a dword that picks what it is and how it is filled; addresses are made to lead to memory where bit 7
 * of a dword says so.
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

/* The commands whose operands the pipeline reads. */
static const uint16_t headers[] = {
#define HEADER(name, header) header,
	UGVT_STATES(HEADER)
#undef HEADER
		0x7808, // 3DSTATE_VERTEX_BUFFERS
	0x7849,         // 3DSTATE_VF_INSTANCING
	0x7918,         // 3DSTATE_SO_BUFFER
};

static const struct ugvt_command *row_find(uint32_t header)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if (row->header == header << 16 && (row->engines & (1 << UGVT_RCS))) {
			return row;
		}
	}
	abort();
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
	return UGVT_MAX(row->keep > 20 ? 2 + (pick >> 20 & 31) : wanted, row->bias);
}

static void state_command_emit(struct rig *rig, struct input *in, uint32_t pick)
{
	const struct ugvt_command *row =
		row_find(headers[(pick & 0xff) % UGVT_ARRAY_SIZE(headers)]);
	unsigned n = length_pick(row, pick);
	uint32_t dw[64];

	dw[0] = row->header | (pick >> 8 & ~row->mask & ~row->length_mask) |
		(row->length_mask ? n - row->bias : 0);
	for (unsigned i = 1; i < n; i++) {
		dw[i] = operand(input_next(in));
	}
	rig_emit(rig, dw, n);
}

/* Few vertices, mostly. */
static void primitive_emit(struct rig *rig, struct input *in, uint32_t pick)
{
	uint32_t mask = pick & 0x8000 ? UINT32_MAX : 0x3ff;
	uint32_t topology[2] = {0x784b0000, pick & 0x3f};
	uint32_t dw[7] = {0x7b000005 | (pick & 0x400), pick & 0x100};

	for (unsigned i = 2; i < 7; i++) {
		dw[i] = input_next(in) & (i == 4 ? mask & 0x8000003f : mask);
	}
	rig_emit(rig, topology, 2);
	rig_emit(rig, dw, 7);
}

static void shader_emit(struct rig *rig, uint32_t pick)
{
	RIG_EMIT(rig, 0x78100007, pick & 0x3c0, 0, pick & 0x10000, 0, 0, 2 << 20 | 2 << 11,
		pick >> 10 & 0x400 | 4 | (pick >> 11 & 1), pick >> 8);
}

/* A geometry shader: SIMD8 threads, all else is anything. */
static void geometry_emit(struct rig *rig, struct input *in, uint32_t pick)
{
	RIG_EMIT(rig, 0x78110008, pick & 0x3c0, 0, pick & 0x10000, 0, 0, input_next(in),
		input_next(in) | 3 << 11 | 1, input_next(in), input_next(in));
	RIG_EMIT(rig, 0x78330000, input_next(in));
}

/* Tessellation, and patches of few vertices; or not. */
static void tessellation_emit(struct rig *rig, struct input *in, uint32_t pick)
{
	uint32_t enable = pick >> 10 & 1;

	RIG_EMIT(rig, 0x781b0007, pick & 0x10000, enable << 31 | (pick >> 11 & 15), pick & 0x3c0, 0,
		0, 0, input_next(in) & ~(3u << 17), 0);
	RIG_EMIT(rig, 0x781c0002, (input_next(in) & ~1u) | enable, input_next(in), input_next(in));
	RIG_EMIT(rig, 0x781d0009, pick & 0x3c0, 0, 0, 0, 0, input_next(in), 1 << 3 | enable, 0, 0,
		0);
	RIG_EMIT(rig, 0x78310000, input_next(in));
	RIG_EMIT(rig, 0x78320000, input_next(in));
	RIG_EMIT(rig, 0x784b0000, enable ? 32 + (pick >> 16 & 31) : 4);
	RIG_EMIT(rig, 0x7b000005, 0, input_next(in) & 0x3f, 0, 1, 0, 0);
}

static void command_emit(struct rig *rig, struct input *in)
{
	uint32_t pick = input_next(in);

	switch (pick >> 28) {
	case 0:
	case 1:
	case 2: primitive_emit(rig, in, pick); break;
	case 3:
	case 4: shader_emit(rig, pick); break;
	case 5: geometry_emit(rig, in, pick); break;
	case 6: tessellation_emit(rig, in, pick); break;
	default: state_command_emit(rig, in, pick); break;
	}
}

static void memory_fill(struct rig *rig, struct input *in)
{
	unsigned count = UGVT_MIN(MEMORY_DWORDS, in->dwords / 3);

	for (unsigned i = 0; i < count; i++) {
		uint32_t value = input_next(in);

		rig_user_write(rig, RIG_USER + 4 * i, value);
		rig_user_write(rig, RIG_BATCH + 4 * i, value);
	}
}

/* A kernel that does nothing but one message to the URB. */
static void kernel_write(struct rig *rig, uint32_t pick)
{
	uint32_t desc = (pick & UGVT_MASK(28, 4)) | 1 << 25 | 7 | pick % 7;
	struct ugvt_eu_inst inst = message(UGVT_EU_SFID_URB, desc, pick >> 24, true);
	struct ugvt_eu_bits bits = encode(&inst);

	for (unsigned i = 0; i < 4; i++) {
		rig_user_write(
			rig, RIG_BATCH + 4 * i, (uint32_t)(bits.word[i / 2] >> 32 * (i % 2)));
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
	if (flags & 0x200) {
		kernel_write(rig, flags >> 8);
	}
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
