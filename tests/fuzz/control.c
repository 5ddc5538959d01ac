/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/http.h"
#include "control/json.h"
#include "control/rpc.h"
#include "control/walls.h"
#include "manager/check.h"

/*
 * A stranger's bytes at the control socket, in pieces of the size that the first byte says: as requests, and as
 * answers to calls that are under way, or, if they begin as such, as HTTP.
 */

#define CALLS 4

struct end {
	struct ugvt_rpc_peer peer;
	struct ugvt_rpc_request *kept;
	bool gone;
};

static void end_handle_request(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request)
{
	static const char *const keys[] = {"uuid", "type", NULL};
	struct end *end = ugvt_container_of(peer, struct end, peer);
	struct ugvt_failure failure;

	if (!ugvt_rpc_params_check(request->params, keys, &failure)) {
		ugvt_rpc_reject(request, &failure);
	} else if (!end->kept && request->method[0] == 'k') {
		end->kept = request;
	} else {
		ugvt_rpc_reply(request, json_object_get(request->params));
	}
}

static void end_handle_gone(struct ugvt_rpc_peer *peer)
{
	ugvt_container_of(peer, struct end, peer)->gone = true;
}

static const struct ugvt_rpc_impl impl = {
	.handle_request = end_handle_request,
	.handle_gone = end_handle_gone,
};

static void call_handle_reply(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct ugvt_walls walls;

	json_object_put(ugvt_check_figures(result));
	ugvt_walls_read(&walls, result);
	if (fd >= 0) {
		close(fd);
	}
}

struct feed {
	struct ugvt_loop *loop;
	const bool *gone; // nobody listens any more
	int fd;
};

static void feed(const struct feed *to, const uint8_t *data, size_t size)
{
	size_t piece = size > 0 ? (size_t)data[0] * 16 + 1 : 1;
	char answers[4096];

	for (size_t done = 1; done < size && !*to->gone; done += piece) {
		size_t n = UGVT_MIN(piece, size - done);

		if (send(to->fd, data + done, n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			break;
		}
		ugvt_loop_step(to->loop, 0);
		recv(to->fd, answers, sizeof(answers), MSG_DONTWAIT);
	}
	close(to->fd);
	for (int i = 0; i < 64 && !*to->gone; i++) {
		ugvt_loop_step(to->loop, 0);
	}
}

struct page {
	struct ugvt_http_connection connection;
	struct ugvt_http_request *kept;
	bool gone;
};

static void page_handle_get(
	struct ugvt_http_connection *connection, struct ugvt_http_request *request)
{
	struct page *page = ugvt_container_of(connection, struct page, connection);

	if (request->path[1] == 'k') {
		page->kept = request;
	} else if (request->path[1] == 'm') {
		ugvt_http_answer(request, UGVT_HTTP_OK, "text/plain", "a 1\n");
	} else {
		ugvt_http_refuse(request, UGVT_HTTP_NOT_FOUND);
	}
}

static void page_handle_gone(struct ugvt_http_connection *connection)
{
	ugvt_container_of(connection, struct page, connection)->gone = true;
}

static const struct ugvt_http_impl http_impl = {
	.handle_get = page_handle_get,
	.handle_gone = page_handle_gone,
};

static void http_run(struct ugvt_loop *loop, const int *fds, const uint8_t *data, size_t size)
{
	struct page page = {0};
	struct feed to = {.loop = loop, .gone = &page.gone, .fd = fds[1]};

	if (ugvt_http_init(&page.connection, &http_impl, loop, fds[0]) < 0) {
		abort();
	}
	feed(&to, data, size);
	ugvt_http_finish(&page.connection);
	if (page.kept) {
		ugvt_http_answer(page.kept, UGVT_HTTP_OK, "text/plain", "late\n");
	}
}

static void rpc_run(struct ugvt_loop *loop, const int *fds, const uint8_t *data, size_t size)
{
	struct ugvt_rpc_options options = {.loop = loop,
		.fd = fds[0],
		.max_line = 2048,
		.takes_fds = true,
		.timeout_ms = 60000};
	struct ugvt_rpc_call calls[CALLS];
	struct end end = {0};
	struct feed to = {.loop = loop, .gone = &end.gone, .fd = fds[1]};

	if (ugvt_rpc_init(&end.peer, &impl, &options) < 0) {
		abort();
	}
	for (int i = 0; i < CALLS; i++) {
		calls[i] = (struct ugvt_rpc_call){.handle_reply = call_handle_reply};
		ugvt_rpc_call(&end.peer, &calls[i], "stats", NULL);
	}
	feed(&to, data, size);
	ugvt_rpc_finish(&end.peer);
	if (end.kept) {
		ugvt_rpc_reply(end.kept, NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ugvt_loop *loop = ugvt_loop_create();
	int fds[2];

	if (!loop || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		abort();
	}
	if (size > 1 && ugvt_http_begins((char)data[1])) {
		http_run(loop, fds, data, size);
	} else {
		rpc_run(loop, fds, data, size);
	}
	ugvt_loop_destroy(loop);
	return 0;
}
