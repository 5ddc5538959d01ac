/* SPDX-License-Identifier: MIT */
#include "vfio-user/watch.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* One event at a time: a handler may remove other sources. */
static struct ugvt_vfio_watch_source *watch_wait(struct ugvt_vfio_watch *watch)
{
	struct epoll_event event;
	int n;

	do {
		n = epoll_wait(watch->epoll_fd, &event, 1, -1);
	} while (n < 0 && errno == EINTR);
	return n == 1 ? event.data.ptr : &watch->stop;
}

static void *watch_run(void *arg)
{
	struct ugvt_vfio_watch *watch = arg;
	struct ugvt_vfio_watch_source *source;

	while ((source = watch_wait(watch)) != &watch->stop) {
		pthread_mutex_lock(&watch->lock);
		if (source->fd >= 0) {
			source->handle_ready(source);
		}
		pthread_mutex_unlock(&watch->lock);
	}
	return NULL;
}

/* The process's signals are for its main thread, but a fault is always the faulting thread's. */
static int thread_start(struct ugvt_vfio_watch *watch)
{
	sigset_t all, old;
	int ret;

	sigfillset(&all);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGFPE);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ret = pthread_create(&watch->thread, NULL, watch_run, watch);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -ret;
}

static int stop_add(struct ugvt_vfio_watch *watch)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = ugvt_vfio_watch_add(watch, &watch->stop, fd);
	if (ret < 0) {
		close(fd);
	}
	return ret;
}

int ugvt_vfio_watch_init(struct ugvt_vfio_watch *watch)
{
	int ret;

	*watch = (struct ugvt_vfio_watch){.stop = {.fd = -1}};
	pthread_mutex_init(&watch->lock, NULL);
	watch->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll_fd < 0) {
		ret = -errno;
		goto out_lock;
	}
	ret = stop_add(watch);
	if (ret < 0) {
		goto out_epoll;
	}
	ret = thread_start(watch);
	if (ret < 0) {
		goto out_stop;
	}
	return 0;

out_stop:
	close(watch->stop.fd);
out_epoll:
	close(watch->epoll_fd);
out_lock:
	pthread_mutex_destroy(&watch->lock);
	return ret;
}

void ugvt_vfio_watch_finish(struct ugvt_vfio_watch *watch)
{
	eventfd_write(watch->stop.fd, 1);
	pthread_join(watch->thread, NULL);
	close(watch->stop.fd);
	close(watch->epoll_fd);
	pthread_mutex_destroy(&watch->lock);
}

void ugvt_vfio_watch_lock(struct ugvt_vfio_watch *watch)
{
	pthread_mutex_lock(&watch->lock);
}

void ugvt_vfio_watch_unlock(struct ugvt_vfio_watch *watch)
{
	pthread_mutex_unlock(&watch->lock);
}

int ugvt_vfio_watch_add(
	struct ugvt_vfio_watch *watch, struct ugvt_vfio_watch_source *source, int fd)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = source};

	source->fd = fd;
	if (epoll_ctl(watch->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		source->fd = -1;
		return -errno;
	}
	return 0;
}

int ugvt_vfio_watch_remove(struct ugvt_vfio_watch *watch, struct ugvt_vfio_watch_source *source)
{
	int fd = source->fd;

	if (fd >= 0) {
		epoll_ctl(watch->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		source->fd = -1;
	}
	return fd;
}
