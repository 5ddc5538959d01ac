/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_FILTER_H
#define UGVT_WORKER_FILTER_H

#include <stdbool.h>

/* Lets through, in all threads and for good, the system calls that a worker makes. Others fail with EPERM; those that
 * only somebody makes who has taken the process over end it with SIGSYS. Needs no_new_privs. A line in the log, and
 * false, if it can't. */
bool ugvt_filter_load(void);

#endif
