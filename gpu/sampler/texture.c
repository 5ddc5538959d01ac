/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/texture.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/sampler/layout.h"

enum {
	MAP_PAGES_MAX = 1 << 16, // a map of 512 KB
};

void ugvt_texture_init(struct ugvt_texture *texture, const struct ugvt_surface *surface,
	struct ugvt_texel_memory *memory)
{
	struct ugvt_aspace_span span = {0};

	texture->surface = surface;
	texture->simple = ugvt_surface_is_simple(surface);
	texture->memory = memory;
	for (unsigned i = 0; i < UGVT_TEXTURE_PAGES; i++) {
		texture->pages[i].tag = 0;
	}
	texture->map = NULL;
	ugvt_texture_forget(texture);
	if (surface->size > 0) {
		span = memory->impl->span(memory, surface->base, surface->size);
	}
	texture->host = span.host;
	texture->host_size = span.host ? UGVT_MIN(span.size, surface->size) : 0;
}

void ugvt_texture_forget(struct ugvt_texture *texture)
{
	for (unsigned i = 0; i < UGVT_TEXTURE_BLOCKS; i++) {
		texture->block_tags[i] = 0;
	}
}

static const char *page_find(struct ugvt_texture *texture, ugvt_gpu_addr addr)
{
	uint64_t number = (addr & UGVT_GPU_ADDR_MASK) >> UGVT_PAGE_SHIFT;
	struct ugvt_texture_page *page = &texture->pages[number % UGVT_TEXTURE_PAGES];

	if (page->tag != number + 1) {
		struct ugvt_aspace_span span = texture->memory->impl->span(
			texture->memory, number << UGVT_PAGE_SHIFT, UGVT_PAGE_SIZE);

		page->tag = number + 1;
		page->host = span.size < UGVT_PAGE_SIZE ? NULL : span.host;
	}
	return page->host;
}

bool ugvt_texture_map(struct ugvt_texture *texture, struct ugvt_page_map *map)
{
	const struct ugvt_surface *surface = texture->surface;
	uint64_t count = (surface->base % UGVT_PAGE_SIZE + surface->size + UGVT_PAGE_SIZE - 1) /
			 UGVT_PAGE_SIZE;

	if (count > MAP_PAGES_MAX) {
		return false;
	}
	if (count > map->capacity) {
		ugvt_page_map_finish(map);
		map->page = malloc(count * sizeof(*map->page));
		if (!map->page) {
			return false;
		}
		map->capacity = (uint32_t)count;
	}
	for (uint64_t i = 0; i < count; i++) {
		map->page[i] = NULL;
	}
	texture->map = map;
	return true;
}

void ugvt_page_map_finish(struct ugvt_page_map *map)
{
	free(map->page);
	*map = (struct ugvt_page_map){0};
}

const char *ugvt_texture_page(struct ugvt_texture *texture, uint32_t index)
{
	static const char zeros[UGVT_PAGE_SIZE];
	ugvt_gpu_addr addr = texture->surface->base + (uint64_t)index * UGVT_PAGE_SIZE;
	const char *page = page_find(texture, addr);

	texture->map->page[index] = page ? page : zeros;
	return texture->map->page[index];
}

/* An element may lie across pages if it is linear. */
static void element_copy(struct ugvt_texture *texture, uint64_t offset, void *element)
{
	ugvt_gpu_addr addr = texture->surface->base + offset;
	size_t left = texture->surface->element;
	char *out = element;

	while (left > 0) {
		uint32_t in_page = addr % UGVT_PAGE_SIZE;
		size_t part = UGVT_MIN(left, UGVT_PAGE_SIZE - in_page);
		const char *page = page_find(texture, addr);

		if (page) {
			memcpy(out, page + in_page, part);
		} else {
			memset(out, 0, part);
		}
		out += part;
		addr += part;
		left -= part;
	}
}

/* dw: four dwords, of which those of the element are set. */
static void element_read(struct ugvt_texture *texture, uint64_t offset, uint32_t *dw)
{
	uint32_t size = texture->surface->element;
	const char *host;

	if (offset + size > texture->host_size) {
		element_copy(texture, offset, dw);
		return;
	}
	host = texture->host + offset;
	switch (size) {
	case 1: memcpy(dw, host, 1); break;
	case 2: memcpy(dw, host, 2); break;
	case 4: memcpy(dw, host, 4); break;
	case 8: memcpy(dw, host, 8); break;
	case 16: memcpy(dw, host, 16); break;
	default: memcpy(dw, host, size); break;
	}
}

static bool lane_offset(const struct ugvt_texture *texture, const struct ugvt_fetch *fetch,
	unsigned lane, uint64_t *offset)
{
	struct ugvt_texel_at at = {
		fetch->x[lane], fetch->y[lane], fetch->z[lane], fetch->lod[lane], fetch->sample};

	return (fetch->mask >> lane & 1) && ugvt_surface_offset(texture->surface, &at, offset);
}

static void element_put(struct ugvt_elements *elements, unsigned lane, const uint32_t *dw)
{
	for (unsigned d = 0; d < 4; d++) {
		elements->dw[d][lane] = dw[d];
	}
}

/* Lanes whose elements are single dwords. */
static void dwords_read(struct ugvt_texture *texture, const uint32_t *offsets, unsigned mask,
	struct ugvt_elements *elements)
{
	for (; mask > 0; mask &= mask - 1) {
		unsigned lane = __builtin_ctz(mask);
		uint32_t dw[4];

		if (offsets[lane] + UINT64_C(4) <= texture->host_size) {
			memcpy(&elements->dw[0][lane], texture->host + offsets[lane], 4);
		} else {
			element_copy(texture, offsets[lane], dw);
			elements->dw[0][lane] = dw[0];
		}
	}
}

static void simple_fetch(struct ugvt_texture *texture, const struct ugvt_fetch *fetch,
	struct ugvt_elements *elements)
{
	_Alignas(64) uint32_t offsets[UGVT_LANES];
	unsigned mask = ugvt_surface_offsets(texture->surface, fetch, offsets);

	if (texture->surface->element == 4) {
		memset(elements->dw[0], 0, sizeof(elements->dw[0]));
		dwords_read(texture, offsets, mask, elements);
		return;
	}
	memset(elements, 0, sizeof(*elements));
	for (; mask > 0; mask &= mask - 1) {
		unsigned lane = __builtin_ctz(mask);
		uint32_t dw[4] = {0};

		element_read(texture, offsets[lane], dw);
		element_put(elements, lane, dw);
	}
}

/* Without a texel: an element of zeros, of which all formats make 0 in the channels they have. */
static void elements_fetch(
	struct ugvt_texture *texture, const struct ugvt_fetch *fetch, struct ugvt_texels *texels)
{
	struct ugvt_elements elements;

	if (texture->simple) {
		simple_fetch(texture, fetch, &elements);
	} else {
		for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
			uint32_t dw[4] = {0};
			uint64_t offset;

			if (lane_offset(texture, fetch, lane, &offset)) {
				element_read(texture, offset, dw);
			}
			element_put(&elements, lane, dw);
		}
	}
	ugvt_texels_load(texture->surface->format, &elements, texels);
}

static const struct ugvt_block *block_find(struct ugvt_texture *texture, uint64_t offset)
{
	uint64_t number = offset / texture->surface->element;
	/* Neighbours in a row and in a column are rarely in the same slot. */
	uint32_t hash = (uint32_t)number * 0x9e3779b1u;
	unsigned slot = (hash >> 16) % UGVT_TEXTURE_BLOCKS;

	if (texture->block_tags[slot] != offset + 1) {
		uint32_t dw[4] = {0};

		element_read(texture, offset, dw);
		ugvt_block_load(texture->surface->format, dw, &texture->blocks[slot]);
		texture->block_tags[slot] = offset + 1;
	}
	return &texture->blocks[slot];
}

/* Which formats of blocks have an alpha channel. */
static bool block_has_alpha(const struct ugvt_format *format)
{
	switch ((enum ugvt_format_kind)format->kind) {
	case UGVT_FORMAT_BC1:
	case UGVT_FORMAT_BC2:
	case UGVT_FORMAT_BC3:
	case UGVT_FORMAT_BC7:
	case UGVT_FORMAT_FXT1:
	case UGVT_FORMAT_ETC2_PTA:
	case UGVT_FORMAT_ETC2_RGBA:
	case UGVT_FORMAT_ASTC: return true;
	default: return false;
	}
}

static void blocks_fetch(
	struct ugvt_texture *texture, const struct ugvt_fetch *fetch, struct ugvt_texels *texels)
{
	const struct ugvt_format *format = texture->surface->format;
	const float outside[4] = {0, 0, 0, block_has_alpha(format) ? 0 : 1};

	for (unsigned lane = 0; lane < UGVT_LANES; lane++) {
		const float *texel = outside;
		uint64_t offset;

		if (lane_offset(texture, fetch, lane, &offset)) {
			uint32_t x = fetch->x[lane] % format->block_width;
			uint32_t y = fetch->y[lane] % format->block_height;

			texel = block_find(texture, offset)->texels[y * format->block_width + x];
		}
		for (unsigned c = 0; c < 4; c++) {
			memcpy(&texels->c[c][lane], &texel[c], sizeof(float));
		}
	}
}

void ugvt_texture_fetch(
	struct ugvt_texture *texture, const struct ugvt_fetch *fetch, struct ugvt_texels *texels)
{
	const struct ugvt_format *format = texture->surface->format;

	if (!format) {
		memset(texels, 0, sizeof(*texels));
	} else if (ugvt_format_is_block(format)) {
		blocks_fetch(texture, fetch, texels);
	} else {
		elements_fetch(texture, fetch, texels);
	}
}

void ugvt_texels_select(const struct ugvt_surface *surface, struct ugvt_texels *texels)
{
	static const uint8_t straight[4] = {
		UGVT_SELECT_RED, UGVT_SELECT_GREEN, UGVT_SELECT_BLUE, UGVT_SELECT_ALPHA};
	struct ugvt_texels in;

	if (memcmp(surface->swizzle, straight, sizeof(straight)) == 0) {
		return;
	}
	in = *texels;
	for (unsigned c = 0; surface->format && c < 4; c++) {
		unsigned select = surface->swizzle[c];
		uint32_t value =
			select == UGVT_SELECT_ONE ? ugvt_channel_default(surface->format, 3) : 0;

		for (unsigned i = 0; i < UGVT_LANES; i++) {
			texels->c[c][i] = select >= UGVT_SELECT_RED
						  ? in.c[select - UGVT_SELECT_RED][i]
						  : value;
		}
	}
}
