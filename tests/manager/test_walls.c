/* SPDX-License-Identifier: MIT */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "manager/walls.h"

/* A process that has erected a wall, or has not, and waits. */
static pid_t process_begin(void (*erect)(void))
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (erect) {
			erect();
		}
		if (write(ready[1], "", 1) == 1) {
			pause();
		}
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void process_end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static struct ugvt_walls verify(void (*erect)(void), bool claim)
{
	pid_t pid = process_begin(erect);
	struct ugvt_walls walls;

	for (unsigned i = 0; i < UGVT_WALL_COUNT; i++) {
		walls.stands[i] = claim;
	}
	ugvt_walls_verify(&walls, pid);
	process_end(pid);
	return walls;
}

static void no_new_privileges(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void memory_limit(void)
{
	static const struct rlimit limit = {UINT64_C(1) << 40, UINT64_C(1) << 40};

	setrlimit(RLIMIT_DATA, &limit);
}

static void network(void)
{
	unshare(CLONE_NEWNET);
}

static void claims_are_corrected(void **state)
{
	struct ugvt_walls walls = verify(NULL, true);

	assert_int_equal(walls.stands[UGVT_WALL_SECCOMP], prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2);
	assert_false(walls.stands[UGVT_WALL_MEMORY_LIMIT]);
	assert_false(walls.stands[UGVT_WALL_NO_NETWORK]);
	assert_false(walls.stands[UGVT_WALL_OWN_IPC]);
	assert_false(walls.stands[UGVT_WALL_EMPTY_ROOT]);
	/* The kernel does not tell. */
	assert_true(walls.stands[UGVT_WALL_LANDLOCK]);
}

static void facts_count(void **state)
{
	assert_true(verify(no_new_privileges, false).stands[UGVT_WALL_NO_NEW_PRIVILEGES]);
	assert_true(verify(memory_limit, true).stands[UGVT_WALL_MEMORY_LIMIT]);
	/* Only a worker's claim makes a limit the right one. */
	assert_false(verify(memory_limit, false).stands[UGVT_WALL_MEMORY_LIMIT]);
	if (geteuid() == 0) {
		assert_false(verify(NULL, true).stands[UGVT_WALL_NO_CAPABILITIES]);
	}
}

static void other_networks_are_seen(void **state)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		_exit(unshare(CLONE_NEWNET) == 0 ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	if (status != 0) {
		skip();
	}
	assert_true(verify(network, true).stands[UGVT_WALL_NO_NETWORK]);
}

/* Of one that is gone nothing is known, and it does no harm. */
static void nobody(void **state)
{
	struct ugvt_walls walls = {.stands[UGVT_WALL_LANDLOCK] = true};
	pid_t pid = process_begin(NULL);

	process_end(pid);
	ugvt_walls_verify(&walls, pid);
	assert_true(walls.stands[UGVT_WALL_LANDLOCK]);
	assert_false(walls.stands[UGVT_WALL_SECCOMP]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims_are_corrected),
		cmocka_unit_test(facts_count),
		cmocka_unit_test(other_networks_are_seen),
		cmocka_unit_test(nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
