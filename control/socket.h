/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_SOCKET_H
#define UGVT_CONTROL_SOCKET_H

#include <stdbool.h>

#include "control/failure.h"

/* Bytes of a socket's path without the NUL: sizeof(sockaddr_un.sun_path) - 1. */
#define UGVT_SOCKET_PATH_MAX 107

/* path fits; the failure names the run directory as what to shorten. */
bool ugvt_socket_path_check(const char *path, struct ugvt_failure *failure);

/* A stream socket that listens at path, with mode 0600, and does not block; what was there before is replaced. -1 on
 * failure. */
int ugvt_socket_listen(const char *path, struct ugvt_failure *failure);
/* A stream socket connected to the manager's at path; -1 on failure. */
int ugvt_socket_connect(const char *path, struct ugvt_failure *failure);
/* The same to a stranger's, without ever waiting for one who doesn't take connections; -errno on failure. */
int ugvt_socket_try(const char *path);

#endif
