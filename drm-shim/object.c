/* SPDX-License-Identifier: MIT */
#include "drm-shim/object.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

void ugvt_drm_object_init(struct ugvt_drm_object *object, const struct ugvt_drm_object_impl *impl)
{
	object->impl = impl;
	object->refs = 1;
}

void ugvt_drm_object_lock(struct ugvt_drm_object *object)
{
	object->refs++;
}

void ugvt_drm_object_unlock(struct ugvt_drm_object *object)
{
	if (object && --object->refs == 0) {
		object->impl->destroy(object);
	}
}

static bool table_grow(struct ugvt_drm_table *table)
{
	uint32_t capacity = UGVT_MAX(table->capacity * 2, 64u);
	struct ugvt_drm_object **slots;

	if (table->capacity == UGVT_DRM_HANDLES_MAX) {
		return false;
	}
	capacity = UGVT_MIN(capacity, UGVT_DRM_HANDLES_MAX);
	slots = realloc(table->slots, capacity * sizeof(struct ugvt_drm_object *));
	if (!slots) {
		return false;
	}
	memset(slots + table->capacity, 0,
		(capacity - table->capacity) * sizeof(struct ugvt_drm_object *));
	table->slots = slots;
	table->capacity = capacity;
	return true;
}

int ugvt_drm_table_add(
	struct ugvt_drm_table *table, struct ugvt_drm_object *object, uint32_t *handle)
{
	uint32_t at = table->first_free;

	while (at < table->capacity && table->slots[at]) {
		at++;
	}
	if (at == table->capacity && !table_grow(table)) {
		return -ENOMEM;
	}
	table->slots[at] = object;
	table->first_free = at + 1;
	*handle = at + 1;
	return 0;
}

struct ugvt_drm_object *ugvt_drm_table_find(const struct ugvt_drm_table *table, uint32_t handle)
{
	return handle > 0 && handle <= table->capacity ? table->slots[handle - 1] : NULL;
}

uint32_t ugvt_drm_table_handle(
	const struct ugvt_drm_table *table, const struct ugvt_drm_object *object)
{
	for (uint32_t at = 0; at < table->capacity; at++) {
		if (table->slots[at] == object) {
			return at + 1;
		}
	}
	return 0;
}

bool ugvt_drm_table_remove(struct ugvt_drm_table *table, uint32_t handle)
{
	struct ugvt_drm_object *object = ugvt_drm_table_find(table, handle);

	if (!object) {
		return false;
	}
	table->slots[handle - 1] = NULL;
	table->first_free = UGVT_MIN(table->first_free, handle - 1);
	ugvt_drm_object_unlock(object);
	return true;
}

void ugvt_drm_table_finish(struct ugvt_drm_table *table)
{
	for (uint32_t handle = 1; handle <= table->capacity; handle++) {
		ugvt_drm_table_remove(table, handle);
	}
	free(table->slots);
	*table = (struct ugvt_drm_table){0};
}
