/* SPDX-License-Identifier: MIT */
#include "schedule/arbiter.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "schedule/books.h"

#define SLICE_NS (6 * UGVT_NS_PER_MS)
#define GRACE_NS (50 * UGVT_NS_PER_MS)
#define ALARM_NS (2 * UGVT_NS_PER_S)
#define ALARM_AGAIN_NS UGVT_NS_PER_S

/* A tenant that rings more often than that is not listened to until the time is over; its engines, idle between short pieces of
 * work, ring up to twice for each. */
#define RINGS_MAX 128
#define RINGS_NS (4 * UGVT_NS_PER_MS)

#define EVENTS_MAX 32
#define WAKE_ID 0 // of no tenant
#define NICE (-15)

struct ugvt_arbiter {
	pthread_t thread;
	pthread_mutex_t lock; // guards all that follows
	uint64_t alarm_ns;
	int epoll_fd, wake_fd, alarm_fd;
	bool quit;
	uint64_t last_id;
	struct ugvt_books books;
};

static void fd_signal(int fd)
{
	uint64_t one = 1;

	/* An eventfd that is full has been signalled. */
	if (write(fd, &one, sizeof(one)) < 0) {
		return;
	}
}

/* Returns when to look again. */
static uint64_t alarm_check(
	struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant, uint64_t now_ns)
{
	uint64_t over = ugvt_tenant_over_ns(tenant, now_ns);

	if (over == 0) {
		tenant->alarm_at_ns = 0;
		return UINT64_MAX;
	}
	if (tenant->alarm_at_ns == 0) {
		tenant->alarm_at_ns = now_ns - over + arbiter->alarm_ns;
	}
	if (now_ns >= tenant->alarm_at_ns) {
		tenant->alarm_at_ns = now_ns + ALARM_AGAIN_NS;
		fd_signal(arbiter->alarm_fd);
	}
	return tenant->alarm_at_ns;
}

/* The doorbell is never read: the worker has it too, and could make a read wait for ever. Edges tell of each ring. */
static int doorbell_listen(struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant, int operation)
{
	struct epoll_event event = {
		.events = tenant->muted ? 0 : EPOLLIN | EPOLLET, .data.u64 = tenant->id};

	return epoll_ctl(arbiter->epoll_fd, operation, tenant->doorbell_fd, &event);
}

static uint64_t unmute_check(
	struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant, uint64_t now_ns)
{
	if (!tenant->muted) {
		return UINT64_MAX;
	}
	if (now_ns < tenant->rings_since_ns + RINGS_NS) {
		return tenant->rings_since_ns + RINGS_NS;
	}
	tenant->muted = false;
	doorbell_listen(arbiter, tenant, EPOLL_CTL_MOD);
	return UINT64_MAX;
}

static void ring_handle(struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant, uint64_t now_ns)
{
	if (now_ns - tenant->rings_since_ns > RINGS_NS) {
		tenant->rings_since_ns = now_ns;
		tenant->rings = 0;
	}
	if (++tenant->rings > RINGS_MAX) {
		tenant->muted = true;
		doorbell_listen(arbiter, tenant, EPOLL_CTL_MOD);
	}
	ugvt_books_read(&arbiter->books, tenant, now_ns);
}

/* When there is something to do even if nobody rings. */
static uint64_t next_event(struct ugvt_arbiter *arbiter, uint64_t now_ns)
{
	uint64_t next = ugvt_books_next(&arbiter->books, now_ns);
	struct ugvt_tenant *tenant;

	ugvt_list_for_each(tenant, &arbiter->books.tenants, link) {
		next = UGVT_MIN(next, alarm_check(arbiter, tenant, now_ns));
		next = UGVT_MIN(next, unmute_check(arbiter, tenant, now_ns));
	}
	return next;
}

static int events_wait(
	const struct ugvt_arbiter *arbiter, struct epoll_event *events, uint64_t until)
{
	uint64_t now = ugvt_clock_ns();
	uint64_t left = until > now ? until - now : 0;
	struct timespec timeout = {(time_t)(left / UGVT_NS_PER_S), (long)(left % UGVT_NS_PER_S)};

	return epoll_pwait2(
		arbiter->epoll_fd, events, EVENTS_MAX, until == UINT64_MAX ? NULL : &timeout, NULL);
}

static struct ugvt_tenant *tenant_find(struct ugvt_arbiter *arbiter, uint64_t id)
{
	struct ugvt_tenant *tenant;

	ugvt_list_for_each(tenant, &arbiter->books.tenants, link) {
		if (tenant->id == id) {
			return tenant;
		}
	}
	return NULL;
}

static void events_handle(
	struct ugvt_arbiter *arbiter, const struct epoll_event *events, int n, uint64_t now_ns)
{
	for (int i = 0; i < n; i++) {
		struct ugvt_tenant *tenant = tenant_find(arbiter, events[i].data.u64);

		/* One that was removed meanwhile is not found. */
		if (tenant) {
			ring_handle(arbiter, tenant, now_ns);
		}
	}
}

static void *arbiter_main(void *arg)
{
	struct ugvt_arbiter *arbiter = arg;
	struct epoll_event events[EVENTS_MAX];

	/* All wait for it: it decides latency. Not permitted for everybody. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	pthread_mutex_lock(&arbiter->lock);
	while (!arbiter->quit) {
		uint64_t until = next_event(arbiter, ugvt_clock_ns());
		uint64_t now;
		int n;

		pthread_mutex_unlock(&arbiter->lock);
		n = events_wait(arbiter, events, until);
		pthread_mutex_lock(&arbiter->lock);
		now = ugvt_clock_ns();
		events_handle(arbiter, events, n, now);
		ugvt_books_settle(&arbiter->books, now);
	}
	pthread_mutex_unlock(&arbiter->lock);
	return NULL;
}

/* Signals are the main thread's. */
static int thread_start(struct ugvt_arbiter *arbiter)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&arbiter->thread, NULL, arbiter_main, arbiter);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0) {
		pthread_setname_np(arbiter->thread, "arbiter");
	}
	return error;
}

static void fds_close(struct ugvt_arbiter *arbiter)
{
	const int fds[] = {arbiter->epoll_fd, arbiter->wake_fd, arbiter->alarm_fd};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(fds); i++) {
		if (fds[i] >= 0) {
			close(fds[i]);
		}
	}
}

static bool fds_open(struct ugvt_arbiter *arbiter)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = WAKE_ID};

	arbiter->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	arbiter->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	arbiter->alarm_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return arbiter->epoll_fd >= 0 && arbiter->wake_fd >= 0 && arbiter->alarm_fd >= 0 &&
	       epoll_ctl(arbiter->epoll_fd, EPOLL_CTL_ADD, arbiter->wake_fd, &event) == 0;
}

struct ugvt_arbiter *ugvt_arbiter_create(const struct ugvt_arbiter_config *config)
{
	struct ugvt_arbiter *arbiter = calloc(1, sizeof(*arbiter));
	struct ugvt_arbiter_config all = *config;

	if (!arbiter) {
		return NULL;
	}
	all.slice_ns = config->slice_ns ? config->slice_ns : SLICE_NS;
	all.grace_ns = config->grace_ns ? config->grace_ns : GRACE_NS;
	arbiter->alarm_ns = config->alarm_ns ? config->alarm_ns : ALARM_NS;
	ugvt_books_init(&arbiter->books, &all);
	pthread_mutex_init(&arbiter->lock, NULL);
	if (!fds_open(arbiter) || thread_start(arbiter) != 0) {
		fds_close(arbiter);
		pthread_mutex_destroy(&arbiter->lock);
		free(arbiter);
		return NULL;
	}
	return arbiter;
}

void ugvt_arbiter_destroy(struct ugvt_arbiter *arbiter)
{
	if (!arbiter) {
		return;
	}
	assert(ugvt_list_empty(&arbiter->books.tenants));
	pthread_mutex_lock(&arbiter->lock);
	arbiter->quit = true;
	pthread_mutex_unlock(&arbiter->lock);
	fd_signal(arbiter->wake_fd);
	pthread_join(arbiter->thread, NULL);
	fds_close(arbiter);
	pthread_mutex_destroy(&arbiter->lock);
	free(arbiter);
}

int ugvt_arbiter_alarm_fd(const struct ugvt_arbiter *arbiter)
{
	return arbiter->alarm_fd;
}

/* After a change of the books: with the lock held, which it gives back. */
static void change_end(struct ugvt_arbiter *arbiter, uint64_t now_ns)
{
	ugvt_books_settle(&arbiter->books, now_ns);
	pthread_mutex_unlock(&arbiter->lock);
	/* It may have to look again earlier than it thought. */
	fd_signal(arbiter->wake_fd);
}

struct ugvt_tenant *ugvt_arbiter_add(
	struct ugvt_arbiter *arbiter, const struct ugvt_claim_terms *terms)
{
	struct ugvt_tenant *tenant = ugvt_tenant_create();
	bool added;

	if (!tenant) {
		return NULL;
	}
	pthread_mutex_lock(&arbiter->lock);
	tenant->id = ++arbiter->last_id;
	added = doorbell_listen(arbiter, tenant, EPOLL_CTL_ADD) == 0;
	if (added) {
		ugvt_books_add(&arbiter->books, tenant, terms, ugvt_clock_ns());
	}
	pthread_mutex_unlock(&arbiter->lock);
	if (!added) {
		ugvt_tenant_destroy(tenant);
		return NULL;
	}
	return tenant;
}

void ugvt_arbiter_remove(struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant)
{
	uint64_t now;

	if (!tenant) {
		return;
	}
	pthread_mutex_lock(&arbiter->lock);
	now = ugvt_clock_ns();
	epoll_ctl(arbiter->epoll_fd, EPOLL_CTL_DEL, tenant->doorbell_fd, NULL);
	ugvt_books_remove(&arbiter->books, tenant, now);
	change_end(arbiter, now);
	ugvt_tenant_destroy(tenant);
}

void ugvt_arbiter_set(struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant,
	const struct ugvt_claim_terms *terms)
{
	uint64_t now;

	pthread_mutex_lock(&arbiter->lock);
	now = ugvt_clock_ns();
	ugvt_books_set(&arbiter->books, tenant, terms, now);
	change_end(arbiter, now);
}

int ugvt_tenant_page_fd(const struct ugvt_tenant *tenant)
{
	return tenant->page_fd;
}

int ugvt_tenant_doorbell_fd(const struct ugvt_tenant *tenant)
{
	return tenant->doorbell_fd;
}

void ugvt_tenant_stats(struct ugvt_arbiter *arbiter, const struct ugvt_tenant *tenant,
	struct ugvt_tenant_stats *stats)
{
	*stats = (struct ugvt_tenant_stats){0};
	pthread_mutex_lock(&arbiter->lock);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		stats->grants[id] = tenant->seats[id].grants;
		stats->held_ns[id] = tenant->seats[id].claim.held_ns;
		stats->overruns += tenant->seats[id].overruns;
	}
	stats->over_ns = ugvt_tenant_over_ns(tenant, ugvt_clock_ns());
	pthread_mutex_unlock(&arbiter->lock);
}
