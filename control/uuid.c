/* SPDX-License-Identifier: MIT */
#include "control/uuid.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static bool dash_at(unsigned i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

bool ugvt_uuid_parse(struct ugvt_uuid *uuid, const char *text)
{
	struct ugvt_uuid parsed = {0};

	if (strlen(text) != UGVT_UUID_LENGTH) {
		return false;
	}
	for (unsigned i = 0; i < UGVT_UUID_LENGTH; i++) {
		unsigned char c = (unsigned char)text[i];

		if (dash_at(i) ? c != '-' : !isxdigit(c)) {
			return false;
		}
		parsed.text[i] = (char)tolower(c);
	}
	*uuid = parsed;
	return true;
}

bool ugvt_uuid_read(struct ugvt_uuid *uuid, const char *text, struct ugvt_failure *failure)
{
	if (ugvt_uuid_parse(uuid, text)) {
		return true;
	}
	ugvt_fail(failure, UGVT_FAILURE_INVALID, "'");
	ugvt_failure_append_quoted(failure, text);
	ugvt_failure_append(failure,
		"' is no UUID: one looks like c1f4e5a0-8d2b-4a6e-9b7c-3f0d5e6a7b81, and uuidgen makes them");
	return false;
}

void ugvt_uuid_random(struct ugvt_uuid *uuid)
{
	uint8_t b[16];

	/* Sizes up to 256 are never cut short once the kernel's pool is ready, and it waits for that. */
	if (getrandom(b, sizeof(b), 0) != sizeof(b)) {
		abort();
	}
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40); // version 4
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80); // RFC 4122's variant
	snprintf(uuid->text, sizeof(uuid->text),
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		b[15]);
}

bool ugvt_uuid_equal(const struct ugvt_uuid *a, const struct ugvt_uuid *b)
{
	return strcmp(a->text, b->text) == 0;
}
