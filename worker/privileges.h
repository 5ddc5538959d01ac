/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_PRIVILEGES_H
#define UGVT_WORKER_PRIVILEGES_H

#include <stdbool.h>

/* What a process gives up for good; false if it can't. */

/* All capabilities, also those that running a program as root would give back. */
bool ugvt_privileges_drop_capabilities(void);
bool ugvt_privileges_refuse_new(void);
/* Core dumps with a guest's memory in them, and being looked into by others of its user. */
bool ugvt_privileges_hide(void);

#endif
