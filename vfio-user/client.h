/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_CLIENT_H
#define UGVT_VFIO_USER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio-user/protocol.h"

/*
 * A small vfio-user client, for tests and benchmarks: one request at a time, from one thread. All functions
 * that talk return -errno: what the server said, or -EPIPE if it closed the connection, or -EPROTO if
 * its reply makes no sense.
 */

struct ugvt_vfio_client {
	int fd; // -1: not connected
	uint16_t next_id;
};

/* Connects to the socket at path and shakes hands. */
int ugvt_vfio_client_connect(struct ugvt_vfio_client *client, const char *path);
/* Shakes hands on a connected socket, which is taken, also on error. */
int ugvt_vfio_client_attach(struct ugvt_vfio_client *client, int fd);
/* No-op if not connected. */
void ugvt_vfio_client_close(struct ugvt_vfio_client *client);

/* One request and its reply. */
struct ugvt_vfio_call {
	enum ugvt_vfio_command command;
	bool posted;      // wants no reply
	const void *head; // the payload's two parts; data follows head
	size_t head_size;
	const void *data;
	size_t data_size;
	const int *fds; // to send, stay the caller's
	unsigned n_fds; // at most UGVT_VFIO_FDS_MAX
	void *reply;    // gets the reply's payload, of which reply_size bytes at most are wanted
	size_t reply_size;
	int *reply_fd; // gets the fd that comes with the reply, or -1; may be NULL if none is expected
};
/* The size of the reply's payload, 0 if posted. */
int ugvt_vfio_client_call(struct ugvt_vfio_client *client, const struct ugvt_vfio_call *call);

int ugvt_vfio_client_device_info(
	struct ugvt_vfio_client *client, struct ugvt_vfio_device_info *info);
/* info->index and info->argsz, the room at info, are set; *fd as reply_fd. */
int ugvt_vfio_client_region_info(
	struct ugvt_vfio_client *client, struct vfio_region_info *info, int *fd);
/* info->index is set. */
int ugvt_vfio_client_irq_info(struct ugvt_vfio_client *client, struct vfio_irq_info *info);

/* Memory of the client's at fd, offset; fd -1: memory that can't be shared. */
struct ugvt_vfio_client_memory {
	uint64_t address;
	uint64_t size;
	uint64_t offset;
	int fd;
	uint32_t flags; // VFIO_DMA_MAP_FLAG_*
};
int ugvt_vfio_client_map(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_client_memory *memory);
int ugvt_vfio_client_unmap(struct ugvt_vfio_client *client, uint64_t address, uint64_t size);

/* At most UGVT_VFIO_DATA_MAX bytes. */
int ugvt_vfio_client_read(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_access *access, void *data);
int ugvt_vfio_client_write(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_access *access, const void *data);
/* Does not wait; what goes wrong with it is not told. */
int ugvt_vfio_client_post(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_access *access, const void *data);
/* Posts n writes in one message. */
int ugvt_vfio_client_post_multi(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_write *writes, uint64_t n);

/* One register. A read of a lost connection is all ones. */
uint32_t ugvt_vfio_client_read32(struct ugvt_vfio_client *client, uint32_t region, uint64_t offset);
void ugvt_vfio_client_post32(
	struct ugvt_vfio_client *client, uint32_t region, uint64_t offset, uint32_t value);

/* bools: count bytes for DATA_BOOL, else NULL. fds: n_fds for DATA_EVENTFD; none de-assign. */
struct ugvt_vfio_client_irqs {
	uint32_t index, flags, start, count; // as in struct vfio_irq_set
	const uint8_t *bools;
	const int *fds;
	unsigned n_fds;
};
int ugvt_vfio_client_set_irqs(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_client_irqs *irqs);
int ugvt_vfio_client_reset(struct ugvt_vfio_client *client);

#endif
