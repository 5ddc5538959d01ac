/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_HOOKS_H
#define UGVT_DRM_SHIM_HOOKS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * The functions of the C library that the preloaded library replaces. Each does its own work for the device and the files of
 * tree.h, and otherwise calls the next one of its name. Programs call them before anything is set up, while they fork, and from
 * many threads.
 */

/* In front of the definition of a replacement, all else stays inside the library. */
#define UGVT_HOOK __attribute__((visibility("default")))

/* The next function called name, of type; looked up once. */
#define UGVT_NEXT(type, name)               \
	static void *_Atomic next_function; \
	__typeof__(type) next = (__typeof__(type))ugvt_hook_next(&next_function, name)

void *ugvt_hook_next(void *_Atomic *function, const char *name);

/* A new descriptor of the tree's file at path, as open(2); *fd gets it, or -1 with errno. false: not the tree's path. */
bool ugvt_hook_open(const char *path, int flags, int *fd);

#endif
