/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/vfio-user/fixture.h"

/*
 * One client maps and unmaps, enables and disables interrupts and reconnects at random, while other threads
 * use guest memory and raise interrupts as a device's engines do. Made for the thread sanitizer; without
 * it, it shows that nothing gets stuck and that the right memory is at each address.
 */

#define SLOTS 16
#define SLOT_SIZE 0x4000u
#define STEPS 3000

struct soak {
	struct fixture f;
	atomic_bool done;
	atomic_uint reached;
	int fds[SLOTS]; // the memory of slot i is filled with i + 1
	bool mapped[SLOTS];
};

static uint32_t random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void window_use(struct soak *soak, uint32_t *random)
{
	struct ugvt_guest_memory *memory = soak->f.fake.pci.memory;

	ugvt_guest_memory_begin(memory);
	for (unsigned i = 0; i < 8 && !ugvt_guest_memory_contended(memory); i++) {
		uint32_t slot = random_next(random) % SLOTS;
		uint64_t offset = random_next(random) % (SLOT_SIZE - 64);
		unsigned char data[64];

		if (ugvt_guest_memory_read(memory, slot * SLOT_SIZE + offset, data, sizeof(data))) {
			assert_int_equal(data[0], slot + 1);
			assert_int_equal(data[63], slot + 1);
			atomic_fetch_add(&soak->reached, 1);
		}
	}
	ugvt_guest_memory_end(memory);
}

static void *memory_run(void *arg)
{
	struct soak *soak = arg;
	uint32_t random = 11;

	while (!atomic_load(&soak->done)) {
		window_use(soak, &random);
	}
	return NULL;
}

static void *irq_run(void *arg)
{
	struct soak *soak = arg;
	struct ugvt_irq_sink *sink = soak->f.fake.pci.sink;
	uint32_t random = 12;

	while (!atomic_load(&soak->done)) {
		sink->impl->msi(sink, random_next(&random) % 64);
		sink->impl->intx(sink, random_next(&random) & 1);
		ugvt_vfio_user_stats(soak->f.vu);
	}
	return NULL;
}

static void slot_toggle(struct soak *soak, uint32_t slot)
{
	struct ugvt_vfio_client_memory memory = {
		.address = slot * SLOT_SIZE,
		.size = SLOT_SIZE,
		.fd = soak->fds[slot],
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
	};
	struct ugvt_vfio_client *client = &soak->f.client;

	if (soak->mapped[slot]) {
		assert_int_equal(ugvt_vfio_client_unmap(client, memory.address, SLOT_SIZE), 0);
	} else {
		assert_int_equal(ugvt_vfio_client_map(client, &memory), 0);
	}
	soak->mapped[slot] = !soak->mapped[slot];
}

static void irqs_change(struct soak *soak, uint32_t random)
{
	static const uint32_t actions[] = {VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_ACTION_TRIGGER,
		VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_ACTION_MASK};
	int fd = eventfd_create();
	bool with_fd = random & 1 && (random & 6) != 6;
	struct ugvt_vfio_client_irqs irqs = {
		.index = random & 4 ? UGVT_PCI_INTX : UGVT_PCI_MSI,
		.flags = actions[random >> 1 & 3] |
			 (with_fd ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE),
		.count = 1,
		.fds = &fd,
		.n_fds = with_fd,
	};
	int ret = ugvt_vfio_client_set_irqs(&soak->f.client, &irqs);

	assert_true(ret == 0 || ret == -ENOTSUP);
	if (with_fd && ret == 0) {
		assert_int_equal(write(fd, &(uint64_t){1}, sizeof(uint64_t)), sizeof(uint64_t));
	}
	close(fd);
}

static void client_step(struct soak *soak, uint32_t random)
{
	switch (random % 8) {
	case 0:
		if (random >> 8 & 15) {
			break;
		}
		ugvt_vfio_client_close(&soak->f.client);
		fixture_connect(&soak->f);
		memset(soak->mapped, 0, sizeof(soak->mapped));
		break;
	case 1: irqs_change(soak, random >> 8); break;
	case 2:
		assert_int_equal(
			ugvt_vfio_client_read32(&soak->f.client, UGVT_PCI_CONFIG, 0), FAKE_ID);
		break;
	default: slot_toggle(soak, (random >> 8) % SLOTS); break;
	}
}

static void test_soak(void **state)
{
	struct soak soak = {0};
	pthread_t memory, irq;
	uint32_t random = 1;

	fixture_init(&soak.f, NULL);
	fixture_connect(&soak.f);
	for (unsigned i = 0; i < SLOTS; i++) {
		soak.fds[i] = memory_create(SLOT_SIZE, (unsigned char)(i + 1));
	}
	assert_int_equal(pthread_create(&memory, NULL, memory_run, &soak), 0);
	assert_int_equal(pthread_create(&irq, NULL, irq_run, &soak), 0);
	for (unsigned i = 0; i < STEPS; i++) {
		client_step(&soak, random_next(&random));
	}
	/* On a busy machine the threads may have missed it all. */
	fixture_disconnect(&soak.f);
	fixture_connect(&soak.f);
	memset(soak.mapped, 0, sizeof(soak.mapped));
	for (uint32_t i = 0; i < SLOTS; i++) {
		slot_toggle(&soak, i);
	}
	while (atomic_load(&soak.reached) == 0) {
		usleep(100);
	}
	atomic_store(&soak.done, true);
	pthread_join(memory, NULL);
	pthread_join(irq, NULL);
	for (unsigned i = 0; i < SLOTS; i++) {
		close(soak.fds[i]);
	}
	fixture_finish(&soak.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_soak),
	};

	return cmocka_run_group_tests_name("vfio-user soak", tests, NULL, NULL);
}
