/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TRACE_FORMAT_H
#define UGVT_TRACE_FORMAT_H

#include <stdint.h>

/*
 * A trace: what a process gave its GPU to do. A file is UGVT_TRACE_MAGIC and then records, each a header and as many stored bytes,
 * which zlib unpacks. All numbers are little endian, and structures have no holes.
 *
 * Before each batch stand the pages of its buffers that changed since the GPU's memory was last known: what was written since is in
 * PAGES records, what batches wrote is not (a replay writes it again). After it stands what it wrote, as hashes. A record is
 * written with one call once it is complete, and so a program that dies leaves all but perhaps the last of them.
 *
 * Buffers, address spaces and contexts have ids from one row of numbers, none of which is used twice. They begin empty where they
 * are first met, and end with a GONE record.
 */

#define UGVT_TRACE_MAGIC "ugvt-trace 1\n\0\0" // with the final zero: 16 bytes
#define UGVT_TRACE_MAGIC_SIZE 16

/* Of pages: those of host and GPU. */
#define UGVT_TRACE_PAGE 4096
/* Of one PAGES record. */
#define UGVT_TRACE_PAGES_MAX 256
/* Bytes of an unpacked record: a batch with as many buffers as an address space takes, and more than any other. */
#define UGVT_TRACE_RECORD_MAX (UINT32_C(32) << 20)

enum ugvt_trace_type {
	UGVT_TRACE_PROCESS = 1, // the first one: struct ugvt_trace_process, and its command line
	UGVT_TRACE_BUFFER,      // struct ugvt_trace_buffer: one that was not met before
	UGVT_TRACE_PAGES,       // struct ugvt_trace_pages, its runs, and their pages
	UGVT_TRACE_BATCH,       // struct ugvt_trace_batch, and its bindings: runs now
	UGVT_TRACE_RESULT,      // struct ugvt_trace_result, and its writes: of the last batch
	UGVT_TRACE_GONE,        // struct ugvt_trace_gone
};

struct ugvt_trace_header {
	uint32_t type;   // enum ugvt_trace_type
	uint32_t stored; // bytes that follow
	uint32_t size;   // unpacked
	uint32_t check;  // zlib's crc32() of what is stored
};

struct ugvt_trace_process {
	char device[16]; // gen/device.h; ends with zeros
	uint64_t pid;
	uint64_t
		inherited; // ids up to this were a parent's: what their contexts know is not in this trace
};

struct ugvt_trace_buffer {
	uint64_t id;
	uint64_t size; // bytes, a multiple of pages
	uint64_t read_only;
};

struct ugvt_trace_run {
	uint64_t buffer;
	uint64_t first; // page
	uint64_t count;
};

struct ugvt_trace_pages {
	uint64_t runs;
};

struct ugvt_trace_binding {
	uint64_t buffer;
	uint64_t addr;
};

struct ugvt_trace_batch {
	uint64_t context; // the hardware state that it goes on with
	uint64_t space;
	uint64_t addr;
	uint64_t time;   // TIMESTAMP, as long as it runs
	uint32_t engine; // enum ugvt_engine_id
	uint32_t bindings;
};

struct ugvt_trace_write {
	uint64_t buffer;
	uint64_t pages; // that changed; 0: none, but it was looked at
	uint64_t hash;  // of which they are, and what they became
};

struct ugvt_trace_result {
	uint32_t completed; // 0: it hung, and what it wrote is not told
	uint32_t writes;
};

struct ugvt_trace_gone {
	uint64_t id;
};

#endif
