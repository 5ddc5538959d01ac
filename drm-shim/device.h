/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_DEVICE_H
#define UGVT_DRM_SHIM_DEVICE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "drm-shim/object.h"
#include "gen/device.h"
#include "gen/engine.h"
#include "gpu/mem/ggtt.h"

/*
 * The GPU that a process has through the i915 interface: as many files as there are opens of the device node, each with
 * buffers, address spaces, contexts and synchronisation objects of its own. Other processes have GPUs of their own; what they
 * share are buffers (prime.h) and fences, both as file descriptors.
 *
 * One lock guards everything but the execution of batches. Facts about the interface: include/uapi/drm/i915_drm.h, and what
 * the kernel's driver answers (Linux 6.1, drivers/gpu/drm/i915).
 */

struct ugvt_drm_executor;

struct ugvt_drm_device {
	const struct ugvt_device_info *info;
	uint64_t deadline_ns;  // that a batch has
	uint64_t start_ns;     // when its timestamp was 0
	struct ugvt_ggtt ggtt; // nothing is in it
	struct ugvt_drm_executor *executor;
	pthread_mutex_t lock;
	pthread_cond_t changed; // a batch ended, a synchronisation object changed
	struct ugvt_list bos;
	uint32_t resets;
	uint64_t execs;   // serial numbers
	uint64_t ids;     // the last that a buffer, address space or hardware state got
	unsigned running; // jobs that were begun and have not ended
};

struct ugvt_drm_device_config {
	const struct ugvt_device_info *info;
	uint64_t deadline_ns;
	const char *trace; // the file to record to; NULL: none
};

/* NULL if out of memory. */
struct ugvt_drm_device *ugvt_drm_device_create(const struct ugvt_drm_device_config *config);
/* All files are closed. NULL is allowed. */
void ugvt_drm_device_destroy(struct ugvt_drm_device *device);

/* Its engines, in the order of the kernel's legacy numbers; what is not executed is not offered. */
bool ugvt_drm_device_has_engine(const struct ugvt_drm_device *device, enum ugvt_engine_id engine);
/* The TIMESTAMP counter. */
uint64_t ugvt_drm_device_timestamp(const struct ugvt_drm_device *device);

/* Under the lock: waits until something changed, or until deadline_ns of ugvt_clock_ns() (UINT64_MAX: for ever); false then. */
bool ugvt_drm_device_wait(struct ugvt_drm_device *device, uint64_t deadline_ns);
/* Under the lock: something changed. */
void ugvt_drm_device_notify(struct ugvt_drm_device *device);

/* Around a fork: takes the lock when no batch is under way, so that the child finds everything in order. */
void ugvt_drm_device_fork_begin(struct ugvt_drm_device *device);
void ugvt_drm_device_fork_end(struct ugvt_drm_device *device);

/* One open of the device. */
struct ugvt_drm_file {
	struct ugvt_drm_device *device;
	struct ugvt_drm_table bos;
	struct ugvt_drm_table contexts;
	struct ugvt_drm_table vms;
	struct ugvt_drm_table syncobjs;
	struct ugvt_drm_context *default_context; // that of id 0
	struct ugvt_list exports;                 // of struct ugvt_drm_sync_export (syncobj_fd.c)
};

/* NULL if out of memory. */
struct ugvt_drm_file *ugvt_drm_file_open(struct ugvt_drm_device *device);
/* Nobody else uses it any more. */
void ugvt_drm_file_close(struct ugvt_drm_file *file);

/* An ioctl as the kernel's driver does it; 0 or more, or -errno. user: the address of its argument. */
int ugvt_drm_file_ioctl(struct ugvt_drm_file *file, uint32_t request, uint64_t user);

struct ugvt_drm_mmap {
	void *addr; // with flags, as for mmap(2)
	uint64_t size;
	int prot;
	int flags;
	uint64_t offset; // that an ioctl told
};

/* Maps a buffer to *addr. 0 or -errno. */
int ugvt_drm_file_mmap(
	struct ugvt_drm_file *file, const struct ugvt_drm_mmap *request, void **addr);

#endif
