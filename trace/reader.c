/* SPDX-License-Identifier: MIT */
#include "trace/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/bits.h"

/* Stored bytes are read in pieces, so that a number that is made up costs no more memory than the file has bytes. */
#define PIECE (UINT32_C(1) << 16)

struct block {
	char *data;
	size_t capacity;
};

struct ugvt_trace_reader {
	FILE *file;
	uint64_t offset; // of the record
	uint64_t next;
	bool begun;
	struct block stored;
	struct block unpacked;
};

struct ugvt_trace_reader *ugvt_trace_reader_create(FILE *file)
{
	struct ugvt_trace_reader *reader = calloc(1, sizeof(*reader));

	if (reader) {
		reader->file = file;
	}
	return reader;
}

void ugvt_trace_reader_destroy(struct ugvt_trace_reader *reader)
{
	if (reader) {
		free(reader->stored.data);
		free(reader->unpacked.data);
		free(reader);
	}
}

uint64_t ugvt_trace_reader_offset(const struct ugvt_trace_reader *reader)
{
	return reader->offset;
}

static bool block_grow(struct block *block, size_t size)
{
	char *data;

	if (size <= block->capacity) {
		return true;
	}
	data = realloc(block->data, size);
	if (data) {
		block->data = data;
		block->capacity = size;
	}
	return data;
}

/* END: there is nothing more at all. */
static enum ugvt_trace_status bytes_read(struct ugvt_trace_reader *reader, void *data, size_t size)
{
	size_t n = fread(data, 1, size, reader->file);

	reader->next += n;
	if (n == size) {
		return UGVT_TRACE_OK;
	}
	if (ferror(reader->file)) {
		return UGVT_TRACE_ERROR;
	}
	return n == 0 ? UGVT_TRACE_END : UGVT_TRACE_CUT;
}

static enum ugvt_trace_status stored_read(struct ugvt_trace_reader *reader, uint32_t size)
{
	for (uint32_t at = 0; at < size; at += PIECE) {
		uint32_t piece = UGVT_MIN(PIECE, size - at);
		enum ugvt_trace_status status;

		if (!block_grow(&reader->stored, at + piece)) {
			return UGVT_TRACE_ERROR;
		}
		status = bytes_read(reader, reader->stored.data + at, piece);
		if (status != UGVT_TRACE_OK) {
			return status == UGVT_TRACE_END ? UGVT_TRACE_CUT : status;
		}
	}
	return UGVT_TRACE_OK;
}

static enum ugvt_trace_status unpack(
	struct ugvt_trace_reader *reader, const struct ugvt_trace_header *header)
{
	uLongf size = header->size;

	if (crc32(0, (const Bytef *)reader->stored.data, header->stored) != header->check) {
		return UGVT_TRACE_DAMAGED;
	}
	if (!block_grow(&reader->unpacked, UGVT_MAX(header->size, 1u))) {
		return UGVT_TRACE_ERROR;
	}
	if (uncompress((Bytef *)reader->unpacked.data, &size, (const Bytef *)reader->stored.data,
		    header->stored) != Z_OK ||
		size != header->size) {
		return UGVT_TRACE_DAMAGED;
	}
	return UGVT_TRACE_OK;
}

static enum ugvt_trace_status magic_read(struct ugvt_trace_reader *reader)
{
	static const char magic[UGVT_TRACE_MAGIC_SIZE] = UGVT_TRACE_MAGIC;
	char start[UGVT_TRACE_MAGIC_SIZE];
	enum ugvt_trace_status status = bytes_read(reader, start, sizeof(start));

	if (status == UGVT_TRACE_ERROR) {
		return status;
	}
	reader->begun = true;
	return status == UGVT_TRACE_OK && memcmp(start, magic, sizeof(magic)) == 0
		       ? UGVT_TRACE_OK
		       : UGVT_TRACE_FOREIGN;
}

/* What an unpacked record holds. */
struct content {
	const char *data;
	size_t size;
};

/* Takes count times size bytes; NULL: so many are not there. */
static const void *content_take(struct content *content, uint64_t count, size_t size)
{
	const char *data = content->data;

	if (count > content->size / size) {
		return NULL;
	}
	content->data += count * size;
	content->size -= count * size;
	return data;
}

static bool content_copy(struct content *content, void *to, size_t size)
{
	const void *from = content_take(content, 1, size);

	if (from) {
		memcpy(to, from, size);
	}
	return from;
}

static bool process_check(struct ugvt_trace_record *record, struct content *content)
{
	if (!content_copy(content, &record->process, sizeof(record->process)) ||
		record->process.device[sizeof(record->process.device) - 1] || content->size == 0 ||
		content->data[content->size - 1]) {
		return false;
	}
	record->command = content_take(content, content->size, 1);
	return true;
}

static bool buffer_check(struct ugvt_trace_record *record, struct content *content)
{
	return content_copy(content, &record->buffer, sizeof(record->buffer)) &&
	       record->buffer.id > 0 && record->buffer.size > 0 &&
	       record->buffer.size % UGVT_TRACE_PAGE == 0;
}

static bool pages_check(struct ugvt_trace_record *record, struct content *content)
{
	uint64_t pages = 0;

	if (!content_copy(content, &record->pages, sizeof(record->pages))) {
		return false;
	}
	record->runs = content_take(content, record->pages.runs, sizeof(*record->runs));
	for (uint64_t i = 0; record->runs && i < record->pages.runs; i++) {
		const struct ugvt_trace_run *run = &record->runs[i];

		if (run->count > UGVT_TRACE_PAGES_MAX || run->first > UINT64_MAX - run->count) {
			return false;
		}
		pages += run->count;
	}
	record->data = content_take(content, pages, UGVT_TRACE_PAGE);
	return record->runs && record->data;
}

static bool batch_check(struct ugvt_trace_record *record, struct content *content)
{
	if (!content_copy(content, &record->batch, sizeof(record->batch))) {
		return false;
	}
	record->bindings = content_take(content, record->batch.bindings, sizeof(*record->bindings));
	return record->bindings;
}

static bool result_check(struct ugvt_trace_record *record, struct content *content)
{
	if (!content_copy(content, &record->result, sizeof(record->result))) {
		return false;
	}
	record->writes = content_take(content, record->result.writes, sizeof(*record->writes));
	return record->writes;
}

static bool record_check(
	struct ugvt_trace_record *record, enum ugvt_trace_type type, struct content content)
{
	bool good = false;

	*record = (struct ugvt_trace_record){.type = type};
	switch (type) {
	case UGVT_TRACE_PROCESS: good = process_check(record, &content); break;
	case UGVT_TRACE_BUFFER: good = buffer_check(record, &content); break;
	case UGVT_TRACE_PAGES: good = pages_check(record, &content); break;
	case UGVT_TRACE_BATCH: good = batch_check(record, &content); break;
	case UGVT_TRACE_RESULT: good = result_check(record, &content); break;
	case UGVT_TRACE_GONE:
		good = content_copy(&content, &record->gone, sizeof(record->gone));
		break;
	}
	return good && content.size == 0;
}

enum ugvt_trace_status ugvt_trace_read(
	struct ugvt_trace_reader *reader, struct ugvt_trace_record *record)
{
	struct ugvt_trace_header header;
	enum ugvt_trace_status status = UGVT_TRACE_OK;

	if (!reader->begun) {
		status = magic_read(reader);
	}
	reader->offset = reader->next;
	if (status == UGVT_TRACE_OK) {
		status = bytes_read(reader, &header, sizeof(header));
	}
	if (status != UGVT_TRACE_OK) {
		return status;
	}
	if (header.size > UGVT_TRACE_RECORD_MAX || header.stored > compressBound(header.size)) {
		return UGVT_TRACE_DAMAGED;
	}
	status = stored_read(reader, header.stored);
	if (status == UGVT_TRACE_OK) {
		status = unpack(reader, &header);
	}
	if (status == UGVT_TRACE_OK &&
		!record_check(record, (enum ugvt_trace_type)header.type,
			(struct content){reader->unpacked.data, header.size})) {
		status = UGVT_TRACE_DAMAGED;
	}
	return status;
}
