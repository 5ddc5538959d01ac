/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bits.h"
#include "gen/pvinfo.h"
#include "tests/worker/hostile.h"
#include "tests/worker/peer.h"

/*
 * usage: test-worker-torture SOCKET PID SOCKET PID SOCKET PID
 *
 * Two guests do their worst to their vGPUs, while a third goes on with its work and must notice nothing. All three workers live on,
 * and serve a new client. UGVT_TORTURE_STEPS and UGVT_TORTURE_SEED say how long, and which way.
 */

#define STEPS 6000
#define GUESTS 3
#define TIME_LIMIT_S 900

#define MEMORY (32u << 20)
#define KEPT_GPA (8u << 20) // not for the device
#define KEPT_SIZE (8u << 20)
#define FILL_GPA (16u << 20)
#define COPY_GPA (24u << 20)
#define BLIT_PITCH 4096u
#define BLIT_ROWS 256u
#define SCRATCH_REGISTER 0x4f100u // SWF: software may keep there what it likes

#define XY_COLOR_BLT (2u << 29 | 0x50u << 22 | 3u << 20 | 5)
#define XY_SRC_COPY_BLT (2u << 29 | 0x53u << 22 | 3u << 20 | 8)
#define DEPTH_32 (3u << 24)

struct victim {
	struct driver_remote remote;
	struct driver_context contexts[UGVT_ENGINE_COUNT];
	uint32_t *results;
	uint32_t results_address;
	uint32_t round;
};

static uint32_t kept_word(uint32_t i)
{
	return i * 2654435761u;
}

static void victim_init(struct victim *victim, const struct peer *peer)
{
	struct driver *driver = &victim->remote.driver;
	uint32_t *kept;
	uint64_t pml4;

	peer_connect(peer, &victim->remote, MEMORY);
	driver_irq_enable(driver);
	pml4 = peer_identity_map(driver);
	victim->results = driver_alloc_ggtt(driver, 4096, &victim->results_address);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_engine_init(driver, (enum ugvt_engine_id)id);
		driver_context_init(driver, &victim->contexts[id], (enum ugvt_engine_id)id, pml4);
	}
	kept = (uint32_t *)(driver->memory + KEPT_GPA);
	for (uint32_t i = 0; i < KEPT_SIZE / 4; i++) {
		kept[i] = kept_word(i);
	}
}

/* A fill, and a copy of it. */
static void emit_blits(struct victim *victim, uint32_t color)
{
	const uint32_t size = BLIT_ROWS << 16 | BLIT_PITCH / 4;
	const uint32_t dw[] = {XY_COLOR_BLT, DEPTH_32 | 0xf0u << 16 | BLIT_PITCH, 0, size, FILL_GPA,
		0, color, XY_SRC_COPY_BLT, DEPTH_32 | 0xccu << 16 | BLIT_PITCH, 0, size, COPY_GPA,
		0, 0, BLIT_PITCH, FILL_GPA, 0, 0};

	driver_emit(&victim->contexts[UGVT_BCS], dw, UGVT_ARRAY_SIZE(dw));
}

static void blits_check(const struct victim *victim, uint32_t color)
{
	const uint32_t *copy = (const uint32_t *)(victim->remote.driver.memory + COPY_GPA);

	for (uint32_t i = 0; i < BLIT_PITCH * BLIT_ROWS / 4; i++) {
		if (copy[i] != color) {
			peer_fail("victim: pixel %u of a copy is %#x, not %#x", i, copy[i], color);
		}
	}
}

static void registers_check(struct victim *victim)
{
	struct driver *driver = &victim->remote.driver;

	if (driver_read(driver, UGVT_PVINFO_MAGIC) != (uint32_t)UGVT_PVINFO_MAGIC_VALUE ||
		driver_read(driver, SCRATCH_REGISTER) != victim->round) {
		peer_fail("victim: its registers changed");
	}
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		uint32_t value = driver_read(driver, ugvt_engines[id].base + 0x80);

		if (value != driver->status_page[id]) {
			peer_fail("victim: HWS_PGA of %s is %#x", ugvt_engines[id].name, value);
		}
	}
}

static void memory_check(const struct victim *victim)
{
	const uint32_t *kept = (const uint32_t *)(victim->remote.driver.memory + KEPT_GPA);

	for (uint32_t i = 0; i < KEPT_SIZE / 4; i++) {
		if (kept[i] != kept_word(i)) {
			peer_fail("victim: word %u of its memory is %#x", i, kept[i]);
		}
	}
}

static void victim_round(struct victim *victim)
{
	struct driver *driver = &victim->remote.driver;
	uint32_t value = ++victim->round;

	driver_write(driver, SCRATCH_REGISTER, value);
	emit_blits(victim, value * 2654435761u);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct driver_context *context = &victim->contexts[id];

		driver_emit_breadcrumb(context, victim->results_address + 4 * id, value);
		driver_submit(driver, context, NULL);
	}
	driver_remote_wait_irq(&victim->remote);
	driver_irq_handle(driver);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		peer_wait_word(&victim->results[id], value, "victim's breadcrumb");
	}
	blits_check(victim, value * 2654435761u);
	registers_check(victim);
	memory_check(victim);
}

/* Until the other end of done is closed. */
static void victim_run(const struct peer *peer, int done)
{
	struct pollfd pfd = {.fd = done, .events = POLLIN};
	struct victim victim = {0};

	victim_init(&victim, peer);
	do {
		victim_round(&victim);
	} while (poll(&pfd, 1, 0) == 0);
	printf("the victim did %u rounds of work\n", victim.round);
	fflush(stdout);
	driver_remote_finish(&victim.remote);
}

static unsigned setting(const char *name, unsigned standard)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 10) : standard;
}

static pid_t start_hostile(const struct peer *peer, unsigned number)
{
	unsigned seed = setting("UGVT_TORTURE_SEED", 1);
	pid_t child = fork();

	if (child == 0) {
		alarm(TIME_LIMIT_S);
		hostile_run(peer, ((uint64_t)seed << 32) + number,
			setting("UGVT_TORTURE_STEPS", STEPS));
		_exit(0);
	}
	return child;
}

static void child_wait(pid_t child, const char *who)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child) {
		peer_fail("%s can't be run", who);
	}
	if (WIFSIGNALED(status)) {
		peer_fail("%s: %s", who, strsignal(WTERMSIG(status)));
	}
	if (WEXITSTATUS(status) != 0) {
		peer_fail("%s has failed", who);
	}
}

/* Lives on, serves a new client, and has let go of whatever the last ones gave it. */
static void worker_check(const struct peer *peer, struct peer_size before)
{
	struct peer_size now;

	peer_check_alive(peer);
	peer_check_scrubbed(peer);
	peer_check_works(peer, &now);
	peer_check_alive(peer);
	/* Of pictures that are being taken, the worker has some, too. */
	if (now.fds != before.fds && !getenv("UGVT_PHOTOGRAPHED")) {
		peer_fail(
			"worker %d: %u descriptors, were %u", (int)peer->pid, now.fds, before.fds);
	}
}

int main(int argc, char **argv)
{
	struct peer_size before[GUESTS];
	struct peer peers[GUESTS];
	pid_t hostile[GUESTS], victim;
	int done[2];

	if (argc != 1 + 2 * GUESTS || pipe(done) < 0) {
		peer_fail("usage: %s SOCKET PID SOCKET PID SOCKET PID", argv[0]);
	}
	for (unsigned i = 0; i < GUESTS; i++) {
		peer_init(&peers[i], argv[1 + 2 * i], argv[2 + 2 * i]);
		peer_check_works(&peers[i], &before[i]);
	}
	victim = fork();
	if (victim == 0) {
		close(done[1]);
		alarm(TIME_LIMIT_S);
		victim_run(&peers[0], done[0]);
		_exit(0);
	}
	for (unsigned i = 1; i < GUESTS; i++) {
		hostile[i] = start_hostile(&peers[i], i);
	}
	for (unsigned i = 1; i < GUESTS; i++) {
		child_wait(hostile[i], "a hostile guest");
	}
	close(done[1]);
	child_wait(victim, "the victim");
	for (unsigned i = 0; i < GUESTS; i++) {
		worker_check(&peers[i], before[i]);
		peer_finish(&peers[i]);
	}
	return 0;
}
