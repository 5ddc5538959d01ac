/* SPDX-License-Identifier: MIT */
#include "tests/drm-shim/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"

#define BATCH_SIZE 0x10000
#define BATCH_END 0x05000000u

static void check(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "rig: %s failed\n", what);
		abort();
	}
}

void rig_init(struct rig *rig, uint64_t deadline_ms)
{
	rig_init_trace(rig, deadline_ms, NULL);
}

void rig_init_trace(struct rig *rig, uint64_t deadline_ms, const char *trace)
{
	rig->device = ugvt_drm_device_create(&(struct ugvt_drm_device_config){
		.info = ugvt_device_find("skl"),
		.deadline_ns = deadline_ms * UGVT_NS_PER_MS,
		.trace = trace,
	});
	check(rig->device, "create");
	rig->file = ugvt_drm_file_open(rig->device);
	check(rig->file, "open");
}

void rig_finish(struct rig *rig)
{
	ugvt_drm_file_close(rig->file);
	ugvt_drm_device_destroy(rig->device);
}

int rig_try(struct rig *rig, unsigned long request, void *args)
{
	return ugvt_drm_file_ioctl(rig->file, (uint32_t)request, (uintptr_t)args);
}

void rig_call(struct rig *rig, unsigned long request, void *args)
{
	int ret = rig_try(rig, request, args);

	if (ret < 0) {
		fprintf(stderr, "rig: ioctl %#lx: %s\n", request, strerror(-ret));
		abort();
	}
}

uint32_t rig_create(struct rig *rig, uint64_t size)
{
	struct drm_i915_gem_create create = {.size = size};

	rig_call(rig, DRM_IOCTL_I915_GEM_CREATE, &create);
	return create.handle;
}

void rig_close(struct rig *rig, uint32_t handle)
{
	rig_call(rig, DRM_IOCTL_GEM_CLOSE, &(struct drm_gem_close){.handle = handle});
}

void *rig_map(struct rig *rig, uint32_t handle, uint64_t size)
{
	struct drm_i915_gem_mmap_offset map = {.handle = handle, .flags = I915_MMAP_OFFSET_WB};
	struct ugvt_drm_mmap request = {
		.size = size, .prot = PROT_READ | PROT_WRITE, .flags = MAP_SHARED};
	void *addr = NULL;

	rig_call(rig, DRM_IOCTL_I915_GEM_MMAP_OFFSET, &map);
	request.offset = map.offset;
	check(ugvt_drm_file_mmap(rig->file, &request, &addr) == 0, "mmap");
	return addr;
}

uint32_t *rig_buffer(struct rig *rig, uint64_t size, uint32_t *handle)
{
	*handle = rig_create(rig, size);
	return rig_map(rig, *handle, size);
}

void rig_exec_init(struct rig *rig, struct rig_exec *exec)
{
	uint32_t handle;

	*exec = (struct rig_exec){0};
	exec->dw = rig_buffer(rig, BATCH_SIZE, &handle);
	exec->args.buffers_ptr = (uintptr_t)exec->objects;
	exec->args.flags = I915_EXEC_RENDER | I915_EXEC_NO_RELOC | I915_EXEC_HANDLE_LUT |
			   I915_EXEC_BATCH_FIRST;
	rig_exec_use(exec, handle, RIG_BATCH);
}

void rig_exec_finish(struct rig *rig, struct rig_exec *exec)
{
	munmap(exec->dw, BATCH_SIZE);
	rig_close(rig, exec->objects[0].handle);
}

void rig_exec_use(struct rig_exec *exec, uint32_t handle, uint64_t addr)
{
	exec->objects[exec->args.buffer_count++] = (struct drm_i915_gem_exec_object2){
		.handle = handle,
		.offset = addr,
		.flags = EXEC_OBJECT_PINNED | EXEC_OBJECT_SUPPORTS_48B_ADDRESS | EXEC_OBJECT_WRITE,
	};
}

void rig_emit(struct rig_exec *exec, const uint32_t *dw, unsigned n)
{
	memcpy(exec->dw + exec->n, dw, n * sizeof(*dw));
	exec->n += n;
}

void rig_store(struct rig_exec *exec, uint64_t addr, uint32_t value)
{
	rig_emit(exec, (uint32_t[]){0x10000002, ugvt_lo32(addr), ugvt_hi32(addr), value}, 4);
}

void rig_copy(struct rig_exec *exec, uint64_t to, uint64_t from)
{
	rig_emit(exec,
		(uint32_t[]){
			0x17000003, ugvt_lo32(to), ugvt_hi32(to), ugvt_lo32(from), ugvt_hi32(from)},
		5);
}

int rig_exec_run(struct rig *rig, struct rig_exec *exec)
{
	rig_emit(exec, (uint32_t[]){BATCH_END, 0}, 2);
	exec->n = 0;
	return rig_try(rig, DRM_IOCTL_I915_GEM_EXECBUFFER2_WR, &exec->args);
}

uint32_t rig_syncobj(struct rig *rig, uint32_t flags)
{
	struct drm_syncobj_create create = {.flags = flags};

	rig_call(rig, DRM_IOCTL_SYNCOBJ_CREATE, &create);
	return create.handle;
}
