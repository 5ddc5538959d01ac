/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <i915_drm.h>
#include <limits.h>

#include "base/clock.h"
#include "drm-shim/bo.h"
#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

/* Calls about buffers: i915 gem/. */

#define MAX_PITCH_TILES 0x800u // of a fence register, 128 bytes each
#define EXEC_CLASS_SHIFT 16    // in drm_i915_gem_busy

int ugvt_drm_do_gem_close(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	return ugvt_drm_table_remove(&file->bos, args->gem_close.handle) ? 0 : -EINVAL;
}

int ugvt_drm_do_gem_create(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_create *create = &args->gem_create;
	struct ugvt_drm_bo *bo;
	int ret = ugvt_drm_bo_create(file->device, create->size, &bo);

	if (ret == 0) {
		create->size = bo->size;
		ret = ugvt_drm_bo_handle(file, bo, &create->handle);
	}
	return ret;
}

/* Places that a buffer may be in: system memory is the only one. */
static int regions_check(uint64_t user)
{
	struct drm_i915_gem_create_ext_memory_regions regions;
	struct drm_i915_gem_memory_class_instance region;

	if (ugvt_user_read(&regions, user, sizeof(regions)) < 0) {
		return -EFAULT;
	}
	if (regions.pad || regions.num_regions != 1) {
		return -EINVAL;
	}
	if (ugvt_user_read(&region, regions.regions, sizeof(region)) < 0) {
		return -EFAULT;
	}
	return region.memory_class == I915_MEMORY_CLASS_SYSTEM && region.memory_instance == 0
		       ? 0
		       : -EINVAL;
}

static int create_extensions_check(uint64_t user)
{
	struct i915_user_extension extension;
	unsigned count = 0;
	int ret = 0;

	while (ret == 0 && user) {
		ret = ugvt_drm_extension_read(user, &extension, &count);
		if (ret == 0) {
			switch (extension.name) {
			case I915_GEM_CREATE_EXT_MEMORY_REGIONS: ret = regions_check(user); break;
			case I915_GEM_CREATE_EXT_PROTECTED_CONTENT: ret = -ENODEV; break;
			default: ret = -EINVAL; break;
			}
		}
		user = extension.next_extension;
	}
	return ret;
}

int ugvt_drm_do_gem_create_ext(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_create_ext *create = &args->gem_create_ext;
	struct ugvt_drm_bo *bo;
	/* All memory can be reached from the CPU; the flag is for devices where that is not so. */
	int ret = create->flags ? -EINVAL : create_extensions_check(create->extensions);

	if (ret == 0) {
		ret = ugvt_drm_bo_create(file->device, create->size, &bo);
	}
	if (ret == 0) {
		create->size = bo->size;
		ret = ugvt_drm_bo_handle(file, bo, &create->handle);
	}
	return ret;
}

static int userptr_check(const struct drm_i915_gem_userptr *userptr)
{
	const uint32_t known =
		I915_USERPTR_READ_ONLY | I915_USERPTR_PROBE | I915_USERPTR_UNSYNCHRONIZED;

	if (userptr->flags & ~known) {
		return -EINVAL;
	}
	if (userptr->user_size > UGVT_DRM_BO_SIZE_MAX) {
		return -E2BIG;
	}
	if (userptr->user_size == 0 ||
		((userptr->user_ptr | userptr->user_size) & (UGVT_PAGE_SIZE - 1))) {
		return -EINVAL;
	}
	if (userptr->user_ptr > INT64_MAX - userptr->user_size) {
		return -EFAULT;
	}
	if (userptr->flags & I915_USERPTR_UNSYNCHRONIZED) {
		return -ENODEV;
	}
	return userptr->flags & I915_USERPTR_PROBE
		       ? ugvt_user_probe(userptr->user_ptr, userptr->user_size,
				 !(userptr->flags & I915_USERPTR_READ_ONLY))
		       : 0;
}

int ugvt_drm_do_gem_userptr(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_userptr *userptr = &args->gem_userptr;
	struct ugvt_drm_bo *bo;
	int ret = userptr_check(userptr);

	if (ret == 0) {
		ret = ugvt_drm_bo_create_userptr(file->device, (void *)(uintptr_t)userptr->user_ptr,
			userptr->user_size, &bo);
	}
	if (ret == 0) {
		bo->read_only = userptr->flags & I915_USERPTR_READ_ONLY;
		ret = ugvt_drm_bo_handle(file, bo, &userptr->handle);
	}
	return ret;
}

/* The buffer that pread and pwrite name a part of, with a reference, when it is idle; NULL, and *ret, if that can't be. */
static struct ugvt_drm_bo *part_begin(
	struct ugvt_drm_file *file, const struct drm_i915_gem_pread *part, bool write, int *ret)
{
	struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, part->handle);

	*ret = -ENOENT;
	if (!bo) {
		return NULL;
	}
	*ret = -EINVAL;
	if (part->offset > bo->size || part->size > bo->size - part->offset) {
		return NULL;
	}
	*ret = -ENODEV;
	if (bo->kind == UGVT_DRM_BO_USERPTR) {
		return NULL;
	}
	ugvt_drm_object_lock(&bo->object);
	ugvt_drm_bo_wait(bo, write, UINT64_MAX);
	return bo;
}

int ugvt_drm_do_gem_pread(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_pread *pread = &args->gem_pread;
	int ret;
	struct ugvt_drm_bo *bo = part_begin(file, pread, false, &ret);

	if (bo) {
		ret = ugvt_user_write(pread->data_ptr, bo->host + pread->offset, pread->size);
		ugvt_drm_object_unlock(&bo->object);
	}
	return ret;
}

/* The two calls' arguments have one layout. */
int ugvt_drm_do_gem_pwrite(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_pwrite *pwrite = &args->gem_pwrite;
	int ret;
	struct ugvt_drm_bo *bo = part_begin(file, &args->gem_pread, true, &ret);

	if (bo) {
		ret = ugvt_user_read(bo->host + pwrite->offset, pwrite->data_ptr, pwrite->size);
		ugvt_drm_object_unlock(&bo->object);
	}
	return ret;
}

int ugvt_drm_do_gem_set_domain(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_set_domain *domain = &args->gem_set_domain;
	const uint32_t known = I915_GEM_DOMAIN_CPU | I915_GEM_DOMAIN_GTT | I915_GEM_DOMAIN_WC;
	struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, domain->handle);

	if (((domain->read_domains | domain->write_domain) & ~known) ||
		(domain->write_domain && domain->read_domains != domain->write_domain)) {
		return -EINVAL;
	}
	if (!bo) {
		return -ENOENT;
	}
	ugvt_drm_bo_wait(bo, domain->write_domain, UINT64_MAX);
	return 0;
}

int ugvt_drm_do_gem_sw_finish(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	return ugvt_drm_bo_find(file, args->gem_sw_finish.handle) ? 0 : -ENOENT;
}

static bool tiling_is_good(uint32_t tiling, uint32_t stride)
{
	uint32_t tile_width = tiling == I915_TILING_Y ? 128 : 512;

	if (tiling == I915_TILING_NONE) {
		return true;
	}
	return tiling <= I915_TILING_Y && stride / 128 <= MAX_PITCH_TILES && stride > 0 &&
	       stride % tile_width == 0;
}

int ugvt_drm_do_gem_set_tiling(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_set_tiling *set = &args->gem_set_tiling;
	struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, set->handle);

	if (!bo) {
		return -ENOENT;
	}
	if (bo->kind == UGVT_DRM_BO_USERPTR) {
		return -ENXIO;
	}
	if (!tiling_is_good(set->tiling_mode, set->stride)) {
		return -EINVAL;
	}
	bo->tiling = set->tiling_mode;
	bo->stride = set->tiling_mode == I915_TILING_NONE ? 0 : set->stride;
	set->stride = bo->stride;
	set->swizzle_mode = I915_BIT_6_SWIZZLE_NONE;
	return 0;
}

int ugvt_drm_do_gem_get_tiling(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_get_tiling *get = &args->gem_get_tiling;
	const struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, get->handle);

	if (!bo) {
		return -ENOENT;
	}
	get->tiling_mode = bo->tiling;
	get->swizzle_mode = I915_BIT_6_SWIZZLE_NONE;
	get->phys_swizzle_mode = I915_BIT_6_SWIZZLE_NONE;
	return 0;
}

int ugvt_drm_do_gem_set_caching(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_caching *caching = &args->gem_caching;
	struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, caching->handle);

	if (caching->caching > I915_CACHING_DISPLAY) {
		return -EINVAL;
	}
	if (!bo) {
		return -ENOENT;
	}
	if (bo->kind == UGVT_DRM_BO_USERPTR) {
		return caching->caching == I915_CACHING_CACHED ? 0 : -ENXIO;
	}
	/* There is no write-through cache: what is displayed is not cached. */
	bo->caching =
		caching->caching == I915_CACHING_CACHED ? I915_CACHING_CACHED : I915_CACHING_NONE;
	return 0;
}

int ugvt_drm_do_gem_get_caching(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, args->gem_caching.handle);

	if (!bo) {
		return -ENOENT;
	}
	args->gem_caching.caching = bo->caching;
	return 0;
}

/* Memory that a client does not need now stays: it is the kernel's to swap. */
int ugvt_drm_do_gem_madvise(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_madvise *madvise = &args->gem_madvise;

	if (madvise->madv != I915_MADV_WILLNEED && madvise->madv != I915_MADV_DONTNEED) {
		return -EINVAL;
	}
	if (!ugvt_drm_bo_find(file, madvise->handle)) {
		return -ENOENT;
	}
	madvise->retained = 1;
	return 0;
}

/* Low half: the class that writes, +1; high half: a bit for each class that reads. All that is known is that some does. */
int ugvt_drm_do_gem_busy(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, args->gem_busy.handle);

	if (!bo) {
		return -ENOENT;
	}
	args->gem_busy.busy = 0;
	if (bo->readers > 0) {
		args->gem_busy.busy |= UGVT_BIT(EXEC_CLASS_SHIFT + I915_ENGINE_CLASS_RENDER);
	}
	if (bo->writers > 0) {
		args->gem_busy.busy |= I915_ENGINE_CLASS_RENDER + 1;
	}
	return 0;
}

int ugvt_drm_do_gem_wait(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_wait *wait = &args->gem_wait;
	struct ugvt_drm_bo *bo = ugvt_drm_bo_find(file, wait->bo_handle);
	uint64_t now = ugvt_clock_ns();
	uint64_t deadline = UINT64_MAX;
	bool good;

	if (wait->flags) {
		return -EINVAL;
	}
	if (!bo) {
		return -ENOENT;
	}
	if (wait->timeout_ns >= 0) {
		deadline = now + (uint64_t)wait->timeout_ns;
	}
	good = ugvt_drm_bo_wait(bo, true, deadline);
	if (wait->timeout_ns > 0) {
		uint64_t spent = ugvt_clock_ns() - now;

		wait->timeout_ns -= (int64_t)UGVT_MIN(spent, (uint64_t)wait->timeout_ns);
	}
	return good ? 0 : -ETIME;
}

/* Nobody gets far ahead of what is executed. */
int ugvt_drm_do_gem_throttle(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	return 0;
}

int ugvt_drm_do_gem_get_aperture(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	args->gem_get_aperture.aper_size = UGVT_GGTT_SIZE;
	args->gem_get_aperture.aper_available_size = UGVT_GGTT_SIZE;
	return 0;
}
