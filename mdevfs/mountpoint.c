/* SPDX-License-Identifier: MIT */
#include "mdevfs/mountpoint.h"

#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

/* Mounts may lie on top of each other. */
#define STALE_MAX 64

/* As an ordinary user, who may not unmount but through it. */
static bool fusermount(const char *path)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execlp("fusermount3", "fusermount3", "-u", "-z", "--", path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_stale(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 && errno == ENOTCONN;
}

static bool stale_remove(const char *path, struct ugvt_failure *failure)
{
	for (int i = 0; i < STALE_MAX && is_stale(path); i++) {
		ugvt_info("taking away a dead mount at %s", path);
		if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 && !fusermount(path)) {
			return ugvt_fail(failure, UGVT_FAILURE_DENIED,
				"there is a dead mount at %s that can't be taken away: run 'umount -l %s' as "
				"root",
				path, path);
		}
	}
	return true;
}

/* The last mount at path is the one that is seen. */
static bool tree_mounted(const char *path)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	char strings[2 * PATH_MAX];
	struct mntent entry;
	bool found = false;

	while (mounts && getmntent_r(mounts, &entry, strings, sizeof(strings))) {
		if (strcmp(entry.mnt_dir, path) == 0) {
			found = strcmp(entry.mnt_type, "fuse." UGVT_MDEVFS_SUBTYPE) == 0;
		}
	}
	if (mounts) {
		endmntent(mounts);
	}
	return found;
}

bool ugvt_mdevfs_mountpoint_init(
	struct ugvt_mdevfs_mountpoint *mountpoint, const char *given, struct ugvt_failure *failure)
{
	struct stat st;

	if (!stale_remove(given, failure)) {
		return false;
	}
	if (mkdir(given, 0755) < 0 && errno != EEXIST) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't make the mount point %s: %s",
			given, strerror(errno));
	}
	if (!realpath(given, mountpoint->path) || stat(mountpoint->path, &st) < 0) {
		return ugvt_fail(failure, UGVT_FAILURE_DENIED, "can't use the mount point %s: %s",
			given, strerror(errno));
	}
	if (!S_ISDIR(st.st_mode)) {
		return ugvt_fail(
			failure, UGVT_FAILURE_INVALID, "the mount point %s is no directory", given);
	}
	if (tree_mounted(mountpoint->path)) {
		return ugvt_fail(failure, UGVT_FAILURE_IN_USE,
			"the tree is mounted at %s already: 'umount %s' (as an ordinary user: "
			"'fusermount3 -u %s') ends that",
			mountpoint->path, mountpoint->path, mountpoint->path);
	}
	return true;
}
