/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_WORKER_FORBIDDEN_H
#define UGVT_TESTS_WORKER_FORBIDDEN_H

#include <stddef.h>

/* The process ends with SIGSYS. */
#define UGVT_FORBIDDEN_DIES -1

/* What a worker may not do. Without walls it does no harm: where an attempt would succeed for root and change the machine, it is
 * made with arguments that the kernel refuses, which seccomp does not look at. */
struct ugvt_forbidden {
	const char *name;
	int error;             // that it fails with behind walls, or UGVT_FORBIDDEN_DIES
	long (*attempt)(void); // negative, and errno, if it failed
};

extern const struct ugvt_forbidden ugvt_forbidden[];
extern const size_t ugvt_forbidden_count;

#endif
