/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CLI_SAVE_H
#define UGVT_CLI_SAVE_H

#include <limits.h>
#include <stdbool.h>

#include "control/failure.h"

/* A file that is written as a whole or not at all: what was there before stays until the new one is complete.
 * Something that is no regular file (a pipe, /dev/null) is written to as it is. */
struct ugvt_save {
	int fd; // to write to
	char path[PATH_MAX];
	char temporary[PATH_MAX]; // ""; written in place
};

/* false if the user may not write there, or it makes no sense. */
bool ugvt_save_begin(struct ugvt_save *save, const char *path, struct ugvt_failure *failure);
/* Puts the file in its place. Ends the saving in both cases. */
bool ugvt_save_commit(struct ugvt_save *save, struct ugvt_failure *failure);
/* Leaves everything as it was. */
void ugvt_save_abandon(struct ugvt_save *save);

#endif
