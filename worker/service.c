/* SPDX-License-Identifier: MIT */
#include "worker/service.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"

static bool running(const struct ugvt_service *service)
{
	return service->machine.vgpu != NULL;
}

static void fd_close(int fd)
{
	if (fd >= 0) {
		close(fd);
	}
}

static void not_running(struct ugvt_rpc_request *request)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_INVALID, "the worker is not configured yet");
	ugvt_rpc_reject(request, &failure);
}

/* What the machine takes is limited before it takes it: its threads' stacks are part of it. */
static bool machine_start(struct ugvt_service *service, const struct ugvt_worker_config *config,
	struct ugvt_failure *failure)
{
	ugvt_walls_limit_memory(service->walls, ugvt_worker_memory_limit(config));
	return ugvt_machine_start(&service->machine, config, failure);
}

static void handle_configure(struct ugvt_service *service, struct ugvt_rpc_request *request)
{
	struct ugvt_worker_config config;
	struct ugvt_failure failure;
	bool ok;

	if (running(service)) {
		ok = ugvt_fail(&failure, UGVT_FAILURE_INVALID, "the worker is configured already");
	} else {
		ok = ugvt_worker_config_read(&config, request->params, &failure) &&
		     machine_start(service, &config, &failure);
	}
	if (ok) {
		ugvt_rpc_reply(request, NULL);
	} else {
		ugvt_rpc_reject(request, &failure);
	}
}

static void handle_stats(struct ugvt_service *service, struct ugvt_rpc_request *request)
{
	if (!running(service)) {
		not_running(request);
		return;
	}
	ugvt_rpc_reply(request, ugvt_machine_figures(&service->machine));
}

static void handle_screenshot(struct ugvt_service *service, struct ugvt_rpc_request *request)
{
	if (!running(service)) {
		not_running(request);
		return;
	}
	ugvt_photo_take(&service->machine.photo, request);
}

static void handle_govern(struct ugvt_service *service, struct ugvt_rpc_request *request)
{
	int page_fd = ugvt_rpc_take_fd(request), doorbell_fd = ugvt_rpc_take_fd(request);
	struct ugvt_failure failure;
	int ret = -EINVAL;

	if (page_fd >= 0 && doorbell_fd >= 0 && running(service)) {
		ret = ugvt_machine_govern(&service->machine, page_fd, doorbell_fd);
	} else {
		fd_close(page_fd);
		fd_close(doorbell_fd);
	}
	if (ret < 0) {
		ugvt_fail(&failure, UGVT_FAILURE_INVALID, "can't be governed: %s", strerror(-ret));
		ugvt_rpc_reject(request, &failure);
	} else {
		ugvt_rpc_reply(request, NULL);
	}
}

static void handle_stop(struct ugvt_service *service, struct ugvt_rpc_request *request)
{
	ugvt_rpc_reply(request, NULL);
	ugvt_loop_stop(service->loop);
}

static void handle_walls(struct ugvt_service *service, struct ugvt_rpc_request *request)
{
	ugvt_rpc_reply(request, ugvt_walls_write(service->walls));
}

static const struct method {
	const char *name;
	void (*handle)(struct ugvt_service *service, struct ugvt_rpc_request *request);
} methods[] = {
	{"configure", handle_configure},
	{"govern", handle_govern},
	{"stats", handle_stats},
	{"screenshot", handle_screenshot},
	{"stop", handle_stop},
	{"walls", handle_walls},
};

static void service_handle_request(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request)
{
	struct ugvt_service *service = ugvt_container_of(peer, struct ugvt_service, peer);
	struct ugvt_failure failure;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(methods); i++) {
		if (strcmp(methods[i].name, request->method) == 0) {
			methods[i].handle(service, request);
			return;
		}
	}
	ugvt_fail(&failure, UGVT_RPC_METHOD_NOT_FOUND, "there is no such method");
	ugvt_rpc_reject(request, &failure);
}

static void service_handle_gone(struct ugvt_rpc_peer *peer)
{
	struct ugvt_service *service = ugvt_container_of(peer, struct ugvt_service, peer);

	service->connected = false;
	ugvt_rpc_finish(peer);
	if (running(service)) {
		ugvt_machine_ungovern(&service->machine);
		ugvt_info("the manager is gone; serving on");
	} else {
		ugvt_loop_stop(service->loop);
	}
}

static const struct ugvt_rpc_impl peer_impl = {
	.handle_request = service_handle_request,
	.handle_gone = service_handle_gone,
};

static void service_connect(struct ugvt_service *service, int fd)
{
	struct ugvt_rpc_options options = {
		.loop = service->loop,
		.fd = fd,
		.max_line = UGVT_RPC_REQUEST_MAX,
		.takes_fds = true,
	};

	if (service->connected) {
		ugvt_rpc_finish(&service->peer);
	}
	service->connected = ugvt_rpc_init(&service->peer, &peer_impl, &options) == 0;
	if (!service->connected) {
		ugvt_error("out of memory for a manager's connection");
	}
}

/* Who may connect is the file's matter: only our user, and root, reach it. */
static void service_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_service *service = ugvt_container_of(watch, struct ugvt_service, watch);
	int fd = accept4(UGVT_WORKER_FD_CONTROL, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0) {
		service_connect(service, fd);
	}
}

int ugvt_service_init(
	struct ugvt_service *service, struct ugvt_loop *loop, struct ugvt_walls *walls)
{
	*service = (struct ugvt_service){
		.loop = loop,
		.walls = walls,
		.watch = {.handle_ready = service_handle_ready},
		.machine = {.loop = loop},
	};
	return ugvt_loop_add(loop, &service->watch, UGVT_WORKER_FD_CONTROL, EPOLLIN);
}

void ugvt_service_finish(struct ugvt_service *service)
{
	ugvt_machine_stop(&service->machine);
	ugvt_loop_remove(service->loop, &service->watch);
	if (service->connected) {
		ugvt_rpc_finish(&service->peer);
	}
}
