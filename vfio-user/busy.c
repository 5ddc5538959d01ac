/* SPDX-License-Identifier: MIT */
#include "vfio-user/busy.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"

static void client_close(struct ugvt_vfio_busy_client *client)
{
	int fd = ugvt_vfio_watch_remove(client->busy->watch, &client->source);

	if (fd >= 0) {
		close(fd);
	}
}

static void client_refuse(struct ugvt_vfio_busy_client *client)
{
	struct ugvt_vfio_header reply = {
		.id = client->header.id,
		.command = client->header.command,
		.size = sizeof(reply),
		.flags = UGVT_VFIO_TYPE_REPLY | UGVT_VFIO_ERROR,
		.error = EBUSY,
	};
	char rest[4096];

	/* What is left unread would reset the connection, and could overtake the reply. */
	recv(client->source.fd, rest, sizeof(rest), MSG_DONTWAIT);
	send(client->source.fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* It needs the header alone, to answer with its id. Descriptors that come along are the kernel's to drop. */
static void client_handle_ready(struct ugvt_vfio_watch_source *source)
{
	struct ugvt_vfio_busy_client *client =
		ugvt_container_of(source, struct ugvt_vfio_busy_client, source);
	ssize_t n;

	do {
		n = recv(source->fd, (char *)&client->header + client->size,
			sizeof(client->header) - client->size, MSG_DONTWAIT);
		client->size += n > 0 ? (size_t)n : 0;
	} while (n > 0 && client->size < sizeof(client->header));
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (client->size == sizeof(client->header)) {
		client_refuse(client);
	}
	client_close(client);
}

static bool served_gone(const struct ugvt_vfio_busy *busy)
{
	struct pollfd pfd = {.fd = busy->served_fd, .events = POLLRDHUP};

	return poll(&pfd, 1, 0) != 0;
}

static void client_accept(struct ugvt_vfio_busy *busy, int fd)
{
	struct ugvt_vfio_busy_client *client = &busy->clients[busy->next++ % UGVT_VFIO_BUSY_MAX];

	client_close(client);
	client->size = 0;
	if (ugvt_vfio_watch_add(busy->watch, &client->source, fd) < 0) {
		close(fd);
	}
}

static void listener_handle_ready(struct ugvt_vfio_watch_source *source)
{
	struct ugvt_vfio_busy *busy = ugvt_container_of(source, struct ugvt_vfio_busy, listener);

	while (!served_gone(busy)) {
		int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0) {
			return;
		}
		ugvt_guest_log(&busy->noise,
			"vfio-user: a second client is told that the device is in use");
		client_accept(busy, fd);
	}
}

void ugvt_vfio_busy_init(struct ugvt_vfio_busy *busy, struct ugvt_vfio_watch *watch)
{
	*busy = (struct ugvt_vfio_busy){
		.watch = watch,
		.listener = {.handle_ready = listener_handle_ready, .fd = -1},
		.served_fd = -1,
	};
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(busy->clients); i++) {
		busy->clients[i] = (struct ugvt_vfio_busy_client){
			.source = {.handle_ready = client_handle_ready, .fd = -1},
			.busy = busy,
		};
	}
}

void ugvt_vfio_busy_begin(struct ugvt_vfio_busy *busy, int listen_fd, int served_fd)
{
	ugvt_vfio_watch_lock(busy->watch);
	busy->served_fd = served_fd;
	if (ugvt_vfio_watch_add(busy->watch, &busy->listener, listen_fd) < 0) {
		ugvt_warn("vfio-user: a second client will have to wait");
	}
	ugvt_vfio_watch_unlock(busy->watch);
}

void ugvt_vfio_busy_end(struct ugvt_vfio_busy *busy)
{
	ugvt_vfio_watch_lock(busy->watch);
	ugvt_vfio_watch_remove(busy->watch, &busy->listener);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(busy->clients); i++) {
		client_close(&busy->clients[i]);
	}
	ugvt_vfio_watch_unlock(busy->watch);
}
