/* SPDX-License-Identifier: MIT */
#include "drm-shim/ioctl.h"

#include <errno.h>
#include <string.h>

#include "base/bits.h"
#include "drm-shim/user.h"

#define EXTENSIONS_MAX 512
#define NUMBERS 256

struct call {
	uint16_t size; // of what the driver knows of the argument
	int (*run)(struct ugvt_drm_file *file, union ugvt_drm_args *args);
};

#define CORE(nr, member, function) \
	[nr] = {sizeof(((union ugvt_drm_args *)NULL)->member), ugvt_drm_do_##function}
#define I915(nr, member, function) CORE(DRM_COMMAND_BASE + (nr), member, function)

static const struct call calls[NUMBERS] = {
	CORE(0x00, version, version),
	CORE(0x09, gem_close, gem_close),
	CORE(0x0c, get_cap, get_cap),
	CORE(0x2d, prime_handle, prime_handle_to_fd),
	CORE(0x2e, prime_handle, prime_fd_to_handle),
	I915(DRM_I915_GETPARAM, getparam, getparam),
	I915(DRM_I915_GEM_BUSY, gem_busy, gem_busy),
	[DRM_COMMAND_BASE + DRM_I915_GEM_THROTTLE] = {0, ugvt_drm_do_gem_throttle},
	I915(DRM_I915_GEM_CREATE, gem_create, gem_create),
	I915(DRM_I915_GEM_CREATE_EXT, gem_create_ext, gem_create_ext),
	I915(DRM_I915_GEM_PREAD, gem_pread, gem_pread),
	I915(DRM_I915_GEM_PWRITE, gem_pwrite, gem_pwrite),
	I915(DRM_I915_GEM_MMAP, gem_mmap, gem_mmap),
	I915(DRM_I915_GEM_MMAP_GTT, gem_mmap_offset, gem_mmap_offset),
	I915(DRM_I915_GEM_SET_DOMAIN, gem_set_domain, gem_set_domain),
	I915(DRM_I915_GEM_SW_FINISH, gem_sw_finish, gem_sw_finish),
	I915(DRM_I915_GEM_SET_TILING, gem_set_tiling, gem_set_tiling),
	I915(DRM_I915_GEM_GET_TILING, gem_get_tiling, gem_get_tiling),
	I915(DRM_I915_GEM_GET_APERTURE, gem_get_aperture, gem_get_aperture),
	I915(DRM_I915_GEM_MADVISE, gem_madvise, gem_madvise),
	I915(DRM_I915_GEM_EXECBUFFER2, execbuffer2, execbuffer2),
	I915(DRM_I915_GEM_WAIT, gem_wait, gem_wait),
	I915(DRM_I915_GEM_CONTEXT_CREATE, context_create, context_create),
	I915(DRM_I915_GEM_CONTEXT_DESTROY, context_destroy, context_destroy),
	I915(DRM_I915_GEM_SET_CACHING, gem_caching, gem_set_caching),
	I915(DRM_I915_GEM_GET_CACHING, gem_caching, gem_get_caching),
	I915(DRM_I915_REG_READ, reg_read, reg_read),
	I915(DRM_I915_GET_RESET_STATS, reset_stats, reset_stats),
	I915(DRM_I915_GEM_USERPTR, gem_userptr, gem_userptr),
	I915(DRM_I915_GEM_CONTEXT_GETPARAM, context_param, context_getparam),
	I915(DRM_I915_GEM_CONTEXT_SETPARAM, context_param, context_setparam),
	I915(DRM_I915_QUERY, query, query),
	I915(DRM_I915_GEM_VM_CREATE, vm_control, vm_create),
	I915(DRM_I915_GEM_VM_DESTROY, vm_control, vm_destroy),
	CORE(0xbf, syncobj_create, syncobj_create),
	CORE(0xc0, syncobj_destroy, syncobj_destroy),
	CORE(0xc1, syncobj_handle, syncobj_handle_to_fd),
	CORE(0xc2, syncobj_handle, syncobj_fd_to_handle),
	CORE(0xc3, syncobj_wait, syncobj_wait),
	CORE(0xc4, syncobj_array, syncobj_reset),
	CORE(0xc5, syncobj_array, syncobj_signal),
	CORE(0xca, syncobj_timeline_wait, syncobj_timeline_wait),
	CORE(0xcb, syncobj_timeline_array, syncobj_query),
	CORE(0xcc, syncobj_transfer, syncobj_transfer),
	CORE(0xcd, syncobj_timeline_array, syncobj_timeline_signal),
};

/* Calls that exist, but not on a render node: names, authentication, mode setting, performance counters' configuration. */
static bool is_denied(unsigned nr)
{
	return (nr >= 0x01 && nr <= 0x0d) || (nr >= 0x10 && nr <= 0x12) ||
	       (nr >= 0x1e && nr <= 0x1f) || (nr >= 0xa0 && nr <= 0xbe) ||
	       nr == DRM_COMMAND_BASE + DRM_I915_SETPARAM ||
	       nr == DRM_COMMAND_BASE + DRM_I915_GEM_PIN ||
	       nr == DRM_COMMAND_BASE + DRM_I915_GEM_UNPIN;
}

static int call_missing(unsigned nr)
{
	if (nr == DRM_COMMAND_BASE + DRM_I915_PERF_OPEN ||
		nr == DRM_COMMAND_BASE + DRM_I915_PERF_ADD_CONFIG ||
		nr == DRM_COMMAND_BASE + DRM_I915_PERF_REMOVE_CONFIG) {
		return -EOPNOTSUPP;
	}
	return is_denied(nr) ? -EACCES : -EINVAL;
}

int ugvt_drm_file_ioctl(struct ugvt_drm_file *file, uint32_t request, uint64_t user)
{
	const struct call *call = &calls[_IOC_NR(request)];
	size_t size = UGVT_MIN((size_t)_IOC_SIZE(request), (size_t)call->size);
	union ugvt_drm_args args;
	int ret;

	if (_IOC_TYPE(request) != DRM_IOCTL_BASE) {
		return -ENOTTY;
	}
	if (!call->run) {
		return call_missing(_IOC_NR(request));
	}
	memset(&args, 0, sizeof(args));
	if ((_IOC_DIR(request) & _IOC_WRITE) && ugvt_user_read(&args, user, size) < 0) {
		return -EFAULT;
	}
	pthread_mutex_lock(&file->device->lock);
	ret = call->run(file, &args);
	pthread_mutex_unlock(&file->device->lock);
	/* As the kernel: also when it failed. */
	if ((_IOC_DIR(request) & _IOC_READ) && ugvt_user_write(user, &args, size) < 0) {
		return -EFAULT;
	}
	return ret;
}

int ugvt_drm_extension_read(uint64_t user, struct i915_user_extension *extension, unsigned *count)
{
	if (++*count > EXTENSIONS_MAX) {
		return -E2BIG;
	}
	if (ugvt_user_read(extension, user, sizeof(*extension)) < 0) {
		return -EFAULT;
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(extension->rsvd); i++) {
		if (extension->rsvd[i]) {
			return -EINVAL;
		}
	}
	return extension->flags ? -EINVAL : 0;
}
