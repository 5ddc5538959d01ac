/* SPDX-License-Identifier: MIT */
#ifndef UGVT_CONTROL_UUID_H
#define UGVT_CONTROL_UUID_H

#include <stdbool.h>

#include "control/failure.h"

#define UGVT_UUID_LENGTH 36

/* As RFC 4122 writes it, in lower case. */
struct ugvt_uuid {
	char text[UGVT_UUID_LENGTH + 1];
};

/* Takes 8-4-4-4-12 hexadecimal digits of any case; false (and *uuid as it was) if text is anything
 * else. */
bool ugvt_uuid_parse(struct ugvt_uuid *uuid, const char *text);
/* The same; the failure says what a UUID looks like. */
bool ugvt_uuid_read(struct ugvt_uuid *uuid, const char *text, struct ugvt_failure *failure);
/* A new random one (version 4). */
void ugvt_uuid_random(struct ugvt_uuid *uuid);
bool ugvt_uuid_equal(const struct ugvt_uuid *a, const struct ugvt_uuid *b);

#endif
