/* SPDX-License-Identifier: MIT */
#include "control/client.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/rpc.h"
#include "control/socket.h"

/* Longer than the manager waits for a worker. */
#define TIMEOUT_MS 60000

struct ugvt_client {
	struct ugvt_loop *loop;
	struct ugvt_rpc_peer peer;
	bool gone;
};

struct client_call {
	struct ugvt_rpc_call call;
	struct ugvt_client_reply *reply;
	bool done, ok;
};

static void client_handle_request(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request)
{
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_RPC_METHOD_NOT_FOUND, "a client answers no requests");
	ugvt_rpc_reject(request, &failure);
}

static void client_handle_gone(struct ugvt_rpc_peer *peer)
{
	struct ugvt_client *client = ugvt_container_of(peer, struct ugvt_client, peer);

	client->gone = true;
	ugvt_rpc_finish(peer);
}

static const struct ugvt_rpc_impl client_impl = {
	.handle_request = client_handle_request,
	.handle_gone = client_handle_gone,
};

struct ugvt_client *ugvt_client_create(
	const struct ugvt_run_dir *run_dir, struct ugvt_failure *failure)
{
	struct ugvt_client *client = calloc(1, sizeof(*client));
	struct ugvt_rpc_options options = {
		.max_line = UGVT_RPC_REPLY_MAX,
		.takes_fds = true,
		.timeout_ms = TIMEOUT_MS,
	};
	char path[PATH_MAX];

	if (client) {
		client->loop = ugvt_loop_create();
	}
	if (!client || !client->loop) {
		ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory or file descriptors");
		goto free_client;
	}
	ugvt_run_dir_control(run_dir, path);
	options.loop = client->loop;
	options.fd = ugvt_socket_connect(path, failure);
	if (options.fd < 0) {
		goto free_loop;
	}
	if (ugvt_rpc_init(&client->peer, &client_impl, &options) < 0) {
		ugvt_fail(failure, UGVT_FAILURE_OTHER, "out of memory or file descriptors");
		goto free_loop;
	}
	return client;

free_loop:
	ugvt_loop_destroy(client->loop);
free_client:
	free(client);
	return NULL;
}

void ugvt_client_destroy(struct ugvt_client *client)
{
	if (!client) {
		return;
	}
	if (!client->gone) {
		ugvt_rpc_finish(&client->peer);
	}
	ugvt_loop_destroy(client->loop);
	free(client);
}

static void call_handle_reply(struct ugvt_rpc_call *rpc_call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct client_call *call = ugvt_container_of(rpc_call, struct client_call, call);

	call->done = true;
	call->ok = !failure;
	if (failure) {
		call->reply->failure = *failure;
	}
	call->reply->result = json_object_get(result);
	call->reply->fd = fd;
}

bool ugvt_client_call(struct ugvt_client *client, const char *method, struct json_object *params,
	struct ugvt_client_reply *reply)
{
	struct client_call call = {.call = {.handle_reply = call_handle_reply}, .reply = reply};

	*reply = (struct ugvt_client_reply){.fd = -1};
	if (client->gone) {
		json_object_put(params);
		return ugvt_fail(&reply->failure, UGVT_FAILURE_NO_MANAGER,
			"the manager has closed the connection");
	}
	ugvt_rpc_call(&client->peer, &call.call, method, params);
	while (!call.done) {
		int ret = ugvt_loop_step(client->loop, -1);

		if (ret < 0) {
			ugvt_rpc_cancel(&call.call);
			return ugvt_fail(&reply->failure, UGVT_FAILURE_OTHER,
				"can't wait for the manager: %s", strerror(-ret));
		}
	}
	if (client->gone) {
		call.ok = ugvt_fail(&reply->failure, UGVT_FAILURE_NO_MANAGER,
			"the manager closed the connection before it answered: look at its log");
	}
	return call.ok;
}

void ugvt_client_reply_finish(struct ugvt_client_reply *reply)
{
	json_object_put(reply->result);
	if (reply->fd >= 0) {
		close(reply->fd);
	}
	*reply = (struct ugvt_client_reply){.fd = -1};
}
