/* SPDX-License-Identifier: MIT */
#include "worker/photo.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "console/png_write.h"
#include "control/json.h"
#include "vgpu/vgpu.h"

/* Where a PNG goes: the manager's file, which is larger than any picture, so that somebody has to count. */
struct sink {
	int fd;
	uint64_t size; // bytes so far
};

static ssize_t sink_write(void *cookie, const char *data, size_t size)
{
	struct sink *sink = cookie;
	ssize_t n = write(sink->fd, data, size);

	sink->size += n > 0 ? (uint64_t)n : 0;
	return n;
}

static int picture_write(struct sink *sink, const struct ugvt_picture *picture)
{
	FILE *file = fopencookie(sink, "w", (cookie_io_functions_t){.write = sink_write});
	int ret;

	if (!file) {
		return -ENOMEM;
	}
	ret = ugvt_png_write(file, picture);
	fclose(file);
	return ret;
}

static int picture_take(struct ugvt_vgpu *vgpu, struct sink *sink)
{
	struct ugvt_picture picture;
	int ret = ugvt_vgpu_capture(vgpu, &picture);

	if (ret == 0) {
		ret = picture_write(sink, &picture);
		ugvt_picture_finish(&picture);
	}
	return ret;
}

static void *photo_thread(void *argument)
{
	struct ugvt_photo *photo = argument;
	struct sink sink = {.fd = photo->picture_fd};
	uint64_t one = 1;

	photo->error = -picture_take(photo->vgpu, &sink);
	photo->picture_size = sink.size;
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

static int photo_start(struct ugvt_photo *photo)
{
	int ret;

	photo->picture_fd = ugvt_rpc_take_fd(first_request(photo));
	if (photo->picture_fd < 0) {
		return EBADF;
	}
	ret = pthread_create(&photo->thread, NULL, photo_thread, photo);
	if (ret != 0) {
		close(photo->picture_fd);
	}
	return ret;
}

static void photo_begin(struct ugvt_photo *photo)
{
	while (!photo->busy && !ugvt_list_empty(&photo->requests)) {
		int ret = photo_start(photo);

		photo->busy = ret == 0;
		if (ret != 0) {
			request_fail(first_request(photo), ret);
		}
	}
}

static void photo_end(struct ugvt_photo *photo)
{
	struct json_object *result;

	pthread_join(photo->thread, NULL);
	photo->busy = false;
	close(photo->picture_fd);
	if (photo->error != 0) {
		request_fail(first_request(photo), photo->error);
		return;
	}
	result = json_object_new_object();
	ugvt_json_add_uint(result, "size", photo->picture_size);
	ugvt_rpc_reply(first_request(photo), result);
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
