/* SPDX-License-Identifier: MIT */
#include "control/http.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

static const char *reason(enum ugvt_http_status status)
{
	switch (status) {
	case UGVT_HTTP_OK: return "OK";
	case UGVT_HTTP_BAD_REQUEST: return "Bad Request";
	case UGVT_HTTP_NOT_FOUND: return "Not Found";
	case UGVT_HTTP_METHOD_NOT_ALLOWED: return "Method Not Allowed";
	case UGVT_HTTP_TOO_LARGE: return "Request Header Fields Too Large";
	case UGVT_HTTP_UNAVAILABLE: return "Service Unavailable";
	}
	return "";
}

struct answer {
	enum ugvt_http_status status;
	const char *type, *body;
};

/* The channel adds the newline that ends the body. */
static void answer_send(struct ugvt_http_connection *connection, const struct answer *answer)
{
	size_t size = strlen(answer->body);
	char *text = NULL;

	assert(size > 0 && answer->body[size - 1] == '\n');
	connection->state = UGVT_HTTP_ANSWERED;
	if (asprintf(&text,
		    "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s"
		    "Connection: close\r\n\r\n%.*s",
		    (int)answer->status, reason(answer->status), answer->type, size,
		    answer->status == UGVT_HTTP_METHOD_NOT_ALLOWED ? "Allow: GET\r\n" : "",
		    (int)size - 1, answer->body) < 0) {
		ugvt_channel_abort(&connection->channel);
		return;
	}
	ugvt_channel_send(&connection->channel, text, -1);
	ugvt_channel_end(&connection->channel);
	free(text);
}

static void status_send(struct ugvt_http_connection *connection, enum ugvt_http_status status)
{
	struct answer answer = {.status = status, .type = "text/plain"};
	char body[64];

	snprintf(body, sizeof(body), "%d %s\n", (int)status, reason(status));
	answer.body = body;
	answer_send(connection, &answer);
}

static void request_finish(struct ugvt_http_request *request)
{
	if (request->connection) {
		request->connection->request = NULL;
		ugvt_channel_end_answer(&request->connection->channel);
	}
	free(request);
}

void ugvt_http_answer(struct ugvt_http_request *request, enum ugvt_http_status status,
	const char *type, const char *body)
{
	struct answer answer = {.status = status, .type = type, .body = body};

	if (request->connection) {
		answer_send(request->connection, &answer);
	}
	request_finish(request);
}

void ugvt_http_refuse(struct ugvt_http_request *request, enum ugvt_http_status status)
{
	if (request->connection) {
		status_send(request->connection, status);
	}
	request_finish(request);
}

/* "GET /path?query HTTP/1.1": the status to refuse it with, or OK and the path. */
static enum ugvt_http_status line_parse(const char *line, char *path)
{
	size_t method = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *target = line + method + 1;
	size_t length, end;

	if (method == 0 || line[method] != ' ' || target[0] != '/') {
		return UGVT_HTTP_BAD_REQUEST;
	}
	length = strcspn(target, " ");
	if (strcmp(target + length, " HTTP/1.1") != 0 &&
		strcmp(target + length, " HTTP/1.0") != 0) {
		return UGVT_HTTP_BAD_REQUEST;
	}
	if (method != 3 || strncmp(line, "GET", 3) != 0) {
		return UGVT_HTTP_METHOD_NOT_ALLOWED;
	}
	end = UGVT_MIN(strcspn(target, "?"), length);
	if (end >= UGVT_HTTP_PATH_SIZE) {
		return UGVT_HTTP_NOT_FOUND;
	}
	memcpy(path, target, end);
	path[end] = '\0';
	return UGVT_HTTP_OK;
}

static void start_handle(struct ugvt_http_connection *connection, const char *line)
{
	enum ugvt_http_status status = line_parse(line, connection->path);

	connection->state = UGVT_HTTP_HEADER;
	if (status != UGVT_HTTP_OK) {
		status_send(connection, status);
	}
}

/* The header has ended. */
static void request_handle(struct ugvt_http_connection *connection)
{
	struct ugvt_http_request *request = calloc(1, sizeof(*request));

	if (!request) {
		ugvt_channel_abort(&connection->channel);
		return;
	}
	request->connection = connection;
	memcpy(request->path, connection->path, sizeof(request->path));
	connection->request = request;
	connection->state = UGVT_HTTP_WAITING;
	ugvt_channel_begin_answer(&connection->channel);
	connection->impl->handle_get(connection, request);
}

/* Header lines are of no interest but for their number and their form. */
static void http_handle_line(struct ugvt_channel *channel, const char *line, size_t size)
{
	struct ugvt_http_connection *connection =
		ugvt_container_of(channel, struct ugvt_http_connection, channel);
	char text[UGVT_HTTP_LINE_MAX];

	if (connection->state >= UGVT_HTTP_WAITING) {
		return;
	}
	connection->header_size += size + 1;
	if (connection->header_size > UGVT_HTTP_HEADER_MAX) {
		status_send(connection, UGVT_HTTP_TOO_LARGE);
		return;
	}
	if (line[size - 1] != '\r' || memchr(line, '\0', size)) {
		status_send(connection, UGVT_HTTP_BAD_REQUEST);
		return;
	}
	memcpy(text, line, size - 1);
	text[size - 1] = '\0';
	if (connection->state == UGVT_HTTP_START) {
		start_handle(connection, text);
	} else if (size == 1) {
		request_handle(connection);
	} else if (!strchr(text, ':')) {
		status_send(connection, UGVT_HTTP_BAD_REQUEST);
	}
}

static void http_handle_oversize(struct ugvt_channel *channel)
{
	struct ugvt_http_connection *connection =
		ugvt_container_of(channel, struct ugvt_http_connection, channel);

	if (connection->state < UGVT_HTTP_WAITING) {
		status_send(connection, UGVT_HTTP_TOO_LARGE);
	}
}

static void http_handle_end(struct ugvt_channel *channel)
{
	struct ugvt_http_connection *connection =
		ugvt_container_of(channel, struct ugvt_http_connection, channel);

	connection->impl->handle_gone(connection);
}

static const struct ugvt_channel_impl channel_impl = {
	.handle_line = http_handle_line,
	.handle_oversize = http_handle_oversize,
	.handle_end = http_handle_end,
};

int ugvt_http_init(struct ugvt_http_connection *connection, const struct ugvt_http_impl *impl,
	struct ugvt_loop *loop, int fd)
{
	struct ugvt_channel_options options = {
		.loop = loop,
		.fd = fd,
		.max_line = UGVT_HTTP_LINE_MAX,
	};

	assert(impl->handle_get && impl->handle_gone);
	*connection = (struct ugvt_http_connection){.impl = impl};
	return ugvt_channel_init(&connection->channel, &channel_impl, &options);
}

void ugvt_http_finish(struct ugvt_http_connection *connection)
{
	ugvt_channel_finish(&connection->channel);
	if (connection->request) {
		connection->request->connection = NULL;
		connection->request = NULL;
	}
}

bool ugvt_http_begins(char first)
{
	return first >= 'A' && first <= 'Z';
}
