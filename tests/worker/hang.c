/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "gen/gt.h"
#include "tests/worker/peer.h"

/*
 * usage: test-worker-hang SOCKET
 *
 * Stands in for a virtual machine whose blitter gets a batch that never ends. At a line on its standard input, it does what a
 * driver does about a hang: it resets the engine, and gives it work again. Ends with status 1 if that is not done.
 */

#define GUEST_MEMORY (16u << 20)

#define RING_MI_MODE 0x9c
#define RING_RESET_CTL 0xd0

#define MI_NOOP 0u
#define MI_STORE_DATA_IMM_GGTT (0x20u << 23 | 1u << 22 | 2)
#define MI_BATCH_BUFFER_START_GGTT (0x31u << 23 | 1)

static void hang(struct driver *driver, uint32_t result)
{
	struct driver_context context;
	uint32_t address;
	uint32_t *host = driver_alloc_ggtt(driver, 4096, &address);
	const uint32_t start[] = {MI_BATCH_BUFFER_START_GGTT, address, 0, MI_NOOP};
	const uint32_t store[] = {MI_STORE_DATA_IMM_GGTT, result, 0, 1};

	memcpy(host, store, sizeof(store));
	memcpy(host + UGVT_ARRAY_SIZE(store), start, sizeof(start));
	driver_context_init(driver, &context, UGVT_BCS, 0);
	driver_emit(&context, start, UGVT_ARRAY_SIZE(start));
	driver_submit(driver, &context, NULL);
}

static void engine_reset(struct driver *driver)
{
	uint32_t base = ugvt_engines[UGVT_BCS].base;

	driver_write(driver, base + RING_MI_MODE, 0x01000100);
	driver_write(driver, base + RING_RESET_CTL, 0x00010001);
	if (!(driver_read(driver, base + RING_RESET_CTL) & 2)) {
		peer_fail("the engine is not ready for a reset");
	}
	driver_write(driver, UGVT_GDRST, UGVT_BIT(ugvt_engines[UGVT_BCS].reset_bit));
	driver_write(driver, base + RING_RESET_CTL, 0x00010000);
	driver_write(driver, base + 0x80, driver->status_page[UGVT_BCS]);
	driver_write(driver, base + 0x29c, 0x80008000);
}

int main(int argc, char **argv)
{
	struct peer peer = {.socket = argv[1]};
	struct driver_remote remote;
	struct driver *driver = &remote.driver;
	struct driver_context context;
	uint32_t *results, address;

	if (argc != 2) {
		peer_fail("usage: %s SOCKET", argv[0]);
	}
	peer_connect(&peer, &remote, GUEST_MEMORY);
	results = driver_alloc_ggtt(driver, 4096, &address);
	driver_irq_enable(driver);
	driver_engine_init(driver, UGVT_BCS);
	hang(driver, address);
	peer_wait_word(&results[0], 1, "the batch");
	getchar();
	engine_reset(driver);
	driver_context_init(driver, &context, UGVT_BCS, 0);
	driver_emit_breadcrumb(&context, address, 2);
	driver_submit(driver, &context, NULL);
	peer_wait_word(&results[0], 2, "work after the reset");
	driver_remote_finish(&remote);
	return 0;
}
