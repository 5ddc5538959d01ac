/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_EXEC_H
#define UGVT_GPU_BLT_EXEC_H

#include "base/bits.h"
#include "gpu/blt/blt.h"

/* For gpu/blt only: pieces of an operation. x, in bytes, and y count from the operation's top left corner. */

struct ugvt_blt_piece {
	uint64_t x;
	uint32_t y;
	uint64_t width; // bytes
	uint32_t height;
};

/* Where byte x of row y of the operation is. */
static inline ugvt_gpu_addr ugvt_blt_addr(
	const struct ugvt_blt_surface *surface, uint64_t x, uint32_t y)
{
	if (surface->tiling == UGVT_TILING_LINEAR) {
		return surface->base + (int64_t)(surface->y + y) * surface->pitch + surface->x + x;
	}
	return surface->base +
	       ugvt_tile_offset(surface->tiling, surface->pitch, surface->x + x, surface->y + y);
}

/* How many bytes from there on lie next to each other. */
static inline uint64_t ugvt_blt_run(const struct ugvt_blt_surface *surface, uint64_t x)
{
	if (surface->tiling == UGVT_TILING_LINEAR) {
		return UINT64_MAX;
	}
	return ugvt_tile_run(surface->tiling, surface->x + x);
}

/* How many bytes that end before x do. */
static inline uint64_t ugvt_blt_run_before(const struct ugvt_blt_surface *surface, uint64_t x)
{
	uint64_t last = surface->x + x - 1;

	switch (surface->tiling) {
	case UGVT_TILING_X: return last % UGVT_TILE_X_WIDTH + 1;
	case UGVT_TILING_LINEAR: return UINT64_MAX;
	default: return last % UGVT_TILE_Y_COLUMN + 1;
	}
}

/* Of the tile that is there: the page at host, or NULL. */
static inline char *ugvt_blt_tile(struct ugvt_aspace *as, const struct ugvt_blt_surface *surface,
	const struct ugvt_blt_piece *piece, unsigned prot)
{
	ugvt_gpu_addr addr = ugvt_blt_addr(surface, piece->x, piece->y);

	return ugvt_aspace_lookup(as, addr & ~(uint64_t)(UGVT_PAGE_SIZE - 1), prot, NULL);
}

/* The piece is one row. */
void ugvt_blt_fill_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);
void ugvt_blt_copy_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);
void ugvt_blt_rop_row(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);
/* The most bytes of a row that ugvt_blt_rop_row() takes at once; whole pixels. */
#define UGVT_BLT_ROP_BYTES 1024

/* Stores that went past the caches are done before what comes next. */
void ugvt_blt_fill_fence(void);

/* The piece lies in one tile of each tiled surface. */
void ugvt_blt_fill_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);
void ugvt_blt_copy_tile(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);
/* The piece is whole tiles, next to each other. */
void ugvt_blt_fill_tiles(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);
void ugvt_blt_copy_tiles(
	const struct ugvt_blt *blt, struct ugvt_aspace *as, const struct ugvt_blt_piece *piece);

#endif
