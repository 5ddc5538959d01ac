/* SPDX-License-Identifier: MIT */
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/json.h"
#include "control/rpc.h"
#include "manager/check.h"

/*
 * A stranger's bytes at the control socket, in pieces of the size that the first byte says: as requests, and as
 * answers to calls that are under way.
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
	json_object_put(ugvt_check_figures(result));
	if (fd >= 0) {
		ugvt_check_picture(fd);
		close(fd);
	}
}

static void feed(struct ugvt_loop *loop, struct end *end, int fd, const uint8_t *data, size_t size)
{
	size_t piece = size > 0 ? (size_t)data[0] * 16 + 1 : 1;
	char answers[4096];

	for (size_t done = 1; done < size && !end->gone; done += piece) {
		size_t n = UGVT_MIN(piece, size - done);

		if (send(fd, data + done, n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			break;
		}
		ugvt_loop_step(loop, 0);
		recv(fd, answers, sizeof(answers), MSG_DONTWAIT);
	}
	close(fd);
	for (int i = 0; i < 64 && !end->gone; i++) {
		ugvt_loop_step(loop, 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ugvt_rpc_options options = {
		.max_line = 2048, .takes_fds = true, .timeout_ms = 60000};
	struct ugvt_rpc_call calls[CALLS];
	struct end end = {0};
	int fds[2];

	options.loop = ugvt_loop_create();
	if (!options.loop || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		abort();
	}
	options.fd = fds[0];
	if (ugvt_rpc_init(&end.peer, &impl, &options) < 0) {
		abort();
	}
	for (int i = 0; i < CALLS; i++) {
		calls[i] = (struct ugvt_rpc_call){.handle_reply = call_handle_reply};
		ugvt_rpc_call(&end.peer, &calls[i], "stats", NULL);
	}
	feed(options.loop, &end, fds[1], data, size);
	ugvt_rpc_finish(&end.peer);
	if (end.kept) {
		ugvt_rpc_reply(end.kept, NULL);
	}
	ugvt_loop_destroy(options.loop);
	return 0;
}
