/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/mem/tiling.h"
#include "gpu/render/target.h"
#include "gpu/sampler/lanes.h"

enum {
	PATTERN = 64, // bytes
};

/* Bytes that lie one behind the other in the surface, and what is to be there. Elements end where it ends. */
struct stretch {
	uint64_t offset;
	uint64_t size;
	uint64_t column;  // that is being added
	uint32_t element; // bytes
	uint32_t mask;
	_Alignas(16) char pattern[PATTERN]; // elements one behind the other
};

/* false: there are no such elements. */
static bool pattern_make(struct stretch *stretch, const uint32_t element[4])
{
	if (stretch->element > 16 || PATTERN % stretch->element != 0) {
		return false;
	}
	for (unsigned i = 0; i < PATTERN; i += stretch->element) {
		memcpy(stretch->pattern + i, element, stretch->element);
	}
	return true;
}

UGVT_CLONES static void bytes_fill(char *host, uint64_t size, const char *pattern)
{
	ugvt_lanes_u low, high;
	uint64_t i = 0;

	memcpy(&low, pattern, sizeof(low));
	memcpy(&high, pattern + sizeof(low), sizeof(high));
	for (; i + PATTERN <= size; i += PATTERN) {
		memcpy(host + i, &low, sizeof(low));
		memcpy(host + i + sizeof(low), &high, sizeof(high));
	}
	memcpy(host + i, pattern, size - i);
}

/* Dwords, of which the compiler makes vectors. */
UGVT_CLONES static void dwords_fill(uint32_t *host, const struct stretch *stretch, uint64_t count)
{
	uint32_t keep = ~stretch->mask;
	uint32_t value;

	memcpy(&value, stretch->pattern, sizeof(value));
	value &= stretch->mask;
	for (uint64_t i = 0; i < count; i++) {
		host[i] = (host[i] & keep) | value;
	}
}

static void bits_fill(char *host, const struct stretch *stretch, uint64_t size)
{
	uint32_t value = 0;

	if (stretch->element == sizeof(value) && (uintptr_t)host % sizeof(value) == 0) {
		dwords_fill((uint32_t *)(void *)host, stretch, size / sizeof(value));
		return;
	}
	memcpy(&value, stretch->pattern, UGVT_MIN(stretch->element, 4u));
	for (uint64_t i = 0; i + stretch->element <= size; i += stretch->element) {
		uint32_t old = 0;

		memcpy(&old, host + i, UGVT_MIN(stretch->element, 4u));
		old = (old & ~stretch->mask) | (value & stretch->mask);
		memcpy(host + i, &old, UGVT_MIN(stretch->element, 4u));
	}
}

static void elements_fill(char *host, uint64_t size, const struct stretch *stretch)
{
	if (stretch->mask == UINT32_MAX) {
		bytes_fill(host, size, stretch->pattern);
	} else {
		bits_fill(host, stretch, size);
	}
}

static void stretch_fill(struct ugvt_target *target, const struct stretch *stretch)
{
	uint64_t done = 0;

	while (done < stretch->size) {
		ugvt_gpu_addr addr =
			(target->surface.base + stretch->offset + done) & UGVT_GPU_ADDR_MASK;
		uint64_t in_page = addr % UGVT_PAGE_SIZE;
		uint64_t size = UGVT_MIN(stretch->size - done, UGVT_PAGE_SIZE - in_page);
		char *host;

		/* Of elements that reach over a page's end nothing is written. */
		size -= size % stretch->element;
		host = size > 0 ? ugvt_target_page(target, addr) : NULL;
		if (host) {
			elements_fill(host + in_page, size, stretch);
		}
		done += size > 0 ? size : stretch->element;
	}
}

/* What follows at once belongs to it. */
static void stretch_add(
	struct ugvt_target *target, struct stretch *stretch, uint64_t offset, uint64_t size)
{
	if (offset != stretch->offset + stretch->size) {
		stretch_fill(target, stretch);
		stretch->offset = offset;
		stretch->size = 0;
	}
	stretch->size += size;
}

/* How many of at most n offsets follow one another by step. */
static unsigned run_of(const uint64_t *offsets, unsigned n, uint64_t step)
{
	unsigned i = 1;

	while (i < n && offsets[i] == offsets[i - 1] + step) {
		i++;
	}
	return i;
}

/* Rows that lie so far apart as a run of columns is long: together they are one piece. */
struct rows {
	uint64_t step; // bytes; 0: not known yet
	unsigned runs;
	uint8_t first[UGVT_TILE_SIDE]; // of each run
	uint8_t count[UGVT_TILE_SIDE];
};

static void rows_find(struct rows *rows, const struct ugvt_target_place *place,
	const struct ugvt_target_fill *fill, uint64_t step)
{
	rows->step = step;
	rows->runs = 0;
	for (unsigned y = fill->y0; y < fill->y1;) {
		unsigned count = run_of(place->rows + y, fill->y1 - y, step);

		rows->first[rows->runs] = (uint8_t)y;
		rows->count[rows->runs++] = (uint8_t)count;
		y += count;
	}
}

static void column_fill(struct ugvt_target *target, struct stretch *stretch,
	const uint64_t *place_rows, const struct rows *rows)
{
	uint64_t column = stretch->column;

	for (unsigned i = 0; i < rows->runs; i++) {
		stretch_add(target, stretch, column + place_rows[rows->first[i]],
			rows->count[i] * rows->step);
	}
}

/* Columns and rows that are there come first. */
static unsigned there(const uint64_t *offsets, unsigned first, unsigned end)
{
	while (end > first && offsets[end - 1] >= UGVT_TARGET_NOWHERE) {
		end--;
	}
	return end;
}

/* Of a Y tile, in its columns of 16 bytes. */
struct part {
	uint32_t first, end; // columns
	uint32_t top, bottom;
};

static void part_fill(char *page, const struct part *part, const struct stretch *stretch)
{
	uint32_t skip = part->top * UGVT_TILE_Y_COLUMN;
	uint32_t size = part->bottom * UGVT_TILE_Y_COLUMN - skip;

	if (size == UGVT_TILE_Y_COLUMN_SIZE) {
		elements_fill(page + part->first * UGVT_TILE_Y_COLUMN_SIZE,
			(part->end - part->first) * UGVT_TILE_Y_COLUMN_SIZE, stretch);
		return;
	}
	for (uint32_t i = part->first; i < part->end; i++) {
		elements_fill(page + i * UGVT_TILE_Y_COLUMN_SIZE + skip, size, stretch);
	}
}

/* What lies between begin and end of n pieces of size, as a part of piece i. */
static uint32_t clamp(uint32_t value, uint32_t i, uint32_t size)
{
	return UGVT_MIN(UGVT_MAX(value, i * size) - i * size, size);
}

/* Whole columns of Y tiles, of which one is in the corner. */
static bool tiles_fill(struct ugvt_target *target, const struct ugvt_target_fill *fill,
	const struct stretch *stretch)
{
	const uint32_t columns = UGVT_TILE_Y_WIDTH / UGVT_TILE_Y_COLUMN;
	uint32_t x0 = fill->x0 * stretch->element, x1 = fill->x1 * stretch->element;
	uint32_t across = UGVT_TILE_SIDE * stretch->element / UGVT_TILE_Y_WIDTH;
	uint32_t down = UGVT_TILE_SIDE / UGVT_TILE_Y_HEIGHT;
	uint64_t corner;

	if (!ugvt_target_corner(target, &fill->at, &corner) || across == 0 ||
		target->surface.tile_mode != UGVT_TILE_MODE_Y ||
		(target->surface.base + corner) % UGVT_PAGE_SIZE != 0 ||
		(x0 | x1) % UGVT_TILE_Y_COLUMN != 0) {
		return false;
	}
	x0 /= UGVT_TILE_Y_COLUMN;
	x1 /= UGVT_TILE_Y_COLUMN;
	for (uint32_t i = 0; i < across * down; i++) {
		uint32_t x = i % across, y = i / across;
		const struct part part = {
			.first = clamp(x0, x, columns),
			.end = clamp(x1, x, columns),
			.top = clamp(fill->y0, y, UGVT_TILE_Y_HEIGHT),
			.bottom = clamp(fill->y1, y, UGVT_TILE_Y_HEIGHT),
		};
		uint64_t offset = corner + x * UGVT_PAGE_SIZE +
				  (uint64_t)y * UGVT_TILE_Y_HEIGHT * target->surface.pitch;
		char *page;

		if (part.first >= part.end || part.top >= part.bottom) {
			continue;
		}
		page = ugvt_target_page(
			target, (target->surface.base + offset) & UGVT_GPU_ADDR_MASK);
		if (page) {
			part_fill(page, &part, stretch);
		}
	}
	return true;
}

static void level_cut(const struct ugvt_target *target, struct ugvt_target_fill *fill)
{
	const struct ugvt_surface_level *level = &target->surface.level[target->lod];
	uint32_t right = level->width - UGVT_MIN(level->width, fill->at.x);
	uint32_t below = level->height - UGVT_MIN(level->height, fill->at.y);

	fill->x1 = (uint8_t)UGVT_MIN(fill->x1, right);
	fill->y1 = (uint8_t)UGVT_MIN(fill->y1, below);
}

static void columns_fill(struct ugvt_target *target, struct stretch *stretch,
	const struct ugvt_target_place *place, const struct ugvt_target_fill *fill)
{
	struct rows rows = {.step = 0};

	for (unsigned x = fill->x0; x < fill->x1;) {
		unsigned columns = run_of(place->columns + x, fill->x1 - x, stretch->element);
		uint64_t step = (uint64_t)columns * stretch->element;

		if (rows.step != step) {
			rows_find(&rows, place, fill, step);
		}
		stretch->column = place->columns[x];
		column_fill(target, stretch, place->rows, &rows);
		x += columns;
	}
	stretch_fill(target, stretch);
}

void ugvt_target_fill(struct ugvt_target *target, const struct ugvt_target_fill *fill)
{
	const struct ugvt_target_place *place;
	struct ugvt_target_fill cut = *fill;
	struct stretch stretch;

	if (ugvt_target_is_null(target)) {
		return;
	}
	stretch = (struct stretch){
		.element = target->surface.element,
		.mask = fill->mask,
	};
	if (!pattern_make(&stretch, fill->element)) {
		return;
	}
	level_cut(target, &cut);
	if (tiles_fill(target, &cut, &stretch)) {
		return;
	}
	place = ugvt_target_place(target, &fill->at);
	cut.x1 = (uint8_t)there(place->columns, fill->x0, fill->x1);
	cut.y1 = (uint8_t)there(place->rows, fill->y0, fill->y1);
	columns_fill(target, &stretch, place, &cut);
}
