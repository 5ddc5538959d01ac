/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_DEFINITION_H
#define UGVT_MANAGER_DEFINITION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "control/failure.h"
#include "control/uuid.h"

struct json_object;

/*
 * A vGPU that is defined: what is to start under its UUID. It is the JSON object that mdevctl(8) keeps in a file, and
 * whatever of it is not known here is kept:
 *   { "mdev_type": "i915-GVTg_V5_4", "start": "auto", "attrs": [ { "intel_vgpu/weight": "8" } ] }
 */

#define UGVT_DEFINITION_WEIGHT "intel_vgpu/weight"
#define UGVT_DEFINITION_CAP "intel_vgpu/cap"

struct ugvt_definition {
	struct ugvt_uuid uuid;
	char parent[64];
	char file[UGVT_UUID_LENGTH + 1]; // its name: the UUID as somebody wrote it
	struct json_object *json;
	/* What the JSON says. */
	char type[64];
	bool autostart;
	unsigned weight; // 0: the type's
	unsigned cap;    // percent; 0: none
};

/* A new one that is started by hand. type and parent are valid names. */
void ugvt_definition_init(struct ugvt_definition *definition, const struct ugvt_uuid *uuid,
	const char *parent, const char *type);
/* The same from a file's text; uuid, parent and file are to be set. */
bool ugvt_definition_parse(struct ugvt_definition *definition, const char *text, size_t size,
	struct ugvt_failure *failure);
/* The same from the JSON value, which is copied. */
bool ugvt_definition_from_json(
	struct ugvt_definition *definition, struct json_object *json, struct ugvt_failure *failure);
/* All zero is allowed. */
void ugvt_definition_finish(struct ugvt_definition *definition);

/* As mdevctl would write it; to be freed. NULL: out of memory. */
char *ugvt_definition_text(const struct ugvt_definition *definition);

void ugvt_definition_set_type(struct ugvt_definition *definition, const char *type);
void ugvt_definition_set_autostart(struct ugvt_definition *definition, bool autostart);
/* An attribute before the one with that index, or at the end (UGVT_DEFINITION_END). */
#define UGVT_DEFINITION_END UINT_MAX
bool ugvt_definition_add_attr(struct ugvt_definition *definition, unsigned index, const char *name,
	const char *value, struct ugvt_failure *failure);
/* The one with that index, or the last one. */
bool ugvt_definition_delete_attr(
	struct ugvt_definition *definition, unsigned index, struct ugvt_failure *failure);
/* 0: without one, as the type says. */
void ugvt_definition_set_weight(struct ugvt_definition *definition, unsigned weight);
void ugvt_definition_set_cap(struct ugvt_definition *definition, unsigned cap);

#endif
