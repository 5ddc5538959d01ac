/* SPDX-License-Identifier: MIT */
#include "tests/vfio-user/fixture.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"

static void *server_run(void *arg)
{
	struct fixture *f = arg;

	ugvt_vfio_user_run(f->vu);
	return NULL;
}

void fixture_init(struct fixture *f, const struct ugvt_vfio_user_config *config)
{
	struct ugvt_vfio_user_config own = config ? *config : (struct ugvt_vfio_user_config){0};
	char dir[] = "/tmp/ugvt-test-XXXXXX";

	fake_device_init(&f->fake);
	assert_non_null(mkdtemp(dir));
	snprintf(f->path, sizeof(f->path), "%s/socket", dir);
	f->listen_fd = ugvt_vfio_user_listen(f->path);
	assert_true(f->listen_fd >= 0);
	own.listen_fd = f->listen_fd;
	f->vu = ugvt_vfio_user_create(&f->fake.pci, &own);
	assert_non_null(f->vu);
	f->client.fd = -1;
	assert_int_equal(pthread_create(&f->thread, NULL, server_run, f), 0);
}

void fixture_stop(struct fixture *f)
{
	if (!f->stopped) {
		ugvt_vfio_user_stop(f->vu);
		pthread_join(f->thread, NULL);
	}
	f->stopped = true;
}

void fixture_finish(struct fixture *f)
{
	ugvt_vfio_client_close(&f->client);
	fixture_stop(f);
	ugvt_vfio_user_destroy(f->vu);
	close(f->listen_fd);
	unlink(f->path);
	*strrchr(f->path, '/') = 0;
	rmdir(f->path);
	fake_device_finish(&f->fake);
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	fixture_init(f, NULL);
	*state = f;
	return 0;
}

int fixture_setup_connected(void **state)
{
	fixture_setup(state);
	fixture_connect(*state);
	return 0;
}

int fixture_teardown(void **state)
{
	fixture_finish(*state);
	free(*state);
	return 0;
}

void fixture_connect(struct fixture *f)
{
	assert_int_equal(ugvt_vfio_client_connect(&f->client, f->path), 0);
}

void fixture_disconnect(struct fixture *f)
{
	shutdown(f->client.fd, SHUT_WR);
	raw_drain(f->client.fd);
	ugvt_vfio_client_close(&f->client);
}

int fixture_connect_raw(struct fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, f->path);
	assert_int_equal(connect(fd, &address, sizeof(address)), 0);
	return fd;
}

unsigned fd_count(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir)) {
		n++;
	}
	closedir(dir);
	return n;
}

bool raw_send(int fd, const void *data, size_t size, const int *fds, unsigned n_fds)
{
	union {
		struct cmsghdr align;
		char data[CMSG_SPACE(sizeof(int) * 64)];
	} control = {0};
	struct iovec iov = {(void *)data, size};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (n_fds > 0) {
		struct cmsghdr *c = &control.align;

		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	return sendmsg(fd, &msg, MSG_NOSIGNAL) == (ssize_t)size;
}

bool raw_receive(int fd, void *data, size_t size)
{
	char *out = data;

	while (size > 0) {
		ssize_t n = recv(fd, out, size, 0);

		if (n <= 0) {
			return false;
		}
		out += n;
		size -= (size_t)n;
	}
	return true;
}

void raw_drain(int fd)
{
	char data[4096];

	while (recv(fd, data, sizeof(data), 0) > 0) {
	}
}

struct ugvt_vfio_header request_header(enum ugvt_vfio_command command, size_t payload_size)
{
	return (struct ugvt_vfio_header){
		.id = 0x4711,
		.command = command,
		.size = (uint32_t)(sizeof(struct ugvt_vfio_header) + payload_size),
	};
}

int memory_create(size_t size, unsigned char fill)
{
	int fd = memfd_create("memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	unsigned char page[4096];

	assert_true(fd >= 0);
	memset(page, fill, sizeof(page));
	for (size_t at = 0; at < size; at += sizeof(page)) {
		assert_int_equal(write(fd, page, UGVT_MIN(size - at, sizeof(page))),
			UGVT_MIN(size - at, sizeof(page)));
	}
	return fd;
}

int eventfd_create(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	assert_true(fd >= 0);
	return fd;
}

uint64_t eventfd_take(int fd)
{
	eventfd_t n;

	return eventfd_read(fd, &n) == 0 ? n : 0;
}
