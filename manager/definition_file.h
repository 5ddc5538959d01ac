/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_DEFINITION_FILE_H
#define UGVT_MANAGER_DEFINITION_FILE_H

#include "manager/definition.h"

/*
 * Definitions as files, in mdevctl's layout: DIR/PARENT/UUID. A file is replaced as a whole, so that a power cut at any
 * moment leaves the old one or the new one.
 */

/* Reads the one that definition->parent and ->file name. false: it is broken, and says how; definition need not be finished
 * then. */
bool ugvt_definition_read(
	struct ugvt_definition *definition, const char *dir, struct ugvt_failure *failure);
/* On the disk once this returns true; else what was there before is still there. Makes the directories if need be. */
bool ugvt_definition_write(
	const struct ugvt_definition *definition, const char *dir, struct ugvt_failure *failure);
/* Gone from the disk once this returns true. */
bool ugvt_definition_remove(
	const struct ugvt_definition *definition, const char *dir, struct ugvt_failure *failure);

/* name is that of a file which ugvt_definition_write() began, and never finished if it is old. */
bool ugvt_definition_is_temporary(const char *name);

#endif
