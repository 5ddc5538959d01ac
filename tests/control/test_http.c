/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/http.h"

/* A connection, and the other end as a bare socket. */
struct fixture {
	struct ugvt_loop *loop;
	struct ugvt_http_connection connection;
	struct ugvt_http_request *kept; // of /later
	unsigned requests;
	bool gone;
	int fd;
};

static void fixture_handle_get(
	struct ugvt_http_connection *connection, struct ugvt_http_request *request)
{
	struct fixture *f = ugvt_container_of(connection, struct fixture, connection);

	f->requests++;
	if (strcmp(request->path, "/later") == 0) {
		f->kept = request;
	} else if (strcmp(request->path, "/page") == 0) {
		ugvt_http_answer(request, UGVT_HTTP_OK, "text/x", "some\ntext\n");
	} else {
		ugvt_http_refuse(request, UGVT_HTTP_NOT_FOUND);
	}
}

static void fixture_handle_gone(struct ugvt_http_connection *connection)
{
	struct fixture *f = ugvt_container_of(connection, struct fixture, connection);

	f->gone = true;
	ugvt_http_finish(connection);
}

static const struct ugvt_http_impl impl = {
	.handle_get = fixture_handle_get,
	.handle_gone = fixture_handle_gone,
};

static void begin(struct fixture *f)
{
	int fds[2];

	*f = (struct fixture){.loop = ugvt_loop_create()};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	f->fd = fds[1];
	assert_int_equal(ugvt_http_init(&f->connection, &impl, f->loop, fds[0]), 0);
}

static void end(struct fixture *f)
{
	if (!f->gone) {
		ugvt_http_finish(&f->connection);
	}
	if (f->fd >= 0) {
		close(f->fd);
	}
	ugvt_loop_destroy(f->loop);
}

static void settle(struct fixture *f)
{
	for (int i = 0; i < 200; i++) {
		assert_int_equal(ugvt_loop_step(f->loop, 0), 0);
	}
}

static void say(struct fixture *f, const char *text, size_t size)
{
	assert_int_equal(send(f->fd, text, size, MSG_NOSIGNAL), size);
	settle(f);
}

/* A literal. */
#define SAY(f, text) say(f, text, sizeof(text) - 1)

/* All that came, up to the end if it has ended. */
static void answer_read(struct fixture *f, char *text, size_t size)
{
	ssize_t n;
	size_t done = 0;

	while (done < size - 1 &&
		(n = recv(f->fd, text + done, size - 1 - done, MSG_DONTWAIT)) > 0) {
		done += (size_t)n;
	}
	text[done] = '\0';
}

static void a_page_is_told(void **state)
{
	static const char request[] = "GET /page?q=1 HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n";
	char text[1024];
	struct fixture f;

	/* At once, and byte by byte. */
	for (int i = 0; i < 2; i++) {
		begin(&f);
		if (i == 0) {
			say(&f, request, sizeof(request) - 1);
		}
		for (const char *c = request; i == 1 && *c; c++) {
			assert_false(f.gone);
			say(&f, c, 1);
		}
		assert_true(f.gone);
		assert_int_equal(f.requests, 1);
		answer_read(&f, text, sizeof(text));
		assert_string_equal(text, "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\n"
					  "Content-Length: 10\r\nConnection: close\r\n\r\n"
					  "some\ntext\n");
		end(&f);
	}
}

static void what_is_wrong_is_refused(void **state)
{
	static const struct refusal {
		const char *request, *status;
	} refusals[] = {
		{"GET /nix HTTP/1.1\r\n\r\n", "404"},
		{"GET /nix HTTP/1.0\r\n\r\n", "404"},
		{"POST /page HTTP/1.1\r\n\r\n", "405"},
		{"HEAD /page HTTP/1.1\r\n\r\n", "405"},
		{"GETS /page HTTP/1.1\r\n\r\n", "405"},
		{"GET /page\r\n\r\n", "400"},
		{"GET /page HTTP/2.0\r\n\r\n", "400"},
		{"GET /page HTTP/1.1 \r\n\r\n", "400"},
		{"GET page HTTP/1.1\r\n\r\n", "400"},
		{"GET  /page HTTP/1.1\r\n\r\n", "400"},
		{"GET\r\n\r\n", "400"},
		{"GE\r\n", "400"},
		{"\r\n\r\n", "400"},
		{"GET /page HTTP/1.1\n", "400"},
		{"GET /page HTTP/1.1\r\nHost x\r\n", "400"},
	};
	char text[1024];
	struct fixture f;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(refusals); i++) {
		begin(&f);
		say(&f, refusals[i].request, strlen(refusals[i].request));
		assert_true(f.gone);
		answer_read(&f, text, sizeof(text));
		assert_memory_equal(text, "HTTP/1.1 ", 9);
		assert_memory_equal(text + 9, refusals[i].status, 3);
		end(&f);
	}
	begin(&f);
	SAY(&f, "GET /page HTTP/1.1\r\nA\0: b\r\n\r\n");
	answer_read(&f, text, sizeof(text));
	assert_non_null(strstr(text, " 400 "));
	assert_int_equal(f.requests, 0);
	end(&f);
}

static void headers_are_bounded(void **state)
{
	char text[UGVT_HTTP_LINE_MAX + 16];
	struct fixture f;

	/* A line that does not end. */
	begin(&f);
	SAY(&f, "GET /page HTTP/1.1\r\n");
	memset(text, 'x', sizeof(text));
	say(&f, text, UGVT_HTTP_LINE_MAX + 2);
	answer_read(&f, text, sizeof(text));
	assert_non_null(strstr(text, " 431 "));
	assert_true(f.gone);
	end(&f);
	/* Lines without end. */
	begin(&f);
	SAY(&f, "GET /page HTTP/1.1\r\n");
	for (int i = 0; i < UGVT_HTTP_HEADER_MAX / 8 && !f.gone; i++) {
		SAY(&f, "a: bcd\r\n");
	}
	answer_read(&f, text, sizeof(text));
	assert_non_null(strstr(text, " 431 "));
	assert_true(f.gone);
	end(&f);
	/* A long path is none that there is. */
	begin(&f);
	SAY(&f, "GET /");
	memset(text, 'x', sizeof(text));
	say(&f, text, 1000);
	SAY(&f, " HTTP/1.1\r\n\r\n");
	answer_read(&f, text, sizeof(text));
	assert_non_null(strstr(text, " 404 "));
	end(&f);
}

static void answers_may_be_late(void **state)
{
	char text[1024];
	struct fixture f;

	/* The client has said all it will. */
	begin(&f);
	SAY(&f, "GET /later HTTP/1.1\r\n\r\nGET /page HTTP/1.1\r\n\r\n");
	shutdown(f.fd, SHUT_WR);
	settle(&f);
	assert_false(f.gone);
	assert_int_equal(f.requests, 1);
	ugvt_http_answer(f.kept, UGVT_HTTP_OK, "text/x", "late\n");
	settle(&f);
	assert_true(f.gone);
	answer_read(&f, text, sizeof(text));
	assert_non_null(strstr(text, "\r\n\r\nlate\n"));
	end(&f);
	/* The connection has been cut. */
	begin(&f);
	SAY(&f, "GET /later HTTP/1.1\r\n\r\n");
	ugvt_http_finish(&f.connection);
	f.gone = true;
	ugvt_http_answer(f.kept, UGVT_HTTP_OK, "text/x", "too late\n");
	end(&f);
	begin(&f);
	SAY(&f, "GET /later HTTP/1.1\r\n\r\n");
	ugvt_http_finish(&f.connection);
	f.gone = true;
	ugvt_http_refuse(f.kept, UGVT_HTTP_UNAVAILABLE);
	end(&f);
}

static void half_a_request_ends_with_its_client(void **state)
{
	struct fixture f;

	begin(&f);
	SAY(&f, "GET /page HTTP/1.1\r\nHos");
	close(f.fd);
	f.fd = -1;
	settle(&f);
	assert_true(f.gone);
	assert_int_equal(f.requests, 0);
	end(&f);
}

static void first_bytes_tell(void **state)
{
	assert_true(ugvt_http_begins('G'));
	assert_true(ugvt_http_begins('P'));
	assert_false(ugvt_http_begins('{'));
	assert_false(ugvt_http_begins(' '));
	assert_false(ugvt_http_begins('\n'));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_told),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(headers_are_bounded),
		cmocka_unit_test(answers_may_be_late),
		cmocka_unit_test(half_a_request_ends_with_its_client),
		cmocka_unit_test(first_bytes_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
