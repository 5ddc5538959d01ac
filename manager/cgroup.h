/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_CGROUP_H
#define UGVT_MANAGER_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct json_object;
struct ugvt_uuid;

/*
 * Limits for workers from cgroup v2 (Linux Documentation/admin-guide/cgroup-v2.rst), where a cgroup is delegated to the
 * manager:
 *   PATH/manager      the manager
 *   PATH/vgpu-UUID    a worker, as long as it lives
 * Where none is, all of this does nothing. Limits are a wall more: what can't be set is logged, and no worker waits for
 * it.
 */

struct ugvt_cgroup {
	char path[PATH_MAX];    // of the delegated one; "": there is none
	bool cpu, memory, pids; // controllers that workers' have
};

/* Uses the directory given ("none": do without); if it is NULL, the process's own cgroup, if that was delegated: it may write there
 * and is alone in it. Moves the process into PATH/manager, and says in the log what there is. */
void ugvt_cgroup_init(struct ugvt_cgroup *cgroup, const char *given);
/* Takes the controllers back, so that whoever starts the next manager can put it at PATH: a cgroup with controllers for
 * others holds no processes. Workers stay where they are, without limits until that manager sets them again. */
void ugvt_cgroup_finish(const struct ugvt_cgroup *cgroup);

struct ugvt_cgroup_limits {
	unsigned weight; // GPU time relative to other vGPUs: CPU time, too
	uint64_t memory; // bytes
};

/* Puts the process pid into the cgroup of a vGPU, which is made unless it is there, and sets its limits. */
void ugvt_cgroup_add(const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid, pid_t pid,
	const struct ugvt_cgroup_limits *limits);
void ugvt_cgroup_set_weight(
	const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid, unsigned weight);
/* The process is gone. */
void ugvt_cgroup_remove(const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid);
/* Removes what earlier managers left and no process is in. */
void ugvt_cgroup_clean(const struct ugvt_cgroup *cgroup);

/* The limits as the kernel tells them: path, cpu_weight, memory_max (bytes), pids_max; NULL if the vGPU has no cgroup. The
 * caller's. */
struct json_object *ugvt_cgroup_describe(
	const struct ugvt_cgroup *cgroup, const struct ugvt_uuid *uuid);

/* The directory of the cgroup v2 of the process whose /proc directory is proc, to path of PATH_MAX bytes; false if it
 * has none. */
bool ugvt_cgroup_find(const char *proc, char *path);

#endif
