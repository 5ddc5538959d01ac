/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_HTTP_H
#define UGVT_CONTROL_HTTP_H

#include <stdbool.h>

#include "control/channel.h"

/*
 * As much of HTTP/1.1 (RFC 9112) as whoever collects figures needs: a connection with one GET request, which is answered and
 * ends the connection. Request bodies are not read.
 */

enum ugvt_http_status {
	UGVT_HTTP_OK = 200,
	UGVT_HTTP_BAD_REQUEST = 400,
	UGVT_HTTP_NOT_FOUND = 404,
	UGVT_HTTP_METHOD_NOT_ALLOWED = 405,
	UGVT_HTTP_TOO_LARGE = 431, // request header
	UGVT_HTTP_UNAVAILABLE = 503,
};

/* A line, and the whole header, bytes. */
#define UGVT_HTTP_LINE_MAX 4096
#define UGVT_HTTP_HEADER_MAX 16384
#define UGVT_HTTP_PATH_SIZE 256

struct ugvt_http_connection;

/* A request that came, to be answered once with ugvt_http_answer() or ugvt_http_refuse(), now or later, whether the connection is
 * still there or not. */
struct ugvt_http_request {
	struct ugvt_http_connection *connection; // NULL once it is gone
	char path[UGVT_HTTP_PATH_SIZE];          // without a query
};

struct ugvt_http_impl {
	/* Mandatory. Takes request. */
	void (*handle_get)(
		struct ugvt_http_connection *connection, struct ugvt_http_request *request);
	/* Mandatory. The connection is over and may be finished from here. Not called after ugvt_http_finish(). */
	void (*handle_gone)(struct ugvt_http_connection *connection);
};

enum ugvt_http_state {
	UGVT_HTTP_START,    // waits for the request line
	UGVT_HTTP_HEADER,   // waits for the end of the header
	UGVT_HTTP_WAITING,  // request is there
	UGVT_HTTP_ANSWERED, // ends once all is sent
};

struct ugvt_http_connection {
	const struct ugvt_http_impl *impl;
	struct ugvt_channel channel;
	enum ugvt_http_state state;
	struct ugvt_http_request *request;
	char path[UGVT_HTTP_PATH_SIZE];
	size_t header_size; // so far, bytes
};

/* fd is the connection's from now on, also on failure. 0 or -errno. */
int ugvt_http_init(struct ugvt_http_connection *connection, const struct ugvt_http_impl *impl,
	struct ugvt_loop *loop, int fd);
/* Not from within handle_get. */
void ugvt_http_finish(struct ugvt_http_connection *connection);

/* Answer and free request. body ends with a newline. */
void ugvt_http_answer(struct ugvt_http_request *request, enum ugvt_http_status status,
	const char *type, const char *body);
/* With the status alone. */
void ugvt_http_refuse(struct ugvt_http_request *request, enum ugvt_http_status status);

/* What a first byte tells: no JSON-RPC message begins with a capital letter, and every HTTP method does. */
bool ugvt_http_begins(char first);

#endif
