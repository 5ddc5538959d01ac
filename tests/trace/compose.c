/* SPDX-License-Identifier: MIT */
#include "tests/trace/compose.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void append(struct compose *compose, const void *data, size_t size)
{
	compose->bytes = realloc(compose->bytes, compose->size + size);
	if (!compose->bytes) {
		abort();
	}
	memcpy(compose->bytes + compose->size, data, size);
	compose->size += size;
}

void compose_init(struct compose *compose)
{
	static const char magic[UGVT_TRACE_MAGIC_SIZE] = UGVT_TRACE_MAGIC;

	*compose = (struct compose){0};
	append(compose, magic, sizeof(magic));
}

void compose_finish(struct compose *compose)
{
	free(compose->bytes);
}

void compose_record(struct compose *compose, uint32_t type, const void *data, size_t size)
{
	uLongf stored = compressBound(size);
	Bytef *packed = malloc(stored);
	struct ugvt_trace_header header = {.type = type, .size = (uint32_t)size};

	if (!packed || compress2(packed, &stored, data, size, 1) != Z_OK) {
		abort();
	}
	header.stored = (uint32_t)stored;
	header.check = (uint32_t)crc32(0, packed, (uInt)stored);
	append(compose, &header, sizeof(header));
	append(compose, packed, stored);
	free(packed);
}
