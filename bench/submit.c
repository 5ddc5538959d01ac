/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "bench/bench.h"
#include "bench/pingpong.h"
#include "schedule/arbiter.h"
#include "schedule/turn.h"
#include "tests/driver/remote.h"
#include "vfio-user/server.h"
#include "vgpu/vgpu.h"

/*
 * From the four ELSP writes of a submission, posted over the socket, to the MSI that its MI_USER_INTERRUPT raises: through transport,
 * ports, context restore, command streamer and interrupt, and back. The yardstick is the bare ping-pong.
 */

#define ROUNDS 31
#define SUBMITS 200 // of a round
#define MEMORY_SIZE (64u << 20)

#define RING_IMR 0xa8
#define RING_CSB_PTR 0x3a0

struct bench {
	struct ugvt_loop *loop;
	struct ugvt_arbiter *arbiter;
	struct ugvt_tenant *tenant;
	struct ugvt_turns *turns;
	struct ugvt_vgpu *vgpu;
	struct ugvt_vfio_user *server;
	int server_fd;
	pthread_t thread;
	struct driver_remote remote;
	struct driver_context context;
	uint32_t *result;
	uint32_t result_address;
	uint32_t value;
	struct bench_pingpong pingpong;
};

static void *server_run(void *arg)
{
	struct bench *bench = arg;

	ugvt_vfio_user_serve(bench->server, bench->server_fd);
	return NULL;
}

/* It takes turns as it does under a manager, though nobody else is there. */
static void turns_init(struct bench *bench)
{
	const struct ugvt_arbiter_config config = {.slots = 1};
	const struct ugvt_claim_terms terms = {.weight = 1};

	bench->turns = ugvt_turns_create();
	bench->arbiter = ugvt_arbiter_create(&config);
	bench->tenant = bench->arbiter ? ugvt_arbiter_add(bench->arbiter, &terms) : NULL;
	if (!bench->turns || !bench->tenant ||
		ugvt_turns_govern(bench->turns, dup(ugvt_tenant_page_fd(bench->tenant)),
			dup(ugvt_tenant_doorbell_fd(bench->tenant))) < 0) {
		abort();
	}
}

static void device_init(struct bench *bench)
{
	struct ugvt_vgpu_config config = {
		.device = ugvt_device_at(0),
		.low_gm = 128u << 20,
		.high_gm = 512u << 20,
		.fences = 4,
		.width = 1920,
		.height = 1200,
		.turns = bench->turns,
	};
	struct ugvt_vfio_user_config server = {.listen_fd = -1};
	int fds[2];

	bench->loop = ugvt_loop_create();
	bench->vgpu = ugvt_vgpu_create(&config, bench->loop);
	bench->server = ugvt_vfio_user_create(ugvt_vgpu_device(bench->vgpu), &server);
	if (!bench->server || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		abort();
	}
	bench->server_fd = fds[1];
	if (pthread_create(&bench->thread, NULL, server_run, bench) != 0 ||
		driver_remote_init(&bench->remote, NULL, fds[0], MEMORY_SIZE) < 0) {
		abort();
	}
}

/* As i915: the context switch interrupt comes too, but only the user interrupt is waited for. */
static void driver_start(struct bench *bench)
{
	struct driver *driver = &bench->remote.driver;
	uint32_t base = ugvt_engines[UGVT_RCS].base;

	driver_irq_enable(driver);
	driver_engine_init(driver, UGVT_RCS);
	driver_write(driver, base + RING_CSB_PTR, 0xffff0505);
	driver_write(driver, base + RING_IMR, ~UGVT_GT_IRQ_USER);
	driver_context_init(driver, &bench->context, UGVT_RCS, 0);
	bench->result = driver_alloc_ggtt(driver, 4096, &bench->result_address);
}

/* Nanoseconds from submission to interrupt. */
static double submit_measure(struct bench *bench)
{
	struct driver *driver = &bench->remote.driver;
	uint64_t total = 0;

	for (int i = 0; i < SUBMITS; i++) {
		uint64_t start;

		driver_emit_breadcrumb(&bench->context, bench->result_address, ++bench->value);
		start = ugvt_clock_ns();
		driver_submit(driver, &bench->context, NULL);
		driver_remote_wait_irq(&bench->remote);
		total += ugvt_clock_ns() - start;
		if (*bench->result != bench->value) {
			abort();
		}
		driver_irq_handle(driver);
	}
	return (double)total / SUBMITS;
}

/* Nanoseconds of a register read. */
static double read_measure(struct bench *bench)
{
	uint64_t start = ugvt_clock_ns();

	for (int i = 0; i < SUBMITS; i++) {
		driver_read(&bench->remote.driver, ugvt_engines[UGVT_RCS].base + RING_CSB_PTR);
	}
	return (double)(ugvt_clock_ns() - start) / SUBMITS;
}

static void result_print(const char *what, const char *placement, double *values, double yardstick)
{
	char name[128];

	snprintf(name, sizeof(name), "%s, %s", what, placement);
	bench_print_pingpong(name, values, ROUNDS, yardstick);
}

static void placement_run(struct bench *bench, const char *placement, int cpu)
{
	double raw[ROUNDS], read[ROUNDS], submit[ROUNDS];
	double yardstick;

	bench_pin(0, cpu);
	for (int i = 0; i < ROUNDS; i++) {
		raw[i] = bench_pingpong_measure(&bench->pingpong, SUBMITS);
		read[i] = read_measure(bench);
		submit[i] = submit_measure(bench);
	}
	yardstick = bench_median(raw, ROUNDS);
	result_print("register read of the whole device", placement, read, yardstick);
	result_print("submit to interrupt", placement, submit, yardstick);
}

int main(void)
{
	struct bench bench = {0};

	bench_pingpong_init(&bench.pingpong);
	turns_init(&bench);
	device_init(&bench);
	driver_start(&bench);
	placement_run(&bench, "one CPU", 0);
	if (bench_cpu_count() > 1) {
		placement_run(&bench, "two CPUs", 1);
	}
	driver_remote_finish(&bench.remote);
	pthread_join(bench.thread, NULL);
	ugvt_vfio_user_destroy(bench.server);
	ugvt_vgpu_destroy(bench.vgpu);
	ugvt_loop_destroy(bench.loop);
	ugvt_arbiter_remove(bench.arbiter, bench.tenant);
	ugvt_arbiter_destroy(bench.arbiter);
	ugvt_turns_destroy(bench.turns);
	bench_pingpong_finish(&bench.pingpong);
	return 0;
}
