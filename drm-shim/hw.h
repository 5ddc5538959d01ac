/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_HW_H
#define UGVT_DRM_SHIM_HW_H

#include "base/log.h"
#include "device/guest_memory.h"
#include "drm-shim/device.h"
#include "gpu/cs/cs.h"

/*
 * The hardware state of one engine of one context: a command streamer with registers of its own. Whatever is in flight on it is
 * one batch.
 */

/* Somebody who looks on. */
struct ugvt_drm_watch {
	const struct ugvt_drm_watch_impl *impl;
};

struct ugvt_drm_watch_impl {
	/* Mandatory. A command comes next; false: the batch ends before it. On the thread that runs it, inside an open guest
	 * memory window. */
	bool (*command)(struct ugvt_drm_watch *watch, const struct ugvt_cs_command *command);
};

struct ugvt_drm_hw {
	struct ugvt_cs_host host;
	struct ugvt_drm_device *device;
	struct ugvt_reg_unit unit; // for the registers that change by themselves
	struct ugvt_regfile regs;
	struct ugvt_render *render;   // of the render engine; else NULL
	struct ugvt_compute *compute; // the same
	struct ugvt_cs *cs;
	enum ugvt_engine_id engine;
	bool busy; // a batch is under way; under the device's lock
	uint64_t id;
	uint64_t time;                // what TIMESTAMP stands still at; 0: it runs
	struct ugvt_drm_watch *watch; // may be NULL; not while a batch is under way
	bool stopped;                 // by it
	struct ugvt_log_limit log_limit;
};

/* NULL: out of memory. */
struct ugvt_drm_hw *ugvt_drm_hw_create(struct ugvt_drm_device *device,
	struct ugvt_guest_memory *memory, enum ugvt_engine_id engine);
void ugvt_drm_hw_destroy(struct ugvt_drm_hw *hw); // NULL is allowed

/* Runs the batch at addr to its end, or to where the watch stops it. false: it hung, or had not ended after the device's deadline; the state is as after a reset
 * then. Without the device's lock, by one thread at a time. */
bool ugvt_drm_hw_run(struct ugvt_drm_hw *hw, uint64_t addr);

#endif
