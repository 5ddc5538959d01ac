/* SPDX-License-Identifier: MIT */
#include "display/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/mem/ggtt.h"

#define LINEAR_ROWS 32

/* Rows of a tile, or what stands for it, as they lie on the pipe. */
static uint32_t band_height(const struct ugvt_surface *surface)
{
	if (surface->tiling == UGVT_TILING_LINEAR) {
		return LINEAR_ROWS;
	}
	return surface->turned ? ugvt_tile_width(surface->tiling) / surface->cpp
			       : ugvt_tile_height(surface->tiling);
}

bool ugvt_fetch_init(
	struct ugvt_fetch *fetch, struct ugvt_aspace *as, const struct ugvt_surface *surface)
{
	bool spread = surface->turned && surface->paired;

	*fetch = (struct ugvt_fetch){.as = as, .surface = *surface};
	fetch->row_size = (size_t)surface->width * (spread ? 4 : surface->cpp);
	fetch->rows = malloc(fetch->row_size * band_height(surface));
	return fetch->rows;
}

void ugvt_fetch_finish(struct ugvt_fetch *fetch)
{
	free(fetch->rows);
	*fetch = (struct ugvt_fetch){0};
}

static char *row_at(const struct ugvt_fetch *fetch, uint32_t y)
{
	return fetch->rows + (y - fetch->first) * fetch->row_size;
}

static void linear_fetch(struct ugvt_fetch *fetch)
{
	const struct ugvt_surface *surface = &fetch->surface;

	for (uint32_t y = fetch->first; y < fetch->first + fetch->count; y++) {
		uint32_t offset = (surface->y + y) * surface->stride + surface->x * surface->cpp;

		/* Not past the end of the GGTT: what wraps there is read as zeros. */
		ugvt_aspace_read(
			fetch->as, surface->address + offset, row_at(fetch, y), fetch->row_size);
	}
}

/* A tile, and the part of it that is wanted: pixels x to x_end of the rectangle, and the band's rows. */
struct piece {
	const char *tile; // NULL: not there
	uint32_t x, x_end;
};

/* In all tilings a byte's offset is the sum of one that depends on x, and one that depends on y. */
static uint32_t offset_of(const struct ugvt_surface *surface, uint32_t x, uint32_t y)
{
	uint32_t width = ugvt_tile_width(surface->tiling);

	return (uint32_t)ugvt_tile_offset(surface->tiling, width, x, y);
}

/* Bytes of a tile's row that lie together. */
struct run {
	uint32_t offset, size;
};

#define RUNS_MAX (256 / UGVT_TILE_Y_COLUMN + 1)

static unsigned runs_find(
	const struct ugvt_surface *surface, uint32_t x, uint32_t size, struct run runs[RUNS_MAX])
{
	unsigned count = 0;

	for (; size > 0; count++) {
		struct run *run = &runs[count];

		run->offset = offset_of(surface, x, 0);
		run->size = UGVT_MIN(ugvt_tile_run(surface->tiling, x), size);
		x += run->size;
		size -= run->size;
	}
	return count;
}

static void runs_copy(char *out, const char *row, const struct run *runs, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (runs[i].size == UGVT_TILE_Y_COLUMN) {
			memcpy(out, row + runs[i].offset, UGVT_TILE_Y_COLUMN);
		} else {
			memcpy(out, row + runs[i].offset, runs[i].size);
		}
		out += runs[i].size;
	}
}

static void straight_copy(struct ugvt_fetch *fetch, const struct piece *piece)
{
	const struct ugvt_surface *surface = &fetch->surface;
	uint32_t start = (surface->x + piece->x) * surface->cpp % ugvt_tile_width(surface->tiling);
	struct run runs[RUNS_MAX];
	unsigned count = runs_find(surface, start, (piece->x_end - piece->x) * surface->cpp, runs);

	for (uint32_t y = fetch->first; y < fetch->first + fetch->count; y++) {
		uint32_t row = (surface->y + y) % ugvt_tile_height(surface->tiling);

		runs_copy(row_at(fetch, y) + (size_t)piece->x * surface->cpp,
			piece->tile + offset_of(surface, 0, row), runs, count);
	}
}

/* Row y of the turned picture is a column of what tiles hold, read from the bottom up. */
static void turned_copy(struct ugvt_fetch *fetch, const struct piece *piece, uint32_t y)
{
	const struct ugvt_surface *surface = &fetch->surface;
	uint32_t cpp = surface->cpp, height = ugvt_tile_height(surface->tiling);
	uint32_t column = (surface->y + y) % (ugvt_tile_width(surface->tiling) / cpp);
	const char *pixels =
		piece->tile +
		offset_of(surface, surface->paired ? (column & ~1u) * cpp : column * cpp, 0);
	size_t size = fetch->row_size / surface->width;
	char *out = row_at(fetch, y) + piece->x * size;

	for (uint32_t x = piece->x; x < piece->x_end; x++) {
		uint32_t row = height - 1 - (surface->x + x) % height;

		memcpy(out, pixels + offset_of(surface, 0, row), size);
		if (surface->paired && column & 1) {
			out[surface->luma] = out[surface->luma + 2];
		}
		out += size;
	}
}

static void piece_copy(struct ugvt_fetch *fetch, const struct piece *piece)
{
	size_t pixel = fetch->row_size / fetch->surface.width;

	if (piece->tile && !fetch->surface.turned) {
		straight_copy(fetch, piece);
		return;
	}
	for (uint32_t y = fetch->first; y < fetch->first + fetch->count; y++) {
		if (piece->tile) {
			turned_copy(fetch, piece, y);
		} else {
			memset(row_at(fetch, y) + piece->x * pixel, 0,
				(piece->x_end - piece->x) * pixel);
		}
	}
}

static void tiled_fetch(struct ugvt_fetch *fetch)
{
	const struct ugvt_surface *surface = &fetch->surface;
	uint32_t tile_width = ugvt_tile_width(surface->tiling);
	uint32_t across =
		surface->turned ? ugvt_tile_height(surface->tiling) : tile_width / surface->cpp;
	uint32_t line = (surface->y + fetch->first) / band_height(surface);
	uint32_t tile = line * (surface->stride / tile_width);
	struct piece piece = {0};

	for (; piece.x < surface->width; piece.x = piece.x_end) {
		uint32_t x = surface->x + piece.x;
		uint32_t address = surface->address + (tile + x / across) * UGVT_PAGE_SIZE;

		piece.x_end = UGVT_MIN(piece.x + across - x % across, surface->width);
		piece.tile = ugvt_aspace_lookup(fetch->as, address, UGVT_PROT_READ, NULL);
		piece_copy(fetch, &piece);
	}
}

static void band_fetch(struct ugvt_fetch *fetch, uint32_t y)
{
	const struct ugvt_surface *surface = &fetch->surface;
	uint32_t height = band_height(surface), above = (surface->y + y) % height;

	fetch->first = y - UGVT_MIN(above, y);
	fetch->count = UGVT_MIN(y - fetch->first + height - above, surface->height - fetch->first);
	ugvt_guest_memory_begin(fetch->as->memory);
	ugvt_aspace_window(fetch->as);
	if (surface->tiling == UGVT_TILING_LINEAR) {
		linear_fetch(fetch);
	} else {
		tiled_fetch(fetch);
	}
	ugvt_guest_memory_end(fetch->as->memory);
}

const void *ugvt_fetch_row(struct ugvt_fetch *fetch, uint32_t y)
{
	if (y < fetch->first || y >= fetch->first + fetch->count) {
		band_fetch(fetch, y);
	}
	return row_at(fetch, y);
}
