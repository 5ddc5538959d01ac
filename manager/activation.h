/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_ACTIVATION_H
#define UGVT_MANAGER_ACTIVATION_H

#include <stdbool.h>

/* What whoever starts services agrees on with them through the environment, as sd_listen_fds(3) and sd_notify(3) tell
 * it. Where it is not set, nobody is there to agree with. */

struct ugvt_failure;

/* A listening Unix stream socket that was passed to this process, to *fd, close-on-exec and not blocking; -1: none was.
 * false: something else was passed. Further processes do not take it for theirs. */
bool ugvt_activation_take(int *fd, struct ugvt_failure *failure);

/* Tells of a state: "READY=1", "STOPPING=1". */
void ugvt_activation_notify(const char *state);

#endif
