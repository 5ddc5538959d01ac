/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/blt/blt.h"

#define HEADER(opcode, dwords) (2u << 29 | (uint32_t)(opcode) << 22 | ((dwords)-2))
#define XY(x, y) ((uint32_t)(uint16_t)(y) << 16 | (uint16_t)(x))

#define BYTE_MASK (3u << 20)
#define SRC_TILED (1u << 15)
#define DST_TILED (1u << 11)
#define CLIP (1u << 30)
#define DEPTH_32 (3u << 24)
#define ROP(rop) ((uint32_t)(rop) << 16)

/* PRM SKL vol 6, "2D Command Map"; the lengths: PRM IVB vol 1 part 4, and a dword more for each address. */
static const struct {
	unsigned opcode, dwords;
	const char *name;
} commands[] = {
	{0x01, 10, "XY_SETUP_BLT"},
	{0x03, 3, "XY_SETUP_CLIP_BLT"},
	{0x11, 10, "XY_SETUP_MONO_PATTERN_SL_BLT"},
	{0x24, 2, "XY_PIXEL_BLT"},
	{0x25, 3, "XY_SCANLINES_BLT"},
	{0x26, 5, "XY_TEXT_BLT"},
	{0x31, 3, "XY_TEXT_IMMEDIATE_BLT"},
	{0x40, 6, "COLOR_BLT"},
	{0x42, 10, "XY_FAST_COPY_BLT"},
	{0x43, 8, "SRC_COPY_BLT"},
	{0x50, 7, "XY_COLOR_BLT"},
	{0x51, 8, "XY_PAT_BLT"},
	{0x52, 10, "XY_MONO_PAT_BLT"},
	{0x53, 10, "XY_SRC_COPY_BLT"},
	{0x54, 10, "XY_MONO_SRC_COPY_BLT"},
	{0x55, 12, "XY_FULL_BLT"},
	{0x56, 12, "XY_FULL_MONO_SRC_BLT"},
	{0x57, 14, "XY_FULL_MONO_PATTERN_BLT"},
	{0x58, 14, "XY_FULL_MONO_PATTERN_MONO_SRC_BLT"},
	{0x59, 8, "XY_MONO_PAT_FIXED_BLT"},
	{0x71, 8, "XY_MONO_SRC_COPY_IMMEDIATE_BLT"},
	{0x72, 6 + 64, "XY_PAT_BLT_IMMEDIATE"},
	{0x73, 12, "XY_SRC_COPY_CHROMA_BLT"},
	{0x74, 10 + 64, "XY_FULL_IMMEDIATE_PATTERN_BLT"},
	{0x75, 10 + 64, "XY_FULL_MONO_SRC_IMMEDIATE_PATTERN_BLT"},
	{0x76, 10, "XY_PAT_CHROMA_BLT"},
	{0x77, 8 + 64, "XY_PAT_CHROMA_BLT_IMMEDIATE"},
};

static void test_names(void **state)
{
	unsigned count = 0;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(commands); i++) {
		assert_string_equal(ugvt_blt_name(HEADER(commands[i].opcode, 2)), commands[i].name);
	}
	for (unsigned opcode = 0; opcode < 128; opcode++) {
		count += ugvt_blt_name(HEADER(opcode, 2)) != NULL;
	}
	assert_int_equal(count, UGVT_ARRAY_SIZE(commands));
	assert_null(ugvt_blt_name(0x50u << 22));
	assert_null(ugvt_blt_name(3u << 29 | 0x50u << 22));
}

static void test_lengths(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(commands); i++) {
		uint32_t dw[UGVT_BLT_DWORDS_MAX] = {HEADER(commands[i].opcode, 2), DEPTH_32};

		for (unsigned n = 0; n < commands[i].dwords; n++) {
			struct ugvt_blt_state blt_state = {0};
			struct ugvt_blt blt;

			assert_false(ugvt_blt_decode(&blt, &blt_state, dw, n));
			assert_int_equal(ugvt_blt_size(&blt), 0);
		}
		struct ugvt_blt_state blt_state = {0};
		struct ugvt_blt blt;

		assert_true(ugvt_blt_decode(&blt, &blt_state, dw, commands[i].dwords));
	}
}

static void test_unknown(void **state)
{
	uint32_t dw[16] = {HEADER(0x44, 16)};
	struct ugvt_blt_state blt_state = {0};
	struct ugvt_blt blt;

	assert_false(ugvt_blt_decode(&blt, &blt_state, dw, 16));
	assert_true(ugvt_blt_step(&blt, NULL, 100));
}

/* As i915's intel_migrate.c clears pages. */
static void test_color(void **state)
{
	uint32_t dw[] = {HEADER(0x50, 7) | BYTE_MASK, DEPTH_32 | ROP(0xf0) | 4096, 0, XY(1024, 5),
		0x89abc000, 0xffff1234, 0x11223344};
	struct ugvt_blt_state blt_state = {0};
	struct ugvt_blt blt;

	assert_true(ugvt_blt_decode(&blt, &blt_state, dw, 7));
	assert_int_equal(blt.kind, UGVT_BLT_FILL);
	assert_int_equal(blt.pattern.background, 0x11223344);
	/* The address has 48 bits; rows without gaps are one. */
	assert_int_equal(blt.dst.base, 0x123489abc000);
	assert_int_equal(blt.width, 5 * 4096);
	assert_int_equal(blt.height, 1);
	assert_int_equal(ugvt_blt_size(&blt), 5 * 4096);
}

static void test_fill_rops(void **state)
{
	static const struct {
		uint8_t rop;
		enum ugvt_blt_kind kind;
		uint32_t color;
	} cases[] = {
		{0x00, UGVT_BLT_FILL, 0},
		{0xff, UGVT_BLT_FILL, 0xffffffff},
		{0xf0, UGVT_BLT_FILL, 0x5a5a5a5a},
		{0x0f, UGVT_BLT_FILL, 0xa5a5a5a5},
		{0xaa, UGVT_BLT_NOTHING, 0},
		{0x55, UGVT_BLT_ROP, 0},
		{0x5a, UGVT_BLT_ROP, 0},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		uint32_t dw[] = {
			HEADER(0x50, 7), ROP(cases[i].rop) | 64, 0, XY(10, 10), 0, 0, 0x5a};
		struct ugvt_blt_state blt_state = {0};
		struct ugvt_blt blt;

		assert_true(ugvt_blt_decode(&blt, &blt_state, dw, 7));
		assert_int_equal(blt.kind, cases[i].kind);
		if (blt.kind == UGVT_BLT_FILL) {
			assert_int_equal(blt.pattern.background, cases[i].color);
		}
	}
}

static void test_tiling(void **state)
{
	for (unsigned i = 0; i < 16; i++) {
		bool src_tiled = i & 1, dst_tiled = i & 2;
		uint32_t dw[] = {HEADER(0x53, 10) | BYTE_MASK | (src_tiled ? SRC_TILED : 0) |
					 (dst_tiled ? DST_TILED : 0),
			DEPTH_32 | ROP(0xcc) | 512, 0, XY(8, 8), 0x1234, 0, 0, 1024, 0x5678, 0};
		struct ugvt_blt_state blt_state = {.swctrl = i >> 2};
		enum ugvt_tiling src = i & 4 ? UGVT_TILING_Y : UGVT_TILING_X;
		enum ugvt_tiling dst = i & 8 ? UGVT_TILING_Y : UGVT_TILING_X;
		struct ugvt_blt blt;

		assert_true(ugvt_blt_decode(&blt, &blt_state, dw, 10));
		assert_int_equal(blt.src.tiling, src_tiled ? src : UGVT_TILING_LINEAR);
		assert_int_equal(blt.dst.tiling, dst_tiled ? dst : UGVT_TILING_LINEAR);
		assert_int_equal(blt.dst.pitch, dst_tiled ? 2048 : 512);
		assert_int_equal(blt.src.pitch, src_tiled ? 4096 : 1024);
		assert_int_equal(blt.dst.base, dst_tiled ? 0x1000 : 0x1234);
		assert_int_equal(blt.src.base, src_tiled ? 0x5000 : 0x5678);
	}
}

static void test_tiled_pitch(void **state)
{
	static const struct {
		uint32_t swctrl, pitch;
		bool good;
	} cases[] = {
		{0, 128, true},
		{0, 32, false},
		{0, 0, false},
		{0, 0xff80, false},
		{2, 32, true},
		{2, 33, false},
		{2, 0x8000, false},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		uint32_t dw[] = {HEADER(0x50, 7) | DST_TILED, ROP(0xf0) | cases[i].pitch, 0,
			XY(1, 1), 0, 0, 0};
		struct ugvt_blt_state blt_state = {.swctrl = cases[i].swctrl};
		struct ugvt_blt blt;

		assert_int_equal(ugvt_blt_decode(&blt, &blt_state, dw, 7), cases[i].good);
	}
}

static void test_fast_copy(void **state)
{
	/* Source tiling in 21:20 of the header and bit 31 of DW1, the destination's in 14:13 and bit 30. */
	static const struct {
		uint32_t header, control;
		bool good;
		enum ugvt_tiling src, dst;
		unsigned bytes;
	} cases[] = {
		{0, 3u << 24, true, UGVT_TILING_LINEAR, UGVT_TILING_LINEAR, 4},
		{1u << 20, 0, true, UGVT_TILING_X, UGVT_TILING_LINEAR, 1},
		{2u << 13, 1u << 24, true, UGVT_TILING_LINEAR, UGVT_TILING_Y, 2},
		{2u << 20 | 1u << 13, 4u << 24, true, UGVT_TILING_Y, UGVT_TILING_X, 8},
		{0, 5u << 24, true, UGVT_TILING_LINEAR, UGVT_TILING_LINEAR, 16},
		{0, 2u << 24, false, 0, 0, 0},
		{0, 6u << 24, false, 0, 0, 0},
		{3u << 20, 3u << 24, false, 0, 0, 0},
		{3u << 13, 3u << 24, false, 0, 0, 0},
		{2u << 20, 1u << 31 | 3u << 24, true, UGVT_TILING_YF_32, UGVT_TILING_LINEAR, 4},
		{2u << 13, 1u << 30 | 0u << 24, true, UGVT_TILING_LINEAR, UGVT_TILING_YF_8, 1},
		{2u << 13, 1u << 30 | 5u << 24, true, UGVT_TILING_LINEAR, UGVT_TILING_YF_64, 16},
		/* No Y tiles, no matter. */
		{1u << 20, 1u << 31 | 3u << 24, true, UGVT_TILING_X, UGVT_TILING_LINEAR, 4},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		uint32_t dw[] = {HEADER(0x42, 10) | cases[i].header, cases[i].control | 1024, 0,
			XY(3, 2), 0, 0, 0, 1024, 0x100000, 0};
		/* Nothing to do with it. */
		struct ugvt_blt_state blt_state = {.swctrl = 3};
		struct ugvt_blt blt;

		assert_int_equal(ugvt_blt_decode(&blt, &blt_state, dw, 10), cases[i].good);
		if (cases[i].good) {
			assert_int_equal(blt.src.tiling, cases[i].src);
			assert_int_equal(blt.dst.tiling, cases[i].dst);
			assert_int_equal(ugvt_blt_size(&blt), 3 * 2 * cases[i].bytes);
		}
	}
}

/* A rectangle after clipping, and where its source starts. */
struct clipped {
	uint64_t size;
	uint32_t dst_x, dst_y, src_x, src_y;
};

static struct clipped copy_clipped(
	struct ugvt_blt_state *blt_state, uint32_t clip, uint32_t x1y1, uint32_t x2y2, uint32_t src)
{
	uint32_t dw[] = {HEADER(0x53, 10), ROP(0xcc) | clip | 1000, x1y1, x2y2, 0, 0, src, 2000,
		0x100000, 0};
	struct ugvt_blt blt;

	assert_true(ugvt_blt_decode(&blt, blt_state, dw, 10));
	return (struct clipped){ugvt_blt_size(&blt), blt.dst.x, blt.dst.y, blt.src.x, blt.src.y};
}

static void check_clipped(struct clipped got, struct clipped expected)
{
	assert_int_equal(got.size, expected.size);
	if (expected.size > 0) {
		assert_memory_equal(&got, &expected, sizeof(got));
	}
}

static void test_clipping(void **state)
{
	uint32_t clip_dw[] = {HEADER(0x03, 3), XY(10, 20), XY(110, 220)};
	struct ugvt_blt_state s = {0};
	struct ugvt_blt blt;

	assert_true(ugvt_blt_decode(&blt, &s, clip_dw, 3));
	assert_true(ugvt_blt_step(&blt, NULL, 1));
	check_clipped(copy_clipped(&s, CLIP, XY(0, 0), XY(500, 500), XY(5, 6)),
		(struct clipped){100 * 200, 10, 20, 15, 26});
	check_clipped(copy_clipped(&s, CLIP, XY(50, 60), XY(90, 70), XY(5, 6)),
		(struct clipped){40 * 10, 50, 60, 5, 6});
	check_clipped(copy_clipped(&s, CLIP, XY(110, 20), XY(120, 30), 0), (struct clipped){0});
	/* Not asked for. */
	check_clipped(copy_clipped(&s, 0, XY(0, 0), XY(500, 500), XY(5, 6)),
		(struct clipped){500 * 500, 0, 0, 5, 6});
	/* Negative destinations end at 0, negative sources move the destination. */
	check_clipped(copy_clipped(&s, 0, XY(-10, -20), XY(30, 40), XY(1, 2)),
		(struct clipped){30 * 40, 0, 0, 11, 22});
	check_clipped(copy_clipped(&s, 0, XY(5, 6), XY(30, 40), XY(-7, -8)),
		(struct clipped){18 * 26, 12, 14, 0, 0});
	/* Nothing is left. */
	check_clipped(copy_clipped(&s, 0, XY(5, 6), XY(5, 40), 0), (struct clipped){0});
	check_clipped(copy_clipped(&s, 0, XY(5, 6), XY(9, 6), 0), (struct clipped){0});
	check_clipped(copy_clipped(&s, 0, XY(9, 6), XY(5, 40), 0), (struct clipped){0});
	check_clipped(copy_clipped(&s, 0, XY(5, 6), XY(12, 40), XY(-7, 0)), (struct clipped){0});
	check_clipped(copy_clipped(&s, 0, XY(-32768, -32768), XY(0, 0), XY(-32768, -32768)),
		(struct clipped){0});
}

static void test_setup_state(void **state)
{
	uint32_t setup[] = {HEADER(0x01, 10) | BYTE_MASK, CLIP | DEPTH_32 | ROP(0xf0) | 256,
		XY(1, 2), XY(3, 4), 0x1000, 0x2, 0xaaaa, 0xbbbb, 0x4000, 0x5};
	uint32_t mono[] = {HEADER(0x11, 10) | 1u << 20, ROP(0xcc) | 128, XY(5, 6), XY(7, 8), 0x9000,
		0, 0xcccc, 0xdddd, 0x12345678, 0x9abcdef0};
	uint32_t clip[] = {HEADER(0x03, 3), XY(9, 10), XY(11, 12)};
	struct ugvt_blt_state s = {0};
	struct ugvt_blt blt;

	assert_true(ugvt_blt_decode(&blt, &s, setup, 10));
	assert_int_equal(s.control, setup[1]);
	assert_int_equal(s.byte_mask, 3);
	assert_int_equal(s.clip_top_left, XY(1, 2));
	assert_int_equal(s.clip_bottom_right, XY(3, 4));
	assert_int_equal(s.dst, 0x200001000);
	assert_int_equal(s.background, 0xaaaa);
	assert_int_equal(s.foreground, 0xbbbb);
	assert_int_equal(s.pattern, 0x500004000);
	assert_false(s.mono);
	assert_true(ugvt_blt_decode(&blt, &s, mono, 10));
	assert_true(s.mono);
	assert_int_equal(s.control, mono[1]);
	assert_int_equal(s.byte_mask, 1);
	assert_int_equal(s.dst, 0x9000);
	assert_int_equal(s.mono_pattern[0], 0x12345678);
	assert_int_equal(s.mono_pattern[1], 0x9abcdef0);
	assert_true(ugvt_blt_decode(&blt, &s, clip, 3));
	assert_int_equal(s.clip_top_left, XY(9, 10));
	assert_int_equal(s.clip_bottom_right, XY(11, 12));
	assert_int_equal(s.control, mono[1]);
}

static void test_fixed_patterns(void **state)
{
	for (unsigned i = 0; i < 16; i++) {
		uint32_t dw[] = {
			HEADER(0x59, 8) | i << 15, ROP(0xf0) | 64, 0, XY(8, 8), 0, 0, 1, 2};
		bool reserved = i == 6 || i == 7 || i >= 12;
		struct ugvt_blt_state blt_state = {0};
		struct ugvt_blt blt;

		assert_int_equal(ugvt_blt_decode(&blt, &blt_state, dw, 8), !reserved);
		if (i == 4) { // HS_CROSS: byte 3 is the horizontal line
			assert_int_equal(blt.pattern.mono[0], 0xff080808);
			assert_int_equal(blt.pattern.mono[1], 0x08080808);
		}
	}
}

static void test_immediate_pattern_too_short(void **state)
{
	uint32_t dw[6 + 64] = {HEADER(0x72, 70), ROP(0xf0) | 64, 0, XY(8, 8)};
	static const unsigned needs[] = {16, 32, 32, 64};

	for (unsigned depth = 0; depth < 4; depth++) {
		struct ugvt_blt_state blt_state = {0};
		struct ugvt_blt blt;

		dw[1] = ROP(0xf0) | depth << 24 | 64;
		assert_true(ugvt_blt_decode(&blt, &blt_state, dw, 6 + needs[depth]));
		assert_false(ugvt_blt_decode(&blt, &blt_state, dw, 6 + needs[depth] - 1));
	}
}

static void test_directions(void **state)
{
	static const struct {
		int src_x, src_y;
		uint32_t base;
		bool backward_x, backward_y;
	} cases[] = {
		{5, 5, 0, false, false},
		{4, 5, 0, true, false},
		{5, 4, 0, false, true},
		{4, 4, 0, true, true},
		{6, 4, 0, false, true},
		{4, 4, 64, false, false},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		uint32_t dw[] = {HEADER(0x53, 10), ROP(0xcc) | 128, XY(5, 5), XY(20, 20), 0, 0,
			XY(cases[i].src_x, cases[i].src_y), 128, cases[i].base, 0};
		struct ugvt_blt_state blt_state = {0};
		struct ugvt_blt blt;

		assert_true(ugvt_blt_decode(&blt, &blt_state, dw, 10));
		assert_int_equal(blt.backward_x, cases[i].backward_x);
		assert_int_equal(blt.backward_y, cases[i].backward_y);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_fill_rops),
		cmocka_unit_test(test_tiling),
		cmocka_unit_test(test_tiled_pitch),
		cmocka_unit_test(test_fast_copy),
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_setup_state),
		cmocka_unit_test(test_fixed_patterns),
		cmocka_unit_test(test_immediate_pattern_too_short),
		cmocka_unit_test(test_directions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
