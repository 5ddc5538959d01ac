/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_RPC_H
#define UGVT_CONTROL_RPC_H

#include "control/channel.h"
#include "control/failure.h"
#include "control/message.h"

struct json_object;

/*
 * One end of a JSON-RPC connection. Both ends may call: the manager and its clients, the manager and its workers
 * use the same.
 */

struct ugvt_rpc_peer;

/* A request that came, to be answered once with ugvt_rpc_reply(), ugvt_rpc_reply_fd() or ugvt_rpc_reject(), now or
 * later, whether the peer is still there or not. */
struct ugvt_rpc_request {
	struct ugvt_list link;      // ugvt_rpc_peer.requests
	struct ugvt_list wait;      // the handler's, to line it up somewhere
	struct ugvt_rpc_peer *peer; // NULL once it is gone
	struct json_object *id;     // may be NULL
	bool notification;          // the answer is not sent
	const char *method;
	struct json_object *params; // an object, or NULL
	struct json_object *root;   // owns the above
	/* Descriptors beside it; those that nobody takes with ugvt_rpc_take_fd() are closed. */
	int fds[UGVT_MESSAGE_REQUEST_FDS_MAX];
	unsigned n_fds;
};

/* A call that is under way; embedded in its owner. */
struct ugvt_rpc_call {
	/* Mandatory. The call is over: *failure says why it failed, or it is NULL and result (which may be NULL)
	 * is the answer; result lives until this returns, fd (-1: none) is the handler's. */
	void (*handle_reply)(struct ugvt_rpc_call *call, const struct ugvt_failure *failure,
		struct json_object *result, int fd);
	struct ugvt_list link; // ugvt_rpc_peer.calls
	uint64_t id;
	uint64_t deadline_ns;
};

struct ugvt_rpc_impl {
	/* Mandatory. Takes request. */
	void (*handle_request)(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request);
	/* Mandatory. The connection is over; peer may be finished from here. Not called after
	 * ugvt_rpc_finish(). */
	void (*handle_gone)(struct ugvt_rpc_peer *peer);
};

struct ugvt_rpc_peer {
	const struct ugvt_rpc_impl *impl;
	struct ugvt_channel channel;
	struct ugvt_loop *loop;
	struct ugvt_loop_timer timer; // for the oldest call; added with the first
	struct ugvt_list requests;    // ugvt_rpc_request.link
	struct ugvt_list calls;       // ugvt_rpc_call.link, oldest first
	uint64_t last_id;
	unsigned timeout_ms;
};

/* Lines that a server takes, and lines that it may answer with, bytes. */
#define UGVT_RPC_REQUEST_MAX (64 * 1024)
#define UGVT_RPC_REPLY_MAX (16 * 1024 * 1024)

struct ugvt_rpc_options {
	struct ugvt_loop *loop;
	int fd;              // a stream socket, the peer's from now on, also on failure
	size_t max_line;     // bytes
	bool takes_fds;      // replies may have one, and requests several
	unsigned timeout_ms; // of each call
};

/* 0 or -errno. */
int ugvt_rpc_init(struct ugvt_rpc_peer *peer, const struct ugvt_rpc_impl *impl,
	const struct ugvt_rpc_options *options);
/* Calls under way fail; requests not answered stay their handlers'. Not from within handle_request or
 * handle_reply of the same peer. */
void ugvt_rpc_finish(struct ugvt_rpc_peer *peer);

/* Calls method; params may be NULL and are taken. handle_reply follows, never from within this. */
void ugvt_rpc_call(struct ugvt_rpc_peer *peer, struct ugvt_rpc_call *call, const char *method,
	struct json_object *params);
struct ugvt_rpc_query {
	const char *method;
	struct json_object *params;            // may be NULL; taken
	int fds[UGVT_MESSAGE_REQUEST_FDS_MAX]; // n_fds of them, to send beside it; taken
	unsigned n_fds;
};

/* The same with descriptors. */
void ugvt_rpc_call_fds(
	struct ugvt_rpc_peer *peer, struct ugvt_rpc_call *call, const struct ugvt_rpc_query *query);
/* Forgets call, if it is under way; its reply will be ignored. */
void ugvt_rpc_cancel(struct ugvt_rpc_call *call);

/* The next descriptor of request, now the caller's; -1: there is none. */
int ugvt_rpc_take_fd(struct ugvt_rpc_request *request);

/* Answer and free request. result may be NULL and is taken, as is fd. */
void ugvt_rpc_reply(struct ugvt_rpc_request *request, struct json_object *result);
void ugvt_rpc_reply_fd(struct ugvt_rpc_request *request, struct json_object *result, int fd);
void ugvt_rpc_reject(struct ugvt_rpc_request *request, const struct ugvt_failure *failure);

/* Whatever params has other than keys (ended by NULL) is an error, so that a misspelt name does not go
 * unnoticed. */
bool ugvt_rpc_params_check(
	struct json_object *params, const char *const *keys, struct ugvt_failure *failure);

#endif
