/* SPDX-License-Identifier: MIT */
#include "drm-shim/context.h"

#include <errno.h>
#include <i915_drm.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* A context that hangs for the third time in so short a time is banned: i915 gt/intel_reset.c, mark_guilty(). */
#define FAST_HANG_NS (120 * UGVT_NS_PER_S)

static void slots_finish(struct ugvt_drm_slot *slots, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		ugvt_drm_hw_destroy(slots[i].hw);
		slots[i].hw = NULL;
	}
}

static void context_destroy(struct ugvt_drm_object *object)
{
	struct ugvt_drm_context *context =
		ugvt_container_of(object, struct ugvt_drm_context, object);

	ugvt_drm_context_set_slots(context, NULL, 0);
	ugvt_drm_object_unlock(&context->vm->object);
	free(context);
}

static const struct ugvt_drm_object_impl context_impl = {
	.destroy = context_destroy,
};

struct ugvt_drm_context *ugvt_drm_context_create(struct ugvt_drm_device *device)
{
	struct ugvt_drm_context *context = calloc(1, sizeof(*context));

	if (!context) {
		return NULL;
	}
	context->vm = ugvt_drm_vm_create(device);
	if (!context->vm) {
		free(context);
		return NULL;
	}
	ugvt_drm_object_init(&context->object, &context_impl);
	context->device = device;
	context->bannable = true;
	context->recoverable = true;
	context->persistent = true;
	for (unsigned i = 0; i < UGVT_ENGINE_COUNT; i++) {
		context->legacy[i].engine = (enum ugvt_engine_id)i;
		context->legacy[i].valid =
			ugvt_drm_device_has_engine(device, (enum ugvt_engine_id)i);
	}
	return context;
}

struct ugvt_drm_context *ugvt_drm_context_find(const struct ugvt_drm_file *file, uint32_t id)
{
	struct ugvt_drm_object *object = ugvt_drm_table_find(&file->contexts, id);

	if (id == 0) {
		return file->default_context;
	}
	return object ? ugvt_container_of(object, struct ugvt_drm_context, object) : NULL;
}

void ugvt_drm_context_set_slots(
	struct ugvt_drm_context *context, struct ugvt_drm_slot *slots, unsigned count)
{
	slots_finish(context->slots, context->slot_count);
	slots_finish(context->legacy, UGVT_ENGINE_COUNT);
	free(context->slots);
	context->slots = slots;
	context->slot_count = count;
}

static struct ugvt_drm_slot *legacy_find(struct ugvt_drm_context *context, unsigned engine)
{
	switch (engine) {
	case I915_EXEC_DEFAULT:
	case I915_EXEC_RENDER: return &context->legacy[UGVT_RCS];
	case I915_EXEC_BSD: return &context->legacy[UGVT_VCS];
	case I915_EXEC_BLT: return &context->legacy[UGVT_BCS];
	case I915_EXEC_VEBOX: return &context->legacy[UGVT_VECS];
	default: return NULL;
	}
}

int ugvt_drm_context_select(
	struct ugvt_drm_context *context, unsigned engine, struct ugvt_drm_hw **hw)
{
	struct ugvt_drm_slot *slot = NULL;

	if (!context->slots) {
		slot = legacy_find(context, engine);
	} else if (engine < context->slot_count) {
		slot = &context->slots[engine];
	}
	if (!slot || !slot->valid) {
		return -EINVAL;
	}
	if (!slot->hw) {
		slot->hw = ugvt_drm_hw_create(context->device, context->vm->memory, slot->engine);
	}
	context->used = true;
	*hw = slot->hw;
	return slot->hw ? 0 : -ENOMEM;
}

void ugvt_drm_context_blame(struct ugvt_drm_context *context)
{
	uint64_t now = ugvt_clock_ns();

	context->guilty++;
	context->device->resets++;
	if (!context->bannable) {
		return;
	}
	if (!context->recoverable ||
		(context->hangs[0] > 0 && now - context->hangs[0] < FAST_HANG_NS)) {
		context->banned = true;
	}
	context->hangs[0] = context->hangs[1];
	context->hangs[1] = now;
}
