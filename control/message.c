/* SPDX-License-Identifier: MIT */
#include "control/message.h"

#include <json-c/json.h>
#include <limits.h>
#include <string.h>

#include "control/json.h"

static bool id_valid(const struct json_object *id)
{
	return !id || json_object_is_type(id, json_type_string) ||
	       json_object_is_type(id, json_type_int) || json_object_is_type(id, json_type_double);
}

static bool fds_parse(struct ugvt_message *message, uint64_t max)
{
	uint64_t n = 0;

	if (ugvt_json_has(message->root, "fds") && !ugvt_json_uint(message->root, "fds", max, &n)) {
		return false;
	}
	message->n_fds = (unsigned)n;
	return true;
}

static int request_parse(struct ugvt_message *message)
{
	message->method = ugvt_json_string(message->root, "method");
	message->notification = !ugvt_json_has(message->root, "id");
	if (!message->method || !fds_parse(message, UGVT_MESSAGE_REQUEST_FDS_MAX)) {
		return UGVT_RPC_INVALID_REQUEST;
	}
	if (ugvt_json_has(message->root, "params")) {
		message->params = ugvt_json_object(message->root, "params");
		return message->params ? 0 : UGVT_RPC_INVALID_PARAMS;
	}
	return 0;
}

static int reply_parse(struct ugvt_message *message)
{
	bool has_result = json_object_object_get_ex(message->root, "result", &message->result);
	bool has_error = json_object_object_get_ex(message->root, "error", &message->error);

	if (has_result == has_error || (has_error && !message->error)) {
		return UGVT_RPC_INVALID_REQUEST;
	}
	return fds_parse(message, 1) ? 0 : UGVT_RPC_INVALID_REQUEST;
}

int ugvt_message_parse(struct ugvt_message *message, const char *text, size_t size)
{
	const char *version;

	*message = (struct ugvt_message){.root = ugvt_json_parse(text, size)};
	if (!message->root) {
		return UGVT_RPC_PARSE_ERROR;
	}
	if (!json_object_is_type(message->root, json_type_object)) {
		return UGVT_RPC_INVALID_REQUEST;
	}
	json_object_object_get_ex(message->root, "id", &message->id);
	if (!id_valid(message->id)) {
		message->id = NULL;
		return UGVT_RPC_INVALID_REQUEST;
	}
	version = ugvt_json_string(message->root, "jsonrpc");
	if (!version || strcmp(version, "2.0") != 0) {
		return UGVT_RPC_INVALID_REQUEST;
	}
	return ugvt_json_has(message->root, "method") ? request_parse(message)
						      : reply_parse(message);
}

void ugvt_message_finish(struct ugvt_message *message)
{
	json_object_put(message->root);
	*message = (struct ugvt_message){0};
}

void ugvt_message_failure(const struct ugvt_message *message, struct ugvt_failure *failure)
{
	const char *text = ugvt_json_string(message->error, "message");
	struct json_object *code;

	ugvt_fail_quoted(failure, UGVT_FAILURE_OTHER, text ? text : "an error without a message");
	if (json_object_is_type(message->error, json_type_object) &&
		json_object_object_get_ex(message->error, "code", &code) &&
		json_object_is_type(code, json_type_int) && json_object_get_int(code) != 0) {
		failure->code = json_object_get_int(code);
	}
}

static struct json_object *message_new(void)
{
	struct json_object *message = json_object_new_object();

	ugvt_json_add_string(message, "jsonrpc", "2.0");
	return message;
}

struct json_object *ugvt_message_request(
	const char *method, struct json_object *params, uint64_t id)
{
	struct json_object *message = message_new();

	ugvt_json_add_string(message, "method", method);
	if (params) {
		json_object_object_add(message, "params", params);
	}
	ugvt_json_add_uint(message, "id", id);
	return message;
}

void ugvt_message_set_fds(struct json_object *message, unsigned n)
{
	ugvt_json_add_uint(message, "fds", n);
}

struct json_object *ugvt_message_result(struct json_object *id, struct json_object *result)
{
	struct json_object *message = message_new();

	json_object_object_add(message, "result", result);
	json_object_object_add(message, "id", json_object_get(id));
	return message;
}

struct json_object *ugvt_message_error(struct json_object *id, const struct ugvt_failure *failure)
{
	struct json_object *message = message_new();
	struct json_object *error = json_object_new_object();

	json_object_object_add(error, "code", json_object_new_int(failure->code));
	ugvt_json_add_string(error, "message", failure->text);
	json_object_object_add(message, "error", error);
	json_object_object_add(message, "id", json_object_get(id));
	return message;
}

const char *ugvt_message_line(struct json_object *message)
{
	return json_object_to_json_string_ext(
		message, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}
