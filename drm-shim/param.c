/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

/* What the driver and the device are, as i915 of Linux 6.1 says it: i915_getparam.c, drm_ioctl.c. */

#define TIMESTAMP_REG 0x2358

static int text_write(uint64_t user, __kernel_size_t *length, const char *text)
{
	size_t size = strlen(text);
	int ret = user ? ugvt_user_write(user, text, UGVT_MIN((size_t)*length, size)) : 0;

	*length = size;
	return ret;
}

int ugvt_drm_do_version(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_version *version = &args->version;
	int ret;

	version->version_major = 1;
	version->version_minor = 6;
	version->version_patchlevel = 0;
	ret = text_write((uintptr_t)version->name, &version->name_len, "i915");
	if (ret == 0) {
		ret = text_write((uintptr_t)version->date, &version->date_len, "20201103");
	}
	if (ret == 0) {
		ret = text_write((uintptr_t)version->desc, &version->desc_len, "Intel Graphics");
	}
	return ret;
}

int ugvt_drm_do_get_cap(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_get_cap *cap = &args->get_cap;

	switch (cap->capability) {
	case DRM_CAP_TIMESTAMP_MONOTONIC:
	case DRM_CAP_SYNCOBJ:
	case DRM_CAP_SYNCOBJ_TIMELINE: cap->value = 1; return 0;
	case DRM_CAP_PRIME: cap->value = DRM_PRIME_CAP_IMPORT | DRM_PRIME_CAP_EXPORT; return 0;
	case DRM_CAP_ADDFB2_MODIFIERS: cap->value = 0; return 0;
	default: return -EINVAL;
	}
}

/* false: the driver knows no such parameter, or it does not apply. */
static bool device_param(const struct ugvt_drm_device *device, int param, int *value)
{
	const struct ugvt_device_info *info = device->info;
	unsigned subslices = info->slices * info->subslices;

	switch (param) {
	case I915_PARAM_CHIPSET_ID: *value = info->device_id; return true;
	case I915_PARAM_REVISION: *value = info->revision; return true;
	case I915_PARAM_SUBSLICE_TOTAL: *value = (int)subslices; return true;
	case I915_PARAM_EU_TOTAL: *value = (int)(subslices * info->eus_per_subslice); return true;
	case I915_PARAM_SLICE_MASK: *value = (int)UGVT_BIT(info->slices) - 1; return true;
	case I915_PARAM_SUBSLICE_MASK: *value = (int)UGVT_BIT(info->subslices) - 1; return true;
	case I915_PARAM_CS_TIMESTAMP_FREQUENCY: *value = (int)info->timestamp_hz; return true;
	case I915_PARAM_HAS_BLT: *value = ugvt_drm_device_has_engine(device, UGVT_BCS); return true;
	case I915_PARAM_HAS_BSD: *value = ugvt_drm_device_has_engine(device, UGVT_VCS); return true;
	case I915_PARAM_HAS_VEBOX:
		*value = ugvt_drm_device_has_engine(device, UGVT_VECS);
		return true;
	default: return false;
	}
}

struct constant {
	int param;
	int value;
};

static const struct constant constants[] = {
	{I915_PARAM_HAS_GEM, 1},
	{I915_PARAM_NUM_FENCES_AVAIL, 32},
	{I915_PARAM_HAS_OVERLAY, 0},
	{I915_PARAM_HAS_PAGEFLIPPING, 1},
	{I915_PARAM_HAS_EXECBUF2, 1},
	{I915_PARAM_HAS_RELAXED_FENCING, 1},
	{I915_PARAM_HAS_COHERENT_RINGS, 1},
	{I915_PARAM_HAS_RELAXED_DELTA, 1},
	{I915_PARAM_HAS_GEN7_SOL_RESET, 1},
	{I915_PARAM_HAS_LLC, 1},
	{I915_PARAM_HAS_ALIASING_PPGTT, 2}, // of its own for each context
	{I915_PARAM_HAS_WAIT_TIMEOUT, 1},
	{I915_PARAM_HAS_SEMAPHORES, 0},
	{I915_PARAM_HAS_PRIME_VMAP_FLUSH, 1},
	{I915_PARAM_HAS_SECURE_BATCHES, 0},
	{I915_PARAM_HAS_PINNED_BATCHES, 1},
	{I915_PARAM_HAS_EXEC_NO_RELOC, 1},
	{I915_PARAM_HAS_EXEC_HANDLE_LUT, 1},
	{I915_PARAM_HAS_WT, 0},
	{I915_PARAM_CMD_PARSER_VERSION, 10},
	{I915_PARAM_HAS_COHERENT_PHYS_GTT, 1},
	{I915_PARAM_MMAP_VERSION, 1},
	{I915_PARAM_HAS_BSD2, 0},
	{I915_PARAM_HAS_GPU_RESET, 2},
	{I915_PARAM_HAS_RESOURCE_STREAMER, 0},
	{I915_PARAM_HAS_EXEC_SOFTPIN, 1},
	{I915_PARAM_HAS_POOLED_EU, 0},
	{I915_PARAM_MIN_EU_IN_POOL, 0},
	{I915_PARAM_MMAP_GTT_VERSION, 4},
	{I915_PARAM_HAS_SCHEDULER, I915_SCHEDULER_CAP_ENABLED | I915_SCHEDULER_CAP_PRIORITY},
	{I915_PARAM_HUC_STATUS, 0},
	{I915_PARAM_HAS_EXEC_ASYNC, 1},
	{I915_PARAM_HAS_EXEC_FENCE, 1},
	{I915_PARAM_HAS_EXEC_CAPTURE, 1},
	{I915_PARAM_HAS_EXEC_BATCH_FIRST, 1},
	{I915_PARAM_HAS_EXEC_FENCE_ARRAY, 1},
	{I915_PARAM_HAS_CONTEXT_ISOLATION,
		1 << I915_ENGINE_CLASS_RENDER | 1 << I915_ENGINE_CLASS_COPY},
	{I915_PARAM_MMAP_GTT_COHERENT, 1},
	{I915_PARAM_HAS_EXEC_SUBMIT_FENCE, 1},
	{I915_PARAM_PERF_REVISION, 0}, // there are no performance counters
	{I915_PARAM_HAS_EXEC_TIMELINE_FENCES, 1},
	{I915_PARAM_HAS_USERPTR_PROBE, 1},
};

static bool constant_param(int param, int *value)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(constants); i++) {
		if (constants[i].param == param) {
			*value = constants[i].value;
			return true;
		}
	}
	return false;
}

int ugvt_drm_do_getparam(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_getparam *getparam = &args->getparam;
	int value;

	switch (getparam->param) {
	case I915_PARAM_IRQ_ACTIVE:
	case I915_PARAM_ALLOW_BATCHBUFFER:
	case I915_PARAM_LAST_DISPATCH:
	case I915_PARAM_HAS_EXEC_CONSTANTS: return -ENODEV; // of drivers long gone
	default: break;
	}
	if (!device_param(file->device, getparam->param, &value) &&
		!constant_param(getparam->param, &value)) {
		return -EINVAL;
	}
	return ugvt_user_write((uintptr_t)getparam->value, &value, sizeof(value));
}

/* The one register that programs may read. */
int ugvt_drm_do_reg_read(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_reg_read *reg = &args->reg_read;

	if ((reg->offset & ~(uint64_t)I915_REG_READ_8B_WA) != TIMESTAMP_REG) {
		return -EINVAL;
	}
	reg->val = ugvt_drm_device_timestamp(file->device);
	return 0;
}
