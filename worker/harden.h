/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_HARDEN_H
#define UGVT_WORKER_HARDEN_H

#include <stdbool.h>

/* Gives up, for good, what no worker needs: new privileges, core dumps with a guest's memory in them, being looked
 * into by others of its user, files that others may read. false, and a line in the log, if something can't be given
 * up. */
bool ugvt_harden(void);

#endif
