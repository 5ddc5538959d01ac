/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_CHANNEL_H
#define UGVT_CONTROL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/loop.h"

/*
 * A stream socket that carries lines, and file descriptors beside them, on a loop. It never blocks and trusts
 * nothing: lines are bounded, and while the other side does not read its answers, no more of what it says is
 * read.
 */

struct ugvt_channel;

struct ugvt_channel_impl {
	/* Mandatory. A line came: size bytes without the newline, a NUL after them; the channel's. Empty
	 * lines are dropped. */
	void (*handle_line)(struct ugvt_channel *channel, const char *line, size_t size);
	/* Mandatory. A line grew longer than allowed. What is sent now still goes out, then the channel
	 * ends. */
	void (*handle_oversize)(struct ugvt_channel *channel);
	/* Mandatory. The connection is over, nothing comes any more; the channel may be finished (and freed)
	 * from here. Not called after ugvt_channel_finish(). */
	void (*handle_end)(struct ugvt_channel *channel);
};

/* Received, not yet taken. */
#define UGVT_CHANNEL_FDS_MAX 4
/* Beside one line that is sent. */
#define UGVT_CHANNEL_SEND_FDS_MAX 2

struct ugvt_channel {
	const struct ugvt_channel_impl *impl;
	struct ugvt_loop *loop;
	struct ugvt_loop_watch watch;
	int fd;
	uint32_t events;   // that watch waits for
	size_t max_line;   // bytes
	bool takes_fds;    // else a peer that sends one is cut off
	char *in;          // received, not yet handled; NULL while empty
	size_t in_start;   // of the first line not handled
	size_t in_scanned; // no newline from in_start to here
	size_t in_size, in_capacity;
	int fds[UGVT_CHANNEL_FDS_MAX];
	unsigned n_fds;
	struct ugvt_list out; // struct message.link
	size_t out_size;      // bytes in it
	unsigned due;         // answers that we owe
	bool eof;             // the peer says nothing more
	bool broken;          // cut off; ends at the next event
};

struct ugvt_channel_options {
	struct ugvt_loop *loop;
	int fd;          // the channel's from now on, also on failure
	size_t max_line; // bytes
	bool takes_fds;
};

/* 0 or -errno. */
int ugvt_channel_init(struct ugvt_channel *channel, const struct ugvt_channel_impl *impl,
	const struct ugvt_channel_options *options);
/* Closes it; what has not been sent is lost. Not from within handle_line and handle_oversize. */
void ugvt_channel_finish(struct ugvt_channel *channel);

/* Sends line, which has no newline, and fd beside it (-1: none; the channel's from now on). */
void ugvt_channel_send(struct ugvt_channel *channel, const char *line, int fd);
/* The same with n descriptors. */
void ugvt_channel_send_fds(
	struct ugvt_channel *channel, const char *line, const int *fds, unsigned n);
/* The next descriptor received, now the caller's; -1 if there is none. */
int ugvt_channel_take_fd(struct ugvt_channel *channel);

/* Around the time that a line waits for its answer: a channel whose peer has stopped sending stays up for
 * it, and one that owes many reads no more lines. */
void ugvt_channel_begin_answer(struct ugvt_channel *channel);
void ugvt_channel_end_answer(struct ugvt_channel *channel);

/* Hears no more; handle_end follows once all is sent and answered. Any handler may call it. */
void ugvt_channel_end(struct ugvt_channel *channel);

/* Cuts the connection; handle_end follows at the next event. Any handler may call it. */
void ugvt_channel_abort(struct ugvt_channel *channel);

#endif
