/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_SYNCOBJ_H
#define UGVT_DRM_SHIM_SYNCOBJ_H

#include "drm-shim/fence.h"

/*
 * A synchronisation object holds a fence (binary) or a growing sequence of points with a fence each (timeline). A point has come
 * when its fence and all before it are signalled.
 */

struct ugvt_drm_syncobj_point {
	uint64_t point;
	struct ugvt_drm_fence *fence;
};

struct ugvt_drm_syncobj {
	struct ugvt_drm_object object;
	struct ugvt_drm_device *device;
	struct ugvt_drm_fence *last;            // the binary one, or of the last point; may be NULL
	uint64_t value;                         // the last point that has come
	uint64_t submitted;                     // the last point that has a fence
	struct ugvt_drm_syncobj_point *pending; // that have not come, growing
	size_t count;
};

struct ugvt_drm_syncobj *ugvt_drm_syncobj_find(const struct ugvt_drm_file *file, uint32_t handle);

/* Its fence becomes fence (a reference is taken; NULL: none): point 0 replaces all there was, another is added behind. -ENOMEM. */
int ugvt_drm_syncobj_set(
	struct ugvt_drm_syncobj *syncobj, struct ugvt_drm_fence *fence, uint64_t point);

enum ugvt_drm_syncobj_state {
	UGVT_DRM_SYNCOBJ_EMPTY, // nobody has promised that it will come
	UGVT_DRM_SYNCOBJ_PENDING,
	UGVT_DRM_SYNCOBJ_SIGNALLED,
};

/* Point 0: the last fence. */
enum ugvt_drm_syncobj_state ugvt_drm_syncobj_state(
	struct ugvt_drm_syncobj *syncobj, uint64_t point);
/* A reference to the fence that a point waits for; NULL if it is EMPTY, or out of memory. */
struct ugvt_drm_fence *ugvt_drm_syncobj_fence(struct ugvt_drm_syncobj *syncobj, uint64_t point);

/* syncobj_fd.c: all descriptors that were exported are forgotten. */
void ugvt_drm_syncobj_exports_finish(struct ugvt_drm_file *file);

/* For syncobj_fd.c. A new one, or NULL. */
struct ugvt_drm_syncobj *ugvt_drm_syncobj_create(struct ugvt_drm_device *device);

#endif
