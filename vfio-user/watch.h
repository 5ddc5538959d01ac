/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VFIO_USER_WATCH_H
#define UGVT_VFIO_USER_WATCH_H

#include <pthread.h>

/*
 * A thread that waits for what happens rarely, so that the connection's thread can sleep in recvmsg
 * alone: a poll before each receive would cost a tenth of a register read.
 */

/* Embedded in its owner, and outlives the watch. */
struct ugvt_vfio_watch_source {
	/* Mandatory; on the watch's thread. Called after fd became readable, and now and then without
	 * reason: must not block, and leave nothing unread that it wants to hear of again. */
	void (*handle_ready)(struct ugvt_vfio_watch_source *source);
	int fd; // -1: not added
};

struct ugvt_vfio_watch {
	pthread_t thread;
	pthread_mutex_t lock; // held while a handler runs
	int epoll_fd;
	struct ugvt_vfio_watch_source stop; // an eventfd of ours
};

/* Starts the thread. 0 or -errno. */
int ugvt_vfio_watch_init(struct ugvt_vfio_watch *watch);
/* Ends the thread. Sources need not be removed. */
void ugvt_vfio_watch_finish(struct ugvt_vfio_watch *watch);

/* Keeps handlers from running; they run locked themselves. */
void ugvt_vfio_watch_lock(struct ugvt_vfio_watch *watch);
void ugvt_vfio_watch_unlock(struct ugvt_vfio_watch *watch);
/* Locked: calls source->handle_ready when fd is or becomes readable. fd stays the caller's. 0 or -errno. */
int ugvt_vfio_watch_add(
	struct ugvt_vfio_watch *watch, struct ugvt_vfio_watch_source *source, int fd);
/* Locked: there is no call after this. Returns the source's fd, or -1 if it was not added. */
int ugvt_vfio_watch_remove(struct ugvt_vfio_watch *watch, struct ugvt_vfio_watch_source *source);

#endif
