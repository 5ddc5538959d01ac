/* SPDX-License-Identifier: MIT */
#ifndef UGVT_MANAGER_SPAWN_H
#define UGVT_MANAGER_SPAWN_H

#include <sys/types.h>

/* Runs argv[0] in a session of its own with fds[i] as descriptor 3 + i, standard input from /dev/null, standard
 * output and error as ours, and nothing else open; signals as after log-in. Its pid, and a descriptor for it in
 * *pidfd; -errno on failure. The process exits with status 127 if the program can't be run. */
pid_t ugvt_spawn(char *const argv[], const int *fds, unsigned n_fds, int *pidfd);

#endif
