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
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/vfio-user/fixture.h"

/* Sends a request and receives exactly as many bytes of reply as cloud-hypervisor does: it looks neither at the size
 * in the header nor at the error bit. */
static void blind_call(int fd, enum ugvt_vfio_command command, const void *payload, size_t size,
	void *reply, size_t reply_size)
{
	struct ugvt_vfio_header header = request_header(command, size);

	assert_true(raw_send(fd, &header, sizeof(header), NULL, 0));
	assert_true(size == 0 || raw_send(fd, payload, size, NULL, 0));
	assert_true(raw_receive(fd, &header, sizeof(header)));
	assert_true(raw_receive(fd, reply, reply_size));
	assert_int_equal(header.size, sizeof(header) + reply_size);
	assert_int_equal(header.flags, UGVT_VFIO_TYPE_REPLY);
}

static void blind_greet(int fd)
{
	static const char text[] =
		"\0\0\1\0{\"capabilities\":{\"max_msg_fds\":1,"
		"\"max_data_xfer_size\":1048576,\"migration\":{\"pgsize\":4096}}}";
	struct ugvt_vfio_header header = request_header(UGVT_VFIO_VERSION, sizeof(text));
	char reply[512];

	assert_true(raw_send(fd, &header, sizeof(header), NULL, 0));
	assert_true(raw_send(fd, text, sizeof(text), NULL, 0));
	assert_true(raw_receive(fd, &header, sizeof(header)));
	assert_in_range(header.size, sizeof(header) + 8, sizeof(reply));
	assert_true(raw_receive(fd, reply, header.size - sizeof(header)));
	assert_non_null(strstr(reply + 4, "\"capabilities\""));
	assert_null(strstr(reply + 4, "write_multiple"));
}

/* As cloud-hypervisor goes about it: all regions, RESET, what a guest can't reach, and no look at errors. */
static void test_blind_client(void **state)
{
	struct fixture *f = *state;
	int fd = fixture_connect_raw(f);
	struct ugvt_vfio_access access = {0, UGVT_PCI_CONFIG, 4};
	unsigned char reply[64];

	blind_greet(fd);
	blind_call(fd, UGVT_VFIO_GET_INFO, &(struct ugvt_vfio_device_info){.argsz = 32}, 16, reply,
		16);
	for (uint32_t i = 0; i < UGVT_PCI_REGION_COUNT; i++) {
		struct vfio_region_info info = {.argsz = 32, .index = i};

		blind_call(fd, UGVT_VFIO_GET_REGION_INFO, &info, 32, &info, 32);
		assert_int_equal(info.index, i);
	}
	for (uint32_t i = 0; i < 3; i++) {
		struct vfio_irq_info info = {.argsz = 16, .index = i};

		blind_call(fd, UGVT_VFIO_GET_IRQ_INFO, &info, 16, &info, 16);
	}
	blind_call(fd, UGVT_VFIO_RESET, NULL, 0, reply, 0);
	blind_call(fd, UGVT_VFIO_REGION_READ, &access, 16, reply, 20);
	access = (struct ugvt_vfio_access){FAKE_BAR0_SIZE + 64, UGVT_PCI_BAR0, 8};
	blind_call(fd, UGVT_VFIO_REGION_READ, &access, 16, reply, 24);
	access = (struct ugvt_vfio_access){0, UGVT_PCI_ROM, 4};
	blind_call(fd, UGVT_VFIO_REGION_READ, &access, 16, reply, 20);
	assert_memory_equal(reply + 16, "\xff\xff\xff\xff", 4);
	blind_call(fd, UGVT_VFIO_REGION_WRITE, &(struct {
		struct ugvt_vfio_access access;
		uint32_t value;
		uint32_t more;
	}){{UINT64_MAX, UGVT_PCI_BAR0, 8}, 1, 2},
		24, reply, 16);
	close(fd);
}

static void test_device_info(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_device_info info;

	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_device_info(&f->client, &info), 0);
	assert_int_equal(info.argsz, 16);
	assert_int_equal(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
	assert_int_equal(info.num_regions, 9);
	assert_int_equal(info.num_irqs, 5);
}

static void test_region_info(void **state)
{
	struct fixture *f = *state;

	fixture_connect(f);
	for (uint32_t i = 0; i < UGVT_PCI_REGION_COUNT; i++) {
		const struct ugvt_pci_region_info *region = &f->fake.pci.regions[i];
		struct vfio_region_info info = {.argsz = sizeof(info), .index = i};
		int fd;

		assert_int_equal(ugvt_vfio_client_region_info(&f->client, &info, &fd), 0);
		assert_int_equal(info.index, i);
		assert_int_equal(info.size, region->size);
		assert_int_equal(info.flags & 7, region->flags);
		assert_int_equal(fd >= 0, i == UGVT_PCI_BAR2);
		assert_int_equal(info.argsz, i == UGVT_PCI_BAR2 ? 32 + 16 + 2 * 16 : 32);
		assert_int_equal(info.cap_offset, i == UGVT_PCI_BAR2 ? 32 : 0);
		if (fd >= 0) {
			close(fd);
		}
	}
}

/* The whole of a sparse region's info, and what it says is true: the areas can be mapped. */
static void test_sparse_region(void **state)
{
	struct fixture *f = *state;
	struct {
		struct vfio_region_info info;
		struct vfio_info_cap_header cap;
		uint32_t nr_areas, reserved;
		struct vfio_region_sparse_mmap_area areas[2];
	} reply = {.info = {.argsz = sizeof(reply), .index = UGVT_PCI_BAR2}};
	unsigned char *map;
	int fd;

	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_region_info(&f->client, &reply.info, &fd), 0);
	assert_int_equal(reply.info.flags, 15);
	assert_int_equal(reply.info.argsz, sizeof(reply));
	assert_int_equal(reply.info.cap_offset, 32);
	assert_int_equal(reply.info.offset, 0x1000);
	assert_int_equal(reply.cap.id, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
	assert_int_equal(reply.cap.version, 1);
	assert_int_equal(reply.cap.next, 0);
	assert_int_equal(reply.nr_areas, 2);
	assert_int_equal(reply.areas[1].offset, 0x8000);
	assert_int_equal(reply.areas[1].size, 0x1000);
	map = mmap(NULL, reply.areas[1].size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		(off_t)(reply.info.offset + reply.areas[1].offset));
	assert_ptr_not_equal(map, MAP_FAILED);
	map[0] = 0x5a;
	assert_int_equal(pread(f->fake.bar2_fd, map, 1, 0x9000), 1);
	assert_int_equal(map[0], 0x5a);
	munmap(map, reply.areas[1].size);
	close(fd);
}

static void test_irq_info(void **state)
{
	static const uint32_t counts[] = {1, FAKE_MSI_VECTORS, FAKE_MSIX_VECTORS, 1, 0};
	struct fixture *f = *state;

	fixture_connect(f);
	for (uint32_t i = 0; i < UGVT_PCI_IRQ_COUNT; i++) {
		struct vfio_irq_info info = {.index = i};

		assert_int_equal(ugvt_vfio_client_irq_info(&f->client, &info), 0);
		assert_int_equal(info.index, i);
		assert_int_equal(info.count, counts[i]);
		assert_true(info.flags & VFIO_IRQ_INFO_EVENTFD);
		assert_int_equal(!!(info.flags & VFIO_IRQ_INFO_AUTOMASKED), i == 0);
	}
}

static void test_read_write(void **state)
{
	struct fixture *f = *state;
	unsigned char data[8] = {1, 2, 3, 4, 5, 6, 7, 8}, back[8];

	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_read32(&f->client, UGVT_PCI_CONFIG, 0), FAKE_ID);
	for (uint32_t count = 1; count <= 8; count++) {
		struct ugvt_vfio_access access = {0x101 * count, UGVT_PCI_BAR0, count};

		assert_int_equal(ugvt_vfio_client_write(&f->client, &access, data), 0);
		assert_int_equal(ugvt_vfio_client_read(&f->client, &access, back), 0);
		assert_memory_equal(data, back, count);
	}
}

static void test_largest_read_write(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_access access = {
		FAKE_BAR0_SIZE - UGVT_VFIO_DATA_MAX, UGVT_PCI_BAR0, UGVT_VFIO_DATA_MAX};
	unsigned char *data = malloc(UGVT_VFIO_DATA_MAX), *back = malloc(UGVT_VFIO_DATA_MAX);

	fixture_connect(f);
	for (unsigned i = 0; i < UGVT_VFIO_DATA_MAX; i++) {
		data[i] = (unsigned char)(i * 7 + i / 256);
	}
	assert_int_equal(ugvt_vfio_client_write(&f->client, &access, data), 0);
	assert_int_equal(ugvt_vfio_client_read(&f->client, &access, back), 0);
	assert_memory_equal(data, back, UGVT_VFIO_DATA_MAX);
	free(data);
	free(back);
}

/* What a guest can do is never refused: there is nobody to tell it. */
static void test_outside_region(void **state)
{
	static const struct ugvt_vfio_access rows[] = {
		{FAKE_BAR0_SIZE, UGVT_PCI_BAR0, 4},
		{FAKE_BAR0_SIZE - 2, UGVT_PCI_BAR0, 4},
		{UINT64_MAX, UGVT_PCI_BAR0, 4},
		{UINT64_MAX - 3, UGVT_PCI_BAR0, 4},
		{254, UGVT_PCI_CONFIG, 4},
		{0, UGVT_PCI_CONFIG, 4096},
		{0, UGVT_PCI_ROM, 4},
		{0, UGVT_PCI_BAR5, 1},
		{0, UGVT_PCI_VGA, 2},
	};
	struct fixture *f = *state;
	unsigned char data[4096], ones[4096];

	fixture_connect(f);
	memset(ones, 0xff, sizeof(ones));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(data, 0, sizeof(data));
		assert_int_equal(ugvt_vfio_client_write(&f->client, &rows[i], data), 0);
		assert_int_equal(ugvt_vfio_client_read(&f->client, &rows[i], data), 0);
		assert_memory_equal(data, ones, rows[i].count);
	}
	assert_int_equal(atomic_load(&f->fake.reads) + atomic_load(&f->fake.writes), 0);
}

static void test_read_only_region(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_access access = {0, UGVT_PCI_BAR1, 4};
	uint32_t value = 1;

	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_write(&f->client, &access, &value), 0);
	assert_int_equal(atomic_load(&f->fake.writes), 0);
	assert_int_equal(ugvt_vfio_client_read(&f->client, &access, &value), 0);
	assert_int_equal(value, 0);
}

/* Posted writes arrive all, in order, before the next read. */
static void test_posted_writes(void **state)
{
	enum {
		COUNT = 20000
	};
	struct fixture *f = *state;

	fixture_connect(f);
	for (uint32_t i = 1; i <= COUNT; i++) {
		ugvt_vfio_client_post32(&f->client, UGVT_PCI_BAR0, 0x2000 + i % 64 * 4, i);
	}
	for (uint32_t i = COUNT - 63; i <= COUNT; i++) {
		assert_int_equal(
			ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, 0x2000 + i % 64 * 4), i);
	}
	assert_int_equal(atomic_load(&f->fake.writes), COUNT);
	assert_int_equal(ugvt_vfio_user_stats(f->vu).writes, COUNT);
}

static void test_write_multi(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_write writes[200];
	uint64_t count = 200, done = 0;
	struct {
		uint64_t count;
		struct ugvt_vfio_write writes[200];
	} acked;

	for (uint32_t i = 0; i < 200; i++) {
		writes[i] = (struct ugvt_vfio_write){
			.access = {0x3000 + i * 8, UGVT_PCI_BAR0, 1 + i % 8},
			.data = {1, 2, 3, 4, 5, 6, 7, 8},
		};
	}
	fixture_connect(f);
	assert_int_equal(ugvt_vfio_client_post_multi(&f->client, writes, 200), 0);
	assert_int_equal(
		ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, 0x3000 + 8 * 2), 0x030201);
	assert_int_equal(atomic_load(&f->fake.writes), 200);
	acked.count = 200;
	memcpy(acked.writes, writes, sizeof(writes));
	assert_int_equal(ugvt_vfio_client_call(&f->client,
				 &(struct ugvt_vfio_call){
					 .command = UGVT_VFIO_REGION_WRITE_MULTI,
					 .head = &acked,
					 .head_size = sizeof(acked),
					 .reply = &done,
					 .reply_size = sizeof(done),
				 }),
		sizeof(done));
	assert_int_equal(done, count);
	assert_int_equal(ugvt_vfio_user_stats(f->vu).writes, 400);
}

static void test_reset(void **state)
{
	struct fixture *f = *state;

	fixture_connect(f);
	ugvt_vfio_client_post32(&f->client, UGVT_PCI_BAR0, 0x2000, 1);
	assert_int_equal(ugvt_vfio_client_reset(&f->client), 0);
	assert_int_equal(atomic_load(&f->fake.client_resets), 1);
	assert_int_equal(ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, 0x2000), 0);
}

/* Nothing of one client is left for the next. */
static void test_reconnect(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_client_memory memory = {
		.size = 0x10000,
		.fd = memory_create(0x10000, 1),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
	};
	int trigger = eventfd_create();
	unsigned fds_before = 0;

	for (unsigned i = 0; i < 100; i++) {
		fixture_connect(f);
		assert_int_equal(
			ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, FAKE_REG_TOUCHED), 0);
		ugvt_vfio_client_post32(
			&f->client, UGVT_PCI_BAR0, FAKE_REG_ACTION, FAKE_ACTION_TOUCH);
		assert_int_equal(
			ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, FAKE_REG_TOUCHED),
			0x80000000);
		assert_int_equal(ugvt_vfio_client_map(&f->client, &memory), 0);
		assert_int_equal(ugvt_vfio_client_set_irqs(&f->client,
					 &(struct ugvt_vfio_client_irqs){
						 .index = UGVT_PCI_MSI,
						 .flags = VFIO_IRQ_SET_DATA_EVENTFD |
							  VFIO_IRQ_SET_ACTION_TRIGGER,
						 .count = 1,
						 .fds = &trigger,
						 .n_fds = 1,
					 }),
			0);
		ugvt_vfio_client_post32(
			&f->client, UGVT_PCI_BAR0, FAKE_REG_ACTION, FAKE_ACTION_TOUCH);
		assert_int_equal(
			ugvt_vfio_client_read32(&f->client, UGVT_PCI_BAR0, FAKE_REG_TOUCHED), 1);
		fixture_disconnect(f);
		if (i == 0) {
			fds_before = fd_count();
		}
		assert_int_equal(fd_count(), fds_before);
		assert_int_equal(atomic_load(&f->fake.disconnect_resets), i + 1);
	}
	close(memory.fd);
	close(trigger);
}

/* A client that is killed and one that takes its place at once: the server may not have noticed yet. */
static void test_reconnect_at_once(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 300; i++) {
		fixture_connect(f);
		assert_int_equal(ugvt_vfio_client_read32(&f->client, UGVT_PCI_CONFIG, 0), FAKE_ID);
		ugvt_vfio_client_close(&f->client);
	}
	fixture_connect(f);
	assert_int_equal(ugvt_vfio_user_stats(f->vu).connections, 301);
	assert_true(ugvt_vfio_user_stats(f->vu).connected);
}

static void test_second_client(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_client second;
	unsigned fds_before;

	fixture_connect(f);
	fds_before = fd_count();
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(ugvt_vfio_client_connect(&second, f->path), -EBUSY);
		assert_int_equal(ugvt_vfio_client_read32(&f->client, UGVT_PCI_CONFIG, 0), FAKE_ID);
	}
	assert_int_equal(ugvt_vfio_user_stats(f->vu).connections, 1);
	fixture_disconnect(f);
	assert_int_equal(fd_count(), fds_before - 2);
	fixture_connect(f);
}

/* Those who connect and say nothing keep nobody from being answered. */
static void test_silent_second_clients(void **state)
{
	struct fixture *f = *state;
	struct ugvt_vfio_client second;
	int silent[20];

	fixture_connect(f);
	for (unsigned i = 0; i < 20; i++) {
		silent[i] = fixture_connect_raw(f);
	}
	assert_int_equal(ugvt_vfio_client_connect(&second, f->path), -EBUSY);
	fixture_disconnect(f);
	for (unsigned i = 0; i < 20; i++) {
		raw_drain(silent[i]);
		close(silent[i]);
	}
}

static void test_stop_while_connected(void **state)
{
	struct fixture *f = *state;

	fixture_connect(f);
	fixture_stop(f);
	assert_int_equal(atomic_load(&f->fake.disconnect_resets), 1);
	assert_int_equal(ugvt_vfio_client_reset(&f->client), -EPIPE);
}

static void test_handshake_timeout(void **state)
{
	struct fixture f = {0};
	struct ugvt_vfio_header header = request_header(UGVT_VFIO_VERSION, 4);
	int fd;

	fixture_init(&f, &(struct ugvt_vfio_user_config){.handshake_ms = 20});
	fd = fixture_connect_raw(&f);
	raw_drain(fd);
	close(fd);
	fd = fixture_connect_raw(&f);
	assert_true(raw_send(fd, &header, sizeof(header), NULL, 0));
	raw_drain(fd);
	close(fd);
	fixture_connect(&f);
	assert_true(raw_send(f.client.fd, &header, 7, NULL, 0));
	raw_drain(f.client.fd);
	fixture_finish(&f);
}

/* A client that does not take its replies is dropped; it does not hold the server. */
static void test_replies_not_taken(void **state)
{
	struct fixture f = {0};
	struct {
		struct ugvt_vfio_header header;
		struct ugvt_vfio_access access;
	} request = {
		request_header(UGVT_VFIO_REGION_READ, sizeof(request.access)),
		{0, UGVT_PCI_BAR0, UGVT_VFIO_DATA_MAX},
	};

	fixture_init(&f, &(struct ugvt_vfio_user_config){.send_ms = 20});
	fixture_connect(&f);
	while (raw_send(f.client.fd, &request, sizeof(request), NULL, 0)) {
	}
	raw_drain(f.client.fd);
	ugvt_vfio_client_close(&f.client);
	fixture_connect(&f);
	fixture_finish(&f);
}

static void test_late_reply(void **state)
{
	struct fixture f = {0};

	fixture_init(&f, &(struct ugvt_vfio_user_config){.reply_ms = 1});
	f.fake.reset_ms = 20;
	fixture_connect(&f);
	assert_int_equal(ugvt_vfio_client_reset(&f.client), -EPIPE);
	fixture_finish(&f);
}

static void test_listen(void **state)
{
	struct fixture *f = *state;
	char path[200];
	int fd;

	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = 0;
	assert_int_equal(ugvt_vfio_user_listen(path), -ENAMETOOLONG);
	assert_int_equal(ugvt_vfio_user_listen("/nonexistent/socket"), -ENOENT);
	assert_int_equal(ugvt_vfio_user_listen(f->path), -EADDRINUSE);
	/* A socket that a dead server left is replaced, another file is not. */
	snprintf(path, sizeof(path), "%s2", f->path);
	fd = ugvt_vfio_user_listen(path);
	assert_true(fd >= 0);
	close(fd);
	fd = ugvt_vfio_user_listen(path);
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	close(creat(path, 0600));
	assert_int_equal(ugvt_vfio_user_listen(path), -EADDRINUSE);
	unlink(path);
}

static void test_spinning_server(void **state)
{
	struct fixture f = {0};

	fixture_init(&f, &(struct ugvt_vfio_user_config){.spin_us = 50});
	fixture_connect(&f);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(ugvt_vfio_client_read32(&f.client, UGVT_PCI_CONFIG, 0), FAKE_ID);
	}
	fixture_finish(&f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blind_client),
		TEST(device_info),
		TEST(region_info),
		TEST(sparse_region),
		TEST(irq_info),
		TEST(read_write),
		TEST(largest_read_write),
		TEST(outside_region),
		TEST(read_only_region),
		TEST(posted_writes),
		TEST(write_multi),
		TEST(reset),
		TEST(reconnect),
		TEST(reconnect_at_once),
		TEST(second_client),
		TEST(silent_second_clients),
		TEST(stop_while_connected),
		TEST(listen),
		cmocka_unit_test(test_handshake_timeout),
		cmocka_unit_test(test_replies_not_taken),
		cmocka_unit_test(test_late_reply),
		cmocka_unit_test(test_spinning_server),
	};

	return cmocka_run_group_tests_name("vfio-user server", tests, NULL, NULL);
}
