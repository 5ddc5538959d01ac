/* SPDX-License-Identifier: MIT */
#include "gpu/mem/tiling.h"

#include "gpu/mem/ggtt.h"

enum ugvt_tiling ugvt_tiling_yf(unsigned cpp)
{
	if (cpp == 1) {
		return UGVT_TILING_YF_8;
	}
	return cpp <= 4 ? UGVT_TILING_YF_32 : UGVT_TILING_YF_64;
}

uint32_t ugvt_tile_width(enum ugvt_tiling tiling)
{
	switch (tiling) {
	case UGVT_TILING_X: return UGVT_TILE_X_WIDTH;
	case UGVT_TILING_Y:
	case UGVT_TILING_YF_32: return UGVT_TILE_Y_WIDTH;
	case UGVT_TILING_YF_8: return UGVT_TILE_Y_WIDTH / 2;
	case UGVT_TILING_YF_64: return UGVT_TILE_Y_WIDTH * 2;
	case UGVT_TILING_LINEAR: break;
	}
	return 1;
}

uint32_t ugvt_tile_height(enum ugvt_tiling tiling)
{
	switch (tiling) {
	case UGVT_TILING_X: return UGVT_TILE_X_HEIGHT;
	case UGVT_TILING_Y:
	case UGVT_TILING_YF_32: return UGVT_TILE_Y_HEIGHT;
	case UGVT_TILING_YF_8: return UGVT_TILE_Y_HEIGHT * 2;
	case UGVT_TILING_YF_64: return UGVT_TILE_Y_HEIGHT / 2;
	case UGVT_TILING_LINEAR: break;
	}
	return 1;
}

/* Bits 3:0 of the offset are x's and 5:4 y's. The rest, from bit 6 on: bit n of x is X + n, of y Y + n. */
#define X 0x10
#define Y 0x20

static uint32_t offset_in_yf(const uint8_t bits[6], uint32_t x, uint32_t y)
{
	uint32_t offset = (y & 3) << 4 | (x & 15);

	for (unsigned i = 0; i < 6; i++) {
		uint32_t from = bits[i] & X ? x : y;

		offset |= (from >> (bits[i] & 15) & 1) << (6 + i);
	}
	return offset;
}

static uint32_t offset_in_tile(enum ugvt_tiling tiling, uint32_t x, uint32_t y)
{
	static const uint8_t yf_8[] = {Y + 2, Y + 3, Y + 4, X + 4, Y + 5, X + 5};
	static const uint8_t yf_32[] = {Y + 2, X + 4, Y + 3, X + 5, Y + 4, X + 6};
	static const uint8_t yf_64[] = {X + 4, X + 5, Y + 2, X + 6, Y + 3, X + 7};

	switch (tiling) {
	case UGVT_TILING_YF_8: return offset_in_yf(yf_8, x, y);
	case UGVT_TILING_YF_32: return offset_in_yf(yf_32, x, y);
	case UGVT_TILING_YF_64: return offset_in_yf(yf_64, x, y);
	default: break;
	}
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
	case UGVT_TILING_LINEAR: return UINT32_MAX;
	default: return UGVT_TILE_Y_COLUMN - x % UGVT_TILE_Y_COLUMN;
	}
}
