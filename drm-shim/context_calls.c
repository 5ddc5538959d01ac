/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "drm-shim/context.h"
#include "drm-shim/ioctl.h"
#include "drm-shim/user.h"

/* Calls about contexts and address spaces. What may be set only before a context is used, and what a user without privileges may
 * set: i915 gem/i915_gem_context.c. */

static bool is_privileged(void)
{
	return geteuid() == 0;
}

static int engine_find(const struct ugvt_drm_device *device,
	const struct i915_engine_class_instance *name, struct ugvt_drm_slot *slot)
{
	static const enum ugvt_engine_id ids[] = {
		[I915_ENGINE_CLASS_RENDER] = UGVT_RCS,
		[I915_ENGINE_CLASS_COPY] = UGVT_BCS,
		[I915_ENGINE_CLASS_VIDEO] = UGVT_VCS,
		[I915_ENGINE_CLASS_VIDEO_ENHANCE] = UGVT_VECS,
	};

	if (name->engine_class == (uint16_t)I915_ENGINE_CLASS_INVALID &&
		name->engine_instance == (uint16_t)I915_ENGINE_CLASS_INVALID_NONE) {
		return 0; // a gap
	}
	if (name->engine_class >= UGVT_ARRAY_SIZE(ids) || name->engine_instance != 0 ||
		!ugvt_drm_device_has_engine(device, ids[name->engine_class])) {
		return -ENOENT;
	}
	*slot = (struct ugvt_drm_slot){.valid = true, .engine = ids[name->engine_class]};
	return 0;
}

static int slots_read(struct ugvt_drm_context *context, uint64_t user, unsigned count)
{
	struct ugvt_drm_slot *slots = calloc(count + 1, sizeof(*slots));
	struct i915_engine_class_instance name;
	int ret = slots ? 0 : -ENOMEM;

	for (unsigned i = 0; ret == 0 && i < count; i++) {
		ret = ugvt_user_read(&name, user + i * sizeof(name), sizeof(name));
		if (ret == 0) {
			ret = engine_find(context->device, &name, &slots[i]);
		}
	}
	if (ret < 0) {
		free(slots);
		return ret;
	}
	ugvt_drm_context_set_slots(context, slots, count);
	return 0;
}

static int engines_set(
	struct ugvt_drm_context *context, const struct drm_i915_gem_context_param *param)
{
	uint64_t header = sizeof(struct i915_context_param_engines);
	uint64_t extensions;

	if (param->size == 0) {
		ugvt_drm_context_set_slots(context, NULL, 0);
		return 0;
	}
	if (param->size < header ||
		(param->size - header) % sizeof(struct i915_engine_class_instance) != 0) {
		return -EINVAL;
	}
	if ((param->size - header) / sizeof(struct i915_engine_class_instance) >
		UGVT_DRM_SLOTS_MAX) {
		return -EINVAL;
	}
	if (ugvt_user_read(&extensions, param->value, sizeof(extensions)) < 0) {
		return -EFAULT;
	}
	/* One engine of each class: there is nothing to balance. */
	if (extensions) {
		return -ENODEV;
	}
	return slots_read(context, param->value + header,
		(unsigned)((param->size - header) / sizeof(struct i915_engine_class_instance)));
}

static int vm_set(struct ugvt_drm_file *file, struct ugvt_drm_context *context,
	const struct drm_i915_gem_context_param *param)
{
	struct ugvt_drm_vm *vm;

	if (param->size || param->value > UINT32_MAX) {
		return param->size ? -EINVAL : -ENOENT;
	}
	vm = ugvt_drm_vm_find(file, (uint32_t)param->value);
	if (!vm) {
		return -ENOENT;
	}
	ugvt_drm_object_lock(&vm->object);
	ugvt_drm_object_unlock(&context->vm->object);
	context->vm = vm;
	return 0;
}

static int priority_set(
	struct ugvt_drm_context *context, const struct drm_i915_gem_context_param *param)
{
	int64_t priority = (int64_t)param->value;

	if (param->size) {
		return -EINVAL;
	}
	if (priority > I915_CONTEXT_MAX_USER_PRIORITY ||
		priority < I915_CONTEXT_MIN_USER_PRIORITY) {
		return -EINVAL;
	}
	if (priority > I915_CONTEXT_DEFAULT_PRIORITY && !is_privileged()) {
		return -EPERM;
	}
	context->priority = priority;
	return 0;
}

static int flag_set(bool *flag, const struct drm_i915_gem_context_param *param)
{
	if (param->size) {
		return -EINVAL;
	}
	*flag = param->value;
	return 0;
}

/* What cannot be changed any more when a context has been used. */
static int early_set(struct ugvt_drm_file *file, struct ugvt_drm_context *context,
	const struct drm_i915_gem_context_param *param)
{
	if (context->used) {
		return -EINVAL;
	}
	return param->param == I915_CONTEXT_PARAM_VM ? vm_set(file, context, param)
						     : engines_set(context, param);
}

static int param_set(struct ugvt_drm_file *file, struct ugvt_drm_context *context,
	const struct drm_i915_gem_context_param *param)
{
	switch (param->param) {
	case I915_CONTEXT_PARAM_NO_ERROR_CAPTURE:
		return flag_set(&context->no_error_capture, param);
	case I915_CONTEXT_PARAM_BANNABLE:
		if (!param->value && !is_privileged()) {
			return param->size ? -EINVAL : -EPERM;
		}
		return flag_set(&context->bannable, param);
	case I915_CONTEXT_PARAM_RECOVERABLE: return flag_set(&context->recoverable, param);
	case I915_CONTEXT_PARAM_PERSISTENCE: return flag_set(&context->persistent, param);
	case I915_CONTEXT_PARAM_PRIORITY: return priority_set(context, param);
	case I915_CONTEXT_PARAM_VM:
	case I915_CONTEXT_PARAM_ENGINES: return early_set(file, context, param);
	case I915_CONTEXT_PARAM_SSEU: return -ENODEV; // only Gen11 can
	default: return -EINVAL;
	}
}

static int extensions_apply(
	struct ugvt_drm_file *file, struct ugvt_drm_context *context, uint64_t user)
{
	struct drm_i915_gem_context_create_ext_setparam set;
	unsigned count = 0;
	int ret = 0;

	while (ret == 0 && user) {
		ret = ugvt_drm_extension_read(user, &set.base, &count);
		if (ret < 0) {
			break;
		}
		if (set.base.name != I915_CONTEXT_CREATE_EXT_SETPARAM) {
			return -EINVAL;
		}
		ret = ugvt_user_read(&set, user, sizeof(set));
		if (ret == 0) {
			ret = set.param.ctx_id ? -EINVAL : param_set(file, context, &set.param);
		}
		user = set.base.next_extension;
	}
	return ret;
}

int ugvt_drm_do_context_create(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_context_create_ext *create = &args->context_create;
	struct ugvt_drm_context *context;
	int ret = 0;

	if (create->flags & (uint32_t)I915_CONTEXT_CREATE_FLAGS_UNKNOWN) {
		return -EINVAL;
	}
	context = ugvt_drm_context_create(file->device);
	if (!context) {
		return -ENOMEM;
	}
	if (create->flags & I915_CONTEXT_CREATE_FLAGS_USE_EXTENSIONS) {
		ret = extensions_apply(file, context, create->extensions);
	}
	if (ret == 0) {
		ret = ugvt_drm_table_add(&file->contexts, &context->object, &create->ctx_id);
	}
	if (ret < 0) {
		ugvt_drm_object_unlock(&context->object);
	}
	return ret;
}

int ugvt_drm_do_context_destroy(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_context_destroy *destroy = &args->context_destroy;

	if (destroy->pad) {
		return -EINVAL;
	}
	return ugvt_drm_table_remove(&file->contexts, destroy->ctx_id) ? 0 : -ENOENT;
}

/* All slices and units, whatever was asked for: the state of a context that set nothing. */
static int sseu_get(const struct ugvt_drm_device *device, struct drm_i915_gem_context_param *param)
{
	const struct ugvt_device_info *info = device->info;
	struct drm_i915_gem_context_param_sseu sseu;

	if (param->size == 0) {
		param->size = sizeof(sseu);
		return 0;
	}
	if (param->size < sizeof(sseu)) {
		return -EINVAL;
	}
	if (ugvt_user_read(&sseu, param->value, sizeof(sseu)) < 0) {
		return -EFAULT;
	}
	if (sseu.rsvd || (sseu.flags & ~I915_CONTEXT_SSEU_FLAG_ENGINE_INDEX)) {
		return -EINVAL;
	}
	sseu.slice_mask = UGVT_BIT(info->slices) - 1;
	sseu.subslice_mask = UGVT_BIT(info->subslices) - 1;
	sseu.min_eus_per_subslice = sseu.max_eus_per_subslice = info->eus_per_subslice;
	param->size = sizeof(sseu);
	return ugvt_user_write(param->value, &sseu, sizeof(sseu));
}

static int vm_get(struct ugvt_drm_file *file, struct ugvt_drm_context *context,
	struct drm_i915_gem_context_param *param)
{
	uint32_t id;
	int ret = ugvt_drm_table_add(&file->vms, &context->vm->object, &id);

	if (ret == 0) {
		ugvt_drm_object_lock(&context->vm->object);
		param->size = 0;
		param->value = id;
	}
	return ret;
}

static int value_get(struct drm_i915_gem_context_param *param, uint64_t value)
{
	param->size = 0;
	param->value = value;
	return 0;
}

int ugvt_drm_do_context_getparam(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_context_param *param = &args->context_param;
	struct ugvt_drm_context *context = ugvt_drm_context_find(file, param->ctx_id);

	if (!context) {
		return -ENOENT;
	}
	switch (param->param) {
	case I915_CONTEXT_PARAM_GTT_SIZE: return value_get(param, UGVT_DRM_VM_SIZE);
	case I915_CONTEXT_PARAM_NO_ERROR_CAPTURE:
		return value_get(param, context->no_error_capture);
	case I915_CONTEXT_PARAM_BANNABLE: return value_get(param, context->bannable);
	case I915_CONTEXT_PARAM_RECOVERABLE: return value_get(param, context->recoverable);
	case I915_CONTEXT_PARAM_PERSISTENCE: return value_get(param, context->persistent);
	case I915_CONTEXT_PARAM_PRIORITY: return value_get(param, (uint64_t)context->priority);
	case I915_CONTEXT_PARAM_SSEU: return sseu_get(file->device, param);
	case I915_CONTEXT_PARAM_VM: return vm_get(file, context, param);
	default: return -EINVAL;
	}
}

int ugvt_drm_do_context_setparam(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_context_param *param = &args->context_param;
	struct ugvt_drm_context *context = ugvt_drm_context_find(file, param->ctx_id);

	return context ? param_set(file, context, param) : -ENOENT;
}

int ugvt_drm_do_reset_stats(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_reset_stats *stats = &args->reset_stats;
	const struct ugvt_drm_context *context = ugvt_drm_context_find(file, stats->ctx_id);

	if (stats->flags || stats->pad) {
		return -EINVAL;
	}
	if (!context) {
		return -ENOENT;
	}
	stats->reset_count = is_privileged() ? file->device->resets : 0;
	stats->batch_active = context->guilty;
	stats->batch_pending = 0; // a hang takes no other context's batches with it
	return 0;
}

int ugvt_drm_do_vm_create(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	struct drm_i915_gem_vm_control *control = &args->vm_control;
	struct ugvt_drm_vm *vm;
	int ret;

	if (control->flags || control->extensions) {
		return -EINVAL;
	}
	vm = ugvt_drm_vm_create(file->device);
	if (!vm) {
		return -ENOMEM;
	}
	ret = ugvt_drm_table_add(&file->vms, &vm->object, &control->vm_id);
	if (ret < 0) {
		ugvt_drm_object_unlock(&vm->object);
	}
	return ret;
}

int ugvt_drm_do_vm_destroy(struct ugvt_drm_file *file, union ugvt_drm_args *args)
{
	const struct drm_i915_gem_vm_control *control = &args->vm_control;

	if (control->flags || control->extensions) {
		return -EINVAL;
	}
	return ugvt_drm_table_remove(&file->vms, control->vm_id) ? 0 : -ENOENT;
}
