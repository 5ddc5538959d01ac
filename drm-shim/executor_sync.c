/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "drm-shim/executor.h"

static void sync_submit(struct ugvt_drm_executor *executor, struct ugvt_drm_job *job)
{
	bool completed;

	pthread_mutex_unlock(&executor->device->lock);
	completed = ugvt_drm_hw_run(job->hw, job->addr);
	pthread_mutex_lock(&executor->device->lock);
	ugvt_drm_job_end(job, completed);
}

static void sync_destroy(struct ugvt_drm_executor *executor)
{
	free(executor);
}

static const struct ugvt_drm_executor_impl sync_impl = {
	.submit = sync_submit,
	.destroy = sync_destroy,
};

struct ugvt_drm_executor *ugvt_drm_executor_create_sync(struct ugvt_drm_device *device)
{
	struct ugvt_drm_executor *executor = calloc(1, sizeof(*executor));

	if (executor) {
		executor->impl = &sync_impl;
		executor->device = device;
	}
	return executor;
}
