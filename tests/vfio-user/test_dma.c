/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/vfio-user/fixture.h"

#define RW (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)
#define UNREACHABLE 0x80000000u

/* For tests that raise SIGBUS: cmocka takes the signal anew before each test, so the server must be created
 * inside. */
static struct fixture *fixture_create(void)
{
	void *f;

	fixture_setup_connected(&f);
	return f;
}

/* What the device reads at guest address 0. */
static uint32_t device_touch(struct fixture *f)
{
	ugvt_vfio_client_post32(&f->client, UGVT_PCI_BAR0, FAKE_REG_ACTION, FAKE_ACTION_TOUCH);
	return ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, FAKE_REG_TOUCHED);
}

static int memory_map(struct fixture *f, uint64_t address, uint64_t size, int fd)
{
	struct ugvt_vfio_client_memory memory = {
		.address = address, .size = size, .fd = fd, .flags = RW};

	return ugvt_vfio_client_map(&f->client, &memory);
}

static bool guest_read(struct fixture *f, uint64_t address, unsigned char *byte)
{
	bool ok;

	ugvt_guest_memory_begin(f->fake.pci.memory);
	ok = ugvt_guest_memory_read(f->fake.pci.memory, address, byte, 1);
	ugvt_guest_memory_end(f->fake.pci.memory);
	return ok;
}

static bool guest_write(struct fixture *f, uint64_t address, unsigned char byte)
{
	bool ok;

	ugvt_guest_memory_begin(f->fake.pci.memory);
	ok = ugvt_guest_memory_write(f->fake.pci.memory, address, &byte, 1);
	ugvt_guest_memory_end(f->fake.pci.memory);
	return ok;
}

static void test_map_is_shared(void **state)
{
	struct fixture *f = *state;
	int fd = memory_create(0x4000, 3);
	unsigned char byte;

	assert_int_equal(memory_map(f, 0, 0x4000, fd), 0);
	assert_int_equal(device_touch(f), 3);
	assert_int_equal(pwrite(fd, "\x09", 1, 0), 1);
	assert_int_equal(device_touch(f), 9);
	assert_true(guest_write(f, 0x3fff, 0x77));
	assert_int_equal(pread(fd, &byte, 1, 0x3fff), 1);
	assert_int_equal(byte, 0x77);
	assert_false(guest_read(f, 0x4000, &byte));
	assert_int_equal(ugvt_vfio_client_unmap(&f->client, 0, 0x4000), 0);
	assert_int_equal(device_touch(f), UNREACHABLE);
	close(fd);
}

/* A file mapped in parts, each where it belongs. */
static void test_offsets(void **state)
{
	struct fixture *f = *state;
	int fd = memory_create(0x4000, 0);

	for (uint64_t i = 0; i < 4; i++) {
		struct ugvt_vfio_client_memory memory = {
			.address = (3 - i) * 0x1000,
			.size = 0x1000,
			.offset = i * 0x1000,
			.fd = fd,
			.flags = RW,
		};
		unsigned char byte = (unsigned char)i;

		assert_int_equal(pwrite(fd, &byte, 1, (off_t)(i * 0x1000)), 1);
		assert_int_equal(ugvt_vfio_client_map(&f->client, &memory), 0);
	}
	for (uint64_t i = 0; i < 4; i++) {
		unsigned char byte;

		assert_true(guest_read(f, (3 - i) * 0x1000, &byte));
		assert_int_equal(byte, i);
	}
	close(fd);
}

/* As clients do with ROMs and other devices' BARs: known, taken, out of reach. */
static void test_map_without_fd(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(memory_map(f, 0, 0x1000, -1), 0);
	assert_int_equal(memory_map(f, UINT64_MAX - 0xfff, 0x1000, -1), 0);
	assert_int_equal(device_touch(f), UNREACHABLE);
	assert_int_equal(memory_map(f, 0, 0x1000, -1), -EEXIST);
	assert_int_equal(ugvt_vfio_client_unmap(&f->client, 0, 0x1000), 0);
	assert_int_equal(ugvt_vfio_client_unmap(&f->client, UINT64_MAX - 0xfff, 0x1000), 0);
}

static void test_overlap(void **state)
{
	static const struct {
		uint64_t address, size;
	} rows[] = {{0x10000, 0x4000}, {0x10000, 0x1000}, {0x13000, 0x1000}, {0x11000, 0x1000},
		{0xf000, 0x2000}, {0x13000, 0x2000}, {0, 0x100000}};
	struct fixture *f = *state;
	int fd = memory_create(0x100000, 0);
	unsigned fds = fd_count();

	assert_int_equal(memory_map(f, 0x10000, 0x4000, fd), 0);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		assert_int_equal(memory_map(f, rows[i].address, rows[i].size, fd), -EEXIST);
	}
	assert_int_equal(memory_map(f, 0xf000, 0x1000, fd), 0);
	assert_int_equal(memory_map(f, 0x14000, 0x1000, fd), 0);
	assert_int_equal(fd_count(), fds);
	close(fd);
}

static void test_unmap_is_exact(void **state)
{
	static const struct {
		uint64_t address, size;
	} rows[] = {{0x10000, 0x1000}, {0x10000, 0x5000}, {0x11000, 0x3000}, {0xf000, 0x5000},
		{0x10001, 0x4000}, {0, 0}, {0x10000, 0}, {0, UINT64_MAX}};
	struct fixture *f = *state;

	assert_int_equal(memory_map(f, 0x10000, 0x4000, -1), 0);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(rows); i++) {
		assert_int_equal(
			ugvt_vfio_client_unmap(&f->client, rows[i].address, rows[i].size), -ENOENT);
	}
	assert_int_equal(ugvt_vfio_client_unmap(&f->client, 0x10000, 0x4000), 0);
	assert_int_equal(ugvt_vfio_client_unmap(&f->client, 0x10000, 0x4000), -ENOENT);
}

static void test_protection(void **state)
{
	struct fixture *f = *state;
	int fd = memory_create(0x2000, 5);
	char path[] = "/tmp/ugvt-test-XXXXXX";
	int file = mkstemp(path), read_only, write_only;
	unsigned char byte;

	for (uint32_t i = 0; i < 2; i++) {
		struct ugvt_vfio_client_memory memory = {
			.address = i * 0x1000,
			.size = 0x1000,
			.fd = fd,
			.flags = i ? VFIO_DMA_MAP_FLAG_WRITE : VFIO_DMA_MAP_FLAG_READ,
		};

		assert_int_equal(ugvt_vfio_client_map(&f->client, &memory), 0);
	}
	assert_true(guest_read(f, 0, &byte));
	assert_false(guest_write(f, 0, 1));
	assert_false(guest_read(f, 0x1000, &byte));
	assert_true(guest_write(f, 0x1000, 1));

	assert_int_equal(ftruncate(file, 0x1000), 0);
	read_only = open(path, O_RDONLY);
	write_only = open(path, O_WRONLY);
	assert_int_equal(memory_map(f, 0x10000, 0x1000, read_only), -EACCES);
	assert_int_equal(memory_map(f, 0x10000, 0x1000, write_only), -EACCES);
	assert_int_equal(memory_map(f, 0x10000, 0x1000, file), 0);
	unlink(path);
	close(file);
	close(read_only);
	close(write_only);
	close(fd);
}

static void test_not_memory(void **state)
{
	struct fixture *f = *state;
	int fds[] = {open("/", O_RDONLY | O_DIRECTORY), open("/dev/zero", O_RDWR),
		open("/tmp", O_PATH), -1};
	int pipes[2];

	assert_int_equal(pipe(pipes), 0);
	fds[3] = pipes[1];
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(fds); i++) {
		assert_int_equal(memory_map(f, 0, 0x1000, fds[i]), -EINVAL);
		close(fds[i]);
	}
	close(pipes[0]);
}

/* A memfd that lets itself be sealed can't be taken away any more. */
static void test_seal(void **state)
{
	struct fixture *f = *state;
	int fd = memory_create(0x4000, 3);

	assert_int_equal(memory_map(f, 0, 0x4000, fd), 0);
	assert_int_equal(fcntl(fd, F_GET_SEALS), F_SEAL_SHRINK);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(device_touch(f), 3);
	close(fd);
}

static int unsealable_create(size_t size)
{
	int fd = memfd_create("memory", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	return fd;
}

/* One that does not costs its client the connection, and nobody else anything. */
static void test_shrink(void **state)
{
	struct fixture *f = fixture_create();
	unsigned fds = fd_count();
	int fd = unsealable_create(0x4000);

	assert_int_equal(pwrite(fd, "\x42", 1, 0), 1);
	assert_int_equal(memory_map(f, 0x1000, 0x1000, fd), 0);
	assert_int_equal(memory_map(f, 0, 0x1000, fd), 0);
	assert_int_equal(device_touch(f), 0x42);
	assert_int_equal(ftruncate(fd, 0), 0);
	ugvt_vfio_client_post32(&f->client, UGVT_PCI_BAR0, FAKE_REG_ACTION, FAKE_ACTION_TOUCH);
	raw_drain(f->client.fd);
	ugvt_vfio_client_close(&f->client);
	close(fd);

	fixture_connect(f);
	assert_int_equal(ugvt_vfio_user_stats(f->vu).memory_faults, 1);
	assert_int_equal(device_touch(f), UNREACHABLE);
	fixture_disconnect(f);
	assert_int_equal(fd_count(), fds - 2);
	fixture_finish(f);
	free(f);
}

static unsigned long private_kb(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	unsigned long kb = 0;

	assert_non_null(status);
	while (fgets(line, sizeof(line), status) && sscanf(line, "VmData: %lu", &kb) != 1) {
	}
	fclose(status);
	return kb;
}

/* What takes the place of lost memory is none that a limit of the process's own memory counts. */
static void test_shrink_takes_no_memory(void **state)
{
	static const uint64_t size = UINT64_C(1) << 30, step = UINT64_C(64) << 20;
	struct fixture *f = fixture_create();
	int fd = unsealable_create(size);
	unsigned long before = private_kb();
	unsigned char byte = 1;

	assert_int_equal(memory_map(f, 0, size, fd), 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	ugvt_guest_memory_begin(f->fake.pci.memory);
	for (uint64_t gpa = 0x1000; gpa < size; gpa += step) {
		assert_true(ugvt_guest_memory_write(f->fake.pci.memory, gpa, "x", 1));
		assert_true(ugvt_guest_memory_read(f->fake.pci.memory, gpa + 1, &byte, 1));
		assert_int_equal(byte, 0);
	}
	assert_in_range(private_kb(), 0, before + (size >> 12));
	ugvt_guest_memory_end(f->fake.pci.memory);
	raw_drain(f->client.fd);
	assert_int_equal(ugvt_vfio_user_stats(f->vu).memory_faults, size / step);
	close(fd);
	fixture_finish(f);
	free(f);
}

/* And of what a guest wrote there nothing is there for the next. */
static void test_shrink_leaves_nothing(void **state)
{
	struct fixture *f = fixture_create();
	unsigned char byte = 1;

	for (int i = 0; i < 2; i++) {
		int fd = unsealable_create(0x1000);

		assert_int_equal(memory_map(f, 0, 0x1000, fd), 0);
		assert_int_equal(ftruncate(fd, 0), 0);
		ugvt_guest_memory_begin(f->fake.pci.memory);
		assert_true(ugvt_guest_memory_read(f->fake.pci.memory, 0x10, &byte, 1));
		assert_int_equal(byte, 0);
		assert_true(ugvt_guest_memory_write(f->fake.pci.memory, 0x10, "x", 1));
		ugvt_guest_memory_end(f->fake.pci.memory);
		raw_drain(f->client.fd);
		ugvt_vfio_client_close(&f->client);
		close(fd);
		fixture_connect(f);
	}
	fixture_finish(f);
	free(f);
}

/* The same on another thread than the connection's, as engines have. */
static void test_shrink_under_another_thread(void **state)
{
	struct fixture *f = fixture_create();
	int fd = unsealable_create(0x4000);
	unsigned char byte;

	assert_int_equal(memory_map(f, 0, 0x4000, fd), 0);
	assert_int_equal(ftruncate(fd, 0x1000), 0);
	/* In one window: the server unmaps it all when that is closed. */
	ugvt_guest_memory_begin(f->fake.pci.memory);
	assert_true(ugvt_guest_memory_read(f->fake.pci.memory, 0x2000, &byte, 1));
	assert_int_equal(byte, 0);
	assert_true(ugvt_guest_memory_write(f->fake.pci.memory, 0x3000, "", 1));
	ugvt_guest_memory_end(f->fake.pci.memory);
	raw_drain(f->client.fd);
	assert_int_equal(ugvt_vfio_user_stats(f->vu).memory_faults, 1);
	close(fd);
	fixture_finish(f);
	free(f);
}

static void test_hole(void **state)
{
	struct fixture *f = *state;
	int fd = memory_create(0x4000, 3);

	assert_int_equal(memory_map(f, 0, 0x4000, fd), 0);
	assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 0x4000), 0);
	assert_int_equal(device_touch(f), 0);
	close(fd);
}

static void test_require_sealed(void **state)
{
	struct fixture f = {0};
	int fd = unsealable_create(0x1000), good = memory_create(0x1000, 1);

	fixture_init(&f, &(struct ugvt_vfio_user_config){.require_sealed = true});
	fixture_connect(&f);
	assert_int_equal(memory_map(&f, 0, 0x1000, fd), -EPERM);
	assert_int_equal(memory_map(&f, 0, 0x1000, good), 0);
	fixture_finish(&f);
	close(fd);
	close(good);
}

static void test_max_maps(void **state)
{
	struct fixture f = {0};

	fixture_init(&f, &(struct ugvt_vfio_user_config){.max_maps = 5});
	fixture_connect(&f);
	for (uint64_t i = 0; i < 5; i++) {
		assert_int_equal(memory_map(&f, i * 0x1000, 0x1000, -1), 0);
	}
	assert_int_equal(memory_map(&f, 0x10000, 0x1000, -1), -ENOSPC);
	assert_int_equal(ugvt_vfio_client_unmap(&f.client, 0x3000, 0x1000), 0);
	assert_int_equal(memory_map(&f, 0x10000, 0x1000, -1), 0);
	fixture_finish(&f);
}

static void test_as_many_as_promised(void **state)
{
	struct fixture *f = *state;
	int fd = memory_create(0x1000, 6);

	for (uint64_t i = 0; i < UGVT_GUEST_RANGES_MAX; i++) {
		assert_int_equal(memory_map(f, i * 0x2000, 0x1000, fd), 0);
	}
	assert_int_equal(memory_map(f, UINT64_C(1) << 40, 0x1000, fd), -ENOSPC);
	assert_int_equal(device_touch(f), 6);
	fixture_disconnect(f);
	fixture_connect(f);
	assert_int_equal(device_touch(f), UNREACHABLE);
	close(fd);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(test_##name, fixture_setup_connected, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(map_is_shared),
		TEST(offsets),
		TEST(map_without_fd),
		TEST(overlap),
		TEST(unmap_is_exact),
		TEST(protection),
		TEST(not_memory),
		TEST(seal),
		cmocka_unit_test(test_shrink),
		cmocka_unit_test(test_shrink_takes_no_memory),
		cmocka_unit_test(test_shrink_leaves_nothing),
		cmocka_unit_test(test_shrink_under_another_thread),
		TEST(hole),
		TEST(as_many_as_promised),
		cmocka_unit_test(test_require_sealed),
		cmocka_unit_test(test_max_maps),
	};

	return cmocka_run_group_tests_name("vfio-user DMA", tests, NULL, NULL);
}
