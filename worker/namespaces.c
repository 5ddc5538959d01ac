/* SPDX-License-Identifier: MIT */
#include "worker/namespaces.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bits.h"
#include "control/walls.h"

/* In a user namespace of ours, only this process is counted. */
#define THREADS_MAX 64

/* A process that may not make namespaces, because its user is an ordinary one, may make a user namespace and be somebody
 * there. There is no PID namespace: unshare() would give one to children only, of which there are none, and take away
 * the right to start threads. */
static bool root_become(void)
{
	static const struct rlimit threads = {THREADS_MAX, THREADS_MAX};

	if (unshare(CLONE_NEWNS) == 0) {
		return true;
	}
	if (errno != EPERM || unshare(CLONE_NEWUSER) < 0) {
		return false;
	}
	setrlimit(RLIMIT_NPROC, &threads);
	return unshare(CLONE_NEWNS) == 0;
}

/* An empty file system, mounted where any is, and its root our working directory. Its only inode is the root. */
static bool empty_mount(void)
{
	static const char *const places[] = {"/tmp", "/run", "/dev", "/proc"};
	static const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(places); i++) {
		if (mount("none", places[i], "tmpfs", flags, "size=4k,nr_inodes=1,mode=0555") < 0) {
			continue;
		}
		return mount(NULL, places[i], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | flags,
			       NULL) == 0 &&
		       chdir(places[i]) == 0;
	}
	return false;
}

/* The working directory becomes the root, and the old root is unmounted; where it can't be, because it is the kernel's
 * own first file system, it is covered, and unreachable: no descriptor leads there. */
static bool root_change(void)
{
	if (syscall(SYS_pivot_root, ".", ".") == 0) {
		return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
	}
	return mount(".", "/", NULL, MS_MOVE, NULL) == 0 && chroot(".") == 0 && chdir("/") == 0;
}

void ugvt_namespaces_enter(struct ugvt_walls *walls)
{
	bool own_mounts = root_become();

	walls->stands[UGVT_WALL_NO_NETWORK] = unshare(CLONE_NEWNET) == 0;
	walls->stands[UGVT_WALL_OWN_IPC] = unshare(CLONE_NEWIPC | CLONE_NEWUTS) == 0;
	/* What a sanitizer tells at the end, it finds out from /proc. */
	walls->stands[UGVT_WALL_EMPTY_ROOT] =
		!UGVT_WALLS_RELAXED && own_mounts &&
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && empty_mount() &&
		root_change();
}
