/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_TEXTURE_H
#define UGVT_GPU_SAMPLER_TEXTURE_H

#include "gpu/sampler/block.h"
#include "gpu/sampler/memory.h"
#include "gpu/sampler/surface.h"
#include "gpu/sampler/texel.h"

/*
 * A surface with the memory that it lies in: fetches of texels, sixteen at a time. It remembers host addresses and decoded
 * blocks, so it has to be made anew when memory may have changed. For one thread. Large: not for the stack of a deep call.
 */

enum {
	UGVT_TEXTURE_PAGES = 16, // powers of two
	UGVT_TEXTURE_BLOCKS = 16,
};

struct ugvt_texture_page {
	uint64_t tag;     // page number + 1; 0: empty
	const char *host; // NULL: can't be reached, reads as 0
};

/* Host addresses of all pages of a surface that is not in one piece. */
struct ugvt_page_map {
	const char **page; // NULL: not looked up yet
	uint32_t capacity;
};

struct ugvt_texture {
	const struct ugvt_surface *surface;
	struct ugvt_texel_memory *memory;
	bool simple;               // offsets of all lanes are computed at once
	const char *host;          // of the surface's base
	uint64_t host_size;        // bytes there in one piece; what lies behind goes page by page
	struct ugvt_page_map *map; // NULL: there is none
	struct ugvt_texture_page pages[UGVT_TEXTURE_PAGES];
	uint64_t block_tags[UGVT_TEXTURE_BLOCKS]; // offset in the surface + 1; 0: empty
	struct ugvt_block blocks[UGVT_TEXTURE_BLOCKS];
};

/* What to fetch for each lane; fields as in struct ugvt_texel_at. */
struct ugvt_fetch {
	_Alignas(64) uint32_t x[UGVT_LANES];
	_Alignas(64) uint32_t y[UGVT_LANES];
	_Alignas(64) uint32_t z[UGVT_LANES];
	_Alignas(64) uint32_t lod[UGVT_LANES];
	uint32_t sample; // for all
	uint16_t mask;   // lanes
};

/* surface and memory stay the caller's and outlive the texture. */
void ugvt_texture_init(struct ugvt_texture *texture, const struct ugvt_surface *surface,
	struct ugvt_texel_memory *memory);

/* Memory's contents may have changed, but not where it is. */
void ugvt_texture_forget(struct ugvt_texture *texture);
/* Gives a texture an empty map, which is kept by the caller, begins as zeros and is used by one texture at a time. false: too
 * large, or out of memory. */
bool ugvt_texture_map(struct ugvt_texture *texture, struct ugvt_page_map *map);
void ugvt_page_map_finish(struct ugvt_page_map *map);
/* Looks a page of the map up, counted from the one that the base is in. What can't be reached is a page of zeros. */
const char *ugvt_texture_page(struct ugvt_texture *texture, uint32_t index);

/* Texels as the format has them (no swizzle). Lanes without a texel, and those not in mask: channels 0, alpha 1 if the
 * format has none (null surfaces: 0). */
void ugvt_texture_fetch(
	struct ugvt_texture *texture, const struct ugvt_fetch *fetch, struct ugvt_texels *texels);

/* Shader Channel Select, on texels of the surface: what is reserved reads as 0. */
void ugvt_texels_select(const struct ugvt_surface *surface, struct ugvt_texels *texels);

#endif
