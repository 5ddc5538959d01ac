/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_CONTEXT_H
#define UGVT_DRM_SHIM_CONTEXT_H

#include "drm-shim/hw.h"
#include "drm-shim/vm.h"

/*
 * A context: an address space, and a map of engines, each with a hardware state of its own that is made when it is first used.
 */

struct ugvt_drm_slot {
	bool valid;
	enum ugvt_engine_id engine;
	struct ugvt_drm_hw *hw; // NULL: not used yet
};

/* As many as execbuffer2's flags can name. */
#define UGVT_DRM_SLOTS_MAX 64

struct ugvt_drm_context {
	struct ugvt_drm_object object;
	struct ugvt_drm_device *device;
	struct ugvt_drm_vm *vm;
	struct ugvt_drm_slot *slots; // NULL: the legacy map
	unsigned slot_count;
	struct ugvt_drm_slot legacy[UGVT_ENGINE_COUNT]; // by engine
	int64_t priority;
	bool bannable;
	bool recoverable;
	bool persistent;
	bool no_error_capture;
	bool used; // its address space and engines stay
	bool banned;
	uint32_t guilty;   // hangs that it caused
	uint64_t hangs[2]; // when the last ones were, ugvt_clock_ns(); 0: never
};

struct ugvt_drm_context *ugvt_drm_context_create(struct ugvt_drm_device *device); // NULL: no memory
/* Id 0 is the file's own. */
struct ugvt_drm_context *ugvt_drm_context_find(const struct ugvt_drm_file *file, uint32_t id);
/* Replaces its engine map. slots, count of them, is taken. */
void ugvt_drm_context_set_slots(
	struct ugvt_drm_context *context, struct ugvt_drm_slot *slots, unsigned count);
/* The hardware state that execbuffer2's engine bits select. -EINVAL: none; -ENOMEM. */
int ugvt_drm_context_select(
	struct ugvt_drm_context *context, unsigned engine, struct ugvt_drm_hw **hw);
/* A batch of it hung. */
void ugvt_drm_context_blame(struct ugvt_drm_context *context);

#endif
