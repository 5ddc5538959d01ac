/* SPDX-License-Identifier: MIT */
#include "gpu/mem/tiling.h"

#include "gpu/mem/ggtt.h"

uint32_t ugvt_tile_width(enum ugvt_tiling tiling)
{
	switch (tiling) {
	case UGVT_TILING_X: return UGVT_TILE_X_WIDTH;
	case UGVT_TILING_Y: return UGVT_TILE_Y_WIDTH;
	case UGVT_TILING_LINEAR: break;
	}
	return 1;
}

uint32_t ugvt_tile_height(enum ugvt_tiling tiling)
{
	switch (tiling) {
	case UGVT_TILING_X: return UGVT_TILE_X_HEIGHT;
	case UGVT_TILING_Y: return UGVT_TILE_Y_HEIGHT;
	case UGVT_TILING_LINEAR: break;
	}
	return 1;
}

static uint32_t offset_in_tile(enum ugvt_tiling tiling, uint32_t x, uint32_t y)
{
	if (tiling == UGVT_TILING_X) {
		return y % UGVT_TILE_X_HEIGHT * UGVT_TILE_X_WIDTH + x % UGVT_TILE_X_WIDTH;
	}
	return x % UGVT_TILE_Y_WIDTH / UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_COLUMN_SIZE +
	       y % UGVT_TILE_Y_HEIGHT * UGVT_TILE_Y_COLUMN + x % UGVT_TILE_Y_COLUMN;
}

uint64_t ugvt_tile_offset(enum ugvt_tiling tiling, uint32_t pitch, uint32_t x, uint32_t y)
{
	uint32_t width = ugvt_tile_width(tiling);
	uint64_t tile;

	if (tiling == UGVT_TILING_LINEAR) {
		return (uint64_t)y * pitch + x;
	}
	tile = (uint64_t)(y / ugvt_tile_height(tiling)) * (pitch / width) + x / width;
	return tile * UGVT_PAGE_SIZE + offset_in_tile(tiling, x, y);
}

uint32_t ugvt_tile_run(enum ugvt_tiling tiling, uint32_t x)
{
	switch (tiling) {
	case UGVT_TILING_X: return UGVT_TILE_X_WIDTH - x % UGVT_TILE_X_WIDTH;
	case UGVT_TILING_Y: return UGVT_TILE_Y_COLUMN - x % UGVT_TILE_Y_COLUMN;
	case UGVT_TILING_LINEAR: break;
	}
	return UINT32_MAX;
}
