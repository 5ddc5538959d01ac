/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "manager/home.h"

static const struct ugvt_uuid uuid = {"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"};

struct fixture {
	char top[32];
	struct ugvt_run_dir run_dir;
	struct ugvt_home home;
	struct ugvt_failure failure;
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	strcpy(f->top, "/tmp/ugvt-home.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	snprintf(f->run_dir.path, sizeof(f->run_dir.path), "%s/run", f->top);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(rmdir(f->run_dir.path), 0);
	assert_int_equal(rmdir(f->top), 0);
	free(f);
	return 0;
}

static bool vgpu_path_exists(struct fixture *f)
{
	char path[PATH_MAX];

	ugvt_run_dir_vgpu(&f->run_dir, &uuid, path);
	return access(path, F_OK) == 0;
}

static void one_manager_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct ugvt_home second;
	char expected[64];

	assert_true(ugvt_home_init(&f->home, &f->run_dir, &f->failure));
	assert_false(ugvt_home_init(&second, &f->run_dir, &f->failure));
	assert_int_equal(f->failure.code, UGVT_FAILURE_IN_USE);
	snprintf(expected, sizeof(expected), "process %d", (int)getpid());
	assert_non_null(strstr(f->failure.text, expected));
	ugvt_home_finish(&f->home);
	assert_true(ugvt_home_init(&second, &f->run_dir, &f->failure));
	ugvt_home_finish(&second);
}

static void open_directories_are_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkdir(f->run_dir.path, 0700), 0);
	assert_int_equal(chmod(f->run_dir.path, 0777), 0);
	assert_false(ugvt_home_init(&f->home, &f->run_dir, &f->failure));
	assert_int_equal(f->failure.code, UGVT_FAILURE_DENIED);
	assert_non_null(strstr(f->failure.text, "chmod 700"));
	assert_int_equal(chmod(f->run_dir.path, 0755), 0);
	assert_true(ugvt_home_init(&f->home, &f->run_dir, &f->failure));
	ugvt_home_finish(&f->home);
}

static void missing_and_odd_directories_are_refused(void **state)
{
	struct fixture *f = *state;
	struct ugvt_run_dir run_dir = {"/nonexistent/ugvt"};

	assert_int_equal(mkdir(f->run_dir.path, 0700), 0);
	assert_false(ugvt_home_init(&f->home, &run_dir, &f->failure));
	assert_non_null(strstr(f->failure.text, "/nonexistent/ugvt"));
	strcpy(run_dir.path, "/dev/null");
	assert_false(ugvt_home_init(&f->home, &run_dir, &f->failure));
	assert_int_equal(f->failure.code, UGVT_FAILURE_DENIED);
}

/* RUN/UUID/control takes 45 bytes of the 107. */
static void long_paths_are_found_at_start(void **state)
{
	struct fixture *f = *state;
	struct ugvt_run_dir run_dir;
	int room = 62 - (int)strlen(f->run_dir.path) - 1;

	assert_int_equal(mkdir(f->run_dir.path, 0700), 0);
	for (int extra = 0; extra < 2; extra++) {
		snprintf(run_dir.path, sizeof(run_dir.path), "%s/%0*d", f->run_dir.path,
			room + extra, 0);
		assert_int_equal(ugvt_home_init(&f->home, &run_dir, &f->failure), extra == 0);
		if (extra == 0) {
			ugvt_home_finish(&f->home);
		} else {
			assert_int_equal(f->failure.code, UGVT_FAILURE_INVALID);
			assert_non_null(strstr(f->failure.text, "108 bytes"));
		}
		rmdir(run_dir.path);
	}
}

static void live_is_told_from_stale(void **state)
{
	struct fixture *f = *state;
	struct ugvt_home_fds fds, again;
	struct stat st;
	char path[PATH_MAX];
	int pid;

	assert_true(ugvt_home_init(&f->home, &f->run_dir, &f->failure));
	assert_true(ugvt_home_vgpu_begin(&f->home, &uuid, &fds, &f->failure));
	ugvt_home_vgpu_set_pid(&f->home, &uuid, 4711);
	/* Who holds it may not write what others believe. */
	assert_int_equal(write(fds.lock, "1", 1), -1);
	ugvt_run_dir_vfio(&f->run_dir, &uuid, path);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	/* The manager dies, the worker (here: the lock) lives. */
	ugvt_home_finish(&f->home);
	assert_true(ugvt_home_init(&f->home, &f->run_dir, &f->failure));
	assert_true(ugvt_home_vgpu_lives(&f->home, &uuid, &pid));
	assert_int_equal(pid, 4711);
	assert_false(ugvt_home_vgpu_begin(&f->home, &uuid, &again, &f->failure));
	assert_int_equal(f->failure.code, UGVT_FAILURE_IN_USE);
	assert_non_null(strstr(f->failure.text, "process 4711"));
	assert_int_equal(access(path, F_OK), 0);
	ugvt_home_finish(&f->home);
	/* Now both are dead. */
	ugvt_home_fds_close(&fds);
	assert_true(ugvt_home_init(&f->home, &f->run_dir, &f->failure));
	assert_false(ugvt_home_vgpu_lives(&f->home, &uuid, &pid));
	assert_true(ugvt_home_vgpu_begin(&f->home, &uuid, &fds, &f->failure));
	ugvt_home_fds_close(&fds);
	ugvt_home_vgpu_end(&f->home, &uuid);
	assert_false(vgpu_path_exists(f));
	ugvt_home_finish(&f->home);
}

static void run_dir_has_a_default(void **state)
{
	struct fixture *f = *state;
	struct ugvt_run_dir run_dir;
	char cwd[PATH_MAX];

	assert_int_equal(mkdir(f->run_dir.path, 0700), 0);
	assert_int_equal(setenv("UGVT_RUN_DIR", "/some/where/", 1), 0);
	assert_true(ugvt_run_dir_find(&run_dir, NULL, &f->failure));
	assert_string_equal(run_dir.path, "/some/where");
	assert_true(ugvt_run_dir_find(&run_dir, "relative", &f->failure));
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_memory_equal(run_dir.path, cwd, strlen(cwd));
	assert_string_equal(run_dir.path + strlen(cwd), "/relative");
	assert_false(ugvt_run_dir_find(&run_dir, "", &f->failure));
	unsetenv("UGVT_RUN_DIR");
	setenv("XDG_RUNTIME_DIR", "/run/user/1", 1);
	assert_true(ugvt_run_dir_find(&run_dir, NULL, &f->failure));
	assert_string_equal(run_dir.path, geteuid() == 0 ? "/run/ugvt" : "/run/user/1/ugvt");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_manager_at_a_time, begin, end),
		cmocka_unit_test_setup_teardown(open_directories_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(
			missing_and_odd_directories_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(long_paths_are_found_at_start, begin, end),
		cmocka_unit_test_setup_teardown(live_is_told_from_stale, begin, end),
		cmocka_unit_test_setup_teardown(run_dir_has_a_default, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
