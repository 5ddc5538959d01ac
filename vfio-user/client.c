/* SPDX-License-Identifier: MIT */
#include "vfio-user/client.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bits.h"

#define CAPABILITIES                                                           \
	"{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576," \
	"\"write_multiple\":true}}"

union fd_control {
	struct cmsghdr align;
	char data[CMSG_SPACE(sizeof(int) * UGVT_VFIO_FDS_MAX)];
};

static void control_put(
	struct msghdr *msg, union fd_control *control, const struct ugvt_vfio_call *call)
{
	struct cmsghdr *c;

	*control = (union fd_control){0};
	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(call->n_fds * sizeof(int));
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(call->n_fds * sizeof(int));
	memcpy(CMSG_DATA(c), call->fds, call->n_fds * sizeof(int));
}

static int call_send(struct ugvt_vfio_client *client, const struct ugvt_vfio_call *call)
{
	struct ugvt_vfio_header header = {
		.id = client->next_id,
		.command = call->command,
		.size = (uint32_t)(sizeof(header) + call->head_size + call->data_size),
		.flags = call->posted ? UGVT_VFIO_NO_REPLY : 0,
	};
	struct iovec iov[] = {
		{&header, sizeof(header)},
		{(void *)call->head, call->head_size},
		{(void *)call->data, call->data_size},
	};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = UGVT_ARRAY_SIZE(iov)};
	union fd_control control;
	ssize_t n;

	assert(call->n_fds <= UGVT_VFIO_FDS_MAX);
	if (call->n_fds > 0) {
		control_put(&msg, &control, call);
	}
	do {
		n = sendmsg(client->fd, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return errno == ECONNRESET ? -EPIPE : -errno;
	}
	return (size_t)n == header.size ? 0 : -EPIPE;
}

static int control_get(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	}
	return fd;
}

/* The first part of a reply: the header, and as much of the payload as is there. */
static ssize_t reply_receive_begin(struct ugvt_vfio_client *client,
	const struct ugvt_vfio_call *call, struct ugvt_vfio_header *header)
{
	struct iovec iov[] = {
		{header, sizeof(*header)},
		{call->reply, call->reply_size},
	};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = UGVT_ARRAY_SIZE(iov)};
	union fd_control control;
	ssize_t n;

	if (call->reply_fd) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
	}
	do {
		n = recvmsg(client->fd, &msg, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (call->reply_fd && n > 0) {
		*call->reply_fd = control_get(&msg);
	}
	/* The server sends a reply in one piece, so its header is too. */
	return n < (ssize_t)sizeof(*header) ? -EPIPE : n - (ssize_t)sizeof(*header);
}

static int reply_receive_rest(struct ugvt_vfio_client *client, char *payload, size_t size)
{
	while (size > 0) {
		ssize_t n = recv(client->fd, payload, size, 0);

		if (n <= 0 && !(n < 0 && errno == EINTR)) {
			return -EPIPE;
		}
		payload += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int reply_receive(struct ugvt_vfio_client *client, const struct ugvt_vfio_call *call)
{
	struct ugvt_vfio_header header;
	ssize_t n = reply_receive_begin(client, call, &header);
	size_t size;

	if (n < 0) {
		return (int)n;
	}
	size = header.size - sizeof(header);
	if (header.size < sizeof(header) || header.id != client->next_id ||
		(header.flags & UGVT_VFIO_TYPE_MASK) != UGVT_VFIO_TYPE_REPLY ||
		size > call->reply_size || (size_t)n > size) {
		return -EPROTO;
	}
	if (header.flags & UGVT_VFIO_ERROR) {
		return header.error ? -(int)header.error : -EPROTO;
	}
	if (reply_receive_rest(client, (char *)call->reply + n, size - (size_t)n) < 0) {
		return -EPIPE;
	}
	return (int)size;
}

int ugvt_vfio_client_call(struct ugvt_vfio_client *client, const struct ugvt_vfio_call *call)
{
	int ret;

	if (call->reply_fd) {
		*call->reply_fd = -1;
	}
	client->next_id++;
	ret = call_send(client, call);
	return ret < 0 || call->posted ? ret : reply_receive(client, call);
}

/* For replies that have a struct's size. */
static int call_exact(struct ugvt_vfio_client *client, const struct ugvt_vfio_call *call)
{
	int ret = ugvt_vfio_client_call(client, call);

	if (ret < 0) {
		return ret;
	}
	return call->posted || (size_t)ret == call->reply_size ? 0 : -EPROTO;
}

static int client_greet(struct ugvt_vfio_client *client)
{
	struct ugvt_vfio_version version = {UGVT_VFIO_MAJOR, UGVT_VFIO_MINOR};
	unsigned char reply[sizeof(version) + 4096];
	int ret = ugvt_vfio_client_call(client, &(struct ugvt_vfio_call){
							.command = UGVT_VFIO_VERSION,
							.head = &version,
							.head_size = sizeof(version),
							.data = CAPABILITIES,
							.data_size = sizeof(CAPABILITIES),
							.reply = reply,
							.reply_size = sizeof(reply),
						});

	return ret < 0 ? ret : 0;
}

int ugvt_vfio_client_attach(struct ugvt_vfio_client *client, int fd)
{
	int ret;

	*client = (struct ugvt_vfio_client){.fd = fd};
	ret = client_greet(client);
	if (ret < 0) {
		ugvt_vfio_client_close(client);
	}
	return ret;
}

int ugvt_vfio_client_connect(struct ugvt_vfio_client *client, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int error, fd;

	client->fd = -1;
	if (strlen(path) >= sizeof(address.sun_path)) {
		return -ENAMETOOLONG;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return -errno;
	}
	if (connect(fd, &address, sizeof(address)) < 0) {
		error = errno;
		close(fd);
		return -error;
	}
	return ugvt_vfio_client_attach(client, fd);
}

void ugvt_vfio_client_close(struct ugvt_vfio_client *client)
{
	if (client->fd >= 0) {
		close(client->fd);
	}
	client->fd = -1;
}

int ugvt_vfio_client_device_info(
	struct ugvt_vfio_client *client, struct ugvt_vfio_device_info *info)
{
	*info = (struct ugvt_vfio_device_info){.argsz = sizeof(*info)};
	return call_exact(client, &(struct ugvt_vfio_call){
					  .command = UGVT_VFIO_GET_INFO,
					  .head = info,
					  .head_size = sizeof(*info),
					  .reply = info,
					  .reply_size = sizeof(*info),
				  });
}

int ugvt_vfio_client_region_info(
	struct ugvt_vfio_client *client, struct vfio_region_info *info, int *fd)
{
	struct vfio_region_info request = {.argsz = info->argsz, .index = info->index};
	int ret = ugvt_vfio_client_call(client, &(struct ugvt_vfio_call){
							.command = UGVT_VFIO_GET_REGION_INFO,
							.head = &request,
							.head_size = sizeof(request),
							.reply = info,
							.reply_size = request.argsz,
							.reply_fd = fd,
						});

	return ret < 0 ? ret : 0;
}

int ugvt_vfio_client_irq_info(struct ugvt_vfio_client *client, struct vfio_irq_info *info)
{
	struct vfio_irq_info request = {.argsz = sizeof(*info), .index = info->index};

	return call_exact(client, &(struct ugvt_vfio_call){
					  .command = UGVT_VFIO_GET_IRQ_INFO,
					  .head = &request,
					  .head_size = sizeof(request),
					  .reply = info,
					  .reply_size = sizeof(*info),
				  });
}

int ugvt_vfio_client_map(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_client_memory *memory)
{
	struct ugvt_vfio_dma_map map = {
		.argsz = sizeof(map),
		.flags = memory->flags,
		.offset = memory->offset,
		.address = memory->address,
		.size = memory->size,
	};

	return call_exact(client, &(struct ugvt_vfio_call){
					  .command = UGVT_VFIO_DMA_MAP,
					  .head = &map,
					  .head_size = sizeof(map),
					  .fds = &memory->fd,
					  .n_fds = memory->fd >= 0,
				  });
}

int ugvt_vfio_client_unmap(struct ugvt_vfio_client *client, uint64_t address, uint64_t size)
{
	struct ugvt_vfio_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.address = address,
		.size = size,
	};

	return call_exact(client, &(struct ugvt_vfio_call){
					  .command = UGVT_VFIO_DMA_UNMAP,
					  .head = &unmap,
					  .head_size = sizeof(unmap),
					  .reply = &unmap,
					  .reply_size = sizeof(unmap),
				  });
}

/* The reply's access comes back in front of the data, which may be large: two calls of recv at most. */
int ugvt_vfio_client_read(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_access *access, void *data)
{
	struct {
		struct ugvt_vfio_access access;
		unsigned char data[UGVT_VFIO_DATA_MAX];
	} reply;
	int ret;

	if (access->count > sizeof(reply.data)) {
		return -EINVAL;
	}
	ret = call_exact(client, &(struct ugvt_vfio_call){
					 .command = UGVT_VFIO_REGION_READ,
					 .head = access,
					 .head_size = sizeof(*access),
					 .reply = &reply,
					 .reply_size = sizeof(reply.access) + access->count,
				 });
	if (ret == 0) {
		memcpy(data, reply.data, access->count);
	}
	return ret;
}

int ugvt_vfio_client_write(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_access *access, const void *data)
{
	struct ugvt_vfio_access reply;

	return call_exact(client, &(struct ugvt_vfio_call){
					  .command = UGVT_VFIO_REGION_WRITE,
					  .head = access,
					  .head_size = sizeof(*access),
					  .data = data,
					  .data_size = access->count,
					  .reply = &reply,
					  .reply_size = sizeof(reply),
				  });
}

int ugvt_vfio_client_post(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_access *access, const void *data)
{
	return ugvt_vfio_client_call(client, &(struct ugvt_vfio_call){
						     .command = UGVT_VFIO_REGION_WRITE,
						     .posted = true,
						     .head = access,
						     .head_size = sizeof(*access),
						     .data = data,
						     .data_size = access->count,
					     });
}

int ugvt_vfio_client_post_multi(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_write *writes, uint64_t n)
{
	return ugvt_vfio_client_call(client, &(struct ugvt_vfio_call){
						     .command = UGVT_VFIO_REGION_WRITE_MULTI,
						     .posted = true,
						     .head = &n,
						     .head_size = sizeof(n),
						     .data = writes,
						     .data_size = n * sizeof(*writes),
					     });
}

uint32_t ugvt_vfio_client_read32(struct ugvt_vfio_client *client, uint32_t region, uint64_t offset)
{
	struct ugvt_vfio_access access = {offset, region, sizeof(uint32_t)};
	uint32_t value;

	return ugvt_vfio_client_read(client, &access, &value) < 0 ? UINT32_MAX : value;
}

void ugvt_vfio_client_post32(
	struct ugvt_vfio_client *client, uint32_t region, uint64_t offset, uint32_t value)
{
	struct ugvt_vfio_access access = {offset, region, sizeof(value)};

	ugvt_vfio_client_post(client, &access, &value);
}

int ugvt_vfio_client_set_irqs(
	struct ugvt_vfio_client *client, const struct ugvt_vfio_client_irqs *irqs)
{
	struct vfio_irq_set set = {
		.argsz = (uint32_t)(sizeof(set) + (irqs->bools ? irqs->count : 0)),
		.flags = irqs->flags,
		.index = irqs->index,
		.start = irqs->start,
		.count = irqs->count,
	};

	return call_exact(client, &(struct ugvt_vfio_call){
					  .command = UGVT_VFIO_SET_IRQS,
					  .head = &set,
					  .head_size = sizeof(set),
					  .data = irqs->bools,
					  .data_size = irqs->bools ? irqs->count : 0,
					  .fds = irqs->fds,
					  .n_fds = irqs->n_fds,
				  });
}

int ugvt_vfio_client_reset(struct ugvt_vfio_client *client)
{
	return call_exact(client, &(struct ugvt_vfio_call){.command = UGVT_VFIO_RESET});
}
