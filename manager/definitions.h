/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_DEFINITIONS_H
#define UGVT_MANAGER_DEFINITIONS_H

#include "manager/definition.h"

/* All vGPUs that are defined, as the directory has them now: mdevctl may change it at any time, so that nothing of it is
 * remembered. */
struct ugvt_definitions {
	struct ugvt_definition *at; // by parent and file name
	size_t n;
	struct ugvt_broken_definition *broken;
	size_t n_broken;
};

/* A file with the name of a definition that is none. */
struct ugvt_broken_definition {
	struct ugvt_uuid uuid;
	char parent[64];
	char reason[256];
};

/* Reads all of them; dir may be missing, or empty for none. */
void ugvt_definitions_init(struct ugvt_definitions *definitions, const char *dir);
void ugvt_definitions_finish(struct ugvt_definitions *definitions);

/* Removes what was begun to be written long ago. */
void ugvt_definitions_clean(const char *dir);

/* That of a UUID on parent; or, if parent is NULL, the only one there is. NULL on failure, with UGVT_FAILURE_NOT_FOUND if
 * there is none. */
struct ugvt_definition *ugvt_definitions_find(const struct ugvt_definitions *definitions,
	const struct ugvt_uuid *uuid, const char *parent, struct ugvt_failure *failure);

#endif
