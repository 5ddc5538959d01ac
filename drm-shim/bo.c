/* SPDX-License-Identifier: MIT */
#include "drm-shim/bo.h"

#include <errno.h>
#include <i915_drm.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drm-shim/executor.h"
#include "drm-shim/vm.h"

static struct ugvt_drm_bo *bo_from_object(struct ugvt_drm_object *object)
{
	return ugvt_container_of(object, struct ugvt_drm_bo, object);
}

static void bo_destroy(struct ugvt_drm_object *object)
{
	struct ugvt_drm_bo *bo = bo_from_object(object);

	ugvt_drm_bo_unbind(bo);
	ugvt_drm_executor_forget(bo->device->executor, bo->id);
	ugvt_trace_memory_finish(&bo->memory);
	ugvt_list_remove(&bo->link);
	if (bo->kind != UGVT_DRM_BO_USERPTR) {
		munmap(bo->host, bo->size);
	}
	if (bo->fd >= 0) {
		close(bo->fd);
	}
	free(bo);
}

static const struct ugvt_drm_object_impl bo_impl = {
	.destroy = bo_destroy,
};

static struct ugvt_drm_bo *bo_new(
	struct ugvt_drm_device *device, enum ugvt_drm_bo_kind kind, char *host, uint64_t size)
{
	struct ugvt_drm_bo *bo = calloc(1, sizeof(*bo));

	if (!bo) {
		return NULL;
	}
	ugvt_drm_object_init(&bo->object, &bo_impl);
	bo->device = device;
	bo->id = ++device->ids;
	bo->kind = kind;
	bo->host = host;
	bo->size = size;
	bo->fd = -1;
	bo->caching = I915_CACHING_CACHED; // as with a last level cache that the GPU shares
	ugvt_list_init(&bo->bindings);
	ugvt_list_append(&device->bos, &bo->link);
	return bo;
}

int ugvt_drm_bo_create(struct ugvt_drm_device *device, uint64_t size, struct ugvt_drm_bo **bo)
{
	void *host;

	if (size == 0) {
		return -EINVAL;
	}
	if (size > UGVT_DRM_BO_SIZE_MAX) {
		return -E2BIG;
	}
	size = UGVT_ALIGN_UP(size, UGVT_PAGE_SIZE);
	host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
		-1, 0);
	if (host == MAP_FAILED) {
		return -ENOMEM;
	}
	*bo = bo_new(device, UGVT_DRM_BO_MEMORY, host, size);
	if (!*bo) {
		munmap(host, size);
		return -ENOMEM;
	}
	return 0;
}

int ugvt_drm_bo_create_userptr(
	struct ugvt_drm_device *device, void *host, uint64_t size, struct ugvt_drm_bo **bo)
{
	*bo = bo_new(device, UGVT_DRM_BO_USERPTR, host, size);
	return *bo ? 0 : -ENOMEM;
}

int ugvt_drm_bo_create_foreign(
	struct ugvt_drm_device *device, int fd, uint64_t size, struct ugvt_drm_bo **bo)
{
	struct stat st;
	void *host;

	size = size / UGVT_PAGE_SIZE * UGVT_PAGE_SIZE;
	if (size == 0 || size > UGVT_DRM_BO_SIZE_MAX || fstat(fd, &st) < 0) {
		return -EINVAL;
	}
	host = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (host == MAP_FAILED) {
		return -EINVAL;
	}
	*bo = bo_new(device, UGVT_DRM_BO_FOREIGN, host, size);
	if (!*bo) {
		munmap(host, size);
		return -ENOMEM;
	}
	(*bo)->fd = fd;
	(*bo)->dev = st.st_dev;
	(*bo)->ino = st.st_ino;
	return 0;
}

struct ugvt_drm_bo *ugvt_drm_bo_find_memory(struct ugvt_drm_device *device, dev_t dev, ino_t ino)
{
	struct ugvt_drm_bo *bo;

	ugvt_list_for_each(bo, &device->bos, link) {
		if (bo->fd >= 0 && bo->dev == dev && bo->ino == ino) {
			return bo;
		}
	}
	return NULL;
}

struct ugvt_drm_bo *ugvt_drm_bo_find(const struct ugvt_drm_file *file, uint32_t handle)
{
	struct ugvt_drm_object *object = ugvt_drm_table_find(&file->bos, handle);

	return object ? bo_from_object(object) : NULL;
}

int ugvt_drm_bo_handle(struct ugvt_drm_file *file, struct ugvt_drm_bo *bo, uint32_t *handle)
{
	int ret = ugvt_drm_table_add(&file->bos, &bo->object, handle);

	if (ret < 0) {
		ugvt_drm_object_unlock(&bo->object);
	}
	return ret;
}

bool ugvt_drm_bo_is_busy(const struct ugvt_drm_bo *bo, bool for_write)
{
	return bo->writers > 0 || (for_write && bo->readers > 0);
}

bool ugvt_drm_bo_wait(struct ugvt_drm_bo *bo, bool for_write, uint64_t deadline_ns)
{
	bool good = true;

	ugvt_drm_object_lock(&bo->object);
	while (good && ugvt_drm_bo_is_busy(bo, for_write)) {
		good = ugvt_drm_device_wait(bo->device, deadline_ns);
	}
	good = !ugvt_drm_bo_is_busy(bo, for_write);
	ugvt_drm_object_unlock(&bo->object);
	return good;
}
