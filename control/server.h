/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_SERVER_H
#define UGVT_CONTROL_SERVER_H

#include "base/list.h"
#include "base/loop.h"
#include "control/http.h"
#include "control/rpc.h"

/*
 * The manager's end of the control socket: takes clients that run as the manager's user or root, and hands their
 * requests on. A client speaks JSON-RPC, or HTTP.
 */

struct ugvt_control_server;

struct ugvt_control_server_impl {
	/* Mandatory. Takes request. */
	void (*handle_request)(
		struct ugvt_control_server *server, struct ugvt_rpc_request *request);
	/* Mandatory. Takes request, which came over HTTP. */
	void (*handle_get)(struct ugvt_control_server *server, struct ugvt_http_request *request);
};

struct ugvt_control_server {
	const struct ugvt_control_server_impl *impl;
	struct ugvt_loop *loop;
	struct ugvt_loop_watch watch;
	struct ugvt_loop_timer timer; // listen again
	int fd;
	struct ugvt_list clients; // struct client.link
	unsigned n_clients;
};

/* More wait until one leaves. */
#define UGVT_CONTROL_CLIENTS_MAX 256

/* fd listens, and is the server's from now on, also on failure. 0 or -errno. */
int ugvt_control_server_init(struct ugvt_control_server *server,
	const struct ugvt_control_server_impl *impl, struct ugvt_loop *loop, int fd);
/* Cuts all clients; requests not answered stay their handlers'. */
void ugvt_control_server_finish(struct ugvt_control_server *server);

#endif
