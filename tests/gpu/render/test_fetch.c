/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/render/vertex_fetch.h"
#include "gpu/render/vertex_index.h"
#include "tests/gpu/space.h"

/* Vertex and index buffers in memory, against what their bytes say. */

#define BUFFER UINT64_C(0x7654321000)
#define BUFFER_SIZE 0x2000u // mapped; nothing is behind it

struct fetching {
	struct space space;
	struct ugvt_kept kept;
	struct ugvt_state state;
	struct ugvt_vertex_fetch fetch;
	struct ugvt_fetch_input in;
	struct ugvt_fetch_output out;
	uint8_t *bytes;
	uint32_t elements[1 + 2 * UGVT_VERTEX_ELEMENTS_MAX];
	unsigned count;
};

static void set(struct fetching *f, const uint32_t *dw, unsigned n)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((dw[0] & row->mask) == row->header && row->keep > 0 &&
			(row->engines & (1 << UGVT_RCS))) {
			assert_true(ugvt_kept_set(&f->kept, row, dw, n));
			return;
		}
	}
	fail();
}

#define SET(f, ...)                             \
	set(f, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void buffer_set(
	struct fetching *f, unsigned index, uint32_t offset, uint32_t size, uint32_t pitch)
{
	uint64_t addr = BUFFER + offset;

	SET(f, 0x78080003, index << 26 | 1 << 14 | pitch, ugvt_lo32(addr), ugvt_hi32(addr), size);
}

static void element_add(
	struct fetching *f, unsigned buffer, const char *format, unsigned offset, uint32_t control)
{
	f->elements[1 + 2 * f->count] =
		buffer << 26 | 1 << 25 | (uint32_t)ugvt_format_find(format)->number << 16 | offset;
	f->elements[2 + 2 * f->count] = control;
	f->count++;
}

/* All components from the source. */
#define SOURCE 0x11110000u

static void fetch(struct fetching *f, uint32_t start_instance)
{
	f->elements[0] = 0x78090000 | (2 * f->count - 1);
	set(f, f->elements, 1 + 2 * f->count);
	ugvt_vertex_fetch_init(&f->fetch, &f->state, &f->space.as, start_instance);
	ugvt_vertex_fetch_window(&f->fetch);
	memset(&f->out, 0xaa, sizeof(f->out));
	f->in.lowest = f->in.highest = f->in.index[0];
	for (unsigned lane = 1; lane < UGVT_FETCH_LANES; lane++) {
		f->in.lowest = UGVT_MIN(f->in.lowest, f->in.index[lane]);
		f->in.highest = UGVT_MAX(f->in.highest, f->in.index[lane]);
	}
	ugvt_vertex_fetch_prepare(&f->fetch, &f->out);
	ugvt_vertex_fetch(&f->fetch, &f->in, &f->out);
}

static int setup(void **state)
{
	static struct fetching f;
	ugvt_gpa gpa;

	memset(&f, 0, sizeof(f));
	space_init(&f.space, UINT64_C(1) << 20);
	gpa = space_alloc(&f.space, BUFFER_SIZE, UGVT_PAGE_SIZE);
	space_map(&f.space, BUFFER, gpa, BUFFER_SIZE);
	f.bytes = space_host(&f.space, gpa);
	for (unsigned i = 0; i < BUFFER_SIZE; i++) {
		f.bytes[i] = (uint8_t)(rand() >> 4);
	}
	f.in.count = UGVT_FETCH_LANES;
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		f.in.index[lane] = lane;
		f.in.id[lane] = 1000 + lane;
	}
	assert_true(ugvt_kept_init(&f.kept, UGVT_RCS));
	ugvt_state_init(&f.state, &f.kept);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fetching *f = *state;

	ugvt_kept_finish(&f->kept);
	space_finish(&f->space);
	return 0;
}

static uint32_t expected(
	const struct fetching *f, const struct ugvt_format *format, uint64_t at, unsigned c)
{
	const struct ugvt_channel *channel = &format->channels[c];
	uint32_t dw[4] = {0};

	if (channel->type == UGVT_CHANNEL_NONE) {
		return ugvt_channel_default(format, c);
	}
	memcpy(dw, f->bytes + at, format->bits / 8);
	return ugvt_channel_load(channel, dw[channel->shift / 32] >> channel->shift % 32);
}

/* Every format of vertex buffers, at odd places. */
static void test_formats(void **state)
{
	struct fetching *f = *state;
	unsigned formats = 0;

	for (unsigned number = 0; number < UGVT_FORMAT_NUMBERS; number++) {
		const struct ugvt_format *format = ugvt_format(number);

		if (!format || !(format->flags & UGVT_FORMAT_VERTEX)) {
			continue;
		}
		f->count = 0;
		buffer_set(f, 3, 1, BUFFER_SIZE - 1, 37);
		element_add(f, 3, format->name, 5, SOURCE);
		fetch(f, 0);
		assert_int_equal(f->fetch.unknown, 0);
		for (unsigned i = 0; i < 4 * UGVT_FETCH_LANES; i++) {
			unsigned lane = i / 4, c = i % 4;

			assert_int_equal(
				f->out.dw[c][lane], expected(f, format, 1 + 37 * lane + 5, c));
		}
		formats++;
	}
	assert_true(formats > 90);
}

static uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* 64-bit floats become 32-bit ones. */
static void test_doubles(void **state)
{
	static const uint16_t formats[] = {0x08d, 0x005, 0x198, 0x197};
	struct fetching *f = *state;
	double values[4] = {1.5, -1e300, 0.1, 7};

	memcpy(f->bytes + 3 + 40 * 15, values, sizeof(values));
	for (unsigned n = 1; n <= 4; n++) {
		f->count = 0;
		buffer_set(f, 0, 3, BUFFER_SIZE - 3, 40);
		element_add(f, 0, "R32_UINT", 0, SOURCE);
		f->elements[1] = (f->elements[1] & ~(0x1ffu << 16)) | formats[n - 1] << 16;
		fetch(f, 0);
		for (unsigned c = 0; c < 4; c++) {
			float value = c < n ? (float)values[c] : c == 3;

			assert_int_equal(f->out.dw[c][15], bits_of(value));
		}
	}
}

static void test_controls(void **state)
{
	struct fetching *f = *state;

	buffer_set(f, 0, 0, BUFFER_SIZE, 16);
	element_add(f, 0, "R32G32B32A32_UINT", 0, 0x12340000);
	element_add(f, 0, "R32G32_FLOAT", 4, 0x11230000);
	element_add(f, 0, "R32G32_FLOAT", 4, 0x22220000);
	fetch(f, 0);
	assert_int_equal(f->out.edges, UINT32_MAX);
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		uint32_t dw[4];

		memcpy(dw, f->bytes + 16 * lane, sizeof(dw));
		assert_int_equal(f->out.dw[0][lane], dw[0]);
		assert_int_equal(f->out.dw[1][lane], 0);
		assert_int_equal(f->out.dw[2][lane], 0x3f800000);
		assert_int_equal(f->out.dw[3][lane], 1);
		assert_int_equal(f->out.dw[4][lane], dw[1]);
		assert_int_equal(f->out.dw[5][lane], dw[2]);
		assert_int_equal(f->out.dw[6][lane], 0);
		assert_int_equal(f->out.dw[7][lane], 0x3f800000);
		assert_int_equal(f->out.dw[8][lane], 0);
		assert_int_equal(f->out.dw[12][lane], 0xaaaaaaaa);
	}
}

/* An element that reaches over the buffer's end is zeros; so is one of a buffer that is null, or never was set. */
static void test_bounds(void **state)
{
	struct fetching *f = *state;
	uint32_t dw;

	buffer_set(f, 0, 0, 16 * 5 + 3, 16);
	element_add(f, 0, "R32_UINT", 0, SOURCE);
	element_add(f, 1, "R32_UINT", 0, SOURCE);
	SET(f, 0x78080003, 2u << 26 | 1 << 14 | 1 << 13 | 16, ugvt_lo32(BUFFER), ugvt_hi32(BUFFER),
		4096);
	element_add(f, 2, "R32_UINT", 0, SOURCE);
	f->in.index[15] = UINT32_MAX;
	f->in.index[14] = 0x10000000; // its offset needs more than 32 bits
	fetch(f, 0);
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		memcpy(&dw, f->bytes + 16 * lane, sizeof(dw));
		assert_int_equal(f->out.dw[0][lane], lane < 5 ? dw : 0);
		assert_int_equal(f->out.dw[3][lane], 1);
		assert_int_equal(f->out.dw[4][lane], 0);
		assert_int_equal(f->out.dw[8][lane], 0);
	}
}

/* What is not mapped reads as zeros; and an element lies across the end of what is. */
static void test_holes(void **state)
{
	struct fetching *f = *state;
	uint32_t dw;

	buffer_set(f, 0, BUFFER_SIZE - 30, 0x100000, 8);
	element_add(f, 0, "R32G32_UINT", 0, SOURCE);
	fetch(f, 0);
	for (unsigned lane = 0; lane < 4; lane++) {
		memcpy(&dw, f->bytes + BUFFER_SIZE - 30 + 8 * lane, sizeof(dw));
		assert_int_equal(f->out.dw[0][lane], dw);
	}
	assert_int_equal(f->out.dw[1][3] >> 16, 0);
	assert_int_equal(f->out.dw[0][4], 0);
	buffer_set(f, 0, 0x80000000, UINT32_MAX, 2048);
	fetch(f, 0);
	assert_int_equal(f->out.dw[0][0], 0);
}

static void test_instancing(void **state)
{
	struct fetching *f = *state;
	uint32_t dw;

	buffer_set(f, 0, 0, BUFFER_SIZE, 4);
	element_add(f, 0, "R32_UINT", 0, SOURCE);
	element_add(f, 0, "R32_UINT", 0, SOURCE);
	element_add(f, 0, "R32_UINT", 0, SOURCE);
	SET(f, 0x78490001, 0x101, 3);
	SET(f, 0x78490001, 0x102, 0);
	SET(f, 0x784a0000, 1u << 31 | 3 << 29 | 2 << 16 | 1 << 15 | 2 << 13 | 0);
	f->in.instance = 7;
	fetch(f, 20);
	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		memcpy(&dw, f->bytes + 4 * lane, sizeof(dw));
		assert_int_equal(f->out.dw[0][lane], dw);
		memcpy(&dw, f->bytes + 4 * (20 + 7 / 3), sizeof(dw));
		assert_int_equal(f->out.dw[4][lane], dw);
		memcpy(&dw, f->bytes + 4 * 20, sizeof(dw));
		assert_int_equal(f->out.dw[8][lane], dw);
		assert_int_equal(f->out.dw[2][lane], 1000 + lane); // VertexID
		assert_int_equal(f->out.dw[11][lane], 7);          // InstanceID
	}
	SET(f, 0x784a0000, 1u << 31 | 63 << 16 | 1 << 15 | 63); // nowhere
	fetch(f, 0);
	assert_int_equal(f->out.dw[2][0], 0);
}

static void test_edge_flag(void **state)
{
	struct fetching *f = *state;

	for (unsigned lane = 0; lane < UGVT_FETCH_LANES; lane++) {
		f->bytes[lane] = lane % 3 == 0;
	}
	buffer_set(f, 0, 0, BUFFER_SIZE, 1);
	element_add(f, 0, "R8_UINT", 0, 0x10000000);
	f->elements[1] |= 1 << 15;
	fetch(f, 0);
	assert_int_equal(f->out.edges, 0x9249);
}

static void test_unknown_format(void **state)
{
	struct fetching *f = *state;

	buffer_set(f, 0, 0, BUFFER_SIZE, 4);
	element_add(f, 0, "R32_UINT", 0, SOURCE);
	f->elements[1] |= 0x1ff << 16;
	fetch(f, 0);
	assert_int_equal(f->fetch.unknown, 1);
	assert_int_equal(f->out.dw[0][0], 0);
}

static void test_indices(void **state)
{
	struct fetching *f = *state;
	struct ugvt_index_buffer buffer;
	uint32_t indices[8];

	for (unsigned format = 0; format < 3; format++) {
		unsigned bytes = 1u << format;

		SET(f, 0x780a0003, format << 8, ugvt_lo32(BUFFER + 1), ugvt_hi32(BUFFER),
			6 * bytes + bytes - 1);
		SET(f, 0x780c0100, 0xffff);
		ugvt_index_buffer_init(&buffer, &f->state, &f->space.as);
		assert_true(buffer.has_cut && buffer.cut == 0xffff);
		ugvt_index_buffer_read(&buffer, 2, 8, indices);
		for (unsigned i = 0; i < 8; i++) {
			uint32_t value = 0;

			if (i < 4) {
				memcpy(&value, f->bytes + 1 + (2 + i) * bytes, bytes);
			}
			assert_int_equal(indices[i], value);
		}
		ugvt_index_buffer_read(&buffer, UINT64_C(0x1fffffff0), 8, indices);
		assert_int_equal(indices[0], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_formats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_doubles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_controls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_holes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_instancing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_edge_flag, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_format, setup, teardown),
		cmocka_unit_test_setup_teardown(test_indices, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
