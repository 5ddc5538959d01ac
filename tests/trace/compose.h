/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_TRACE_COMPOSE_H
#define UGVT_TESTS_TRACE_COMPOSE_H

#include <stddef.h>

#include "trace/format.h"

/* For tests: a trace in memory, whose records may hold anything. Aborts without memory. */

struct compose {
	char *bytes;
	size_t size;
};

/* With the magic. */
void compose_init(struct compose *compose);
void compose_finish(struct compose *compose);
/* A record whose header fits its content. */
void compose_record(struct compose *compose, uint32_t type, const void *data, size_t size);

#endif
