/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/blt/exec.h"

/* Pages of a GPU address space may be the same page of the host, so every move below is fit for operands that overlap. */

/* len bytes that follow each other on both sides. */
static void copy_run(struct ugvt_aspace *as, ugvt_gpu_addr dst, ugvt_gpu_addr src, uint64_t len)
{
	while (len > 0) {
		uint64_t run, src_run;
		char *to = ugvt_aspace_span(as, dst, UGVT_PROT_WRITE, len, &run);
		const char *from;

		if (to) {
			from = ugvt_aspace_span(as, src, UGVT_PROT_READ, run, &src_run);
			run = src_run;
			if (from) {
				memmove(to, from, run);
			} else {
				memset(to, 0, run);
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

/* A row of a piece, on one side: in a Y tile at byte x of it, or flat. */
struct row {
	char *host; // Y: of byte 0 of the tile's row
	bool y;
	uint32_t x;
};

static char *row_at(const struct row *row, uint32_t i)
{
	uint32_t x = row->x + i;

	if (!row->y) {
		return row->host + i;
	}
	return row->host + x / UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_COLUMN_SIZE +
	       x % UGVT_TILE_Y_COLUMN;
}

static uint32_t row_run(const struct row *row, uint32_t i)
{
	return row->y ? ugvt_tile_run(UGVT_TILING_Y, row->x + i) : UINT32_MAX;
}

static void column_move(char *dst, const char *src)
{
	char column[UGVT_TILE_Y_COLUMN];

	memcpy(column, src, sizeof(column));
	memcpy(dst, column, sizeof(column));
}

/* The hot case: whole rows of a tile, its columns aligned. */
static void row_to_y(char *tile, const char *flat)
{
	for (unsigned i = 0; i < UGVT_TILE_Y_WIDTH / UGVT_TILE_Y_COLUMN; i++) {
		column_move(tile + i * UGVT_TILE_Y_COLUMN_SIZE, flat + i * UGVT_TILE_Y_COLUMN);
	}
}

static void row_from_y(char *flat, const char *tile)
{
	for (unsigned i = 0; i < UGVT_TILE_Y_WIDTH / UGVT_TILE_Y_COLUMN; i++) {
		column_move(flat + i * UGVT_TILE_Y_COLUMN, tile + i * UGVT_TILE_Y_COLUMN_SIZE);
	}
}

static void row_move(const struct row *dst, const struct row *src, uint32_t width)
{
	if (width == UGVT_TILE_Y_WIDTH && dst->y && !src->y) {
		row_to_y(dst->host, src->host);
		return;
	}
	if (width == UGVT_TILE_Y_WIDTH && src->y && !dst->y) {
		row_from_y(dst->host, src->host);
		return;
	}
	for (uint32_t i = 0; i < width;) {
		uint32_t run = UGVT_MIN(UGVT_MIN(row_run(dst, i), row_run(src, i)), width - i);

		if (run == UGVT_TILE_Y_COLUMN) {
			column_move(row_at(dst, i), row_at(src, i));
		} else {
			memmove(row_at(dst, i), row_at(src, i), run);
		}
		i += run;
	}
}

/* One side of a piece: its rows' places on the host. */
struct side {
	const struct ugvt_blt_surface *surface;
	unsigned prot;
	char *tile;       // of a tiled side
	ugvt_gpu_addr at; // of a linear side: what was looked up last
	uint64_t run;
	char *host;
};

/* false: the row isn't in one piece. */
static bool side_row(struct side *side, struct ugvt_aspace *as, const struct ugvt_blt_piece *row,
	struct row *out)
{
	const struct ugvt_blt_surface *surface = side->surface;
	uint32_t width = ugvt_tile_width(surface->tiling);
	ugvt_gpu_addr addr;

	if (side->tile) {
		uint32_t x = (surface->x + row->x) % width;
		uint32_t y = (surface->y + row->y) % ugvt_tile_height(surface->tiling);

		out->y = surface->tiling == UGVT_TILING_Y;
		out->x = x;
		out->host =
			side->tile + ugvt_tile_offset(surface->tiling, width, out->y ? 0 : x, y);
		return true;
	}
	addr = ugvt_blt_addr(surface, row->x, row->y);
	if (addr - side->at >= side->run || side->run - (addr - side->at) < row->width) {
		side->at = addr;
		side->host = ugvt_aspace_lookup(as, addr, side->prot, &side->run);
		if (side->host && side->run < row->width) {
			ugvt_aspace_span(as, addr, side->prot, row->width, &side->run);
		}
		if (!side->host || side->run < row->width) {
			side->run = 0;
			return false;
		}
	}
	out->y = false;
	out->x = 0;
	out->host = side->host + (addr - side->at);
	return true;
}

/* false if nothing of the piece can be reached. */
static bool side_begin(
	struct side *side, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	if (side->surface->tiling == UGVT_TILING_LINEAR) {
		return true;
	}
	side->tile = ugvt_blt_tile(as, side->surface, piece, side->prot);
	return side->tile;
}

/* The page of the source isn't there: it reads as zeros. */
static void zero_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	struct ugvt_blt zero = {.kind = UGVT_BLT_FILL, .dst = blt->dst};
	struct ugvt_blt_piece row = *piece;

	if (blt->dst.tiling != UGVT_TILING_LINEAR) {
		ugvt_blt_fill_tile(&zero, as, piece);
		return;
	}
	row.height = 1;
	for (; row.y < piece->y + piece->height; row.y++) {
		ugvt_blt_fill_row(&zero, as, &row);
	}
}

void ugvt_blt_copy_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	struct side dst = {.surface = &blt->dst, .prot = UGVT_PROT_WRITE};
	struct side src = {.surface = &blt->src, .prot = UGVT_PROT_READ};
	struct ugvt_blt_piece row = *piece;

	if (!side_begin(&dst, as, piece)) {
		return;
	}
	if (!side_begin(&src, as, piece)) {
		zero_tile(blt, as, piece);
		return;
	}
	row.height = 1;
	for (; row.y < piece->y + piece->height; row.y++) {
		struct row to, from;

		if (side_row(&src, as, &row, &from) && side_row(&dst, as, &row, &to)) {
			row_move(&to, &from, row.width);
		} else {
			ugvt_blt_copy_row(blt, as, &row);
		}
	}
}
