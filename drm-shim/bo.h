/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_BO_H
#define UGVT_DRM_SHIM_BO_H

#include <sys/types.h>

#include "drm-shim/device.h"
#include "trace/pages.h"

/*
 * A buffer: shared memory that is mapped here for as long as the buffer lives, and where the client maps it, so that the pages
 * go when the last mapping goes. It has no descriptor (programs have thousands of buffers) until it is exported.
 */

enum ugvt_drm_bo_kind {
	UGVT_DRM_BO_MEMORY,
	UGVT_DRM_BO_USERPTR, // host is the client's own memory
	UGVT_DRM_BO_FOREIGN, // imported from a descriptor
};

struct ugvt_drm_bo {
	struct ugvt_drm_object object;
	struct ugvt_drm_device *device;
	struct ugvt_list link; // in device->bos
	enum ugvt_drm_bo_kind kind;
	char *host;
	uint64_t size; // bytes, a multiple of the page size
	int fd;        // of its memory; -1: none
	dev_t dev;     // of that
	ino_t ino;
	bool read_only;
	uint32_t tiling; // I915_TILING_*
	uint32_t stride;
	uint32_t caching; // I915_CACHING_*
	/* Batches that are under way and read, or write, it. */
	unsigned readers, writers;
	uint64_t mark;             // of the last exec that named it
	struct ugvt_list bindings; // of struct ugvt_drm_binding
	uint64_t id;
	struct ugvt_trace_memory memory; // what a trace knows of it; empty: nothing
};

/* The largest one, so that offsets for mmap() are handle << UGVT_DRM_OFFSET_SHIFT. */
#define UGVT_DRM_OFFSET_SHIFT 43
#define UGVT_DRM_BO_SIZE_MAX (UINT64_C(1) << UGVT_DRM_OFFSET_SHIFT)

/* Zero-filled memory; size is rounded up to pages. -EINVAL, -E2BIG, -ENOMEM. */
int ugvt_drm_bo_create(struct ugvt_drm_device *device, uint64_t size, struct ugvt_drm_bo **bo);
int ugvt_drm_bo_create_userptr(
	struct ugvt_drm_device *device, void *host, uint64_t size, struct ugvt_drm_bo **bo);
/* fd is taken, and its size bytes are mapped. */
int ugvt_drm_bo_create_foreign(
	struct ugvt_drm_device *device, int fd, uint64_t size, struct ugvt_drm_bo **bo);
/* The one with that descriptor's memory, or NULL. */
struct ugvt_drm_bo *ugvt_drm_bo_find_memory(struct ugvt_drm_device *device, dev_t dev, ino_t ino);

struct ugvt_drm_bo *ugvt_drm_bo_find(const struct ugvt_drm_file *file, uint32_t handle);
/* A handle for bo, whose reference goes to it (also on failure). */
int ugvt_drm_bo_handle(struct ugvt_drm_file *file, struct ugvt_drm_bo *bo, uint32_t *handle);

bool ugvt_drm_bo_is_busy(const struct ugvt_drm_bo *bo, bool for_write);
/* Waits until the batches under way are done with it; false: deadline_ns came first. */
bool ugvt_drm_bo_wait(struct ugvt_drm_bo *bo, bool for_write, uint64_t deadline_ns);

#endif
