/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_MEM_WALK_H
#define UGVT_GPU_MEM_WALK_H

#include "gpu/mem/aspace.h"

/* For gpu/mem only: the walk of an address space's tables. */

struct ugvt_walk {
	uint64_t want;
	ugvt_gpa page; // guest physical address of the 4 KB page
	/* Bytes from there to the end of the (perhaps larger) page, or of those behind it that are its neighbours in guest
	 * memory, too. */
	uint64_t run;
	bool writable;               // by the R/W bits of all levels
	enum ugvt_fault_level level; // that failed
};

/* Walks to the 4 KB page that addr (masked) is in; false on a fault. As long as walk->run is below want, looks whether the
 * page behind belongs to it; perhaps not far enough. */
bool ugvt_walk(struct ugvt_aspace *as, ugvt_gpu_addr addr, uint64_t want, struct ugvt_walk *walk);

/* The host address of a gpa, through the range that was met last; as ugvt_guest_memory_lookup(). */
void *ugvt_walk_memory(struct ugvt_aspace *as, ugvt_gpa gpa, unsigned prot, uint64_t *run);

#endif
