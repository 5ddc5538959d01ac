/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_WORKER_H
#define UGVT_MANAGER_WORKER_H

#include <sys/types.h>

#include "base/loop.h"
#include "control/failure.h"
#include "control/rpc.h"
#include "control/uuid.h"
#include "control/walls.h"
#include "control/worker_config.h"

/*
 * A worker as its manager sees it: a process that we start, talk to, and wait for. What it says is a stranger's word: a guest may
 * have taken it over.
 */

struct ugvt_worker;

struct ugvt_worker_impl {
	/* Mandatory. It has become the vGPU and serves. */
	void (*handle_ready)(struct ugvt_worker *worker);
	/* Mandatory. The process is gone; why is NULL if it was told to stop. The worker may be started
	 * again from here. */
	void (*handle_exit)(struct ugvt_worker *worker, const char *why);
};

struct ugvt_worker {
	const struct ugvt_worker_impl *impl;
	struct ugvt_loop *loop;
	pid_t pid; // 0 while there is no process
	int pidfd;
	struct ugvt_loop_watch watch; // of pidfd
	struct ugvt_rpc_peer peer;
	bool connected; // peer is there
	bool stopping;  // was told to
	struct ugvt_rpc_call configure_call, walls_call, stop_call;
	struct ugvt_walls walls; // those that stand around it; known when it is ready
	struct ugvt_loop_timer kill_timer;
	struct ugvt_failure trouble; // why we killed it; code 0: we did not
};

struct ugvt_worker_options {
	const char *program;   // to run
	const char *log_level; // for it
	const struct ugvt_uuid *uuid;
	int vfio_fd, lock_fd; // for it; the caller's
	const struct ugvt_worker_config *config;
};

/* Asserts that impl is complete. */
void ugvt_worker_init(
	struct ugvt_worker *worker, const struct ugvt_worker_impl *impl, struct ugvt_loop *loop);
/* There is no process. */
void ugvt_worker_finish(struct ugvt_worker *worker);

/* Starts the process; handle_ready or handle_exit follows. */
bool ugvt_worker_start(struct ugvt_worker *worker, const struct ugvt_worker_options *options,
	struct ugvt_failure *failure);
/* Ends the process, the hard way if it does not end by itself; handle_exit follows. */
void ugvt_worker_stop(struct ugvt_worker *worker);
void ugvt_worker_kill(struct ugvt_worker *worker);

/* Calls a method of the worker; fails if it has no connection. See ugvt_rpc_call(). */
bool ugvt_worker_call(struct ugvt_worker *worker, struct ugvt_rpc_call *call, const char *method);

#endif
