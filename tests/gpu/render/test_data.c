/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "gpu/eu/isa.h"
#include "gpu/mem/tiling.h"
#include "tests/gpu/render/messages.h"

/* Messages to the data ports. */

#define BTI_BUFFER 3u
#define BTI_IMAGE 4u
#define BTI_NONE 9u
#define BTI_STATELESS 253u
#define IMAGE_STATE 0x180u

#define SCRATCH 0x80000000u
#define SCRATCH_SIZE 2048u
#define UNTOUCHED 0xeeeeeeeeu

#define TYPE(n) ((n) << 14)
#define CONTROL(n) ((n) << 8)
#define RETURN CONTROL(1u << 5)

static void message_set(struct bench *bench, uint8_t sfid, uint32_t desc, unsigned length)
{
	memset(bench->response, 0xee, sizeof(bench->response));
	bench->message.sfid = sfid;
	bench->message.desc = desc;
	bench->message.length = length;
	bench->message.channels = 0xffff;
	bench->message.exec_size = 16;
	bench->message.response_length = 8;
}

static uint32_t buffer_dword(const struct bench *bench, uint64_t offset)
{
	uint32_t value;

	if (offset + 4 > BUFFER_SIZE) {
		return 0;
	}
	memcpy(&value, bench->buffer + offset, sizeof(value));
	return value;
}

/* Three channels of sixteen lanes, some behind the buffer's end; one lane does not execute. */
static void test_untyped_read(void **state)
{
	struct bench *bench = *state;

	message_set(
		bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(1u) | CONTROL(1u << 4 | 8) | BTI_BUFFER, 2);
	for (unsigned lane = 0; lane < 16; lane++) {
		bench->payload[lane / 8][lane % 8] = lane == 15 ? 0xfffffffc : lane * 8;
	}
	bench->message.channels = 0xffdf;
	assert_null(bench_send(bench));
	for (unsigned lane = 0; lane < 16; lane++) {
		for (unsigned c = 0; c < 3; c++) {
			uint64_t at = bench->payload[lane / 8][lane % 8] + UINT64_C(4) * c;

			assert_int_equal(bench->response[2 * c + lane / 8][lane % 8],
				lane == 5 ? UNTOUCHED : buffer_dword(bench, at));
		}
	}
	assert_int_equal(bench->response[6][0], UNTOUCHED);
}

/* Data in the second payload, in the first one behind the addresses, and to a null surface. */
static void test_untyped_write(void **state)
{
	struct bench *bench = *state;
	uint32_t data[2][8];

	for (unsigned pass = 0; pass < 3; pass++) {
		unsigned index = pass == 2 ? BTI_NONE : BTI_BUFFER;
		uint8_t before[BUFFER_SIZE + 32];

		message_set(bench, UGVT_EU_SFID_DATA_CACHE_1,
			TYPE(9u) | CONTROL(2u << 4 | 12) | index, pass == 1 ? 3 : 1);
		memset(bench->buffer, (int)pass, BUFFER_SIZE + 32);
		memcpy(before, bench->buffer, sizeof(before));
		for (unsigned lane = 0; lane < 8; lane++) {
			bench->payload[0][lane] = 40 + 8 * lane; // the last are out of bounds
			data[0][lane] = bench->payload[1][lane] = 0x100 * pass + lane;
			data[1][lane] = bench->payload[2][lane] = 0x10000 * pass + lane;
		}
		bench->message.payload2 = (const uint8_t *)data;
		bench->message.length2 = pass == 1 ? 0 : 2;
		bench->message.channels = 0xfd;
		assert_null(bench_send(bench));
		for (unsigned lane = 0; lane < 8 && pass < 2; lane++) {
			uint32_t at = 40 + 8 * lane;

			assert_true(lane == 1 || buffer_dword(bench, at) ==
							 (at < BUFFER_SIZE ? data[0][lane] : 0));
			assert_true(
				lane == 1 || buffer_dword(bench, at + 4) ==
						     (at + 4 < BUFFER_SIZE ? data[1][lane] : 0));
		}
		assert_memory_equal(bench->buffer, before, pass == 2 ? sizeof(before) : 40);
		assert_memory_equal(bench->buffer + BUFFER_SIZE, before + BUFFER_SIZE, 32);
	}
}

/* All operations, on one dword by one lane; what they return, and what is there then. */
static void test_atomics(void **state)
{
	static const struct {
		uint32_t op, old, value, value2, result, returned;
		bool is_float;
	} cases[] = {
		{1, 0xff00, 0x0ff0, 0, 0x0f00, 0xff00, false},
		{2, 0xff00, 0x0ff0, 0, 0xfff0, 0xff00, false},
		{3, 0xff00, 0x0ff0, 0, 0xf0f0, 0xff00, false},
		{4, 7, 9, 0, 9, 7, false},
		{5, UINT32_MAX, 0, 0, 0, UINT32_MAX, false},
		{6, 0, 0, 0, UINT32_MAX, 0, false},
		{7, 7, 9, 0, 16, 7, false},
		{8, 7, 9, 0, (uint32_t)-2, 7, false},
		{9, 7, 9, 0, 2, 7, false},
		{10, (uint32_t)-7, 3, 0, 3, (uint32_t)-7, false},
		{11, (uint32_t)-7, 3, 0, (uint32_t)-7, (uint32_t)-7, false},
		{12, (uint32_t)-7, 3, 0, (uint32_t)-7, (uint32_t)-7, false},
		{13, (uint32_t)-7, 3, 0, 3, (uint32_t)-7, false},
		{14, 5, 5, 6, 6, 5, false},
		{14, 5, 4, 6, 5, 5, false},
		{15, 5, 0, 0, 4, 4, false},
		{1, 0x3f800000, 0x40000000, 0, 0x40000000, 0x3f800000, true},
		{1, 0x40000000, 0x3f800000, 0, 0x40000000, 0x40000000, true},
		{1, 0x7fc00000, 0x3f800000, 0, 0x3f800000, 0x7fc00000, true},
		{2, 0x3f800000, 0xbf800000, 0, 0xbf800000, 0x3f800000, true},
		{3, 0x80000000, 0, 0x3f800000, 0x3f800000, 0x80000000, true},
		{3, 0x7fc00000, 0x7fc00000, 1, 0x7fc00000, 0x7fc00000, true},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct bench *bench = *state;
		bool unary = !cases[i].is_float &&
			     (cases[i].op == 5 || cases[i].op == 6 || cases[i].op == 15);
		uint32_t type = TYPE(cases[i].is_float ? 27u : 2u);

		message_set(bench, UGVT_EU_SFID_DATA_CACHE_1,
			type | CONTROL(cases[i].op | 1u << 4) | RETURN | BTI_BUFFER, unary ? 1 : 3);
		bench->payload[0][2] = 12;
		bench->payload[1][2] = cases[i].value;
		bench->payload[2][2] = cases[i].value2;
		bench->message.channels = 4;
		memcpy(bench->buffer + 12, &cases[i].old, 4);
		assert_null(bench_send(bench));
		assert_int_equal(buffer_dword(bench, 12), cases[i].result);
		assert_int_equal(bench->response[0][2], cases[i].returned);
		assert_int_equal(bench->response[0][1], UNTOUCHED);
	}
}

/* Lanes that share a dword are done one after the other; out of bounds returns 0. */
static void test_atomic_lanes(void **state)
{
	struct bench *bench = *state;

	message_set(
		bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(2u) | CONTROL(5u) | RETURN | BTI_BUFFER, 2);
	for (unsigned lane = 0; lane < 16; lane++) {
		bench->payload[lane / 8][lane % 8] = lane == 3 ? BUFFER_SIZE : 8;
	}
	memset(bench->buffer, 0, BUFFER_SIZE + 4);
	assert_null(bench_send(bench));
	assert_int_equal(buffer_dword(bench, 8), 15);
	for (unsigned lane = 0; lane < 16; lane++) {
		assert_int_equal(
			bench->response[lane / 8][lane % 8], lane == 3 ? 0 : lane - (lane > 3));
	}
	assert_int_equal(bench->buffer[BUFFER_SIZE], 0);
}

static void *increment(void *bench)
{
	struct bench *mine = bench;

	for (unsigned i = 0; i < 2000; i++) {
		assert_null(bench_send(mine));
	}
	return NULL;
}

/* What one thread adds another one's messages do not lose. */
static void test_atomic_threads(void **state)
{
	struct bench *bench = *state, other = *bench;
	pthread_t thread;

	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(2u) | CONTROL(5u) | BTI_BUFFER, 2);
	memset(bench->payload, 0, sizeof(bench->payload));
	memset(bench->buffer, 0, BUFFER_SIZE);
	other.message = bench->message;
	other.functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
	assert_non_null(other.functions);
	ugvt_functions_begin(other.functions, &bench->state, &other.space.as);
	assert_int_equal(pthread_create(&thread, NULL, increment, &other), 0);
	increment(bench);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(buffer_dword(bench, 0), 2 * 2000 * 16);
	ugvt_functions_destroy(other.functions);
}

/* A 2D array of R32_UINT, Y-tiled, 20x10 texels, two layers of 16 rows. */
static void image_write(struct bench *bench, uint32_t format)
{
	uint32_t *image = bench->states + IMAGE_STATE / 4;

	bench->states[TABLE / 4 + BTI_IMAGE] = IMAGE_STATE;
	memset(image, 0, 64);
	image[0] = 1u << 29 | 1u << 28 | format << 18 | 1 << 16 | 1 << 14 | 3 << 12;
	image[1] = 16 / 4;
	image[2] = 9 << 16 | 19;
	image[3] = 1u << 21 | 127;
	image[8] = ugvt_lo32(TEXTURE);
	image[9] = ugvt_hi32(TEXTURE);
	ugvt_functions_begin(bench->functions, &bench->state, &bench->space.as);
}

static uint32_t *image_texel(const struct bench *bench, unsigned x, unsigned y, unsigned layer)
{
	return bench->texture +
	       ugvt_tile_offset(UGVT_TILING_Y, 128, 4 * x, y + 16 * layer) / sizeof(uint32_t);
}

/* Coordinates inside and outside; the sample mask of the header; R8G8B8A8_UNORM converts. */
static void test_typed(void **state)
{
	struct bench *bench = *state;

	image_write(bench, 0x0c7);
	memset(bench->texture, 0, 0x1000);
	memset(bench->payload, 0, sizeof(bench->payload));
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1,
		TYPE(13u) | CONTROL(1u << 4) | HEADER | BTI_IMAGE, 8);
	bench->payload[0][7] = 0xf7;
	for (unsigned lane = 0; lane < 8; lane++) {
		bench->payload[1][lane] = 13 + lane; // the last is outside
		bench->payload[2][lane] = 9;
		bench->payload[3][lane] = lane % 2;
		bench->payload[4][lane] = 0x3f800000;
		bench->payload[6][lane] = 0x3f000000;
	}
	bench->message.channels = 0xff;
	assert_null(bench_send(bench));
	for (unsigned lane = 0; lane < 8; lane++) {
		bool there = lane != 3 && lane != 7;

		assert_int_equal(
			*image_texel(bench, 13 + lane, 9, lane % 2), there ? 0x008000ff : 0);
		assert_int_equal(*image_texel(bench, 13 + lane, 9, 1 - lane % 2), 0);
	}
	message_set(
		bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(5u) | CONTROL(1u << 4 | 12) | BTI_IMAGE, 3);
	memmove(bench->payload[0], bench->payload[1], 3 * 32);
	bench->message.channels = 0xff;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][0], 0x3f800000);
	assert_int_equal(bench->response[0][3], 0);
	assert_int_equal(bench->response[0][7], 0);
	assert_int_equal(bench->response[1][0], 0);
	assert_int_equal(bench->response[2][0], UNTOUCHED);
}

/* Rows of 12 bytes, of R32_UINT, that take 16 each in the payload: what lies outside is dropped, and read from the edges. */
static void test_media_block(void **state)
{
	struct bench *bench = *state;

	image_write(bench, 0x0d7);
	bench->states[IMAGE_STATE / 4] &= ~(1u << 28); // no array
	ugvt_functions_begin(bench->functions, &bench->state, &bench->space.as);
	memset(bench->texture, 0, 0x1000);
	memset(bench->payload, 0, sizeof(bench->payload));
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(10u) | HEADER | BTI_IMAGE, 3);
	bench->message.channels = 0;
	bench->payload[0][0] = 4 * 18; // the last of three is outside
	bench->payload[0][1] = (uint32_t)-1;
	bench->payload[0][2] = 2 << 16 | 11;
	for (unsigned i = 0; i < 12; i++) {
		bench->payload[1 + i / 8][i % 8] = 100 + i;
	}
	assert_null(bench_send(bench));
	for (unsigned y = 0; y < 3; y++) {
		for (unsigned x = 17; x < 22; x++) {
			bool there = y < 2 && (x == 18 || x == 19);

			assert_int_equal(*image_texel(bench, x, y, 0),
				there ? 100 + 4 * (y + 1) + (x - 18) : 0);
		}
	}
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(4u) | HEADER | BTI_IMAGE, 1);
	bench->message.channels = 0;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][0], 104); // row -1 is row 0
	assert_int_equal(bench->response[0][1], 105);
	assert_int_equal(bench->response[0][2], 105);
	assert_int_equal(bench->response[0][3], UNTOUCHED);
	assert_int_equal(bench->response[0][4], 104);
	assert_int_equal(bench->response[1][0], 108);
	assert_int_equal(bench->response[1][4], UNTOUCHED);
}

/* A surface of bytes, whose width is in dwords: 19 and 1 more make 80 bytes. */
static void test_media_block_bytes(void **state)
{
	struct bench *bench = *state;
	uint8_t *response = (uint8_t *)bench->response;

	image_write(bench, 0x140);
	bench->states[IMAGE_STATE / 4] &= ~(1u << 28); // no array
	ugvt_functions_begin(bench->functions, &bench->state, &bench->space.as);
	memset(bench->texture, 0, 0x1000);
	memset(bench->payload, 0, sizeof(bench->payload));
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(10u) | HEADER | BTI_IMAGE, 2);
	bench->payload[0][0] = 72; // the last 8 of 16 are outside
	bench->payload[0][2] = 15;
	for (unsigned i = 0; i < 4; i++) {
		bench->payload[1][i] = 0x04030201 + i * 0x04040404;
	}
	assert_null(bench_send(bench));
	assert_int_equal(*image_texel(bench, 17, 0, 0), 0);
	assert_int_equal(*image_texel(bench, 18, 0, 0), 0x04030201);
	assert_int_equal(*image_texel(bench, 19, 0, 0), 0x08070605);
	assert_int_equal(*image_texel(bench, 20, 0, 0), 0);
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(4u) | HEADER | BTI_IMAGE, 1);
	assert_null(bench_send(bench));
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(response[i], UGVT_MIN(i, 7) + 1);
	}
}

static void test_typed_atomic(void **state)
{
	struct bench *bench = *state;

	image_write(bench, 0x0d7);
	memset(bench->texture, 0, 0x1000);
	memset(bench->payload, 0, sizeof(bench->payload));
	message_set(
		bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(6u) | CONTROL(7u) | RETURN | BTI_IMAGE, 4);
	for (unsigned lane = 0; lane < 8; lane++) {
		bench->payload[0][lane] = 5;
		bench->payload[1][lane] = lane == 7 ? 10 : 6;
		bench->payload[2][lane] = 1;
		bench->payload[3][lane] = 100;
	}
	bench->message.channels = 0xff;
	assert_null(bench_send(bench));
	assert_int_equal(*image_texel(bench, 5, 6, 1), 700);
	assert_int_equal(bench->response[0][6], 600);
	assert_int_equal(bench->response[0][7], 0);
}

static void scratch_header(struct bench *bench, uint32_t offset)
{
	memset(bench->payload[0], 0, 32);
	bench->payload[0][2] = offset;
	bench->payload[0][3] = 1; // 2 KB
	bench->payload[0][5] = SCRATCH | 0x3ff;
}

/* Spills: each dword as its channel says; what lies beyond the thread's own space is left alone. */
static void test_scratch_blocks(void **state)
{
	struct bench *bench = *state;
	uint32_t *scratch = bench_map(bench, SCRATCH, 2 * SCRATCH_SIZE);

	scratch_header(bench, SCRATCH_SIZE / 16 - 4);
	for (unsigned i = 0; i < 16; i++) {
		bench->payload[1 + i / 8][i % 8] = 100 + i;
	}
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_0,
		TYPE(8u) | CONTROL(3u) | HEADER | BTI_STATELESS, 3);
	bench->message.channels = 0x7ffe;
	assert_null(bench_send(bench));
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(scratch[SCRATCH_SIZE / 4 - 16 + i], i % 15 ? 100 + i : 0);
	}
	scratch_header(bench, SCRATCH_SIZE / 16 - 2);
	assert_null(bench_send(bench));
	assert_int_equal(scratch[SCRATCH_SIZE / 4 - 1], 107);
	assert_int_equal(scratch[SCRATCH_SIZE / 4], 0);
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_0, CONTROL(3u) | HEADER | BTI_STATELESS, 1);
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][7], 107);
	assert_int_equal(bench->response[1][0], 0);
}

/* Dwords, with offsets in dwords, and the scratch message with its offset of registers. */
static void test_scratch_dwords(void **state)
{
	struct bench *bench = *state;
	uint32_t *scratch = bench_map(bench, SCRATCH, 2 * SCRATCH_SIZE);

	scratch_header(bench, 0);
	for (unsigned lane = 0; lane < 8; lane++) {
		bench->payload[1][lane] = 8 + lane;
		bench->payload[2][lane] = 7 * lane;
	}
	bench->payload[1][7] = SCRATCH_SIZE / 4;
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_0,
		TYPE(11u) | CONTROL(2u) | HEADER | BTI_STATELESS, 3);
	bench->message.channels = 0xff;
	assert_null(bench_send(bench));
	assert_int_equal(scratch[8 + 6], 42);
	assert_int_equal(scratch[SCRATCH_SIZE / 4], 0);
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_0, 1u << 18 | HEADER | 1, 1);
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][6], 42);
	assert_int_equal(bench->response[0][7], 0);
	assert_int_equal(bench->response[1][0], UNTOUCHED);
}

/* Bytes and words that are not aligned, read back by addresses of 64 bits. */
static void test_bytes(void **state)
{
	struct bench *bench = *state;

	for (unsigned lane = 0; lane < 8; lane++) {
		uint64_t addr = BUFFER + 1 + 5 * lane;

		bench->payload[0][lane] = 1 + 5 * lane;
		bench->payload[1][lane] = 0xa5a50000 | 0x1111 * lane;
		memcpy(&bench->payload[4 + lane / 4][lane % 4 * 2], &addr, sizeof(addr));
	}
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_0, TYPE(12u) | CONTROL(1u << 2) | BTI_BUFFER, 2);
	bench->message.channels = 0xff;
	memset(bench->buffer, 0x77, BUFFER_SIZE);
	assert_null(bench_send(bench));
	assert_int_equal(bench->buffer[0], 0x77);
	assert_int_equal(bench->buffer[1 + 5 * 3], 0x33);
	assert_int_equal(bench->buffer[3 + 5 * 3], 0x77);
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(16u) | CONTROL(1u << 2) | 253, 2);
	memcpy(bench->payload[0], bench->payload[4], 64);
	bench->message.channels = 0xfe;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][0], UNTOUCHED);
	assert_int_equal(bench->response[0][3], 0x3333);
}

/* Addresses: what is not mapped reads as 0 and takes nothing; 64 bits at once. */
static void test_a64(void **state)
{
	struct bench *bench = *state;
	uint64_t addresses[8] = {BUFFER, BUFFER + 8, UINT64_C(0x123456789000), UINT64_MAX};
	uint64_t values[8] = {UINT64_C(0x1122334455667788), 2, 3, 4, 5, 6, 7, 8};

	memset(bench->buffer, 0xff, 16);
	memcpy(bench->payload[0], addresses, sizeof(addresses));
	memcpy(bench->payload[2], values, sizeof(values));
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1,
		TYPE(18u) | CONTROL(7u | 1u << 4) | RETURN | 253, 4);
	bench->message.channels = 0xf;
	assert_null(bench_send(bench));
	memcpy(values, bench->buffer, 16);
	assert_true(values[0] == UINT64_C(0x1122334455667787) && values[1] == 1);
	assert_int_equal(bench->response[0][0], UINT32_MAX);
	assert_int_equal(bench->response[0][4], 0);
	assert_int_equal(bench->response[1][0], UNTOUCHED);
	message_set(bench, UGVT_EU_SFID_DATA_CACHE_1, TYPE(17u) | CONTROL(2u << 4 | 12) | 253, 2);
	bench->message.channels = 0xf;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[1][0], 0x11223344);
	assert_int_equal(bench->response[1][2], 0);
	assert_true(bench->space.as.faults > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_untyped_read, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_untyped_write, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_atomics, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_atomic_lanes, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_atomic_threads, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_typed, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_media_block, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(
			test_media_block_bytes, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_typed_atomic, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_scratch_blocks, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_scratch_dwords, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_bytes, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_a64, bench_setup, bench_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
