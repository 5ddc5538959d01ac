/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_LIBFUSE_H
#define UGVT_MDEVFS_LIBFUSE_H

/* The interface of libfuse that all use here: 3.12's, which has what the loop needs. */
#define FUSE_USE_VERSION 312

#include <fuse.h>

#endif
