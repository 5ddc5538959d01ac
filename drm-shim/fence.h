/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_FENCE_H
#define UGVT_DRM_SHIM_FENCE_H

#include "drm-shim/device.h"

/*
 * Something that happens once: a batch ends. Outside the process it is a descriptor that can be read from when it has happened,
 * as the kernel's sync files are.
 */

struct ugvt_drm_fence {
	struct ugvt_drm_object object;
	struct ugvt_drm_device *device;
	bool signalled;
	int fd; // an eventfd to signal; -1: none was asked for
};

/* NULL: out of memory. */
struct ugvt_drm_fence *ugvt_drm_fence_create(struct ugvt_drm_device *device, bool signalled);
void ugvt_drm_fence_signal(struct ugvt_drm_fence *fence);
void ugvt_drm_fence_unlock(struct ugvt_drm_fence *fence); // NULL is allowed

/* A new descriptor, or -errno. */
int ugvt_drm_fence_export(struct ugvt_drm_fence *fence);
/* Any descriptor that becomes readable, whoever made it: waits for that, without the device's lock. -EINVAL: it is none. */
int ugvt_drm_fence_wait_fd(struct ugvt_drm_device *device, int fd);

#endif
