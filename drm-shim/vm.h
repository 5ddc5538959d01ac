/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_VM_H
#define UGVT_DRM_SHIM_VM_H

#include "device/guest_memory.h"
#include "drm-shim/bo.h"

/*
 * An address space of the GPU: buffers at addresses. It is a guest memory whose ranges are the buffers' memory, so that an
 * address becomes a pointer by a comparison and an addition (UGVT_ASPACE_FLAT), and an address where nothing is faults. A buffer
 * stays where the client put it until it is closed, or put elsewhere, or another takes its place.
 */

#define UGVT_DRM_VM_SIZE (UINT64_C(1) << 48)

struct ugvt_drm_vm {
	struct ugvt_drm_object object;
	struct ugvt_drm_device *device;
	struct ugvt_guest_memory *memory;
	struct ugvt_drm_binding **bindings; // sorted by address, disjoint
	size_t count;
	size_t capacity;
	uint64_t id;
};

struct ugvt_drm_binding {
	struct ugvt_drm_vm *vm;
	struct ugvt_drm_bo *bo;
	struct ugvt_list link; // in bo->bindings
	uint64_t addr;
	uint64_t exec; // that used it last, of device->execs
};

struct ugvt_drm_vm *ugvt_drm_vm_create(struct ugvt_drm_device *device); // NULL: out of memory
struct ugvt_drm_vm *ugvt_drm_vm_find(const struct ugvt_drm_file *file, uint32_t id);

/* Where bo is in vm, or NULL. */
struct ugvt_drm_binding *ugvt_drm_vm_binding(
	const struct ugvt_drm_vm *vm, const struct ugvt_drm_bo *bo);
/* Puts bo at addr for the current exec. -EAGAIN: a batch that is under way uses what has to give way, wait; -ENOSPC: this exec
 * does itself; -ENOMEM. */
int ugvt_drm_vm_bind(struct ugvt_drm_vm *vm, struct ugvt_drm_bo *bo, uint64_t addr, uint64_t exec);
/* A free place of size bytes, aligned, that ends at or below end; -ENOSPC. */
int ugvt_drm_vm_place(
	struct ugvt_drm_vm *vm, uint64_t size, uint64_t align, uint64_t end, uint64_t *addr);
/* Takes bo out of all address spaces. */
void ugvt_drm_bo_unbind(struct ugvt_drm_bo *bo);

#endif
