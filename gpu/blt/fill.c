/* SPDX-License-Identifier: MIT */
#include <string.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "gpu/blt/exec.h"

#define VECTOR 64 // bytes: a cache line

/* Below, starting a string instruction takes longer than storing. */
#define STRING_MIN 512

static bool is_one_byte(uint32_t color)
{
	return color == (color & 0xff) * 0x01010101u;
}

static uint32_t rotate(uint32_t color, unsigned bytes)
{
	unsigned bits = bytes % 4 * 8;

	return bits == 0 ? color : color >> bits | color << (32 - bits);
}

/* host and len are multiples of VECTOR. */
#if defined(__x86_64__)
static void fill_vectors(char *host, size_t len, uint32_t color, bool stream)
{
	__m128i value = _mm_set1_epi32((int)color);

	if (stream) {
		for (size_t i = 0; i < len; i += VECTOR) {
			_mm_stream_si128((__m128i *)(host + i), value);
			_mm_stream_si128((__m128i *)(host + i + 16), value);
			_mm_stream_si128((__m128i *)(host + i + 32), value);
			_mm_stream_si128((__m128i *)(host + i + 48), value);
		}
	} else if (len >= STRING_MIN) {
		/* What memset() does for long runs, but with bytes that differ: as fast. */
		size_t count = len / sizeof(uint64_t);

		__asm__ volatile("rep stosq"
				 : "+D"(host), "+c"(count)
				 : "a"(ugvt_u64(color, color))
				 : "memory");
	} else {
		for (size_t i = 0; i < len; i += 16) {
			_mm_store_si128((__m128i *)(host + i), value);
		}
	}
}

void ugvt_blt_fill_fence(void)
{
	_mm_sfence();
}
#else
static void fill_vectors(char *host, size_t len, uint32_t color, bool stream)
{
	for (size_t i = 0; i < len; i += sizeof(color)) {
		memcpy(host + i, &color, sizeof(color));
	}
}

void ugvt_blt_fill_fence(void)
{
}
#endif

static void fill_bytes(char *host, size_t len, uint32_t color)
{
	size_t i = 0;

	for (; i + sizeof(color) <= len; i += sizeof(color)) {
		memcpy(host + i, &color, sizeof(color));
	}
	memcpy(host + i, &color, len - i);
}

/* Fills len bytes of a piece; the first is byte phase of the color, which repeats each 4 bytes. */
static void fill_host(const struct ugvt_blt *blt, char *host, size_t len, uint64_t phase)
{
	uint32_t color = rotate(blt->pattern.background, phase % 4);
	size_t head = UGVT_MIN(-(uintptr_t)host % VECTOR, len);
	size_t vectors = (len - head) / VECTOR * VECTOR;

	if (is_one_byte(color) && !blt->stream) {
		memset(host, color & 0xff, len);
		return;
	}
	fill_bytes(host, head, color);
	color = rotate(color, head % 4);
	fill_vectors(host + head, vectors, color, blt->stream);
	fill_bytes(host + head + vectors, len - head - vectors, color);
}

/* Bytes that follow each other in the address space; for phase see fill_host(). */
struct run {
	ugvt_gpu_addr addr;
	uint64_t len;
	uint64_t phase;
};

static void fill_run(const struct ugvt_blt *blt, struct ugvt_aspace *as, struct run run)
{
	while (run.len > 0) {
		struct ugvt_aspace_span span =
			ugvt_aspace_span(as, run.addr, UGVT_PROT_WRITE, run.len);

		if (span.host) {
			fill_host(blt, span.host, span.size, run.phase);
		}
		run.addr += span.size;
		run.phase += span.size;
		run.len -= span.size;
	}
}

void ugvt_blt_fill_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	uint64_t end = piece->x + piece->width;

	for (uint64_t x = piece->x; x < end;) {
		uint64_t len = UGVT_MIN(ugvt_blt_run(&blt->dst, x), end - x);

		fill_run(blt, as,
			(struct run){ugvt_blt_addr(&blt->dst, x, piece->y), len, .phase = x});
		x += len;
	}
}

void ugvt_blt_fill_tiles(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	ugvt_gpu_addr addr = ugvt_blt_addr(&blt->dst, piece->x, piece->y);

	fill_run(blt, as, (struct run){addr, piece->width * piece->height, .phase = 0});
}

/* Rows of a column of a Y tile follow each other, so a whole column is one run. */
static void fill_y(const struct ugvt_blt *blt, char *tile, const struct ugvt_blt_piece *piece)
{
	uint32_t first = (blt->dst.x + piece->x) % UGVT_TILE_Y_WIDTH;
	uint32_t end = first + piece->width;
	uint32_t y = (blt->dst.y + piece->y) % UGVT_TILE_Y_HEIGHT;

	for (uint32_t x = first; x < end;) {
		uint32_t run = UGVT_MIN(ugvt_tile_run(UGVT_TILING_Y, x), end - x);
		char *column = tile + ugvt_tile_offset(UGVT_TILING_Y, UGVT_TILE_Y_WIDTH, x, y);

		if (run == UGVT_TILE_Y_COLUMN) {
			fill_host(blt, column, run * piece->height, 0);
		} else {
			for (uint32_t row = 0; row < piece->height; row++) {
				fill_host(blt, column + row * UGVT_TILE_Y_COLUMN, run,
					piece->x + x - first);
			}
		}
		x += run;
	}
}

static void fill_x(const struct ugvt_blt *blt, char *tile, const struct ugvt_blt_piece *piece)
{
	char *host = tile + ugvt_tile_offset(UGVT_TILING_X, UGVT_TILE_X_WIDTH,
				    (blt->dst.x + piece->x) % UGVT_TILE_X_WIDTH,
				    (blt->dst.y + piece->y) % UGVT_TILE_X_HEIGHT);

	for (uint32_t row = 0; row < piece->height; row++) {
		fill_host(blt, host + row * UGVT_TILE_X_WIDTH, piece->width, piece->x);
	}
}

void ugvt_blt_fill_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	char *tile = ugvt_blt_tile(as, &blt->dst, piece, UGVT_PROT_WRITE);

	if (!tile) {
		return;
	}
	if (blt->dst.tiling == UGVT_TILING_Y) {
		fill_y(blt, tile, piece);
	} else {
		fill_x(blt, tile, piece);
	}
}
