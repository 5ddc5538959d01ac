/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "manager/birth.h"
#include "manager/state_file.h"

static const struct ugvt_uuid uuid = {"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"};

struct fixture {
	struct ugvt_run_dir run_dir;
	char path[PATH_MAX]; // of the state
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char dir[PATH_MAX];

	ugvt_log_init(UGVT_LOG_ERROR, NULL);
	strcpy(f->run_dir.path, "/tmp/ugvt-state.XXXXXX");
	assert_non_null(mkdtemp(f->run_dir.path));
	ugvt_run_dir_vgpu(&f->run_dir, &uuid, dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	ugvt_run_dir_state(&f->run_dir, &uuid, f->path);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char dir[PATH_MAX];

	ugvt_state_remove(&f->run_dir, &uuid);
	ugvt_run_dir_vgpu(&f->run_dir, &uuid, dir);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(rmdir(f->run_dir.path), 0);
	free(f);
	return 0;
}

static struct ugvt_state state_make(const struct ugvt_type *type)
{
	struct ugvt_state made = {
		.phase = UGVT_PHASE_STOPPING,
		.pid = 4711,
		.born = UINT64_C(1) << 40,
		.id = 7,
		.weight = 1000,
		.cap = 100,
		.type = *type,
	};

	ugvt_parent_config_init(&made.parent);
	made.parent.device = ugvt_device_at(1);
	return made;
}

static void what_is_written_is_read(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < UGVT_BUILTIN_TYPES; i++) {
		struct ugvt_state written = state_make(&ugvt_builtin_types[i]), read;
		struct stat st;

		assert_true(ugvt_state_write(&f->run_dir, &uuid, &written));
		assert_true(ugvt_state_exists(&f->run_dir, &uuid));
		assert_int_equal(stat(f->path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_true(ugvt_state_read(&f->run_dir, &uuid, &read));
		assert_int_equal(read.phase, written.phase);
		assert_int_equal(read.pid, written.pid);
		assert_true(read.born == written.born);
		assert_int_equal(read.id, written.id);
		assert_int_equal(read.weight, written.weight);
		assert_int_equal(read.cap, written.cap);
		assert_string_equal(read.parent.name, written.parent.name);
		assert_ptr_equal(read.parent.device, written.parent.device);
		assert_true(read.parent.aperture == written.parent.aperture);
		assert_true(read.parent.ggtt == written.parent.ggtt);
		assert_string_equal(read.type.id, written.type.id);
		assert_string_equal(read.type.name, written.type.name);
		assert_int_equal(read.type.direct, written.type.direct);
		assert_true(read.type.low_gm == written.type.low_gm);
		assert_true(read.type.high_gm == written.type.high_gm);
		assert_int_equal(read.type.fences, written.type.fences);
		assert_int_equal(read.type.width, written.type.width);
		assert_int_equal(read.type.deadline_s, written.type.deadline_s);
	}
}

/* Whatever is missing of it: none of its beginnings is a state, and no state of a manager that did not finish is read. */
static void half_a_state_is_none(void **state)
{
	struct fixture *f = *state;
	struct ugvt_state written = state_make(&ugvt_builtin_types[0]), found;
	char text[4096];
	ssize_t size;
	int fd;

	assert_false(ugvt_state_read(&f->run_dir, &uuid, &found));
	assert_true(ugvt_state_write(&f->run_dir, &uuid, &written));
	fd = open(f->path, O_RDWR);
	assert_true(fd >= 0);
	size = read(fd, text, sizeof(text));
	assert_in_range(size, 100, sizeof(text) - 1);
	while (size-- > 0) {
		assert_int_equal(ftruncate(fd, size), 0);
		assert_false(ugvt_state_read(&f->run_dir, &uuid, &found));
	}
	close(fd);
	ugvt_state_remove(&f->run_dir, &uuid);
	assert_false(ugvt_state_exists(&f->run_dir, &uuid));
}

static void births_tell_processes_apart(void **state)
{
	struct pollfd gone = {.events = POLLIN};
	pid_t child = fork();
	uint64_t born;

	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_true(child > 0);
	born = ugvt_birth_of(child);
	assert_true(born > 0);
	assert_true(born >= ugvt_birth_of(getpid()));
	assert_true(ugvt_birth_open(child, born + 1) < 0);
	assert_true(ugvt_birth_open(child, 0) < 0);
	gone.fd = ugvt_birth_open(child, born);
	assert_true(gone.fd >= 0);
	assert_int_equal(poll(&gone, 1, 0), 0);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(poll(&gone, 1, -1), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(gone.fd);
	assert_true(ugvt_birth_of(child) == 0);
	assert_true(ugvt_birth_open(child, born) < 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_is_read, begin, end),
		cmocka_unit_test_setup_teardown(half_a_state_is_none, begin, end),
		cmocka_unit_test(births_tell_processes_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
