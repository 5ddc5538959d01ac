/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_EXEC_FENCES_H
#define UGVT_DRM_SHIM_EXEC_FENCES_H

#include <i915_drm.h>

#include "drm-shim/syncobj.h"

/* What an execbuffer2 waits for, and what it signals: arrays of synchronisation objects, with points or without, and
 * descriptors. Zero-filled is empty. */

struct ugvt_drm_exec_fence {
	struct ugvt_drm_syncobj *syncobj; // a reference
	uint64_t point;
	struct ugvt_drm_fence *wait; // a reference, may be NULL
	bool signal;
};

struct ugvt_drm_exec_fences {
	struct ugvt_drm_exec_fence *list;
	size_t count;
	int wait_fd; // with_wait_fd
	bool with_wait_fd;
	bool with_signal_fd;
};

int ugvt_drm_exec_fences_read(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_file *file,
	const struct drm_i915_gem_execbuffer2 *args);
/* Until everything that is to be waited for has come; drops the device's lock meanwhile. */
int ugvt_drm_exec_fences_wait(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_device *device);
/* What is to be signalled gets fence; a descriptor for it goes to args. */
int ugvt_drm_exec_fences_signal(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_fence *fence,
	struct drm_i915_gem_execbuffer2 *args);
void ugvt_drm_exec_fences_finish(struct ugvt_drm_exec_fences *fences);

#endif
