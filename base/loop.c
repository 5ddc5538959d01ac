/* SPDX-License-Identifier: MIT */
#include "base/loop.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/list.h"

#define EVENTS_PER_STEP 16

/* Stands between epoll and the watch, so that a watch removed (and freed) by an earlier handler of the
 * same step is not called. Freed at the end of the step. */
struct ugvt_loop_source {
	struct ugvt_loop_watch *watch; // NULL once removed
	struct ugvt_list link;         // ugvt_loop.removed
	int fd;
};

struct ugvt_loop {
	struct ugvt_list removed; // ugvt_loop_source.link
	struct ugvt_loop_watch stop_watch;
	int epoll_fd;
	int stop_fd;
	atomic_bool stop;
};

static void stop_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_loop *loop = ugvt_container_of(watch, struct ugvt_loop, stop_watch);
	uint64_t count;

	if (read(loop->stop_fd, &count, sizeof(count)) < 0) {
		return;
	}
}

struct ugvt_loop *ugvt_loop_create(void)
{
	struct ugvt_loop *loop = calloc(1, sizeof(*loop));

	if (!loop) {
		return NULL;
	}
	ugvt_list_init(&loop->removed);
	loop->stop_watch.handle_ready = stop_handle_ready;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->epoll_fd < 0 || loop->stop_fd < 0 ||
		ugvt_loop_add(loop, &loop->stop_watch, loop->stop_fd, EPOLLIN) < 0) {
		ugvt_loop_destroy(loop);
		return NULL;
	}
	return loop;
}

static void removed_free(struct ugvt_loop *loop)
{
	struct ugvt_loop_source *source, *tmp;

	ugvt_list_for_each_safe(source, tmp, &loop->removed, link) {
		ugvt_list_remove(&source->link);
		free(source);
	}
}

void ugvt_loop_destroy(struct ugvt_loop *loop)
{
	if (!loop) {
		return;
	}
	ugvt_loop_remove(loop, &loop->stop_watch);
	removed_free(loop);
	if (loop->epoll_fd >= 0) {
		close(loop->epoll_fd);
	}
	if (loop->stop_fd >= 0) {
		close(loop->stop_fd);
	}
	free(loop);
}

int ugvt_loop_add(struct ugvt_loop *loop, struct ugvt_loop_watch *watch, int fd, uint32_t events)
{
	struct ugvt_loop_source *source = calloc(1, sizeof(*source));
	struct epoll_event event = {.events = events, .data.ptr = source};

	if (!source) {
		return -ENOMEM;
	}
	source->watch = watch;
	source->fd = fd;
	ugvt_list_init(&source->link);
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		int error = errno;

		free(source);
		return -error;
	}
	watch->source = source;
	return 0;
}

int ugvt_loop_modify(struct ugvt_loop *loop, struct ugvt_loop_watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch->source};

	return epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, watch->source->fd, &event) < 0 ? -errno : 0;
}

void ugvt_loop_remove(struct ugvt_loop *loop, struct ugvt_loop_watch *watch)
{
	struct ugvt_loop_source *source = watch->source;

	if (!source) {
		return;
	}
	watch->source = NULL;
	source->watch = NULL;
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
	ugvt_list_append(&loop->removed, &source->link);
}

static void timer_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct ugvt_loop_timer *timer = ugvt_container_of(watch, struct ugvt_loop_timer, watch);
	uint64_t count;

	/* Another thread may have set it anew since epoll reported it. */
	if (read(timer->fd, &count, sizeof(count)) == sizeof(count)) {
		timer->handle_expiry(timer);
	}
}

int ugvt_loop_timer_add(struct ugvt_loop *loop, struct ugvt_loop_timer *timer)
{
	int ret;

	timer->watch.handle_ready = timer_handle_ready;
	timer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (timer->fd < 0) {
		return -errno;
	}
	ret = ugvt_loop_add(loop, &timer->watch, timer->fd, EPOLLIN);
	if (ret < 0) {
		close(timer->fd);
		timer->fd = -1;
	}
	return ret;
}

void ugvt_loop_timer_set(struct ugvt_loop_timer *timer, uint64_t at_ns)
{
	struct itimerspec spec = {
		.it_value = {(time_t)(at_ns / UGVT_NS_PER_S), (long)(at_ns % UGVT_NS_PER_S)},
	};

	timerfd_settime(timer->fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

void ugvt_loop_timer_remove(struct ugvt_loop *loop, struct ugvt_loop_timer *timer)
{
	if (!timer->watch.source) {
		return;
	}
	ugvt_loop_remove(loop, &timer->watch);
	close(timer->fd);
	timer->fd = -1;
}

int ugvt_loop_step(struct ugvt_loop *loop, int timeout_ms)
{
	struct epoll_event events[EVENTS_PER_STEP];
	int n = epoll_wait(loop->epoll_fd, events, EVENTS_PER_STEP, timeout_ms);

	if (n < 0) {
		return errno == EINTR ? 0 : -errno;
	}
	for (int i = 0; i < n; i++) {
		struct ugvt_loop_source *source = events[i].data.ptr;

		if (source->watch) {
			source->watch->handle_ready(source->watch, events[i].events);
		}
	}
	removed_free(loop);
	return 0;
}

int ugvt_loop_run(struct ugvt_loop *loop)
{
	int ret = 0;

	while (ret == 0 && !atomic_exchange(&loop->stop, false)) {
		ret = ugvt_loop_step(loop, -1);
	}
	return ret;
}

void ugvt_loop_stop(struct ugvt_loop *loop)
{
	uint64_t one = 1;

	atomic_store(&loop->stop, true);
	if (write(loop->stop_fd, &one, sizeof(one)) < 0) {
		return;
	}
}
