/* SPDX-License-Identifier: MIT */
#include "drm-shim/vm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drm-shim/executor.h"

/* Nothing is placed below, so that address 0 and what is near it faults. */
#define PLACE_MIN UINT64_C(0x10000)

static struct ugvt_drm_vm *vm_from_object(struct ugvt_drm_object *object)
{
	return ugvt_container_of(object, struct ugvt_drm_vm, object);
}

/* Index of the first binding that ends behind addr. */
static size_t binding_at(const struct ugvt_drm_vm *vm, uint64_t addr)
{
	size_t lo = 0, hi = vm->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (vm->bindings[mid]->addr + vm->bindings[mid]->bo->size <= addr) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo;
}

static void binding_remove(struct ugvt_drm_binding *binding)
{
	struct ugvt_drm_vm *vm = binding->vm;
	size_t at = binding_at(vm, binding->addr);

	ugvt_guest_memory_unmap(vm->memory, binding->addr, binding->bo->size, NULL);
	vm->count--;
	memmove(&vm->bindings[at], &vm->bindings[at + 1],
		(vm->count - at) * sizeof(struct ugvt_drm_binding *));
	ugvt_list_remove(&binding->link);
	free(binding);
}

static void vm_destroy(struct ugvt_drm_object *object)
{
	struct ugvt_drm_vm *vm = vm_from_object(object);

	ugvt_drm_executor_forget(vm->device->executor, vm->id);
	while (vm->count > 0) {
		binding_remove(vm->bindings[vm->count - 1]);
	}
	free(vm->bindings);
	ugvt_guest_memory_destroy(vm->memory);
	free(vm);
}

static const struct ugvt_drm_object_impl vm_impl = {
	.destroy = vm_destroy,
};

struct ugvt_drm_vm *ugvt_drm_vm_create(struct ugvt_drm_device *device)
{
	struct ugvt_drm_vm *vm = calloc(1, sizeof(*vm));

	if (!vm) {
		return NULL;
	}
	vm->memory = ugvt_guest_memory_create();
	if (!vm->memory) {
		free(vm);
		return NULL;
	}
	ugvt_guest_memory_set_max(vm->memory, UGVT_DRM_HANDLES_MAX);
	ugvt_drm_object_init(&vm->object, &vm_impl);
	vm->device = device;
	vm->id = ++device->ids;
	return vm;
}

struct ugvt_drm_vm *ugvt_drm_vm_find(const struct ugvt_drm_file *file, uint32_t id)
{
	struct ugvt_drm_object *object = ugvt_drm_table_find(&file->vms, id);

	return object ? vm_from_object(object) : NULL;
}

struct ugvt_drm_binding *ugvt_drm_vm_binding(
	const struct ugvt_drm_vm *vm, const struct ugvt_drm_bo *bo)
{
	struct ugvt_drm_binding *binding;

	ugvt_list_for_each(binding, &bo->bindings, link) {
		if (binding->vm == vm) {
			return binding;
		}
	}
	return NULL;
}

/* May binding go for the sake of this exec? */
static int binding_evict(struct ugvt_drm_binding *binding, uint64_t exec)
{
	if (binding->exec == exec) {
		return -ENOSPC;
	}
	if (ugvt_drm_bo_is_busy(binding->bo, true)) {
		return -EAGAIN;
	}
	binding_remove(binding);
	return 0;
}

static int room_make(struct ugvt_drm_vm *vm, uint64_t addr, uint64_t size, uint64_t exec)
{
	size_t at = binding_at(vm, addr);
	int ret = 0;

	while (ret == 0 && at < vm->count && vm->bindings[at]->addr < addr + size) {
		ret = binding_evict(vm->bindings[at], exec);
	}
	return ret;
}

static bool bindings_grow(struct ugvt_drm_vm *vm)
{
	size_t capacity = UGVT_MAX(vm->capacity * 2, (size_t)64);
	struct ugvt_drm_binding **bindings;

	if (vm->count < vm->capacity) {
		return true;
	}
	bindings = realloc(vm->bindings, capacity * sizeof(struct ugvt_drm_binding *));
	if (!bindings) {
		return false;
	}
	vm->bindings = bindings;
	vm->capacity = capacity;
	return true;
}

static int binding_add(struct ugvt_drm_vm *vm, struct ugvt_drm_bo *bo, uint64_t addr, uint64_t exec)
{
	struct ugvt_drm_binding *binding = calloc(1, sizeof(*binding));
	struct ugvt_guest_range range = {
		.gpa = addr,
		.size = bo->size,
		.host = bo->host,
		.prot = UGVT_PROT_READ | (bo->read_only ? 0 : UGVT_PROT_WRITE),
	};
	size_t at = binding_at(vm, addr);

	if (!binding || !bindings_grow(vm) || ugvt_guest_memory_map(vm->memory, &range) < 0) {
		free(binding);
		return -ENOMEM;
	}
	*binding = (struct ugvt_drm_binding){.vm = vm, .bo = bo, .addr = addr, .exec = exec};
	ugvt_list_append(&bo->bindings, &binding->link);
	memmove(&vm->bindings[at + 1], &vm->bindings[at],
		(vm->count - at) * sizeof(struct ugvt_drm_binding *));
	vm->bindings[at] = binding;
	vm->count++;
	return 0;
}

int ugvt_drm_vm_bind(struct ugvt_drm_vm *vm, struct ugvt_drm_bo *bo, uint64_t addr, uint64_t exec)
{
	struct ugvt_drm_binding *binding = ugvt_drm_vm_binding(vm, bo);
	int ret;

	if (binding && binding->addr == addr) {
		binding->exec = exec;
		return 0;
	}
	if (binding) {
		ret = binding_evict(binding, exec);
		if (ret < 0) {
			return ret;
		}
	}
	ret = room_make(vm, addr, bo->size, exec);
	return ret < 0 ? ret : binding_add(vm, bo, addr, exec);
}

int ugvt_drm_vm_place(
	struct ugvt_drm_vm *vm, uint64_t size, uint64_t align, uint64_t end, uint64_t *addr)
{
	/* From the top down, as the drivers themselves do. */
	for (size_t at = binding_at(vm, end); size <= end; at--) {
		uint64_t floor = PLACE_MIN;

		*addr = (end - size) & ~(align - 1);
		if (at > 0) {
			floor = vm->bindings[at - 1]->addr + vm->bindings[at - 1]->bo->size;
		}
		if (*addr >= UGVT_MAX(floor, PLACE_MIN) &&
			(at == vm->count || *addr + size <= vm->bindings[at]->addr)) {
			return 0;
		}
		if (at == 0) {
			break;
		}
		end = UGVT_MIN(end, vm->bindings[at - 1]->addr);
	}
	return -ENOSPC;
}

void ugvt_drm_bo_unbind(struct ugvt_drm_bo *bo)
{
	struct ugvt_drm_binding *binding, *next;

	ugvt_list_for_each_safe(binding, next, &bo->bindings, link) {
		binding_remove(binding);
	}
}
