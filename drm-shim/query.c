/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

/* DRM_IOCTL_I915_QUERY: each item is asked for twice, for its length first. i915 i915_query.c. */

#define ITEMS_MAX 1024

struct answer {
	uint32_t header_size; // that the caller must have cleared
	int32_t size;
	union {
		struct drm_i915_query_topology_info topology;
		struct drm_i915_query_engine_info engines;
		struct drm_i915_query_memory_regions regions;
		char bytes[1024];
	};
};

static void bits_set(uint8_t *mask, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		mask[i / 8] |= (uint8_t)(1 << i % 8);
	}
}

static void topology_answer(const struct ugvt_device_info *info, struct answer *answer)
{
	struct drm_i915_query_topology_info *topology = &answer->topology;
	unsigned slice_bytes = (info->slices + 7) / 8;
	unsigned subslice_bytes = (info->subslices + 7) / 8;
	unsigned eu_bytes = (info->eus_per_subslice + 7) / 8;

	answer->header_size = sizeof(*topology);
	topology->max_slices = info->slices;
	topology->max_subslices = info->subslices;
	topology->max_eus_per_subslice = info->eus_per_subslice;
	topology->subslice_offset = (uint16_t)slice_bytes;
	topology->subslice_stride = (uint16_t)subslice_bytes;
	topology->eu_offset = (uint16_t)(slice_bytes + info->slices * subslice_bytes);
	topology->eu_stride = (uint16_t)eu_bytes;
	bits_set(topology->data, info->slices);
	for (unsigned i = 0; i < info->slices; i++) {
		bits_set(topology->data + topology->subslice_offset + i * subslice_bytes,
			info->subslices);
	}
	for (unsigned i = 0; i < info->slices * info->subslices; i++) {
		bits_set(topology->data + topology->eu_offset + i * eu_bytes,
			info->eus_per_subslice);
	}
	answer->size = (int32_t)(sizeof(*topology) + topology->eu_offset +
				 info->slices * info->subslices * eu_bytes);
}

static void engines_answer(const struct ugvt_drm_device *device, struct answer *answer)
{
	static const uint16_t classes[UGVT_ENGINE_COUNT] = {
		[UGVT_RCS] = I915_ENGINE_CLASS_RENDER,
		[UGVT_BCS] = I915_ENGINE_CLASS_COPY,
		[UGVT_VCS] = I915_ENGINE_CLASS_VIDEO,
		[UGVT_VECS] = I915_ENGINE_CLASS_VIDEO_ENHANCE,
	};
	struct drm_i915_query_engine_info *engines = &answer->engines;

	answer->header_size = sizeof(*engines);
	for (unsigned i = 0; i < UGVT_ENGINE_COUNT; i++) {
		if (ugvt_drm_device_has_engine(device, (enum ugvt_engine_id)i)) {
			struct drm_i915_engine_info *info =
				&engines->engines[engines->num_engines++];

			info->engine.engine_class = classes[i];
			info->flags = I915_ENGINE_INFO_HAS_LOGICAL_INSTANCE;
		}
	}
	answer->size =
		(int32_t)(sizeof(*engines) + engines->num_engines * sizeof(engines->engines[0]));
}

static void regions_answer(struct answer *answer)
{
	struct drm_i915_query_memory_regions *regions = &answer->regions;
	struct drm_i915_memory_region_info *system = &regions->regions[0];
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

	answer->header_size = sizeof(*regions);
	regions->num_regions = 1;
	system->region.memory_class = I915_MEMORY_CLASS_SYSTEM;
	system->probed_size = memory;
	system->unallocated_size = memory;
	system->probed_cpu_visible_size = memory;
	system->unallocated_cpu_visible_size = memory;
	answer->size = (int32_t)(sizeof(*regions) + sizeof(*system));
}

/* 0 or the error that goes into the item's length. */
static int answer_find(const struct ugvt_drm_device *device, const struct drm_i915_query_item *item,
	struct answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	switch (item->query_id) {
	case DRM_I915_QUERY_TOPOLOGY_INFO: topology_answer(device->info, answer); break;
	case DRM_I915_QUERY_ENGINE_INFO: engines_answer(device, answer); break;
	case DRM_I915_QUERY_MEMORY_REGIONS: regions_answer(answer); break;
	case DRM_I915_QUERY_PERF_CONFIG:
	case DRM_I915_QUERY_HWCONFIG_BLOB:
	case DRM_I915_QUERY_GEOMETRY_SUBSLICES: return -ENODEV;
	default: return -EINVAL;
	}
	return item->flags ? -EINVAL : 0;
}

static int32_t item_answer(
	const struct ugvt_drm_device *device, const struct drm_i915_query_item *item)
{
	struct answer answer;
	char header[sizeof(struct drm_i915_query_topology_info) + 64];
	int ret = answer_find(device, item, &answer);

	if (ret < 0 || item->length == 0) {
		return ret < 0 ? ret : answer.size;
	}
	if (item->length < answer.size) {
		return -EINVAL;
	}
	if (ugvt_user_read(header, item->data_ptr, answer.header_size) < 0) {
		return -EFAULT;
	}
	for (uint32_t i = 0; i < answer.header_size; i++) {
		if (header[i]) {
			return -EINVAL;
		}
	}
	ret = ugvt_user_write(item->data_ptr, answer.bytes, (size_t)answer.size);
	return ret < 0 ? ret : answer.size;
}

int ugvt_drm_do_query(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_query *query = &args->query;
	struct drm_i915_query_item item;

	if (query->flags || query->num_items > ITEMS_MAX) {
		return -EINVAL;
	}
	for (uint32_t i = 0; i < query->num_items; i++) {
		uint64_t user = query->items_ptr + i * sizeof(item);

		if (ugvt_user_read(&item, user, sizeof(item)) < 0) {
			return -EFAULT;
		}
		item.length = item_answer(file->device, &item);
		if (ugvt_user_write(user + offsetof(struct drm_i915_query_item, length),
			    &item.length, sizeof(item.length)) < 0) {
			return -EFAULT;
		}
	}
	return 0;
}
