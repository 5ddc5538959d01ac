/* SPDX-License-Identifier: MIT */
#include "gpu/blt/exec.h"

/* Even a small budget makes some headway. */
#define PIECE_MIN 256

/* What a row of a piece costs besides its bytes, and how much more a byte costs that is worked on pixel by pixel. */
#define ROW_COST 128
#define ROP_COST 8

static bool is_tiled(const struct ugvt_blt_surface *surface)
{
	return surface->tiling != UGVT_TILING_LINEAR;
}

static bool is_rowwise(const struct ugvt_blt *blt)
{
	return blt->rowwise || blt->kind == UGVT_BLT_ROP ||
	       !(is_tiled(&blt->dst) || (blt->kind == UGVT_BLT_COPY && is_tiled(&blt->src)));
}

static uint32_t left_in_tile_x(const struct ugvt_blt_surface *surface, uint64_t x)
{
	uint32_t width = ugvt_tile_width(surface->tiling);

	return is_tiled(surface) ? width - (surface->x + x) % width : UINT32_MAX;
}

static uint32_t left_in_tile_y(const struct ugvt_blt_surface *surface, uint32_t y)
{
	uint32_t height = ugvt_tile_height(surface->tiling);

	return is_tiled(surface) ? height - (surface->y + y) % height : UINT32_MAX;
}

static struct ugvt_blt_piece row_next(const struct ugvt_blt *blt, uint64_t budget)
{
	uint64_t limit = UGVT_MAX(budget - budget % blt->bytes_per_pixel, PIECE_MIN);
	struct ugvt_blt_piece piece = {.x = blt->done_x, .y = blt->done_y, .height = 1};

	if (blt->kind == UGVT_BLT_ROP) {
		limit = UGVT_MIN(limit, UGVT_BLT_ROP_BYTES);
	}
	piece.width = UGVT_MIN(limit, blt->width - blt->done_x);
	if (blt->backward_x) {
		piece.x = blt->width - blt->done_x - piece.width;
	}
	if (blt->backward_y) {
		piece.y = blt->height - 1 - blt->done_y;
	}
	return piece;
}

static void row_execute(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece)
{
	switch (blt->kind) {
	case UGVT_BLT_FILL: ugvt_blt_fill_row(blt, as, piece); break;
	case UGVT_BLT_COPY: ugvt_blt_copy_row(blt, as, piece); break;
	default: ugvt_blt_rop_row(blt, as, piece); break;
	}
}

/* What is left, at the current place, of the tiles on both sides. */
static struct ugvt_blt_piece tile_next(const struct ugvt_blt *blt)
{
	struct ugvt_blt_piece piece = {.x = blt->done_x, .y = blt->done_y};
	uint32_t width = left_in_tile_x(&blt->dst, piece.x);
	uint32_t height = left_in_tile_y(&blt->dst, piece.y);

	if (blt->kind == UGVT_BLT_COPY) {
		width = UGVT_MIN(width, left_in_tile_x(&blt->src, piece.x));
		height = UGVT_MIN(height, left_in_tile_y(&blt->src, piece.y));
	}
	piece.width = UGVT_MIN(width, blt->width - piece.x);
	piece.height = UGVT_MIN(height, blt->height - piece.y);
	return piece;
}

/* Whether a piece of tile_next() is a whole tile, and the same one on both sides. */
static bool is_whole_tile(const struct ugvt_blt *blt, const struct ugvt_blt_piece *piece)
{
	return is_tiled(&blt->dst) && piece->width == ugvt_tile_width(blt->dst.tiling) &&
	       piece->height == ugvt_tile_height(blt->dst.tiling) &&
	       (blt->kind == UGVT_BLT_FILL || blt->src.tiling == blt->dst.tiling);
}

/* Whole tiles of a row of tiles follow each other in memory. */
static void tiles_extend(const struct ugvt_blt *blt, struct ugvt_blt_piece *piece, uint64_t budget)
{
	uint64_t tiles = UGVT_MIN((blt->width - piece->x) / piece->width, budget / UGVT_PAGE_SIZE);

	piece->width *= UGVT_MAX(tiles, 1);
}

static struct ugvt_blt_piece tile_execute(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, uint64_t budget)
{
	struct ugvt_blt_piece piece = tile_next(blt);

	if (is_whole_tile(blt, &piece)) {
		tiles_extend(blt, &piece, budget);
		if (blt->kind == UGVT_BLT_FILL) {
			ugvt_blt_fill_tiles(blt, as, &piece);
		} else {
			ugvt_blt_copy_tiles(blt, as, &piece);
		}
	} else if (blt->kind == UGVT_BLT_FILL) {
		ugvt_blt_fill_tile(blt, as, &piece);
	} else {
		ugvt_blt_copy_tile(blt, as, &piece);
	}
	return piece;
}

static uint64_t cost(const struct ugvt_blt *blt, const struct ugvt_blt_piece *piece)
{
	uint64_t bytes = piece->width * piece->height;

	return bytes * (blt->kind == UGVT_BLT_ROP ? ROP_COST : 1) + ROW_COST;
}

static void advance(struct ugvt_blt *blt, const struct ugvt_blt_piece *piece)
{
	blt->done_x += piece->width;
	if (blt->done_x == blt->width) {
		blt->done_x = 0;
		blt->done_y += piece->height;
	}
}

bool ugvt_blt_step(struct ugvt_blt *blt, struct ugvt_aspace *as, uint64_t budget)
{
	if (blt->kind == UGVT_BLT_NOTHING) {
		return true;
	}
	while (blt->done_y < blt->height) {
		struct ugvt_blt_piece piece;
		uint64_t spent;

		if (is_rowwise(blt)) {
			piece = row_next(blt, budget);
			row_execute(blt, as, &piece);
		} else {
			piece = tile_execute(blt, as, budget);
		}
		advance(blt, &piece);
		spent = cost(blt, &piece);
		if (spent >= budget) {
			break;
		}
		budget -= spent;
	}
	if (blt->stream) {
		ugvt_blt_fill_fence();
	}
	return blt->done_y >= blt->height;
}
