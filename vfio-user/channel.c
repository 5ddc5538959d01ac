/* SPDX-License-Identifier: MIT */
#include "vfio-user/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

_Static_assert(UGVT_VFIO_BUFFER_SIZE > UGVT_VFIO_MESSAGE_MAX, "any message fits");

union fd_control {
	struct cmsghdr align;
	char data[CMSG_SPACE(sizeof(int) * UGVT_VFIO_FDS_MAX)];
};

static void fds_close(int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (fds[i] >= 0) {
			close(fds[i]);
		}
	}
}

void ugvt_vfio_channel_init(struct ugvt_vfio_channel *ch, int fd, unsigned send_ms)
{
	struct timeval timeout = {send_ms / 1000, (suseconds_t)(send_ms % 1000) * 1000};
	int flags = fcntl(fd, F_GETFL);

	ch->fd = fd;
	ch->begin = ch->end = 0;
	ch->n_old_fds = ch->n_fds = 0;
	fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
}

void ugvt_vfio_channel_finish(struct ugvt_vfio_channel *ch)
{
	fds_close(ch->fds, ch->n_fds);
	ch->n_fds = 0;
	close(ch->fd);
	ch->fd = -1;
}

/* Adds the fds of one read to the channel's. All of them are ours now, so too many must be closed. */
static int fds_take(struct ugvt_vfio_channel *ch, struct msghdr *msg)
{
	int ret = msg->msg_flags & MSG_CTRUNC ? -EPROTO : 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		unsigned n = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
			continue;
		}
		for (unsigned i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (ch->n_fds < UGVT_VFIO_FDS_MAX) {
				ch->fds[ch->n_fds++] = fd;
			} else {
				close(fd);
				ret = -EPROTO;
			}
		}
	}
	return ret;
}

static ssize_t socket_receive(int fd, struct msghdr *msg, unsigned spin_us)
{
	uint64_t deadline = spin_us > 0 ? ugvt_clock_ns() + spin_us * UGVT_NS_PER_US : 0;

	while (spin_us > 0 && ugvt_clock_ns() < deadline) {
		ssize_t n = recvmsg(fd, msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

		if (n >= 0 || errno != EAGAIN) {
			return n;
		}
	}
	return recvmsg(fd, msg, MSG_CMSG_CLOEXEC);
}

int ugvt_vfio_channel_receive(struct ugvt_vfio_channel *ch, unsigned spin_us)
{
	union fd_control control;
	struct iovec iov = {ch->data + ch->end, sizeof(ch->data) - ch->end};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;
	int ret;

	ch->n_old_fds = ch->n_fds;
	do {
		n = socket_receive(ch->fd, &msg, spin_us);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return errno == ECONNRESET ? 0 : -errno;
	}
	ret = fds_take(ch, &msg);
	ch->end += (size_t)n;
	return ret < 0 ? ret : (int)n;
}

int ugvt_vfio_channel_wait(struct ugvt_vfio_channel *ch, int timeout_ms)
{
	struct pollfd pfd = {.fd = ch->fd, .events = POLLIN};
	uint64_t deadline = ugvt_clock_ns() + (uint64_t)timeout_ms * UGVT_NS_PER_MS;
	int n;

	while ((n = poll(&pfd, 1, timeout_ms)) < 0 && errno == EINTR) {
		uint64_t now = ugvt_clock_ns();

		timeout_ms = now < deadline ? (int)((deadline - now) / UGVT_NS_PER_MS) : 0;
	}
	if (n < 0) {
		return -errno;
	}
	return n == 0 ? -ETIMEDOUT : 0;
}

bool ugvt_vfio_channel_partial(const struct ugvt_vfio_channel *ch)
{
	return ch->end > 0;
}

/* Gives message the fds that belong to it: those from before the last read to the message that was then
 * incomplete (there is no other), those of the last read to the last message in the buffer. */
static void message_fds(
	struct ugvt_vfio_channel *ch, struct ugvt_vfio_message *message, bool is_last)
{
	unsigned n = is_last ? ch->n_fds : ch->n_old_fds;

	message->n_fds = n;
	if (n > 0) {
		memcpy(message->fds, ch->fds, n * sizeof(*ch->fds));
		ch->n_fds -= n;
		memmove(ch->fds, ch->fds + n, ch->n_fds * sizeof(*ch->fds));
	}
	ch->n_old_fds = 0;
}

/* Nothing complete is left: moves what there is to the front. */
static int buffer_compact(struct ugvt_vfio_channel *ch)
{
	size_t left = ch->end - ch->begin;

	if (left > 0 && ch->begin > 0) {
		memmove(ch->data, ch->data + ch->begin, left);
	}
	ch->begin = 0;
	ch->end = left;
	return 0;
}

int ugvt_vfio_channel_next(struct ugvt_vfio_channel *ch, struct ugvt_vfio_message *message)
{
	size_t left = ch->end - ch->begin;
	uint32_t size;

	message->n_fds = 0;
	message->reply_fd = -1;
	if (left < sizeof(message->header)) {
		return buffer_compact(ch);
	}
	memcpy(&message->header, ch->data + ch->begin, sizeof(message->header));
	size = message->header.size;
	if (size < sizeof(message->header) || size > UGVT_VFIO_MESSAGE_MAX) {
		return -EMSGSIZE;
	}
	if (left < size) {
		return buffer_compact(ch);
	}
	message->payload = ch->data + ch->begin + sizeof(message->header);
	message->size = size - sizeof(message->header);
	message_fds(ch, message, left == size);
	ch->begin += size;
	return 1;
}

void ugvt_vfio_message_finish(struct ugvt_vfio_message *message)
{
	fds_close(message->fds, message->n_fds);
	message->n_fds = 0;
}

static void control_put_fd(struct msghdr *msg, union fd_control *control, int fd)
{
	struct cmsghdr *c;

	*control = (union fd_control){0};
	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(sizeof(fd));
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
}

/* QEMU takes a reply whose header arrives in two pieces for a broken one: one send, all or nothing. */
static int reply_send(struct ugvt_vfio_channel *ch, int fd)
{
	union fd_control control;
	struct iovec iov = {&ch->reply, ch->reply.header.size};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (fd >= 0) {
		control_put_fd(&msg, &control, fd);
	}
	do {
		n = fd < 0 ? send(ch->fd, &ch->reply, iov.iov_len, MSG_NOSIGNAL)
			   : sendmsg(ch->fd, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return -errno;
	}
	return (size_t)n == iov.iov_len ? 0 : -ETIMEDOUT;
}

int ugvt_vfio_channel_reply(
	struct ugvt_vfio_channel *ch, const struct ugvt_vfio_message *message, int size)
{
	uint32_t payload_size = size < 0 ? 0 : (uint32_t)size;

	ch->reply.header = (struct ugvt_vfio_header){
		.id = message->header.id,
		.command = message->header.command,
		.size = (uint32_t)sizeof(ch->reply.header) + payload_size,
		.flags = UGVT_VFIO_TYPE_REPLY | (size < 0 ? UGVT_VFIO_ERROR : 0),
		.error = size < 0 ? (uint32_t)-size : 0,
	};
	return reply_send(ch, size < 0 ? -1 : message->reply_fd);
}
