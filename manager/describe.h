/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_DESCRIBE_H
#define UGVT_MANAGER_DESCRIBE_H

#include <stddef.h>

struct json_object;
struct ugvt_instance;
struct ugvt_parent;
struct ugvt_type;

/* What clients are told; the objects are the caller's. */

/* A type on a parent, as kernel GVT-g's "description" says it. */
void ugvt_describe_type_text(
	const struct ugvt_parent *parent, const struct ugvt_type *type, char *text, size_t size);
struct json_object *ugvt_describe_type(
	const struct ugvt_parent *parent, const struct ugvt_type *type);
/* In a list. */
struct json_object *ugvt_describe_instance(const struct ugvt_instance *instance);
/* Alone: with all that is known of it. */
struct json_object *ugvt_describe_instance_fully(const struct ugvt_instance *instance);

#endif
