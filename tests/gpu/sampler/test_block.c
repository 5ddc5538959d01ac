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
#include "gpu/sampler/block.h"

/* Worked by hand. Channels in the unit of the case: 255 for colours of 8 bits. */
static const struct {
	const char *name;
	const char *format;
	uint8_t block[16];
	unsigned texel;
	float unit;
	float rgba[4];
} cases[] = {
	/* Red and blue, red the larger number: two thirds of red at code 2. */
	{"four colours", "BC1_UNORM", {0x00, 0xf8, 0x1f, 0x00, 0xe4}, 2, 255, {170, 0, 85, 255}},
	{"first colour", "BC1_UNORM", {0x00, 0xf8, 0x1f, 0x00, 0xe4}, 0, 255, {255, 0, 0, 255}},
	{"last code", "BC1_UNORM", {0x00, 0xf8, 0x1f, 0x00, 0xe4}, 3, 255, {85, 0, 170, 255}},
	{"three colours", "BC1_UNORM", {0x1f, 0x00, 0x00, 0xf8, 0xe4}, 2, 255, {127, 0, 127, 255}},
	{"transparent", "BC1_UNORM", {0x1f, 0x00, 0x00, 0xf8, 0xe4}, 3, 255, {0, 0, 0, 0}},
	{"opaque black", "DXT1_RGB", {0x1f, 0x00, 0x00, 0xf8, 0xe4}, 3, 255, {0, 0, 0, 255}},
	{"four colours always", "BC3_UNORM", {255, 0, 0x88, 0, 0, 0, 0, 0, 0x1f, 0, 0, 0xf8, 0xe4},
		3, 255, {170, 0, 85, 255}},
	{"alpha code 1", "BC3_UNORM", {255, 0, 0x11}, 0, 255, {0, 0, 0, 0}},
	{"alpha code 2 of 7", "BC3_UNORM", {255, 10, 0x12}, 1, 255, {0, 0, 0, 220}},
	{"alpha code 7 of 5", "BC3_UNORM", {10, 255, 0x07}, 0, 255, {0, 0, 0, 255}},
	{"alpha of 4 bits", "BC2_UNORM", {0xa5}, 1, 255, {0, 0, 0, 170}},
	{"six between", "BC4_UNORM", {70, 0, 0x02}, 0, 255, {60, 0, 0, 255}},
	{"the lowest", "BC4_SNORM", {0x80, 0x10, 0x06}, 0, 127, {-127, 0, 0, 127}},
	{"green", "BC5_UNORM", {0, 0, 0, 0, 0, 0, 0, 0, 200, 100, 0x01}, 0, 255, {0, 100, 0, 255}},
	/* Colours 0x88 and 0x44 of 4 bits, table 0, all indices 0: two more. */
	{"individual, left", "ETC2_RGB8", {0x84, 0x84, 0x84, 0}, 0, 255, {138, 138, 138, 255}},
	{"individual, right", "ETC2_RGB8", {0x84, 0x84, 0x84, 0}, 2, 255, {70, 70, 70, 255}},
	{"flipped", "ETC1_RGB8", {0x84, 0x84, 0x84, 1}, 8, 255, {70, 70, 70, 255}},
	/* 16 of 31 is 132; 15 is 123. */
	{"differential", "ETC1_RGB8", {0x87, 0x80, 0x80, 2}, 3, 255, {125, 134, 134, 255}},
	/* Red 31 + 1 is too much: T. Colour 0 is 15, 8, 4; 1 is 2, 1, 0; distance 3. */
	{"T, paint 0", "ETC2_RGB8", {0xff - 4, 0x84, 0x21, 0x02}, 0, 255, {255, 136, 68, 255}},
	{"T, paint 1", "ETC2_RGB8", {0xff - 4, 0x84, 0x21, 0x02, 0, 0, 0, 1}, 0, 255,
		{37, 20, 3, 255}},
	{"punched through", "ETC2_RGB8_PTA", {0x80, 0x80, 0x80, 0, 0, 1, 0, 0}, 0, 255,
		{0, 0, 0, 0}},
	/* Blue 0 - 4 is too little: planar; all colours 0 but the one below, whose red is 63. */
	{"planar", "ETC2_RGB8", {0, 0, 0x04, 0x02, 0, 0x07, 0xe0, 0}, 12, 255, {191, 0, 0, 255}},
	{"alpha of EAC", "ETC2_EAC_RGBA8", {100, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 255,
		{2, 2, 2, 94}},
	{"multiplied", "EAC_R11", {128, 0x10}, 0, 2047, {1028 - 24, 0, 0, 2047}},
	{"not multiplied", "EAC_R11", {128, 0x00}, 0, 2047, {1028 - 3, 0, 0, 2047}},
	{"clamped", "EAC_SIGNED_R11", {0x80, 0xf0}, 0, 1023, {-1023, 0, 0, 1023}},
	/* Mode 6: endpoints of 7 bits and one more: red 0x7f and 1 is 255, the rest 0. */
	{"BC7 mode 6", "BC7_UNORM", {0xc0, 0x3f, 0, 0, 0, 0, 0, 0x80, 0}, 0, 255, {255, 1, 1, 1}},
	{"BC7 reserved", "BC7_UNORM", {0, 1, 2, 3}, 5, 255, {0, 0, 0, 0}},
	{"BC6H reserved", "BC6H_UF16", {0x13, 0xff, 0xff}, 5, 1, {0, 0, 0, 1}},
	/* Mode 3: red w is 0x3ff of 10 bits, the largest: 65535 * 31 / 64 as a half. */
	{"BC6H one line", "BC6H_UF16", {0xe3, 0x7f}, 0, 1, {65504, 0, 0, 1}},
	/* CC_CHROMA, colour 0 has red 31. */
	{"FXT1 chroma", "FXT1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7c, 0, 0, 0, 0, 0, 0x40}, 31, 255,
		{255, 0, 0, 255}},
	{"FXT1 hi", "FXT1", {0x07}, 0, 255, {0, 0, 0, 0}},
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_block block;

		ugvt_block_load(ugvt_format_find(cases[i].format), cases[i].block, &block);
		for (unsigned c = 0; c < 4; c++) {
			float got = block.texels[cases[i].texel][c] * cases[i].unit;

			if (fabsf(got - cases[i].rgba[c]) > 1e-3f) {
				fail_msg("%s, %s: channel %u is %g", cases[i].format, cases[i].name,
					c, got);
			}
		}
	}
}

static uint32_t random_state;

static uint8_t random_byte(void)
{
	random_state = random_state * 1664525 + 1013904223;
	return random_state >> 24;
}

/* FNV-1a over what random blocks decode to, in steps of 1/4096. */
static uint32_t blocks_hash(const struct ugvt_format *format)
{
	uint32_t hash = 2166136261u;

	random_state = format->number;
	for (unsigned n = 0; n < 2000; n++) {
		uint8_t bytes[UGVT_BLOCK_BYTES];
		struct ugvt_block block;

		for (unsigned i = 0; i < sizeof(bytes); i++) {
			bytes[i] = random_byte();
		}
		bytes[0] = n % 2 ? 1u << n / 2 % 8 : bytes[0];
		ugvt_block_load(format, bytes, &block);
		for (unsigned i = 0; i < format->block_width * format->block_height * 4; i++) {
			int32_t code = (int32_t)(block.texels[i / 4][i % 4] * 4096);

			hash = (hash ^ (uint32_t)code) * 16777619;
		}
	}
	return hash;
}

/* What other decoders made of the same blocks (BC, ETC and ASTC: Mesa's; FXT1 and BC4 within a code). */
static void test_random_blocks(void **state)
{
	static const struct {
		const char *format;
		uint32_t hash;
	} known[] = {
		{"BC1_UNORM", 0xcb30b7f0},
		{"BC1_UNORM_SRGB", 0x2a4c4e10},
		{"DXT1_RGB", 0x6c9717d3},
		{"BC2_UNORM", 0x04cdb450},
		{"BC3_UNORM", 0x0c21fcdf},
		{"BC4_UNORM", 0x3e92eb19},
		{"BC4_SNORM", 0xb3535124},
		{"BC5_UNORM", 0xbbde77df},
		{"BC5_SNORM", 0x5e7cdaa2},
		{"BC6H_UF16", 0x8b10d56e},
		{"BC6H_SF16", 0x948a4aa1},
		{"BC7_UNORM", 0xba784678},
		{"FXT1", 0x4794a62e},
		{"ETC1_RGB8", 0x8497ce5e},
		{"ETC2_RGB8", 0xd1036336},
		{"ETC2_RGB8_PTA", 0xc08d62d1},
		{"ETC2_EAC_RGBA8", 0x85b6be53},
		{"EAC_R11", 0x353827c5},
		{"EAC_SIGNED_R11", 0xf78cfa55},
		{"EAC_RG11", 0xf4d10159},
		{"EAC_SIGNED_RG11", 0x1f4ccd32},
		{"ASTC_LDR_2D_4X4_U8SRGB", 0x79704a79},
		{"ASTC_LDR_2D_5X4_U8SRGB", 0xc6c6bde9},
		{"ASTC_LDR_2D_5X5_U8SRGB", 0xae850d2d},
		{"ASTC_LDR_2D_6X5_U8SRGB", 0x11ab9e95},
		{"ASTC_LDR_2D_6X6_U8SRGB", 0xe490d4dc},
		{"ASTC_LDR_2D_8X5_U8SRGB", 0xc7c7ed9c},
		{"ASTC_LDR_2D_8X6_U8SRGB", 0xdeebb9eb},
		{"ASTC_LDR_2D_8X8_U8SRGB", 0xb74ba449},
		{"ASTC_LDR_2D_10X5_U8SRGB", 0x4d3d83c6},
		{"ASTC_LDR_2D_10X6_U8SRGB", 0xac23958a},
		{"ASTC_LDR_2D_10X8_U8SRGB", 0x33141842},
		{"ASTC_LDR_2D_10X10_U8SRGB", 0x8ab286cd},
		{"ASTC_LDR_2D_12X10_U8SRGB", 0xebabc429},
		{"ASTC_LDR_2D_12X12_U8SRGB", 0x417eae30},
		{"ASTC_LDR_2D_4X4_FLT16", 0xe2f15ec7},
		{"ASTC_LDR_2D_5X4_FLT16", 0xba3c8dbd},
		{"ASTC_LDR_2D_5X5_FLT16", 0xb7832668},
		{"ASTC_LDR_2D_6X5_FLT16", 0x830bb181},
		{"ASTC_LDR_2D_6X6_FLT16", 0x303135e0},
		{"ASTC_LDR_2D_8X5_FLT16", 0x347927cf},
		{"ASTC_LDR_2D_8X6_FLT16", 0x77248f6a},
		{"ASTC_LDR_2D_8X8_FLT16", 0xab014f89},
		{"ASTC_LDR_2D_10X5_FLT16", 0x4253d758},
		{"ASTC_LDR_2D_10X6_FLT16", 0x3260a5f8},
		{"ASTC_LDR_2D_10X8_FLT16", 0x98d3352b},
		{"ASTC_LDR_2D_10X10_FLT16", 0x7244b5e5},
		{"ASTC_LDR_2D_12X10_FLT16", 0x125f8415},
		{"ASTC_LDR_2D_12X12_FLT16", 0x447a1914},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(known); i++) {
		uint32_t hash = blocks_hash(ugvt_format_find(known[i].format));

		if (hash != known[i].hash) {

			fail_msg("%s: 0x%08x", known[i].format, hash);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_random_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
