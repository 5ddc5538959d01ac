/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/log.h"
#include "tests/vfio-user/fake_device.h"
#include "vfio-user/protocol.h"
#include "vfio-user/server.h"

/*
 * One input is one connection: pieces of a byte stream with descriptors, all queued before the server runs,
 * on the same thread, so that each input has one outcome. A piece is
 *	control, how (a byte each), and its bytes, as many as control's low 6 bits say
 * where how's bits say whether a good header goes in front, with which command, and which descriptors
 * come along. The first byte of the input says whether a good VERSION comes first.
 */

#define HOW_HEADER 0x80u
#define HOW_NO_REPLY 0x40u
#define HOW_COMMAND 0x1fu

#define CONTROL_FD_COUNT(c) ((c) >> 6)

struct target {
	struct fake_device fake;
	struct ugvt_vfio_user *vu;
};

/* The lowest that is free: any leak raises it. */
static int spare_fd_get(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/* libFuzzer offers no context: what lives as long as the process is here. */
static struct target *target_get(void)
{
	static struct target target;
	static const struct ugvt_vfio_user_config config = {
		.listen_fd = -1,
		.send_ms = 1,
		.max_maps = 16,
	};

	if (!target.vu) {
		ugvt_log_init(UGVT_LOG_ERROR, NULL);
		fake_device_init(&target.fake);
		target.vu = ugvt_vfio_user_create(&target.fake.pci, &config);
		assert(target.vu);
	}
	return &target;
}

static int fd_create(unsigned kind)
{
	int fd;

	switch (kind % 4) {
	case 0:
	case 1:
		fd = memfd_create("fuzz", MFD_CLOEXEC | (kind % 2 ? MFD_ALLOW_SEALING : 0));
		return ftruncate(fd, 0x4000) == 0 ? fd : -1;
	case 2: return eventfd(0, EFD_CLOEXEC);
	default: return dup(STDERR_FILENO);
	}
}

static bool piece_send(int fd, const void *data, size_t size, unsigned n_fds)
{
	union {
		struct cmsghdr align;
		char data[CMSG_SPACE(sizeof(int) * 3)];
	} control = {.align = {
			     .cmsg_level = SOL_SOCKET,
			     .cmsg_type = SCM_RIGHTS,
			     .cmsg_len = CMSG_LEN(sizeof(int) * n_fds),
		     }};
	struct iovec iov = {(void *)data, size};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	int fds[3];
	ssize_t n;

	for (unsigned i = 0; i < n_fds; i++) {
		fds[i] = fd_create(n_fds + i + ((const unsigned char *)data)[0]);
		memcpy(CMSG_DATA(&control.align) + i * sizeof(int), &fds[i], sizeof(int));
	}
	if (n_fds > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
	}
	n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	for (unsigned i = 0; i < n_fds; i++) {
		close(fds[i]);
	}
	return n == (ssize_t)size;
}

/* Returns how many bytes of the input it used; 0: no more can be sent. */
static size_t piece_run(int fd, const uint8_t *data, size_t size)
{
	unsigned char piece[sizeof(struct ugvt_vfio_header) + 63];
	size_t n = UGVT_MIN((size_t)(data[0] & 63), size - 2), at = 0;
	unsigned how = data[1];

	if (how & HOW_HEADER) {
		struct ugvt_vfio_header header = {
			.command = how & HOW_COMMAND,
			.size = (uint32_t)(sizeof(header) + n),
			.flags = how & HOW_NO_REPLY ? UGVT_VFIO_NO_REPLY : 0,
		};

		memcpy(piece, &header, sizeof(header));
		at = sizeof(header);
	}
	memcpy(piece + at, data + 2, n);
	if (at + n > 0 && !piece_send(fd, piece, at + n, CONTROL_FD_COUNT(data[0]))) {
		return 0;
	}
	return 2 + n;
}

static void input_send(int fd, const uint8_t *data, size_t size)
{
	static const struct {
		struct ugvt_vfio_header header;
		struct ugvt_vfio_version version;
	} version = {{.command = UGVT_VFIO_VERSION, .size = sizeof(version)}, {0, 0}};

	if (data[0] & 1) {
		piece_send(fd, &version, sizeof(version), 0);
	}
	data++;
	size--;
	while (size >= 2) {
		size_t used = piece_run(fd, data, size);

		if (used == 0) {
			return;
		}
		data += used;
		size -= used;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target *target = target_get();
	int spare_fd = spare_fd_get();
	uint64_t run;
	int fds[2];

	if (size == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		return 0;
	}
	input_send(fds[0], data, size);
	shutdown(fds[0], SHUT_WR);
	ugvt_vfio_user_serve(target->vu, fds[1]);
	close(fds[0]);

	/* Whatever came: nothing is left of the client. */
	if (spare_fd_get() != spare_fd) {
		abort();
	}
	ugvt_guest_memory_begin(target->fake.pci.memory);
	if (ugvt_guest_memory_lookup(target->fake.pci.memory, 0, 0, &run)) {
		abort();
	}
	ugvt_guest_memory_end(target->fake.pci.memory);
	return 0;
}
