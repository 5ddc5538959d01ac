/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "trace/pages.h"
#include "trace/reader.h"
#include "trace/writer.h"

#define NAME "trace"
#define PAGES 3
#define TRACE_MAX 65536

struct folder {
	char path[64];
	char name[96];
};

static int setup(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	strcpy(folder->path, "/tmp/ugvt-test-trace.XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	snprintf(folder->name, sizeof(folder->name), "%s/" NAME, folder->path);
	*state = folder;
	return 0;
}

static int teardown(void **state)
{
	struct folder *folder = *state;

	unlink(folder->name);
	assert_int_equal(rmdir(folder->path), 0);
	free(folder);
	return 0;
}

static void part_write(
	struct ugvt_trace_writer *writer, enum ugvt_trace_type type, const void *data, size_t size)
{
	assert_true(ugvt_trace_write(writer, type, &(struct ugvt_trace_part){data, size}, 1));
}

/* One record of each type. */
static void all_write(struct ugvt_trace_writer *writer)
{
	static const struct ugvt_trace_process process = {"skl", 77, 0};
	static const struct ugvt_trace_buffer buffer = {5, PAGES * UGVT_TRACE_PAGE, 0};
	static const struct ugvt_trace_pages pages = {2};
	static const struct ugvt_trace_run runs[] = {{5, 0, 1}, {5, 2, 1}};
	static const struct ugvt_trace_batch batch = {1, 2, 0x1000, 9, 0, 1};
	static const struct ugvt_trace_binding binding = {5, 0x1000};
	static const struct ugvt_trace_result result = {1, 1};
	static const struct ugvt_trace_write write = {5, 1, 0x1234};
	static const struct ugvt_trace_gone gone = {5};
	char data[2][UGVT_TRACE_PAGE];

	memset(data[0], 1, sizeof(data[0]));
	memset(data[1], 2, sizeof(data[1]));
	assert_true(ugvt_trace_write(writer, UGVT_TRACE_PROCESS,
		(struct ugvt_trace_part[]){{&process, sizeof(process)}, {"a b", 4}}, 2));
	part_write(writer, UGVT_TRACE_BUFFER, &buffer, sizeof(buffer));
	assert_true(ugvt_trace_write(writer, UGVT_TRACE_PAGES,
		(struct ugvt_trace_part[]){
			{&pages, sizeof(pages)}, {runs, sizeof(runs)}, {data, sizeof(data)}},
		3));
	assert_true(ugvt_trace_write(writer, UGVT_TRACE_BATCH,
		(struct ugvt_trace_part[]){{&batch, sizeof(batch)}, {&binding, sizeof(binding)}},
		2));
	assert_true(ugvt_trace_write(writer, UGVT_TRACE_RESULT,
		(struct ugvt_trace_part[]){{&result, sizeof(result)}, {&write, sizeof(write)}}, 2));
	part_write(writer, UGVT_TRACE_GONE, &gone, sizeof(gone));
}

static size_t all_load(const struct folder *folder, char bytes[TRACE_MAX])
{
	struct ugvt_trace_writer *writer = ugvt_trace_writer_create(folder->name);
	FILE *file;
	size_t n;

	assert_non_null(writer);
	all_write(writer);
	ugvt_trace_writer_destroy(writer);
	file = fopen(folder->name, "rb");
	assert_non_null(file);
	n = fread(bytes, 1, TRACE_MAX, file);
	fclose(file);
	return n;
}

/* How it ends, and how many records there were. */
static enum ugvt_trace_status read_all(char *bytes, size_t size, unsigned *records)
{
	FILE *file = fmemopen(bytes, size, "rb");
	struct ugvt_trace_reader *reader = ugvt_trace_reader_create(file);
	struct ugvt_trace_record record;
	enum ugvt_trace_status status;

	for (*records = 0; (status = ugvt_trace_read(reader, &record)) == UGVT_TRACE_OK;) {
		++*records;
	}
	ugvt_trace_reader_destroy(reader);
	fclose(file);
	return status;
}

static void next_is(struct ugvt_trace_reader *reader, struct ugvt_trace_record *record,
	enum ugvt_trace_type type)
{
	assert_int_equal(ugvt_trace_read(reader, record), UGVT_TRACE_OK);
	assert_int_equal(record->type, type);
}

static void test_round_trip(void **state)
{
	struct ugvt_trace_record record;
	struct ugvt_trace_reader *reader;
	char bytes[TRACE_MAX];
	FILE *file = fmemopen(bytes, all_load(*state, bytes), "rb");

	reader = ugvt_trace_reader_create(file);
	next_is(reader, &record, UGVT_TRACE_PROCESS);
	assert_string_equal(record.process.device, "skl");
	assert_string_equal(record.command, "a b");
	next_is(reader, &record, UGVT_TRACE_BUFFER);
	assert_int_equal(record.buffer.size, PAGES * UGVT_TRACE_PAGE);
	next_is(reader, &record, UGVT_TRACE_PAGES);
	assert_int_equal(record.pages.runs, 2);
	assert_int_equal(record.runs[1].first, 2);
	assert_int_equal(record.data[UGVT_TRACE_PAGE - 1], 1);
	assert_int_equal(record.data[2 * UGVT_TRACE_PAGE - 1], 2);
	next_is(reader, &record, UGVT_TRACE_BATCH);
	assert_int_equal(record.batch.time, 9);
	assert_int_equal(record.bindings[0].addr, 0x1000);
	next_is(reader, &record, UGVT_TRACE_RESULT);
	assert_int_equal(record.writes[0].hash, 0x1234);
	next_is(reader, &record, UGVT_TRACE_GONE);
	assert_int_equal(record.gone.id, 5);
	assert_int_equal(ugvt_trace_read(reader, &record), UGVT_TRACE_END);
	ugvt_trace_reader_destroy(reader);
	fclose(file);
}

/* Wherever a program dies: all records before, and then the end or the cut. */
static void test_cut(void **state)
{
	char bytes[TRACE_MAX];
	size_t size = all_load(*state, bytes);
	unsigned ends = 0, records = 0;

	for (size_t cut = UGVT_TRACE_MAGIC_SIZE; cut <= size; cut++) {
		unsigned before = records;
		enum ugvt_trace_status status = read_all(bytes, cut, &records);

		assert_true(records == before || records == before + 1);
		if (status == UGVT_TRACE_END) {
			assert_int_equal(records, ends);
			ends++;
		} else {
			assert_int_equal(status, UGVT_TRACE_CUT);
		}
	}
	assert_int_equal(records, 6);
	assert_int_equal(ends, 7);
}

/* No flipped bit behind the magic passes, but one that makes a record so long that the file ends in it. */
static void test_damage(void **state)
{
	char bytes[TRACE_MAX];
	size_t size = all_load(*state, bytes);
	unsigned records;

	for (size_t at = 0; at < size; at++) {
		enum ugvt_trace_status status;

		bytes[at] ^= 0x10;
		status = read_all(bytes, size, &records);
		bytes[at] ^= 0x10;
		if (at < UGVT_TRACE_MAGIC_SIZE) {
			assert_int_equal(status, UGVT_TRACE_FOREIGN);
		} else {
			assert_true(status == UGVT_TRACE_DAMAGED || status == UGVT_TRACE_CUT);
		}
	}
	assert_int_equal(read_all(bytes, 3, &records), UGVT_TRACE_FOREIGN);
}

/* Several processes have the same name to write to. */
static void test_names(void **state)
{
	const struct folder *folder = *state;
	struct ugvt_trace_writer *writers[3];
	char name[128];

	for (unsigned i = 0; i < 3; i++) {
		writers[i] = ugvt_trace_writer_create(folder->name);
		assert_non_null(writers[i]);
	}
	assert_string_equal(ugvt_trace_writer_path(writers[0]), folder->name);
	snprintf(name, sizeof(name), "%s.%d", folder->name, (int)getpid());
	assert_string_equal(ugvt_trace_writer_path(writers[1]), name);
	unlink(name);
	strcat(name, ".2");
	assert_string_equal(ugvt_trace_writer_path(writers[2]), name);
	unlink(name);
	for (unsigned i = 0; i < 3; i++) {
		ugvt_trace_writer_destroy(writers[i]);
	}
	errno = 0;
	assert_null(ugvt_trace_writer_create("/nonexistent/" NAME));
	assert_int_equal(errno, ENOENT);
}

/* A file that somebody takes away is not begun anew in the middle. */
static void test_taken_away(void **state)
{
	const struct folder *folder = *state;
	struct ugvt_trace_writer *writer = ugvt_trace_writer_create(folder->name);
	struct ugvt_trace_gone gone = {1};
	struct ugvt_trace_part part = {&gone, sizeof(gone)};

	assert_true(ugvt_trace_write(writer, UGVT_TRACE_GONE, &part, 1));
	unlink(folder->name);
	assert_false(ugvt_trace_write(writer, UGVT_TRACE_GONE, &part, 1));
	assert_false(ugvt_trace_write(writer, UGVT_TRACE_GONE, &part, 1));
	assert_int_equal(access(folder->name, F_OK), -1);
	ugvt_trace_writer_destroy(writer);
}

static void test_memory(void **state)
{
	static char host[PAGES][UGVT_TRACE_PAGE];
	struct ugvt_trace_memory memory;
	struct ugvt_trace_write write = {0}, again = {0};

	memset(host, 0, sizeof(host));
	assert_true(ugvt_trace_memory_init(&memory, sizeof(host)));
	assert_int_equal(ugvt_trace_memory_changed(&memory, host[0], 0), PAGES);
	/* Any bit of a page tells. */
	for (unsigned bit = 0; bit < 8 * UGVT_TRACE_PAGE; bit++) {
		host[1][bit / 8] ^= 1 << bit % 8;
		assert_int_equal(ugvt_trace_memory_changed(&memory, host[0], 0), 1);
		host[1][bit / 8] ^= 1 << bit % 8;
	}
	host[1][7] = 1;
	host[2][4095] = -128;
	assert_int_equal(ugvt_trace_memory_changed(&memory, host[0], 2), 2);
	ugvt_trace_memory_update(&memory, host[0], &write);
	assert_int_equal(write.pages, 2);
	ugvt_trace_memory_update(&memory, host[0], &again);
	assert_int_equal(again.pages, 0);
	assert_int_not_equal(again.hash, write.hash);
	ugvt_trace_memory_finish(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_taken_away, setup, teardown),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
