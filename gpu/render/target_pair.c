/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/render/target.h"

enum {
	PIXELS = 4, // of a row
	BYTES = 4,  // of an element
	PAIR_LANES = 8,
};

/* As ugvt_target_place() and ugvt_target_page(), of what was asked for last. */
static inline const struct ugvt_target_place *place_find(
	struct ugvt_target *target, const struct ugvt_target_at *at)
{
	const struct ugvt_target_place *place = &target->places[at->sample % UGVT_TARGET_PLACES];

	if (place->valid && place->x == (at->x & ~(UGVT_TILE_SIDE - 1)) &&
		place->y == (at->y & ~(UGVT_TILE_SIDE - 1)) && place->layer == at->layer) {
		return place;
	}
	return ugvt_target_place(target, at);
}

static inline char *page_find(struct ugvt_target *target, ugvt_gpu_addr addr)
{
	uint64_t number = addr >> UGVT_PAGE_SHIFT;
	const struct ugvt_target_page *page = &target->pages[number % UGVT_TARGET_PAGES];

	return page->number == number + 1 ? page->host : ugvt_target_page(target, addr);
}

/* The elements from place's column x on in row y. */
static inline char *row_find(
	struct ugvt_target *target, const struct ugvt_target_place *place, unsigned x, unsigned y)
{
	uint64_t offset = place->columns[x] + place->rows[y];
	ugvt_gpu_addr addr = (target->surface.base + offset) & UGVT_GPU_ADDR_MASK;
	uint64_t in_page = addr % UGVT_PAGE_SIZE;
	char *host;

	if (offset >= UGVT_TARGET_NOWHERE || in_page + PIXELS * BYTES > UGVT_PAGE_SIZE) {
		return NULL;
	}
	host = page_find(target, addr);
	return host ? host + in_page : NULL;
}

static bool pair_find(
	struct ugvt_target *target, const struct ugvt_target_at *at, struct ugvt_target_pair *pair)
{
	const struct ugvt_target_place *place;
	unsigned x = at->x % UGVT_TILE_SIDE;
	unsigned y = at->y % UGVT_TILE_SIDE;

	if (at->x % PIXELS != 0) {
		return false;
	}
	place = place_find(target, at);
	if (place->columns[x + PIXELS - 1] - place->columns[x] != (PIXELS - 1) * (uint64_t)BYTES) {
		return false;
	}
	pair->row[0] = row_find(target, place, x, y);
	pair->row[1] = row_find(target, place, x, y + 1);
	return pair->row[0] && pair->row[1];
}

bool ugvt_target_pairs_find(struct ugvt_target *target, const struct ugvt_subspans *subspans,
	uint32_t mask, struct ugvt_target_lanes *lanes)
{
	if (target->surface.element != BYTES) {
		return false;
	}
	for (unsigned i = 0; i < 2; i++) {
		unsigned left = 2 * i;
		const struct ugvt_target_at at = {
			subspans->x[left], subspans->y[left], subspans->layer, subspans->sample};

		lanes->pair[i].row[0] = NULL;
		if (!(mask >> (PAIR_LANES * i) & 0xff)) {
			continue;
		}
		if (subspans->x[left] + 2 != subspans->x[left + 1] ||
			subspans->y[left] != subspans->y[left + 1] ||
			!pair_find(target, &at, &lanes->pair[i])) {
			return false;
		}
	}
	return true;
}

/* The elements of two halves, mostly of one page. */
static inline bool halves_find(
	struct ugvt_target *target, uint64_t offset, uint64_t step, char *half[2])
{
	ugvt_gpu_addr addr = (target->surface.base + offset) & UGVT_GPU_ADDR_MASK;
	uint64_t in_page = addr % UGVT_PAGE_SIZE;
	char *host;

	if (in_page + PIXELS * BYTES > UGVT_PAGE_SIZE) {
		return false;
	}
	host = page_find(target, addr);
	if (!host) {
		return false;
	}
	half[0] = host + in_page;
	if (step <= UGVT_PAGE_SIZE && in_page + step + PIXELS * BYTES <= UGVT_PAGE_SIZE) {
		half[1] = half[0] + step;
		return true;
	}
	addr = (addr + step) & UGVT_GPU_ADDR_MASK;
	in_page = addr % UGVT_PAGE_SIZE;
	host = in_page + PIXELS * BYTES > UGVT_PAGE_SIZE ? NULL : page_find(target, addr);
	half[1] = host + (host ? in_page : 0);
	return host;
}

static bool is_row(const uint64_t columns[2 * PIXELS])
{
	const uint64_t size = (PIXELS - 1) * (uint64_t)BYTES;

	return columns[PIXELS - 1] - columns[0] == size &&
	       columns[2 * PIXELS - 1] - columns[PIXELS] == size &&
	       columns[2 * PIXELS - 1] < UGVT_TARGET_NOWHERE;
}

bool ugvt_target_row_find(
	struct ugvt_target *target, const struct ugvt_target_at *at, struct ugvt_target_row *row)
{
	const struct ugvt_target_place *place;
	const uint64_t *columns;
	uint64_t step;

	if (target->surface.element != BYTES || target->control) {
		return false;
	}
	place = place_find(target, at);
	columns = place->columns + at->x % UGVT_TILE_SIDE;
	step = columns[PIXELS] - columns[0];
	if (!is_row(columns)) {
		return false;
	}
	for (unsigned i = 0; i < 2; i++) {
		uint64_t offset = columns[0] + place->rows[at->y % UGVT_TILE_SIDE + i];

		if (offset >= UGVT_TARGET_NOWHERE ||
			!halves_find(target, offset, step, row->half[i])) {
			return false;
		}
	}
	return true;
}

/* Two pixels side by side, and those below: in a subspan together, in rows
 * apart. */
typedef uint64_t halves __attribute__((vector_size(16), may_alias));

#if defined(__clang__) || __GNUC__ >= 12
#define FIRST(a, b) __builtin_shufflevector(a, b, 0, 2)
#define SECOND(a, b) __builtin_shufflevector(a, b, 1, 3)
#else
#define FIRST(a, b) __builtin_shuffle(a, b, (halves){0, 2})
#define SECOND(a, b) __builtin_shuffle(a, b, (halves){1, 3})
#endif

void ugvt_target_pairs_read(const struct ugvt_target_lanes *lanes, uint32_t elements[UGVT_LANES])
{
	for (unsigned i = 0; i < 2; i++) {
		const struct ugvt_target_pair *pair = &lanes->pair[i];
		halves row[2] = {{0}, {0}};
		halves subspan[2];

		if (pair->row[0]) {
			memcpy(&row[0], pair->row[0], sizeof(row[0]));
			memcpy(&row[1], pair->row[1], sizeof(row[1]));
		}
		subspan[0] = FIRST(row[0], row[1]);
		subspan[1] = SECOND(row[0], row[1]);
		memcpy(elements + PAIR_LANES * i, subspan, sizeof(subspan));
	}
}

static void some_write(
	const struct ugvt_target_pair *pair, uint32_t mask, const uint32_t lanes[PAIR_LANES])
{
	for (; mask != 0; mask &= mask - 1) {
		unsigned lane = (unsigned)__builtin_ctz(mask);

		memcpy(pair->row[lane >> 1 & 1] + BYTES * ((lane & 1) + (lane >> 2 << 1)),
			lanes + lane, BYTES);
	}
}

void ugvt_target_pairs_write(
	const struct ugvt_target_lanes *lanes, uint32_t mask, const uint32_t elements[UGVT_LANES])
{
	for (unsigned i = 0; i < 2; i++) {
		const struct ugvt_target_pair *pair = &lanes->pair[i];
		uint32_t part = mask >> (PAIR_LANES * i) & 0xff;
		halves subspan[2];
		halves row[2];

		/* What is not lit is somebody else's to write. */
		if (part != 0xff) {
			some_write(pair, part, elements + PAIR_LANES * i);
			continue;
		}
		memcpy(subspan, elements + PAIR_LANES * i, sizeof(subspan));
		row[0] = FIRST(subspan[0], subspan[1]);
		row[1] = SECOND(subspan[0], subspan[1]);
		memcpy(pair->row[0], &row[0], sizeof(row[0]));
		memcpy(pair->row[1], &row[1], sizeof(row[1]));
	}
}
