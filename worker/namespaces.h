/* SPDX-License-Identifier: MIT */
#ifndef UGVT_WORKER_NAMESPACES_H
#define UGVT_WORKER_NAMESPACES_H

struct ugvt_walls;

/* Leaves the machine's file system, network, System V IPC and host name for empty ones of its own, as far as this user
 * and this kernel allow, and notes in walls which. The process has one thread. */
void ugvt_namespaces_enter(struct ugvt_walls *walls);

#endif
