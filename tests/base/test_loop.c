/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/loop.h"

struct counter {
	struct ugvt_loop_watch watch;
	struct ugvt_loop_timer timer;
	struct ugvt_loop *loop;
	struct counter *victim; // removed and freed when this one is called; may be NULL
	unsigned *survivor;     // gets index then
	unsigned index;
	int fd;
	unsigned calls;
	uint32_t events;
};

static void counter_handle_ready(struct ugvt_loop_watch *watch, uint32_t events)
{
	struct counter *counter = ugvt_container_of(watch, struct counter, watch);

	counter->calls++;
	counter->events = events;
	if (counter->victim) {
		ugvt_loop_remove(counter->loop, &counter->victim->watch);
		free(counter->victim);
		counter->victim = NULL;
		*counter->survivor = counter->index;
	}
}

static void counter_handle_expiry(struct ugvt_loop_timer *timer)
{
	struct counter *counter = ugvt_container_of(timer, struct counter, timer);

	counter->calls++;
	if (counter->calls < 3) {
		ugvt_loop_timer_set(timer, 1);
	} else {
		ugvt_loop_stop(counter->loop);
	}
}

static int setup(void **state)
{
	*state = ugvt_loop_create();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	ugvt_loop_destroy(*state);
	return 0;
}

static void counter_init(struct counter *counter, struct ugvt_loop *loop)
{
	*counter = (struct counter){
		.watch = {.handle_ready = counter_handle_ready},
		.timer = {.handle_expiry = counter_handle_expiry},
		.loop = loop,
		.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
}

static void test_watch(void **state)
{
	struct counter counter;
	eventfd_t n;

	counter_init(&counter, *state);
	assert_int_equal(ugvt_loop_add(*state, &counter.watch, counter.fd, EPOLLIN), 0);
	assert_int_equal(ugvt_loop_step(*state, 0), 0);
	assert_int_equal(counter.calls, 0);
	eventfd_write(counter.fd, 1);
	assert_int_equal(ugvt_loop_step(*state, -1), 0);
	assert_int_equal(ugvt_loop_step(*state, -1), 0);
	assert_int_equal(counter.calls, 2);
	assert_int_equal(counter.events, EPOLLIN);
	eventfd_read(counter.fd, &n);
	assert_int_equal(ugvt_loop_step(*state, 0), 0);
	assert_int_equal(counter.calls, 2);
	assert_int_equal(ugvt_loop_modify(*state, &counter.watch, EPOLLOUT), 0);
	assert_int_equal(ugvt_loop_step(*state, -1), 0);
	assert_int_equal(counter.events, EPOLLOUT);
	ugvt_loop_remove(*state, &counter.watch);
	ugvt_loop_remove(*state, &counter.watch);
	assert_int_equal(ugvt_loop_step(*state, 0), 0);
	assert_int_equal(counter.calls, 3);
	close(counter.fd);
}

static void test_bad_fd(void **state)
{
	struct counter counter;

	counter_init(&counter, *state);
	close(counter.fd);
	assert_int_equal(ugvt_loop_add(*state, &counter.watch, counter.fd, EPOLLIN), -EBADF);
	assert_null(counter.watch.source);
	ugvt_loop_remove(*state, &counter.watch);
}

/* Two are ready in one step and the first to be called frees the other, whichever that is: the other is not
 * called any more. */
static void test_remove_other(void **state)
{
	struct counter *counters[2];
	unsigned survivor;
	int fds[2];

	for (unsigned i = 0; i < 2; i++) {
		counters[i] = malloc(sizeof(*counters[i]));
		counter_init(counters[i], *state);
		fds[i] = counters[i]->fd;
		ugvt_loop_add(*state, &counters[i]->watch, fds[i], EPOLLIN);
		eventfd_write(fds[i], 1);
	}
	counters[0]->victim = counters[1];
	counters[0]->survivor = counters[1]->survivor = &survivor;
	counters[1]->victim = counters[0];
	counters[1]->index = 1;
	assert_int_equal(ugvt_loop_step(*state, -1), 0);
	assert_int_equal(counters[survivor]->calls, 1);
	ugvt_loop_remove(*state, &counters[survivor]->watch);
	free(counters[survivor]);
	close(fds[0]);
	close(fds[1]);
}

static void test_timer(void **state)
{
	struct counter counter;

	counter_init(&counter, *state);
	assert_int_equal(ugvt_loop_timer_add(*state, &counter.timer), 0);
	assert_int_equal(ugvt_loop_step(*state, 0), 0);
	assert_int_equal(counter.calls, 0);
	/* A past time expires at once, and the handler sets it again. */
	ugvt_loop_timer_set(&counter.timer, 1);
	assert_int_equal(ugvt_loop_run(*state), 0);
	assert_int_equal(counter.calls, 3);
	/* Off, and far away. */
	ugvt_loop_timer_set(&counter.timer, 1);
	ugvt_loop_timer_set(&counter.timer, 0);
	ugvt_loop_step(*state, 0);
	ugvt_loop_timer_set(&counter.timer, UINT64_MAX / 2);
	ugvt_loop_step(*state, 0);
	assert_int_equal(counter.calls, 3);
	ugvt_loop_timer_remove(*state, &counter.timer);
	ugvt_loop_timer_remove(*state, &counter.timer);
	close(counter.fd);
}

/* A timer is never early. */
static void test_timer_not_early(void **state)
{
	struct counter counter;
	uint64_t at;

	counter_init(&counter, *state);
	counter.calls = 2;
	ugvt_loop_timer_add(*state, &counter.timer);
	at = ugvt_clock_ns() + 5 * UGVT_NS_PER_MS;
	ugvt_loop_timer_set(&counter.timer, at);
	assert_int_equal(ugvt_loop_run(*state), 0);
	assert_true(ugvt_clock_ns() >= at);
	ugvt_loop_timer_remove(*state, &counter.timer);
	close(counter.fd);
}

static void *loop_run(void *arg)
{
	return ugvt_loop_run(arg) == 0 ? arg : NULL;
}

static void test_stop_from_another_thread(void **state)
{
	pthread_t thread;
	void *ret;

	assert_int_equal(pthread_create(&thread, NULL, loop_run, *state), 0);
	ugvt_loop_stop(*state);
	pthread_join(thread, &ret);
	assert_ptr_equal(ret, *state);
	/* Before it runs counts too, once. */
	ugvt_loop_stop(*state);
	assert_int_equal(ugvt_loop_run(*state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_watch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_fd, setup, teardown),
		cmocka_unit_test_setup_teardown(test_remove_other, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_not_early, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stop_from_another_thread, setup, teardown),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
