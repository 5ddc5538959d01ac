/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_RUNDIR_H
#define UGVT_CONTROL_RUNDIR_H

#include <limits.h>
#include <stdbool.h>

#include "control/failure.h"
#include "control/uuid.h"

/*
 * The run directory of a manager:
 *   control      the control socket
 *   ugvtd.pid    the manager's process id; locked while it lives
 *   UUID/vfio    the socket for a vGPU's virtual machine
 *   UUID/control the worker's control socket, for its manager
 *   UUID/lock    the worker's process id; locked while it lives
 *   UUID/state   what a new manager has to know of it
 */

struct ugvt_run_dir {
	char path[PATH_MAX]; // absolute
};

/* given (may be NULL), else $UGVT_RUN_DIR, else /run/ugvt for root and $XDG_RUNTIME_DIR/ugvt for others. Need
 * not exist. */
bool ugvt_run_dir_find(
	struct ugvt_run_dir *run_dir, const char *given, struct ugvt_failure *failure);

/* Paths in it, to path of PATH_MAX bytes. A path that is too long for that is cut, and by then too
 * long for a socket. */
void ugvt_run_dir_control(const struct ugvt_run_dir *run_dir, char *path);
void ugvt_run_dir_pid_file(const struct ugvt_run_dir *run_dir, char *path);
void ugvt_run_dir_vgpu(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path);
void ugvt_run_dir_vfio(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path);
void ugvt_run_dir_worker(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path);
void ugvt_run_dir_lock(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path);
void ugvt_run_dir_state(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, char *path);

#endif
