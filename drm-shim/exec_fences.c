/* SPDX-License-Identifier: MIT */
#include "drm-shim/exec_fences.h"

#include <errno.h>
#include <stdlib.h>

#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

#define FENCES_MAX (UINT64_C(1) << 16)

static int fence_add(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_file *file,
	const struct drm_i915_gem_exec_fence *user, uint64_t point)
{
	struct ugvt_drm_exec_fence *fence = &fences->list[fences->count];

	if (user->flags & (uint32_t)__I915_EXEC_FENCE_UNKNOWN_FLAGS) {
		return -EINVAL;
	}
	fence->syncobj = ugvt_drm_syncobj_find(file, user->handle);
	if (!fence->syncobj) {
		return -ENOENT;
	}
	ugvt_drm_object_lock(&fence->syncobj->object);
	fences->count++;
	fence->point = point;
	fence->signal = user->flags & I915_EXEC_FENCE_SIGNAL;
	if (user->flags & I915_EXEC_FENCE_WAIT) {
		fence->wait = ugvt_drm_syncobj_fence(fence->syncobj, point);
		return fence->wait ? 0 : -EINVAL;
	}
	return 0;
}

/* values: the address of the points, or 0. */
static int array_read(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_file *file,
	const struct drm_i915_gem_execbuffer_ext_timeline_fences *array)
{
	struct drm_i915_gem_exec_fence user;
	uint64_t point = 0;
	int ret = 0;

	if (array->fence_count > FENCES_MAX) {
		return -EINVAL;
	}
	fences->list = calloc(array->fence_count + 1, sizeof(*fences->list));
	if (!fences->list) {
		return -ENOMEM;
	}
	for (uint64_t i = 0; ret == 0 && i < array->fence_count; i++) {
		if (ugvt_user_read(&user, array->handles_ptr + i * sizeof(user), sizeof(user)) <
				0 ||
			(array->values_ptr &&
				ugvt_user_read(&point, array->values_ptr + i * sizeof(point),
					sizeof(point)) < 0)) {
			return -EFAULT;
		}
		ret = fence_add(fences, file, &user, point);
	}
	return ret;
}

static int extensions_read(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_file *file,
	const struct drm_i915_gem_execbuffer2 *args)
{
	struct drm_i915_gem_execbuffer_ext_timeline_fences timeline;
	uint64_t user = args->cliprects_ptr;
	unsigned count = 0;
	int ret = args->num_cliprects || (args->flags & I915_EXEC_FENCE_ARRAY) ? -EINVAL : 0;

	while (ret == 0 && user) {
		ret = ugvt_drm_extension_read(user, &timeline.base, &count);
		if (ret == 0 &&
			(timeline.base.name != DRM_I915_GEM_EXECBUFFER_EXT_TIMELINE_FENCES ||
				fences->list)) {
			ret = -EINVAL;
		}
		if (ret == 0) {
			ret = ugvt_user_read(&timeline, user, sizeof(timeline));
		}
		if (ret == 0) {
			ret = array_read(fences, file, &timeline);
		}
		user = timeline.base.next_extension;
	}
	return ret;
}

int ugvt_drm_exec_fences_read(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_file *file,
	const struct drm_i915_gem_execbuffer2 *args)
{
	struct drm_i915_gem_execbuffer_ext_timeline_fences binary = {
		.fence_count = args->num_cliprects, .handles_ptr = args->cliprects_ptr};

	fences->with_signal_fd = args->flags & I915_EXEC_FENCE_OUT;
	fences->with_wait_fd = args->flags & (I915_EXEC_FENCE_IN | I915_EXEC_FENCE_SUBMIT);
	fences->wait_fd = (int)ugvt_lo32(args->rsvd2);
	if (args->flags & I915_EXEC_USE_EXTENSIONS) {
		return extensions_read(fences, file, args);
	}
	return args->flags & I915_EXEC_FENCE_ARRAY ? array_read(fences, file, &binary) : 0;
}

int ugvt_drm_exec_fences_wait(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_device *device)
{
	for (size_t i = 0; i < fences->count; i++) {
		while (fences->list[i].wait && !fences->list[i].wait->signalled) {
			ugvt_drm_device_wait(device, UINT64_MAX);
		}
	}
	return fences->with_wait_fd ? ugvt_drm_fence_wait_fd(device, fences->wait_fd) : 0;
}

int ugvt_drm_exec_fences_signal(struct ugvt_drm_exec_fences *fences, struct ugvt_drm_fence *fence,
	struct drm_i915_gem_execbuffer2 *args)
{
	int fd = 0;
	int ret = 0;

	if (fences->with_signal_fd) {
		fd = ugvt_drm_fence_export(fence);
		if (fd < 0) {
			return fd;
		}
		args->rsvd2 = (args->rsvd2 & UINT32_MAX) | (uint64_t)(uint32_t)fd << 32;
	}
	for (size_t i = 0; ret == 0 && i < fences->count; i++) {
		if (fences->list[i].signal) {
			ret = ugvt_drm_syncobj_set(
				fences->list[i].syncobj, fence, fences->list[i].point);
		}
	}
	return ret;
}

void ugvt_drm_exec_fences_finish(struct ugvt_drm_exec_fences *fences)
{
	for (size_t i = 0; i < fences->count; i++) {
		ugvt_drm_fence_unlock(fences->list[i].wait);
		ugvt_drm_object_unlock(&fences->list[i].syncobj->object);
	}
	free(fences->list);
}
