/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DRM_SHIM_TREE_H
#define UGVT_DRM_SHIM_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "gen/device.h"

/*
 * The files by which programs find a GPU, as a table: /dev/dri with one render node, and what sysfs says of it. Nothing of it is
 * in the file system; what is really there at these paths is hidden.
 */

#define UGVT_TREE_NODE "/dev/dri/renderD128"
#define UGVT_TREE_MAJOR 226
#define UGVT_TREE_MINOR 128

enum ugvt_tree_kind {
	UGVT_TREE_DIRECTORY,
	UGVT_TREE_DEVICE,
	UGVT_TREE_FILE,
	UGVT_TREE_LINK,
};

struct ugvt_tree_entry {
	const char *path;
	enum ugvt_tree_kind kind;
	const char *text; // FILE: what is in it; LINK: its target; NULL: ugvt_tree_text()
};

/* Is this path the tree's? Cheap for those that aren't. */
bool ugvt_tree_owns(const char *path);
/* NULL: there is no such file. */
const struct ugvt_tree_entry *ugvt_tree_find(const char *path);
/* Entry i of the directory at path, in a fixed order; NULL past the end. Its name is behind the last slash. */
const struct ugvt_tree_entry *ugvt_tree_child(const struct ugvt_tree_entry *directory, unsigned i);
/* What is in a file, with its end; how many bytes. */
size_t ugvt_tree_text(const struct ugvt_tree_entry *entry, const struct ugvt_device_info *info,
	char *text, size_t size);
/* What lstat(2), or with follow stat(2), says. */
void ugvt_tree_stat(const struct ugvt_tree_entry *entry, bool follow, struct stat *st);

#endif
