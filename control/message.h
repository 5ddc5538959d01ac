/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_MESSAGE_H
#define UGVT_CONTROL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/failure.h"

struct json_object;

#define UGVT_MESSAGE_REQUEST_FDS_MAX 2

/*
 * JSON-RPC 2.0 messages, one a line. Parameters are always an object; batches are not taken. A reply that has a
 * file descriptor beside it says so with a member "fds": 1; a request may have two.
 */

struct ugvt_message {
	struct json_object *root;   // owned; the rest points into it
	const char *method;         // NULL: a reply
	struct json_object *params; // of a request; an object, or NULL
	struct json_object *id;     // may be NULL: a notification, or JSON's null
	bool notification;          // a request that wants no answer
	struct json_object *result; // of a reply; NULL if it is JSON's null or an error
	struct json_object *error;  // of a reply; NULL unless it is an error
	unsigned n_fds;             // beside it
};

/* 0, or the UGVT_RPC_* code of what is wrong with it; message->id is set even then, if there is one. To be
 * finished in both cases. */
int ugvt_message_parse(struct ugvt_message *message, const char *text, size_t size);
void ugvt_message_finish(struct ugvt_message *message);

/* The failure that an error reply tells of; nonsense becomes UGVT_FAILURE_OTHER. */
void ugvt_message_failure(const struct ugvt_message *message, struct ugvt_failure *failure);

/* New messages: objects that the caller puts. params and result may be NULL and are taken. id is not. */
struct json_object *ugvt_message_request(
	const char *method, struct json_object *params, uint64_t id);
/* Says that n descriptors are beside it. */
void ugvt_message_set_fds(struct json_object *message, unsigned n);
struct json_object *ugvt_message_result(struct json_object *id, struct json_object *result);
struct json_object *ugvt_message_error(struct json_object *id, const struct ugvt_failure *failure);
/* The line to send; lives as long as message. */
const char *ugvt_message_line(struct json_object *message);

#endif
