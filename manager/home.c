/* SPDX-License-Identifier: MIT */
#include "manager/home.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "control/socket.h"
#include "manager/state_file.h"

#define LOCK_TRIES 200
#define LOCK_PAUSE_MS 10

static bool dir_check(const char *path, struct ugvt_failure *failure)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		return ugvt_fail(
			failure, UGVT_FAILURE_DENIED, "the run directory %s is no directory", path);
	}
	if (st.st_uid != geteuid()) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED,
			"the run directory %s belongs to user %u: name one of your own with --run-dir",
			path, (unsigned)st.st_uid);
	}
	if (st.st_mode & (S_IWGRP | S_IWOTH)) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED,
			"others may write to the run directory %s: run 'chmod 700 %s', or name another "
			"one with --run-dir",
			path, path);
	}
	return true;
}

static bool dir_make(
	struct ugvt_home *home, const struct ugvt_run_dir *run_dir, struct ugvt_failure *failure)
{
	if (mkdir(run_dir->path, 0700) < 0 && errno != EEXIST) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED,
			"can't make the run directory %s: %s; name another one with --run-dir",
			run_dir->path, strerror(errno));
	}
	if (!realpath(run_dir->path, home->run_dir.path)) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't use the run directory %s: %s",
			run_dir->path, strerror(errno));
	}
	return dir_check(home->run_dir.path, failure);
}

static bool paths_check(const struct ugvt_home *home, struct ugvt_failure *failure)
{
	static const struct ugvt_uuid any = {"00000000-0000-0000-0000-000000000000"};
	char path[PATH_MAX];

	/* The longer one of the two. */
	ugvt_run_dir_worker(&home->run_dir, &any, path);
	return ugvt_socket_path_check(path, failure);
}

/* What a lock file says; 0 if nothing. */
static int pid_read(int fd)
{
	char text[32] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ? atoi(text) : 0;
}

/* For people and for messages only: the lock is what counts. */
static void pid_write(const char *path, int pid)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || dprintf(fd, "%d\n", pid) < 0) {
		ugvt_warn("can't write a process id to %s: %s", path, strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
}

/* A locked descriptor of path, for reading; -1 and in *holder the process that has it (0 if unknown), or -1 if it can't
 * be opened. */
static int lock_take(const char *path, int *holder)
{
	struct stat ours, theirs;

	for (;;) {
		int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

		*holder = -1;
		if (fd < 0) {
			return -1;
		}
		if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
			*holder = pid_read(fd);
			close(fd);
			return -1;
		}
		/* Its last holder may have removed the file since we opened it. */
		if (fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 &&
			ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev) {
			return fd;
		}
		close(fd);
	}
}

/* It has ended, or did not come to say who it is. */
static bool process_gone(int pid)
{
	struct pollfd end = {.fd = pid > 0 ? pidfd_open(pid, 0) : -1, .events = POLLIN};
	bool gone = end.fd < 0 || poll(&end, 1, 0) == 1;

	if (end.fd >= 0) {
		close(end.fd);
	}
	return gone;
}

/* A process that a manager was about to start when it was killed has all that the manager had open, for a moment. */
static int lock_take_after(const char *path, int *holder)
{
	int fd = lock_take(path, holder);

	for (int tries = LOCK_TRIES; fd < 0 && *holder >= 0 && process_gone(*holder) && tries > 0;
		tries--) {
		poll(NULL, 0, LOCK_PAUSE_MS);
		fd = lock_take(path, holder);
	}
	return fd;
}

static bool manager_lock(struct ugvt_home *home, struct ugvt_failure *failure)
{
	char path[PATH_MAX];
	int holder;

	ugvt_run_dir_pid_file(&home->run_dir, path);
	home->lock_fd = lock_take_after(path, &holder);
	if (home->lock_fd >= 0) {
		pid_write(path, getpid());
		return true;
	}
	if (holder < 0) {
		return ugvt_fail(
			failure, UGVT_FAILURE_DENIED, "can't open %s: %s", path, strerror(errno));
	}
	return ugvt_fail(failure, UGVT_FAILURE_IN_USE,
		"a manager (process %d) already runs in %s: use that one, or name another run "
		"directory with --run-dir",
		holder, home->run_dir.path);
}

void ugvt_home_vgpu_end(const struct ugvt_home *home, const struct ugvt_uuid *uuid)
{
	char path[PATH_MAX];

	ugvt_state_remove(&home->run_dir, uuid);
	ugvt_run_dir_vfio(&home->run_dir, uuid, path);
	unlink(path);
	ugvt_run_dir_worker(&home->run_dir, uuid, path);
	unlink(path);
	ugvt_run_dir_lock(&home->run_dir, uuid, path);
	unlink(path);
	ugvt_run_dir_vgpu(&home->run_dir, uuid, path);
	if (rmdir(path) < 0 && errno != ENOENT) {
		ugvt_warn("can't remove %s: %s", path, strerror(errno));
	}
}

void ugvt_home_vgpu_set_pid(const struct ugvt_home *home, const struct ugvt_uuid *uuid, int pid)
{
	char path[PATH_MAX];

	ugvt_run_dir_lock(&home->run_dir, uuid, path);
	pid_write(path, pid);
}

bool ugvt_home_vgpu_wait(const struct ugvt_home *home, const struct ugvt_uuid *uuid, int *pid)
{
	bool lives = ugvt_home_vgpu_lives(home, uuid, pid);

	for (int tries = LOCK_TRIES; lives && tries > 0; tries--) {
		poll(NULL, 0, LOCK_PAUSE_MS);
		lives = ugvt_home_vgpu_lives(home, uuid, pid);
	}
	return lives;
}

bool ugvt_home_vgpu_lives(const struct ugvt_home *home, const struct ugvt_uuid *uuid, int *pid)
{
	char path[PATH_MAX];
	int fd;

	ugvt_run_dir_lock(&home->run_dir, uuid, path);
	fd = lock_take(path, pid);
	if (fd >= 0) {
		close(fd);
	}
	return fd < 0 && *pid >= 0;
}

bool ugvt_home_init(
	struct ugvt_home *home, const struct ugvt_run_dir *run_dir, struct ugvt_failure *failure)
{
	*home = (struct ugvt_home){.lock_fd = -1};
	return dir_make(home, run_dir, failure) && paths_check(home, failure) &&
	       manager_lock(home, failure);
}

void ugvt_home_finish(struct ugvt_home *home)
{
	char path[PATH_MAX];

	ugvt_run_dir_control(&home->run_dir, path);
	if (!home->keeps_control) {
		unlink(path);
	}
	ugvt_run_dir_pid_file(&home->run_dir, path);
	unlink(path);
	close(home->lock_fd);
}

static bool vgpu_lock(const struct ugvt_home *home, const struct ugvt_uuid *uuid,
	struct ugvt_home_fds *fds, struct ugvt_failure *failure)
{
	char path[PATH_MAX];
	int holder;

	ugvt_run_dir_vgpu(&home->run_dir, uuid, path);
	if (mkdir(path, 0700) < 0 && errno != EEXIST) {
		return ugvt_fail(
			failure, UGVT_FAILURE_DENIED, "can't make %s: %s", path, strerror(errno));
	}
	ugvt_run_dir_lock(&home->run_dir, uuid, path);
	fds->lock = lock_take(path, &holder);
	if (fds->lock >= 0) {
		return true;
	}
	if (holder < 0) {
		return ugvt_fail(
			failure, UGVT_FAILURE_DENIED, "can't open %s: %s", path, strerror(errno));
	}
	return ugvt_fail(failure, UGVT_FAILURE_IN_USE,
		"UUID %s is in use: process %d still serves it for an earlier manager; 'kill %d' ends it",
		uuid->text, holder, holder);
}

void ugvt_home_fds_close(const struct ugvt_home_fds *fds)
{
	close(fds->control);
	close(fds->vfio);
	close(fds->lock);
}

bool ugvt_home_vgpu_begin(const struct ugvt_home *home, const struct ugvt_uuid *uuid,
	struct ugvt_home_fds *fds, struct ugvt_failure *failure)
{
	char path[PATH_MAX];

	if (!vgpu_lock(home, uuid, fds, failure)) {
		return false;
	}
	ugvt_state_remove(&home->run_dir, uuid);
	ugvt_run_dir_vfio(&home->run_dir, uuid, path);
	fds->vfio = ugvt_socket_listen(path, failure);
	if (fds->vfio < 0) {
		goto end_vgpu;
	}
	ugvt_run_dir_worker(&home->run_dir, uuid, path);
	fds->control = ugvt_socket_listen(path, failure);
	if (fds->control < 0) {
		goto close_vfio;
	}
	return true;

close_vfio:
	close(fds->vfio);
end_vgpu:
	ugvt_home_vgpu_end(home, uuid);
	close(fds->lock);
	return false;
}
