/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bits.h"
#include "tests/worker/peer.h"

/*
 * usage: stand-in SOCKET TOKEN
 *
 * Stands in for a virtual machine: drives the vGPU behind SOCKET as i915 does, for ever. Its blitter fills a picture with TOKEN
 * and the number of the round, and it looks whether every pixel is that. A line "round N" tells how far it is. A wrong pixel
 * ends it with status 1.
 */

#define MEMORY_SIZE (64u << 20)
#define PITCH 4096u // bytes
#define ROWS 256u
#define ROUNDS_A_LINE 50
/* Between rounds: virtual machines beside it need the processors, too. */
#define PAUSE_NS 20000000

#define XY_COLOR_BLT (2u << 29 | 0x50u << 22 | 3u << 20 | 5)
#define XY_COLOR_32_PATCOPY (3u << 24 | 0xf0u << 16)

struct guest {
	struct driver_remote remote;
	struct driver_context context;
	volatile uint32_t *done;
	uint32_t done_address;
	uint32_t *pixels;
	uint64_t pixels_address; // in its page tables
	uint32_t token;
};

static void guest_start(struct guest *guest)
{
	struct driver *driver = &guest->remote.driver;

	driver_irq_enable(driver);
	driver_engine_init(driver, UGVT_BCS);
	driver_context_init(driver, &guest->context, UGVT_BCS, peer_identity_map(driver));
	guest->done = driver_alloc_ggtt(driver, 4096, &guest->done_address);
	guest->pixels = driver_alloc(driver, PITCH * ROWS, &guest->pixels_address);
}

static void round_run(struct guest *guest, uint32_t round, uint32_t colour)
{
	struct driver *driver = &guest->remote.driver;
	const uint32_t fill[] = {XY_COLOR_BLT, XY_COLOR_32_PATCOPY | PITCH, 0,
		ROWS << 16 | PITCH / 4, ugvt_lo32(guest->pixels_address),
		ugvt_hi32(guest->pixels_address), colour, 0};

	driver_emit(&guest->context, fill, UGVT_ARRAY_SIZE(fill));
	driver_emit_breadcrumb(&guest->context, guest->done_address, round);
	driver_submit(driver, &guest->context, NULL);
	while (*guest->done != round) {
		driver_remote_wait_irq(&guest->remote);
		driver_irq_handle(driver);
	}
}

static bool pixels_check(const struct guest *guest, uint32_t colour)
{
	for (unsigned i = 0; i < PITCH * ROWS / 4; i++) {
		if (guest->pixels[i] != colour) {
			fprintf(stderr,
				"stand-in: pixel %u is %08" PRIx32 " instead of %08" PRIx32 "\n", i,
				guest->pixels[i], colour);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct guest guest = {0};
	int ret;

	if (argc != 3) {
		fprintf(stderr, "usage: stand-in SOCKET TOKEN\n");
		return 2;
	}
	guest.token = (uint32_t)strtoul(argv[2], NULL, 0) << 24;
	ret = driver_remote_init(&guest.remote, argv[1], -1, MEMORY_SIZE);
	if (ret < 0) {
		fprintf(stderr, "stand-in: %s: %s\n", argv[1], strerror(-ret));
		return 2;
	}
	guest_start(&guest);
	for (uint32_t round = 1;; round++) {
		const struct timespec pause = {0, PAUSE_NS};
		uint32_t colour = guest.token | (round & 0xffffff);

		nanosleep(&pause, NULL);
		round_run(&guest, round, colour);
		if (!pixels_check(&guest, colour)) {
			return 1;
		}
		if (round % ROUNDS_A_LINE == 0) {
			printf("round %" PRIu32 "\n", round);
			fflush(stdout);
		}
	}
}
