/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "bench/bench.h"
#include "gpu/blt/blt.h"
#include "tests/gpu/space.h"

/*
 * Blitter fills and copies, decoded and stepped through a 4-level PPGTT, against memset() and memcpy() of the same bytes of
 * the same memory; both in GB/s. Names: operation, pages of the GPU's address space, KB.
 */

enum {
	ROUNDS = 15,
	ROUND_BYTES = 16 << 20, // small blits are repeated
	BUDGET = 256 << 10,     // bytes of a step, as of a command streamer's window
};

#define SIZE_MAX_BYTES (UINT64_C(64) << 20)
#define LARGE (UINT64_C(2) << 20)
#define DST_ADDR (UINT64_C(1) << 40)
#define SRC_ADDR (UINT64_C(3) << 39)

enum pages {
	PAGES_4K,          // neighbours in guest memory
	PAGES_4K_SHUFFLED, // no two are
	PAGES_2M,
};

enum op {
	OP_CLEAR,
	OP_FILL,
	OP_FILL_Y,
	OP_COPY,
	OP_COPY_TO_Y,
	OP_COPY_FROM_Y,
	OP_COUNT,
};

static const char *const op_names[] = {
	[OP_CLEAR] = "clear-linear",
	[OP_FILL] = "fill-linear",
	[OP_FILL_Y] = "fill-Y",
	[OP_COPY] = "copy-linear",
	[OP_COPY_TO_Y] = "copy-linear-to-Y",
	[OP_COPY_FROM_Y] = "copy-Y-to-linear",
};

static const char *const page_names[] = {
	[PAGES_4K] = "4K",
	[PAGES_4K_SHUFFLED] = "4K-shuffled",
	[PAGES_2M] = "2M",
};

struct bench {
	struct space space;
	ugvt_gpa dst, src;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

/* The page of guest memory behind a page of a surface. Any odd factor visits all; within 64 KB, so that small blits use the same
 * memory as the yardstick. */
static uint64_t page_shuffled(uint64_t page)
{
	return page / 16 * 16 + page * 5 % 16;
}

static void map(struct bench *b, ugvt_gpu_addr addr, ugvt_gpa gpa, enum pages pages)
{
	uint64_t count = SIZE_MAX_BYTES / UGVT_PAGE_SIZE;

	if (pages == PAGES_2M) {
		for (uint64_t at = 0; at < SIZE_MAX_BYTES; at += LARGE) {
			*space_entry(&b->space, addr + at, 1) = (gpa + at) | SPACE_LARGE | SPACE_RW;
		}
		return;
	}
	for (uint64_t i = 0; i < count; i++) {
		uint64_t to = pages == PAGES_4K ? i : page_shuffled(i);

		*space_entry(&b->space, addr + i * UGVT_PAGE_SIZE, 0) =
			(gpa + to * UGVT_PAGE_SIZE) | SPACE_RW;
	}
}

static void bench_init(struct bench *b, enum pages pages)
{
	space_init(&b->space, 2 * SIZE_MAX_BYTES + 4 * LARGE);
	b->dst = space_alloc(&b->space, SIZE_MAX_BYTES, LARGE);
	b->src = space_alloc(&b->space, SIZE_MAX_BYTES, LARGE);
	map(b, DST_ADDR, b->dst, pages);
	map(b, SRC_ADDR, b->src, pages);
	memset(space_host(&b->space, b->dst), 1, SIZE_MAX_BYTES);
	memset(space_host(&b->space, b->src), 2, SIZE_MAX_BYTES);
}

/* XY_COLOR_BLT or XY_SRC_COPY_BLT of size bytes: rows of a page, as i915's are, or of what makes whole Y tiles. */
static unsigned command(enum op op, uint64_t size, uint32_t *dw)
{
	bool y_dst = op == OP_FILL_Y || op == OP_COPY_TO_Y, y_src = op == OP_COPY_FROM_Y;
	uint32_t pitch = UGVT_MIN(size / (y_dst || y_src ? 32 : 1), UGVT_PAGE_SIZE);
	unsigned n = 0;

	dw[n++] = 2u << 29 | (op < OP_COPY ? 0x50u : 0x53u) << 22 | 3u << 20 |
		  (uint32_t)y_src << 15 | (uint32_t)y_dst << 11;
	dw[n++] = 3u << 24 | (op < OP_COPY ? 0xf0u : 0xccu) << 16 | (y_dst ? pitch / 4 : pitch);
	dw[n++] = 0;
	dw[n++] = (uint32_t)(size / pitch) << 16 | pitch / 4;
	dw[n++] = ugvt_lo32(DST_ADDR);
	dw[n++] = ugvt_hi32(DST_ADDR);
	if (op < OP_COPY) {
		dw[n++] = op == OP_CLEAR ? 0 : 0x12345678;
	} else {
		dw[n++] = 0;
		dw[n++] = y_src ? pitch / 4 : pitch;
		dw[n++] = ugvt_lo32(SRC_ADDR);
		dw[n++] = ugvt_hi32(SRC_ADDR);
	}
	dw[0] |= n - 2;
	return n;
}

static double time_blit(struct bench *b, enum op op, uint64_t size, unsigned repeats)
{
	struct ugvt_blt_state state = {.swctrl = UGVT_BCS_SWCTRL_DST_Y | UGVT_BCS_SWCTRL_SRC_Y};
	uint32_t dw[16];
	unsigned n = command(op, size, dw);
	double start = now();

	for (unsigned i = 0; i < repeats; i++) {
		struct ugvt_blt blt;

		if (!ugvt_blt_decode(&blt, &state, dw, n)) {
			abort();
		}
		/* As at the start of a batch: no translation is known. */
		ugvt_aspace_invalidate(&b->space.as);
		while (!ugvt_blt_step(&blt, &b->space.as, BUDGET)) {
			space_window(&b->space);
		}
	}
	return (now() - start) / repeats;
}

static double time_yardstick(struct bench *b, enum op op, uint64_t size, unsigned repeats)
{
	char *dst = space_host(&b->space, b->dst);
	const char *src = space_host(&b->space, b->src);
	double start = now();

	/* Zeros are special: some processors write them faster. */
	for (unsigned i = 0; i < repeats; i++) {
		if (op < OP_COPY) {
			memset(dst, op == OP_CLEAR ? 0 : 0x12, size);
		} else {
			memcpy(dst, src, size);
		}
		__asm__ volatile("" : : "r"(dst) : "memory");
	}
	return (now() - start) / repeats;
}

/* The yardstick's work in a surface's order of pages: what a blit could be at best. */
static double time_by_page(struct bench *b, enum op op, uint64_t size, unsigned repeats)
{
	char *dst = space_host(&b->space, b->dst);
	const char *src = space_host(&b->space, b->src);
	double start = now();

	for (uint64_t i = 0; i < repeats * (size / UGVT_PAGE_SIZE); i++) {
		uint64_t at = page_shuffled(i % (size / UGVT_PAGE_SIZE)) * UGVT_PAGE_SIZE;

		if (op < OP_COPY) {
			memset(dst + at, 0x12, UGVT_PAGE_SIZE);
		} else {
			memcpy(dst + at, src + at, UGVT_PAGE_SIZE);
		}
		__asm__ volatile("" : : "r"(dst) : "memory");
	}
	return (now() - start) / repeats;
}

static void result_print(const char *name, enum op op, double value, double yardstick)
{
	bench_print(name, value, "GB/s", op < OP_COPY ? "memset" : "memcpy", value / yardstick);
}

static void measure_by_page(struct bench *b, enum op op, uint64_t size)
{
	unsigned repeats = UGVT_MAX(ROUND_BYTES / size, 1);
	double pages[ROUNDS], yardsticks[ROUNDS];
	char name[64];

	for (unsigned i = 0; i < ROUNDS; i++) {
		time_yardstick(b, op, size, 1);
		yardsticks[i] = time_yardstick(b, op, size, repeats);
		time_by_page(b, op, size, 1);
		pages[i] = time_by_page(b, op, size, repeats);
	}
	snprintf(name, sizeof(name), "blt-%s-by-page-%s-%lu", op < OP_COPY ? "memset" : "memcpy",
		page_names[PAGES_4K_SHUFFLED], (unsigned long)(size >> 10));
	result_print(name, op, size / bench_median(pages, ROUNDS) * 1e-9,
		size / bench_median(yardsticks, ROUNDS) * 1e-9);
}

static void measure(struct bench *b, enum pages pages, enum op op, uint64_t size)
{
	unsigned repeats = UGVT_MAX(ROUND_BYTES / size, 1);
	double blits[ROUNDS], yardsticks[ROUNDS];
	double blit, yardstick;
	char name[64];

	for (unsigned i = 0; i < ROUNDS; i++) {
		/* Each finds the caches as it left them itself. */
		time_yardstick(b, op, size, 1);
		yardsticks[i] = time_yardstick(b, op, size, repeats);
		time_blit(b, op, size, 1);
		blits[i] = time_blit(b, op, size, repeats);
	}
	blit = size / bench_median(blits, ROUNDS) * 1e-9;
	yardstick = size / bench_median(yardsticks, ROUNDS) * 1e-9;
	snprintf(name, sizeof(name), "blt-%s-%s-%lu", op_names[op], page_names[pages],
		(unsigned long)(size >> 10));
	result_print(name, op, blit, yardstick);
}

static void measure_sizes(struct bench *b, enum pages pages)
{
	for (enum op op = 0; op < OP_COUNT; op++) {
		for (uint64_t size = 4096; size <= SIZE_MAX_BYTES; size *= 4) {
			measure(b, pages, op, size);
		}
	}
	for (uint64_t size = 4096; pages == PAGES_4K_SHUFFLED && size <= SIZE_MAX_BYTES;
		size *= 4) {
		measure_by_page(b, OP_FILL, size);
		measure_by_page(b, OP_COPY, size);
	}
}

int main(void)
{
	for (enum pages pages = PAGES_4K; pages <= PAGES_2M; pages++) {
		struct bench b;

		bench_init(&b, pages);
		measure_sizes(&b, pages);
		space_finish(&b.space);
	}
	return 0;
}
