/* SPDX-License-Identifier: MIT */
#include "worker/photo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "console/png_write.h"
#include "vgpu/vgpu.h"

static int picture_write(int fd, const struct ugvt_picture *picture)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *file = copy < 0 ? NULL : fdopen(copy, "w");
	int ret;

	if (!file) {
		ret = -errno;
		if (copy >= 0) {
			close(copy);
		}
		return ret;
	}
	ret = ugvt_png_write(file, picture);
	fclose(file);
	return ret;
}

/* fd of a memory file that nobody can change any more, or -errno. */
static int picture_take(struct ugvt_vgpu *vgpu)
{
	static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	int fd = memfd_create("ugvt-picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct ugvt_picture picture;
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = ugvt_vgpu_capture(vgpu, &picture);
	if (ret == 0) {
		ret = picture_write(fd, &picture);
		ugvt_picture_finish(&picture);
	}
	if (ret == 0 && fcntl(fd, F_ADD_SEALS, seals) < 0) {
		ret = -errno;
	}
	if (ret < 0) {
		close(fd);
		return ret;
	}
	return fd;
}

static void *photo_thread(void *argument)
{
	struct ugvt_photo *photo = argument;
	uint64_t one = 1;

	photo->picture_fd = picture_take(photo->vgpu);
	if (write(photo->done_fd, &one, sizeof(one)) < 0) {
		ugvt_error("can't tell that a picture is taken: %s", strerror(errno));
	}
	return NULL;
}

static struct ugvt_rpc_request *first_request(struct ugvt_photo *photo)
{
	return ugvt_container_of(photo->requests.next, struct ugvt_rpc_request, wait);
}

static void request_fail(struct ugvt_rpc_request *request, int error)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_WORKER, "can't take a picture: %s", strerror(error));
	ugvt_rpc_reject(request, &failure);
}

static void photo_begin(struct ugvt_photo *photo)
{
	while (!photo->busy && !ugvt_list_empty(&photo->requests)) {
		int ret = pthread_create(&photo->thread, NULL, photo_thread, photo);

		photo->busy = ret == 0;
		if (ret != 0) {
			request_fail(first_request(photo), ret);
		}
	}
}

static void photo_end(struct ugvt_photo *photo)
{
	pthread_join(photo->thread, NULL);
	photo->busy = false;
	if (photo->picture_fd >= 0) {
		ugvt_rpc_reply_fd(first_request(photo), NULL, photo->picture_fd);
	} else {
		request_fail(first_request(photo), -photo->picture_fd);
	}
}

static void photo_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_photo *photo = ugvt_container_of(watch, struct ugvt_photo, watch);
	uint64_t count;

	if (read(photo->done_fd, &count, sizeof(count)) == sizeof(count) && photo->busy) {
		photo_end(photo);
		photo_begin(photo);
	}
}

int ugvt_photo_init(struct ugvt_photo *photo, struct ugvt_loop *loop, struct ugvt_vgpu *vgpu)
{
	int ret;

	*photo = (struct ugvt_photo){
		.loop = loop,
		.watch = {.handle_ready = photo_handle_ready},
		.vgpu = vgpu,
		.done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	ugvt_list_init(&photo->requests);
	if (photo->done_fd < 0) {
		return -errno;
	}
	ret = ugvt_loop_add(loop, &photo->watch, photo->done_fd, EPOLLIN);
	if (ret < 0) {
		close(photo->done_fd);
	}
	return ret;
}

void ugvt_photo_finish(struct ugvt_photo *photo)
{
	if (photo->busy) {
		photo_end(photo);
	}
	while (!ugvt_list_empty(&photo->requests)) {
		request_fail(first_request(photo), ECANCELED);
	}
	ugvt_loop_remove(photo->loop, &photo->watch);
	close(photo->done_fd);
}

void ugvt_photo_take(struct ugvt_photo *photo, struct ugvt_rpc_request *request)
{
	ugvt_list_append(&photo->requests, &request->wait);
	photo_begin(photo);
}
