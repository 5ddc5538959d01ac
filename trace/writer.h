/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TRACE_WRITER_H
#define UGVT_TRACE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/format.h"

/*
 * Writes a trace. Between two records no descriptor is open, since the program whose trace it is may close what it does not know;
 * if the file was taken away meanwhile, writing fails. For one thread at a time.
 */

struct ugvt_trace_writer;

/* Makes a file of its own: path, or if that is there already path.PID, path.PID.2 and so on. NULL: errno says why. */
struct ugvt_trace_writer *ugvt_trace_writer_create(const char *path);
void ugvt_trace_writer_destroy(struct ugvt_trace_writer *writer); // NULL is allowed
const char *ugvt_trace_writer_path(const struct ugvt_trace_writer *writer);

/* Appends a record: head, then body. false: it could not be written, errno says why; nor can anything after it. */
struct ugvt_trace_part {
	const void *data;
	size_t size;
};
bool ugvt_trace_write(struct ugvt_trace_writer *writer, enum ugvt_trace_type type,
	const struct ugvt_trace_part *parts, unsigned count);

#endif
