/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BENCH_PINGPONG_H
#define UGVT_BENCH_PINGPONG_H

#include <pthread.h>

/* The yardstick of everything that crosses the socket: a bare ping-pong of a register read's messages (32 bytes there, 36 back)
 * between two threads over an AF_UNIX socket. */
struct bench_pingpong {
	int fds[2];
	pthread_t thread; // the other end
};

/* Aborts if the system gives no socket or thread. */
void bench_pingpong_init(struct bench_pingpong *pingpong);
void bench_pingpong_finish(struct bench_pingpong *pingpong);
/* Nanoseconds of one round trip, the mean of n. */
double bench_pingpong_measure(struct bench_pingpong *pingpong, int n);

#endif
