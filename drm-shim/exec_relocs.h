/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_EXEC_RELOCS_H
#define UGVT_DRM_SHIM_EXEC_RELOCS_H

#include <i915_drm.h>

#include "drm-shim/executor.h"

/* What drivers of old leave to the kernel: to write into buffers where other buffers are. objects are the job's buffers, and their
 * offsets say where they are now; by_index: targets are named by their place in the list, not by their handles. Under the
 * device's lock, and the buffers are idle. -EINVAL, -ENOENT, -EFAULT. */
int ugvt_drm_exec_relocate(const struct ugvt_drm_job *job,
	const struct drm_i915_gem_exec_object2 *objects, bool by_index);
/* Is there any? */
bool ugvt_drm_exec_has_relocs(const struct drm_i915_gem_exec_object2 *objects, uint32_t count);

#endif
