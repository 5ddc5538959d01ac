/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/blt/blt.h"
#include "tests/gpu/blt/reference.h"
#include "tests/gpu/space.h"

/* Random blits against the reference, over an address space whose pages lie in random order and are missing here and
 * there. Destination, color source, pattern and mono source have a part of it each. */

enum {
	DST_PAGES = 160,
	SRC_PAGES = 160,
	PAT_PAGES = 2,
	MONO_PAGES = 4,
	PAGES = DST_PAGES + SRC_PAGES + PAT_PAGES + MONO_PAGES,
};

#define PAGE UGVT_PAGE_SIZE
#define DST_ADDR UINT64_C(0)
#define SRC_ADDR (DST_ADDR + DST_PAGES * PAGE)
#define PAT_ADDR (SRC_ADDR + SRC_PAGES * PAGE)
#define MONO_ADDR (PAT_ADDR + PAT_PAGES * PAGE)

struct fixture {
	struct space space;
	ugvt_gpa pool;    // PAGES pages
	int pages[PAGES]; // of the pool
	uint8_t *expected;
	uint8_t immediate[512];
};

static int rnd(int low, int high)
{
	return low + (int)(random() % (high - low + 1));
}

static uint8_t *pool_host(struct fixture *f)
{
	return space_host(&f->space, f->pool);
}

/* Runs of neighbours, swaps between them, some holes. */
static void pages_shuffle(struct fixture *f, int holes)
{
	for (int i = 0; i < PAGES; i++) {
		f->pages[i] = i;
	}
	for (int i = rnd(0, 1) * PAGES; i > 0; i--) {
		int a = rnd(0, PAGES - 1), b = rnd(0, PAGES - 1), page = f->pages[a];

		f->pages[a] = f->pages[b];
		f->pages[b] = page;
	}
	for (; holes > 0; holes--) {
		f->pages[rnd(0, PAGES - 1)] = -1;
	}
	for (int i = 0; i < PAGES; i++) {
		uint64_t *entry = space_entry(&f->space, i * PAGE, 0);

		*entry = f->pages[i] < 0 ? 0 : (f->pool + f->pages[i] * PAGE) | SPACE_RW;
	}
	ugvt_aspace_invalidate(&f->space.as);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	space_init(&f->space, (PAGES + 64) * PAGE);
	f->pool = space_alloc(&f->space, PAGES * PAGE, PAGE);
	f->expected = malloc(PAGES * PAGE);
	for (int i = 0; i < PAGES * (int)PAGE; i++) {
		pool_host(f)[i] = random();
	}
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	space_finish(&f->space);
	free(f->expected);
	free(f);
	return 0;
}

static void describe(const struct ref_blit *b, uint64_t budget)
{
	printf("opcode %#x bytes %u rop %#x mask %u clip %d [%d %d %d %d] rect [%d %d %d %d] dst %#lx "
	       "pitch %d tiling %d\n",
		b->opcode, b->bytes, b->rop, b->byte_mask, b->clip, b->clip_x1, b->clip_y1,
		b->clip_x2, b->clip_y2, b->x1, b->y1, b->x2, b->y2, (unsigned long)b->dst,
		b->dst_pitch, b->dst_tiling);
	printf("source %d %#lx pitch %d tiling %d at %d %d start %u transparent %d key %u; pattern %d "
	       "%#lx seed %u %u transparent %d solid %d; immediate %u; budget %lu\n",
		b->source, (unsigned long)b->src, b->src_pitch, b->src_tiling, b->src_x, b->src_y,
		b->src_start, b->src_transparent, b->key, b->pattern, (unsigned long)b->pat,
		b->seed_x, b->seed_y, b->pat_transparent, b->pat_solid, b->immediate_bytes,
		(unsigned long)budget);
}

static void run(struct fixture *f, const struct ref_blit *blit, uint64_t budget)
{
	uint32_t dw[300], setup_dw[16];
	struct ugvt_blt_state state = {0};
	unsigned n, setup_n;
	struct ugvt_blt blt;

	n = ref_encode(blit, dw, setup_dw, &setup_n, &state.swctrl);
	if (setup_n > 0) {
		assert_true(ugvt_blt_decode(&blt, &state, setup_dw, setup_n));
		assert_true(ugvt_blt_step(&blt, &f->space.as, 1));
	}
	if (!ugvt_blt_decode(&blt, &state, dw, n)) {
		describe(blit, budget);
		fail_msg("refused");
	}
	while (!ugvt_blt_step(&blt, &f->space.as, budget)) {
		space_window(&f->space);
	}
}

static void check(struct fixture *f, const struct ref_blit *blit, uint64_t budget)
{
	struct ref_memory memory = {f->expected, f->pages, PAGES};

	memcpy(f->expected, pool_host(f), PAGES * PAGE);
	ref_execute(blit, &memory);
	run(f, blit, budget);
	if (memcmp(f->expected, pool_host(f), PAGES * PAGE) != 0) {
		size_t at = 0;

		while (f->expected[at] == pool_host(f)[at]) {
			at++;
		}
		describe(blit, budget);
		for (int i = 0; i < PAGES; i++) {
			if (f->pages[i] == (int)(at / PAGE)) {
				fail_msg("differs at GPU address %#lx",
					(unsigned long)(i * PAGE + at % PAGE));
			}
		}
		fail_msg("differs in a page that is not mapped");
	}
}

static uint64_t budget_any(void)
{
	static const uint64_t budgets[] = {1, 100, 1000, 5000, 70000, 1 << 30};

	return budgets[rnd(0, 5)];
}

/* A surface of at most pages pages: its pitch, for rows of up to width bytes; returns its number of rows. */
static int surface_any(enum ref_tiling *tiling, int *pitch, int pages, int width)
{
	static const int tile_widths[] = {4, 512, 128};
	int tile = tile_widths[*tiling];

	*pitch = (width + tile - 1) / tile * tile;
	*pitch += rnd(0, 2) * tile;
	return pages * (int)PAGE / *pitch / 32 * 32;
}

static uint64_t base_any(uint64_t addr, enum ref_tiling tiling)
{
	return addr + (tiling == REF_LINEAR ? rnd(0, 15) * 64 : rnd(0, 1) * (int)PAGE);
}

/* A rectangle of the destination, and the clip rectangle. */
static void rect_any(struct ref_blit *b, int width, int height)
{
	b->x1 = rnd(rnd(0, 3) ? 0 : -9, width - 1);
	b->y1 = rnd(rnd(0, 3) ? 0 : -9, height - 1);
	b->x2 = rnd(0, 9) ? rnd(b->x1, width) : b->x1 - 1;
	b->y2 = rnd(0, 9) ? rnd(b->y1, height) : b->y1;
	if (rnd(0, 3) == 0) {
		b->x1 = 0;
		b->x2 = width;
	}
	b->clip = rnd(0, 2) == 0;
	b->clip_x1 = rnd(0, width / 2);
	b->clip_y1 = rnd(0, height / 2);
	b->clip_x2 = rnd(0, 9) ? rnd(b->clip_x1, width + 9) : 32767;
	b->clip_y2 = rnd(0, 9) ? rnd(b->clip_y1, height + 9) : 32767;
}

static void dst_any(struct ref_blit *b, int width, int height)
{
	int rows;

	b->dst_tiling = rnd(0, 2);
	rows = surface_any(&b->dst_tiling, &b->dst_pitch, DST_PAGES - 2, width * b->bytes);
	b->dst = base_any(DST_ADDR, b->dst_tiling);
	if (b->dst_tiling == REF_LINEAR && rnd(0, 7) == 0) {
		b->dst += (uint64_t)(rows - 1) * b->dst_pitch;
		b->dst_pitch = -b->dst_pitch;
	}
	rect_any(b, width, UGVT_MIN(rows, height));
}

static void src_any(struct ref_blit *b, int width, int height)
{
	int rows;

	b->source = REF_COLOR;
	b->src_tiling = rnd(0, 2);
	rows = surface_any(&b->src_tiling, &b->src_pitch, SRC_PAGES - 2, (width + 70) * b->bytes);
	b->src = base_any(SRC_ADDR, b->src_tiling);
	b->src_x = rnd(rnd(0, 3) ? 0 : -9, 60);
	b->src_y = rnd(rnd(0, 3) ? 0 : -9, 40);
	(void)rows;
}

static void mono_any(struct fixture *f, struct ref_blit *b, bool immediate)
{
	b->source = REF_MONO;
	b->src = MONO_ADDR + rnd(0, 15) * 64;
	b->src_start = b->text ? 0 : rnd(0, 7);
	b->src_transparent = rnd(0, 1);
	b->byte_packed = b->text && rnd(0, 1);
	b->src_bg = random();
	b->src_fg = random();
	if (immediate) {
		b->immediate = f->immediate;
		b->immediate_bytes = rnd(1, 16) * 8;
	}
}

static void pattern_any(
	struct fixture *f, struct ref_blit *b, enum ref_operand kind, bool immediate)
{
	b->pattern = kind;
	b->pat = PAT_ADDR + rnd(0, 15) * 256;
	b->seed_x = rnd(0, 7);
	b->seed_y = rnd(0, 7);
	b->pat_bg = random();
	b->pat_fg = random();
	b->pat_bits[0] = random();
	b->pat_bits[1] = random();
	if (kind == REF_MONO) {
		b->pat_transparent = rnd(0, 1);
		b->pat_solid = rnd(0, 5) == 0;
	}
	if (immediate) {
		b->immediate = f->immediate;
		b->immediate_bytes = 64 * b->bytes;
	}
}

static unsigned rop_any(unsigned usual)
{
	static const unsigned some[] = {0xcc, 0xf0, 0x00, 0xff, 0xaa, 0x55, 0x5a, 0x66};

	switch (rnd(0, 2)) {
	case 0: return usual;
	case 1: return some[rnd(0, 7)];
	default: return rnd(0, 255);
	}
}

static struct ref_blit blit_any(unsigned opcode, unsigned usual_rop)
{
	static const unsigned bytes[] = {1, 2, 4};
	struct ref_blit b = {.opcode = opcode};

	b.bytes = bytes[rnd(0, 2)];
	b.rgb1555 = b.bytes == 2 && rnd(0, 1);
	b.rop = rop_any(usual_rop);
	b.byte_mask = b.bytes == 4 && rnd(0, 3) == 0 ? rnd(0, 3) : 3;
	return b;
}

/* What each command with coordinates has for operands. */
static const struct command {
	unsigned opcode;
	enum ref_operand source, pattern;
	bool immediate;
	bool key;
	unsigned rop; // that is usual
} commands[] = {
	{0x24, REF_NONE, REF_SOLID, false, false, 0xf0},
	{0x25, REF_NONE, REF_COLOR, false, false, 0xf0},
	{0x25, REF_NONE, REF_MONO, false, false, 0xf0},
	{0x26, REF_MONO, REF_NONE, false, false, 0xcc},
	{0x31, REF_MONO, REF_NONE, true, false, 0xcc},
	{0x50, REF_NONE, REF_SOLID, false, false, 0xf0},
	{0x51, REF_NONE, REF_COLOR, false, false, 0xf0},
	{0x52, REF_NONE, REF_MONO, false, false, 0xf0},
	{0x53, REF_COLOR, REF_NONE, false, false, 0xcc},
	{0x54, REF_MONO, REF_NONE, false, false, 0xcc},
	{0x55, REF_COLOR, REF_COLOR, false, false, 0xca},
	{0x56, REF_MONO, REF_COLOR, false, false, 0xca},
	{0x57, REF_COLOR, REF_MONO, false, false, 0xca},
	{0x58, REF_MONO, REF_MONO, false, false, 0xca},
	{0x71, REF_MONO, REF_NONE, true, false, 0xcc},
	{0x72, REF_NONE, REF_COLOR, true, false, 0xf0},
	{0x73, REF_COLOR, REF_NONE, false, true, 0xcc},
	{0x74, REF_COLOR, REF_COLOR, true, false, 0xca},
	{0x75, REF_MONO, REF_COLOR, true, false, 0xca},
	{0x76, REF_NONE, REF_COLOR, false, true, 0xf0},
	{0x77, REF_NONE, REF_COLOR, true, true, 0xf0},
};

static void key_any(struct ref_blit *b)
{
	static const unsigned with_source[] = {0, 1, 2, 3, 4, 5, 6, 7};
	static const unsigned without[] = {0, 5, 7};

	b->key = b->source == REF_COLOR ? with_source[rnd(0, 7)] : without[rnd(0, 2)];
	b->src_bg = random() & 0x7f3f7f3f;
	b->src_fg = random() | 0xc0e0c0e0;
}

static void check_command(struct fixture *f, const struct command *command, int width, int height)
{
	struct ref_blit b = blit_any(command->opcode, command->rop);

	b.text = command->opcode == 0x26 || command->opcode == 0x31;
	dst_any(&b, width, height);
	if (command->source == REF_COLOR) {
		src_any(&b, width, height);
	} else if (command->source == REF_MONO) {
		mono_any(f, &b, command->immediate && command->pattern == REF_NONE);
	}
	if (command->pattern != REF_NONE) {
		pattern_any(f, &b, command->pattern,
			command->immediate && command->pattern == REF_COLOR);
	}
	if (command->opcode == 0x24) {
		b.x2 = b.x1 + 1;
		b.y2 = b.y1 + 1;
		b.seed_x = b.seed_y = 0;
	}
	if (b.text) {
		b.seed_x = b.seed_y = 0;
		/* One bit in BR01 is the solid pattern's. */
		b.pat_solid = false;
	}
	if (command->key) {
		key_any(&b);
	}
	check(f, &b, budget_any());
}

static void check_all(struct fixture *f, int rounds, int holes)
{
	for (int i = 0; i < rounds; i++) {
		if (i % 8 == 0) {
			pages_shuffle(f, holes);
		}
		for (size_t j = 0; j < UGVT_ARRAY_SIZE(commands); j++) {
			check_command(f, &commands[j], rnd(1, 150), rnd(1, 80));
		}
	}
}

static void test_all_commands(void **state)
{
	check_all(*state, 60, 0);
}

static void test_all_commands_with_faults(void **state)
{
	check_all(*state, 60, 30);
}

/* Fills and copies have paths of their own, so they get surfaces that are big enough for all of them. */
static void test_big_fills_and_copies(void **state)
{
	static const struct command fill = {0x50, REF_NONE, REF_SOLID, false, false, 0xf0};
	static const struct command copy = {0x53, REF_COLOR, REF_NONE, false, false, 0xcc};
	struct fixture *f = *state;

	for (int i = 0; i < 120; i++) {
		if (i % 8 == 0) {
			pages_shuffle(f, i % 3 * 5);
		}
		check_command(f, &fill, rnd(100, 700), rnd(50, 300));
		check_command(f, &copy, rnd(100, 600), rnd(50, 300));
	}
}

/* Same tiling, same place in the tiles, whole width: what real drivers do most. */
static void test_aligned_copies(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 60; i++) {
		struct ref_blit b = {.opcode = 0x53, .bytes = 4, .rop = 0xcc, .byte_mask = 3};

		pages_shuffle(f, i % 2 * 10);
		b.source = REF_COLOR;
		b.dst_tiling = rnd(0, 2);
		b.src_tiling = rnd(0, 2);
		b.dst_pitch = b.src_pitch = rnd(1, 6) * 512;
		b.x2 = b.dst_pitch / 4;
		b.y1 = rnd(0, 1) * 32;
		b.y2 = b.y1 + rnd(1, 6) * 32;
		b.dst = DST_ADDR;
		b.src = SRC_ADDR;
		b.src_y = rnd(0, 1) * 32;
		check(f, &b, budget_any());
	}
}

static void test_overlap(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 400; i++) {
		struct ref_blit b = blit_any(0x53, 0xcc);
		int width = rnd(10, 200), height = rnd(10, 100);

		if (i % 8 == 0) {
			pages_shuffle(f, i % 3 * 5);
		}
		dst_any(&b, width, height);
		b.source = REF_COLOR;
		b.src = b.dst;
		b.src_pitch = b.dst_pitch;
		b.src_tiling = b.dst_tiling;
		b.src_x = rnd(0, 3) ? rnd(0, UGVT_MAX(width - (b.x2 - b.x1), 0)) : b.x1;
		b.src_y = rnd(0, 3) ? rnd(0, UGVT_MAX(height - (b.y2 - b.y1), 0)) : b.y1;
		check(f, &b, budget_any());
	}
}

static void test_linear_commands(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 300; i++) {
		bool copy = rnd(0, 1);
		struct ref_blit b = blit_any(copy ? 0x43 : 0x40, copy ? 0xcc : 0xf0);

		if (i % 8 == 0) {
			pages_shuffle(f, i % 3 * 5);
		}
		b.x2 = rnd(0, 900);
		b.y2 = rnd(0, 60);
		b.dst = DST_ADDR + rnd(0, 100) * 4;
		b.dst_pitch = b.x2 * b.bytes + rnd(0, 1) * 100;
		b.pattern = copy ? REF_NONE : REF_SOLID;
		b.pat_bg = random();
		b.source = copy ? REF_COLOR : REF_NONE;
		b.src = SRC_ADDR + rnd(0, 100) * 4;
		b.src_pitch = b.x2 * b.bytes + rnd(0, 1) * 60;
		if (rnd(0, 3) == 0) {
			b.dst += (uint64_t)b.y2 * b.dst_pitch;
			b.dst_pitch = -b.dst_pitch;
		}
		check(f, &b, budget_any());
	}
}

static void test_fast_copy(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 300; i++) {
		struct ref_blit b = {.opcode = 0x42, .bytes = 4, .rop = 0xcc, .byte_mask = 3};

		if (i % 8 == 0) {
			pages_shuffle(f, i % 3 * 5);
		}
		dst_any(&b, rnd(1, 300), rnd(1, 150));
		b.clip = false;
		src_any(&b, b.x2, b.y2);
		check(f, &b, budget_any());
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_commands),
		TEST(all_commands_with_faults),
		TEST(big_fills_and_copies),
		TEST(aligned_copies),
		TEST(overlap),
		TEST(linear_commands),
		TEST(fast_copy),
	};

	srandom(2);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
