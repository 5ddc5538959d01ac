/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <time.h>

#include "base/bits.h"
#include "tests/worker/peer.h"

/*
 * usage: test-worker-drive SOCKET
 *
 * Stands in for a virtual machine: gives each engine of a vGPU a little work, waits for all of them, and begins again,
 * until it is killed. Ends with status 1 if the vGPU does not do its work.
 */

#define GUEST_MEMORY (16u << 20)
#define PAUSE_NS 1000000

struct guest {
	struct driver_remote remote;
	struct driver_context contexts[UGVT_ENGINE_COUNT];
	uint32_t *results; // one per engine
	uint32_t address;  // of results in the GGTT
};

static void guest_init(struct guest *guest, const struct peer *peer)
{
	struct driver *driver = &guest->remote.driver;

	peer_connect(peer, &guest->remote, GUEST_MEMORY);
	guest->results = driver_alloc_ggtt(driver, 4096, &guest->address);
	driver_irq_enable(driver);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_engine_init(driver, (enum ugvt_engine_id)id);
		driver_context_init(driver, &guest->contexts[id], (enum ugvt_engine_id)id, 0);
	}
}

/* A context switch and a breadcrumb each. */
static void guest_round(struct guest *guest, uint32_t round)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_emit_breadcrumb(&guest->contexts[id], guest->address + 4 * id, round);
		driver_submit(&guest->remote.driver, &guest->contexts[id], NULL);
	}
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		peer_wait_word(&guest->results[id], round, ugvt_engines[id].name);
	}
	driver_irq_handle(&guest->remote.driver);
}

int main(int argc, char **argv)
{
	struct peer peer = {.socket = argv[1]};
	struct guest guest;

	if (argc != 2) {
		peer_fail("usage: %s SOCKET", argv[0]);
	}
	guest_init(&guest, &peer);
	for (uint32_t round = 1;; round++) {
		guest_round(&guest, round);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
}
