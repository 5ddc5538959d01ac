/* SPDX-License-Identifier: MIT */
#include "base/signals.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/bits.h"

static void handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_signals *signals = ugvt_container_of(watch, struct ugvt_signals, watch);
	struct signalfd_siginfo info;

	if (read(signals->fd, &info, sizeof(info)) == sizeof(info)) {
		signals->handle_signal(signals, (int)info.ssi_signo);
	}
}

int ugvt_signals_init(struct ugvt_signals *signals, struct ugvt_loop *loop)
{
	sigset_t set;

	assert(signals->handle_signal);
	signals->loop = loop;
	signals->watch = (struct ugvt_loop_watch){.handle_ready = handle_ready};
	signals->fd = -1;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
		return -errno;
	}
	signals->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals->fd < 0) {
		return -errno;
	}
	return ugvt_loop_add(loop, &signals->watch, signals->fd, EPOLLIN);
}

void ugvt_signals_finish(struct ugvt_signals *signals)
{
	ugvt_loop_remove(signals->loop, &signals->watch);
	if (signals->fd >= 0) {
		close(signals->fd);
		signals->fd = -1;
	}
}
