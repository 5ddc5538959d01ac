/* SPDX-License-Identifier: MIT */
#include "gpu/render/raster_bins.h"

#include <stdlib.h>

#include "base/bits.h"

struct ugvt_bins *ugvt_bins_create(void)
{
	struct ugvt_bins *bins = aligned_alloc(64, UGVT_ALIGN_UP(sizeof(*bins), (size_t)64));

	if (!bins) {
		return NULL;
	}
	bins->touched = 0;
	for (unsigned i = 0; i < UGVT_BINS_TILES; i++) {
		bins->tile[i].first = UGVT_BINS_NONE;
	}
	ugvt_bins_clear(bins);
	return bins;
}

void ugvt_bins_destroy(struct ugvt_bins *bins)
{
	free(bins);
}

void ugvt_bins_clear(struct ugvt_bins *bins)
{
	for (unsigned i = 0; i < bins->touched; i++) {
		bins->tile[bins->touch[i]].first = UGVT_BINS_NONE;
	}
	bins->shapes = 0;
	bins->entries = 0;
	bins->touched = 0;
	bins->dwords = 0;
}

/* In tiles; the shape's box lies within what may be drawn to, and is not empty. */
static struct ugvt_pixel_box tiles_of(const struct ugvt_shape *shape)
{
	const struct ugvt_pixel_box *box = &shape->cover.box;

	return (struct ugvt_pixel_box){
		box->x0 / UGVT_TILE_SIDE,
		box->y0 / UGVT_TILE_SIDE,
		(box->x1 - 1) / UGVT_TILE_SIDE + 1,
		(box->y1 - 1) / UGVT_TILE_SIDE + 1,
	};
}

bool ugvt_bins_fit(const struct ugvt_bins *bins, const struct ugvt_shape *shapes, unsigned count,
	unsigned dwords)
{
	uint64_t tiles = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct ugvt_pixel_box box = tiles_of(&shapes[i]);

		tiles += (uint64_t)(box.x1 - box.x0) * (uint64_t)(box.y1 - box.y0);
	}
	return bins->shapes + count <= UGVT_BINS_SHAPES &&
	       bins->entries + tiles <= UGVT_BINS_ENTRIES &&
	       bins->dwords + count * dwords <= UGVT_BINS_ATTRIBUTE_DWORDS;
}

static void tile_add(struct ugvt_bins *bins, unsigned index)
{
	struct ugvt_bins_tile *tile = &bins->tile[index];
	int32_t entry = (int32_t)bins->entries++;

	bins->entry[entry] = (struct ugvt_bins_entry){(uint16_t)(bins->shapes - 1), UGVT_BINS_NONE};
	if (tile->first == UGVT_BINS_NONE) {
		tile->first = entry;
		bins->touch[bins->touched++] = (uint16_t)index;
	} else {
		bins->entry[tile->last].next = entry;
	}
	tile->last = entry;
}

uint32_t *ugvt_bins_add(struct ugvt_bins *bins, const struct ugvt_shape *shape,
	enum ugvt_bins_work work, unsigned dwords)
{
	const struct ugvt_pixel_box box = tiles_of(shape);
	uint32_t *attributes = bins->attribute + bins->dwords;

	bins->shape[bins->shapes++] = (struct ugvt_bins_shape){*shape, work, bins->dwords};
	bins->dwords += dwords;
	for (int32_t y = box.y0; y < box.y1; y++) {
		for (int32_t x = box.x0; x < box.x1; x++) {
			tile_add(bins, (unsigned)(y * UGVT_BINS_SIDE + x));
		}
	}
	return attributes;
}
