/* SPDX-License-Identifier: MIT */
#include "drm-shim/executor.h"

#include <stdlib.h>

void ugvt_drm_executor_destroy(struct ugvt_drm_executor *executor)
{
	if (executor) {
		executor->impl->destroy(executor);
	}
}

void ugvt_drm_executor_forget(struct ugvt_drm_executor *executor, uint64_t id)
{
	if (executor->impl->forget) {
		executor->impl->forget(executor, id);
	}
}

bool ugvt_drm_job_is_blocked(const struct ugvt_drm_job *job)
{
	for (uint32_t i = 0; i < job->count; i++) {
		if (ugvt_drm_bo_is_busy(job->bos[i].bo, job->bos[i].write)) {
			return true;
		}
	}
	return job->hw->busy;
}

void ugvt_drm_job_begin(struct ugvt_drm_job *job)
{
	job->context->device->running++;
	job->hw->busy = true;
	for (uint32_t i = 0; i < job->count; i++) {
		job->bos[i].bo->readers++;
		job->bos[i].bo->writers += job->bos[i].write;
	}
}

void ugvt_drm_job_end(struct ugvt_drm_job *job, bool completed)
{
	job->context->device->running--;
	job->hw->busy = false;
	for (uint32_t i = 0; i < job->count; i++) {
		job->bos[i].bo->readers--;
		job->bos[i].bo->writers -= job->bos[i].write;
	}
	if (!completed) {
		ugvt_drm_context_blame(job->context);
	}
	ugvt_drm_fence_signal(job->fence);
	ugvt_drm_job_destroy(job);
}

void ugvt_drm_job_destroy(struct ugvt_drm_job *job)
{
	for (uint32_t i = 0; i < job->count; i++) {
		ugvt_drm_object_unlock(&job->bos[i].bo->object);
	}
	ugvt_drm_fence_unlock(job->fence);
	ugvt_drm_object_unlock(&job->context->object);
	free(job->bos);
	free(job);
}
