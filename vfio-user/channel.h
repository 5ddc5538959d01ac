/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_CHANNEL_H
#define UGVT_VFIO_USER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vfio-user/protocol.h"

/*
 * A client's connection as a sequence of messages. One recvmsg takes all that is queued, up to the size
 * of the buffer, and the messages are read in place; a message that is still incomplete is moved to
 * the buffer's front before the next one.
 *
 * File descriptors come with the bytes of the sendmsg that carried them. The kernel ends a read after
 * the piece that has descriptors, so they belong to the message that is the last to have begun when
 * the read returns, complete or not.
 */

#define UGVT_VFIO_BUFFER_SIZE (128u * 1024)

/* One request, valid until the next ugvt_vfio_channel_next() or _receive(). */
struct ugvt_vfio_message {
	struct ugvt_vfio_header header;
	const unsigned char *payload; // unaligned
	size_t size;                  // of payload, bytes
	int fds[UGVT_VFIO_FDS_MAX];   // an owner who keeps one sets its entry to -1
	unsigned n_fds;
	int reply_fd; // goes with the reply, stays its owner's; -1: none
};

struct ugvt_vfio_channel {
	int fd;             // -1: closed
	size_t begin, end;  // what of data is not yet read
	unsigned n_old_fds; // of fds: came before the last read, for the message at begin
	unsigned n_fds;
	int fds[UGVT_VFIO_FDS_MAX];
	_Alignas(16) unsigned char data[UGVT_VFIO_BUFFER_SIZE];
	struct {
		_Alignas(16) struct ugvt_vfio_header header;
		unsigned char payload[UGVT_VFIO_PAYLOAD_MAX]; // aligned to 16 bytes
	} reply;
};

/* Takes fd, a connected stream socket, and makes it blocking; a send that can't go on for send_ms fails. */
void ugvt_vfio_channel_init(struct ugvt_vfio_channel *ch, int fd, unsigned send_ms);
/* Closes the connection and whatever fds are left. */
void ugvt_vfio_channel_finish(struct ugvt_vfio_channel *ch);

/* Tries for spin_us without sleeping, then waits as long as it takes. The number of bytes received;
 * 0: the client is gone; -EPROTO: more fds than a message may have; or -errno. */
int ugvt_vfio_channel_receive(struct ugvt_vfio_channel *ch, unsigned spin_us);
/* Waits until something can be received: 0, or -ETIMEDOUT after timeout_ms, or -errno. */
int ugvt_vfio_channel_wait(struct ugvt_vfio_channel *ch, int timeout_ms);
/* True if a message has begun but is not complete. Only after next() returned 0. */
bool ugvt_vfio_channel_partial(const struct ugvt_vfio_channel *ch);

/* Takes the next message out of the buffer: 1; 0: there is no complete one; -EMSGSIZE: its header (in
 * message->header) has an impossible size, there is no going on. */
int ugvt_vfio_channel_next(struct ugvt_vfio_channel *ch, struct ugvt_vfio_message *message);
/* Closes the fds that nobody kept. */
void ugvt_vfio_message_finish(struct ugvt_vfio_message *message);

/* Replies with the first size bytes of ch->reply.payload, or with the error -size if size is negative.
 * 0 or -errno; after an error the connection is of no more use. */
int ugvt_vfio_channel_reply(
	struct ugvt_vfio_channel *ch, const struct ugvt_vfio_message *message, int size);

#endif
