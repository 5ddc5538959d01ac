/* SPDX-License-Identifier: MIT */
#include "drm-shim/exec_relocs.h"

#include <errno.h>
#include <string.h>

#include "base/bits.h"
#include "drm-shim/user.h"

#define GPU_DOMAINS                                                                   \
	(I915_GEM_DOMAIN_RENDER | I915_GEM_DOMAIN_SAMPLER | I915_GEM_DOMAIN_COMMAND | \
		I915_GEM_DOMAIN_INSTRUCTION | I915_GEM_DOMAIN_VERTEX)

bool ugvt_drm_exec_has_relocs(const struct drm_i915_gem_exec_object2 *objects, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (objects[i].relocation_count > 0) {
			return true;
		}
	}
	return false;
}

struct relocation {
	const struct ugvt_drm_job *job;
	const struct drm_i915_gem_exec_object2 *objects;
	bool by_index;
	const struct ugvt_drm_bo *bo; // that is written to
	uint64_t user;                // address of the entry
};

static const struct drm_i915_gem_exec_object2 *target_find(
	const struct relocation *relocation, uint32_t handle)
{
	if (relocation->by_index) {
		return handle < relocation->job->count ? &relocation->objects[handle] : NULL;
	}
	for (uint32_t i = 0; i < relocation->job->count; i++) {
		if (relocation->objects[i].handle == handle) {
			return &relocation->objects[i];
		}
	}
	return NULL;
}

static int entry_check(
	const struct drm_i915_gem_relocation_entry *entry, const struct ugvt_drm_bo *bo)
{
	if ((entry->write_domain & (entry->write_domain - 1)) ||
		((entry->write_domain | entry->read_domains) & ~(uint32_t)GPU_DOMAINS)) {
		return -EINVAL;
	}
	return entry->offset > bo->size - sizeof(uint64_t) || (entry->offset & 3) || bo->read_only
		       ? -EINVAL
		       : 0;
}

static int entry_apply(const struct relocation *relocation)
{
	const struct drm_i915_gem_exec_object2 *target;
	struct drm_i915_gem_relocation_entry entry;
	uint64_t addr;
	int ret;

	if (ugvt_user_read(&entry, relocation->user, sizeof(entry)) < 0) {
		return -EFAULT;
	}
	target = target_find(relocation, entry.target_handle);
	if (!target) {
		return -ENOENT;
	}
	ret = entry_check(&entry, relocation->bo);
	if (ret < 0 || entry.presumed_offset == target->offset) {
		return ret;
	}
	addr = target->offset + entry.delta;
	memcpy(relocation->bo->host + entry.offset, &addr, sizeof(addr));
	/* A client whose entries can't be written loses what it would be told. */
	ugvt_user_write(
		relocation->user + offsetof(struct drm_i915_gem_relocation_entry, presumed_offset),
		&target->offset, sizeof(target->offset));
	return 0;
}

int ugvt_drm_exec_relocate(const struct ugvt_drm_job *job,
	const struct drm_i915_gem_exec_object2 *objects, bool by_index)
{
	struct relocation relocation = {.job = job, .objects = objects, .by_index = by_index};
	int ret = 0;

	for (uint32_t i = 0; ret == 0 && i < job->count; i++) {
		relocation.bo = job->bos[i].bo;
		relocation.user = objects[i].relocs_ptr;
		for (uint32_t k = 0; ret == 0 && k < objects[i].relocation_count; k++) {
			ret = entry_apply(&relocation);
			relocation.user += sizeof(struct drm_i915_gem_relocation_entry);
		}
	}
	return ret;
}
