/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_URB_H
#define UGVT_GPU_RENDER_URB_H

#include "gpu/eu/thread.h"

/*
 * Messages to the unified return buffer, of SIMD8 threads (PRM IVB vol 4 part 2, "Unified Return Buffer"; Gen8 and later: Mesa's
 * brw_eu.h, brw_urb_desc()). What is no handle, or lies outside an entry, is not written and reads as zero.
 *
 * A handle names a kind of entries and one of them; threads only hand on those that their payload has.
 */

enum ugvt_urb_kind {
	UGVT_URB_VERTEX,   // of the first stage
	UGVT_URB_PATCH,    // of the hull shader
	UGVT_URB_DOMAIN,   // of the domain shader
	UGVT_URB_GEOMETRY, // of the geometry shader
	UGVT_URB_KINDS,
};

/* Of a handle's 16 bits; what is above is something else (of geometry shaders the instance). */
#define UGVT_URB_KIND_SHIFT 14
#define UGVT_URB_ENTRIES_MAX 16384 // of a kind

/* Entries of one size, one behind the other. */
struct ugvt_urb_entries {
	uint32_t *dw;
	unsigned count;
	unsigned dwords; // of each
};

struct ugvt_urb {
	struct ugvt_urb_entries entries[UGVT_URB_KINDS];
};

static inline uint32_t ugvt_urb_handle(enum ugvt_urb_kind kind, unsigned entry)
{
	return (uint32_t)kind << UGVT_URB_KIND_SHIFT | entry;
}

/* NULL, or what is wrong with the message. */
const char *ugvt_urb_send(const struct ugvt_urb *urb, const struct ugvt_eu_message *message);

#endif
