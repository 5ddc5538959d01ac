/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DEVICE_GUEST_MEMORY_H
#define UGVT_DEVICE_GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The seam between a device and whoever owns the pages it reaches by DMA: ranges of guest physical
 * addresses, each backed by host memory. The owner maps and unmaps ranges; the device looks addresses
 * up inside an access window, and no pointer outlives its window. An unmap waits for open windows, so a
 * window is short: one command, or a bounded piece of a long one.
 *
 * Guest memory changes under its reader: copy, then look.
 */

typedef uint64_t ugvt_gpa; // guest physical address, as the device's DMA sees it

enum ugvt_prot {
	UGVT_PROT_READ = 1 << 0,
	UGVT_PROT_WRITE = 1 << 1,
};

struct ugvt_guest_range {
	ugvt_gpa gpa;
	uint64_t size; // bytes, not 0; gpa + size does not wrap
	void *host;    // NULL: known, but can't be reached (as a range without an fd)
	unsigned prot; // UGVT_PROT_*
};

struct ugvt_guest_memory;

/* NULL if out of memory. */
struct ugvt_guest_memory *ugvt_guest_memory_create(void);
/* No window may be open. The ranges' host memory stays the owner's. NULL is allowed. */
void ugvt_guest_memory_destroy(struct ugvt_guest_memory *mem);
/* How many ranges there may be, UGVT_GUEST_RANGES_MAX at the start. Before others use mem. */
void ugvt_guest_memory_set_max(struct ugvt_guest_memory *mem, size_t ranges);

/* Adds *range. -EINVAL: empty, wraps or without protection; -EEXIST: overlaps another;
 * -ENOSPC: more than there may be; -ENOMEM. Waits for open windows. */
#define UGVT_GUEST_RANGES_MAX 4096
int ugvt_guest_memory_map(struct ugvt_guest_memory *mem, const struct ugvt_guest_range *range);
/* Takes away the range that is exactly gpa, size; *range (may be NULL) gets what it was. -ENOENT: no such
 * range. When it returns nobody uses the range's host memory any more. */
int ugvt_guest_memory_unmap(
	struct ugvt_guest_memory *mem, ugvt_gpa gpa, uint64_t size, struct ugvt_guest_range *range);
/* While off (as with PCI bus mastering off), every look-up fails. On at the start. Waits for windows. */
void ugvt_guest_memory_enable(struct ugvt_guest_memory *mem, bool on);

/* Opens and closes an access window on the calling thread; windows do not nest. */
void ugvt_guest_memory_begin(struct ugvt_guest_memory *mem);
void ugvt_guest_memory_end(struct ugvt_guest_memory *mem);
/* Somebody waits for this window's end: close it soon. Any thread. */
bool ugvt_guest_memory_contended(const struct ugvt_guest_memory *mem);
/* Grows with every change; a pointer looked up at one generation is good in a later window of the
 * same generation. */
uint64_t ugvt_guest_memory_generation(const struct ugvt_guest_memory *mem);

/* Inside a window: the host address of gpa, and in *run (may be NULL) how many bytes follow it in one
 * piece. NULL if gpa is not mapped with all of prot. */
void *ugvt_guest_memory_lookup(
	struct ugvt_guest_memory *mem, ugvt_gpa gpa, unsigned prot, uint64_t *run);
/* Inside a window: copies size bytes, across ranges. false if a byte of it can't be reached (the part before
 * it has been copied). */
bool ugvt_guest_memory_read(struct ugvt_guest_memory *mem, ugvt_gpa gpa, void *data, size_t size);
bool ugvt_guest_memory_write(
	struct ugvt_guest_memory *mem, ugvt_gpa gpa, const void *data, size_t size);

#endif
