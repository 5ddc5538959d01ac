/* SPDX-License-Identifier: MIT */
#include "trace/writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* Most of what is written compresses well, and time matters: a program waits for it. */
#define LEVEL 3
#define NAMES_MAX 1000

struct ugvt_trace_writer {
	char *path;
	bool failed;
	Bytef *stored; // a header, and what follows
	size_t capacity;
};

/* Files of the C library: where calls of open() and close() are watched, as in programs that this is preloaded into, theirs are
 * not. */
static bool file_write(const char *path, const char *mode, const void *data, size_t size)
{
	FILE *file = fopen(path, mode);
	bool success;
	int error;

	if (!file) {
		return false;
	}
	setvbuf(file, NULL, _IONBF, 0);
	success = fseek(file, 0, SEEK_END) == 0 && fwrite(data, 1, size, file) == size;
	error = errno;
	success = fclose(file) == 0 && success;
	errno = error;
	return success;
}

/* false with EEXIST: take another name. */
static bool file_create(const char *path)
{
	static const char magic[UGVT_TRACE_MAGIC_SIZE] = UGVT_TRACE_MAGIC;

	return file_write(path, "wxe", magic, sizeof(magic));
}

/* NULL and errno: there is no such name. */
static char *name_make(const char *path, unsigned n)
{
	char *name = NULL;
	int length;

	if (n == 0) {
		return strdup(path);
	}
	if (n == 1) {
		length = asprintf(&name, "%s.%d", path, (int)getpid());
	} else {
		length = asprintf(&name, "%s.%d.%u", path, (int)getpid(), n);
	}
	return length < 0 ? NULL : name;
}

struct ugvt_trace_writer *ugvt_trace_writer_create(const char *path)
{
	struct ugvt_trace_writer *writer = calloc(1, sizeof(*writer));

	for (unsigned n = 0; writer && n < NAMES_MAX; n++) {
		writer->path = name_make(path, n);
		if (!writer->path) {
			break;
		}
		if (file_create(writer->path)) {
			return writer;
		}
		if (errno != EEXIST) {
			break;
		}
		free(writer->path);
		writer->path = NULL;
	}
	ugvt_trace_writer_destroy(writer);
	return NULL;
}

void ugvt_trace_writer_destroy(struct ugvt_trace_writer *writer)
{
	int saved = errno;

	if (writer) {
		free(writer->path);
		free(writer->stored);
		free(writer);
	}
	errno = saved;
}

const char *ugvt_trace_writer_path(const struct ugvt_trace_writer *writer)
{
	return writer->path;
}

static bool room_make(struct ugvt_trace_writer *writer, size_t size)
{
	Bytef *stored;

	if (size <= writer->capacity) {
		return true;
	}
	stored = realloc(writer->stored, size);
	if (stored) {
		writer->stored = stored;
		writer->capacity = size;
	}
	return stored;
}

static size_t parts_size(const struct ugvt_trace_part *parts, unsigned count)
{
	size_t size = 0;

	for (unsigned i = 0; i < count; i++) {
		size += parts[i].size;
	}
	return size;
}

/* The parts to the stored bytes behind the header, and how many those are to *stored. */
static bool parts_pack(struct ugvt_trace_writer *writer, const struct ugvt_trace_part *parts,
	unsigned count, uint32_t *stored)
{
	z_stream stream = {0};
	int ret = deflateInit(&stream, LEVEL);
	size_t bound;

	if (ret != Z_OK) {
		return false;
	}
	bound = deflateBound(&stream, parts_size(parts, count));
	if (!room_make(writer, sizeof(struct ugvt_trace_header) + bound)) {
		deflateEnd(&stream);
		return false;
	}
	stream.next_out = writer->stored + sizeof(struct ugvt_trace_header);
	stream.avail_out = (uInt)bound;
	for (unsigned i = 0; ret == Z_OK && i < count; i++) {
		stream.next_in = (z_const Bytef *)parts[i].data;
		stream.avail_in = (uInt)parts[i].size;
		ret = deflate(&stream, i + 1 < count ? Z_NO_FLUSH : Z_FINISH);
	}
	*stored = (uint32_t)stream.total_out;
	deflateEnd(&stream);
	return ret == Z_STREAM_END;
}

bool ugvt_trace_write(struct ugvt_trace_writer *writer, enum ugvt_trace_type type,
	const struct ugvt_trace_part *parts, unsigned count)
{
	struct ugvt_trace_header header = {.type = type};

	if (writer->failed || parts_size(parts, count) > UGVT_TRACE_RECORD_MAX) {
		errno = writer->failed ? EIO : EFBIG;
		writer->failed = true;
		return false;
	}
	errno = ENOMEM;
	header.size = (uint32_t)parts_size(parts, count);
	if (!parts_pack(writer, parts, count, &header.stored)) {
		writer->failed = true;
		return false;
	}
	header.check = (uint32_t)crc32(0, writer->stored + sizeof(header), header.stored);
	memcpy(writer->stored, &header, sizeof(header));
	writer->failed =
		!file_write(writer->path, "r+e", writer->stored, sizeof(header) + header.stored);
	return !writer->failed;
}
