/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/sampler/astc.h"

/* Modes of a grid: its size and its weights' range; and an endpoint mode. */
#define GRID_4X4_BITS1 0x41
#define GRID_4X4_BITS2 0x42
#define GRID_4X4_TRITS 0x51
#define GRID_4X4_QUINTS 0x52
#define GRID_4X2_BITS3 0x13
#define GRID_8X2_BITS3 0x17
#define DUAL UINT64_C(0x400)
#define PARTITIONS(n) ((UINT64_C(n) - 1) << 11)
#define ENDPOINTS(mode) (UINT64_C(mode) << 13)
/* Luminances 0 and 255. */
#define BLACK_WHITE (UINT64_C(0xff00) << 17)
/* The same with alpha 0 and 255. */
#define CLEAR_WHITE (ENDPOINTS(4) | UINT64_C(0xff00ff00) << 17)

#define FLT16_4X4 "ASTC_LDR_2D_4X4_FLT16"
#define FLT16_8X8 "ASTC_LDR_2D_8X8_FLT16"
#define SRGB_4X4 "ASTC_LDR_2D_4X4_U8SRGB"

/* Worked by hand. */
static const struct {
	const char *name;
	const char *format;
	uint64_t lo;
	uint64_t hi;
	unsigned texel;
	float rgba[4];
} cases[] = {
	{"void extent", FLT16_4X4, 0xfffffffffffffdfc, 0xffff800000004000, 15, {0.25f, 0, 0.5f, 1}},
	/* 0x1234 has 13 bits, of which 11 stay. */
	{"void extent, cut off", FLT16_4X4, 0xfffffffffffffdfc, 0x1237, 0,
		{0x1234 / 65536.0f, 0, 0, 0}},
	{"void extent, sRGB", SRGB_4X4, 0xfffffffffffffdfc, 0x80ff0000ffff00ff, 0,
		{0, 1, 0, 128 / 255.0f}},
	{"void extent, HDR", FLT16_4X4, 0xfffffffffffffffc, 0, 0, {1, 0, 1, 1}},
	{"void extent, of nothing", FLT16_4X4, 0xdfc, 0, 0, {1, 0, 1, 1}},
	/* From 0 to 1 in both. */
	{"void extent, of something", FLT16_4X4, 0xdfc | 1ull << 25 | 1ull << 51, 0, 0,
		{0, 0, 0, 0}},
	{"reserved", FLT16_4X4, 0, 0, 0, {1, 0, 1, 1}},
	{"reserved, above", FLT16_4X4, 0x1d4, 0, 0, {1, 0, 1, 1}},
	{"16 bits of weights", FLT16_4X4, GRID_4X4_BITS1 | BLACK_WHITE, 0, 0, {1, 0, 1, 1}},
	{"larger than the block", FLT16_4X4, GRID_8X2_BITS3 | BLACK_WHITE, 0, 0, {1, 0, 1, 1}},
	{"as large as the block", FLT16_8X8, GRID_8X2_BITS3 | BLACK_WHITE, 0, 0, {0, 0, 0, 1}},
	{"HDR endpoints", FLT16_4X4, GRID_4X4_BITS2 | ENDPOINTS(2), 0, 0, {1, 0, 1, 1}},
	{"HDR endpoints of two", FLT16_4X4, GRID_4X4_BITS2 | PARTITIONS(2) | UINT64_C(2) << 25, 0,
		7, {1, 0, 1, 1}},
	{"two planes, four partitions", FLT16_4X4, GRID_4X4_BITS2 | DUAL | PARTITIONS(4), 0, 0,
		{1, 0, 1, 1}},
	/* Two bits each, from the highest on, lower bit first: 3, 1, 2, 0. */
	{"weight 3", FLT16_4X4, GRID_4X4_BITS2 | BLACK_WHITE, 0xe4ull << 56, 0, {1, 1, 1, 1}},
	/* 21 of 64: 21504 of 65536. */
	{"weight 1", FLT16_4X4, GRID_4X4_BITS2 | BLACK_WHITE, 0xe4ull << 56, 1,
		{0.328125f, 0.328125f, 0.328125f, 1}},
	/* 43 of 64: 44031, of which 11 bits stay. */
	{"weight 2", FLT16_4X4, GRID_4X4_BITS2 | BLACK_WHITE, 0xe4ull << 56, 2,
		{44000 / 65536.0f, 44000 / 65536.0f, 44000 / 65536.0f, 1}},
	{"weight 0", FLT16_4X4, GRID_4X4_BITS2 | BLACK_WHITE, 0xe4ull << 56, 3, {0, 0, 0, 1}},
	/* Code 84. */
	{"weight 1, sRGB", SRGB_4X4, GRID_4X4_BITS2 | BLACK_WHITE, 0xe4ull << 56, 1,
		{0.088656f, 0.088656f, 0.088656f, 1}},
	/* Packed as 9: 1, 2, 0, 0, 0. */
	{"first trit", FLT16_4X4, GRID_4X4_TRITS | BLACK_WHITE, 0x90ull << 56, 0,
		{0.5f, 0.5f, 0.5f, 1}},
	{"second trit", FLT16_4X4, GRID_4X4_TRITS | BLACK_WHITE, 0x90ull << 56, 1, {1, 1, 1, 1}},
	{"third trit", FLT16_4X4, GRID_4X4_TRITS | BLACK_WHITE, 0x90ull << 56, 2, {0, 0, 0, 1}},
	/* Packed as 255: 2, 1, 2, 2, 2. */
	{"second trit of 255", FLT16_4X4, GRID_4X4_TRITS | BLACK_WHITE, 0xffull << 56, 1,
		{0.5f, 0.5f, 0.5f, 1}},
	{"fifth trit of 255", FLT16_4X4, GRID_4X4_TRITS | BLACK_WHITE, 0xffull << 56, 4,
		{1, 1, 1, 1}},
	/* Packed as 0x71: 1, 2, 3. */
	{"first quint", FLT16_4X4, GRID_4X4_QUINTS | BLACK_WHITE, 0x8eull << 56, 0,
		{0.25f, 0.25f, 0.25f, 1}},
	{"second quint", FLT16_4X4, GRID_4X4_QUINTS | BLACK_WHITE, 0x8eull << 56, 1,
		{0.5f, 0.5f, 0.5f, 1}},
	{"third quint", FLT16_4X4, GRID_4X4_QUINTS | BLACK_WHITE, 0x8eull << 56, 2,
		{49120 / 65536.0f, 49120 / 65536.0f, 49120 / 65536.0f, 1}},
	/* Packed as 6: 4, 4, 0. */
	{"quint of 4", FLT16_4X4, GRID_4X4_QUINTS | BLACK_WHITE, 0x60ull << 56, 1, {1, 1, 1, 1}},
	{"quint behind it", FLT16_4X4, GRID_4X4_QUINTS | BLACK_WHITE, 0x60ull << 56, 2,
		{0, 0, 0, 1}},
	/* A grid of 4x2 weights, all 0 but the first: 7/16 to the right 36 of 64, 2/16 below that 32. */
	{"between weights", FLT16_8X8, GRID_4X2_BITS3 | BLACK_WHITE, 0xe0ull << 56, 1,
		{36832 / 65536.0f, 36832 / 65536.0f, 36832 / 65536.0f, 1}},
	{"between four weights", FLT16_8X8, GRID_4X2_BITS3 | BLACK_WHITE, 0xe0ull << 56, 9,
		{0.5f, 0.5f, 0.5f, 1}},
	/* The selector below 64 bits of weights: alpha. */
	{"first plane", FLT16_4X4, GRID_4X4_BITS2 | DUAL | CLEAR_WHITE | 3ull << 62, 0xc0ull << 56,
		0, {1, 1, 1, 0}},
	{"second plane", FLT16_4X4, GRID_4X4_BITS2 | DUAL | CLEAR_WHITE | 3ull << 62, 0x30ull << 56,
		0, {0, 0, 0, 1}},
	{"second plane, green", FLT16_4X4, GRID_4X4_BITS2 | DUAL | CLEAR_WHITE | 1ull << 62,
		0x30ull << 56, 0, {0, 1, 0, 0}},
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		const uint64_t block[2] = {cases[i].lo, cases[i].hi};
		struct ugvt_block texels;

		ugvt_block_load(ugvt_format_find(cases[i].format), block, &texels);
		for (unsigned c = 0; c < 4; c++) {
			float got = texels.texels[cases[i].texel][c];

			if (fabsf(got - cases[i].rgba[c]) > 1e-6f) {
				fail_msg("%s: channel %u is %.9g", cases[i].name, c, got);
			}
		}
	}
}

static const struct {
	unsigned mode;
	uint8_t values[8];
	uint8_t endpoints[2][4];
} lines[] = {
	{0, {10, 20}, {{10, 10, 10, 255}, {20, 20, 20, 255}}},
	/* 0x12 | 0xc0, and 0x3f more. */
	{1, {0x48, 0xff}, {{0xd2, 0xd2, 0xd2, 255}, {255, 255, 255, 255}}},
	{4, {1, 2, 3, 4}, {{1, 1, 1, 3}, {2, 2, 2, 4}}},
	/* 50 | 128 and 1 more; 50 and 2 less. */
	{5, {100, 0x82, 100, 0x7c}, {{178, 178, 178, 50}, {179, 179, 179, 48}}},
	/* Half, cut off. */
	{6, {100, 101, 255, 128}, {{50, 50, 127, 255}, {100, 101, 255, 255}}},
	{8, {1, 2, 3, 4, 5, 6}, {{1, 3, 5, 255}, {2, 4, 6, 255}}},
	/* The second is darker. */
	{8, {200, 0, 100, 0, 50, 10}, {{5, 5, 10, 255}, {125, 75, 50, 255}}},
	/* 100 and 4, 50 and 0, 128 | 5 and -1: the sum is not negative. */
	{9, {200, 8, 100, 0, 10, 0xfe}, {{100, 50, 133, 255}, {104, 50, 132, 255}}},
	/* 2 and -6, 4 and 0, 6 and 0: it is; the first becomes (-4 + 6) / 2, (4 + 6) / 2, 6. */
	{9, {4, 0x74, 8, 0, 12, 0}, {{1, 5, 6, 255}, {4, 5, 6, 255}}},
	/* -6 is clamped. */
	{9, {0, 0x74, 0, 0, 0, 0}, {{0, 0, 0, 255}, {0, 0, 0, 255}}},
	{10, {100, 101, 255, 128, 7, 8}, {{50, 50, 127, 7}, {100, 101, 255, 8}}},
	{12, {200, 0, 100, 0, 50, 10, 1, 2}, {{5, 5, 10, 2}, {125, 75, 50, 1}}},
	{13, {200, 8, 100, 0, 10, 0, 20, 8}, {{100, 50, 5, 10}, {104, 50, 5, 14}}},
};

static void test_lines(void **state)
{
	static const unsigned hdr[] = {2, 3, 7, 11, 14, 15};
	struct ugvt_astc_line line;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(lines); i++) {
		ugvt_astc_line_make(&line, lines[i].mode, lines[i].values);
		assert_false(line.error);
		if (memcmp(line.endpoints, lines[i].endpoints, sizeof(line.endpoints)) != 0) {
			fail_msg("line %zu, mode %u", i, lines[i].mode);
		}
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(hdr); i++) {
		ugvt_astc_line_make(&line, hdr[i], lines[0].values);
		assert_true(line.error);
	}
}

/* All codes come to as many different values, from one end to the other, symmetrical about the middle. */
static void range_check(const struct ugvt_astc_range *range, unsigned top,
	uint8_t (*expand)(const struct ugvt_astc_range *, unsigned))
{
	unsigned codes = (range->trits ? 3u : range->quints ? 5u : 1u) << range->bits;
	bool seen[256] = {false};

	for (unsigned code = 0; code < codes; code++) {
		unsigned value = expand(range, code);

		assert_in_range(value, 0, top);
		assert_false(seen[value]);
		seen[value] = true;
	}
	assert_true(seen[0] && seen[top]);
	for (unsigned value = 0; value <= top; value++) {
		assert_int_equal(seen[value], seen[top - value]);
	}
}

static void test_ranges(void **state)
{
	static const uint8_t six[] = {0, 255, 51, 204, 102, 153};
	const struct ugvt_astc_range *range = ugvt_astc_value_range(5, 13);

	assert_non_null(range);
	assert_null(ugvt_astc_value_range(5, 12));
	assert_null(ugvt_astc_value_range(5, -1));
	for (unsigned code = 0; code < UGVT_ARRAY_SIZE(six); code++) {
		assert_int_equal(ugvt_astc_value_expand(range, code), six[code]);
	}
	for (int bits = 13; bits <= 40; bits++) {
		range_check(ugvt_astc_value_range(5, bits), 255, ugvt_astc_value_expand);
	}
	for (unsigned number = 2; number < 8; number++) {
		range_check(ugvt_astc_weight_range(number, false), 64, ugvt_astc_weight_expand);
		range_check(ugvt_astc_weight_range(number, true), 64, ugvt_astc_weight_expand);
	}
}

/* 243 and 125 different groups are all there. */
static void test_sequences(void **state)
{
	static const struct ugvt_astc_range trits = {.trits = 1};
	static const struct ugvt_astc_range quints = {.quints = 1};
	bool groups[243] = {false};
	bool quint_groups[125] = {false};
	unsigned found = 0;
	uint8_t v[5];

	assert_int_equal(ugvt_astc_sequence_bits(&trits, 5), 8);
	assert_int_equal(ugvt_astc_sequence_bits(&trits, 6), 10);
	assert_int_equal(ugvt_astc_sequence_bits(&quints, 4), 10);
	for (unsigned packed = 0; packed < 256; packed++) {
		unsigned group;

		ugvt_astc_sequence_read((struct ugvt_block_bits){packed, 0}, &trits, 5, v);
		group = v[0] + 3 * v[1] + 9 * v[2] + 27 * v[3] + 81 * v[4];
		assert_in_range(group, 0, 242);
		found += !groups[group];
		groups[group] = true;
	}
	assert_int_equal(found, 243);
	for (unsigned packed = 0; packed < 128; packed++) {
		unsigned group;

		ugvt_astc_sequence_read((struct ugvt_block_bits){packed, 0}, &quints, 3, v);
		group = v[0] + 5 * v[1] + 25 * v[2];
		assert_in_range(group, 0, 124);
		found += !quint_groups[group];
		quint_groups[group] = true;
	}
	assert_int_equal(found, 243 + 125);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
