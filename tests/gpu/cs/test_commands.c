/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/cs/cs_state.h"
#include "gpu/cs/regs.h"
#include "tests/gpu/cs/rig.h"

/* The table of commands, and what any stream of commands may do to an engine. */

static bool is_on(const struct ugvt_command *row, unsigned engine)
{
	return row->engines & (1 << engine);
}

static void row_check(const struct ugvt_command *row)
{
	assert_non_null(row->name);
	assert_int_equal(row->header & ~row->mask, 0);
	assert_int_equal(row->header & row->length_mask, 0);
	assert_in_range(row->bias, 1, 2);
	assert_in_range(row->engines, 1, 15);
	assert_in_range(row->action, 0, UGVT_ACTION_COUNT - 1);
	/* What is kept is state, and can be kept whole. */
	assert_true(row->keep == 0 || row->action == UGVT_ACTION_STATE ||
		    row->action == UGVT_ACTION_HZ_OP || row->action == UGVT_ACTION_STREAM_BUFFER ||
		    row->action == UGVT_ACTION_BLT);
	assert_true(row->action != UGVT_ACTION_STATE || row->keep > 0);
	assert_true(row->keep <= UGVT_CS_DWORDS_MAX);
}

static void test_rows(void **state)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		row_check(&ugvt_commands[i]);
		if (i > 0) {
			assert_true(ugvt_commands[i - 1].header <= ugvt_commands[i].header);
		}
	}
}

/* Two rows of one engine are told apart, and each is found by its header. */
static void test_index_finds_each_row(void **state)
{
	static struct ugvt_cs_index index;

	for (unsigned engine = 0; engine < UGVT_ENGINE_COUNT; engine++) {
		ugvt_cs_index_init(&index, (enum ugvt_engine_id)engine);
		for (size_t i = 0; i < ugvt_command_count; i++) {
			const struct ugvt_command *row = &ugvt_commands[i];
			const struct ugvt_command *found = ugvt_cs_index_find(&index, row->header);

			if (is_on(row, engine) && found != row) {
				/* One with a longer mask stands at the same header. */
				assert_non_null(found);
				assert_true((found->mask & row->mask) == row->mask);
				assert_true(found->mask != row->mask);
			}
		}
	}
}

static void test_index_agrees_with_the_table(void **state)
{
	static struct ugvt_cs_index index;

	srand(2);
	for (unsigned i = 0; i < 200000; i++) {
		unsigned engine = (unsigned)rand() % UGVT_ENGINE_COUNT;
		uint32_t header = (uint32_t)rand() << 8 ^ (uint32_t)rand();
		const struct ugvt_command *best = NULL;
		const struct ugvt_command *row = ugvt_commands;

		if (i % 2000 == 0) {
			ugvt_cs_index_init(&index, (enum ugvt_engine_id)(i / 2000 % 4));
		}
		engine = i / 2000 % 4;
		for (; row < ugvt_commands + ugvt_command_count; row++) {
			if (is_on(row, engine) && (header & row->mask) == row->header &&
				(!best || row->mask > best->mask)) {
				best = row;
			}
		}
		assert_ptr_equal(ugvt_cs_index_find(&index, header), best);
	}
}

static void test_lengths(void **state)
{
	static const struct {
		enum ugvt_engine_id engine;
		uint32_t header;
		unsigned length;
	} cases[] = {
		{UGVT_RCS, 0x00000000, 1},     // MI_NOOP
		{UGVT_RCS, 0x00400fff, 1},     // with an ID
		{UGVT_RCS, 0x11000001, 3},     // MI_LOAD_REGISTER_IMM(1)
		{UGVT_RCS, 0x11001057, 0x59},  // of a context image
		{UGVT_RCS, 0x18800101, 3},     // MI_BATCH_BUFFER_START
		{UGVT_BCS, 0x13004002, 4},     // MI_FLUSH_DW
		{UGVT_RCS, 0x100003ff, 0x401}, // MI_STORE_DATA_IMM
		{UGVT_RCS, 0x7a000004, 6},     // PIPE_CONTROL
		{UGVT_RCS, 0x69040300, 1},     // PIPELINE_SELECT
		{UGVT_RCS, 0x680b0001, 1},     // 3DSTATE_VF_STATISTICS
		{UGVT_RCS, 0x61010011, 19},    // STATE_BASE_ADDRESS
		{UGVT_RCS, 0x70000007, 9},     // MEDIA_VFE_STATE
		{UGVT_RCS, 0x7100ffff, 65537}, // MEDIA_OBJECT
		{UGVT_RCS, 0x791701ff, 513},   // 3DSTATE_SO_DECL_LIST
		{UGVT_RCS, 0x7105000d, 15},    // GPGPU_WALKER
		{UGVT_BCS, 0x54c00008, 10},    // XY_SRC_COPY_BLT
		{UGVT_VCS, 0x68000100, 1},     // MFX_WAIT
		{UGVT_VCS, 0x7702033d, 831},   // MFX_JPEG_HUFF_TABLE_STATE
		{UGVT_VECS, 0x74020004, 6},    // VEBOX_STATE
		{UGVT_BCS, 0x7a000004, 0},     // not there
		{UGVT_RCS, 0x54c00008, 0},
		{UGVT_VECS, 0x71280004, 0},
		{UGVT_RCS, 0x13004002, 0},
	};
	static struct ugvt_cs_index index;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		const struct ugvt_command *row;

		ugvt_cs_index_init(&index, cases[i].engine);
		row = ugvt_cs_index_find(&index, cases[i].header);
		assert_int_equal(
			row ? ugvt_command_length(row, cases[i].header) : 0, cases[i].length);
	}
}

static const struct ugvt_command *random_row(enum ugvt_engine_id engine)
{
	const struct ugvt_command *row;

	do {
		row = &ugvt_commands[(size_t)rand() % ugvt_command_count];
	} while (!is_on(row, engine));
	return row;
}

/* A header of the row, mostly with a short length; rarely anything. */
static uint32_t random_header(const struct ugvt_command *row)
{
	uint32_t noise = (uint32_t)rand() << 8 ^ (uint32_t)rand();
	uint32_t length = noise & row->length_mask & (rand() % 32 == 0 ? 0xff : 7);

	return rand() % 256 == 0 ? noise
				 : row->header | (noise & ~row->mask & ~row->length_mask) | length;
}

/* An address that is mapped more often than not, or anything. */
static uint32_t random_dword(unsigned at)
{
	switch (rand() % 8) {
	case 0: return (uint32_t)rand() << 8 ^ (uint32_t)rand();
	case 1: return RIG_GLOBAL + ((uint32_t)rand() & 0xfffc);
	case 2: return (uint32_t)RIG_BATCH + ((uint32_t)rand() & 0xfffc);
	case 3: return (uint32_t)RIG_USER + ((uint32_t)rand() & 0xfffc);
	case 4: return (uint32_t)(at % 2 ? RIG_BATCH : RIG_USER) >> 16 >> 16;
	case 5: return 0x2000 + ((uint32_t)rand() & 0x7fc);
	default: return (uint32_t)rand() & 0xff;
	}
}

static void stream_fill(struct rig *rig, uint32_t *dw, unsigned n)
{
	for (unsigned i = 0; i < n;) {
		const struct ugvt_command *row = random_row(rig->engine);
		unsigned operands;

		dw[i] = random_header(row);
		operands = ugvt_command_length(row, dw[i++]) - 1;
		for (; operands > 0 && i < n; operands--) {
			dw[i] = random_dword(i);
			i++;
		}
	}
}

/* Runs what is in the ring; each call comes back in a bounded number of commands. */
static void stream_run(struct rig *rig)
{
	for (unsigned i = 0; i < 20; i++) {
		uint64_t before = ugvt_cs_stats(rig->cs)->commands;
		enum ugvt_cs_stop stop = ugvt_cs_run(rig->cs, 500);

		assert_in_range(ugvt_cs_stats(rig->cs)->commands - before, 0, 500);
		if (stop == UGVT_CS_IDLE || stop == UGVT_CS_HUNG) {
			break;
		}
		if (stop == UGVT_CS_PREEMPTED) {
			ugvt_cs_context_save(rig->cs);
			assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
		}
	}
}

static void streams_run(enum ugvt_engine_id engine)
{
	struct rig *rig = malloc(sizeof(*rig));
	static uint32_t dw[1024];

	rig_init(rig, engine);
	for (unsigned round = 0; round < 300; round++) {
		rig_image_set(rig, 5, rig->tail);
		rig_image_set(rig, 0xf, 0); // not in a batch
		rig_image_set(rig, 0x15, 0);
		stream_fill(rig, dw, 256);
		rig_emit(rig, dw, 64);
		rig_user_fill(rig, RIG_BATCH, dw + 64, 192);
		stream_fill(rig, dw, 1024);
		rig_user_fill(rig, RIG_BATCH + 0x1000, dw, 1024);
		rig_image_set(rig, 9, RIG_RING);
		rig_image_set(rig, 11, (RIG_RING_SIZE - 4096) | 1);
		rig_submit(rig);
		ugvt_cs_set_preempt(rig->cs, round % 2);
		if (ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR)) {
			stream_run(rig);
		}
		ugvt_cs_context_save(rig->cs);
		ugvt_cs_reset(rig->cs);
		rig_reg_set(rig, RING_MI_MODE, MI_MODE_IDLE);
	}
	assert_true(ugvt_cs_stats(rig->cs)->commands > 1000);
	rig_finish(rig);
	free(rig);
}

static void test_random_streams(void **state)
{
	srand(3);
	for (unsigned engine = 0; engine < UGVT_ENGINE_COUNT; engine++) {
		streams_run((enum ugvt_engine_id)engine);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_index_finds_each_row),
		cmocka_unit_test(test_index_agrees_with_the_table),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_random_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
