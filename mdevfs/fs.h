/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_FS_H
#define UGVT_MDEVFS_FS_H

#include <sys/types.h>
#include <time.h>

#include "mdevfs/view.h"

struct fuse;
struct fuse_args;

/* The tree as a file system of libfuse's. */
struct ugvt_mdevfs {
	struct ugvt_mdevfs_source source;
	uid_t uid; // of everything in it
	gid_t gid;
	struct timespec since; // the time of everything in it
};

/* fs outlives what is returned, which is the caller's; NULL: libfuse has said why. */
struct fuse *ugvt_mdevfs_create(struct ugvt_mdevfs *fs, struct fuse_args *args);

#endif
