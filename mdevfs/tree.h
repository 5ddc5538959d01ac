/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_TREE_H
#define UGVT_MDEVFS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "mdevfs/view.h"

/*
 * The shape of the tree, as the kernel's /sys has it for mediated devices: which names there are in a folder, with which
 * modes, where links point, and what is in the files. What there is now is asked of a view each time.
 */

/* What a file can hold, bytes: a page, as in sysfs. */
#define UGVT_MDEVFS_TEXT_MAX 4096
/* What anything in the tree can be called, the NUL included. */
#define UGVT_MDEVFS_NAME_MAX 64

struct ugvt_mdevfs_node;

/* Where the names come from that are not always there. */
enum ugvt_mdevfs_items {
	UGVT_MDEVFS_NO_ITEMS,
	UGVT_MDEVFS_PARENTS,
	UGVT_MDEVFS_TYPES, // of the node's parent
	UGVT_MDEVFS_VGPUS,
};

/* A row of a folder's table; the one with mode 0 ends it. */
struct ugvt_mdevfs_entry {
	const char *name; // NULL: one node for each of items that is picked
	mode_t mode;      // with the kind
	enum ugvt_mdevfs_items items;
	/* For items: whether item i, in the node already, belongs here; sets the node's name. For a name: whether the
	 * folder has it (NULL: yes). */
	bool (*pick)(struct ugvt_mdevfs_node *node, struct json_object *items, size_t i);
	const struct ugvt_mdevfs_entry *children; // of a folder
	/* Of a link: where it points; of size UGVT_MDEVFS_TEXT_MAX, here and below. */
	void (*link)(const struct ugvt_mdevfs_node *node, char *text);
	/* Of a file that is readable. 0 or -errno. */
	int (*read)(const struct ugvt_mdevfs_node *node, char *text);
	const char *text; // instead of read
	/* Of a file that is writable: text is a stranger's, and has no NUL at its end. 0 or -errno. */
	int (*write)(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
		const char *text, size_t size);
};

/* Something in the tree; lives as long as its view. */
struct ugvt_mdevfs_node {
	const struct ugvt_mdevfs_entry *entry;
	char name[UGVT_MDEVFS_NAME_MAX];
	char root[UGVT_MDEVFS_NAME_MAX]; // "pci0000:00", if it is below that
	struct json_object *parent;      // of "types"; may be NULL, as those below
	struct json_object *type;        // in parent
	struct json_object *vgpu;        // of "list"
};

/* 0 or -errno. */
int ugvt_mdevfs_find(
	struct ugvt_mdevfs_view *view, const char *path, struct ugvt_mdevfs_node *node);

/* Told of one name in a folder; embedded in its owner. */
struct ugvt_mdevfs_visitor {
	void (*handle_node)(
		struct ugvt_mdevfs_visitor *visitor, const struct ugvt_mdevfs_node *node);
};

/* 0 or -errno. */
int ugvt_mdevfs_visit(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *folder,
	struct ugvt_mdevfs_visitor *visitor);

/* text is of size UGVT_MDEVFS_TEXT_MAX. 0 or -errno. */
int ugvt_mdevfs_read(const struct ugvt_mdevfs_node *node, char *text);

extern const struct ugvt_mdevfs_entry ugvt_mdevfs_root;

#endif
