/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/vfio-user/fixture.h"
#include "vfio-user/channel.h"

struct pair {
	struct ugvt_vfio_channel channel;
	int client;
	unsigned fds_before;
};

static int setup(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	int fds[2];

	pair->fds_before = fd_count();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	pair->client = fds[0];
	ugvt_vfio_channel_init(&pair->channel, fds[1], 1000);
	*state = pair;
	return 0;
}

/* Whatever a test did, no fd may be left. */
static int teardown(void **state)
{
	struct pair *pair = *state;

	ugvt_vfio_channel_finish(&pair->channel);
	close(pair->client);
	assert_int_equal(fd_count(), pair->fds_before);
	free(pair);
	return 0;
}

/* A message of so many payload bytes, each set to id. */
static size_t message_build(unsigned char *out, uint16_t id, size_t payload)
{
	struct ugvt_vfio_header header = request_header(UGVT_VFIO_REGION_WRITE, payload);

	header.id = id;
	memcpy(out, &header, sizeof(header));
	memset(out + sizeof(header), id & 0xff, payload);
	return sizeof(header) + payload;
}

static void assert_message(const struct ugvt_vfio_message *message, uint16_t id, size_t payload)
{
	assert_int_equal(message->header.id, id);
	assert_int_equal(message->size, payload);
	for (size_t i = 0; i < payload; i++) {
		assert_int_equal(message->payload[i], id & 0xff);
	}
}

static void test_byte_at_a_time(void **state)
{
	struct pair *pair = *state;
	struct ugvt_vfio_message message;
	unsigned char data[36];
	int fd = memory_create(4096, 0);

	for (uint16_t id = 1; id <= 3; id++) {
		size_t size = message_build(data, id, 20);

		for (size_t i = 0; i < size; i++) {
			assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 0);
			assert_int_equal(ugvt_vfio_channel_partial(&pair->channel), i > 0);
			assert_true(raw_send(pair->client, &data[i], 1, &fd, i == 0));
			assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), 1);
		}
		assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 1);
		assert_message(&message, id, 20);
		assert_int_equal(message.n_fds, 1);
		ugvt_vfio_message_finish(&message);
	}
	close(fd);
}

static void test_many_in_one_read(void **state)
{
	struct pair *pair = *state;
	struct ugvt_vfio_message message;
	unsigned char data[10 * 36];
	size_t size = 0;

	for (uint16_t id = 0; id < 10; id++) {
		size += message_build(data + size, id, id);
	}
	assert_true(raw_send(pair->client, data, size, NULL, 0));
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), size);
	for (uint16_t id = 0; id < 10; id++) {
		assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 1);
		assert_message(&message, id, id);
	}
	assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 0);
	assert_false(ugvt_vfio_channel_partial(&pair->channel));
}

static void test_spin(void **state)
{
	struct pair *pair = *state;
	struct ugvt_vfio_message message;
	unsigned char data[36];
	int fd = memory_create(4096, 0);

	assert_true(raw_send(pair->client, data, message_build(data, 1, 20), &fd, 1));
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 1000000), 36);
	assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 1);
	assert_int_equal(message.n_fds, 1);
	ugvt_vfio_message_finish(&message);
	shutdown(pair->client, SHUT_WR);
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 10), 0);
	close(fd);
}

/* The largest message arrives in pieces, behind another one. */
static void test_largest(void **state)
{
	struct pair *pair = *state;
	struct ugvt_vfio_message message;
	unsigned char *data = malloc(UGVT_VFIO_MESSAGE_MAX);
	size_t size = message_build(data, 7, 1);
	size_t left = UGVT_VFIO_MESSAGE_MAX;

	assert_true(raw_send(pair->client, data, size, NULL, 0));
	message_build(data, 8, UGVT_VFIO_PAYLOAD_MAX);
	assert_true(raw_send(pair->client, data, 30000, NULL, 0));
	assert_true(ugvt_vfio_channel_receive(&pair->channel, 0) > 0);
	assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 1);
	assert_message(&message, 7, 1);
	left -= 30000;
	assert_true(raw_send(pair->client, data + 30000, left, NULL, 0));
	while (ugvt_vfio_channel_next(&pair->channel, &message) == 0) {
		assert_true(ugvt_vfio_channel_receive(&pair->channel, 0) > 0);
	}
	assert_message(&message, 8, UGVT_VFIO_PAYLOAD_MAX);
	free(data);
}

static void test_impossible_size(void **state)
{
	static const uint32_t sizes[] = {0, 15, UGVT_VFIO_MESSAGE_MAX + 1, 0x7fffffff, UINT32_MAX};
	struct pair *pair = *state;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(sizes); i++) {
		struct ugvt_vfio_header header = request_header(UGVT_VFIO_REGION_READ, 0);
		struct ugvt_vfio_message message;

		header.size = sizes[i];
		pair->channel.begin = pair->channel.end = 0;
		assert_true(raw_send(pair->client, &header, sizeof(header), NULL, 0));
		assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), sizeof(header));
		assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), -EMSGSIZE);
		assert_int_equal(message.header.id, header.id);
	}
}

static void test_too_many_fds(void **state)
{
	struct pair *pair = *state;
	unsigned char data[16];
	size_t size = message_build(data, 1, 0);
	int fds[UGVT_VFIO_FDS_MAX + 1];

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(fds); i++) {
		fds[i] = pair->client;
	}
	assert_true(raw_send(pair->client, data, size, fds, UGVT_ARRAY_SIZE(fds)));
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), -EPROTO);
}

/* As many as are allowed with each byte of a message that stays incomplete. */
static void test_fds_pile_up(void **state)
{
	struct pair *pair = *state;
	unsigned char data[16];
	int fds[UGVT_VFIO_FDS_MAX];
	struct ugvt_vfio_message message;

	message_build(data, 1, 0);
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(fds); i++) {
		fds[i] = pair->client;
	}
	assert_true(raw_send(pair->client, data, 1, fds, UGVT_VFIO_FDS_MAX));
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), 1);
	assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 0);
	assert_true(raw_send(pair->client, data + 1, 1, fds, 1));
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), -EPROTO);
}

static void test_eof_inside_message(void **state)
{
	struct pair *pair = *state;
	struct ugvt_vfio_message message;
	unsigned char data[36];

	message_build(data, 1, 20);
	assert_true(raw_send(pair->client, data, 30, &pair->client, 1));
	shutdown(pair->client, SHUT_WR);
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), 30);
	assert_int_equal(ugvt_vfio_channel_next(&pair->channel, &message), 0);
	assert_int_equal(ugvt_vfio_channel_receive(&pair->channel, 0), 0);
}

static void test_wait_times_out(void **state)
{
	struct pair *pair = *state;

	assert_int_equal(ugvt_vfio_channel_wait(&pair->channel, 1), -ETIMEDOUT);
	assert_true(raw_send(pair->client, "", 1, NULL, 0));
	assert_int_equal(ugvt_vfio_channel_wait(&pair->channel, 1000000), 0);
}

static void test_reply_not_taken(void **state)
{
	struct pair *pair = *state;
	struct ugvt_vfio_message message = {.reply_fd = -1};
	int ret;

	ugvt_vfio_channel_init(&pair->channel, pair->channel.fd, 1);
	do {
		ret = ugvt_vfio_channel_reply(&pair->channel, &message, (int)UGVT_VFIO_PAYLOAD_MAX);
	} while (ret == 0);
	assert_true(ret == -EAGAIN || ret == -ETIMEDOUT);
}

static void message_send_in_pieces(
	int client, const unsigned char *data, size_t size, const int *fds, unsigned n_fds)
{
	size_t at = 0;

	while (at < size) {
		size_t piece = rand() % 3 == 0 ? 1 + (size_t)rand() % (size - at) : size - at;

		assert_true(raw_send(client, data + at, piece, fds, at == 0 ? n_fds : 0));
		at += piece;
	}
}

/* Messages of random size, cut at random, carry random fds; each must arrive with its own. A memfd's size
 * says whose it is. */
static void test_fds_find_their_message(void **state)
{
	enum {
		COUNT = 400
	};
	struct pair *pair = *state;
	struct ugvt_vfio_message message;
	unsigned char data[128];
	unsigned n_fds[COUNT];
	uint16_t sent = 0, received = 0;

	srand(1);
	while (received < COUNT) {
		for (int burst = rand() % 8; burst > 0 && sent < COUNT; burst--, sent++) {
			size_t size = message_build(data, sent, (size_t)rand() % 100);
			int fd = memory_create(0, 0);
			int fds[3] = {fd, fd, fd};

			assert_int_equal(ftruncate(fd, sent), 0);
			n_fds[sent] = rand() % 2 ? (unsigned)rand() % 4 : 0;
			message_send_in_pieces(pair->client, data, size, fds, n_fds[sent]);
			close(fd);
		}
		if (received == sent) {
			continue;
		}
		assert_true(ugvt_vfio_channel_receive(&pair->channel, 0) > 0);
		while (ugvt_vfio_channel_next(&pair->channel, &message) == 1) {
			assert_message(&message, received, message.size);
			assert_int_equal(message.n_fds, n_fds[received]);
			for (unsigned i = 0; i < message.n_fds; i++) {
				struct stat st;

				assert_int_equal(fstat(message.fds[i], &st), 0);
				assert_int_equal(st.st_size, received);
			}
			ugvt_vfio_message_finish(&message);
			received++;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_byte_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_in_one_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_largest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_impossible_size, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_many_fds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fds_pile_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_eof_inside_message, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wait_times_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reply_not_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fds_find_their_message, setup, teardown),
	};

	return cmocka_run_group_tests_name("vfio-user channel", tests, NULL, NULL);
}
