/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_HOME_H
#define UGVT_MANAGER_HOME_H

#include <stdbool.h>

#include "control/failure.h"
#include "control/rundir.h"

/*
 * The manager's hold on its run directory. A lock file says that somebody lives: the manager's in the directory
 * itself, a worker's in its vGPU's. Locks end with their process, so that nothing stale is ever believed.
 */

struct ugvt_home {
	struct ugvt_run_dir run_dir; // its real path
	int lock_fd;                 // of ugvtd.pid
};

/* Makes the run directory if need be, checks that it is ours and short enough for its sockets, locks it, and
 * removes what dead workers left. */
bool ugvt_home_init(
	struct ugvt_home *home, const struct ugvt_run_dir *run_dir, struct ugvt_failure *failure);
/* Removes what ugvt_home_init() made, other than the directory. */
void ugvt_home_finish(struct ugvt_home *home);

/* What a worker inherits; both are the caller's to close. */
struct ugvt_home_fds {
	int vfio; // listens
	int lock; // locked by the open file: closing the last descriptor unlocks it
};

/* Makes the directory, lock and socket of a vGPU. */
bool ugvt_home_vgpu_begin(const struct ugvt_home *home, const struct ugvt_uuid *uuid,
	struct ugvt_home_fds *fds, struct ugvt_failure *failure);
/* Removes them. */
void ugvt_home_vgpu_end(const struct ugvt_home *home, const struct ugvt_uuid *uuid);

/* Writes a process id into a lock file. */
void ugvt_home_write_pid(int lock_fd, int pid);

#endif
