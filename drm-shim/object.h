/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_OBJECT_H
#define UGVT_DRM_SHIM_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a client has handles to: counted references, and tables of handles. All of it under the device's lock.
 */

struct ugvt_drm_object {
	const struct ugvt_drm_object_impl *impl;
	unsigned refs;
};

struct ugvt_drm_object_impl {
	/* Mandatory. The last reference is gone. */
	void (*destroy)(struct ugvt_drm_object *object);
};

/* The first reference is the caller's. */
void ugvt_drm_object_init(struct ugvt_drm_object *object, const struct ugvt_drm_object_impl *impl);
void ugvt_drm_object_lock(struct ugvt_drm_object *object);
void ugvt_drm_object_unlock(struct ugvt_drm_object *object); // NULL is allowed

/* Handles are the lowest free numbers from 1 on. Zero-filled is empty. */
struct ugvt_drm_table {
	struct ugvt_drm_object **slots; // that of handle 1 first; NULL: free
	uint32_t capacity;
	uint32_t first_free; // no slot before it is free
};

/* As many as fit the offsets that mmap() is given (bo.h). */
#define UGVT_DRM_HANDLES_MAX (UINT32_C(1) << 20)

/* A handle for object, whose reference goes to the table. -ENOMEM: it stays the caller's. */
int ugvt_drm_table_add(
	struct ugvt_drm_table *table, struct ugvt_drm_object *object, uint32_t *handle);
/* NULL if there is none. No reference is taken. */
struct ugvt_drm_object *ugvt_drm_table_find(const struct ugvt_drm_table *table, uint32_t handle);
/* The first handle of object, or 0. */
uint32_t ugvt_drm_table_handle(
	const struct ugvt_drm_table *table, const struct ugvt_drm_object *object);
/* false if there is no such handle. */
bool ugvt_drm_table_remove(struct ugvt_drm_table *table, uint32_t handle);
/* Drops all. */
void ugvt_drm_table_finish(struct ugvt_drm_table *table);

#endif
