/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_VIEW_H
#define UGVT_MDEVFS_VIEW_H

#include <stdatomic.h>

#include "base/log.h"
#include "control/client.h"

struct json_object;

/* Which manager to ask, and what was said about it. Any number of threads. */
struct ugvt_mdevfs_source {
	struct ugvt_run_dir run_dir;
	struct ugvt_log_limit limit; // refusals
	_Atomic bool gone;           // the manager was, the last time
};

/* What the manager says during one access to the tree: each thing is asked for at most once, and nothing is
 * kept for the next access. One thread. */
struct ugvt_mdevfs_view {
	struct ugvt_mdevfs_source *source;
	struct ugvt_client *client; // NULL: nothing was asked yet
	struct json_object *types;  // NULL: not asked yet
	struct json_object *list;   // NULL: not asked yet
};

void ugvt_mdevfs_view_init(struct ugvt_mdevfs_view *view, struct ugvt_mdevfs_source *source);
void ugvt_mdevfs_view_finish(struct ugvt_mdevfs_view *view);

/* The results of the manager's "types" and "list", arrays that live as long as the view. 0 or -errno: ENODEV
 * without a manager, EIO if it makes no sense. */
int ugvt_mdevfs_view_types(struct ugvt_mdevfs_view *view, struct json_object **types);
int ugvt_mdevfs_view_list(struct ugvt_mdevfs_view *view, struct json_object **list);

/* Tells the manager to do something, and waits until it is done; params are taken. 0 or -errno, with the reason
 * in the log. */
int ugvt_mdevfs_view_order(
	struct ugvt_mdevfs_view *view, const char *method, struct json_object *params);

/* What a kernel driver would have answered where the manager said code (UGVT_FAILURE_* or UGVT_RPC_*): an
 * errno. */
int ugvt_mdevfs_errno(int code);

#endif
