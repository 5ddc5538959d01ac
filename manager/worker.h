/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_WORKER_H
#define UGVT_MANAGER_WORKER_H

#include <sys/types.h>

#include "base/loop.h"
#include "control/failure.h"
#include "control/rpc.h"
#include "control/socket.h"
#include "control/uuid.h"
#include "control/walls.h"
#include "control/worker_config.h"

/*
 * A worker as its manager sees it: a process that we, or an earlier manager, started, that we talk to and whose end we
 * see. What it says is a stranger's word: a guest may have taken it over.
 */

struct ugvt_worker;

struct ugvt_worker_impl {
	/* Mandatory. It has become the vGPU and serves; or it did already, and there is a new connection to it. */
	void (*handle_ready)(struct ugvt_worker *worker);
	/* Mandatory. The process is gone; why is NULL if it was told to stop. The worker may be started
	 * again from here. */
	void (*handle_exit)(struct ugvt_worker *worker, const char *why);
};

struct ugvt_worker {
	const struct ugvt_worker_impl *impl;
	struct ugvt_loop *loop;
	pid_t pid;     // 0 while there is no process
	uint64_t born; // see ugvt_birth_of()
	bool ours;     // our child, whose exit status we get
	int pidfd;
	char path[UGVT_SOCKET_PATH_MAX + 1]; // of its control socket
	struct ugvt_loop_watch watch;        // of pidfd
	struct ugvt_rpc_peer peer;
	bool connected; // peer is there
	bool ready;     // has become the vGPU
	bool stopping;  // was told to
	struct ugvt_rpc_call configure_call, walls_call, govern_call, stop_call;
	struct ugvt_walls walls;           // those that stand around it; known when it is ready
	struct ugvt_loop_timer kill_timer; // or to connect again
	struct ugvt_failure trouble;       // why we killed it; code 0: we did not
};

struct ugvt_worker_options {
	const char *program;   // to run
	const char *log_level; // for it
	const struct ugvt_uuid *uuid;
	const char *path;                 // of its control socket
	int control_fd, vfio_fd, lock_fd; // for it; the caller's
};

/* Asserts that impl is complete. */
void ugvt_worker_init(
	struct ugvt_worker *worker, const struct ugvt_worker_impl *impl, struct ugvt_loop *loop);
/* There is no process. */
void ugvt_worker_finish(struct ugvt_worker *worker);

/* Starts the process, which waits to be configured then; handle_exit may follow. */
bool ugvt_worker_start(struct ugvt_worker *worker, const struct ugvt_worker_options *options,
	struct ugvt_failure *failure);
/* handle_ready or handle_exit follows. */
void ugvt_worker_configure(struct ugvt_worker *worker, const struct ugvt_worker_config *config);

struct ugvt_worker_found {
	pid_t pid;
	uint64_t born;
	const char *path; // of its control socket
};

/* Takes over one that is the vGPU already, whether it answers or not; handle_ready follows if there is a
 * connection. false: there is no such process. */
bool ugvt_worker_take_over(struct ugvt_worker *worker, const struct ugvt_worker_found *found,
	struct ugvt_failure *failure);
/* Leaves it to a later manager; there is no process then. */
void ugvt_worker_leave(struct ugvt_worker *worker);

/* Ends the process, the hard way if it does not end by itself; handle_exit follows. */
void ugvt_worker_stop(struct ugvt_worker *worker);
void ugvt_worker_kill(struct ugvt_worker *worker);
/* It does what it should not: ends it, and handle_exit tells why. */
void ugvt_worker_condemn(struct ugvt_worker *worker, const char *why);
/* The same, and waits until it is gone, a bounded time; nothing follows, and there is no process then. */
void ugvt_worker_kill_now(struct ugvt_worker *worker);

/* Hands the descriptors to the worker, which is ready, and by which it takes turns from now on. They are the caller's. */
void ugvt_worker_govern(struct ugvt_worker *worker, int page_fd, int doorbell_fd);

/* Calls a method of the worker; fails if it has no connection. See ugvt_rpc_call(). */
bool ugvt_worker_call(struct ugvt_worker *worker, struct ugvt_rpc_call *call, const char *method);
/* The same with a descriptor beside it, which stays the caller's; -1: none. */
bool ugvt_worker_call_fd(
	struct ugvt_worker *worker, struct ugvt_rpc_call *call, const char *method, int fd);

#endif
