/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/layout.h"

#include "base/bits.h"
#include "gpu/mem/tiling.h"

enum {
	LEVEL_ALIGN_1D = 64, // elements: isl_gfx9.c, "1D"
	TILE_W_SIZE = 64,    // bytes and rows
	TILE_W_PITCH = 128,  // bytes of pitch for each tile: PRM BXT vol 2c, "Surface Pitch"
};

static bool is_buffer(const struct ugvt_surface *surface)
{
	return surface->type == UGVT_SURFACE_BUFFER || surface->type == UGVT_SURFACE_STRBUF;
}

/* Elements one behind the other: not tiled 1D. */
static bool is_1d(const struct ugvt_surface *surface)
{
	return surface->type == UGVT_SURFACE_1D && surface->tile_mode == UGVT_TILE_MODE_LINEAR;
}

static uint32_t elements(uint32_t texels, uint32_t block)
{
	return (texels + block - 1) / block;
}

/*
 * An interleaved pixel's samples lie side by side, in squares of 2x2 pixels: PRM BDW vol 5, "Interleaved Multisampled
 * Surfaces"; how often x and y are doubled.
 */
static unsigned interleave_x(const struct ugvt_surface *surface)
{
	return surface->interleaved ? (surface->samples_log2 + 1) / 2 : 0;
}

static unsigned interleave_y(const struct ugvt_surface *surface)
{
	return surface->interleaved ? surface->samples_log2 / 2 : 0;
}

/* Elements of a level in memory, without alignment. */
static uint32_t level_columns(const struct ugvt_surface *surface, unsigned lod)
{
	uint32_t width = UGVT_MAX(surface->width >> lod, 1);
	unsigned doubled = interleave_x(surface);

	if (doubled > 0) {
		return UGVT_ALIGN_UP(width, 2) << doubled;
	}
	return elements(width, surface->format->block_width);
}

static uint32_t level_rows(const struct ugvt_surface *surface, unsigned lod)
{
	uint32_t height = UGVT_MAX(surface->height >> lod, 1);
	unsigned doubled = interleave_y(surface);

	if (doubled > 0) {
		return UGVT_ALIGN_UP(height, 2) << doubled;
	}
	return elements(height, surface->format->block_height);
}

/* LOD 1 is below LOD 0, LOD 2 to the right of LOD 1, all others below LOD 2: PRM BDW vol 5, "2D Surfaces". */
static void levels_place_2d(struct ugvt_surface *surface)
{
	uint32_t below = UGVT_ALIGN_UP(level_rows(surface, 0), surface->valign);
	uint32_t right = UGVT_ALIGN_UP(level_columns(surface, 1), surface->halign);
	uint32_t y = below;

	for (unsigned lod = 1; lod < UGVT_SURFACE_LODS; lod++) {
		surface->level[lod].x = lod >= 2 ? right : 0;
		surface->level[lod].y = y;
		if (lod >= 2) {
			y += UGVT_ALIGN_UP(level_rows(surface, lod), surface->valign);
		}
	}
}

static void levels_place_1d(struct ugvt_surface *surface)
{
	uint32_t x = 0;

	for (unsigned lod = 0; lod < UGVT_SURFACE_LODS; lod++) {
		surface->level[lod].x = x;
		x += UGVT_ALIGN_UP(level_columns(surface, lod), LEVEL_ALIGN_1D);
	}
}

static uint32_t level_slices(const struct ugvt_surface *surface, unsigned lod)
{
	switch (surface->type) {
	case UGVT_SURFACE_3D: return UGVT_MAX(surface->depth >> lod, 1);
	case UGVT_SURFACE_CUBE: return surface->depth * 6;
	default: return surface->depth;
	}
}

static void levels_make(struct ugvt_surface *surface)
{
	for (unsigned lod = 0; lod < UGVT_SURFACE_LODS; lod++) {
		surface->level[lod] = (struct ugvt_surface_level){
			.width = UGVT_MAX(surface->width >> lod, 1),
			.height = UGVT_MAX(surface->height >> lod, 1),
			.slices = level_slices(surface, lod),
		};
	}
	if (is_1d(surface)) {
		levels_place_1d(surface);
	} else if (!is_buffer(surface)) {
		levels_place_2d(surface);
	}
}

static uint32_t first_slice(const struct ugvt_surface *surface)
{
	return surface->type == UGVT_SURFACE_3D ? 0 : surface->first_layer;
}

/* Slices in memory from the first one to the last one of the level. */
static uint64_t slices_end(
	const struct ugvt_surface *surface, const struct ugvt_surface_level *level)
{
	uint64_t slices = (uint64_t)first_slice(surface) + level->slices;

	return surface->interleaved ? slices : slices << surface->samples_log2;
}

static uint32_t tile_rows(const struct ugvt_surface *surface)
{
	switch (surface->tile_mode) {
	case UGVT_TILE_MODE_W: return TILE_W_SIZE;
	case UGVT_TILE_MODE_X: return UGVT_TILE_X_HEIGHT;
	case UGVT_TILE_MODE_Y: return UGVT_TILE_Y_HEIGHT;
	case UGVT_TILE_MODE_YF: return ugvt_tile_height(ugvt_tiling_yf(surface->element));
	case UGVT_TILE_MODE_LINEAR: break;
	}
	return 1;
}

/* Elements lie inside of a tile's rows, and the pitch is made of tiles. */
static bool tiles_fit(const struct ugvt_surface *surface)
{
	bool power = (surface->element & (surface->element - 1)) == 0;

	switch (surface->tile_mode) {
	case UGVT_TILE_MODE_LINEAR: return true;
	case UGVT_TILE_MODE_W: return surface->element == 1 && surface->pitch % TILE_W_PITCH == 0;
	case UGVT_TILE_MODE_X: return power && surface->pitch % UGVT_TILE_X_WIDTH == 0;
	case UGVT_TILE_MODE_Y: return power && surface->pitch % UGVT_TILE_Y_WIDTH == 0;
	case UGVT_TILE_MODE_YF:
		return power &&
		       surface->pitch % ugvt_tile_width(ugvt_tiling_yf(surface->element)) == 0 &&
		       surface->samples_log2 == 0 && surface->first_level + surface->levels == 1;
	}
	return false;
}

/* The bytes that a row has room for; a W tile is half as wide as its pitch tells. */
static uint32_t row_bytes(const struct ugvt_surface *surface)
{
	return surface->tile_mode == UGVT_TILE_MODE_W ? surface->pitch / 2 : surface->pitch;
}

/* Bytes in all up to the end of the level's last slice; 0 if its rows are longer than the pitch. */
static uint64_t level_end(const struct ugvt_surface *surface, unsigned lod)
{
	const struct ugvt_surface_level *level = &surface->level[lod];
	uint64_t skipped = (slices_end(surface, level) - 1) * surface->qpitch;
	uint64_t row = (uint64_t)surface->x_offset + level->x + level_columns(surface, lod);
	uint64_t rows = skipped + surface->y_offset + level->y + level_rows(surface, lod);

	if (is_1d(surface)) {
		return (skipped + level->x + level_columns(surface, lod)) * surface->element;
	}
	if (row * surface->element > row_bytes(surface)) {
		return 0;
	}
	if (surface->tile_mode == UGVT_TILE_MODE_LINEAR) {
		return (rows - 1) * surface->pitch + row * surface->element;
	}
	/* A W tile has twice as many rows as its bytes of pitch suggest. */
	rows = UGVT_ALIGN_UP(rows, tile_rows(surface));
	return rows * row_bytes(surface);
}

bool ugvt_layout_make(struct ugvt_surface *surface)
{
	unsigned last = surface->first_level + surface->levels;

	surface->size = 0;
	if (is_buffer(surface)) {
		surface->tile_mode = UGVT_TILE_MODE_LINEAR;
		surface->levels = 1;
		surface->first_level = 0;
		surface->samples_log2 = 0;
		surface->first_layer = 0;
		levels_make(surface);
		surface->size = (uint64_t)(surface->width - 1) * surface->pitch + surface->element;
		return !ugvt_format_is_block(surface->format);
	}
	/* Samples are of 2D surfaces of one level; cubes are square. */
	if (!tiles_fit(surface) ||
		(surface->samples_log2 > 0 && (surface->type != UGVT_SURFACE_2D || last > 1 ||
						      ugvt_format_is_block(surface->format))) ||
		(surface->type == UGVT_SURFACE_CUBE && surface->width != surface->height)) {
		return false;
	}
	levels_make(surface);
	for (unsigned lod = surface->first_level; lod < last; lod++) {
		uint64_t end = level_end(surface, lod);

		if (end == 0) {
			return false;
		}
		surface->size = UGVT_MAX(surface->size, end);
	}
	return true;
}

/* PRM BDW vol 5, "Tile Formats", W-Major: quads of 2x2 in squares of 8x8, in columns. */
static uint32_t offset_in_w(uint32_t x, uint32_t y)
{
	return x % 64 / 8 * 512 + y % 64 / 8 * 64 + (y >> 2 & 1) * 32 + (x >> 2 & 1) * 16 +
	       (y >> 1 & 1) * 8 + (x >> 1 & 1) * 4 + (y & 1) * 2 + (x & 1);
}

static uint64_t tiled_offset(const struct ugvt_surface *surface, uint32_t byte, uint64_t row)
{
	uint64_t tile;

	switch (surface->tile_mode) {
	case UGVT_TILE_MODE_LINEAR: break;
	case UGVT_TILE_MODE_W:
		tile = row / TILE_W_SIZE * (surface->pitch / TILE_W_PITCH) + byte / TILE_W_SIZE;
		return tile * UGVT_PAGE_SIZE + offset_in_w(byte, row);
	case UGVT_TILE_MODE_X:
		tile = row / UGVT_TILE_X_HEIGHT * (surface->pitch / UGVT_TILE_X_WIDTH) +
		       byte / UGVT_TILE_X_WIDTH;
		return tile * UGVT_PAGE_SIZE + row % UGVT_TILE_X_HEIGHT * UGVT_TILE_X_WIDTH +
		       byte % UGVT_TILE_X_WIDTH;
	case UGVT_TILE_MODE_Y:
		tile = row / UGVT_TILE_Y_HEIGHT * (surface->pitch / UGVT_TILE_Y_WIDTH) +
		       byte / UGVT_TILE_Y_WIDTH;
		return tile * UGVT_PAGE_SIZE +
		       byte % UGVT_TILE_Y_WIDTH / UGVT_TILE_Y_COLUMN * UGVT_TILE_Y_COLUMN_SIZE +
		       row % UGVT_TILE_Y_HEIGHT * UGVT_TILE_Y_COLUMN + byte % UGVT_TILE_Y_COLUMN;
	case UGVT_TILE_MODE_YF:
		return ugvt_tile_offset(
			ugvt_tiling_yf(surface->element), surface->pitch, byte, row);
	}
	return row * surface->pitch + byte;
}

/* The lowest bit of a coordinate stays, sample bits come next, what is above moves up: PRM BDW vol 5, "Interleaved
 * Multisampled Surfaces" (x: sample bits 0 and 2; y: 1 and 3). */
static uint32_t interleave(uint32_t coordinate, unsigned doubled, uint32_t sample)
{
	uint32_t moved = (coordinate & ~1u) << doubled | (coordinate & 1);

	if (doubled > 0) {
		moved |= (sample & 1) << 1;
	}
	if (doubled > 1) {
		moved |= (sample >> 2 & 1) << 2;
	}
	return moved;
}

static bool texel_exists(const struct ugvt_surface *surface, const struct ugvt_texel_at *at)
{
	const struct ugvt_surface_level *level;

	if (!surface->format || at->lod < surface->first_level ||
		at->lod - surface->first_level >= surface->levels) {
		return false;
	}
	level = &surface->level[at->lod];
	return at->x < level->width && at->y < level->height && at->z < level->slices &&
	       at->sample >> surface->samples_log2 == 0;
}

bool ugvt_surface_offset(
	const struct ugvt_surface *surface, const struct ugvt_texel_at *at, uint64_t *offset)
{
	const struct ugvt_surface_level *level;
	uint64_t slice = (uint64_t)first_slice(surface) + at->z;
	uint32_t x = at->x;
	uint32_t y = at->y;

	if (!texel_exists(surface, at)) {
		return false;
	}
	level = &surface->level[at->lod];
	if (surface->samples_log2 == 0) {
		x /= surface->format->block_width;
		y /= surface->format->block_height;
	} else if (surface->interleaved) {
		x = interleave(x, interleave_x(surface), at->sample);
		y = interleave(y, interleave_y(surface), at->sample >> 1);
	} else {
		slice = slice << surface->samples_log2 | at->sample;
	}
	if (is_buffer(surface)) {
		*offset = (uint64_t)x * surface->pitch;
	} else if (is_1d(surface)) {
		*offset = (slice * surface->qpitch + level->x + x) * surface->element;
	} else {
		*offset =
			tiled_offset(surface, (surface->x_offset + level->x + x) * surface->element,
				slice * surface->qpitch + surface->y_offset + level->y + y);
	}
	return true;
}
