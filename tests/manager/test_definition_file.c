/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "manager/definition_file.h"
#include "manager/definitions.h"

/*
 * System calls that write are counted, and one of them fails, or is where the power goes: what was not brought to the disk by
 * fsync() is lost then, as badly as it may be: a file is empty, a directory is as it was.
 */

static const struct ugvt_uuid uuid = {"c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81"};

enum mishap {
	NONE,
	CALL_FAILS,
	POWER_FAILS,
};

static struct {
	enum mishap mishap;
	int calls_left;            // until it happens
	int unsynced;              // file with data that is not on the disk; -1: none
	char renamed_to[PATH_MAX]; // not on the disk yet; "": nothing
	char old[PATH_MAX];        // what was there, kept by another name
	bool happened;
} world;

static void power_fail(void)
{
	if (world.unsynced >= 0 && ftruncate(world.unsynced, 0) < 0) {
		abort();
	}
	_exit(0);
}

/* true: the call is to fail. */
static bool call_begin(void)
{
	if (world.mishap == NONE || world.calls_left-- > 0) {
		return false;
	}
	world.happened = true;
	if (world.mishap == POWER_FAILS) {
		power_fail();
	}
	world.mishap = NONE;
	errno = EIO;
	return true;
}

ssize_t __real_write(int fd, const void *data, size_t size);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_mkdir(const char *path, mode_t mode);
int __real_mkostemp64(char *path, int flags);
int __real_fchmod(int fd, mode_t mode);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkostemp64(char *path, int flags);
int __wrap_fchmod(int fd, mode_t mode);

/* Half of it, as a full disk would do, or all. */
ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		if (call_begin()) {
			return -1;
		}
		if (size > 8) {
			size /= 2;
		}
		world.unsynced = fd;
	}
	return __real_write(fd, data, size);
}

int __wrap_fsync(int fd)
{
	struct stat st;

	if (call_begin()) {
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		world.unsynced = -1;
	}
	return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
	return call_begin() ? -1 : __real_rename(from, to);
}

int __wrap_unlink(const char *path)
{
	return call_begin() ? -1 : __real_unlink(path);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	return call_begin() ? -1 : __real_mkdir(path, mode);
}

int __wrap_mkostemp64(char *path, int flags)
{
	return call_begin() ? -1 : __real_mkostemp64(path, flags);
}

int __wrap_fchmod(int fd, mode_t mode)
{
	return call_begin() ? -1 : __real_fchmod(fd, mode);
}

struct fixture {
	char top[32];
	char dir[64];
	struct ugvt_failure failure;
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	world.mishap = NONE;
	world.unsynced = -1;
	strcpy(f->top, "/tmp/ugvt-defs.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	snprintf(f->dir, sizeof(f->dir), "%s/a/mdevctl.d", f->top);
	*state = f;
	return 0;
}

static void run(const char *format, const char *argument)
{
	char command[256];

	snprintf(command, sizeof(command), format, argument);
	assert_int_equal(system(command), 0);
}

static int end(void **state)
{
	struct fixture *f = *state;

	run("rm -rf '%s'", f->top);
	free(f);
	return 0;
}

static void definition_write(struct fixture *f, unsigned weight)
{
	struct ugvt_definition definition;

	ugvt_definition_init(&definition, &uuid, "0000:00:02.0", "i915-GVTg_V5_4");
	ugvt_definition_set_weight(&definition, weight);
	assert_true(ugvt_definition_write(&definition, f->dir, &f->failure));
	ugvt_definition_finish(&definition);
}

/* The weight of the only definition; 0: there is none. Nothing is ever broken. */
static unsigned weight_read(struct fixture *f)
{
	struct ugvt_definitions definitions;
	unsigned weight;

	ugvt_definitions_init(&definitions, f->dir);
	assert_int_equal(definitions.n_broken, 0);
	assert_in_range(definitions.n, 0, 1);
	weight = definitions.n ? definitions.at[0].weight : 0;
	ugvt_definitions_finish(&definitions);
	return weight;
}

static size_t files_count(struct fixture *f)
{
	char path[128];
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/0000:00:02.0", f->dir);
	dir = opendir(path);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	}
	if (dir) {
		closedir(dir);
	}
	return n;
}

/* In a child, since the power goes. true: the mishap came to pass. *ok: the function said that it worked. */
static bool attempt(struct fixture *f, enum mishap mishap, int call, bool *ok)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct ugvt_definition definition;
		bool done;

		ugvt_definition_init(&definition, &uuid, "0000:00:02.0", "i915-GVTg_V5_4");
		ugvt_definition_set_weight(&definition, 2);
		world.mishap = mishap;
		world.calls_left = call;
		done = ugvt_definition_write(&definition, f->dir, &f->failure);
		_exit(world.happened ? (done ? 2 : 1) : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	*ok = WEXITSTATUS(status) >= 2;
	return WEXITSTATUS(status) != 3;
}

/* old: weight of what was there, 0: nothing. */
static void mishaps_try(struct fixture *f, enum mishap mishap, unsigned old)
{
	bool happened = true;
	int calls;

	for (calls = 0; happened; calls++) {
		unsigned now;
		bool ok;

		run("rm -rf '%s'", f->dir);
		if (old) {
			definition_write(f, old);
		}
		happened = attempt(f, mishap, calls, &ok);
		now = weight_read(f);
		assert_true(now == old || now == 2);
		/* What was said to be done is done. */
		assert_true(!ok || now == 2);
		if (mishap == CALL_FAILS) {
			assert_int_equal(files_count(f), now ? 1 : 0);
		}
	}
	assert_true(calls > 5);
}

static void failures_leave_old_or_new(void **state)
{
	mishaps_try(*state, CALL_FAILS, 1);
	mishaps_try(*state, CALL_FAILS, 0);
}

static void power_cuts_leave_old_or_new(void **state)
{
	mishaps_try(*state, POWER_FAILS, 1);
	mishaps_try(*state, POWER_FAILS, 0);
}

static void modes_are_mdevctl_s(void **state)
{
	struct fixture *f = *state;
	mode_t mask = umask(077);
	char path[PATH_MAX];
	struct stat st;

	definition_write(f, 1);
	umask(mask);
	snprintf(path, sizeof(path), "%s/0000:00:02.0/%s", f->dir, uuid.text);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(chmod(path, 0600), 0);
	definition_write(f, 3);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	*strrchr(path, '/') = '\0';
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
}

static void what_is_left_is_cleaned(void **state)
{
	struct fixture *f = *state;
	bool ok;

	/* While the name is not there yet, and not known to be old. */
	definition_write(f, 1);
	for (int calls = 0; files_count(f) == 1; calls++) {
		assert_true(attempt(f, POWER_FAILS, calls, &ok));
	}
	assert_int_equal(files_count(f), 2);
	ugvt_definitions_clean(f->dir);
	assert_int_equal(files_count(f), 2);
	run("touch -d '1 hour ago' '%s'/0000:00:02.0/.c1*", f->dir);
	ugvt_definitions_clean(f->dir);
	assert_int_equal(files_count(f), 1);
	assert_int_equal(weight_read(f), 1);
}

static void broken_files_are_named_and_left(void **state)
{
	static const char *const commands[] = {
		"mkdir '%s'/0000:00:02.0/11111111-0000-4000-8000-000000000001",
		"mkfifo '%s'/0000:00:02.0/11111111-0000-4000-8000-000000000002",
		"ln -s /nonexistent '%s'/0000:00:02.0/11111111-0000-4000-8000-000000000003",
		"head -c 100000 /dev/zero >'%s'/0000:00:02.0/11111111-0000-4000-8000-000000000004",
		": >'%s'/0000:00:02.0/11111111-0000-4000-8000-000000000005",
		"ln -s /dev/zero '%s'/0000:00:02.0/11111111-0000-4000-8000-000000000006",
	};
	struct fixture *f = *state;
	struct ugvt_definitions definitions;

	definition_write(f, 1);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		run(commands[i], f->dir);
	}
	run("cd '%s' && echo x >file && mkdir -p scripts.d/callouts .hidden 'a b' && echo x >0000:00:02.0/notes",
		f->dir);
	ugvt_definitions_init(&definitions, f->dir);
	assert_int_equal(definitions.n, 1);
	assert_int_equal(definitions.n_broken, 6);
	for (size_t i = 0; i < definitions.n_broken; i++) {
		const struct ugvt_broken_definition *broken = &definitions.broken[i];

		assert_string_equal(broken->parent, "0000:00:02.0");
		assert_true(broken->reason[0] != '\0');
		assert_null(ugvt_definitions_find(&definitions, &broken->uuid, NULL, &f->failure));
		assert_int_equal(f->failure.code, UGVT_FAILURE_INVALID);
		assert_non_null(strstr(f->failure.text, broken->reason));
	}
	ugvt_definitions_finish(&definitions);
	assert_int_equal(files_count(f), 8);
}

static void the_same_on_two_parents(void **state)
{
	struct fixture *f = *state;
	struct ugvt_definitions definitions;
	struct ugvt_definition other, *found;

	definition_write(f, 1);
	ugvt_definition_init(&other, &uuid, "second", "b");
	assert_true(ugvt_definition_write(&other, f->dir, &f->failure));
	ugvt_definitions_init(&definitions, f->dir);
	assert_int_equal(definitions.n, 2);
	assert_null(ugvt_definitions_find(&definitions, &uuid, NULL, &f->failure));
	assert_non_null(strstr(f->failure.text, "0000:00:02.0 and on second"));
	found = ugvt_definitions_find(&definitions, &uuid, "second", &f->failure);
	assert_non_null(found);
	assert_string_equal(found->type, "b");
	assert_null(ugvt_definitions_find(&definitions, &uuid, "third", &f->failure));
	assert_int_equal(f->failure.code, UGVT_FAILURE_NOT_FOUND);
	assert_true(ugvt_definition_remove(&other, f->dir, &f->failure));
	assert_false(ugvt_definition_remove(&other, f->dir, &f->failure));
	ugvt_definitions_finish(&definitions);
	ugvt_definition_finish(&other);
	assert_int_equal(weight_read(f), 1);
	ugvt_definitions_init(&definitions, "");
	assert_int_equal(definitions.n, 0);
	ugvt_definitions_finish(&definitions);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(failures_leave_old_or_new, begin, end),
		cmocka_unit_test_setup_teardown(power_cuts_leave_old_or_new, begin, end),
		cmocka_unit_test_setup_teardown(modes_are_mdevctl_s, begin, end),
		cmocka_unit_test_setup_teardown(what_is_left_is_cleaned, begin, end),
		cmocka_unit_test_setup_teardown(broken_files_are_named_and_left, begin, end),
		cmocka_unit_test_setup_teardown(the_same_on_two_parents, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
