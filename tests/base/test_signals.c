/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/signals.h"

struct owner {
	struct ugvt_signals signals;
	int last;
	unsigned count;
};

static void handle_signal(struct ugvt_signals *signals, int number)
{
	struct owner *owner = ugvt_container_of(signals, struct owner, signals);

	owner->last = number;
	owner->count++;
}

static void test_signals_come_to_the_loop(void **state)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	struct owner owner = {.signals.handle_signal = handle_signal};
	struct ugvt_loop *loop = ugvt_loop_create();

	assert_int_equal(ugvt_signals_init(&owner.signals, loop), 0);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(numbers); i++) {
		kill(getpid(), numbers[i]);
		assert_int_equal(owner.count, i);
		assert_int_equal(ugvt_loop_step(loop, 10000), 0);
		assert_int_equal(owner.count, i + 1);
		assert_int_equal(owner.last, numbers[i]);
	}
	ugvt_signals_finish(&owner.signals);
	/* Blocked, and nobody's any more. */
	kill(getpid(), SIGHUP);
	assert_int_equal(ugvt_loop_step(loop, 0), 0);
	assert_int_equal(owner.count, UGVT_ARRAY_SIZE(numbers));
	ugvt_loop_destroy(loop);
}

static void test_broken_pipe_is_no_end(void **state)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(write(fds[1], "", 1), -1);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_come_to_the_loop),
		cmocka_unit_test(test_broken_pipe_is_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
