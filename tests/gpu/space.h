/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_SPACE_H
#define UGVT_TESTS_GPU_SPACE_H

#include "gpu/mem/aspace.h"

/*
 * For tests and benchmarks: guest memory of one range, a GGTT, and page tables made in that memory as a driver makes
 * them. Runs out of memory by aborting.
 */

#define SPACE_GPA UINT64_C(0x100000) // where the guest's memory starts

#define SPACE_PRESENT UINT64_C(1)
#define SPACE_WRITABLE UINT64_C(2)
#define SPACE_RW (SPACE_PRESENT | SPACE_WRITABLE)
#define SPACE_LARGE UINT64_C(0x80) // a PDE of 2 MB, a PDP of 1 GB
#define SPACE_64K UINT64_C(0x800)  // a PDE whose table has 64 KB pages

struct space {
	struct ugvt_guest_memory *memory;
	struct ugvt_ggtt ggtt;
	char *ram;
	uint64_t size;
	uint64_t used; // bytes, from the start
	ugvt_gpa pml4;
	struct ugvt_aspace as;
};

/* size bytes of zeros as the guest's memory, an empty PPGTT4 in as; a window is open until space_finish(). */
void space_init(struct space *space, uint64_t size);
void space_finish(struct space *space);

/* Takes memory from the guest's; align: a power of two, in guest physical addresses. */
ugvt_gpa space_alloc(struct space *space, uint64_t size, uint64_t align);
void *space_host(const struct space *space, ugvt_gpa gpa);

/* The entry of addr in the table of that level (0: PTE ... 3: PML4); makes the tables above. */
uint64_t *space_entry(struct space *space, ugvt_gpu_addr addr, unsigned level);
/* Maps size bytes, from addr to gpa, by 4 KB pages that may be written. */
void space_map(struct space *space, ugvt_gpu_addr addr, ugvt_gpa gpa, uint64_t size);
/* Makes as the same space seen as a PPGTT3. */
void space_set_ppgtt3(struct space *space);
/* Closes the window and opens another. */
void space_window(struct space *space);

#endif
