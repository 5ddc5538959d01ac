/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RASTER_TILE_H
#define UGVT_GPU_RENDER_RASTER_TILE_H

#include "gpu/render/pixel.h"
#include "gpu/render/raster_bins.h"

/* Draws the shapes of one tile after the other: one thread's part. Zero it, but for pixel.others. */
struct ugvt_drawer {
	struct ugvt_pixel pixel;
	const struct ugvt_bins *bins;
	/* Where in the bins it is. */
	unsigned tile;
	int32_t entry;                 // UGVT_BINS_NONE: in no tile
	bool begun;                    // the entry's shape is set
	struct ugvt_cover_masks masks; // of the tile: blocks that are not drawn yet
	bool masked;                   // it has the blocks' pixels
};

/* For all that it draws until the next call; pixel has begun its draw. */
void ugvt_drawer_begin(struct ugvt_drawer *drawer, const struct ugvt_bins *bins);
static inline bool ugvt_drawer_is_idle(const struct ugvt_drawer *drawer)
{
	return drawer->entry == UGVT_BINS_NONE;
}
/* Takes a tile that has entries, when it is idle. */
void ugvt_drawer_take(struct ugvt_drawer *drawer, unsigned tile);
/* Draws on in its tile, for at most about *budget units, which it takes from it. true: it is idle again. */
bool ugvt_drawer_run(struct ugvt_drawer *drawer, int64_t *budget);
/* Gives up what it has not drawn. */
void ugvt_drawer_abort(struct ugvt_drawer *drawer);

#endif
