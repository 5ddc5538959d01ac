/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_MOUNTPOINT_H
#define UGVT_MDEVFS_MOUNTPOINT_H

#include <limits.h>
#include <stdbool.h>

#include "control/failure.h"

/* What the tree is called in /proc/self/mountinfo, behind "fuse.". */
#define UGVT_MDEVFS_SUBTYPE "ugvt-mdevfs"

/* A folder to mount the tree on. */
struct ugvt_mdevfs_mountpoint {
	char path[PATH_MAX]; // absolute, without links
};

/* Makes given if it is not there, but not the folder above it. A mount that is dead there (its server was killed) is
 * taken away; a tree that lives there is a failure. */
bool ugvt_mdevfs_mountpoint_init(
	struct ugvt_mdevfs_mountpoint *mountpoint, const char *given, struct ugvt_failure *failure);

#endif
