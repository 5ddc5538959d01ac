/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TRACE_READER_H
#define UGVT_TRACE_READER_H

#include <stdbool.h>
#include <stdio.h>

#include "trace/format.h"

/* Reads a trace. The file may be anything: what is handed out was checked, as far as a record by itself can be. */

enum ugvt_trace_status {
	UGVT_TRACE_OK,
	UGVT_TRACE_END,     // behind the last record
	UGVT_TRACE_CUT,     // the file ends inside a record
	UGVT_TRACE_FOREIGN, // it does not begin as a trace
	UGVT_TRACE_DAMAGED, // a record that no writer writes
	UGVT_TRACE_ERROR,   // it can't be read, or there is no memory: errno
};

/* The last one read, good until the next is. What its type has no use for is zero. */
struct ugvt_trace_record {
	enum ugvt_trace_type type;
	union {
		struct ugvt_trace_process process;
		struct ugvt_trace_buffer buffer;
		struct ugvt_trace_pages pages;
		struct ugvt_trace_batch batch;
		struct ugvt_trace_result result;
		struct ugvt_trace_gone gone;
	};
	const char *command;                       // of PROCESS
	const struct ugvt_trace_run *runs;         // of PAGES
	const char *data;                          // of PAGES: of all runs' pages
	const struct ugvt_trace_binding *bindings; // of BATCH
	const struct ugvt_trace_write *writes;     // of RESULT
};

struct ugvt_trace_reader;

/* file stays the caller's, and is read from where it is. NULL: out of memory. */
struct ugvt_trace_reader *ugvt_trace_reader_create(FILE *file);
void ugvt_trace_reader_destroy(struct ugvt_trace_reader *reader); // NULL is allowed
enum ugvt_trace_status ugvt_trace_read(
	struct ugvt_trace_reader *reader, struct ugvt_trace_record *record);
/* Bytes of the file before the record that was read last, or that could not be. */
uint64_t ugvt_trace_reader_offset(const struct ugvt_trace_reader *reader);

#endif
