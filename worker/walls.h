/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_WALLS_H
#define UGVT_WORKER_WALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/walls.h"

/*
 * The walls around a worker. A guest that takes over its worker finds a process that has its own sockets and its
 * guest's memory, and nothing else: no files, no network, no other process, no way to more. Walls overlap on purpose:
 * what the filter of system calls refuses, an empty root or missing capabilities would refuse as well.
 */

/* Erects them all but the memory limit, for good; while the process has one thread, and before it reads a byte of
 * anybody's. A line in the log tells which can't stand; false: one of those that no worker runs without (seccomp, no
 * new privileges, no capabilities, not dumpable) is among them. */
bool ugvt_walls_erect(struct ugvt_walls *walls);

/* From now on the process can't have more than so many bytes of memory of its own. Before it has more threads. */
void ugvt_walls_limit_memory(struct ugvt_walls *walls, uint64_t bytes);

#endif
