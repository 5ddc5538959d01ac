/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_HOME_H
#define UGVT_MANAGER_HOME_H

#include <stdbool.h>

#include "control/failure.h"
#include "control/rundir.h"

/*
 * The manager's hold on its run directory. A lock file says that somebody lives: the manager's in the directory
 * itself, a worker's in its vGPU's. Locks end with their process, so that nothing stale is ever believed. A worker only
 * reads what is in its own: the process id there is the manager's word.
 */

struct ugvt_home {
	struct ugvt_run_dir run_dir; // its real path
	int lock_fd;                 // of ugvtd.pid
	bool keeps_control;          // the control socket is somebody else's, and stays
};

/* Makes the run directory if need be, checks that it is ours and short enough for its sockets, and locks it. */
bool ugvt_home_init(
	struct ugvt_home *home, const struct ugvt_run_dir *run_dir, struct ugvt_failure *failure);
/* Removes what ugvt_home_init() made, other than the directory, and the manager's socket. */
void ugvt_home_finish(struct ugvt_home *home);

/* What a worker inherits; all are the caller's to close. */
struct ugvt_home_fds {
	int control; // listens
	int vfio;    // listens
	int lock;    // for reading; locked by the open file: closing the last descriptor unlocks it
};

void ugvt_home_fds_close(const struct ugvt_home_fds *fds);

/* Makes the directory, lock and sockets of a vGPU. */
bool ugvt_home_vgpu_begin(const struct ugvt_home *home, const struct ugvt_uuid *uuid,
	struct ugvt_home_fds *fds, struct ugvt_failure *failure);
/* Removes them, and the vGPU's state. */
void ugvt_home_vgpu_end(const struct ugvt_home *home, const struct ugvt_uuid *uuid);
/* Writes the worker's process id into its lock file. */
void ugvt_home_vgpu_set_pid(const struct ugvt_home *home, const struct ugvt_uuid *uuid, int pid);

/* Whether somebody holds the vGPU's lock; *pid is what its file says, 0 if nothing. */
bool ugvt_home_vgpu_lives(const struct ugvt_home *home, const struct ugvt_uuid *uuid, int *pid);
/* The same, once it has had two seconds to end. */
bool ugvt_home_vgpu_wait(const struct ugvt_home *home, const struct ugvt_uuid *uuid, int *pid);

#endif
