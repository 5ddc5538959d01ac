/* SPDX-License-Identifier: MIT */
#include "trace/pages.h"

#include <stdlib.h>
#include <string.h>

/* Odd, with bits all over: the golden ratio's, and two primes. */
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)
#define FACTOR_END UINT64_C(0xff51afd7ed558ccd)
#define START UINT64_C(0xc4ceb9fe1a85ec53)
#define LANES 4

static uint64_t rotate(uint64_t value, unsigned by)
{
	return value << by | value >> (64 - by);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * FACTOR_END;
	return hash ^ hash >> 29;
}

/* Four lanes, since a multiplication takes several cycles and four can be under way. */
uint64_t ugvt_trace_hash(const void *page)
{
	uint64_t lanes[LANES] = {START, START + 1, START + 2, START + 3};
	uint64_t words[LANES];
	uint64_t hash = START;

	for (size_t at = 0; at < UGVT_TRACE_PAGE; at += sizeof(words)) {
		memcpy(words, (const char *)page + at, sizeof(words));
		for (unsigned i = 0; i < LANES; i++) {
			lanes[i] = rotate((lanes[i] ^ words[i]) * FACTOR, 29);
		}
	}
	for (unsigned i = 0; i < LANES; i++) {
		hash = mix(hash, lanes[i]);
	}
	return mix(hash, hash >> 32);
}

bool ugvt_trace_memory_init(struct ugvt_trace_memory *memory, uint64_t size)
{
	static const char zeros[UGVT_TRACE_PAGE];
	uint64_t hash = ugvt_trace_hash(zeros);

	memory->pages = size / UGVT_TRACE_PAGE;
	memory->hashes = calloc(memory->pages + 1, sizeof(*memory->hashes));
	if (!memory->hashes) {
		return false;
	}
	for (uint64_t i = 0; i < memory->pages; i++) {
		memory->hashes[i] = hash;
	}
	return true;
}

void ugvt_trace_memory_finish(struct ugvt_trace_memory *memory)
{
	free(memory->hashes);
}

uint64_t ugvt_trace_memory_changed(
	const struct ugvt_trace_memory *memory, const char *host, uint64_t page)
{
	while (page < memory->pages &&
		ugvt_trace_hash(host + page * UGVT_TRACE_PAGE) == memory->hashes[page]) {
		page++;
	}
	return page;
}

void ugvt_trace_memory_update(
	struct ugvt_trace_memory *memory, const char *host, struct ugvt_trace_write *write)
{
	write->pages = 0;
	write->hash = 0;
	for (uint64_t page = 0; page < memory->pages; page++) {
		uint64_t hash = ugvt_trace_hash(host + page * UGVT_TRACE_PAGE);

		if (hash != memory->hashes[page]) {
			memory->hashes[page] = hash;
			write->hash = mix(mix(write->hash, page), hash);
			write->pages++;
		}
	}
}
