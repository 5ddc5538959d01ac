/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_LOOP_H
#define UGVT_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* An epoll loop with fds and one-shot timers. All functions but ugvt_loop_stop() and
 * ugvt_loop_timer_set() belong to the thread that runs the loop (or to its set-up, before that). */
struct ugvt_loop;
struct ugvt_loop_source;

/* Embedded in its owner, who goes back with ugvt_container_of(). */
struct ugvt_loop_watch {
	/* Mandatory. events are EPOLLIN and its kin. May remove its own watch. */
	void (*handle_ready)(struct ugvt_loop_watch *watch, uint32_t events);
	struct ugvt_loop_source *source; // the loop's, NULL while not added
};

struct ugvt_loop_timer {
	/* Mandatory. The timer is off when this runs and may be set again from it. */
	void (*handle_expiry)(struct ugvt_loop_timer *timer);
	struct ugvt_loop_watch watch; // the loop's
	int fd;                       // the loop's, a timerfd; -1 while not added
};

/* NULL if the system is out of file descriptors or memory. */
struct ugvt_loop *ugvt_loop_create(void);
/* Watches and timers must be removed first. NULL is allowed. */
void ugvt_loop_destroy(struct ugvt_loop *loop);

/* Calls watch->handle_ready while any of events holds on fd. fd stays the caller's, and is not to be
 * closed before the watch is removed. 0 or -errno. */
int ugvt_loop_add(struct ugvt_loop *loop, struct ugvt_loop_watch *watch, int fd, uint32_t events);
/* Changes the events of a watch that was added. */
int ugvt_loop_modify(struct ugvt_loop *loop, struct ugvt_loop_watch *watch, uint32_t events);
/* No call comes after this, not even for events that are already read. No-op if not added. */
void ugvt_loop_remove(struct ugvt_loop *loop, struct ugvt_loop_watch *watch);

/* Adds a timer, off at first. 0 or -errno. */
int ugvt_loop_timer_add(struct ugvt_loop *loop, struct ugvt_loop_timer *timer);
/* Expires once at at_ns (CLOCK_MONOTONIC, see ugvt_clock_ns(); a past time expires at once); 0 turns
 * the timer off. Any thread. */
void ugvt_loop_timer_set(struct ugvt_loop_timer *timer, uint64_t at_ns);
void ugvt_loop_timer_remove(struct ugvt_loop *loop, struct ugvt_loop_timer *timer);

/* Serves until ugvt_loop_stop(). 0 or -errno. */
int ugvt_loop_run(struct ugvt_loop *loop);
/* Waits at most timeout_ms (-1: for ever) and serves what is ready once. 0 or -errno. */
int ugvt_loop_step(struct ugvt_loop *loop, int timeout_ms);
/* Any thread, and signal handlers. */
void ugvt_loop_stop(struct ugvt_loop *loop);

#endif
