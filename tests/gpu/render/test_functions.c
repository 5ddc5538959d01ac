/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/eu/isa.h"
#include "gpu/render/functions.h"
#include "tests/gpu/space.h"

/* Messages to shared functions, with a texture and a buffer in memory. */

#define STATES UINT64_C(0x100000000) // surface and dynamic state base
#define TEXTURE UINT64_C(0x200000000)
#define SIZE 8u // of the texture
#define BUFFER (TEXTURE + 0x1000)
#define BUFFER_SIZE 100u
#define TABLE 0x20u // binding table
#define SAMPLERS 0x400u
#define OTHER_SAMPLERS 0x480u

#define SIMD8 (1u << 17)
#define SIMD16 (2u << 17)
#define HEADER (1u << 19)

struct bench {
	struct space space;
	struct ugvt_kept kept;
	struct ugvt_state state;
	struct ugvt_functions *functions;
	struct ugvt_eu_message message;
	uint32_t payload[15][8], response[16][8];
	uint32_t *states, *texture;
	uint8_t *buffer;
};

static void set(struct bench *bench, const uint32_t *dw, unsigned n)
{
	for (size_t i = 0; i < ugvt_command_count; i++) {
		const struct ugvt_command *row = &ugvt_commands[i];

		if ((dw[0] & row->mask) == row->header && row->keep > 0) {
			assert_true(ugvt_kept_set(&bench->kept, row, dw, n));
			return;
		}
	}
	fail();
}

#define SET(bench, ...)                             \
	set(bench, (const uint32_t[]){__VA_ARGS__}, \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void *memory_map(struct bench *bench, uint64_t addr, uint64_t size)
{
	ugvt_gpa gpa = space_alloc(&bench->space, size, UGVT_PAGE_SIZE);

	space_map(&bench->space, addr, gpa, size);
	return space_host(&bench->space, gpa);
}

/* RENDER_SURFACE_STATE of a linear texture of R8G8B8A8_UINT, and of a buffer of bytes. */
static void surfaces_write(struct bench *bench)
{
	uint32_t *texture = bench->states + 0x100 / 4, *buffer = bench->states + 0x140 / 4;

	bench->states[TABLE / 4] = 0x100;
	bench->states[TABLE / 4 + 3] = 0x140;
	texture[0] = 1u << 29 | 0x0cbu << 18 | 1 << 16 | 1 << 14;
	texture[2] = (SIZE - 1) << 16 | (SIZE - 1);
	texture[3] = 4 * SIZE - 1;
	texture[7] = 4u << 25 | 5u << 22 | 6u << 19 | 7u << 16;
	texture[8] = ugvt_lo32(TEXTURE);
	texture[9] = ugvt_hi32(TEXTURE);
	memcpy(buffer, texture, 64);
	buffer[0] = 4u << 29 | 0x1ffu << 18 | 1 << 16 | 1 << 14;
	buffer[2] = BUFFER_SIZE - 1;
	buffer[3] = 0;
	buffer[8] = ugvt_lo32(BUFFER);
}

static int setup(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	space_init(&bench.space, UINT64_C(1) << 20);
	bench.states = memory_map(&bench, STATES, 0x1000);
	bench.texture = memory_map(&bench, TEXTURE, 0x2000);
	bench.buffer = (uint8_t *)bench.texture + 0x1000;
	for (unsigned i = 0; i < 0x800; i++) {
		bench.texture[i] = (uint32_t)rand() * 2654435761u;
	}
	surfaces_write(&bench);
	assert_true(ugvt_kept_init(&bench.kept, UGVT_RCS));
	ugvt_state_init(&bench.state, &bench.kept);
	SET(&bench, 0x61010011, 1, 0, 0, ugvt_lo32(STATES) | 1, ugvt_hi32(STATES),
		ugvt_lo32(STATES) | 1, ugvt_hi32(STATES), 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
	SET(&bench, 0x782a0000, TABLE);
	SET(&bench, 0x782f0000, SAMPLERS);
	bench.functions = ugvt_functions_create(UGVT_FUNCTIONS_PS);
	assert_non_null(bench.functions);
	ugvt_functions_begin(bench.functions, &bench.state, &bench.space.as);
	ugvt_functions_window(bench.functions);
	memset(bench.response, 0xee, sizeof(bench.response));
	bench.message = (struct ugvt_eu_message){
		.sfid = UGVT_EU_SFID_SAMPLER,
		.channels = 0xffff,
		.payload = (const uint8_t *)bench.payload,
		.response = (uint8_t *)bench.response,
		.response_length = 8,
	};
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	ugvt_functions_destroy(bench->functions);
	ugvt_kept_finish(&bench->kept);
	space_finish(&bench->space);
	return 0;
}

static const char *send(struct bench *bench)
{
	struct ugvt_eu_port *port = ugvt_functions_port(bench->functions);

	return port->impl->send(port, &bench->message);
}

static uint32_t texel(const struct bench *bench, unsigned x, unsigned y, unsigned channel)
{
	if (x >= SIZE || y >= SIZE) {
		return 0;
	}
	return bench->texture[y * SIZE + x] >> 8 * channel & 0xff;
}

/* ld_lz of sixteen lanes, some of them outside or not enabled. */
static void test_load(void **state)
{
	struct bench *bench = *state;

	for (unsigned lane = 0; lane < 16; lane++) {
		bench->payload[lane / 8][lane % 8] = lane % 9;
		bench->payload[2 + lane / 8][lane % 8] = lane / 2;
	}
	bench->message.desc = 26 << 12 | SIMD16;
	bench->message.length = 4;
	bench->message.channels = 0xdfff;
	assert_null(send(bench));
	for (unsigned i = 0; i < 64; i++) {
		unsigned c = i / 16, lane = i % 16;

		assert_int_equal(bench->response[2 * c + lane / 8][lane % 8],
			lane == 13 ? 0xeeeeeeee : texel(bench, lane % 9, lane / 2, c));
	}
}

/* A header: an offset, channels that are not returned; and eight lanes of the thread's second half. */
static void test_header(void **state)
{
	struct bench *bench = *state;

	bench->payload[0][2] = 5u << 12 | 0xfu << 8 | 2u << 4; // no red and blue; u - 1, v + 2
	for (unsigned lane = 0; lane < 8; lane++) {
		bench->payload[1][lane] = lane;
		bench->payload[2][lane] = 3;
	}
	bench->message.desc = 26 << 12 | SIMD8 | HEADER;
	bench->message.length = 3;
	bench->message.channels = 0xff00;
	bench->message.first = 8;
	bench->message.response_length = 2;
	assert_null(send(bench));
	for (unsigned lane = 0; lane < 8; lane++) {
		assert_int_equal(bench->response[0][lane], texel(bench, lane - 1, 5, 1));
		assert_int_equal(bench->response[1][lane], texel(bench, lane - 1, 5, 3));
		assert_int_equal(bench->response[2][lane], 0xeeeeeeee);
	}
}

static uint32_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* sample_lz, nearest: the first sampler wraps, the one that a header points to clamps. */
static void test_sample(void **state)
{
	struct bench *bench = *state;

	bench->states[(OTHER_SAMPLERS + 16) / 4 + 3] = 2 << 6 | 2 << 3 | 2;
	for (unsigned header = 0; header < 2; header++) {
		bench->payload[0][3] = OTHER_SAMPLERS;
		for (unsigned lane = 0; lane < 8; lane++) {
			float u = ((float)lane * 2 + 0.5f) / SIZE;

			bench->payload[header][lane] = float_bits(u);
			bench->payload[header + 1][lane] = float_bits(0.6f);
		}
		if (header == 1) {
			bench->payload[0][3] = OTHER_SAMPLERS;
			bench->payload[0][2] = 0;
		}
		bench->message.desc = 24 << 12 | SIMD8 | (header ? HEADER | 1 << 8 : 0);
		bench->message.length = 2 + header;
		assert_null(send(bench));
		for (unsigned lane = 0; lane < 8; lane++) {
			unsigned x = header ? (lane < 4 ? 2 * lane : SIZE - 1) : 2 * lane % SIZE;

			for (unsigned c = 0; c < 4; c++) {
				assert_int_equal(bench->response[c][lane], texel(bench, x, 4, c));
			}
		}
	}
}

static void test_resinfo(void **state)
{
	struct bench *bench = *state;

	bench->message.desc = 10 << 12 | SIMD8;
	bench->message.length = 1;
	assert_null(send(bench));
	assert_int_equal(bench->response[0][0], SIZE);
	assert_int_equal(bench->response[1][7], SIZE);
}

/* What was drawn before is known again; memory that changed between draws is seen. */
static void test_draws(void **state)
{
	struct bench *bench = *state;

	bench->message.desc = 26 << 12 | SIMD8;
	bench->message.length = 2;
	assert_null(send(bench));
	assert_int_equal(bench->response[0][0], texel(bench, 0, 0, 0));
	bench->texture[SIZE] = 0x01020304;
	bench->states[0x100 / 4 + 8] += 4 * SIZE;
	ugvt_functions_begin(bench->functions, &bench->state, &bench->space.as);
	assert_null(send(bench));
	assert_int_equal(bench->response[0][0], 4);
}

/* OWord blocks, aligned and not, and over the buffer's end. */
static void test_constants(void **state)
{
	static const struct {
		uint32_t control, offset;
		unsigned byte, size, at;
	} cases[] = {
		{0 << 8, 2, 32, 16, 0},
		{1 << 8, 2, 32, 16, 16},
		{2 << 8, 1, 16, 32, 0},
		{3 << 8 | 1 << 14, 5, 5, 64, 0},
		{4 << 8 | 1 << 14, 3, 3, 128, 0},
		{4 << 8 | 1 << 14, 0xfffffff0, 0xfffffff0, 128, 0},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct bench *bench = *state;
		const uint8_t *bytes = (const uint8_t *)bench->response + cases[i].at;

		memset(bench->response, 0xee, sizeof(bench->response));
		bench->payload[0][2] = cases[i].offset;
		bench->message.sfid = UGVT_EU_SFID_CONSTANT_CACHE;
		bench->message.desc = 3 | cases[i].control | HEADER;
		bench->message.length = 1;
		bench->message.response_length = 4;
		assert_null(send(bench));
		for (unsigned k = 0; k < cases[i].size; k++) {
			uint64_t at = (uint64_t)cases[i].byte + k;

			assert_int_equal(bytes[k], at < BUFFER_SIZE ? bench->buffer[at] : 0);
		}
		assert_int_equal(bytes[cases[i].size], 0xee);
	}
}

/* Nothing is there: zeros, and a count. */
static void test_missing(void **state)
{
	struct bench *bench = *state;

	bench->message.sfid = UGVT_EU_SFID_DATA_CACHE_0;
	bench->message.length = 1;
	bench->message.response_length = 1;
	assert_null(send(bench));
	assert_int_equal(bench->response[0][3], 0);
	assert_int_equal(bench->response[1][0], 0xeeeeeeee);
	bench->message.sfid = UGVT_EU_SFID_SAMPLER;
	bench->message.desc = 12 << 12 | SIMD8;
	assert_null(send(bench));
	assert_int_equal(ugvt_functions_missing(bench->functions), 2);
	/* An entry that leads to no surface. */
	bench->message.desc = 26 << 12 | SIMD8 | 200;
	bench->message.response_length = 4;
	assert_null(send(bench));
	assert_int_equal(bench->response[0][0], 0);
	assert_int_equal(ugvt_functions_missing(bench->functions), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_load, setup, teardown),
		cmocka_unit_test_setup_teardown(test_header, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sample, setup, teardown),
		cmocka_unit_test_setup_teardown(test_resinfo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_draws, setup, teardown),
		cmocka_unit_test_setup_teardown(test_constants, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
