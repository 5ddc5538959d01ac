/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_SHIM_H
#define UGVT_DRM_SHIM_SHIM_H

#include <sys/types.h>

#include "drm-shim/device.h"

/*
 * What the hooks share: the process's one GPU, made when it is first opened, and which descriptors lead to it. A descriptor of
 * the device is an empty shared memory with a name, so that it is known by it wherever it comes from: another process, or the
 * program that executed this one. Then it is a new open of this process's GPU.
 *
 * This is the only state of a process as a whole, which is what a library that replaces functions has; the device below it knows
 * nothing of it.
 */

struct ugvt_shim_open {
	struct ugvt_list link;
	struct ugvt_drm_file *file;
	unsigned refs; // descriptors, and calls under way
	dev_t dev;     // of the memory
	ino_t ino;
};

/* Which device it is. */
const struct ugvt_device_info *ugvt_shim_info(void);

/* A descriptor of a new open of the device; flags of open(2). -1 with errno. */
int ugvt_shim_open_node(int flags);
/* The open that fd leads to, for one call, which ends with ugvt_shim_put(); NULL: it is none of ours. */
struct ugvt_shim_open *ugvt_shim_get(int fd);
void ugvt_shim_put(struct ugvt_shim_open *open);
/* Is fd one? Without effect. */
bool ugvt_shim_is_node(int fd);
/* to is a duplicate of from. */
void ugvt_shim_duplicated(int from, int to);
/* fd is about to be closed, or first to last are. */
void ugvt_shim_closing(int fd);
void ugvt_shim_closing_range(unsigned first, unsigned last);

#endif
