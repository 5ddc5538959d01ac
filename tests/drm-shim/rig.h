/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_DRM_SHIM_RIG_H
#define UGVT_TESTS_DRM_SHIM_RIG_H

#include <drm.h>
#include <i915_drm.h>

#include "drm-shim/device.h"

/* For tests: a Skylake with one open file, and calls on it as a client makes them, which abort where they fail. */

#define RIG_BATCH UINT64_C(0x100000000)
#define RIG_DATA UINT64_C(0x200000000)

struct rig {
	struct ugvt_drm_device *device;
	struct ugvt_drm_file *file;
};

void rig_init(struct rig *rig, uint64_t deadline_ms);
/* One that records to trace. */
void rig_init_trace(struct rig *rig, uint64_t deadline_ms, const char *trace);
void rig_finish(struct rig *rig);

/* 0, or -errno. */
int rig_try(struct rig *rig, unsigned long request, void *args);
void rig_call(struct rig *rig, unsigned long request, void *args);

uint32_t rig_create(struct rig *rig, uint64_t size);
void rig_close(struct rig *rig, uint32_t handle);
void *rig_map(struct rig *rig, uint32_t handle, uint64_t size);
/* Creates, and maps for writing. */
uint32_t *rig_buffer(struct rig *rig, uint64_t size, uint32_t *handle);

/* A batch and what it uses: objects[0] is the batch. */
struct rig_exec {
	struct drm_i915_gem_exec_object2 objects[4];
	struct drm_i915_gem_execbuffer2 args;
	uint32_t *dw; // the batch, mapped
	unsigned n;
};

/* One that has a batch buffer of 64 KB, on the render engine of the default context. */
void rig_exec_init(struct rig *rig, struct rig_exec *exec);
void rig_exec_finish(struct rig *rig, struct rig_exec *exec);
/* Adds a buffer at addr. */
void rig_exec_use(struct rig_exec *exec, uint32_t handle, uint64_t addr);
void rig_emit(struct rig_exec *exec, const uint32_t *dw, unsigned n);
/* Commands. */
void rig_store(struct rig_exec *exec, uint64_t addr, uint32_t value);
void rig_copy(struct rig_exec *exec, uint64_t to, uint64_t from);
/* Ends the batch, executes it, and empties it again. 0 or -errno. */
int rig_exec_run(struct rig *rig, struct rig_exec *exec);

uint32_t rig_syncobj(struct rig *rig, uint32_t flags);

#endif
