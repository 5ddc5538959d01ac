/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "schedule/page.h"
#include "schedule/turn.h"

/* The worker's side; the test is the arbiter. */

struct fixture {
	struct ugvt_turns *turns;
	struct ugvt_turn_page *page;
	int page_fd, doorbell_fd;
	pthread_t thread;
	bool granted;    // what the thread got
	pthread_t heart; // shows that there is an arbiter, however slow the test is
	atomic_bool beating;
};

static void *heart_main(void *arg)
{
	struct fixture *fixture = arg;

	while (atomic_load(&fixture->beating)) {
		atomic_fetch_add(&fixture->page->pulse, 1);
		nanosleep(&(struct timespec){0, 10000000}, NULL);
	}
	return NULL;
}

static void heart_stop(struct fixture *fixture)
{
	if (atomic_exchange(&fixture->beating, false)) {
		pthread_join(fixture->heart, NULL);
	}
}

static int setup(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){.turns = ugvt_turns_create()};
	assert_non_null(fixture.turns);
	fixture.page_fd = ugvt_turn_page_create();
	fixture.doorbell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_int_equal(ugvt_turn_page_map(fixture.page_fd, &fixture.page), 0);
	atomic_store(&fixture.beating, true);
	assert_int_equal(pthread_create(&fixture.heart, NULL, heart_main, &fixture), 0);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	heart_stop(fixture);
	ugvt_turns_destroy(fixture->turns);
	ugvt_turn_page_unmap(fixture->page);
	close(fixture->page_fd);
	close(fixture->doorbell_fd);
	return 0;
}

static void govern(struct fixture *fixture)
{
	assert_int_equal(
		ugvt_turns_govern(fixture->turns, dup(fixture->page_fd), dup(fixture->doorbell_fd)),
		0);
}

static struct ugvt_turn_word *word(struct fixture *fixture)
{
	return &fixture->page->engines[UGVT_RCS];
}

static void *waiter_main(void *arg)
{
	struct fixture *fixture = arg;

	fixture->granted = ugvt_turn_wait(fixture->turns, UGVT_RCS);
	return NULL;
}

static void state_wait(struct ugvt_turn_word *of, enum ugvt_turn_state state)
{
	for (unsigned i = 0; atomic_load(&of->state) != state; i++) {
		assert_true(i < 60000);
		nanosleep(&(struct timespec){0, 500000}, NULL);
	}
}

static void waiter_start(struct fixture *fixture)
{
	assert_int_equal(pthread_create(&fixture->thread, NULL, waiter_main, fixture), 0);
	state_wait(word(fixture), UGVT_TURN_WANTED);
}

static bool waiter_end(struct fixture *fixture)
{
	pthread_join(fixture->thread, NULL);
	return fixture->granted;
}

static uint64_t rings(struct fixture *fixture)
{
	uint64_t count;

	return read(fixture->doorbell_fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

static void grant(struct fixture *fixture, uint64_t until_ns)
{
	atomic_store(&word(fixture)->until_ns, until_ns);
	assert_true(ugvt_turn_word_change(word(fixture), UGVT_TURN_WANTED, UGVT_TURN_RUNNING));
	ugvt_turn_word_wake(word(fixture));
}

static void test_ungoverned(void **state)
{
	struct fixture *fixture = *state;

	assert_true(ugvt_turn_try(fixture->turns, UGVT_RCS));
	assert_false(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, true);
	assert_true(ugvt_turn_wait(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, false);
}

static void test_grant_and_lease(void **state)
{
	struct fixture *fixture = *state;

	govern(fixture);
	assert_false(ugvt_turn_try(fixture->turns, UGVT_RCS));
	waiter_start(fixture);
	grant(fixture, UGVT_TURN_ENDLESS);
	assert_true(waiter_end(fixture));
	assert_true(rings(fixture) > 0);
	assert_false(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	/* Nobody else: idle and back without a ring. */
	ugvt_turn_end(fixture->turns, UGVT_RCS, false);
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_LEASE);
	assert_true(ugvt_turn_try(fixture->turns, UGVT_RCS));
	assert_int_equal(rings(fixture), 0);
	/* Somebody else: the slice has an end, and the engine goes back with a ring. */
	atomic_store(&word(fixture)->until_ns, 1);
	assert_true(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, true);
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_WANTED);
	assert_int_equal(rings(fixture), 1);
	grant(fixture, ugvt_clock_ns() + 1000 * UGVT_NS_PER_S);
	assert_true(ugvt_turn_wait(fixture->turns, UGVT_RCS));
	assert_false(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, false);
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_NONE);
	assert_int_equal(rings(fixture), 1);
}

static void test_lease_taken_away(void **state)
{
	struct fixture *fixture = *state;

	govern(fixture);
	waiter_start(fixture);
	grant(fixture, UGVT_TURN_ENDLESS);
	assert_true(waiter_end(fixture));
	ugvt_turn_end(fixture->turns, UGVT_RCS, false);
	assert_true(ugvt_turn_word_change(word(fixture), UGVT_TURN_LEASE, UGVT_TURN_NONE));
	assert_false(ugvt_turn_try(fixture->turns, UGVT_RCS));
}

static void test_cancel(void **state)
{
	struct fixture *fixture = *state;

	govern(fixture);
	waiter_start(fixture);
	ugvt_turn_cancel(fixture->turns, UGVT_RCS);
	assert_false(waiter_end(fixture));
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_NONE);
	assert_false(ugvt_turn_wait(fixture->turns, UGVT_RCS));
}

static void test_ungovern_while_waiting(void **state)
{
	struct fixture *fixture = *state;

	govern(fixture);
	waiter_start(fixture);
	ugvt_turns_ungovern(fixture->turns);
	assert_true(waiter_end(fixture));
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_NONE);
	assert_false(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
}

/* One that runs gives up its turn to a new arbiter, and asks that for the next. */
static void test_govern_while_running(void **state)
{
	struct fixture *fixture = *state;

	assert_true(ugvt_turn_try(fixture->turns, UGVT_RCS));
	govern(fixture);
	assert_true(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, true);
	assert_false(ugvt_turn_try(fixture->turns, UGVT_RCS));
	waiter_start(fixture);
	grant(fixture, UGVT_TURN_ENDLESS);
	assert_true(waiter_end(fixture));

	ugvt_turns_ungovern(fixture->turns);
	assert_true(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, true);
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_NONE);
	assert_true(ugvt_turn_wait(fixture->turns, UGVT_RCS));
}

/* An arbiter that does not even look does not stop anybody; when it is back, it governs. */
static void test_dead_arbiter(void **state)
{
	struct fixture *fixture = *state;

	heart_stop(fixture);
	govern(fixture);
	assert_true(ugvt_turn_wait(fixture->turns, UGVT_RCS));
	assert_int_equal(atomic_load(&word(fixture)->state), UGVT_TURN_NONE);
	assert_false(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, false);
	assert_true(ugvt_turn_try(fixture->turns, UGVT_RCS));
	atomic_fetch_add(&fixture->page->pulse, 1);
	assert_true(ugvt_turn_is_due(fixture->turns, UGVT_RCS));
	ugvt_turn_end(fixture->turns, UGVT_RCS, true);
	assert_false(ugvt_turn_try(fixture->turns, UGVT_RCS));
	waiter_start(fixture);
	grant(fixture, UGVT_TURN_ENDLESS);
	assert_true(waiter_end(fixture));
}

static void test_bad_page(void **state)
{
	struct fixture *fixture = *state;
	int fd = memfd_create("bad", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int fds[2];

	/* Could shrink; and has the wrong size; and is no memory at all. */
	assert_int_equal(ftruncate(fd, UGVT_TURN_PAGE_BYTES), 0);
	assert_int_equal(ugvt_turns_govern(fixture->turns, dup(fd), dup(0)), -EINVAL);
	assert_int_equal(ftruncate(fd, UGVT_TURN_PAGE_BYTES / 2), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
	assert_int_equal(ugvt_turns_govern(fixture->turns, fd, dup(0)), -EINVAL);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(ugvt_turns_govern(fixture->turns, fds[0], fds[1]), -EINVAL);
	assert_true(ugvt_turn_try(fixture->turns, UGVT_RCS));
	/* One of ours can't be changed any more. */
	assert_int_equal(ftruncate(fixture->page_fd, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ungoverned, setup, teardown),
		cmocka_unit_test_setup_teardown(test_grant_and_lease, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lease_taken_away, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ungovern_while_waiting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_govern_while_running, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dead_arbiter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_page, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
