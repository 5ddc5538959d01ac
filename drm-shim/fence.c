/* SPDX-License-Identifier: MIT */
#include "drm-shim/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void fence_destroy(struct ugvt_drm_object *object)
{
	struct ugvt_drm_fence *fence = ugvt_container_of(object, struct ugvt_drm_fence, object);

	if (fence->fd >= 0) {
		close(fence->fd);
	}
	free(fence);
}

static const struct ugvt_drm_object_impl fence_impl = {
	.destroy = fence_destroy,
};

struct ugvt_drm_fence *ugvt_drm_fence_create(struct ugvt_drm_device *device, bool signalled)
{
	struct ugvt_drm_fence *fence = calloc(1, sizeof(*fence));

	if (fence) {
		ugvt_drm_object_init(&fence->object, &fence_impl);
		fence->device = device;
		fence->signalled = signalled;
		fence->fd = -1;
	}
	return fence;
}

void ugvt_drm_fence_signal(struct ugvt_drm_fence *fence)
{
	fence->signalled = true;
	if (fence->fd >= 0) {
		eventfd_write(fence->fd, 1);
	}
	ugvt_drm_device_notify(fence->device);
}

void ugvt_drm_fence_unlock(struct ugvt_drm_fence *fence)
{
	if (fence) {
		ugvt_drm_object_unlock(&fence->object);
	}
}

int ugvt_drm_fence_export(struct ugvt_drm_fence *fence)
{
	int fd;

	if (fence->signalled) {
		fd = eventfd(1, EFD_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	if (fence->fd < 0) {
		fence->fd = eventfd(0, EFD_CLOEXEC);
	}
	fd = fence->fd < 0 ? -1 : fcntl(fence->fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

int ugvt_drm_fence_wait_fd(struct ugvt_drm_device *device, int fd)
{
	struct pollfd poller = {.fd = fd, .events = POLLIN};
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	int ret;

	if (own < 0) {
		return -EINVAL;
	}
	poller.fd = own;
	pthread_mutex_unlock(&device->lock);
	do {
		ret = poll(&poller, 1, (int)(device->deadline_ns / 1000000));
	} while (ret < 0 && errno == EINTR);
	pthread_mutex_lock(&device->lock);
	close(own);
	return ret < 0 || (poller.revents & POLLNVAL) ? -EINVAL : 0;
}
