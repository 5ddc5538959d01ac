/* SPDX-License-Identifier: MIT */
#include "control/channel.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE 4096
/* Over one of these, the peer is not listened to until it has read its answers. */
#define OUT_SIZE_MAX (256 * 1024)
#define DUE_MAX 16

struct message {
	struct ugvt_list link; // ugvt_channel.out
	int fds[UGVT_CHANNEL_SEND_FDS_MAX];
	unsigned n_fds;    // 0: none, or sent
	size_t size, sent; // bytes
	char data[];
};

static bool paused(const struct ugvt_channel *channel)
{
	return channel->out_size > OUT_SIZE_MAX || channel->due >= DUE_MAX;
}

static bool idle(const struct ugvt_channel *channel)
{
	return ugvt_list_empty(&channel->out) && channel->due == 0;
}

/* Lines that wait in the buffer and a channel that is done get no event of their own; a socket is nearly always
 * writable, so that EPOLLOUT serves. */
static void events_update(struct ugvt_channel *channel)
{
	bool buffered = channel->in_scanned < channel->in_size && !paused(channel);
	uint32_t events = 0;

	if (!channel->eof && !paused(channel)) {
		events |= EPOLLIN;
	}
	if (!ugvt_list_empty(&channel->out) || buffered || (channel->eof && idle(channel))) {
		events |= EPOLLOUT;
	}
	if (events != channel->events && channel->watch.source) {
		ugvt_loop_modify(channel->loop, &channel->watch, events);
		channel->events = events;
	}
}

static void fds_close(const int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		close(fds[i]);
	}
}

static void message_destroy(struct ugvt_channel *channel, struct message *message)
{
	ugvt_list_remove(&message->link);
	channel->out_size -= message->size;
	fds_close(message->fds, message->n_fds);
	free(message);
}

static void out_drop(struct ugvt_channel *channel)
{
	struct message *message, *tmp;

	ugvt_list_for_each_safe(message, tmp, &channel->out, link) {
		message_destroy(channel, message);
	}
}

void ugvt_channel_abort(struct ugvt_channel *channel)
{
	channel->broken = true;
	out_drop(channel);
	shutdown(channel->fd, SHUT_RDWR);
}

void ugvt_channel_end(struct ugvt_channel *channel)
{
	channel->eof = true;
	events_update(channel);
}

/* Sends what goes at once; false if the rest has to wait. */
static bool message_send(struct ugvt_channel *channel, struct message *message)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(UGVT_CHANNEL_SEND_FDS_MAX * sizeof(int))];
	} control = {0};
	size_t fds_size = message->n_fds * sizeof(int);
	struct iovec iov = {message->data + message->sent, message->size - message->sent};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (message->n_fds > 0) {
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(fds_size);
		memcpy(CMSG_DATA(&control.header), message->fds, fds_size);
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(fds_size);
	}
	n = sendmsg(channel->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR) {
			ugvt_channel_abort(channel);
		}
		return false;
	}
	fds_close(message->fds, message->n_fds);
	message->n_fds = 0;
	message->sent += (size_t)n;
	return message->sent == message->size;
}

static void out_flush(struct ugvt_channel *channel)
{
	while (!ugvt_list_empty(&channel->out)) {
		struct message *message =
			ugvt_container_of(channel->out.next, struct message, link);

		if (!message_send(channel, message)) {
			return;
		}
		message_destroy(channel, message);
	}
}

void ugvt_channel_send(struct ugvt_channel *channel, const char *line, int fd)
{
	ugvt_channel_send_fds(channel, line, &fd, fd >= 0);
}

void ugvt_channel_send_fds(
	struct ugvt_channel *channel, const char *line, const int *fds, unsigned n)
{
	size_t size = strlen(line) + 1;
	struct message *message = channel->broken ? NULL : malloc(sizeof(*message) + size);

	assert(n <= UGVT_CHANNEL_SEND_FDS_MAX);
	if (!message) {
		fds_close(fds, n);
		ugvt_channel_abort(channel);
		return;
	}
	*message = (struct message){.n_fds = n, .size = size};
	memcpy(message->fds, fds, n * sizeof(*fds));
	memcpy(message->data, line, size - 1);
	message->data[size - 1] = '\n';
	ugvt_list_append(&channel->out, &message->link);
	channel->out_size += size;
	out_flush(channel);
	events_update(channel);
}

int ugvt_channel_take_fd(struct ugvt_channel *channel)
{
	int fd = -1;

	if (channel->n_fds > 0) {
		fd = channel->fds[0];
		channel->n_fds--;
		memmove(channel->fds, channel->fds + 1, channel->n_fds * sizeof(int));
	}
	return fd;
}

void ugvt_channel_begin_answer(struct ugvt_channel *channel)
{
	channel->due++;
}

void ugvt_channel_end_answer(struct ugvt_channel *channel)
{
	assert(channel->due > 0);
	channel->due--;
	events_update(channel);
}

/* Keeps what there is room for. */
static void fds_keep(struct ugvt_channel *channel, const struct cmsghdr *cmsg)
{
	size_t n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < n; i++) {
		int fd;

		memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(int));
		if (channel->n_fds < UGVT_CHANNEL_FDS_MAX) {
			channel->fds[channel->n_fds++] = fd;
		} else {
			close(fd);
			ugvt_channel_abort(channel);
		}
	}
}

static bool in_reserve(struct ugvt_channel *channel)
{
	size_t capacity = channel->in_size + READ_SIZE;
	char *in;

	if (capacity <= channel->in_capacity) {
		return true;
	}
	capacity = UGVT_MAX(capacity, 2 * channel->in_capacity);
	in = realloc(channel->in, capacity);
	if (!in) {
		return false;
	}
	channel->in = in;
	channel->in_capacity = capacity;
	return true;
}

static void in_read(struct ugvt_channel *channel)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(UGVT_CHANNEL_FDS_MAX * sizeof(int))];
	} control;
	struct iovec iov = {.iov_len = READ_SIZE};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (!in_reserve(channel)) {
		ugvt_channel_abort(channel);
		return;
	}
	iov.iov_base = channel->in + channel->in_size;
	if (channel->takes_fds) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
	}
	n = recvmsg(channel->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR) {
			ugvt_channel_abort(channel);
		}
		return;
	}
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS) {
			fds_keep(channel, cmsg);
		}
	}
	if (msg.msg_flags & MSG_CTRUNC) {
		ugvt_channel_abort(channel);
	}
	channel->in_size += (size_t)n;
	channel->eof = n == 0;
}

static void in_compact(struct ugvt_channel *channel)
{
	channel->in_size -= channel->in_start;
	channel->in_scanned -= channel->in_start;
	if (channel->in_size == 0) {
		free(channel->in);
		channel->in = NULL;
		channel->in_capacity = 0;
	} else if (channel->in_start > 0) {
		memmove(channel->in, channel->in + channel->in_start, channel->in_size);
	}
	channel->in_start = 0;
}

static void lines_handle(struct ugvt_channel *channel)
{
	while (channel->in_scanned < channel->in_size && !paused(channel) && !channel->broken) {
		char *line = channel->in + channel->in_start;
		char *end = memchr(channel->in + channel->in_scanned, '\n',
			channel->in_size - channel->in_scanned);

		if (!end) {
			channel->in_scanned = channel->in_size;
			break;
		}
		*end = '\0';
		channel->in_start = channel->in_scanned = (size_t)(end + 1 - channel->in);
		if ((size_t)(end - line) > channel->max_line) {
			channel->in_start = channel->in_scanned = channel->in_size;
			channel->eof = true;
			channel->impl->handle_oversize(channel);
		} else if (end > line) {
			channel->impl->handle_line(channel, line, (size_t)(end - line));
		}
	}
	in_compact(channel);
}

/* A line that has no end yet and is too long already. */
static void line_check(struct ugvt_channel *channel)
{
	if (channel->in_scanned == channel->in_size && channel->in_size > channel->max_line) {
		channel->in_start = channel->in_scanned = channel->in_size;
		in_compact(channel);
		channel->eof = true;
		channel->impl->handle_oversize(channel);
	}
}

static bool is_over(const struct ugvt_channel *channel, uint32_t events)
{
	bool hung_up = events & (EPOLLHUP | EPOLLERR);

	return channel->broken || (channel->eof && idle(channel)) ||
	       (hung_up && (channel->eof || paused(channel)));
}

static void channel_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_channel *channel = ugvt_container_of(watch, struct ugvt_channel, watch);

	if (events & EPOLLOUT) {
		out_flush(channel);
	}
	lines_handle(channel);
	if (!channel->eof && !channel->broken && !paused(channel) && (events & ~EPOLLOUT)) {
		in_read(channel);
		lines_handle(channel);
		line_check(channel);
	}
	if (is_over(channel, events)) {
		ugvt_loop_remove(channel->loop, &channel->watch);
		channel->impl->handle_end(channel);
		return;
	}
	events_update(channel);
}

int ugvt_channel_init(struct ugvt_channel *channel, const struct ugvt_channel_impl *impl,
	const struct ugvt_channel_options *options)
{
	int ret;

	assert(impl->handle_line && impl->handle_oversize && impl->handle_end);
	*channel = (struct ugvt_channel){
		.impl = impl,
		.loop = options->loop,
		.watch = {.handle_ready = channel_handle_ready},
		.fd = options->fd,
		.events = EPOLLIN,
		.max_line = options->max_line,
		.takes_fds = options->takes_fds,
	};
	ugvt_list_init(&channel->out);
	ret = ugvt_loop_add(channel->loop, &channel->watch, channel->fd, channel->events);
	if (ret < 0) {
		ugvt_channel_finish(channel);
	}
	return ret;
}

void ugvt_channel_finish(struct ugvt_channel *channel)
{
	ugvt_loop_remove(channel->loop, &channel->watch);
	out_drop(channel);
	while (channel->n_fds > 0) {
		close(ugvt_channel_take_fd(channel));
	}
	free(channel->in);
	channel->in = NULL;
	if (channel->fd >= 0) {
		close(channel->fd);
		channel->fd = -1;
	}
}
