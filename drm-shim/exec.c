/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "drm-shim/exec_fences.h"
#include "drm-shim/exec_relocs.h"
#include "drm-shim/executor.h"
#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

/*
 * execbuffer2: buffers to their addresses, what the batch has to wait for, and the job. What is refused, and how: i915
 * gem/i915_gem_execbuffer.c.
 */

#define OBJECTS_MAX (UINT32_C(1) << 20)
#define FLAGS_ILLEGAL                                                     \
	((uint64_t)__I915_EXEC_UNKNOWN_FLAGS | I915_EXEC_CONSTANTS_MASK | \
		I915_EXEC_RESOURCE_STREAMER)
/* From here down, where clients don't say. */
#define PLACE_END_32 ((UINT64_C(1) << 32) - UGVT_PAGE_SIZE)
#define PLACE_END_48 (UGVT_DRM_VM_SIZE - (UINT64_C(1) << 32))

struct exec {
	struct ugvt_drm_file *file;
	struct drm_i915_gem_execbuffer2 *args;
	struct drm_i915_gem_exec_object2 *objects;
	struct ugvt_drm_exec_fences fences;
	struct ugvt_drm_context *context;
	struct ugvt_drm_job *job;
	uint64_t serial;
};

static uint64_t canonical(uint64_t addr)
{
	return (uint64_t)((int64_t)(addr << 16) >> 16);
}

static int args_check(struct drm_i915_gem_execbuffer2 *args)
{
	if (args->buffer_count < 1 || args->buffer_count > OBJECTS_MAX ||
		(args->flags & FLAGS_ILLEGAL)) {
		return -EINVAL;
	}
	if (!(args->flags & (I915_EXEC_FENCE_ARRAY | I915_EXEC_USE_EXTENSIONS)) &&
		(args->num_cliprects || args->cliprects_ptr)) {
		return -EINVAL;
	}
	if (args->DR4 == UINT32_MAX) {
		args->DR4 = 0;
	}
	if (args->DR1 || args->DR4 || ((args->batch_start_offset | args->batch_len) & 7)) {
		return -EINVAL;
	}
	return args->flags & I915_EXEC_SECURE ? -EPERM : 0;
}

static int object_check(const struct drm_i915_gem_exec_object2 *object)
{
	if ((object->flags & (uint64_t)__EXEC_OBJECT_UNKNOWN_FLAGS) ||
		(object->alignment & (object->alignment - 1))) {
		return -EINVAL;
	}
	if ((object->flags & EXEC_OBJECT_PINNED) &&
		object->offset != canonical(object->offset & ~(uint64_t)(UGVT_PAGE_SIZE - 1))) {
		return -EINVAL;
	}
	if ((object->flags & EXEC_OBJECT_PAD_TO_SIZE) &&
		(object->pad_to_size & (UGVT_PAGE_SIZE - 1))) {
		return -EINVAL;
	}
	return 0;
}

static int objects_read(struct exec *exec)
{
	size_t count = exec->args->buffer_count;
	int ret = 0;

	exec->objects = calloc(count, sizeof(*exec->objects));
	if (!exec->objects) {
		return -ENOMEM;
	}
	if (ugvt_user_read(exec->objects, exec->args->buffers_ptr, count * sizeof(*exec->objects)) <
		0) {
		return -EFAULT;
	}
	for (size_t i = 0; ret == 0 && i < count; i++) {
		ret = object_check(&exec->objects[i]);
	}
	return ret;
}

/* The job holds what it uses, and so it stays whatever other threads close meanwhile. */
static int job_create(struct exec *exec)
{
	uint32_t count = exec->args->buffer_count;
	/* Any of them may be written to, or be named as the target of a write. */
	bool relocs = ugvt_drm_exec_has_relocs(exec->objects, count);
	struct ugvt_drm_job *job = calloc(1, sizeof(*job));

	exec->job = job;
	if (!job) {
		return -ENOMEM;
	}
	job->context = exec->context;
	ugvt_drm_object_lock(&job->context->object);
	job->fence = ugvt_drm_fence_create(exec->file->device, false);
	job->bos = calloc(count, sizeof(*job->bos));
	if (!job->fence || !job->bos) {
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct ugvt_drm_bo *bo = ugvt_drm_bo_find(exec->file, exec->objects[i].handle);

		if (!bo) {
			return -ENOENT;
		}
		ugvt_drm_object_lock(&bo->object);
		job->bos[job->count++] = (struct ugvt_drm_job_bo){
			bo, relocs || (exec->objects[i].flags & EXEC_OBJECT_WRITE)};
	}
	return ugvt_drm_context_select(
		exec->context, exec->args->flags & I915_EXEC_RING_MASK, &job->hw);
}

static int batch_check(const struct exec *exec, uint32_t *index)
{
	const struct drm_i915_gem_execbuffer2 *args = exec->args;
	uint64_t size;

	*index = args->flags & I915_EXEC_BATCH_FIRST ? 0 : args->buffer_count - 1;
	size = exec->job->bos[*index].bo->size;
	if (args->batch_start_offset >= size || args->batch_len > size - args->batch_start_offset) {
		return -EINVAL;
	}
	return 0;
}

/* The client may have given back what a user pointer leads to, or protected it. */
static int userptrs_probe(const struct exec *exec)
{
	for (uint32_t i = 0; i < exec->job->count; i++) {
		const struct ugvt_drm_bo *bo = exec->job->bos[i].bo;

		if (bo->kind == UGVT_DRM_BO_USERPTR &&
			ugvt_user_probe((uintptr_t)bo->host, bo->size, !bo->read_only) < 0) {
			return -EFAULT;
		}
	}
	return 0;
}

static uint64_t end_of_space(
	const struct drm_i915_gem_exec_object2 *object, uint64_t low, uint64_t high)
{
	return object->flags & EXEC_OBJECT_SUPPORTS_48B_ADDRESS ? high : low;
}

static int pinned_bind(struct exec *exec, uint32_t i)
{
	const struct drm_i915_gem_exec_object2 *object = &exec->objects[i];
	struct ugvt_drm_bo *bo = exec->job->bos[i].bo;
	uint64_t addr = object->offset & UGVT_GPU_ADDR_MASK;
	uint64_t end = end_of_space(object, PLACE_END_32, UGVT_DRM_VM_SIZE);

	if (addr >= end || bo->size > end - addr ||
		(object->alignment && (addr & (object->alignment - 1)))) {
		return -EINVAL;
	}
	return ugvt_drm_vm_bind(exec->context->vm, bo, addr, exec->serial);
}

/* Where it is, if that will do; else anywhere. */
static int floating_bind(struct exec *exec, uint32_t i)
{
	struct drm_i915_gem_exec_object2 *object = &exec->objects[i];
	struct ugvt_drm_bo *bo = exec->job->bos[i].bo;
	struct ugvt_drm_vm *vm = exec->context->vm;
	struct ugvt_drm_binding *binding = ugvt_drm_vm_binding(vm, bo);
	uint64_t end = end_of_space(object, PLACE_END_32, PLACE_END_48);
	uint64_t align = UGVT_MAX(object->alignment, (uint64_t)UGVT_PAGE_SIZE);
	uint64_t addr;
	int ret;

	if (binding && (binding->addr & (align - 1)) == 0 && binding->addr + bo->size <= end) {
		addr = binding->addr;
	} else {
		ret = ugvt_drm_vm_place(vm, bo->size, align, end, &addr);
		if (ret < 0) {
			return ret;
		}
	}
	object->offset = canonical(addr);
	return ugvt_drm_vm_bind(vm, bo, addr, exec->serial);
}

static int objects_bind(struct exec *exec)
{
	int ret = 0;

	exec->serial = ++exec->file->device->execs;
	for (uint32_t i = 0; ret == 0 && i < exec->job->count; i++) {
		if (exec->objects[i].flags & EXEC_OBJECT_PINNED) {
			ret = pinned_bind(exec, i);
		}
	}
	for (uint32_t i = 0; ret == 0 && i < exec->job->count; i++) {
		if (!(exec->objects[i].flags & EXEC_OBJECT_PINNED)) {
			ret = floating_bind(exec, i);
		}
	}
	return ret;
}

/* Until nothing is in the job's way. What was bound may have been moved while waiting, so that is done again. */
static int job_prepare(struct exec *exec)
{
	int ret;

	for (;;) {
		if (exec->context->banned) {
			return -EIO;
		}
		ret = ugvt_drm_job_is_blocked(exec->job) ? -EAGAIN : objects_bind(exec);
		if (ret != -EAGAIN) {
			return ret;
		}
		ugvt_drm_device_wait(exec->file->device, UINT64_MAX);
	}
}

/* One object must not be there twice: then its binding would have this serial already when it is bound. */
static int duplicates_check(struct exec *exec)
{
	uint64_t mark = ++exec->file->device->execs;

	for (uint32_t i = 0; i < exec->job->count; i++) {
		if (exec->job->bos[i].bo->mark == mark) {
			return -EINVAL;
		}
		exec->job->bos[i].bo->mark = mark;
	}
	return 0;
}

static int exec_prepare(struct exec *exec)
{
	uint32_t batch;
	int ret = job_create(exec);

	if (ret == 0) {
		ret = duplicates_check(exec);
	}
	if (ret == 0) {
		ret = batch_check(exec, &batch);
	}
	if (ret == 0) {
		ret = ugvt_drm_exec_fences_read(&exec->fences, exec->file, exec->args);
	}
	if (ret == 0) {
		ret = userptrs_probe(exec);
	}
	if (ret == 0) {
		ret = ugvt_drm_exec_fences_wait(&exec->fences, exec->file->device);
	}
	if (ret == 0) {
		ret = job_prepare(exec);
	}
	if (ret == 0) {
		ret = ugvt_drm_exec_relocate(
			exec->job, exec->objects, exec->args->flags & I915_EXEC_HANDLE_LUT);
	}
	if (ret == 0) {
		exec->job->addr = (exec->objects[batch].offset & UGVT_GPU_ADDR_MASK) +
				  exec->args->batch_start_offset;
		ret = ugvt_drm_exec_fences_signal(&exec->fences, exec->job->fence, exec->args);
	}
	return ret;
}

static int offsets_write(const struct exec *exec)
{
	for (uint32_t i = 0; i < exec->args->buffer_count; i++) {
		const struct drm_i915_gem_exec_object2 *object = &exec->objects[i];
		uint64_t user = exec->args->buffers_ptr + i * sizeof(*object) +
				offsetof(struct drm_i915_gem_exec_object2, offset);

		/* The batch runs already: a client that takes its memory away hears nothing. */
		if (!(object->flags & EXEC_OBJECT_PINNED)) {
			ugvt_user_write(user, &object->offset, sizeof(object->offset));
		}
	}
	return 0;
}

/* Nobody may wait for it for ever. */
static void job_abandon(struct ugvt_drm_job *job)
{
	if (job->fence) {
		ugvt_drm_fence_signal(job->fence);
	}
	ugvt_drm_job_destroy(job);
}

int ugvt_drm_do_execbuffer2(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct exec exec = {.file = file, .args = &args->execbuffer2};
	int ret = args_check(exec.args);

	if (ret == 0) {
		ret = objects_read(&exec);
	}
	if (ret == 0) {
		exec.context = ugvt_drm_context_find(file, (uint32_t)exec.args->rsvd1);
		ret = exec.context ? exec_prepare(&exec) : -ENOENT;
	}
	if (ret == 0) {
		ugvt_drm_job_begin(exec.job);
		file->device->executor->impl->submit(file->device->executor, exec.job);
		ret = offsets_write(&exec);
	} else if (exec.job) {
		job_abandon(exec.job);
	}
	ugvt_drm_exec_fences_finish(&exec.fences);
	free(exec.objects);
	return ret;
}
