/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/blt/exec.h"

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

/* host and len are multiples of 8. */
static void fill_qwords(char *host, size_t len, uint64_t value)
{
#if defined(__x86_64__)
	/* What memset() does for long runs, but with 8 bytes that differ: as fast. */
	if (len >= STRING_MIN) {
		size_t count = len / sizeof(value);

		__asm__ volatile("rep stosq" : "+D"(host), "+c"(count) : "a"(value) : "memory");
		return;
	}
#endif
	for (size_t i = 0; i < len; i += sizeof(value)) {
		memcpy(host + i, &value, sizeof(value));
	}
}

static void fill_bytes(char *host, size_t len, uint32_t color)
{
	for (size_t i = 0; i < len; i++) {
		host[i] = (char)(color >> i % 4 * 8);
	}
}

void ugvt_blt_fill_host(char *host, size_t len, uint32_t color, uint64_t phase)
{
	size_t head = -(uintptr_t)host % sizeof(uint64_t);

	if (is_one_byte(color)) {
		memset(host, color & 0xff, len);
		return;
	}
	color = rotate(color, phase % 4);
	if (head != 0) {
		head = UGVT_MIN(head, len);
		fill_bytes(host, head, color);
		color = rotate(color, head);
		host += head;
		len -= head;
	}
	fill_qwords(host, len - len % sizeof(uint64_t), ugvt_u64(color, color));
	host += len - len % sizeof(uint64_t);
	fill_bytes(host, len % sizeof(uint64_t), color);
}

/* len bytes that follow each other in the address space. */
static void fill_run(
	struct ugvt_aspace *as, ugvt_gpu_addr addr, uint64_t len, uint32_t color, uint64_t phase)
{
	while (len > 0) {
		uint64_t run;
		char *host = ugvt_aspace_span(as, addr, UGVT_PROT_WRITE, len, &run);

		if (host) {
			ugvt_blt_fill_host(host, run, color, phase);
		}
		addr += run;
		phase += run;
		len -= run;
	}
}

void ugvt_blt_fill_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	uint64_t end = piece->x + piece->width;

	for (uint64_t x = piece->x; x < end;) {
		uint64_t run = UGVT_MIN(ugvt_blt_run(&blt->dst, x), end - x);

		fill_run(
			as, ugvt_blt_addr(&blt->dst, x, piece->y), run, blt->pattern.background, x);
		x += run;
	}
}

void ugvt_blt_fill_tiles(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	fill_run(as, ugvt_blt_addr(&blt->dst, piece->x, piece->y), piece->width * piece->height,
		blt->pattern.background, 0);
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
			ugvt_blt_fill_host(column, run * piece->height, blt->pattern.background, 0);
		} else {
			for (uint32_t row = 0; row < piece->height; row++) {
				ugvt_blt_fill_host(column + row * UGVT_TILE_Y_COLUMN, run,
					blt->pattern.background, piece->x + x - first);
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
		ugvt_blt_fill_host(host + row * UGVT_TILE_X_WIDTH, piece->width,
			blt->pattern.background, piece->x);
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
