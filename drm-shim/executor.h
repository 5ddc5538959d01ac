/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_EXECUTOR_H
#define UGVT_DRM_SHIM_EXECUTOR_H

#include "drm-shim/context.h"
#include "drm-shim/fence.h"

/*
 * The seam between execbuffer2 and what runs batches. A job is submitted when everything it has to wait for is over, so that an
 * executor may run jobs in any order and on any thread; what a client waits for is the job's fence.
 */

struct ugvt_drm_job_bo {
	struct ugvt_drm_bo *bo; // a reference
	bool write;
};

struct ugvt_drm_job {
	struct ugvt_drm_context *context; // a reference
	struct ugvt_drm_hw *hw;           // of it
	uint64_t addr;                    // of the batch
	struct ugvt_drm_fence *fence;     // a reference: signalled at its end
	struct ugvt_drm_job_bo *bos;
	uint32_t count;
};

struct ugvt_drm_executor {
	const struct ugvt_drm_executor_impl *impl;
	struct ugvt_drm_device *device;
};

struct ugvt_drm_executor_impl {
	/* Mandatory. Under the device's lock, which it may drop meanwhile. The job was begun, and is the executor's until it ends
	 * it: ugvt_drm_job_begin(), ugvt_drm_job_end(). */
	void (*submit)(struct ugvt_drm_executor *executor, struct ugvt_drm_job *job);
	/* Mandatory. No job is under way. */
	void (*destroy)(struct ugvt_drm_executor *executor);
	/* Optional. Under the device's lock: the buffer, address space or hardware state with that id goes. */
	void (*forget)(struct ugvt_drm_executor *executor, uint64_t id);
};

/* Runs a job in the thread that submits it. NULL: out of memory. */
struct ugvt_drm_executor *ugvt_drm_executor_create_sync(struct ugvt_drm_device *device);
/* The same, and records it at path (trace/format.h), or where trace/writer.h puts it if that is there. Batches run one at a time,
 * and their time stands still. */
struct ugvt_drm_executor *ugvt_drm_executor_create_trace(
	struct ugvt_drm_device *device, const char *path);
void ugvt_drm_executor_forget(struct ugvt_drm_executor *executor, uint64_t id);
void ugvt_drm_executor_destroy(struct ugvt_drm_executor *executor); // NULL is allowed

/* Under the device's lock. What the job uses is busy from now on; has something else to end before? */
bool ugvt_drm_job_is_blocked(const struct ugvt_drm_job *job);
void ugvt_drm_job_begin(struct ugvt_drm_job *job);
/* The job has run; completed: to its end. What it holds is dropped, and the job freed. */
void ugvt_drm_job_end(struct ugvt_drm_job *job, bool completed);
/* Drops a job that was not begun. */
void ugvt_drm_job_destroy(struct ugvt_drm_job *job);

#endif
