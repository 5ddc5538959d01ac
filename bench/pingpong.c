/* SPDX-License-Identifier: MIT */
#include "bench/pingpong.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define REQUEST_SIZE 32
#define REPLY_SIZE 36

static void *echo_run(void *arg)
{
	int fd = *(const int *)arg;
	char data[64] = {0};

	while (recv(fd, data, sizeof(data), 0) > 0) {
		send(fd, data, REPLY_SIZE, MSG_NOSIGNAL);
	}
	return NULL;
}

void bench_pingpong_init(struct bench_pingpong *pingpong)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pingpong->fds) < 0 ||
		pthread_create(&pingpong->thread, NULL, echo_run, &pingpong->fds[1]) != 0) {
		abort();
	}
}

void bench_pingpong_finish(struct bench_pingpong *pingpong)
{
	shutdown(pingpong->fds[0], SHUT_RDWR);
	pthread_join(pingpong->thread, NULL);
	close(pingpong->fds[0]);
	close(pingpong->fds[1]);
}

double bench_pingpong_measure(struct bench_pingpong *pingpong, int n)
{
	char request[REQUEST_SIZE] = {0}, reply[64];
	uint64_t start = ugvt_clock_ns();

	for (int i = 0; i < n; i++) {
		if (send(pingpong->fds[0], request, sizeof(request), MSG_NOSIGNAL) !=
				REQUEST_SIZE ||
			recv(pingpong->fds[0], reply, sizeof(reply), 0) != REPLY_SIZE) {
			abort();
		}
	}
	return (double)(ugvt_clock_ns() - start) / n;
}
