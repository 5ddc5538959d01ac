/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_STATE_FILE_H
#define UGVT_MANAGER_STATE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/rundir.h"
#include "manager/config.h"

/*
 * What a manager leaves behind for the next one, beside each worker: RUN/UUID/state, a JSON object. Only managers write
 * there; workers can't reach it.
 */

enum ugvt_phase {
	UGVT_PHASE_STARTING, // nobody was told yet that it runs
	UGVT_PHASE_RUNNING,
	UGVT_PHASE_STOPPING,
};

struct ugvt_state {
	enum ugvt_phase phase;
	pid_t pid;
	uint64_t born; // see ugvt_birth_of()
	unsigned id;   // its vgpu_id in the mdev tree
	unsigned weight;
	unsigned cap; // percent; 0: none
	struct ugvt_parent_config parent;
	struct ugvt_type type;
};

/* Replaces the file as a whole. false, and a line in the log, if it can't be written. */
bool ugvt_state_write(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid,
	const struct ugvt_state *state);
/* false if there is none, or if it is not what ugvt_state_write() writes. */
bool ugvt_state_read(
	const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid, struct ugvt_state *state);
bool ugvt_state_exists(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid);
/* Removes it, if it is there. */
void ugvt_state_remove(const struct ugvt_run_dir *run_dir, const struct ugvt_uuid *uuid);

#endif
