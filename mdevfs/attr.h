/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MDEVFS_ATTR_H
#define UGVT_MDEVFS_ATTR_H

#include "mdevfs/tree.h"

/* What reading and writing the tree's files does: see ugvt_mdevfs_entry. */

int ugvt_mdevfs_read_available(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_device_api(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_name(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_description(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_vgpu_id(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_weight(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_cap(const struct ugvt_mdevfs_node *node, char *text);
int ugvt_mdevfs_read_parent_uevent(const struct ugvt_mdevfs_node *node, char *text);

int ugvt_mdevfs_write_create(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);
int ugvt_mdevfs_write_remove(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);
int ugvt_mdevfs_write_weight(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);
int ugvt_mdevfs_write_cap(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);
int ugvt_mdevfs_write_uevent(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);
int ugvt_mdevfs_write_power(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);
int ugvt_mdevfs_write_delay(struct ugvt_mdevfs_view *view, const struct ugvt_mdevfs_node *node,
	const char *text, size_t size);

#endif
