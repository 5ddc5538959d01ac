/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_COMPUTE_COMPUTE_H
#define UGVT_GPU_COMPUTE_COMPUTE_H

#include "gpu/mem/aspace.h"
#include "gpu/state/kept.h"

/*
 * The compute pipeline: executes a GPGPU_WALKER's thread groups, one after the other. Commands and interface descriptors:
 * Mesa src/intel/genxml/gen9.xml, PRM BXT vol 2c, "INTERFACE_DESCRIPTOR_DATA", PRM BXT vol 6, "GPGPU Context". It
 * works on its caller's thread, inside a guest memory window, in steps that a budget bounds.
 */

#define UGVT_WALKER_DWORDS 15
#define UGVT_MEDIA_OBJECT_DWORDS 6 // and inline data

/* A GPGPU_WALKER, taken apart; or a MEDIA_OBJECT, which is one thread that gets constants and the object's own data. */
struct ugvt_compute_walker {
	uint32_t descriptor;      // of the interface descriptors that were loaded
	uint32_t indirect_length; // bytes; 0: constants are those of MEDIA_CURBE_LOAD
	uint32_t indirect_start;  // from Indirect Object Base Address
	const uint32_t *data;     // inline data; NULL: not a MEDIA_OBJECT
	unsigned data_dwords;
	uint32_t threads[3]; // of a group
	unsigned lanes;      // of a thread
	uint32_t start[3];   // groups: the first, and the one behind the last
	uint32_t end[3];
	uint32_t right_mask, bottom_mask; // lanes of a group's last threads in x and y
};

struct ugvt_compute;

/* NULL: out of memory. */
struct ugvt_compute *ugvt_compute_create(void);
void ugvt_compute_destroy(struct ugvt_compute *compute); // NULL is allowed
/* The state and the address space of what follows, of a render engine; both outlive it. */
void ugvt_compute_attach(
	struct ugvt_compute *compute, const struct ugvt_kept *kept, struct ugvt_aspace *as);

/* dw: the command, UGVT_WALKER_DWORDS. */
struct ugvt_compute_walker ugvt_compute_walker_decode(const uint32_t *dw);
/* dw: the command, of length dwords, which is as long as the walker is used to begin. */
struct ugvt_compute_walker ugvt_compute_media_decode(const uint32_t *dw, unsigned length);
/* Begins it. false: the hardware would not take it, or there is no memory; nothing is to be done then. */
bool ugvt_compute_begin(struct ugvt_compute *compute, const struct ugvt_compute_walker *walker);
/* Goes on, for about *budget units (an instruction is one), which it takes from it. true: all is done. */
bool ugvt_compute_step(struct ugvt_compute *compute, int64_t *budget);
/* Forgets what is not done. */
void ugvt_compute_abort(struct ugvt_compute *compute);
/* Lanes that were dispatched since it was asked last. */
uint64_t ugvt_compute_invocations_take(struct ugvt_compute *compute);

#endif
