/* SPDX-License-Identifier: MIT */
#include "control/rpc.h"

#include <assert.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "control/json.h"
#include "control/message.h"

static void message_send(struct ugvt_rpc_peer *peer, struct json_object *message)
{
	ugvt_channel_send(&peer->channel, ugvt_message_line(message), -1);
	json_object_put(message);
}

static void message_send_fds(
	struct ugvt_rpc_peer *peer, struct json_object *message, const int *fds, unsigned n)
{
	if (n > 0) {
		ugvt_message_set_fds(message, n);
	}
	ugvt_channel_send_fds(&peer->channel, ugvt_message_line(message), fds, n);
	json_object_put(message);
}

static void complaint_send(
	struct ugvt_rpc_peer *peer, struct json_object *id, const struct ugvt_failure *failure)
{
	message_send(peer, ugvt_message_error(id, failure));
}

static bool request_take_fds(struct ugvt_rpc_request *request, unsigned n)
{
	for (; request->n_fds < n; request->n_fds++) {
		request->fds[request->n_fds] = ugvt_channel_take_fd(&request->peer->channel);
		if (request->fds[request->n_fds] < 0) {
			return false;
		}
	}
	return true;
}

int ugvt_rpc_take_fd(struct ugvt_rpc_request *request)
{
	int fd = -1;

	if (request->n_fds > 0) {
		fd = request->fds[0];
		request->n_fds--;
		memmove(request->fds, request->fds + 1, request->n_fds * sizeof(fd));
	}
	return fd;
}

static void request_destroy(struct ugvt_rpc_request *request)
{
	struct ugvt_rpc_peer *peer = request->peer;

	ugvt_list_remove(&request->wait);
	while (request->n_fds > 0) {
		close(request->fds[--request->n_fds]);
	}
	json_object_put(request->root);
	if (peer) {
		ugvt_list_remove(&request->link);
		ugvt_channel_end_answer(&peer->channel);
	}
	free(request);
}

static void request_handle(struct ugvt_rpc_peer *peer, struct ugvt_message *message)
{
	struct ugvt_rpc_request *request = calloc(1, sizeof(*request));

	if (!request) {
		ugvt_channel_abort(&peer->channel);
		return;
	}
	request->peer = peer;
	request->root = json_object_get(message->root);
	request->id = message->id;
	request->notification = message->notification;
	request->method = message->method;
	request->params = message->params;
	ugvt_list_init(&request->wait);
	ugvt_list_append(&peer->requests, &request->link);
	ugvt_channel_begin_answer(&peer->channel);
	if (!request_take_fds(request, message->n_fds)) {
		request_destroy(request);
		ugvt_channel_abort(&peer->channel);
		return;
	}
	peer->impl->handle_request(peer, request);
}

static void timer_update(struct ugvt_rpc_peer *peer)
{
	struct ugvt_rpc_call *oldest =
		ugvt_container_of(peer->calls.next, struct ugvt_rpc_call, link);

	if (peer->timer.watch.source) {
		ugvt_loop_timer_set(
			&peer->timer, ugvt_list_empty(&peer->calls) ? 0 : oldest->deadline_ns);
	}
}

static struct ugvt_rpc_call *call_find(struct ugvt_rpc_peer *peer, const struct json_object *root)
{
	struct ugvt_rpc_call *call;
	uint64_t id;

	if (!ugvt_json_uint(root, "id", UINT64_MAX, &id)) {
		return NULL;
	}
	ugvt_list_for_each(call, &peer->calls, link) {
		if (call->id == id) {
			return call;
		}
	}
	return NULL;
}

/* A reply that nobody waits for is one that came too late. */
static void reply_handle(struct ugvt_rpc_peer *peer, struct ugvt_message *message)
{
	struct ugvt_rpc_call *call = call_find(peer, message->root);
	int fd = message->n_fds > 0 ? ugvt_channel_take_fd(&peer->channel) : -1;
	struct ugvt_failure failure;

	if (message->n_fds > 0 && fd < 0) {
		ugvt_channel_abort(&peer->channel);
		return;
	}
	if (!call) {
		if (fd >= 0) {
			close(fd);
		}
		return;
	}
	ugvt_list_remove(&call->link);
	timer_update(peer);
	if (message->error) {
		ugvt_message_failure(message, &failure);
	}
	call->handle_reply(call, message->error ? &failure : NULL, message->result, fd);
}

static const char *complaint(int code)
{
	switch (code) {
	case UGVT_RPC_PARSE_ERROR: return "not one JSON value on a line, or nested too deeply";
	case UGVT_RPC_INVALID_PARAMS: return "params must be an object";
	default: return "not a JSON-RPC 2.0 request (batches are not taken)";
	}
}

static void rpc_handle_line(struct ugvt_channel *channel, const char *line, size_t size)
{
	struct ugvt_rpc_peer *peer = ugvt_container_of(channel, struct ugvt_rpc_peer, channel);
	struct ugvt_message message;
	int code = ugvt_message_parse(&message, line, size);
	struct ugvt_failure failure;

	if (code != 0) {
		ugvt_fail(&failure, code, "%s", complaint(code));
		complaint_send(peer, message.id, &failure);
	} else if (message.method) {
		request_handle(peer, &message);
	} else {
		reply_handle(peer, &message);
	}
	ugvt_message_finish(&message);
}

static void rpc_handle_oversize(struct ugvt_channel *channel)
{
	struct ugvt_rpc_peer *peer = ugvt_container_of(channel, struct ugvt_rpc_peer, channel);
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_RPC_INVALID_REQUEST, "a message may have at most %zu bytes",
		channel->max_line);
	complaint_send(peer, NULL, &failure);
}

static void rpc_handle_end(struct ugvt_channel *channel)
{
	struct ugvt_rpc_peer *peer = ugvt_container_of(channel, struct ugvt_rpc_peer, channel);

	peer->impl->handle_gone(peer);
}

static const struct ugvt_channel_impl channel_impl = {
	.handle_line = rpc_handle_line,
	.handle_oversize = rpc_handle_oversize,
	.handle_end = rpc_handle_end,
};

static void call_fail(struct ugvt_rpc_call *call, const struct ugvt_failure *failure)
{
	ugvt_list_remove(&call->link);
	call->handle_reply(call, failure, NULL, -1);
}

static void timer_handle_expiry(struct ugvt_loop_timer *timer)
{
	struct ugvt_rpc_peer *peer = ugvt_container_of(timer, struct ugvt_rpc_peer, timer);
	uint64_t now = ugvt_clock_ns();
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_OTHER, "no answer within %u s", peer->timeout_ms / 1000);
	while (!ugvt_list_empty(&peer->calls)) {
		struct ugvt_rpc_call *call =
			ugvt_container_of(peer->calls.next, struct ugvt_rpc_call, link);

		if (call->deadline_ns > now) {
			break;
		}
		call_fail(call, &failure);
	}
	timer_update(peer);
}

int ugvt_rpc_init(struct ugvt_rpc_peer *peer, const struct ugvt_rpc_impl *impl,
	const struct ugvt_rpc_options *options)
{
	struct ugvt_channel_options channel_options = {
		.loop = options->loop,
		.fd = options->fd,
		.max_line = options->max_line,
		.takes_fds = options->takes_fds,
	};

	assert(impl->handle_request && impl->handle_gone);
	*peer = (struct ugvt_rpc_peer){
		.impl = impl,
		.loop = options->loop,
		.timer = {.handle_expiry = timer_handle_expiry},
		.timeout_ms = options->timeout_ms,
	};
	ugvt_list_init(&peer->requests);
	ugvt_list_init(&peer->calls);
	return ugvt_channel_init(&peer->channel, &channel_impl, &channel_options);
}

void ugvt_rpc_finish(struct ugvt_rpc_peer *peer)
{
	struct ugvt_rpc_request *request, *tmp;
	struct ugvt_failure failure;

	ugvt_fail(&failure, UGVT_FAILURE_OTHER, "the connection was closed");
	ugvt_channel_finish(&peer->channel);
	ugvt_loop_timer_remove(peer->loop, &peer->timer);
	ugvt_list_for_each_safe(request, tmp, &peer->requests, link) {
		ugvt_list_remove(&request->link);
		request->peer = NULL;
	}
	while (!ugvt_list_empty(&peer->calls)) {
		call_fail(
			ugvt_container_of(peer->calls.next, struct ugvt_rpc_call, link), &failure);
	}
}

void ugvt_rpc_call(struct ugvt_rpc_peer *peer, struct ugvt_rpc_call *call, const char *method,
	struct json_object *params)
{
	ugvt_rpc_call_fds(peer, call, &(struct ugvt_rpc_query){.method = method, .params = params});
}

void ugvt_rpc_call_fds(
	struct ugvt_rpc_peer *peer, struct ugvt_rpc_call *call, const struct ugvt_rpc_query *query)
{
	assert(call->handle_reply);
	call->id = ++peer->last_id;
	call->deadline_ns = ugvt_clock_ns() + peer->timeout_ms * UGVT_NS_PER_MS;
	ugvt_list_append(&peer->calls, &call->link);
	if (!peer->timer.watch.source && ugvt_loop_timer_add(peer->loop, &peer->timer) < 0) {
		ugvt_channel_abort(&peer->channel);
	}
	timer_update(peer);
	message_send_fds(peer, ugvt_message_request(query->method, query->params, call->id),
		query->fds, query->n_fds);
}

void ugvt_rpc_cancel(struct ugvt_rpc_call *call)
{
	if (call->link.next) {
		ugvt_list_remove(&call->link);
	}
}

void ugvt_rpc_reply_fd(struct ugvt_rpc_request *request, struct json_object *result, int fd)
{
	if (request->peer && !request->notification) {
		message_send_fds(
			request->peer, ugvt_message_result(request->id, result), &fd, fd >= 0);
	} else {
		json_object_put(result);
		if (fd >= 0) {
			close(fd);
		}
	}
	request_destroy(request);
}

void ugvt_rpc_reply(struct ugvt_rpc_request *request, struct json_object *result)
{
	ugvt_rpc_reply_fd(request, result, -1);
}

void ugvt_rpc_reject(struct ugvt_rpc_request *request, const struct ugvt_failure *failure)
{
	if (request->peer && !request->notification) {
		complaint_send(request->peer, request->id, failure);
	}
	request_destroy(request);
}

bool ugvt_rpc_params_check(
	struct json_object *params, const char *const *keys, struct ugvt_failure *failure)
{
	if (!params) {
		return true;
	}
	json_object_object_foreach(params, name, value) {
		const char *const *key = keys;

		(void)value;
		while (*key && strcmp(*key, name) != 0) {
			key++;
		}
		if (!*key) {
			ugvt_fail(failure, UGVT_RPC_INVALID_PARAMS, "there is no parameter ");
			ugvt_failure_append_quoted(failure, name);
			return false;
		}
	}
	return true;
}
