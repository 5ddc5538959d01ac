/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_SIGNALS_H
#define UGVT_BASE_SIGNALS_H

#include "base/loop.h"

/* The signals that ask a process to end, SIGTERM, SIGINT and SIGHUP, as events of its loop. Embedded in its owner. */
struct ugvt_signals {
	/* Mandatory, set before init. On the loop's thread. */
	void (*handle_signal)(struct ugvt_signals *signals, int number);
	struct ugvt_loop *loop;
	struct ugvt_loop_watch watch;
	int fd; // -1: not added
};

/* Blocks them, and ignores SIGPIPE; to be called before any thread starts, so that they all leave the signals to the
 * loop. 0 or -errno. */
int ugvt_signals_init(struct ugvt_signals *signals, struct ugvt_loop *loop);
/* They stay blocked. Also after an init that failed. */
void ugvt_signals_finish(struct ugvt_signals *signals);

#endif
