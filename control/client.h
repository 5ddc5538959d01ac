/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_CLIENT_H
#define UGVT_CONTROL_CLIENT_H

#include "control/failure.h"
#include "control/rundir.h"

struct json_object;

/* A program's connection to the manager; calls wait for their answers. One thread at a time. */
struct ugvt_client;

/* NULL on failure. */
struct ugvt_client *ugvt_client_create(
	const struct ugvt_run_dir *run_dir, struct ugvt_failure *failure);
/* NULL is allowed. */
void ugvt_client_destroy(struct ugvt_client *client);

struct ugvt_client_reply {
	struct json_object *result;  // may be NULL
	int fd;                      // -1: none
	struct ugvt_failure failure; // if the call failed
};

/* params may be NULL and are taken. true: it worked. *reply is to be finished in both cases. */
bool ugvt_client_call(struct ugvt_client *client, const char *method, struct json_object *params,
	struct ugvt_client_reply *reply);
void ugvt_client_reply_finish(struct ugvt_client_reply *reply);

#endif
