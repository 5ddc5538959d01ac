/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CLI_GUEST_H
#define UGVT_CLI_GUEST_H

#include "cli/cli.h"

struct json_object;

/* What the commands that help to run a virtual machine have in common. */

/* A size of memory as QEMU takes it: a number, and K, M, G or T perhaps; M is meant without. */
bool ugvt_guest_memory_check(const char *size, struct ugvt_failure *failure);

/* The path of the socket of the vGPU called uuid; reply owns it, and is to be finished if it is not NULL. NULL: the user
 * was told; leave with cli->status. */
const char *ugvt_guest_socket(
	struct ugvt_cli *cli, const char *uuid, struct ugvt_client_reply *reply);

/* The argument of QEMU's -device for a vGPU with that socket, as JSON. In slot 2, where integrated GPUs are. The
 * caller's; ugvt_message_line() is its text. */
struct json_object *ugvt_guest_device(const char *socket_path);

#endif
