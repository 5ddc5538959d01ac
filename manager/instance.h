/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_INSTANCE_H
#define UGVT_MANAGER_INSTANCE_H

#include "base/list.h"
#include "control/rpc.h"
#include "control/uuid.h"
#include "manager/parent.h"
#include "manager/worker.h"

struct ugvt_manager;
struct ugvt_state;
struct ugvt_tenant;

enum ugvt_instance_state {
	UGVT_INSTANCE_STARTING,
	UGVT_INSTANCE_RUNNING,
	UGVT_INSTANCE_STOPPING,
	UGVT_INSTANCE_FAILED, // its worker died; holds no room, and waits to be started again or removed
};

/* A vGPU. */
struct ugvt_instance {
	struct ugvt_list link; // ugvt_manager.instances
	struct ugvt_manager *manager;
	struct ugvt_uuid uuid;
	const struct ugvt_type *type;
	struct ugvt_parent *parent;
	/* What type and parent point into if the configuration has them no more; else NULL. */
	struct ugvt_instance_keepsake *kept;
	unsigned weight;            // GPU time, relative to other vGPUs
	unsigned cap;               // most of it that this one gets, percent; 0: no limit
	struct ugvt_tenant *tenant; // of its parent's arbiter; NULL while nobody governs it
	/* Of the turn that it did not give back in time: how many there were by then, and what its process had used, see
	 * manager/govern.c. */
	uint64_t over_turn, over_cpu_ns;
	unsigned id; // its vgpu_id in the mdev tree: from 1 on, of its own on its parent
	enum ugvt_instance_state state;
	char reason[UGVT_FAILURE_TEXT_SIZE]; // why it failed
	struct ugvt_worker worker;
	struct ugvt_rpc_request *start; // waits for it to run; may be NULL
	struct ugvt_list stops;         // requests that wait for its end: ugvt_rpc_request.wait
};

struct ugvt_instance_keepsake {
	struct ugvt_type type;
	struct ugvt_parent_config config;
	struct ugvt_parent parent; // of config
};

const char *ugvt_instance_state_name(enum ugvt_instance_state state);

/* A new one, in state FAILED and not in the manager's list yet. NULL: out of memory. */
struct ugvt_instance *ugvt_instance_create(
	struct ugvt_manager *manager, const struct ugvt_uuid *uuid);
/* Its worker is gone. */
void ugvt_instance_destroy(struct ugvt_instance *instance);

struct ugvt_instance_place {
	const struct ugvt_type *type;
	struct ugvt_parent *parent;
	unsigned weight; // 0: the type's
	unsigned cap;
};

/* Starts a failed one on place; request (may be NULL) is answered when it runs, or when it can't. false: it did not
 * begin, and request is still the caller's. */
bool ugvt_instance_start(struct ugvt_instance *instance, const struct ugvt_instance_place *place,
	struct ugvt_rpc_request *request, struct ugvt_failure *failure);
/* Makes a failed one that is new a vGPU that an earlier manager left: takes over its worker and the room it has. What
 * did not run yet, or was to stop, is stopped. false: its process is not there; the vGPU failed then, with a reason. Takes kept (may
 * be NULL), which place may point into. */
bool ugvt_instance_take_over(struct ugvt_instance *instance,
	const struct ugvt_instance_place *place, const struct ugvt_state *state,
	struct ugvt_instance_keepsake *kept);
/* Leaves it to the next manager if it runs, else ends it; and destroys it. */
void ugvt_instance_leave(struct ugvt_instance *instance);

/* Changes its part of the parent's time: weight from 1 on, cap_percent up to 100, 0: none. */
void ugvt_instance_set_share(struct ugvt_instance *instance, unsigned weight, unsigned cap_percent);

/* Stops it; it destroys itself once its worker is gone, and answers request (may be NULL) then. */
void ugvt_instance_stop(struct ugvt_instance *instance, struct ugvt_rpc_request *request);

#endif
