/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/log.h"
#include "control/worker_config.h"
#include "tests/worker/forbidden.h"
#include "worker/landlock.h"
#include "worker/limits.h"
#include "worker/namespaces.h"
#include "worker/privileges.h"
#include "worker/walls.h"

/*
 * What walls are for, tried from inside: in a process of its own each, once behind walls, where it must be refused, and
 * once without, where it must not be, or not for that reason. And each wall alone, since they overlap.
 */

/* How a process ended: as its wait status says, or what the attempt failed with. */
struct outcome {
	int signal;
	int error; // 0: it succeeded
};

/* Behind what the child tries it. Not 0 if that could not be set up. */
typedef int (*prepare_fn)(void);

static struct outcome outcome_wait(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		return (struct outcome){.signal = WTERMSIG(status)};
	}
	return (struct outcome){.error = WEXITSTATUS(status)};
}

#define NOT_PREPARED 255

static struct outcome outcome_of(prepare_fn prepare, long (*attempt)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int ready = prepare ? prepare() : 0;
		long ret;

		if (ready != 0) {
			_exit(NOT_PREPARED);
		}
		errno = 0;
		ret = attempt();
		_exit(ret < 0 ? errno : 0);
	}
	return outcome_wait(pid);
}

static int walls_prepare(void)
{
	static const struct ugvt_worker_config config = {
		.low_gm = 128 << 20, .high_gm = 512 << 20, .width = 1920, .height = 1200};
	struct ugvt_walls walls;

	if (!ugvt_walls_erect(&walls)) {
		return -1;
	}
	ugvt_walls_limit_memory(&walls, ugvt_worker_memory_limit(&config));
	return 0;
}

/* Who has few privileges is refused some things by the kernel, in the same way. */
static bool privileged(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	return data[0].effective & 1u << CAP_SYS_ADMIN;
}

static bool forbidden_check(const struct ugvt_forbidden *forbidden)
{
	struct outcome behind = outcome_of(walls_prepare, forbidden->attempt);
	struct outcome without = outcome_of(NULL, forbidden->attempt);
	bool refused = forbidden->error == UGVT_FORBIDDEN_DIES
			       ? behind.signal == SIGSYS
			       : behind.signal == 0 && behind.error == forbidden->error;
	bool differs = without.signal != behind.signal || without.error != behind.error ||
		       (behind.error == EPERM && !privileged());

	if (refused && differs) {
		return true;
	}
	print_error("%s: behind walls signal %d, %s; without signal %d, %s\n", forbidden->name,
		behind.signal, strerror(behind.error), without.signal, strerror(without.error));
	return false;
}

static void test_forbidden(void **state)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < ugvt_forbidden_count; i++) {
		wrong += !forbidden_check(&ugvt_forbidden[i]);
	}
	assert_int_equal(wrong, 0);
}

static void *thread_run(void *argument)
{
	prctl(PR_SET_NAME, "thread", 0, 0, 0);
	return argument;
}

/* The wall that stands too near would stop a worker from its work. */
static long work(void)
{
	uint64_t one = 1;
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	void *memory = malloc(64 << 20);
	pthread_t threads[8];

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(threads); i++) {
		if (pthread_create(&threads[i], NULL, thread_run, NULL) != 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	if (event < 0 || timer < 0 || !memory || write(event, &one, sizeof(one)) != sizeof(one)) {
		return -1;
	}
	memset(memory, 1, 64 << 20);
	memory = realloc(memory, 96 << 20);
	return memory && kill(getpid(), 0) == 0 ? 0 : -1;
}

static void test_work(void **state)
{
	struct outcome outcome = outcome_of(walls_prepare, work);

	assert_int_equal(outcome.signal, 0);
	assert_int_equal(outcome.error, 0);
}

static long die(void)
{
	abort();
}

/* What goes wrong in a worker is told apart from what is forbidden. */
static void test_abort(void **state)
{
	assert_int_equal(outcome_of(walls_prepare, die).signal, SIGABRT);
}

/* Each wall alone */

static int namespaces_prepare(void)
{
	struct ugvt_walls walls = {0};

	ugvt_namespaces_enter(&walls);
	return walls.stands[UGVT_WALL_EMPTY_ROOT] && walls.stands[UGVT_WALL_NO_NETWORK] ? 0 : -1;
}

static long file_open(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static long process_open(void)
{
	return open("/proc/self/maps", O_RDONLY);
}

static long file_create(void)
{
	return open("/new", O_CREAT | O_WRONLY, 0600);
}

static long root_list(void)
{
	const struct dirent *entry;
	DIR *dir = chdir("../..") == 0 ? opendir(".") : NULL;

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			errno = EEXIST;
			return -1;
		}
	}
	return dir ? 0 : -1;
}

static long machine_reach(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(9),
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return connect(fd, (void *)&address, sizeof(address));
}

static void test_namespaces(void **state)
{
	if (outcome_of(namespaces_prepare, work).error == NOT_PREPARED) {
		skip();
	}
	assert_int_equal(outcome_of(NULL, file_open).error, 0);
	assert_int_equal(outcome_of(namespaces_prepare, file_open).error, ENOENT);
	assert_int_equal(outcome_of(namespaces_prepare, process_open).error, ENOENT);
	assert_int_equal(outcome_of(namespaces_prepare, file_create).error, EROFS);
	assert_int_equal(outcome_of(NULL, root_list).error, EEXIST);
	assert_int_equal(outcome_of(namespaces_prepare, root_list).error, 0);
	assert_int_equal(outcome_of(NULL, machine_reach).error, 0);
	assert_int_equal(outcome_of(namespaces_prepare, machine_reach).error, ENETUNREACH);
}

static int landlock_prepare(void)
{
	return ugvt_privileges_refuse_new() && ugvt_landlock_restrict() ? 0 : -1;
}

static long new_privileges_get(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : -1;
}

static void test_landlock(void **state)
{
	if (outcome_of(landlock_prepare, new_privileges_get).error == NOT_PREPARED) {
		skip();
	}
	assert_int_equal(outcome_of(landlock_prepare, file_open).error, EACCES);
	assert_int_equal(outcome_of(landlock_prepare, file_create).error, EACCES);
	assert_int_equal(outcome_of(landlock_prepare, root_list).error, EACCES);
}

static int capabilities_prepare(void)
{
	return ugvt_privileges_drop_capabilities() ? 0 : -1;
}

static long network_leave(void)
{
	return unshare(CLONE_NEWNET);
}

static long capabilities_run(void)
{
	/* Running a program gives a user who is root all that the bounding set has: nothing. */
	execl("/bin/sh", "sh", "-c", "grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status", NULL);
	return -1;
}

static void test_capabilities(void **state)
{
	assert_int_equal(outcome_of(capabilities_prepare, network_leave).error, EPERM);
	assert_int_equal(outcome_of(capabilities_prepare, capabilities_run).error, 0);
}

static int memory_prepare(void)
{
	return ugvt_limits_set_memory(64 << 20) ? 0 : -1;
}

static long memory_take(void)
{
	return mmap(NULL, 65 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED
		       ? -1
		       : 0;
}

static long limit_raise(void)
{
	static const struct rlimit more = {128 << 20, 128 << 20};

	if (!ugvt_privileges_drop_capabilities()) {
		return 0;
	}
	return setrlimit(RLIMIT_DATA, &more);
}

static void test_memory(void **state)
{
	assert_int_equal(outcome_of(NULL, memory_take).error, 0);
	assert_int_equal(outcome_of(memory_prepare, memory_take).error, ENOMEM);
	assert_int_equal(outcome_of(memory_prepare, limit_raise).error, EPERM);
}

/* Kernels and containers that know less */

static int without(const int *calls, size_t n, int error)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < n; i++) {
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), calls[i], 0);
	}
	if (ret == 0) {
		ret = seccomp_load(filter);
	}
	seccomp_release(filter);
	return ret;
}

static int little_prepare(void)
{
	static const int calls[] = {
		SCMP_SYS(unshare), SCMP_SYS(landlock_create_ruleset), SCMP_SYS(mount)};

	return without(calls, UGVT_ARRAY_SIZE(calls), EPERM);
}

/* 0 if it stands as it should without namespaces and Landlock. */
static long little_erect(void)
{
	struct ugvt_walls walls;
	bool ok;

	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	ok = ugvt_walls_erect(&walls) && walls.stands[UGVT_WALL_SECCOMP] &&
	     walls.stands[UGVT_WALL_STRICT_FILTER] && walls.stands[UGVT_WALL_NO_CAPABILITIES] &&
	     !walls.stands[UGVT_WALL_EMPTY_ROOT] && !walls.stands[UGVT_WALL_LANDLOCK] &&
	     !walls.stands[UGVT_WALL_NO_NETWORK] && !walls.stands[UGVT_WALL_OWN_IPC];
	errno = EINVAL;
	return ok && file_open() < 0 && errno == EPERM ? 0 : -1;
}

static void test_optional(void **state)
{
	struct outcome outcome = outcome_of(little_prepare, little_erect);

	assert_int_equal(outcome.signal, 0);
	assert_int_equal(outcome.error, 0);
}

static int no_seccomp_prepare(void)
{
	static const int calls[] = {SCMP_SYS(seccomp)};

	return without(calls, UGVT_ARRAY_SIZE(calls), EINVAL);
}

static int no_capset_prepare(void)
{
	static const int calls[] = {SCMP_SYS(capset)};

	return without(calls, UGVT_ARRAY_SIZE(calls), EPERM);
}

/* 0 if a worker would start. */
static long mandatory_erect(void)
{
	struct ugvt_walls walls;

	errno = ENOTSUP;
	close(STDERR_FILENO);
	if (ugvt_walls_erect(&walls)) {
		return 0;
	}
	errno = ENOTSUP;
	return -1;
}

static void test_mandatory(void **state)
{
	assert_int_equal(outcome_of(NULL, mandatory_erect).error, 0);
	assert_int_equal(outcome_of(no_seccomp_prepare, mandatory_erect).error, ENOTSUP);
	assert_int_equal(outcome_of(no_capset_prepare, mandatory_erect).error, ENOTSUP);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forbidden),
		cmocka_unit_test(test_work),
		cmocka_unit_test(test_abort),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_landlock),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_optional),
		cmocka_unit_test(test_mandatory),
	};

	return cmocka_run_group_tests_name("walls", tests, NULL, NULL);
}
