/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "tests/worker/peer.h"

/*
 * usage: test-worker-restart SOCKET PID
 *
 * A hundred times, a guest whose engines are all at work is killed at some moment, and the next client finds a vGPU like a
 * new one that works. The worker holds no more descriptors and memory at the end than at the start.
 */

#define ROUNDS 100
#define ROUND_SETTLED 20
#define SLACK_KB 256
#define GUEST_MEMORY (64u << 20)

#define MI_NOOP 0u
#define MI_USER_INTERRUPT (0x02u << 23)
#define MI_ARB_CHECK (0x05u << 23)
#define MI_STORE_DATA_IMM_GGTT (0x20u << 23 | 1u << 22 | 2)
#define MI_BATCH_BUFFER_START_GGTT (0x31u << 23 | 1)
#define MI_BATCH_BUFFER_START_PPGTT (0x31u << 23 | 1u << 8 | 1)
#define MI_SEMAPHORE_WAIT_GGTT_POLL_EQ (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define XY_COLOR_BLT (2u << 29 | 0x50u << 22 | 3u << 20 | 5)

/* Memory that the guest's blits fill, behind what the driver hands out. */
#define BLIT_GPA (32u << 20)
#define BLIT_PITCH 16384u
#define BLIT_ROWS 2048u

struct guest {
	struct driver_remote remote;
	struct driver_context contexts[UGVT_ENGINE_COUNT];
	uint64_t random;
	uint32_t word; // GGTT address that stays 0
	uint32_t *batch;
	uint32_t batch_address;
};

/* A batch that does something for ever; dw, n dwords, is what. */
static void batch_loop(struct guest *guest, const uint32_t *dw, unsigned n)
{
	guest->batch = driver_alloc_ggtt(&guest->remote.driver, 4096, &guest->batch_address);
	for (unsigned i = 0; i < n; i++) {
		guest->batch[i] = dw[i];
	}
	guest->batch[n] = MI_BATCH_BUFFER_START_GGTT;
	guest->batch[n + 1] = guest->batch_address;
	guest->batch[n + 2] = 0;
}

static void emit_batch(struct guest *guest, struct driver_context *context)
{
	const uint32_t dw[] = {MI_BATCH_BUFFER_START_GGTT, guest->batch_address, 0, MI_NOOP};

	driver_emit(context, dw, UGVT_ARRAY_SIZE(dw));
}

static void emit_spin(struct guest *guest, struct driver_context *context)
{
	batch_loop(guest, &(uint32_t){MI_ARB_CHECK}, 1);
	emit_batch(guest, context);
}

static void emit_interrupts(struct guest *guest, struct driver_context *context)
{
	const uint32_t dw[] = {
		MI_STORE_DATA_IMM_GGTT, guest->word + 64, 0, 0xbad, MI_USER_INTERRUPT};

	batch_loop(guest, dw, UGVT_ARRAY_SIZE(dw));
	emit_batch(guest, context);
}

static void emit_wait(struct guest *guest, struct driver_context *context)
{
	const uint32_t dw[] = {MI_SEMAPHORE_WAIT_GGTT_POLL_EQ, 1, guest->word, 0};

	driver_emit(context, dw, UGVT_ARRAY_SIZE(dw));
}

static void emit_blit(struct guest *guest, struct driver_context *context)
{
	const uint32_t dw[] = {XY_COLOR_BLT, 3u << 24 | 0xf0u << 16 | BLIT_PITCH, 0,
		BLIT_ROWS << 16 | BLIT_PITCH / 4, BLIT_GPA, 0, 0x12345678};

	batch_loop(guest, dw, UGVT_ARRAY_SIZE(dw));
	emit_batch(guest, context);
}

static void guest_start(struct guest *guest, const struct peer *peer)
{
	static void (*const emitters[])(struct guest * guest, struct driver_context * context) = {
		emit_spin, emit_interrupts, emit_wait, emit_blit};
	struct driver *driver = &guest->remote.driver;
	uint64_t pml4;

	peer_connect(peer, &guest->remote, GUEST_MEMORY);
	driver_irq_enable(driver);
	pml4 = peer_identity_map(driver);
	driver_alloc_ggtt(driver, 4096, &guest->word);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct driver_context *context = &guest->contexts[id];
		unsigned count = id == UGVT_BCS ? 4 : 3; // only it takes blits

		driver_engine_init(driver, (enum ugvt_engine_id)id);
		driver_context_init(driver, context, (enum ugvt_engine_id)id, pml4);
		driver_emit_breadcrumb(context, guest->word + 128 + 4 * id, 1);
		emitters[peer_random(&guest->random) % count](guest, context);
		driver_submit(driver, context, NULL);
	}
}

/* What a guest does, for ever: accesses of all kinds. */
static void guest_go_on(struct guest *guest)
{
	struct driver *driver = &guest->remote.driver;

	for (;;) {
		uint32_t choice = peer_random(&guest->random);
		unsigned id = choice % UGVT_ENGINE_COUNT;
		uint32_t base = ugvt_engines[id].base;

		switch (choice >> 8 & 7) {
		case 0: driver_submit(driver, &guest->contexts[id], NULL); break;
		case 1: driver_write(driver, base + 0x230, choice); break;
		case 2: driver_irq_handle(driver); break;
		case 3: driver_read(driver, base + 0x9c); break;
		case 4:
			driver_ggtt_map(driver, choice & ~0xfffu, choice & 0x3fff000, 16 * 4096);
			break;
		case 5: driver_write(driver, 0x941c, 1u << (choice >> 16 & 7)); break;
		case 6: driver_write(driver, 0x70180 + (choice >> 16 & 0x3fff), choice); break;
		default: driver_write(driver, base + (choice >> 16 & 0x7fc), choice); break;
		}
	}
}

static void sleep_us(uint32_t us)
{
	nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000L}, NULL);
}

/* Every other round, the guest is let come so far that all its engines are at work. */
static void guest_run_and_kill(const struct peer *peer, uint64_t *random)
{
	bool wait = peer_random(random) % 2;
	uint32_t us = peer_random(random) % 20000;
	uint32_t seed = peer_random(random);
	int ready[2];
	pid_t child;
	char byte;

	if (pipe(ready) < 0 || (child = fork()) < 0) {
		peer_fail("can't fork");
	}
	if (child == 0) {
		struct guest guest = {.random = seed | UINT64_C(1) << 32};

		guest_start(&guest, peer);
		if (write(ready[1], "", 1) != 1) {
			_exit(1);
		}
		guest_go_on(&guest);
	}
	close(ready[1]);
	if (wait && read(ready[0], &byte, 1) != 1) {
		peer_fail("the guest did not come up");
	}
	sleep_us(us);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
}

static void sizes_compare(struct peer_size first, struct peer_size settled, struct peer_size last)
{
	printf("%u descriptors and %" PRIu64 " kB of memory at first, %" PRIu64
	       " kB in round %u, %u and %" PRIu64 " kB at the end\n",
		first.fds, first.anonymous_kb, settled.anonymous_kb, ROUND_SETTLED, last.fds,
		last.anonymous_kb);
	if (last.fds != first.fds) {
		peer_fail("%u descriptors, were %u", last.fds, first.fds);
	}
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	/* Sanitizers keep what was freed for a while. */
	if (last.anonymous_kb > settled.anonymous_kb + SLACK_KB) {
		peer_fail("%" PRIu64 " kB of memory, were %" PRIu64, last.anonymous_kb,
			settled.anonymous_kb);
	}
#endif
}

int main(int argc, char **argv)
{
	struct peer_size first = {0}, settled = {0}, now;
	uint64_t random = 20240229;
	struct peer peer;

	if (argc != 3) {
		peer_fail("usage: %s SOCKET PID", argv[0]);
	}
	peer_init(&peer, argv[1], argv[2]);
	for (unsigned round = 1; round <= ROUNDS; round++) {
		guest_run_and_kill(&peer, &random);
		peer_check_scrubbed(&peer);
		peer_check_works(&peer, &now);
		peer_check_alive(&peer);
		if (round == 1) {
			first = now;
		} else if (round == ROUND_SETTLED) {
			settled = now;
		}
	}
	sizes_compare(first, settled, now);
	peer_finish(&peer);
	return 0;
}
