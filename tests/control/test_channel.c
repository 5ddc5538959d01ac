/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/channel.h"

#define LINE 64

/* A channel that writes down what happens to it: lines in [], "oversize", "end". */
struct fixture {
	struct ugvt_loop *loop;
	struct ugvt_channel channel;
	int peer; // the other end
	char log[4096];
	bool owes; // lines are answered later
	bool abort_on_line;
};

static void note(struct fixture *fixture, const char *text)
{
	strncat(fixture->log, text, sizeof(fixture->log) - strlen(fixture->log) - 1);
}

static void fixture_handle_line(struct ugvt_channel *channel, const char *line, size_t size)
{
	struct fixture *fixture = ugvt_container_of(channel, struct fixture, channel);

	assert_int_equal(line[size], '\0');
	note(fixture, "[");
	note(fixture, line);
	note(fixture, "]");
	if (fixture->owes) {
		ugvt_channel_begin_answer(channel);
	}
	if (fixture->abort_on_line) {
		ugvt_channel_abort(channel);
	}
}

static void fixture_handle_oversize(struct ugvt_channel *channel)
{
	note(ugvt_container_of(channel, struct fixture, channel), "oversize");
	ugvt_channel_send(channel, "too long", -1);
}

static void fixture_handle_end(struct ugvt_channel *channel)
{
	note(ugvt_container_of(channel, struct fixture, channel), "end");
}

static const struct ugvt_channel_impl impl = {
	.handle_line = fixture_handle_line,
	.handle_oversize = fixture_handle_oversize,
	.handle_end = fixture_handle_end,
};

static void begin(struct fixture *fixture, bool takes_fds)
{
	struct ugvt_channel_options options = {.max_line = LINE, .takes_fds = takes_fds};
	int fds[2];

	*fixture = (struct fixture){.loop = ugvt_loop_create()};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	options.loop = fixture->loop;
	options.fd = fds[0];
	fixture->peer = fds[1];
	assert_int_equal(ugvt_channel_init(&fixture->channel, &impl, &options), 0);
}

static void end(struct fixture *fixture)
{
	ugvt_channel_finish(&fixture->channel);
	ugvt_loop_destroy(fixture->loop);
	if (fixture->peer >= 0) {
		close(fixture->peer);
	}
}

/* Serves until nothing is left to do. */
static void settle(struct fixture *fixture)
{
	for (int i = 0; i < 200; i++) {
		assert_int_equal(ugvt_loop_step(fixture->loop, 0), 0);
	}
}

static void say(struct fixture *fixture, const char *text)
{
	assert_int_equal(send(fixture->peer, text, strlen(text), 0), strlen(text));
}

static void hang_up(struct fixture *fixture)
{
	close(fixture->peer);
	fixture->peer = -1;
}

static void lines_come_whole(void **state)
{
	struct fixture f;
	const char *text = "one\n\ntwo\nthree";

	begin(&f, false);
	say(&f, text);
	settle(&f);
	assert_string_equal(f.log, "[one][two]");
	say(&f, "!\n");
	settle(&f);
	assert_string_equal(f.log, "[one][two][three!]");
	for (const char *c = "split\n"; *c; c++) {
		assert_int_equal(send(f.peer, c, 1, 0), 1);
		settle(&f);
	}
	assert_string_equal(f.log, "[one][two][three!][split]");
	say(&f, "half a line");
	hang_up(&f);
	settle(&f);
	assert_string_equal(f.log, "[one][two][three!][split]end");
	end(&f);
}

static void long_lines_are_refused(void **state)
{
	char line[LINE + 3];
	char answer[32];
	struct fixture f;

	/* As long as allowed. */
	begin(&f, false);
	memset(line, 'x', sizeof(line));
	line[LINE] = '\n';
	assert_int_equal(send(f.peer, line, LINE + 1, 0), LINE + 1);
	settle(&f);
	assert_int_equal(strlen(f.log), LINE + 2);
	/* One byte more, with an end. */
	line[LINE] = 'x';
	line[LINE + 1] = '\n';
	f.log[0] = '\0';
	assert_int_equal(send(f.peer, line, LINE + 2, 0), LINE + 2);
	say(&f, "next\n");
	settle(&f);
	assert_string_equal(f.log, "oversizeend");
	assert_int_equal(recv(f.peer, answer, sizeof(answer), 0), 9);
	assert_memory_equal(answer, "too long\n", 9);
	end(&f);
	/* Without an end. */
	begin(&f, false);
	for (int i = 0; i < 100; i++) {
		say(&f, "0123456789");
	}
	settle(&f);
	assert_string_equal(f.log, "oversizeend");
	end(&f);
}

static void half_closed_gets_its_answer(void **state)
{
	struct fixture f;
	char answer[16];

	begin(&f, false);
	f.owes = true;
	say(&f, "question\n");
	shutdown(f.peer, SHUT_WR);
	settle(&f);
	assert_string_equal(f.log, "[question]");
	ugvt_channel_send(&f.channel, "answer", -1);
	ugvt_channel_end_answer(&f.channel);
	settle(&f);
	assert_string_equal(f.log, "[question]end");
	assert_int_equal(recv(f.peer, answer, sizeof(answer), 0), 7);
	end(&f);
}

static void debts_stop_reading(void **state)
{
	struct fixture f;

	begin(&f, false);
	f.owes = true;
	for (int i = 0; i < 40; i++) {
		say(&f, "q\n");
	}
	settle(&f);
	assert_int_equal(strlen(f.log), 16 * 3);
	for (int i = 0; i < 40; i++) {
		ugvt_channel_end_answer(&f.channel);
		settle(&f);
	}
	assert_int_equal(strlen(f.log), 40 * 3);
	end(&f);
}

/* Who does not read what it asked for is not listened to, and costs no more than that. */
static void slow_readers_wait(void **state)
{
	static char big[100 * 1024];
	size_t received = 0;
	struct fixture f;
	int sent = 0;

	begin(&f, false);
	memset(big, 'a', sizeof(big) - 1);
	while (f.channel.out_size <= 256 * 1024) {
		ugvt_channel_send(&f.channel, big, -1);
		sent++;
		assert_in_range(sent, 1, 1000);
	}
	say(&f, "more\n");
	settle(&f);
	assert_string_equal(f.log, "");
	while (received < (size_t)sent * sizeof(big)) {
		static char buffer[64 * 1024];
		ssize_t n = recv(f.peer, buffer, sizeof(buffer), MSG_DONTWAIT);

		received += n > 0 ? (size_t)n : 0;
		ugvt_loop_step(f.loop, 0);
	}
	settle(&f);
	assert_string_equal(f.log, "[more]");
	assert_int_equal(f.channel.out_size, 0);
	end(&f);
	/* Gone while its answers wait. */
	begin(&f, false);
	while (f.channel.out_size <= 256 * 1024) {
		ugvt_channel_send(&f.channel, big, -1);
	}
	hang_up(&f);
	settle(&f);
	assert_string_equal(f.log, "end");
	end(&f);
}

static void abort_ends_it(void **state)
{
	struct fixture f;

	begin(&f, false);
	f.abort_on_line = true;
	say(&f, "a\nb\n");
	settle(&f);
	assert_string_equal(f.log, "[a]end");
	ugvt_channel_send(&f.channel, "nobody hears this", open("/dev/null", O_RDONLY));
	end(&f);
}

static void fd_send(int socket_fd, const char *text, const int *fds, unsigned n)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(8 * sizeof(int))];
	} control = {0};
	struct iovec iov = {(void *)text, strlen(text)};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(&control.header), fds, n * sizeof(int));
	assert_int_equal(sendmsg(socket_fd, &msg, 0), strlen(text));
}

static unsigned fds_open(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++) {
		n += fcntl(fd, F_GETFD) >= 0;
	}
	return n;
}

static void descriptors_are_kept_or_closed(void **state)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int fds[8] = {null, null, null, null, null, null, null, null};
	unsigned before = fds_open();
	struct fixture f;
	int fd;

	/* Taken in order, close-on-exec. */
	begin(&f, true);
	fd_send(f.peer, "a\n", fds, 2);
	settle(&f);
	fd = ugvt_channel_take_fd(&f.channel);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	end(&f); // with one not taken
	assert_int_equal(fds_open(), before);
	/* Not wanted. */
	begin(&f, false);
	fd_send(f.peer, "a\n", fds, 1);
	settle(&f);
	assert_string_equal(f.log, "end");
	assert_int_equal(ugvt_channel_take_fd(&f.channel), -1);
	end(&f);
	assert_int_equal(fds_open(), before);
	/* Too many, at once and one after the other. */
	begin(&f, true);
	fd_send(f.peer, "a\n", fds, 8);
	settle(&f);
	assert_string_equal(f.log, "end");
	end(&f);
	begin(&f, true);
	for (int i = 0; i < 5; i++) {
		fd_send(f.peer, "a\n", fds, 1);
	}
	settle(&f);
	assert_non_null(strstr(f.log, "end"));
	end(&f);
	assert_int_equal(fds_open(), before);
	/* Sent, and closed here. */
	begin(&f, true);
	ugvt_channel_send(&f.channel, "b", dup(null));
	end(&f);
	assert_int_equal(fds_open(), before);
	close(null);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_whole),
		cmocka_unit_test(long_lines_are_refused),
		cmocka_unit_test(half_closed_gets_its_answer),
		cmocka_unit_test(debts_stop_reading),
		cmocka_unit_test(slow_readers_wait),
		cmocka_unit_test(abort_ends_it),
		cmocka_unit_test(descriptors_are_kept_or_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
