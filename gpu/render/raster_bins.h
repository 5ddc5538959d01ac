/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RASTER_BINS_H
#define UGVT_GPU_RENDER_RASTER_BINS_H

#include "gpu/render/clear.h"
#include "gpu/render/setup.h"

/* Shapes, and the tiles of the screen that they may touch. */

enum {
	UGVT_BINS_SHAPES = 1024,
	UGVT_BINS_SIDE = 16384 / UGVT_TILE_SIDE, // tiles
	UGVT_BINS_TILES = UGVT_BINS_SIDE * UGVT_BINS_SIDE,
	/* Enough for what one primitive can become. */
	UGVT_BINS_ENTRIES = UGVT_SETUP_SHAPES * UGVT_BINS_TILES,
	UGVT_BINS_ATTRIBUTE_DWORDS = 1 << 18,
	UGVT_BINS_NONE = -1,
};

enum ugvt_bins_work {
	UGVT_BINS_DRAW,
	UGVT_BINS_CLEAR_COLOR,
	UGVT_BINS_CLEAR_DEPTH_STENCIL,
};

struct ugvt_bins_shape {
	struct ugvt_shape shape;
	enum ugvt_bins_work work;
	uint32_t attributes; // first dword
};

/* That a shape is in a tile. */
struct ugvt_bins_entry {
	uint16_t shape;
	int32_t next; // of the tile
};

struct ugvt_bins_tile {
	int32_t first; // entries
	int32_t last;
};

struct ugvt_bins {
	unsigned shapes;
	unsigned entries;
	unsigned touched; // tiles that have entries, in the order in which they came to have one
	unsigned dwords;  // of attributes
	struct ugvt_bins_shape shape[UGVT_BINS_SHAPES];
	struct ugvt_bins_entry entry[UGVT_BINS_ENTRIES];
	struct ugvt_bins_tile tile[UGVT_BINS_TILES];
	uint16_t touch[UGVT_BINS_TILES];
	_Alignas(64) uint32_t attribute[UGVT_BINS_ATTRIBUTE_DWORDS];
};

/* NULL if out of memory. */
struct ugvt_bins *ugvt_bins_create(void);
void ugvt_bins_destroy(struct ugvt_bins *bins); // NULL is allowed
void ugvt_bins_clear(struct ugvt_bins *bins);
static inline bool ugvt_bins_are_empty(const struct ugvt_bins *bins)
{
	return bins->shapes == 0;
}

/* Whether shapes fit, with so many dwords of attributes each. Into empty bins a primitive's shapes always do. */
bool ugvt_bins_fit(const struct ugvt_bins *bins, const struct ugvt_shape *shapes, unsigned count,
	unsigned dwords);
/* Adds one that fits; its attributes are the caller's to write, from the address that is returned on. */
uint32_t *ugvt_bins_add(struct ugvt_bins *bins, const struct ugvt_shape *shape,
	enum ugvt_bins_work work, unsigned dwords);

#endif
