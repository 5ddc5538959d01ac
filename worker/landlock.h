/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_LANDLOCK_H
#define UGVT_WORKER_LANDLOCK_H

#include <stdbool.h>

/* Takes from this thread, and those it starts, all that the kernel's Landlock knows how to take: the use of files,
 * TCP ports, abstract sockets, and signals to others. Needs no_new_privs. false if the kernel has no Landlock. */
bool ugvt_landlock_restrict(void);

#endif
