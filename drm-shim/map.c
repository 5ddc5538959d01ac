/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <i915_drm.h>
#include <sys/mman.h>

#include "drm-shim/bo.h"
#include "drm-shim/ioctl.h"

/*
 * Buffers in the client's address space. The offsets that mmap() gets are made from handles. A mapping is a second one of
 * the same pages: mremap() makes that of shared memory when the old size is 0, so no descriptor is needed.
 */

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static bool is_mappable(const struct ugvt_drm_bo *bo)
{
	return bo->kind != UGVT_DRM_BO_USERPTR;
}

/* The place that the client wants, if it says so, must be taken first where nothing may be replaced. */
static int place_take(const struct ugvt_drm_mmap *request)
{
	void *place;

	if (!(request->flags & MAP_FIXED_NOREPLACE)) {
		return 0;
	}
	place = mmap(request->addr, request->size, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	return place == MAP_FAILED ? -errno : 0;
}

static int pages_map(char *host, const struct ugvt_drm_mmap *request, void **addr)
{
	bool fixed = request->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE);
	int ret = place_take(request);

	if (ret < 0) {
		return ret;
	}
	*addr = fixed ? mremap(host, 0, request->size, MREMAP_MAYMOVE | MREMAP_FIXED, request->addr)
		      : mremap(host, 0, request->size, MREMAP_MAYMOVE);
	if (*addr == MAP_FAILED) {
		return -errno;
	}
	if (request->prot != (PROT_READ | PROT_WRITE) &&
		mprotect(*addr, request->size, request->prot) < 0) {
		ret = -errno;
		munmap(*addr, request->size);
	}
	return ret;
}

int ugvt_drm_file_mmap(struct ugvt_drm_file *file, const struct ugvt_drm_mmap *request, void **addr)
{
	uint64_t offset = request->offset & (UGVT_DRM_BO_SIZE_MAX - 1);
	struct ugvt_drm_mmap rounded = *request;
	struct ugvt_drm_bo *bo;
	int ret = -EINVAL;

	rounded.size = UGVT_ALIGN_UP(request->size, UGVT_PAGE_SIZE);
	pthread_mutex_lock(&file->device->lock);
	bo = ugvt_drm_bo_find(file, (uint32_t)(request->offset >> UGVT_DRM_OFFSET_SHIFT));
	if (bo && is_mappable(bo) && offset % UGVT_PAGE_SIZE == 0 && request->size > 0 &&
		rounded.size >= request->size && offset < bo->size &&
		rounded.size <= bo->size - offset) {
		ret = pages_map(bo->host + offset, &rounded, addr);
	}
	pthread_mutex_unlock(&file->device->lock);
	return ret;
}

/* What a mapping through the aperture of a tiled buffer shows, untiled pixels, memory can't. */
static bool type_is_good(const struct ugvt_drm_bo *bo, uint64_t type)
{
	return type == I915_MMAP_OFFSET_GTT ? bo->tiling == I915_TILING_NONE
					    : type != I915_MMAP_OFFSET_FIXED;
}

int ugvt_drm_do_gem_mmap_offset(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_mmap_offset *map = &args->gem_mmap_offset;
	const struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, map->handle);

	if (map->extensions || map->flags > I915_MMAP_OFFSET_FIXED) {
		return -EINVAL;
	}
	if (!bo) {
		return -ENOENT;
	}
	if (!is_mappable(bo) || !type_is_good(bo, map->flags)) {
		return -ENODEV;
	}
	map->offset = (uint64_t)map->handle << UGVT_DRM_OFFSET_SHIFT;
	return 0;
}

int ugvt_drm_do_gem_mmap(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_mmap *map = &args->gem_mmap;
	const struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, map->handle);
	struct ugvt_drm_mmap request = {.prot = PROT_READ | PROT_WRITE};
	void *addr;
	int ret;

	if (map->flags & ~(uint64_t)I915_MMAP_WC) {
		return -EINVAL;
	}
	if (!bo) {
		return -ENOENT;
	}
	if (bo->kind != UGVT_DRM_BO_MEMORY) {
		return -ENXIO;
	}
	if (map->size == 0 || map->offset % UGVT_PAGE_SIZE || map->offset >= bo->size ||
		map->size > bo->size - map->offset) {
		return -EINVAL;
	}
	request.size = UGVT_ALIGN_UP(map->size, UGVT_PAGE_SIZE);
	ret = pages_map(bo->host + map->offset, &request, &addr);
	map->addr_ptr = ret == 0 ? (uintptr_t)addr : 0;
	return ret;
}
