/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "replay/replay.h"
#include "tests/drm-shim/rig.h"
#include "trace/writer.h"

#define PAGE 4096
#define DATA_SIZE 0x10000
#define TIME_WRITE 0x0010c000 // of PIPE_CONTROL DW1: write TIMESTAMP, and a stall

struct fixture {
	struct rig rig;
	struct rig_exec exec;
	uint32_t data; // a buffer of 64 KB at RIG_DATA
	uint32_t *dw;  // mapped
	char folder[64];
	char path[96];
	struct ugvt_replay_viewer viewer;
	unsigned processes, batches, commands, results, differ, hung;
	uint64_t stop; // before that command; 0: never
	uint64_t time;
};

static struct fixture *fixture_from_viewer(struct ugvt_replay_viewer *viewer)
{
	return ugvt_container_of(viewer, struct fixture, viewer);
}

static bool handle_process(
	struct ugvt_replay_viewer *viewer, const struct ugvt_trace_record *record)
{
	assert_string_equal(record->process.device, "skl");
	fixture_from_viewer(viewer)->processes++;
	return true;
}

static bool handle_batch(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_batch *batch)
{
	struct fixture *f = fixture_from_viewer(viewer);

	f->batches++;
	assert_int_equal(batch->number, f->batches);
	f->time = batch->info.time;
	return true;
}

static bool handle_command(struct ugvt_replay_viewer *viewer, const struct ugvt_cs_command *command)
{
	struct fixture *f = fixture_from_viewer(viewer);

	assert_non_null(command->row);
	f->commands++;
	return f->commands != f->stop;
}

static bool handle_result(
	struct ugvt_replay_viewer *viewer, const struct ugvt_replay_result *result)
{
	struct fixture *f = fixture_from_viewer(viewer);

	f->results++;
	f->differ += result->differ > 0;
	f->hung += !result->recorded_completed;
	assert_int_equal(result->completed, result->recorded_completed);
	return true;
}

static const struct ugvt_replay_viewer_impl viewer_impl = {
	.process = handle_process,
	.batch = handle_batch,
	.command = handle_command,
	.result = handle_result,
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->folder, "/tmp/ugvt-test-replay.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/trace", f->folder);
	f->viewer.impl = &viewer_impl;
	rig_init_trace(&f->rig, 100, f->path);
	rig_exec_init(&f->rig, &f->exec);
	f->dw = rig_buffer(&f->rig, DATA_SIZE, &f->data);
	rig_exec_use(&f->exec, f->data, RIG_DATA);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	munmap(f->dw, DATA_SIZE);
	rig_exec_finish(&f->rig, &f->exec);
	rig_finish(&f->rig);
	unlink(f->path);
	assert_int_equal(rmdir(f->folder), 0);
	free(f);
	return 0;
}

static enum ugvt_replay_status replay_max(struct fixture *f, uint64_t memory_max)
{
	struct ugvt_replay_config config = {
		.file = fopen(f->path, "rb"),
		.viewer = &f->viewer,
		.deadline_ns = 100 * UGVT_NS_PER_MS,
		.memory_max = memory_max,
	};
	enum ugvt_replay_status status;
	uint64_t offset;

	assert_non_null(config.file);
	f->processes = f->batches = f->commands = f->results = f->differ = f->hung = 0;
	status = ugvt_replay_run(&config, &offset);
	fclose(config.file);
	return status;
}

static enum ugvt_replay_status replay(struct fixture *f)
{
	return replay_max(f, 1 << 24);
}

static void run(struct fixture *f)
{
	assert_int_equal(rig_exec_run(&f->rig, &f->exec), 0);
}

/* What programs write between batches, and what batches left. */
static void test_same_bytes(void **state)
{
	struct fixture *f = *state;

	for (uint32_t i = 0; i < 8; i++) {
		f->dw[1024 * i + 5] = i + 100;
		rig_copy(&f->exec, RIG_DATA + 4 * i, RIG_DATA + PAGE * i + 20);
		rig_store(&f->exec, RIG_DATA + 2 * PAGE + 4 * i, i);
		rig_copy(&f->exec, RIG_DATA + 3 * PAGE, RIG_DATA + 2 * PAGE);
		run(f);
	}
	assert_int_equal(replay(f), UGVT_REPLAY_DONE);
	assert_int_equal(f->processes, 1);
	assert_int_equal(f->batches, 8);
	assert_int_equal(f->results, 8);
	assert_int_equal(f->differ, 0);
	assert_int_equal(f->commands, 8 * 4);
}

/* What no recorder writes, though each record by itself is good. */
struct wrong {
	struct ugvt_trace_batch batch;
	struct ugvt_trace_binding bindings[2];
};

static const struct wrong wrongs[] = {
	{{100, 101, 0x1000, 1, UGVT_RCS, 2}, {{5, 0x1000}, {6, 0x10000}}},
	{{100, 101, 0x1000, 1, UGVT_RCS, 2}, {{5, 0x1000}, {5, 0x2000}}},
	{{100, 101, 0x1000, 1, UGVT_RCS, 1}, {{5, 0x1001}}},
	{{100, 101, 0x1000, 1, UGVT_RCS, 1}, {{5, UINT64_C(1) << 48}}},
	{{100, 101, 0x1000, 1, UGVT_RCS, 1}, {{5, (UINT64_C(1) << 48) - PAGE}}},
	{{100, 101, 0x1000, 1, 77, 1}, {{5, 0x1000}}},
	{{100, 100, 0x1000, 1, UGVT_RCS, 1}, {{5, 0x1000}}},
	{{5, 101, 0x1000, 1, UGVT_RCS, 1}, {{5, 0x1000}}},
	{{101, 5, 0x1000, 1, UGVT_RCS, 1}, {{5, 0x1000}}},
};

static void wrong_write(struct ugvt_trace_writer *writer, const struct wrong *wrong)
{
	static const struct ugvt_trace_process process = {"skl", 77, 0};
	static const struct ugvt_trace_buffer buffer = {5, 2 * PAGE, 0};
	static const struct ugvt_trace_pages pages = {1};
	static const struct ugvt_trace_run page = {5, 0, 1};
	static const uint32_t dw[PAGE / 4] = {0x05000000}; // MI_BATCH_BUFFER_END

	ugvt_trace_write(writer, UGVT_TRACE_PROCESS,
		(struct ugvt_trace_part[]){{&process, sizeof(process)}, {"", 1}}, 2);
	ugvt_trace_write(
		writer, UGVT_TRACE_BUFFER, &(struct ugvt_trace_part){&buffer, sizeof(buffer)}, 1);
	ugvt_trace_write(writer, UGVT_TRACE_PAGES,
		(struct ugvt_trace_part[]){
			{&pages, sizeof(pages)}, {&page, sizeof(page)}, {dw, sizeof(dw)}},
		3);
	ugvt_trace_write(writer, UGVT_TRACE_BATCH,
		(struct ugvt_trace_part[]){{&wrong->batch, sizeof(wrong->batch)},
			{wrong->bindings, wrong->batch.bindings * sizeof(wrong->bindings[0])}},
		2);
}

/* A result that the batch does not have. */
static void test_other_bytes(void **state)
{
	static const struct wrong right = {{100, 101, 0x1000, 1, UGVT_RCS, 1}, {{5, 0x1000}}};
	struct fixture *f = *state;
	struct ugvt_trace_result result = {1, 1};
	struct ugvt_trace_write write = {5, 1, 1};
	struct ugvt_trace_writer *writer = ugvt_trace_writer_create(f->path);

	wrong_write(writer, &right);
	assert_true(ugvt_trace_write(writer, UGVT_TRACE_RESULT,
		(struct ugvt_trace_part[]){{&result, sizeof(result)}, {&write, sizeof(write)}}, 2));
	ugvt_trace_writer_destroy(writer);
	assert_int_equal(replay(f), UGVT_REPLAY_DONE);
	assert_int_equal(f->results, 1);
	assert_int_equal(f->differ, 1);
}

/* The time of a batch is that of the record. */
static void test_time(void **state)
{
	struct fixture *f = *state;
	uint64_t at = RIG_DATA + 64;

	for (unsigned i = 0; i < 2; i++) {
		rig_emit(&f->exec,
			(uint32_t[]){0x7a000004, TIME_WRITE, ugvt_lo32(at), ugvt_hi32(at), 0, 0},
			6);
		at += 8;
	}
	run(f);
	assert_int_equal(f->dw[16], f->dw[18]);
	assert_int_equal(replay(f), UGVT_REPLAY_DONE);
	assert_int_equal(f->differ, 0);
	assert_int_equal(f->time, ugvt_u64(f->dw[16], f->dw[17]));
}

/* Another buffer takes the place of one that is closed. */
static void test_buffers_go(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 4; i++) {
		uint32_t handle;
		uint32_t *dw = rig_buffer(&f->rig, PAGE, &handle);

		dw[0] = 40 + i;
		rig_exec_use(&f->exec, handle, RIG_DATA + DATA_SIZE);
		rig_copy(&f->exec, RIG_DATA + 4 * i, RIG_DATA + DATA_SIZE);
		rig_store(&f->exec, RIG_DATA + DATA_SIZE + 4, i);
		run(f);
		assert_int_equal(f->dw[i], 40 + i);
		f->exec.args.buffer_count--;
		munmap(dw, PAGE);
		rig_close(&f->rig, handle);
	}
	/* The batch's own, the data, and one of the others at a time. */
	assert_int_equal(replay_max(f, 2 * DATA_SIZE + PAGE), UGVT_REPLAY_DONE);
	assert_int_equal(f->results, 4);
	assert_int_equal(f->differ, 0);
	assert_int_equal(replay_max(f, DATA_SIZE), UGVT_REPLAY_MEMORY);
}

/* A batch that hung hangs again, and what it did is of no account. */
static void test_hang(void **state)
{
	struct fixture *f = *state;

	rig_store(&f->exec, RIG_DATA, 1);
	rig_emit(&f->exec, (uint32_t[]){0x18800001, ugvt_lo32(RIG_BATCH), ugvt_hi32(RIG_BATCH)}, 3);
	run(f);
	rig_copy(&f->exec, RIG_DATA + 4, RIG_DATA);
	run(f);
	assert_int_equal(replay(f), UGVT_REPLAY_DONE);
	assert_int_equal(f->results, 2);
	assert_int_equal(f->hung, 1);
	assert_int_equal(f->differ, 0);
}

/* A trace is good up to any byte. */
static void test_cut(void **state)
{
	struct fixture *f = *state;
	struct ugvt_replay_config config = {
		.viewer = &f->viewer, .deadline_ns = UGVT_NS_PER_S, .memory_max = 1 << 24};
	char bytes[8192];
	size_t size;
	uint64_t offset;
	FILE *file;

	for (uint32_t i = 0; i < 2; i++) {
		rig_store(&f->exec, RIG_DATA + PAGE * i, i + 1);
		run(f);
	}
	file = fopen(f->path, "rb");
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_true(size < sizeof(bytes));
	for (size_t cut = UGVT_TRACE_MAGIC_SIZE + 1; cut < size; cut += 7) {
		enum ugvt_replay_status status;

		config.file = fmemopen(bytes, cut, "rb");
		f->batches = f->differ = 0;
		status = ugvt_replay_run(&config, &offset);
		fclose(config.file);
		assert_true(status == UGVT_REPLAY_CUT || status == UGVT_REPLAY_DONE);
		assert_true(offset <= cut);
		assert_int_equal(f->differ, 0);
	}
	assert_int_equal(f->batches, 2);
}

static void test_stop(void **state)
{
	struct fixture *f = *state;

	rig_store(&f->exec, RIG_DATA, 1);
	rig_store(&f->exec, RIG_DATA, 2);
	run(f);
	run(f);
	f->stop = 2;
	assert_int_equal(replay(f), UGVT_REPLAY_STOPPED);
	assert_int_equal(f->batches, 1);
	assert_int_equal(f->results, 0);
}

static void test_wrong(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(wrongs); i++) {
		struct ugvt_trace_writer *writer = ugvt_trace_writer_create(f->path);

		assert_non_null(writer);
		wrong_write(writer, &wrongs[i]);
		ugvt_trace_writer_destroy(writer);
		assert_int_equal(replay(f), UGVT_REPLAY_DAMAGED);
		unlink(f->path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_buffers_go, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hang, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stop, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wrong, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
