/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TRACE_PAGES_H
#define UGVT_TRACE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/format.h"

/* What the pages of a buffer were when they were looked at last, as hashes: two that differ have different ones but by a chance of
 * 2^-64. */

struct ugvt_trace_memory {
	uint64_t *hashes; // by page
	uint64_t pages;
};

/* All zeros. false: out of memory. */
bool ugvt_trace_memory_init(struct ugvt_trace_memory *memory, uint64_t size);
void ugvt_trace_memory_finish(struct ugvt_trace_memory *memory);

uint64_t ugvt_trace_hash(const void *page);
/* The first page from page on that is not at host as it is known to be; memory->pages if there is none. */
uint64_t ugvt_trace_memory_changed(
	const struct ugvt_trace_memory *memory, const char *host, uint64_t page);
/* Looks at all of host, and knows it then. write: how many pages changed, and their hash. */
void ugvt_trace_memory_update(
	struct ugvt_trace_memory *memory, const char *host, struct ugvt_trace_write *write);

#endif
