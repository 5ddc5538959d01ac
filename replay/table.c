/* SPDX-License-Identifier: MIT */
#include "replay/table.h"

#include <stdlib.h>
#include <string.h>

static void item_drop(const struct ugvt_replay_item *item)
{
	ugvt_drm_hw_destroy(item->hw);
	if (item->bo) {
		ugvt_drm_object_unlock(&item->bo->object);
	}
	if (item->vm) {
		ugvt_drm_object_unlock(&item->vm->object);
	}
}

void ugvt_replay_table_finish(struct ugvt_replay_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		item_drop(&table->items[i]);
	}
	free(table->items);
}

/* Index of the first item with that id or a larger one. */
static size_t place_of(const struct ugvt_replay_table *table, uint64_t id)
{
	size_t lo = 0, hi = table->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (table->items[mid].id < id) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo;
}

const struct ugvt_replay_item *ugvt_replay_table_find(
	const struct ugvt_replay_table *table, uint64_t id)
{
	size_t at = place_of(table, id);

	return at < table->count && table->items[at].id == id ? &table->items[at] : NULL;
}

static bool room_make(struct ugvt_replay_table *table)
{
	size_t capacity = UGVT_MAX(table->capacity * 2, (size_t)64);
	struct ugvt_replay_item *items;

	if (table->count < table->capacity) {
		return true;
	}
	items = realloc(table->items, capacity * sizeof(*items));
	if (items) {
		table->items = items;
		table->capacity = capacity;
	}
	return items;
}

bool ugvt_replay_table_add(struct ugvt_replay_table *table, const struct ugvt_replay_item *item)
{
	size_t at = place_of(table, item->id);

	if (ugvt_replay_table_find(table, item->id) || !room_make(table)) {
		item_drop(item);
		return false;
	}
	memmove(&table->items[at + 1], &table->items[at],
		(table->count - at) * sizeof(*table->items));
	table->items[at] = *item;
	table->count++;
	return true;
}

void ugvt_replay_table_remove(struct ugvt_replay_table *table, uint64_t id)
{
	size_t at = place_of(table, id);

	if (at < table->count && table->items[at].id == id) {
		item_drop(&table->items[at]);
		table->count--;
		memmove(&table->items[at], &table->items[at + 1],
			(table->count - at) * sizeof(*table->items));
	}
}
