/* SPDX-License-Identifier: MIT */
#include "drm-shim/device.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "drm-shim/context.h"
#include "drm-shim/executor.h"
#include "drm-shim/syncobj.h"

static void locks_init(struct ugvt_drm_device *device)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&device->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&device->changed, &attr);
	pthread_condattr_destroy(&attr);
}

struct ugvt_drm_device *ugvt_drm_device_create(const struct ugvt_drm_device_config *config)
{
	struct ugvt_drm_device *device = calloc(1, sizeof(*device));

	if (!device) {
		return NULL;
	}
	device->info = config->info;
	device->deadline_ns = config->deadline_ns;
	device->start_ns = ugvt_clock_ns();
	ugvt_list_init(&device->bos);
	locks_init(device);
	device->executor = config->trace ? ugvt_drm_executor_create_trace(device, config->trace)
					 : ugvt_drm_executor_create_sync(device);
	if (!device->executor || !ugvt_ggtt_init(&device->ggtt)) {
		ugvt_drm_executor_destroy(device->executor);
		free(device);
		return NULL;
	}
	return device;
}

void ugvt_drm_device_destroy(struct ugvt_drm_device *device)
{
	if (!device) {
		return;
	}
	ugvt_drm_executor_destroy(device->executor);
	ugvt_ggtt_finish(&device->ggtt);
	pthread_cond_destroy(&device->changed);
	pthread_mutex_destroy(&device->lock);
	free(device);
}

bool ugvt_drm_device_has_engine(const struct ugvt_drm_device *device, enum ugvt_engine_id engine)
{
	return engine == UGVT_RCS || engine == UGVT_BCS;
}

uint64_t ugvt_drm_device_timestamp(const struct ugvt_drm_device *device)
{
	uint64_t ns = ugvt_clock_ns() - device->start_ns;
	uint64_t hz = device->info->timestamp_hz;

	return ns / UGVT_NS_PER_S * hz + ns % UGVT_NS_PER_S * hz / UGVT_NS_PER_S;
}

bool ugvt_drm_device_wait(struct ugvt_drm_device *device, uint64_t deadline_ns)
{
	struct timespec until = {
		.tv_sec = (time_t)UGVT_MIN(deadline_ns / UGVT_NS_PER_S, UINT64_C(1) << 40),
		.tv_nsec = (long)(deadline_ns % UGVT_NS_PER_S),
	};

	return pthread_cond_timedwait(&device->changed, &device->lock, &until) != ETIMEDOUT;
}

void ugvt_drm_device_notify(struct ugvt_drm_device *device)
{
	pthread_cond_broadcast(&device->changed);
}

void ugvt_drm_device_fork_begin(struct ugvt_drm_device *device)
{
	pthread_mutex_lock(&device->lock);
	while (device->running > 0) {
		ugvt_drm_device_wait(device, UINT64_MAX);
	}
}

void ugvt_drm_device_fork_end(struct ugvt_drm_device *device)
{
	pthread_mutex_unlock(&device->lock);
}

struct ugvt_drm_file *ugvt_drm_file_open(struct ugvt_drm_device *device)
{
	struct ugvt_drm_file *file = calloc(1, sizeof(*file));

	if (!file) {
		return NULL;
	}
	file->device = device;
	ugvt_list_init(&file->exports);
	file->default_context = ugvt_drm_context_create(device);
	if (!file->default_context) {
		free(file);
		return NULL;
	}
	return file;
}

void ugvt_drm_file_close(struct ugvt_drm_file *file)
{
	struct ugvt_drm_device *device = file->device;

	pthread_mutex_lock(&device->lock);
	ugvt_drm_syncobj_exports_finish(file);
	ugvt_drm_table_finish(&file->contexts);
	ugvt_drm_object_unlock(&file->default_context->object);
	ugvt_drm_table_finish(&file->vms);
	ugvt_drm_table_finish(&file->bos);
	ugvt_drm_table_finish(&file->syncobjs);
	pthread_mutex_unlock(&device->lock);
	free(file);
}
