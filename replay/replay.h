/* SPDX-License-Identifier: MIT */
#ifndef UGVT_REPLAY_REPLAY_H
#define UGVT_REPLAY_REPLAY_H

#include "gpu/cs/cs.h"
#include "trace/reader.h"

/*
 * Runs what a trace has (trace/format.h) again, on buffers, address spaces and command streamers as the traced process had them. One
 * thread; who looks on is told of each step, in order.
 */

/* A batch that is about to run. */
struct ugvt_replay_batch {
	uint64_t number; // from 1
	struct ugvt_trace_batch info;
	const struct ugvt_trace_binding *bindings;
};

/* What a batch wrote, beside what it had written when it was recorded. */
struct ugvt_replay_result {
	uint64_t number;
	bool completed;
	bool recorded_completed;
	uint64_t buffers;                 // that were compared
	uint64_t differ;                  // of these
	struct ugvt_trace_write first;    // of those that differ: as recorded
	struct ugvt_trace_write first_is; // and now
};

/* What draws: see draw.h. */
struct ugvt_replay_draw {
	uint64_t number;                // from 1, over all batches
	struct ugvt_cs_command command; // with all of its dwords
};

struct ugvt_replay_viewer {
	const struct ugvt_replay_viewer_impl *impl;
};

/* All may be NULL. false: the replay ends here. */
struct ugvt_replay_viewer_impl {
	bool (*process)(struct ugvt_replay_viewer *viewer, const struct ugvt_trace_record *record);
	bool (*batch)(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_batch *batch);
	/* Comes next: what was before it is done and in memory. Here and in drawn, inside a guest memory window. */
	bool (*command)(struct ugvt_replay_viewer *viewer, const struct ugvt_cs_command *command);
	/* Is done; the next command is not begun. */
	bool (*drawn)(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_draw *draw);
	/* Not called for a batch whose result was not recorded. */
	bool (*result)(struct ugvt_replay_viewer *viewer, const struct ugvt_replay_result *result);
	/* It is over, however: the address space of the last draw, in a window. Not called if there was no draw. */
	void (*finish)(struct ugvt_replay_viewer *viewer, struct ugvt_aspace *as);
};

struct ugvt_replay_config {
	FILE *file; // stays the caller's
	struct ugvt_replay_viewer *viewer;
	uint64_t deadline_ns; // that a batch has
	uint64_t memory_max;  // bytes of all buffers
};

enum ugvt_replay_status {
	UGVT_REPLAY_DONE,
	UGVT_REPLAY_STOPPED, // by the viewer
	UGVT_REPLAY_CUT,     // the file ends inside a record: all before that was done
	UGVT_REPLAY_FOREIGN, // it is no trace
	UGVT_REPLAY_DAMAGED, // or makes no sense at *offset
	UGVT_REPLAY_MEMORY,  // there is no memory, or its buffers are larger than they may be
	UGVT_REPLAY_ERROR,   // it can't be read: errno
};

/* *offset: bytes of the file before the record where it ended. */
enum ugvt_replay_status ugvt_replay_run(const struct ugvt_replay_config *config, uint64_t *offset);

#endif
