/* SPDX-License-Identifier: MIT */
#include "control/server.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* How long new clients wait when the system can't take them, ms. */
#define RETRY_MS 100

/* Which protocol it speaks, its first byte tells. */
enum client_kind {
	CLIENT_NEW,
	CLIENT_RPC,
	CLIENT_HTTP,
};

struct client {
	struct ugvt_list link; // ugvt_control_server.clients
	struct ugvt_control_server *server;
	enum client_kind kind;
	union {
		struct {
			int fd;
			struct ugvt_loop_watch watch;
		} fresh;
		struct ugvt_rpc_peer peer;
		struct ugvt_http_connection http;
	};
};

static void listen_update(struct ugvt_control_server *server)
{
	bool on = server->n_clients < UGVT_CONTROL_CLIENTS_MAX;

	ugvt_loop_modify(server->loop, &server->watch, on ? EPOLLIN : 0);
}

static void client_handle_request(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request)
{
	struct client *client = ugvt_container_of(peer, struct client, peer);

	client->server->impl->handle_request(client->server, request);
}

static void client_handle_get(
	struct ugvt_http_connection *connection, struct ugvt_http_request *request)
{
	struct client *client = ugvt_container_of(connection, struct client, http);

	client->server->impl->handle_get(client->server, request);
}

static void client_finish(struct client *client)
{
	switch (client->kind) {
	case CLIENT_NEW:
		ugvt_loop_remove(client->server->loop, &client->fresh.watch);
		close(client->fresh.fd);
		break;
	case CLIENT_RPC: ugvt_rpc_finish(&client->peer); break;
	case CLIENT_HTTP: ugvt_http_finish(&client->http); break;
	}
}

/* client is finished. */
static void client_forget(struct client *client)
{
	ugvt_list_remove(&client->link);
	client->server->n_clients--;
	listen_update(client->server);
	free(client);
}

static void client_destroy(struct client *client)
{
	client_finish(client);
	client_forget(client);
}

static void client_handle_gone(struct ugvt_rpc_peer *peer)
{
	client_destroy(ugvt_container_of(peer, struct client, peer));
}

static const struct ugvt_rpc_impl client_impl = {
	.handle_request = client_handle_request,
	.handle_gone = client_handle_gone,
};

static void client_handle_http_gone(struct ugvt_http_connection *connection)
{
	client_destroy(ugvt_container_of(connection, struct client, http));
}

static const struct ugvt_http_impl client_http_impl = {
	.handle_get = client_handle_get,
	.handle_gone = client_handle_http_gone,
};

static int rpc_begin(struct client *client, int fd)
{
	struct ugvt_rpc_options options = {
		.loop = client->server->loop,
		.fd = fd,
		.max_line = UGVT_RPC_REQUEST_MAX,
	};

	client->kind = CLIENT_RPC;
	return ugvt_rpc_init(&client->peer, &client_impl, &options);
}

static int http_begin(struct client *client, int fd)
{
	client->kind = CLIENT_HTTP;
	return ugvt_http_init(&client->http, &client_http_impl, client->server->loop, fd);
}

/* Descriptors beside that first byte stay where they are. */
static void client_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct client *client = ugvt_container_of(watch, struct client, fresh.watch);
	int fd = client->fresh.fd;
	char first;
	ssize_t n = recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (n <= 0) {
		client_destroy(client);
		return;
	}
	ugvt_loop_remove(client->server->loop, watch);
	if ((ugvt_http_begins(first) ? http_begin(client, fd) : rpc_begin(client, fd)) < 0) {
		client_forget(client);
	}
}

static bool client_allowed(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
		return false;
	}
	if (peer.uid != 0 && peer.uid != geteuid()) {
		ugvt_warn("refused process %d of user %u at the control socket", (int)peer.pid,
			(unsigned)peer.uid);
		return false;
	}
	return true;
}

static void client_create(struct ugvt_control_server *server, int fd)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client) {
		close(fd);
		return;
	}
	client->server = server;
	client->fresh.fd = fd;
	client->fresh.watch.handle_ready = client_handle_ready;
	if (ugvt_loop_add(server->loop, &client->fresh.watch, fd, EPOLLIN) < 0) {
		close(fd);
		free(client);
		return;
	}
	ugvt_list_append(&server->clients, &client->link);
	server->n_clients++;
	listen_update(server);
}

static void server_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_control_server *server =
		ugvt_container_of(watch, struct ugvt_control_server, watch);
	int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		/* Out of descriptors or memory: the client stays in the queue, and would wake us at once. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
			ugvt_loop_modify(server->loop, &server->watch, 0);
			ugvt_loop_timer_set(
				&server->timer, ugvt_clock_ns() + RETRY_MS * UGVT_NS_PER_MS);
		}
		return;
	}
	if (!client_allowed(fd)) {
		close(fd);
		return;
	}
	client_create(server, fd);
}

static void server_handle_expiry(struct ugvt_loop_timer *timer)
{
	listen_update(ugvt_container_of(timer, struct ugvt_control_server, timer));
}

int ugvt_control_server_init(struct ugvt_control_server *server,
	const struct ugvt_control_server_impl *impl, struct ugvt_loop *loop, int fd)
{
	int ret;

	assert(impl->handle_request && impl->handle_get);
	*server = (struct ugvt_control_server){
		.impl = impl,
		.loop = loop,
		.watch = {.handle_ready = server_handle_ready},
		.timer = {.handle_expiry = server_handle_expiry},
		.fd = fd,
	};
	ugvt_list_init(&server->clients);
	ret = ugvt_loop_timer_add(loop, &server->timer);
	if (ret == 0) {
		ret = ugvt_loop_add(loop, &server->watch, fd, EPOLLIN);
	}
	if (ret < 0) {
		ugvt_control_server_finish(server);
	}
	return ret;
}

void ugvt_control_server_finish(struct ugvt_control_server *server)
{
	struct client *client, *tmp;

	ugvt_list_for_each_safe(client, tmp, &server->clients, link) {
		client_destroy(client);
	}
	ugvt_loop_remove(server->loop, &server->watch);
	ugvt_loop_timer_remove(server->loop, &server->timer);
	close(server->fd);
}
