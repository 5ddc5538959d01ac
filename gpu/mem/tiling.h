/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_MEM_TILING_H
#define UGVT_GPU_MEM_TILING_H

#include <stdint.h>

/*
 * Tile formats: PRM BDW vol 5, "Tile Formats". A tile is 4 KB: X is 512 bytes x 8 rows, row after row; Y is 128 bytes x 32
 * rows in columns of 16 bytes; W (stencil) is 64 x 64 bytes, later. Ys is not here.
 *
 * Yf's shape depends on the size of a pixel: squares, or what is twice as wide, at every level (drm_fourcc.h,
 * I915_FORMAT_MOD_Yf_TILED). It is made of blocks of 16 bytes x 4 rows; four of them are a block of 256 bytes, four of these, the
 * left two first, one of 1 KB, and four of these, likewise, the tile.
 */
enum ugvt_tiling {
	UGVT_TILING_LINEAR,
	UGVT_TILING_X,
	UGVT_TILING_Y,
	UGVT_TILING_YF_8,  // pixels of 8 bits: 64 bytes x 64 rows
	UGVT_TILING_YF_32, // of 16 and 32 bits: 128 bytes x 32 rows
	UGVT_TILING_YF_64, // of 64 and 128 bits: 256 bytes x 16 rows
};

enum {
	UGVT_TILE_X_WIDTH = 512, // bytes
	UGVT_TILE_X_HEIGHT = 8,
	UGVT_TILE_Y_WIDTH = 128,
	UGVT_TILE_Y_HEIGHT = 32,
	UGVT_TILE_Y_COLUMN = 16, // bytes; from a row to the next within a column
	UGVT_TILE_Y_COLUMN_SIZE = UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_HEIGHT,
};

/* Yf of pixels of 1, 2, 4, 8 or 16 bytes. */
enum ugvt_tiling ugvt_tiling_yf(unsigned cpp);

/* Bytes of a tile's row and rows of a tile; LINEAR: 1 x 1. */
uint32_t ugvt_tile_width(enum ugvt_tiling tiling);
uint32_t ugvt_tile_height(enum ugvt_tiling tiling);

/* The byte offset, from the surface's start, of byte x (not pixel) of row y. pitch: bytes from a row to the next, a
 * multiple of the tile's width. */
uint64_t ugvt_tile_offset(enum ugvt_tiling tiling, uint32_t pitch, uint32_t x, uint32_t y);

/* How many bytes from byte x of a row on lie next to each other in memory: to the end of the tile's row (X: of 512, Y and Yf:
 * of 16 bytes); LINEAR: UINT32_MAX. */
uint32_t ugvt_tile_run(enum ugvt_tiling tiling, uint32_t x);

#endif
