/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_MANAGER_H
#define UGVT_MANAGER_MANAGER_H

#include "base/list.h"
#include "base/loop.h"
#include "control/server.h"
#include "manager/cgroup.h"
#include "manager/config.h"
#include "manager/home.h"
#include "manager/instance.h"
#include "manager/parent.h"

struct ugvt_governor;

/* Parents, their vGPUs, and whoever asks about them. */

struct ugvt_manager_options {
	struct ugvt_loop *loop;
	const struct ugvt_config *config;
	const struct ugvt_home *home;
	const char *definitions; // directory; "": none
	const char *worker_program;
	const char *log_level; // of workers
	const char *cgroup;    // see ugvt_cgroup_init()
	int control_fd;        // listens at the control socket; -1: make one
};

struct ugvt_manager {
	struct ugvt_loop *loop;
	const struct ugvt_config *config;
	const struct ugvt_home *home;
	const char *definitions;
	const char *worker_program;
	const char *log_level;
	struct ugvt_parent *parents;     // config->n_parents
	struct ugvt_governor *governors; // of the parents, in their order
	struct ugvt_list instances;      // ugvt_instance.link
	struct ugvt_cgroup cgroup;
	struct ugvt_control_server server;
	struct ugvt_list troubles; // ugvt_autostart_failure.link
	struct ugvt_list stops; // requests that wait until none is stopping: ugvt_rpc_request.wait
	bool stopping;
};

/* Takes over what an earlier manager left, and listens for clients. What options points to outlives the manager. */
bool ugvt_manager_init(struct ugvt_manager *manager, const struct ugvt_manager_options *options,
	struct ugvt_failure *failure);
/* vGPUs that run go on; the next manager takes them over. */
void ugvt_manager_finish(struct ugvt_manager *manager);

/* Stops all vGPUs, and the loop once they are gone; at the second call, the hard way. */
void ugvt_manager_stop(struct ugvt_manager *manager);
/* Stops all vGPUs there are, and answers request once they are gone. */
void ugvt_manager_stop_all(struct ugvt_manager *manager, struct ugvt_rpc_request *request);

/* NULL if there is none. */
struct ugvt_instance *ugvt_manager_find(struct ugvt_manager *manager, const struct ugvt_uuid *uuid);
struct ugvt_parent *ugvt_manager_parent(struct ugvt_manager *manager, const char *name);

struct ugvt_manager_start {
	const struct ugvt_uuid *uuid; // NULL: a new random one
	const char *type;             // may be NULL for a vGPU that is defined, or failed
	const char *parent;           // NULL: the first that has room
};

/* What start names. Where it does not name the type, *place stays, and has to have been set. */
bool ugvt_manager_place(struct ugvt_manager *manager, const struct ugvt_manager_start *start,
	struct ugvt_instance_place *place, struct ugvt_failure *failure);

/* Starts a vGPU, one that is defined, or one that failed again; and answers request (may be NULL) then. On failure request
 * is still the caller's. */
bool ugvt_manager_start_vgpu(struct ugvt_manager *manager, const struct ugvt_manager_start *start,
	struct ugvt_rpc_request *request, struct ugvt_failure *failure);

/* An instance has destroyed itself. */
void ugvt_manager_handle_removed(struct ugvt_manager *manager);

#endif
