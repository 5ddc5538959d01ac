/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_CRC_H
#define UGVT_DISPLAY_CRC_H

#include <stdint.h>

#include "device/guest_memory.h"
#include "display/pipe.h"
#include "gpu/mem/ggtt.h"

/*
 * Computes what the pipes' CRC registers tell, on a thread of its own: a checksum of the composed frame, the one that a
 * screenshot shows. The hardware's polynomial is not documented; what counts is that equal pictures have equal CRCs on
 * every pipe (zlib's CRC-32 of the rows).
 */

struct ugvt_crc_host {
	const struct ugvt_crc_host_impl *impl;
};

struct ugvt_crc_host_impl {
	/* Mandatory. The result of a job. Called by the thread, with no lock held. */
	void (*done)(struct ugvt_crc_host *host, unsigned pipe, uint32_t job, uint32_t value);
};

struct ugvt_crc;

/* NULL if out of memory or threads. What it is given outlives it. */
struct ugvt_crc *ugvt_crc_create(
	struct ugvt_crc_host *host, struct ugvt_guest_memory *memory, const struct ugvt_ggtt *ggtt);
/* Not by the thread, and not with a lock that done() takes. NULL is allowed. */
void ugvt_crc_destroy(struct ugvt_crc *crc);

/* Begins a job for view's pipe, in place of one that has not begun. view is copied. */
void ugvt_crc_begin(struct ugvt_crc *crc, const struct ugvt_pipe_view *view, uint32_t job);

#endif
