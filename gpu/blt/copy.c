/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "gpu/blt/exec.h"

/* Pages of a GPU address space may be the same page of the host, so every move below is fit for operands that overlap. */

/* len bytes that follow each other on both sides. */
static void copy_run(struct ugvt_aspace *as, ugvt_gpu_addr dst, ugvt_gpu_addr src, uint64_t len)
{
	while (len > 0) {
		struct ugvt_aspace_span to = ugvt_aspace_span(as, dst, UGVT_PROT_WRITE, len);
		uint64_t run = to.size;

		if (to.host) {
			struct ugvt_aspace_span from =
				ugvt_aspace_span(as, src, UGVT_PROT_READ, run);

			run = from.size;
			if (from.host) {
				memmove(to.host, from.host, run);
			} else {
				memset(to.host, 0, run);
			}
		}
		dst += run;
		src += run;
		len -= run;
	}
}

/* How many of len bytes that end at end lie in one page. */
static uint64_t last_in_page(ugvt_gpu_addr end, uint64_t len)
{
	return UGVT_MIN(len, (end - 1) % UGVT_PAGE_SIZE + 1);
}

/* The same, from the last byte to the first. */
static void copy_run_backward(
	struct ugvt_aspace *as, ugvt_gpu_addr dst, ugvt_gpu_addr src, uint64_t len)
{
	while (len > 0) {
		uint64_t run = last_in_page(src + len, last_in_page(dst + len, len));

		len -= run;
		copy_run(as, dst + len, src + len, run);
	}
}

static uint64_t run_at(const struct ugvt_blt *blt, uint64_t x)
{
	return UGVT_MIN(ugvt_blt_run(&blt->dst, x), ugvt_blt_run(&blt->src, x));
}

static void copy_row_forward(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	uint64_t end = piece->x + piece->width;

	for (uint64_t x = piece->x; x < end;) {
		uint64_t run = UGVT_MIN(run_at(blt, x), end - x);

		copy_run(as, ugvt_blt_addr(&blt->dst, x, piece->y),
			ugvt_blt_addr(&blt->src, x, piece->y), run);
		x += run;
	}
}

static void copy_row_backward(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	uint64_t end = piece->x + piece->width;

	while (end > piece->x) {
		uint64_t run = UGVT_MIN(
			ugvt_blt_run_before(&blt->dst, end), ugvt_blt_run_before(&blt->src, end));

		run = UGVT_MIN(run, end - piece->x);
		end -= run;
		copy_run_backward(as, ugvt_blt_addr(&blt->dst, end, piece->y),
			ugvt_blt_addr(&blt->src, end, piece->y), run);
	}
}

void ugvt_blt_copy_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	if (blt->backward_x) {
		copy_row_backward(blt, as, piece);
	} else {
		copy_row_forward(blt, as, piece);
	}
}

void ugvt_blt_copy_tiles(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	copy_run(as, ugvt_blt_addr(&blt->dst, piece->x, piece->y),
		ugvt_blt_addr(&blt->src, piece->x, piece->y), piece->width * piece->height);
}

/* Rows of a piece, on one side: flat, or in a Y tile. */
struct rows {
	bool y;
	uint32_t x;                   // in a Y tile: of the piece's first byte
	char *at[UGVT_TILE_Y_HEIGHT]; // in a Y tile: of the tile's row; NULL: not in one piece, or not there
};

static char *row_at(const struct rows *rows, uint32_t row, uint32_t i)
{
	uint32_t x = rows->x + i;

	if (!rows->y) {
		return rows->at[row] + i;
	}
	return rows->at[row] + x / UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_COLUMN_SIZE +
	       x % UGVT_TILE_Y_COLUMN;
}

static uint32_t row_run(const struct rows *rows, uint32_t i)
{
	return rows->y ? UGVT_TILE_Y_COLUMN - (rows->x + i) % UGVT_TILE_Y_COLUMN : UINT32_MAX;
}

static void column_move(char *dst, const char *src)
{
	char column[UGVT_TILE_Y_COLUMN];

	memcpy(column, src, sizeof(column));
	memcpy(dst, column, sizeof(column));
}

/* The hot cases: whole rows of a tile. Four of a column fill a cache line, so they go together; their pointers are taken out of
 * memory first, which the compiler can't do by itself. */
enum {
	GROUP = 64 / UGVT_TILE_Y_COLUMN
};

static void group_to_y(char *tile, char *const *flat)
{
	const char *a = flat[0], *b = flat[1], *c = flat[2], *d = flat[3];

	for (unsigned x = 0; x < UGVT_TILE_Y_WIDTH; x += UGVT_TILE_Y_COLUMN) {
		column_move(tile, a + x);
		column_move(tile + 1 * UGVT_TILE_Y_COLUMN, b + x);
		column_move(tile + 2 * UGVT_TILE_Y_COLUMN, c + x);
		column_move(tile + 3 * UGVT_TILE_Y_COLUMN, d + x);
		tile += UGVT_TILE_Y_COLUMN_SIZE;
	}
}

static void group_from_y(char *const *flat, const char *tile)
{
	char *a = flat[0], *b = flat[1], *c = flat[2], *d = flat[3];

	for (unsigned x = 0; x < UGVT_TILE_Y_WIDTH; x += UGVT_TILE_Y_COLUMN) {
		column_move(a + x, tile);
		column_move(b + x, tile + 1 * UGVT_TILE_Y_COLUMN);
		column_move(c + x, tile + 2 * UGVT_TILE_Y_COLUMN);
		column_move(d + x, tile + 3 * UGVT_TILE_Y_COLUMN);
		tile += UGVT_TILE_Y_COLUMN_SIZE;
	}
}

/* false: not this way. */
static bool group_move(
	const struct rows *dst, const struct rows *src, uint32_t first, uint32_t width)
{
	if (width != UGVT_TILE_Y_WIDTH || dst->y == src->y) {
		return false;
	}
	for (uint32_t row = first; row < first + GROUP; row++) {
		if (!dst->at[row] || !src->at[row]) {
			return false;
		}
	}
	if (dst->y) {
		group_to_y(dst->at[first], &src->at[first]);
	} else {
		group_from_y(&dst->at[first], src->at[first]);
	}
	return true;
}

static void row_move(const struct rows *dst, const struct rows *src, uint32_t row, uint32_t width)
{
	for (uint32_t i = 0; i < width;) {
		uint32_t run = UGVT_MIN(UGVT_MIN(row_run(dst, i), row_run(src, i)), width - i);

		if (run == UGVT_TILE_Y_COLUMN) {
			column_move(row_at(dst, row, i), row_at(src, row, i));
		} else {
			memmove(row_at(dst, row, i), row_at(src, row, i), run);
		}
		i += run;
	}
}

static bool is_linear(const struct ugvt_blt_surface *surface)
{
	return surface->tiling == UGVT_TILING_LINEAR;
}

/* One side of a copy. */
struct side {
	const struct ugvt_blt_surface *surface;
	unsigned prot;
	struct rows rows;
};

static void rows_in_tile(struct side *side, char *tile, const struct ugvt_blt_piece *piece)
{
	const struct ugvt_blt_surface *surface = side->surface;
	struct rows *rows = &side->rows;
	uint32_t x = (surface->x + piece->x) % ugvt_tile_width(surface->tiling);
	uint32_t y = (surface->y + piece->y) % ugvt_tile_height(surface->tiling);

	rows->y = surface->tiling == UGVT_TILING_Y;
	rows->x = x;
	for (uint32_t i = 0; i < piece->height; i++) {
		rows->at[i] = rows->y ? tile + (y + i) * UGVT_TILE_Y_COLUMN
				      : tile + (y + i) * UGVT_TILE_X_WIDTH + x;
	}
}

static char *row_in_line(struct ugvt_aspace *as, ugvt_gpu_addr addr, unsigned prot, uint64_t width)
{
	struct ugvt_aspace_span span = ugvt_aspace_span(as, addr, prot, width);

	return span.size == width ? span.host : NULL;
}

static void rows_in_line(
	struct side *side, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	int64_t pitch = side->surface->pitch;
	ugvt_gpu_addr addr = ugvt_blt_addr(side->surface, piece->x, piece->y);
	uint64_t size = (piece->height - 1) * (uint64_t)pitch + piece->width;
	struct ugvt_aspace_span whole = {0};

	side->rows.y = false;
	side->rows.x = 0;
	if (pitch > 0) {
		whole = ugvt_aspace_span(as, addr, side->prot, size);
	}
	for (uint32_t i = 0; i < piece->height; i++) {
		int64_t offset = i * pitch;

		side->rows.at[i] =
			whole.host && whole.size == size
				? whole.host + offset
				: row_in_line(as, addr + offset, side->prot, piece->width);
	}
}

/* The page of the source isn't there: it reads as zeros. */
static void zero_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	struct ugvt_blt zero = {.kind = UGVT_BLT_FILL, .dst = blt->dst};
	struct ugvt_blt_piece row = *piece;

	if (!is_linear(&blt->dst)) {
		ugvt_blt_fill_tile(&zero, as, piece);
		return;
	}
	row.height = 1;
	for (; row.y < piece->y + piece->height; row.y++) {
		ugvt_blt_fill_row(&zero, as, &row);
	}
}

static void rows_move(const struct ugvt_blt *blt, struct ugvt_aspace *as,
	const struct ugvt_blt_piece *piece, const struct side sides[2])
{
	const struct rows *dst = &sides[0].rows, *src = &sides[1].rows;
	struct ugvt_blt_piece row = {.x = piece->x, .width = piece->width, .height = 1};

	for (uint32_t i = 0; i < piece->height;) {
		if (piece->height - i >= GROUP && group_move(dst, src, i, piece->width)) {
			i += GROUP;
			continue;
		}
		if (dst->at[i] && src->at[i]) {
			row_move(dst, src, i, piece->width);
		} else {
			row.y = piece->y + i;
			ugvt_blt_copy_row(blt, as, &row);
		}
		i++;
	}
}

/* Its rows; false if its tile isn't there. */
static bool side_find(struct side *side, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	char *tile;

	if (is_linear(side->surface)) {
		rows_in_line(side, as, piece);
		return true;
	}
	tile = ugvt_blt_tile(as, side->surface, piece, side->prot);
	if (tile) {
		rows_in_tile(side, tile, piece);
	}
	return tile;
}

void ugvt_blt_copy_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	struct side sides[2];

	sides[0].surface = &blt->dst;
	sides[0].prot = UGVT_PROT_WRITE;
	sides[1].surface = &blt->src;
	sides[1].prot = UGVT_PROT_READ;
	if (!side_find(&sides[0], as, piece)) {
		return;
	}
	if (!side_find(&sides[1], as, piece)) {
		zero_tile(blt, as, piece);
		return;
	}
	rows_move(blt, as, piece, sides);
}
