/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/vfio-user/fixture.h"

#define NONE VFIO_IRQ_SET_DATA_NONE
#define BOOL VFIO_IRQ_SET_DATA_BOOL
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD
#define MASK VFIO_IRQ_SET_ACTION_MASK
#define UNMASK VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER

/* One SET_IRQS for one kind of interrupt. */
struct set {
	uint32_t flags;
	uint32_t start, count;
};

static int irqs_set(struct fixture *f, enum ugvt_pci_irq kind, struct set set)
{
	return ugvt_vfio_client_set_irqs(&f->client, &(struct ugvt_vfio_client_irqs){
							     .index = kind,
							     .flags = set.flags,
							     .start = set.start,
							     .count = set.count,
						     });
}

static void irq_fd_set(struct fixture *f, enum ugvt_pci_irq kind, uint32_t action, int fd)
{
	struct ugvt_vfio_client_irqs irqs = {
		.index = kind,
		.flags = EVENTFD | action,
		.count = 1,
		.fds = &fd,
		.n_fds = 1,
	};

	assert_int_equal(ugvt_vfio_client_set_irqs(&f->client, &irqs), 0);
}

/* The device acts before the write is acknowledged. */
static void device_act(struct fixture *f, enum fake_action action)
{
	struct ugvt_vfio_access access = {FAKE_REG_ACTION, UGVT_PCI_BAR0, 1};
	unsigned char value = (unsigned char)action;

	assert_int_equal(ugvt_vfio_client_write(&f->client, &access, &value), 0);
}

static void test_msi(void **state)
{
	struct fixture *f = *state;
	int fds[FAKE_MSI_VECTORS];

	for (unsigned i = 0; i < FAKE_MSI_VECTORS; i++) {
		fds[i] = eventfd_create();
	}
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(ugvt_vfio_client_set_irqs(&f->client,
				 &(struct ugvt_vfio_client_irqs){
					 .index = UGVT_PCI_MSI,
					 .flags = EVENTFD | TRIGGER,
					 .count = FAKE_MSI_VECTORS,
					 .fds = fds,
					 .n_fds = FAKE_MSI_VECTORS,
				 }),
		0);
	assert_int_equal(eventfd_take(fds[0]), 0);
	device_act(f, FAKE_ACTION_MSI);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_take(fds[0]), 2);
	assert_int_equal(eventfd_take(fds[1]), 0);
	assert_int_equal(irqs_set(f, UGVT_PCI_MSI, (struct set){NONE | TRIGGER, 0, 0}), 0);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_take(fds[0]), 0);
	for (unsigned i = 0; i < FAKE_MSI_VECTORS; i++) {
		close(fds[i]);
	}
}

static void test_msi_mask(void **state)
{
	struct fixture *f = *state;
	int fd = eventfd_create();

	irq_fd_set(f, UGVT_PCI_MSI, TRIGGER, fd);
	assert_int_equal(irqs_set(f, UGVT_PCI_MSI, (struct set){NONE | MASK, 0, 1}), 0);
	device_act(f, FAKE_ACTION_MSI);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_take(fd), 0);
	assert_int_equal(irqs_set(f, UGVT_PCI_MSI, (struct set){NONE | UNMASK, 0, 1}), 0);
	assert_int_equal(eventfd_take(fd), 1);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_take(fd), 1);
	close(fd);
}

/* Triggering and masking a selection, as BOOL data says. */
static void test_bools(void **state)
{
	static const uint8_t select[] = {1, 0, 7};
	struct fixture *f = *state;
	struct ugvt_vfio_client_irqs irqs = {
		.index = UGVT_PCI_MSI,
		.flags = BOOL | TRIGGER,
		.start = 1,
		.count = 3,
		.bools = select,
	};
	int fds[FAKE_MSI_VECTORS];

	for (unsigned i = 0; i < FAKE_MSI_VECTORS; i++) {
		fds[i] = eventfd_create();
	}
	assert_int_equal(ugvt_vfio_client_set_irqs(&f->client,
				 &(struct ugvt_vfio_client_irqs){
					 .index = UGVT_PCI_MSI,
					 .flags = EVENTFD | TRIGGER,
					 .count = FAKE_MSI_VECTORS,
					 .fds = fds,
					 .n_fds = FAKE_MSI_VECTORS,
				 }),
		0);
	assert_int_equal(ugvt_vfio_client_set_irqs(&f->client, &irqs), 0);
	for (unsigned i = 0; i < FAKE_MSI_VECTORS; i++) {
		assert_int_equal(eventfd_take(fds[i]), i == 1 || i == 3);
		close(fds[i]);
	}
}

/* As QEMU enables MSI-X: a first message without a descriptor, then one vector at a time, in any order. */
static void test_msix(void **state)
{
	struct fixture *f = *state;
	int fds[16];

	assert_int_equal(irqs_set(f, UGVT_PCI_MSIX, (struct set){EVENTFD | TRIGGER, 0, 1}), 0);
	for (unsigned i = 0; i < 16; i++) {
		fds[i] = eventfd_create();
	}
	assert_int_equal(ugvt_vfio_client_set_irqs(&f->client,
				 &(struct ugvt_vfio_client_irqs){
					 .index = UGVT_PCI_MSIX,
					 .flags = EVENTFD | TRIGGER,
					 .start = FAKE_MSIX_VECTORS - 16,
					 .count = 16,
					 .fds = fds,
					 .n_fds = 16,
				 }),
		0);
	irq_fd_set(f, UGVT_PCI_MSIX, TRIGGER, fds[0]);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_take(fds[0]), 1);
	assert_int_equal(
		irqs_set(f, UGVT_PCI_MSIX, (struct set){NONE | TRIGGER, FAKE_MSIX_VECTORS - 1, 1}),
		0);
	assert_int_equal(eventfd_take(fds[15]), 1);
	for (unsigned i = 0; i < 16; i++) {
		close(fds[i]);
	}
}

static void test_intx_masks_itself(void **state)
{
	struct fixture *f = *state;
	int fd = eventfd_create();

	irq_fd_set(f, UGVT_PCI_INTX, TRIGGER, fd);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	assert_int_equal(eventfd_take(fd), 1);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	device_act(f, FAKE_ACTION_INTX_LOW);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	assert_int_equal(eventfd_take(fd), 0);
	/* Still high: again. */
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){NONE | UNMASK, 0, 1}), 0);
	assert_int_equal(eventfd_take(fd), 1);
	device_act(f, FAKE_ACTION_INTX_LOW);
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){NONE | UNMASK, 0, 1}), 0);
	assert_int_equal(eventfd_take(fd), 0);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	assert_int_equal(eventfd_take(fd), 1);
	close(fd);
}

/* A line that was high before anybody listened. */
static void test_intx_is_a_level(void **state)
{
	struct fixture *f = *state;
	int fd = eventfd_create();

	device_act(f, FAKE_ACTION_INTX_HIGH);
	irq_fd_set(f, UGVT_PCI_INTX, TRIGGER, fd);
	assert_int_equal(eventfd_take(fd), 1);
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){NONE | TRIGGER, 0, 0}), 0);
	irq_fd_set(f, UGVT_PCI_INTX, TRIGGER, fd);
	assert_int_equal(eventfd_take(fd), 1);
	close(fd);
}

static void test_intx_mask(void **state)
{
	struct fixture *f = *state;
	int fd = eventfd_create();

	irq_fd_set(f, UGVT_PCI_INTX, TRIGGER, fd);
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){NONE | MASK, 0, 1}), 0);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	assert_int_equal(eventfd_take(fd), 0);
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){NONE | UNMASK, 0, 1}), 0);
	assert_int_equal(eventfd_take(fd), 1);
	close(fd);
}

static void eventfd_wait(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&pfd, 1, -1), 1);
	assert_int_equal(eventfd_take(fd), 1);
}

/* KVM signals the end of an interrupt through an eventfd instead of a message. */
static void test_intx_unmask_eventfd(void **state)
{
	struct fixture *f = *state;
	int trigger = eventfd_create(), unmask = eventfd_create();

	irq_fd_set(f, UGVT_PCI_INTX, TRIGGER, trigger);
	irq_fd_set(f, UGVT_PCI_INTX, UNMASK, unmask);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	assert_int_equal(eventfd_take(trigger), 1);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(eventfd_write(unmask, 1), 0);
		eventfd_wait(trigger);
	}
	/* Replaced by another one, then taken away. */
	close(unmask);
	unmask = eventfd_create();
	irq_fd_set(f, UGVT_PCI_INTX, UNMASK, unmask);
	assert_int_equal(eventfd_write(unmask, 1), 0);
	eventfd_wait(trigger);
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){EVENTFD | UNMASK, 0, 1}), 0);
	assert_int_equal(eventfd_write(unmask, 1), 0);
	assert_int_equal(irqs_set(f, UGVT_PCI_INTX, (struct set){NONE | UNMASK, 0, 1}), 0);
	assert_int_equal(eventfd_take(trigger), 1);
	close(unmask);
	close(trigger);
}

static void test_disconnect_forgets(void **state)
{
	struct fixture *f = *state;
	int trigger = eventfd_create(), unmask = eventfd_create();
	unsigned fds = fd_count();

	irq_fd_set(f, UGVT_PCI_INTX, TRIGGER, trigger);
	irq_fd_set(f, UGVT_PCI_INTX, UNMASK, unmask);
	irq_fd_set(f, UGVT_PCI_MSI, TRIGGER, trigger);
	assert_int_equal(fd_count(), fds + 3);
	fixture_disconnect(f);
	fixture_connect(f);
	assert_int_equal(fd_count(), fds);
	device_act(f, FAKE_ACTION_MSI);
	device_act(f, FAKE_ACTION_INTX_HIGH);
	assert_int_equal(eventfd_take(trigger), 0);
	close(unmask);
	close(trigger);
}

/* Of a set with one bad descriptor nothing is taken. */
static void test_not_an_eventfd(void **state)
{
	struct fixture *f = *state;
	int fds[] = {eventfd_create(), -1};
	struct ugvt_vfio_client_irqs irqs = {
		.index = UGVT_PCI_MSI,
		.flags = EVENTFD | TRIGGER,
		.count = 2,
		.fds = fds,
		.n_fds = 2,
	};
	int others[3];

	others[0] = timerfd_create(CLOCK_MONOTONIC, 0);
	others[1] = epoll_create1(0);
	others[2] = open("/dev/null", O_WRONLY);
	for (unsigned i = 0; i < 3; i++) {
		fds[1] = others[i];
		assert_int_equal(ugvt_vfio_client_set_irqs(&f->client, &irqs), -EINVAL);
		close(others[i]);
	}
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_take(fds[0]), 0);
	close(fds[0]);
}

/* A client that never reads its eventfd, and made it block, does not hold up the device. */
static void test_full_eventfd(void **state)
{
	struct fixture *f = *state;
	int fd = eventfd(0, EFD_CLOEXEC);
	eventfd_t n;

	irq_fd_set(f, UGVT_PCI_MSI, TRIGGER, fd);
	assert_int_equal(fcntl(fd, F_SETFL, O_RDWR), 0);
	assert_int_equal(eventfd_write(fd, UINT64_MAX - 1), 0);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(irqs_set(f, UGVT_PCI_MSI, (struct set){NONE | TRIGGER, 0, 1}), 0);
	assert_int_equal(eventfd_read(fd, &n), 0);
	device_act(f, FAKE_ACTION_MSI);
	assert_int_equal(eventfd_read(fd, &n), 0);
	assert_int_equal(n, 1);
	close(fd);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(test_##name, fixture_setup_connected, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(msi),
		TEST(msi_mask),
		TEST(bools),
		TEST(msix),
		TEST(intx_masks_itself),
		TEST(intx_is_a_level),
		TEST(intx_mask),
		TEST(intx_unmask_eventfd),
		TEST(disconnect_forgets),
		TEST(not_an_eventfd),
		TEST(full_eventfd),
	};

	return cmocka_run_group_tests_name("vfio-user interrupts", tests, NULL, NULL);
}
