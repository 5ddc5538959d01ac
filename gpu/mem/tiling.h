/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_MEM_TILING_H
#define UGVT_GPU_MEM_TILING_H

#include <stdint.h>

/*
 * Tile formats: PRM BDW vol 5, "Tile Formats". A tile is 4 KB: X is 512 bytes x 8 rows, row after row; Y is 128 bytes x 32
 * rows in columns of 16 bytes; W (stencil) is 64 x 64 bytes, later. Yf and Ys are not here.
 */
enum ugvt_tiling {
	UGVT_TILING_LINEAR,
	UGVT_TILING_X,
	UGVT_TILING_Y,
};

enum {
	UGVT_TILE_X_WIDTH = 512, // bytes
	UGVT_TILE_X_HEIGHT = 8,
	UGVT_TILE_Y_WIDTH = 128,
	UGVT_TILE_Y_HEIGHT = 32,
	UGVT_TILE_Y_COLUMN = 16, // bytes; from a row to the next within a column
	UGVT_TILE_Y_COLUMN_SIZE = UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_HEIGHT,
};

/* Bytes of a tile's row and rows of a tile; LINEAR: 1 x 1. */
uint32_t ugvt_tile_width(enum ugvt_tiling tiling);
uint32_t ugvt_tile_height(enum ugvt_tiling tiling);

/* The byte offset, from the surface's start, of byte x (not pixel) of row y. pitch: bytes from a row to the next, a
 * multiple of the tile's width. */
uint64_t ugvt_tile_offset(enum ugvt_tiling tiling, uint32_t pitch, uint32_t x, uint32_t y);

/* How many bytes from byte x of a row on lie next to each other in memory: to the end of the tile's row (X: of 512, Y: of 16
 * bytes); LINEAR: UINT32_MAX. */
uint32_t ugvt_tile_run(enum ugvt_tiling tiling, uint32_t x);

#endif
