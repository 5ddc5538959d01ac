/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/json.h"
#include "control/rpc.h"

/* One end is a peer, the other a bare socket, or a second peer. */
struct end {
	struct ugvt_rpc_peer peer;
	struct ugvt_rpc_request *kept; // by method "later"
	bool gone;
};

struct fixture {
	struct ugvt_loop *loop;
	struct end a, b;
	int socket_fd; // where b is not used
	bool has_b;
};

struct call {
	struct ugvt_rpc_call call;
	unsigned replies;
	int code; // of the failure, or 0
	char text[UGVT_FAILURE_TEXT_SIZE];
	char result[256];
	int fd;
};

static void end_handle_request(struct ugvt_rpc_peer *peer, struct ugvt_rpc_request *request)
{
	struct end *end = ugvt_container_of(peer, struct end, peer);
	struct ugvt_failure failure;

	if (strcmp(request->method, "echo") == 0) {
		ugvt_rpc_reply(request, json_object_get(request->params));
	} else if (strcmp(request->method, "later") == 0) {
		end->kept = request;
	} else if (strcmp(request->method, "fd") == 0) {
		ugvt_rpc_reply_fd(request, NULL, open("/dev/null", O_RDONLY | O_CLOEXEC));
	} else {
		ugvt_fail(&failure, UGVT_FAILURE_NO_ROOM, "no %s", request->method);
		ugvt_rpc_reject(request, &failure);
	}
}

static void end_handle_gone(struct ugvt_rpc_peer *peer)
{
	struct end *end = ugvt_container_of(peer, struct end, peer);

	end->gone = true;
	ugvt_rpc_finish(peer);
}

static const struct ugvt_rpc_impl impl = {
	.handle_request = end_handle_request,
	.handle_gone = end_handle_gone,
};

static void begin(struct fixture *f, bool with_b)
{
	struct ugvt_rpc_options options = {
		.max_line = 4096, .takes_fds = true, .timeout_ms = 60000};
	int fds[2];

	*f = (struct fixture){.loop = ugvt_loop_create(), .has_b = with_b};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	options.loop = f->loop;
	options.fd = fds[0];
	assert_int_equal(ugvt_rpc_init(&f->a.peer, &impl, &options), 0);
	f->socket_fd = fds[1];
	if (with_b) {
		options.fd = fds[1];
		assert_int_equal(ugvt_rpc_init(&f->b.peer, &impl, &options), 0);
	}
}

static void finish(struct fixture *f)
{
	if (!f->a.gone) {
		ugvt_rpc_finish(&f->a.peer);
	}
	if (f->has_b && !f->b.gone) {
		ugvt_rpc_finish(&f->b.peer);
	}
	if (!f->has_b && f->socket_fd >= 0) {
		close(f->socket_fd);
	}
	ugvt_loop_destroy(f->loop);
}

static void settle(struct fixture *f)
{
	for (int i = 0; i < 100; i++) {
		assert_int_equal(ugvt_loop_step(f->loop, 0), 0);
	}
}

static void say(struct fixture *f, const char *line)
{
	assert_int_equal(send(f->socket_fd, line, strlen(line), 0), strlen(line));
	assert_int_equal(send(f->socket_fd, "\n", 1, 0), 1);
}

/* What the peer says to line, its newline cut off; "" if nothing. */
static const char *answer(struct fixture *f, const char *line)
{
	static char text[8192];
	ssize_t n;

	say(f, line);
	settle(f);
	n = recv(f->socket_fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	text[n > 0 ? n - 1 : 0] = '\0';
	return text;
}

static void requests_are_checked(void **state)
{
	static const struct {
		const char *line, *answer;
	} cases[] = {
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":{\"a\":1},\"id\":1}",
			"{\"jsonrpc\":\"2.0\",\"result\":{\"a\":1},\"id\":1}"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":\"x\"}",
			"{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":\"x\"}"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":null}",
			"{\"jsonrpc\":\"2.0\",\"result\":null,\"id\":null}"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"nix\",\"id\":2}",
			"{\"jsonrpc\":\"2.0\",\"error\":{\"code\":6,\"message\":\"no nix\"},\"id\":2}"},
		/* Notifications are never answered. */
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}", ""},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"nix\"}", ""},
		/* Nor is an answer to nothing. */
		{"{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":99}", ""},
	};
	struct fixture f;

	begin(&f, false);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		assert_string_equal(answer(&f, cases[i].line), cases[i].answer);
	}
	finish(&f);
}

static void garbage_is_complained_about(void **state)
{
	static const struct {
		const char *line, *code, *id;
	} cases[] = {
		{"hello", "-32700", "null"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1", "-32700", "null"},
		{"[]", "-32600", "null"},
		{"[{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1}]", "-32600", "null"},
		{"\"echo\"", "-32600", "null"},
		{"{}", "-32600", "null"},
		{"{\"method\":\"echo\",\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":\"1.0\",\"method\":\"echo\",\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":2.0,\"method\":\"echo\",\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":\"2.0\",\"method\":7,\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"a\\u0000b\",\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":{}}", "-32600", "null"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[],\"id\":1}", "-32602", "1"},
		{"{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":null,\"id\":1}", "-32602",
			"1"},
		{"{\"jsonrpc\":\"2.0\",\"result\":1,\"error\":{},\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":\"2.0\",\"result\":1,\"fds\":2,\"id\":1}", "-32600", "1"},
		{"{\"jsonrpc\":\"2.0\",\"error\":null,\"id\":1}", "-32600", "1"},
	};
	struct fixture f;
	char expected[64];

	begin(&f, false);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		const char *text = answer(&f, cases[i].line);

		snprintf(expected, sizeof(expected), "{\"code\":%s,", cases[i].code);
		if (!strstr(text, expected)) {
			fail_msg("%s -> %s", cases[i].line, text);
		}
		snprintf(expected, sizeof(expected), "\"id\":%s}", cases[i].id);
		if (!strstr(text, expected)) {
			fail_msg("%s -> %s", cases[i].line, text);
		}
	}
	assert_false(f.a.gone);
	finish(&f);
}

static void oversized_is_told_and_cut(void **state)
{
	char line[5000];
	struct fixture f;

	begin(&f, false);
	memset(line, ' ', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_non_null(strstr(answer(&f, line), "at most 4096 bytes"));
	assert_true(f.a.gone);
	finish(&f);
}

static void call_handle_reply(struct ugvt_rpc_call *rpc_call, const struct ugvt_failure *failure,
	struct json_object *result, int fd)
{
	struct call *call = ugvt_container_of(rpc_call, struct call, call);

	call->replies++;
	call->code = failure ? failure->code : 0;
	snprintf(call->text, sizeof(call->text), "%s", failure ? failure->text : "");
	snprintf(call->result, sizeof(call->result), "%s",
		result ? json_object_to_json_string_ext(result, 0) : "");
	call->fd = fd;
}

static void call_begin(struct fixture *f, struct call *call, const char *method)
{
	struct json_object *params = json_object_new_object();

	*call = (struct call){.call = {.handle_reply = call_handle_reply}, .fd = -1};
	ugvt_json_add_uint(params, "n", 5);
	ugvt_rpc_call(&f->a.peer, &call->call, method, params);
	assert_int_equal(call->replies, 0);
}

static void calls_are_answered(void **state)
{
	struct call echo, later, nix, with_fd;
	struct fixture f;

	begin(&f, true);
	call_begin(&f, &later, "later");
	call_begin(&f, &echo, "echo");
	call_begin(&f, &nix, "nix");
	call_begin(&f, &with_fd, "fd");
	settle(&f);
	assert_int_equal(echo.replies, 1);
	assert_string_equal(echo.result, "{\"n\":5}");
	assert_int_equal(nix.replies, 1);
	assert_int_equal(nix.code, UGVT_FAILURE_NO_ROOM);
	assert_string_equal(nix.text, "no nix");
	assert_int_equal(with_fd.replies, 1);
	assert_true(with_fd.fd >= 0);
	close(with_fd.fd);
	/* Answers come in any order. */
	assert_int_equal(later.replies, 0);
	ugvt_rpc_reply(f.b.kept, json_object_new_int(3));
	settle(&f);
	assert_int_equal(later.replies, 1);
	assert_string_equal(later.result, "3");
	finish(&f);
}

static void calls_fail_with_their_peer(void **state)
{
	struct call call;
	struct fixture f;

	begin(&f, true);
	call_begin(&f, &call, "later");
	settle(&f);
	assert_non_null(f.b.kept);
	ugvt_rpc_finish(&f.b.peer);
	f.b.gone = true;
	settle(&f);
	assert_true(f.a.gone);
	assert_int_equal(call.replies, 1);
	assert_int_equal(call.code, UGVT_FAILURE_OTHER);
	/* The one who kept the request answers into the void. */
	assert_null(f.b.kept->peer);
	ugvt_rpc_reply_fd(f.b.kept, json_object_new_int(1), open("/dev/null", O_RDONLY));
	finish(&f);
}

static void cancelled_calls_are_silent(void **state)
{
	struct call call;
	struct fixture f;

	begin(&f, true);
	call_begin(&f, &call, "fd");
	ugvt_rpc_cancel(&call.call);
	settle(&f);
	assert_int_equal(call.replies, 0);
	assert_false(f.a.gone);
	finish(&f);
}

static void late_answers_time_out(void **state)
{
	struct call call;
	struct fixture f;

	begin(&f, true);
	f.a.peer.timeout_ms = 1;
	call_begin(&f, &call, "later");
	while (call.replies == 0) {
		ugvt_loop_step(f.loop, -1);
	}
	assert_non_null(strstr(call.text, "no answer"));
	settle(&f);
	ugvt_rpc_reply(f.b.kept, NULL);
	settle(&f);
	assert_int_equal(call.replies, 1);
	assert_false(f.a.gone);
	finish(&f);
}

/* A worker that lies about descriptors. */
static void promised_descriptor_is_due(void **state)
{
	struct call call;
	struct fixture f;

	begin(&f, false);
	call_begin(&f, &call, "x");
	settle(&f);
	say(&f, "{\"jsonrpc\":\"2.0\",\"result\":1,\"fds\":1,\"id\":1}");
	settle(&f);
	assert_true(f.a.gone);
	assert_int_equal(call.replies, 1);
	assert_int_equal(call.fd, -1);
	finish(&f);
}

/* What is sent beside a request arrives with it, in order; what its handler leaves is closed. */
static void requests_carry_descriptors(void **state)
{
	struct ugvt_rpc_query query = {.method = "later", .n_fds = 2};
	struct call call = {.call.handle_reply = call_handle_reply};
	struct fixture f;
	int ends[2], fd;

	begin(&f, true);
	assert_int_equal(pipe(ends), 0);
	query.fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	query.fds[1] = ends[1];
	ugvt_rpc_call_fds(&f.a.peer, &call.call, &query);
	settle(&f);
	assert_int_equal(f.b.kept->n_fds, 2);
	fd = ugvt_rpc_take_fd(f.b.kept);
	assert_int_equal(read(fd, &(char){0}, 1), 0);
	close(fd);
	ugvt_rpc_reply(f.b.kept, NULL);
	settle(&f);
	assert_int_equal(call.replies, 1);
	assert_int_equal(call.code, 0);
	/* All of the pipe's writers are closed. */
	assert_int_equal(read(ends[0], &(char){0}, 1), 0);
	close(ends[0]);
	finish(&f);
}

static void promised_descriptors_of_requests_are_due(void **state)
{
	struct fixture f;

	begin(&f, false);
	say(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"fds\":2,\"id\":1}");
	settle(&f);
	assert_true(f.a.gone);
	finish(&f);
	begin(&f, false);
	assert_non_null(
		strstr(answer(&f, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"fds\":3,\"id\":1}"),
			"-32600"));
	finish(&f);
}

static void params_are_known(void **state)
{
	static const char *const keys[] = {"a", "b", NULL};
	struct json_object *params = json_object_new_object();
	struct ugvt_failure failure;

	assert_true(ugvt_rpc_params_check(NULL, keys, &failure));
	ugvt_json_add_uint(params, "b", 1);
	assert_true(ugvt_rpc_params_check(params, keys, &failure));
	ugvt_json_add_uint(params, "c", 1);
	assert_false(ugvt_rpc_params_check(params, keys, &failure));
	assert_non_null(strstr(failure.text, "no parameter c"));
	json_object_put(params);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_checked),
		cmocka_unit_test(garbage_is_complained_about),
		cmocka_unit_test(oversized_is_told_and_cut),
		cmocka_unit_test(calls_are_answered),
		cmocka_unit_test(calls_fail_with_their_peer),
		cmocka_unit_test(cancelled_calls_are_silent),
		cmocka_unit_test(late_answers_time_out),
		cmocka_unit_test(promised_descriptor_is_due),
		cmocka_unit_test(requests_carry_descriptors),
		cmocka_unit_test(promised_descriptors_of_requests_are_due),
		cmocka_unit_test(params_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
