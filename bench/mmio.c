/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/pingpong.h"
#include "tests/vfio-user/fixture.h"

/*
 * Register accesses over the vfio-user socket, against a bare ping-pong of as many bytes each way between
 * two threads over an AF_UNIX socket. The client's side is the same code in both: what differs is
 * the server.
 */

#define ROUNDS 31
#define READS 1000  // of a round
#define WRITES 5000 // of a round
#define WRITES_PER_MESSAGE 200

struct read_request {
	struct ugvt_vfio_header header;
	struct ugvt_vfio_access access;
};

#define READ_REPLY_SIZE (sizeof(struct read_request) + sizeof(uint32_t))

struct bench {
	struct fixture f;
	struct bench_pingpong pingpong;
};

static void bench_init(struct bench *bench, unsigned spin_us)
{
	memset(bench, 0, sizeof(*bench));
	fixture_init(&bench->f, &(struct ugvt_vfio_user_config){.spin_us = spin_us});
	fixture_connect(&bench->f);
	bench_pingpong_init(&bench->pingpong);
}

static void bench_finish(struct bench *bench)
{
	bench_pingpong_finish(&bench->pingpong);
	fixture_finish(&bench->f);
}

static struct read_request read_request(void)
{
	return (struct read_request){
		.header = request_header(UGVT_VFIO_REGION_READ, sizeof(struct ugvt_vfio_access)),
		.access = {0x2000, UGVT_PCI_BAR0, sizeof(uint32_t)},
	};
}

/* Nanoseconds of a round trip of a read's messages. */
static double reads_measure(int fd)
{
	struct read_request request = read_request();
	char reply[64];
	uint64_t start = ugvt_clock_ns();

	for (int i = 0; i < READS; i++) {
		if (send(fd, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request) ||
			recv(fd, reply, sizeof(reply), 0) != READ_REPLY_SIZE) {
			abort();
		}
	}
	return (double)(ugvt_clock_ns() - start) / READS;
}

/* Nanoseconds of an acknowledged write. */
static double acked_measure(struct bench *bench)
{
	struct ugvt_vfio_access access = {0x2000, UGVT_PCI_BAR0, sizeof(uint32_t)};
	uint64_t start = ugvt_clock_ns();

	for (uint32_t i = 0; i < READS; i++) {
		ugvt_vfio_client_write(&bench->f.client, &access, &i);
	}
	return (double)(ugvt_clock_ns() - start) / READS;
}

/* Nanoseconds of a posted write, until the server has done the last of them. */
static double posted_measure(struct bench *bench)
{
	uint64_t start = ugvt_clock_ns();

	for (uint32_t i = 0; i < WRITES; i++) {
		ugvt_vfio_client_post32(&bench->f.client, UGVT_PCI_BAR0, 0x2000, i);
	}
	ugvt_vfio_client_read32(&bench->f.client, UGVT_PCI_BAR0, 0x2000);
	return (double)(ugvt_clock_ns() - start) / WRITES;
}

/* The same with many in a message. */
static double multi_measure(struct bench *bench)
{
	struct ugvt_vfio_write writes[WRITES_PER_MESSAGE];
	uint64_t start;

	for (int i = 0; i < WRITES_PER_MESSAGE; i++) {
		writes[i] = (struct ugvt_vfio_write){
			.access = {0x2000, UGVT_PCI_BAR0, sizeof(uint32_t)}};
	}
	start = ugvt_clock_ns();
	for (int i = 0; i < WRITES; i += WRITES_PER_MESSAGE) {
		ugvt_vfio_client_post_multi(&bench->f.client, writes, WRITES_PER_MESSAGE);
	}
	ugvt_vfio_client_read32(&bench->f.client, UGVT_PCI_BAR0, 0x2000);
	return (double)(ugvt_clock_ns() - start) / WRITES;
}

static void result_print(const char *name, const char *placement, double *values, double raw)
{
	char text[128];

	snprintf(text, sizeof(text), "%s, %s", name, placement);
	bench_print_pingpong(text, values, ROUNDS, raw);
}

static void placement_run(struct bench *bench, const char *placement, int server_cpu)
{
	double raw[ROUNDS], reads[ROUNDS], acked[ROUNDS], posted[ROUNDS], multi[ROUNDS];
	double yardstick;

	bench_pin(0, server_cpu);
	for (int i = 0; i < ROUNDS; i++) {
		raw[i] = bench_pingpong_measure(&bench->pingpong, READS);
		reads[i] = reads_measure(bench->f.client.fd);
		acked[i] = acked_measure(bench);
		posted[i] = posted_measure(bench);
		multi[i] = multi_measure(bench);
	}
	yardstick = bench_median(raw, ROUNDS);
	result_print("AF_UNIX ping-pong", placement, raw, yardstick);
	result_print("register read", placement, reads, yardstick);
	result_print("acknowledged write", placement, acked, yardstick);
	result_print("posted write", placement, posted, yardstick);
	result_print("write in WRITE_MULTI", placement, multi, yardstick);
}

int main(void)
{
	struct bench bench;

	bench_init(&bench, 0);
	placement_run(&bench, "one CPU", 0);
	if (bench_cpu_count() > 1) {
		placement_run(&bench, "two CPUs", 1);
	}
	bench_finish(&bench);
	if (bench_cpu_count() > 1) {
		bench_init(&bench, 50);
		placement_run(&bench, "two CPUs, server spins 50 us", 1);
		bench_finish(&bench);
	}
	return 0;
}
