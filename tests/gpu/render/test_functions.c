/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gpu/eu/isa.h"
#include "tests/gpu/render/messages.h"

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
	assert_null(bench_send(bench));
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
	assert_null(bench_send(bench));
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
		assert_null(bench_send(bench));
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
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][0], SIZE);
	assert_int_equal(bench->response[1][7], SIZE);
}

/* What was drawn before is known again; memory that changed between draws is seen. */
static void test_draws(void **state)
{
	struct bench *bench = *state;

	bench->message.desc = 26 << 12 | SIMD8;
	bench->message.length = 2;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][0], texel(bench, 0, 0, 0));
	bench->texture[SIZE] = 0x01020304;
	bench->states[0x100 / 4 + 8] += 4 * SIZE;
	ugvt_functions_begin(bench->functions, &bench->state, &bench->space.as);
	assert_null(bench_send(bench));
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
		assert_null(bench_send(bench));
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

	bench->message.sfid = UGVT_EU_SFID_VME;
	bench->message.length = 1;
	bench->message.response_length = 1;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][3], 0);
	assert_int_equal(bench->response[1][0], 0xeeeeeeee);
	bench->message.sfid = UGVT_EU_SFID_SAMPLER;
	bench->message.desc = 12 << 12 | SIMD8;
	assert_null(bench_send(bench));
	assert_int_equal(ugvt_functions_missing(bench->functions), 2);
	/* An entry that leads to no surface. */
	bench->message.desc = 26 << 12 | SIMD8 | 200;
	bench->message.response_length = 4;
	assert_null(bench_send(bench));
	assert_int_equal(bench->response[0][0], 0);
	assert_int_equal(ugvt_functions_missing(bench->functions), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_load, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_header, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_sample, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_resinfo, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_draws, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_constants, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(test_missing, bench_setup, bench_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
