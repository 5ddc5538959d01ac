/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_IOCTL_H
#define UGVT_DRM_SHIM_IOCTL_H

#include <drm.h>
#include <i915_drm.h>

#include "drm-shim/device.h"

/*
 * The calls of the interface: one function each, on a copy of its argument that is longer than what the caller gave and zero
 * behind it. They run under the device's lock, and return 0 or -errno.
 */

union ugvt_drm_args {
	struct drm_version version;
	struct drm_get_cap get_cap;
	struct drm_gem_close gem_close;
	struct drm_prime_handle prime_handle;
	struct drm_syncobj_create syncobj_create;
	struct drm_syncobj_destroy syncobj_destroy;
	struct drm_syncobj_handle syncobj_handle;
	struct drm_syncobj_wait syncobj_wait;
	struct drm_syncobj_array syncobj_array;
	struct drm_syncobj_timeline_wait syncobj_timeline_wait;
	struct drm_syncobj_timeline_array syncobj_timeline_array;
	struct drm_syncobj_transfer syncobj_transfer;
	struct drm_i915_getparam getparam;
	struct drm_i915_gem_busy gem_busy;
	struct drm_i915_gem_create gem_create;
	struct drm_i915_gem_create_ext gem_create_ext;
	struct drm_i915_gem_pread gem_pread;
	struct drm_i915_gem_pwrite gem_pwrite;
	struct drm_i915_gem_mmap gem_mmap;
	struct drm_i915_gem_mmap_offset gem_mmap_offset;
	struct drm_i915_gem_set_domain gem_set_domain;
	struct drm_i915_gem_sw_finish gem_sw_finish;
	struct drm_i915_gem_set_tiling gem_set_tiling;
	struct drm_i915_gem_get_tiling gem_get_tiling;
	struct drm_i915_gem_get_aperture gem_get_aperture;
	struct drm_i915_gem_madvise gem_madvise;
	struct drm_i915_gem_execbuffer2 execbuffer2;
	struct drm_i915_gem_wait gem_wait;
	struct drm_i915_gem_context_create_ext context_create;
	struct drm_i915_gem_context_destroy context_destroy;
	struct drm_i915_gem_context_param context_param;
	struct drm_i915_gem_caching gem_caching;
	struct drm_i915_reg_read reg_read;
	struct drm_i915_reset_stats reset_stats;
	struct drm_i915_gem_userptr gem_userptr;
	struct drm_i915_query query;
	struct drm_i915_gem_vm_control vm_control;
};

#define UGVT_DRM_CALL(name) \
	int ugvt_drm_do_##name(struct ugvt_drm_file *file, union ugvt_drm_args *args)

/* syncobj.c */
UGVT_DRM_CALL(syncobj_create);
UGVT_DRM_CALL(syncobj_destroy);
UGVT_DRM_CALL(syncobj_wait);
UGVT_DRM_CALL(syncobj_timeline_wait);
UGVT_DRM_CALL(syncobj_reset);
UGVT_DRM_CALL(syncobj_signal);
UGVT_DRM_CALL(syncobj_timeline_signal);
UGVT_DRM_CALL(syncobj_query);
UGVT_DRM_CALL(syncobj_transfer);
/* syncobj_fd.c */
UGVT_DRM_CALL(syncobj_handle_to_fd);
UGVT_DRM_CALL(syncobj_fd_to_handle);
/* prime.c */
UGVT_DRM_CALL(prime_handle_to_fd);
UGVT_DRM_CALL(prime_fd_to_handle);
/* gem.c */
UGVT_DRM_CALL(gem_close);
UGVT_DRM_CALL(gem_create);
UGVT_DRM_CALL(gem_create_ext);
UGVT_DRM_CALL(gem_userptr);
UGVT_DRM_CALL(gem_pread);
UGVT_DRM_CALL(gem_pwrite);
UGVT_DRM_CALL(gem_set_domain);
UGVT_DRM_CALL(gem_sw_finish);
UGVT_DRM_CALL(gem_set_tiling);
UGVT_DRM_CALL(gem_get_tiling);
UGVT_DRM_CALL(gem_set_caching);
UGVT_DRM_CALL(gem_get_caching);
UGVT_DRM_CALL(gem_madvise);
UGVT_DRM_CALL(gem_busy);
UGVT_DRM_CALL(gem_wait);
UGVT_DRM_CALL(gem_throttle);
UGVT_DRM_CALL(gem_get_aperture);
/* map.c */
UGVT_DRM_CALL(gem_mmap);
UGVT_DRM_CALL(gem_mmap_offset);
/* param.c */
UGVT_DRM_CALL(version);
UGVT_DRM_CALL(get_cap);
UGVT_DRM_CALL(getparam);
UGVT_DRM_CALL(reg_read);
/* query.c */
UGVT_DRM_CALL(query);
/* context_calls.c */
UGVT_DRM_CALL(context_create);
UGVT_DRM_CALL(context_destroy);
UGVT_DRM_CALL(context_getparam);
UGVT_DRM_CALL(context_setparam);
UGVT_DRM_CALL(reset_stats);
UGVT_DRM_CALL(vm_create);
UGVT_DRM_CALL(vm_destroy);
/* exec.c */
UGVT_DRM_CALL(execbuffer2);

/* A chain of extensions: reads the header at *next, follows it, and counts; -EFAULT, or -E2BIG for one that does not end. */
int ugvt_drm_extension_read(uint64_t user, struct i915_user_extension *extension, unsigned *count);

#endif
