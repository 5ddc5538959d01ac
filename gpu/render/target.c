/* SPDX-License-Identifier: MIT */
#include "gpu/render/target.h"

#include <string.h>

#include "base/bits.h"
#include "gpu/mem/tiling.h"
#include "gpu/sampler/lanes.h"

#define NOWHERE UGVT_TARGET_NOWHERE

/* RENDER_SURFACE_STATE DW4 and DW5 of a render target: PRM BXT vol 2c. */
#define DW4_VIEW_EXTENT UGVT_MASK(17, 7)
#define DW5_LOD UGVT_MASK(3, 0)
#define DW5_FIRST_LEVEL UGVT_MASK(7, 4)

/* What the sampler takes for the number of levels is a target's level of detail. */
static void level_select(uint32_t state[UGVT_SURFACE_STATE_DWORDS], uint32_t lod)
{
	state[5] &= ~(DW5_LOD | DW5_FIRST_LEVEL);
	state[5] |= UGVT_PUT(DW5_FIRST_LEVEL, lod);
}

void ugvt_target_init(struct ugvt_target *target, const uint32_t *state, struct ugvt_aspace *as)
{
	struct ugvt_surface *surface = &target->surface;
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS];

	memcpy(dw, state, sizeof(dw));
	target->lod = UGVT_MIN(UGVT_GET(DW5_LOD, dw[5]), UGVT_SURFACE_LODS - 1);
	level_select(dw, target->lod);
	ugvt_surface_decode(surface, dw);
	if (surface->format && !(surface->format->flags & UGVT_FORMAT_RENDER)) {
		surface->format = NULL;
	}
	target->first_slice = surface->type == UGVT_SURFACE_3D ? surface->first_layer : 0;
	target->layers = UGVT_GET(DW4_VIEW_EXTENT, dw[4]) + 1;
	target->as = as;
	target->control = NULL;
	target->has_clear = false;
	for (unsigned i = 0; i < UGVT_TARGET_PLACES; i++) {
		target->places[i].valid = false;
	}
	ugvt_target_window(target);
}

static void clear_make(struct ugvt_target *target)
{
	struct ugvt_texels texels;
	struct ugvt_elements elements = {0};

	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			texels.c[c][i] = target->surface.clear[c];
		}
	}
	ugvt_texels_store(target->surface.format, &texels, &elements);
	for (unsigned i = 0; i < 4; i++) {
		target->clear[i] = elements.dw[i][0];
	}
	target->has_clear = true;
}

const uint32_t *ugvt_target_clear_element(struct ugvt_target *target)
{
	if (!target->has_clear) {
		clear_make(target);
	}
	return target->clear;
}

void ugvt_target_window(struct ugvt_target *target)
{
	memset(target->pages, 0, sizeof(target->pages));
	if (target->control) {
		memset(target->control->pages, 0, sizeof(target->control->pages));
	}
}

/* PRM SNB vol 4 part 1, "Render Target Write": an index that is out of bounds is taken for zero. */
static uint32_t slice_of(const struct ugvt_target *target, unsigned layer)
{
	const struct ugvt_surface_level *level = &target->surface.level[target->lod];

	if (layer >= target->layers || target->first_slice + layer >= level->slices) {
		layer = 0;
	}
	return target->first_slice + layer;
}

/* The same for all: asks for each column and each row. */
static void place_ask(const struct ugvt_target *target, struct ugvt_target_place *place,
	struct ugvt_texel_at at, uint64_t corner)
{
	for (unsigned i = 0; i < UGVT_TILE_SIDE; i++) {
		at.x = place->x + i;
		if (!ugvt_surface_offset(&target->surface, &at, &place->columns[i])) {
			place->columns[i] = NOWHERE;
		}
	}
	at.x = place->x;
	for (unsigned i = 0; i < UGVT_TILE_SIDE; i++) {
		at.y = place->y + i;
		if (ugvt_surface_offset(&target->surface, &at, &place->rows[i])) {
			place->rows[i] -= corner;
		} else {
			place->rows[i] = NOWHERE;
		}
	}
}

/* Whether one knows from where its corner is where the rest of a tile is. */
static bool is_regular(const struct ugvt_surface *surface)
{
	return surface->tile_mode != UGVT_TILE_MODE_W && surface->tile_mode != UGVT_TILE_MODE_YF &&
	       !(surface->interleaved && surface->samples_log2 > 0) &&
	       (surface->type == UGVT_SURFACE_2D || surface->type == UGVT_SURFACE_3D ||
		       surface->type == UGVT_SURFACE_CUBE);
}

static void columns_make(
	const struct ugvt_surface *surface, struct ugvt_target_place *place, uint64_t corner)
{
	uint32_t in = corner % UGVT_PAGE_SIZE;
	uint32_t x;

	switch (surface->tile_mode) {
	case UGVT_TILE_MODE_Y:
		x = in / UGVT_TILE_Y_COLUMN_SIZE * UGVT_TILE_Y_COLUMN + in % UGVT_TILE_Y_COLUMN;
		for (uint32_t i = 0; i < UGVT_TILE_SIDE; i++) {
			uint32_t at = x + i * surface->element;

			place->columns[i] = corner +
					    (at / UGVT_TILE_Y_COLUMN - x / UGVT_TILE_Y_COLUMN) *
						    UGVT_TILE_Y_COLUMN_SIZE +
					    at % UGVT_TILE_Y_COLUMN - x % UGVT_TILE_Y_COLUMN;
		}
		break;
	case UGVT_TILE_MODE_X:
		x = in % UGVT_TILE_X_WIDTH;
		for (uint32_t i = 0; i < UGVT_TILE_SIDE; i++) {
			uint32_t at = x + i * surface->element;

			place->columns[i] = corner + at / UGVT_TILE_X_WIDTH * UGVT_PAGE_SIZE +
					    at % UGVT_TILE_X_WIDTH - x;
		}
		break;
	default:
		for (uint32_t i = 0; i < UGVT_TILE_SIDE; i++) {
			place->columns[i] = corner + i * surface->element;
		}
		break;
	}
}

static void rows_make(
	const struct ugvt_surface *surface, struct ugvt_target_place *place, uint64_t corner)
{
	uint64_t pitch = surface->pitch;
	uint32_t in = corner % UGVT_PAGE_SIZE;
	uint32_t y;

	switch (surface->tile_mode) {
	case UGVT_TILE_MODE_Y:
		y = in % UGVT_TILE_Y_COLUMN_SIZE / UGVT_TILE_Y_COLUMN;
		for (uint32_t i = 0; i < UGVT_TILE_SIDE; i++) {
			uint32_t at = y + i;

			place->rows[i] = at / UGVT_TILE_Y_HEIGHT * UGVT_TILE_Y_HEIGHT * pitch +
					 at % UGVT_TILE_Y_HEIGHT * UGVT_TILE_Y_COLUMN -
					 y * UGVT_TILE_Y_COLUMN;
		}
		break;
	case UGVT_TILE_MODE_X:
		y = in / UGVT_TILE_X_WIDTH;
		for (uint32_t i = 0; i < UGVT_TILE_SIDE; i++) {
			uint32_t at = y + i;

			place->rows[i] = at / UGVT_TILE_X_HEIGHT * UGVT_TILE_X_HEIGHT * pitch +
					 at % UGVT_TILE_X_HEIGHT * UGVT_TILE_X_WIDTH -
					 y * UGVT_TILE_X_WIDTH;
		}
		break;
	default:
		for (uint32_t i = 0; i < UGVT_TILE_SIDE; i++) {
			place->rows[i] = i * pitch;
		}
		break;
	}
}

static void place_cut(const struct ugvt_target *target, struct ugvt_target_place *place)
{
	const struct ugvt_surface_level *level = &target->surface.level[target->lod];

	for (uint32_t i = UGVT_MIN(level->width - place->x, (uint32_t)UGVT_TILE_SIDE);
		i < UGVT_TILE_SIDE; i++) {
		place->columns[i] = NOWHERE;
	}
	for (uint32_t i = UGVT_MIN(level->height - place->y, (uint32_t)UGVT_TILE_SIDE);
		i < UGVT_TILE_SIDE; i++) {
		place->rows[i] = NOWHERE;
	}
}

static struct ugvt_texel_at corner_texel(
	const struct ugvt_target *target, const struct ugvt_target_at *at)
{
	return (struct ugvt_texel_at){
		.x = at->x & ~(UGVT_TILE_SIDE - 1u),
		.y = at->y & ~(UGVT_TILE_SIDE - 1u),
		.z = slice_of(target, at->layer),
		.lod = target->lod,
		.sample = at->sample,
	};
}

bool ugvt_target_corner(
	const struct ugvt_target *target, const struct ugvt_target_at *at, uint64_t *corner)
{
	const struct ugvt_texel_at texel = corner_texel(target, at);

	return is_regular(&target->surface) &&
	       ugvt_surface_offset(&target->surface, &texel, corner);
}

UGVT_CLONES static void place_make(const struct ugvt_target *target,
	struct ugvt_target_place *place, const struct ugvt_target_at *at)
{
	const struct ugvt_texel_at texel = corner_texel(target, at);
	uint64_t corner = 0;

	place->valid = true;
	place->regular = ugvt_target_corner(target, at, &corner);
	if (place->regular) {
		columns_make(&target->surface, place, corner);
		rows_make(&target->surface, place, corner);
		place_cut(target, place);
	} else {
		ugvt_surface_offset(&target->surface, &texel, &corner);
		place_ask(target, place, texel, corner);
	}
}

const struct ugvt_target_place *ugvt_target_place(
	struct ugvt_target *target, const struct ugvt_target_at *at)
{
	struct ugvt_target_place *place = &target->places[at->sample % UGVT_TARGET_PLACES];
	uint16_t x = at->x & ~(UGVT_TILE_SIDE - 1);
	uint16_t y = at->y & ~(UGVT_TILE_SIDE - 1);

	if (!place->valid || place->x != x || place->y != y || place->layer != at->layer) {
		place->x = x;
		place->y = y;
		place->layer = at->layer;
		place_make(target, place, at);
	}
	return place;
}

static const struct ugvt_target_place *place_find(
	struct ugvt_target *target, const struct ugvt_subspans *subspans, unsigned i)
{
	const struct ugvt_target_at at = {
		subspans->x[i], subspans->y[i], subspans->layer, subspans->sample};

	return ugvt_target_place(target, &at);
}

char *ugvt_target_page(struct ugvt_target *target, ugvt_gpu_addr addr)
{
	uint64_t number = addr >> UGVT_PAGE_SHIFT;
	struct ugvt_target_page *page = &target->pages[number % UGVT_TARGET_PAGES];

	if (page->number != number + 1) {
		page->number = number + 1;
		page->host = ugvt_aspace_lookup(target->as, number << UGVT_PAGE_SHIFT,
			UGVT_PROT_READ | UGVT_PROT_WRITE, NULL);
	}
	return page->host;
}

/* Elements lie inside a page, but for surfaces that are not aligned as they have to be. */
char *ugvt_target_element(
	struct ugvt_target *target, const struct ugvt_target_place *place, unsigned x, unsigned y)
{
	uint64_t offset = place->columns[x % UGVT_TILE_SIDE] + place->rows[y % UGVT_TILE_SIDE];
	ugvt_gpu_addr addr = (target->surface.base + offset) & UGVT_GPU_ADDR_MASK;
	uint64_t in_page = addr % UGVT_PAGE_SIZE;
	char *host;

	if (offset >= NOWHERE || in_page + target->surface.element > UGVT_PAGE_SIZE) {
		return NULL;
	}
	host = ugvt_target_page(target, addr);
	return host ? host + in_page : NULL;
}

uint32_t ugvt_target_find(struct ugvt_target *target, const struct ugvt_subspans *subspans,
	uint32_t mask, struct ugvt_target_lanes *lanes)
{
	uint32_t found = 0;

	if (ugvt_target_is_null(target)) {
		return 0;
	}
	if (target->control) {
		ugvt_target_control_take(target, subspans, mask);
	}
	lanes->paired = ugvt_target_pairs_find(target, subspans, mask, lanes);
	if (lanes->paired) {
		return mask;
	}
	for (unsigned i = 0; i < 4; i++) {
		const struct ugvt_target_place *place;

		if (!(mask >> (4 * i) & 15)) {
			continue;
		}
		place = place_find(target, subspans, i);
		for (unsigned pixel = 0; pixel < 4; pixel++) {
			unsigned lane = 4 * i + pixel;

			if (!(mask >> lane & 1)) {
				continue;
			}
			lanes->at[lane] = ugvt_target_element(target, place,
				subspans->x[i] + pixel % 2, subspans->y[i] + pixel / 2);
			found |= (uint32_t)(lanes->at[lane] != NULL) << lane;
		}
	}
	return found;
}

/* The same for each size of elements, so that what is copied is one or two words. */
#define READ_LANES(size)                                          \
	for (uint32_t rest = mask; rest != 0; rest &= rest - 1) { \
		unsigned lane = (unsigned)__builtin_ctz(rest);    \
		uint32_t dw[4] = {0};                             \
                                                                  \
		memcpy(dw, lanes->at[lane], size);                \
		for (unsigned i = 0; i < ((size) + 3) / 4; i++) { \
			elements->dw[i][lane] = dw[i];            \
		}                                                 \
	}

#define WRITE_LANES(size)                                         \
	for (uint32_t rest = mask; rest != 0; rest &= rest - 1) { \
		unsigned lane = (unsigned)__builtin_ctz(rest);    \
		uint32_t dw[4];                                   \
                                                                  \
		for (unsigned i = 0; i < ((size) + 3) / 4; i++) { \
			dw[i] = elements->dw[i][lane];            \
		}                                                 \
		memcpy(lanes->at[lane], dw, size);                \
	}

void ugvt_target_read(const struct ugvt_target *target, const struct ugvt_target_lanes *lanes,
	uint32_t mask, struct ugvt_elements *elements)
{
	if (lanes->paired) {
		ugvt_target_pairs_read(lanes, elements->dw[0]);
		return;
	}
	switch (target->surface.element) {
	case 1: READ_LANES(1); break;
	case 2: READ_LANES(2); break;
	case 4: READ_LANES(4); break;
	case 8: READ_LANES(8); break;
	case 16: READ_LANES(16); break;
	}
}

void ugvt_target_write(const struct ugvt_target *target, const struct ugvt_target_lanes *lanes,
	uint32_t mask, const struct ugvt_elements *elements)
{
	if (lanes->paired) {
		ugvt_target_pairs_write(lanes, mask, elements->dw[0]);
		return;
	}
	switch (target->surface.element) {
	case 1: WRITE_LANES(1); break;
	case 2: WRITE_LANES(2); break;
	case 4: WRITE_LANES(4); break;
	case 8: WRITE_LANES(8); break;
	case 16: WRITE_LANES(16); break;
	}
}
