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
 * where how's bits say whether a good header goes in front, with which command, and control's high 2 bits
 * how many descriptors come along. Behind a good header the bytes change a good payload, so that zeros are
 * a good message. The first byte of the input says whether a good VERSION comes first.
 */

#define HOW_HEADER 0x80u
#define HOW_NO_REPLY 0x40u
#define HOW_ODD_FDS 0x20u
#define HOW_COMMAND 0x1fu

#define CONTROL_FD_COUNT(c) ((c) >> 6)

#define PIECE_MAX 63

static const struct {
	struct ugvt_vfio_dma_map map;
	struct ugvt_vfio_dma_unmap unmap;
	struct ugvt_vfio_device_info device_info;
	struct vfio_region_info region_info;
	struct vfio_irq_info irq_info;
	uint32_t irq_set[5]; // struct vfio_irq_set
	struct ugvt_vfio_access read;
	struct ugvt_vfio_write write;
	struct {
		uint64_t count;
		struct ugvt_vfio_write write;
	} multi;
} good = {
	.map = {32, VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE, 0, 0, 0x1000},
	.unmap = {24, 0, 0, 0x1000},
	.device_info = {16},
	.region_info = {.argsz = 96},
	.irq_info = {.argsz = 16},
	.irq_set = {20, VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, 0, 0, 1},
	.read = {FAKE_REG_ACTION, UGVT_PCI_BAR0, 4},
	.write = {{FAKE_REG_ACTION, UGVT_PCI_BAR0, 8}, {FAKE_ACTION_INTX_HIGH}},
	.multi = {1, {{FAKE_REG_ACTION, UGVT_PCI_BAR0, 4}, {FAKE_ACTION_MSI}}},
};

static const struct {
	const void *payload;
	size_t size;
} payloads[HOW_COMMAND + 1] = {
	[UGVT_VFIO_DMA_MAP] = {&good.map, sizeof(good.map)},
	[UGVT_VFIO_DMA_UNMAP] = {&good.unmap, sizeof(good.unmap)},
	[UGVT_VFIO_GET_INFO] = {&good.device_info, sizeof(good.device_info)},
	[UGVT_VFIO_GET_REGION_INFO] = {&good.region_info, sizeof(good.region_info)},
	[UGVT_VFIO_GET_IRQ_INFO] = {&good.irq_info, sizeof(good.irq_info)},
	[UGVT_VFIO_SET_IRQS] = {&good.irq_set, sizeof(good.irq_set)},
	[UGVT_VFIO_REGION_READ] = {&good.read, sizeof(good.read)},
	[UGVT_VFIO_REGION_WRITE] = {&good.write, sizeof(good.write)},
	[UGVT_VFIO_REGION_WRITE_MULTI] = {&good.multi, sizeof(good.multi)},
};

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

static int memory_create(unsigned flags)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC | flags);

	return ftruncate(fd, 0x4000) == 0 ? fd : -1;
}

/* What the command in how takes, or what it doesn't. */
static int fd_create(unsigned how, unsigned i)
{
	unsigned kind = (how & HOW_COMMAND) == UGVT_VFIO_SET_IRQS;

	if (how & HOW_ODD_FDS) {
		kind += 1 + i;
	}
	switch (kind % 4) {
	case 0: return memory_create(MFD_ALLOW_SEALING);
	case 1: return eventfd(0, EFD_CLOEXEC);
	case 2: return memory_create(0);
	default: return dup(STDERR_FILENO);
	}
}

struct piece {
	unsigned char data[sizeof(struct ugvt_vfio_header) + PIECE_MAX];
	size_t size;
	unsigned how;
	unsigned n_fds;
};

static bool piece_send(int fd, const struct piece *piece)
{
	unsigned n_fds = piece->n_fds;
	union {
		struct cmsghdr align;
		char data[CMSG_SPACE(sizeof(int) * 3)];
	} control = {.align = {
			     .cmsg_level = SOL_SOCKET,
			     .cmsg_type = SCM_RIGHTS,
			     .cmsg_len = CMSG_LEN(sizeof(int) * n_fds),
		     }};
	struct iovec iov = {(void *)piece->data, piece->size};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	int fds[3];
	ssize_t n;

	for (unsigned i = 0; i < n_fds; i++) {
		fds[i] = fd_create(piece->how, i);
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
	return n == (ssize_t)piece->size;
}

/* A message for the command in how, whose payload is at least as long as a good one. */
static size_t message_build(unsigned char *message, unsigned how, const uint8_t *data, size_t size)
{
	unsigned char *payload = message + sizeof(struct ugvt_vfio_header);
	unsigned command = how & HOW_COMMAND;
	size_t payload_size = UGVT_MAX(size, payloads[command].size);
	struct ugvt_vfio_header header = {
		.command = (uint16_t)command,
		.size = (uint32_t)(sizeof(header) + payload_size),
		.flags = how & HOW_NO_REPLY ? UGVT_VFIO_NO_REPLY : 0,
	};

	memcpy(message, &header, sizeof(header));
	memset(payload, 0, payload_size);
	if (payloads[command].size > 0) {
		memcpy(payload, payloads[command].payload, payloads[command].size);
	}
	for (size_t i = 0; i < size; i++) {
		payload[i] ^= data[i];
	}
	return sizeof(header) + payload_size;
}

/* Returns how many bytes of the input it used; 0: no more can be sent. */
static size_t piece_run(int fd, const uint8_t *data, size_t size)
{
	size_t n = UGVT_MIN((size_t)(data[0] & PIECE_MAX), size - 2);
	struct piece piece = {.size = n, .how = data[1], .n_fds = CONTROL_FD_COUNT(data[0])};

	if (piece.how & HOW_HEADER) {
		piece.size = message_build(piece.data, piece.how, data + 2, n);
	} else {
		memcpy(piece.data, data + 2, n);
	}
	if (piece.size > 0 && !piece_send(fd, &piece)) {
		return 0;
	}
	return 2 + n;
}

static void input_send(int fd, const uint8_t *data, size_t size)
{
	const struct ugvt_vfio_header header = {
		.command = UGVT_VFIO_VERSION,
		.size = sizeof(header) + sizeof(struct ugvt_vfio_version),
	};
	struct piece version = {.size = header.size};

	memcpy(version.data, &header, sizeof(header));
	if (data[0] & 1) {
		piece_send(fd, &version);
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
