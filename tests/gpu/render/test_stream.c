/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/render/stream.h"
#include "tests/gpu/space.h"

/* Objects to buffers in memory. */

#define BUFFER UINT64_C(0x7654321000)
#define BUFFER_SIZE 0x1000u
#define OFFSETS UINT64_C(0x7654320000)
#define VUE_DWORDS 16

struct bench {
	struct space space;
	struct ugvt_kept kept;
	struct ugvt_state state;
	struct ugvt_stream stream;
	struct ugvt_stream_registers registers;
	uint32_t vue[6][VUE_DWORDS];
	struct ugvt_vertex vertices[6];
	uint32_t *dw;
	uint32_t *offsets;
};

static void set(struct bench *bench, const uint32_t *dw, unsigned n)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((dw[0] & row->mask) == row->header && row->keep > 0 &&
			(row->engines & (1 << UGVT_RCS))) {
			assert_true(ugvt_kept_set(&bench->kept, row, dw, n));
			return;
		}
	}
	fail();
}

#define SET(bench, ...)                             \
	set(bench, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static uint32_t *map(struct bench *bench, uint64_t addr)
{
	ugvt_gpa gpa = space_alloc(&bench->space, BUFFER_SIZE, UGVT_PAGE_SIZE);

	space_map(&bench->space, addr, gpa, BUFFER_SIZE);
	return space_host(&bench->space, gpa);
}

/* Buffer 0, of so many dwords. */
static void buffer_set(struct bench *bench, uint32_t dwords)
{
	SET(bench, 0x79180006, 1u << 31 | 1 << 20, ugvt_lo32(BUFFER), ugvt_hi32(BUFFER), dwords - 1,
		ugvt_lo32(OFFSETS), ugvt_hi32(OFFSETS), 0);
}

/* Vertices of 24 bytes: a hole of one dword, y and w of register 1, all of register 2 but x. */
static void begin(struct bench *bench, uint32_t flags)
{
	SET(bench, 0x781e0003, 1u << 31 | 1 << 25 | flags, 0, 24, 0);
	SET(bench, 0x79170007, 1, 3, 0x801, 0, 0x1a, 0, 0x2e, 0);
	ugvt_stream_begin(&bench->stream, &bench->state, &bench->space.as, VUE_DWORDS);
}

static int setup(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	space_init(&bench.space, UINT64_C(1) << 20);
	bench.dw = map(&bench, BUFFER);
	bench.offsets = map(&bench, OFFSETS);
	memset(bench.dw, 0xee, BUFFER_SIZE);
	assert_true(ugvt_kept_init(&bench.kept, UGVT_RCS));
	ugvt_state_init(&bench.state, &bench.kept);
	bench.stream.registers = &bench.registers;
	for (unsigned i = 0; i < 6; i++) {
		bench.vertices[i].vue = bench.vue[i];
		for (unsigned k = 0; k < VUE_DWORDS; k++) {
			bench.vue[i][k] = 100 * i + k;
		}
	}
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	ugvt_kept_finish(&bench->kept);
	space_finish(&bench->space);
	return 0;
}

static struct ugvt_object object_of(struct bench *bench, unsigned kind)
{
	return (struct ugvt_object){.kind = (uint8_t)kind,
		.v = {&bench->vertices[0], &bench->vertices[1], &bench->vertices[2]}};
}

static void vertex_check(const struct bench *bench, unsigned at, unsigned vertex)
{
	const uint32_t *dw = bench->dw + 6 * at;

	assert_int_equal(dw[0], 0xeeeeeeee);
	assert_int_equal(dw[1], 100 * vertex + 5);
	assert_int_equal(dw[2], 100 * vertex + 7);
	assert_int_equal(dw[3], 100 * vertex + 9);
	assert_int_equal(dw[5], 100 * vertex + 11);
}

static void test_declarations(void **state)
{
	struct bench *bench = *state;
	struct ugvt_object triangle = object_of(bench, UGVT_PRIMITIVE_TRIANGLE);
	struct ugvt_object line = object_of(bench, UGVT_PRIMITIVE_LINE);

	buffer_set(bench, 1024);
	begin(bench, 0);
	assert_true(bench->stream.enabled);
	ugvt_stream_object(&bench->stream, &line);
	ugvt_stream_object(&bench->stream, &triangle);
	for (unsigned i = 0; i < 5; i++) {
		vertex_check(bench, i, i < 2 ? i : i - 2);
	}
	assert_int_equal(bench->dw[30], 0xeeeeeeee);
	assert_int_equal(bench->registers.offset[0], 5 * 24);
	assert_int_equal(bench->registers.written[0], 2);
	assert_int_equal(bench->registers.needed[0], 2);
	ugvt_stream_end(&bench->stream);
	assert_int_equal(bench->offsets[0], 5 * 24);
}

/* A strip's second triangle starts with its second corner, if so asked. */
static void test_order(void **state)
{
	struct bench *bench = *state;
	struct ugvt_object triangle = object_of(bench, UGVT_PRIMITIVE_TRIANGLE);

	triangle.exchanged = true;
	buffer_set(bench, 1024);
	begin(bench, 1 << 26);
	ugvt_stream_object(&bench->stream, &triangle);
	vertex_check(bench, 0, 2);
	vertex_check(bench, 1, 0);
	vertex_check(bench, 2, 1);
}

/* An object that does not fit is only counted, also if its first vertices would. */
static void test_full(void **state)
{
	struct bench *bench = *state;
	struct ugvt_object line = object_of(bench, UGVT_PRIMITIVE_LINE);
	struct ugvt_object point = object_of(bench, UGVT_PRIMITIVE_POINT);

	buffer_set(bench, 6 * 3);
	begin(bench, 0);
	ugvt_stream_object(&bench->stream, &line);
	ugvt_stream_object(&bench->stream, &line);
	assert_int_equal(bench->registers.offset[0], 2 * 24);
	ugvt_stream_object(&bench->stream, &point);
	ugvt_stream_object(&bench->stream, &point);
	assert_int_equal(bench->registers.offset[0], 3 * 24);
	assert_int_equal(bench->registers.written[0], 2);
	assert_int_equal(bench->registers.needed[0], 4);
	assert_int_equal(bench->dw[18], 0xeeeeeeee);
	bench->registers.offset[0] = UINT32_MAX - 3;
	ugvt_stream_object(&bench->stream, &point);
	assert_int_equal(bench->registers.written[0], 2);
}

static void test_streams(void **state)
{
	struct bench *bench = *state;
	struct ugvt_object point = object_of(bench, UGVT_PRIMITIVE_POINT);

	buffer_set(bench, 1024);
	begin(bench, 0);
	point.stream = 2; // has no declarations
	ugvt_stream_object(&bench->stream, &point);
	assert_int_equal(bench->registers.offset[0], 0);
	assert_int_equal(bench->registers.written[0] + bench->registers.written[2], 0);
	SET(bench, 0x781e0003, 0, 0, 24, 0);
	ugvt_stream_begin(&bench->stream, &bench->state, &bench->space.as, VUE_DWORDS);
	assert_false(bench->stream.enabled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_declarations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_streams, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
