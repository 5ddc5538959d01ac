/* SPDX-License-Identifier: MIT */
#include "mdevfs/tree.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "control/json.h"

static int items_get(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *folder,
	enum ugvt_mdevfs_items which, struct json_object **items)
{
	switch (which) {
	case UGVT_MDEVFS_PARENTS: return ugvt_mdevfs_view_types(view, items);
	case UGVT_MDEVFS_VGPUS: return ugvt_mdevfs_view_list(view, items);
	case UGVT_MDEVFS_TYPES: *items = ugvt_json_array(folder->parent, "types"); break;
	case UGVT_MDEVFS_NO_ITEMS: *items = NULL; break;
	}
	return 0;
}

/* Makes *node item i of those that entry has in folder; false if it is not among them. */
static bool node_from_item(struct ugvt_mdevfs_node *node, const struct ugvt_mdevfs_node *folder,
	struct json_object *items, size_t i)
{
	const struct ugvt_mdevfs_entry *entry = node->entry;
	struct json_object *item = json_object_array_get_idx(items, i);

	*node = *folder;
	node->entry = entry;
	node->name[0] = '\0';
	switch (entry->items) {
	case UGVT_MDEVFS_PARENTS: node->parent = item; break;
	case UGVT_MDEVFS_TYPES: node->type = item; break;
	case UGVT_MDEVFS_VGPUS: node->vgpu = item; break;
	case UGVT_MDEVFS_NO_ITEMS: return false;
	}
	/* The manager's names are fit to be files' names. One that is not would make no sense here. */
	return entry->pick(node, items, i) && node->name[0] && !strchr(node->name, '/');
}

static bool node_from_name(struct ugvt_mdevfs_node *node, const struct ugvt_mdevfs_node *folder)
{
	const struct ugvt_mdevfs_entry *entry = node->entry;

	*node = *folder;
	node->entry = entry;
	snprintf(node->name, sizeof(node->name), "%s", entry->name);
	return !entry->pick || entry->pick(node, NULL, 0);
}

/* The nodes of entry in folder, until visitor has found one of that name (NULL: it looks for none). */
static int entry_visit(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *folder,
	const struct ugvt_mdevfs_entry *entry, struct ugvt_mdevfs_visitor *visitor)
{
	struct ugvt_mdevfs_node node = {.entry = entry};
	struct json_object *items;
	int ret;

	if (entry->name) {
		if (node_from_name(&node, folder)) {
			visitor->handle_node(visitor, &node);
		}
		return 0;
	}
	ret = items_get(view, folder, entry->items, &items);
	if (ret < 0) {
		return ret;
	}
	for (size_t i = 0; items && i < json_object_array_length(items); i++) {
		if (node_from_item(&node, folder, items, i)) {
			visitor->handle_node(visitor, &node);
		}
	}
	return 0;
}

int ugvt_mdevfs_visit(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *folder,
	struct ugvt_mdevfs_visitor *visitor)
{
	const struct ugvt_mdevfs_entry *entry = folder->entry->children;
	int ret = 0;

	if (!entry) {
		return -ENOTDIR;
	}
	for (; ret == 0 && entry->mode != 0; entry++) {
		ret = entry_visit(view, folder, entry, visitor);
	}
	return ret;
}

struct search {
	struct ugvt_mdevfs_visitor visitor;
	const char *name;
	struct ugvt_mdevfs_node node;
	bool found;
};

static void search_handle_node(
	struct ugvt_mdevfs_visitor *visitor, const struct ugvt_mdevfs_node *node)
{
	struct search *search = ugvt_container_of(visitor, struct search, visitor);

	if (strcmp(node->name, search->name) == 0) {
		search->node = *node;
		search->found = true;
	}
}

/* *node becomes what it has under name. */
static int node_enter(
	struct ugvt_mdevfs_view *view, struct ugvt_mdevfs_node *node, const char *name)
{
	struct search search = {.visitor = {search_handle_node}, .name = name};
	const struct ugvt_mdevfs_entry *entry = node->entry->children;
	int ret = 0;

	if (!entry) {
		return -ENOTDIR;
	}
	/* What is always there is found without asking. */
	for (; !search.found && entry->mode != 0; entry++) {
		if (entry->name && strcmp(entry->name, name) == 0) {
			ret = entry_visit(view, node, entry, &search.visitor);
		}
	}
	for (entry = node->entry->children; ret == 0 && !search.found && entry->mode != 0;
		entry++) {
		if (!entry->name) {
			ret = entry_visit(view, node, entry, &search.visitor);
		}
	}
	if (ret == 0 && !search.found) {
		ret = -ENOENT;
	}
	*node = search.node;
	return ret;
}

int ugvt_mdevfs_find(struct ugvt_mdevfs_view *view, const char *path, struct ugvt_mdevfs_node *node)
{
	char name[UGVT_MDEVFS_NAME_MAX];
	int ret = 0;

	*node = (struct ugvt_mdevfs_node){.entry = &ugvt_mdevfs_root};
	path += strspn(path, "/");
	while (ret == 0 && *path) {
		size_t size = strcspn(path, "/");

		if (size >= sizeof(name)) {
			return -ENOENT;
		}
		memcpy(name, path, size);
		name[size] = '\0';
		ret = node_enter(view, node, name);
		path += size;
		path += strspn(path, "/");
	}
	return ret;
}

int ugvt_mdevfs_read(const struct ugvt_mdevfs_node *node, char *text)
{
	const struct ugvt_mdevfs_entry *entry = node->entry;

	if (entry->text) {
		snprintf(text, UGVT_MDEVFS_TEXT_MAX, "%s", entry->text);
		return 0;
	}
	return entry->read ? entry->read(node, text) : -EIO;
}
