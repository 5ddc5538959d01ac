/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_COMPUTE_DISPATCH_H
#define UGVT_GPU_COMPUTE_DISPATCH_H

#include "gpu/compute/compute.h"
#include "gpu/eu/thread.h"
#include "gpu/render/state.h"

/* For gpu/compute only: what all threads of a walker have in common, and the registers that one starts with. */

enum {
	UGVT_COMPUTE_PAYLOAD_REGISTERS = UGVT_EU_REGISTERS - 1, // behind the header
};

/* An interface descriptor, with the addresses of what it names. */
struct ugvt_compute_dispatch {
	struct ugvt_compute_walker walker;
	ugvt_gpu_addr kernel;
	ugvt_gpu_addr binding_table, samplers;
	uint32_t header[8];    // r0 without a thread's own
	uint32_t scratch_size; // bytes, of a thread
	uint32_t cr0;
	uint32_t local_size; // bytes of shared local memory
	bool barrier;
	unsigned threads;        // of a group
	bool indirect;           // constants are the walker's own
	unsigned data_registers; // of a media object, behind the constants
	ugvt_gpu_addr constants;
	uint64_t constants_size;                 // bytes; what lies behind reads as 0
	unsigned cross_registers, own_registers; // of constants for all threads, and for each
	uint8_t cross[UGVT_COMPUTE_PAYLOAD_REGISTERS * UGVT_EU_REGISTER_BYTES];
	uint8_t data[UGVT_COMPUTE_PAYLOAD_REGISTERS * UGVT_EU_REGISTER_BYTES];
};

/* Reads the descriptor, and the constants that all threads get. */
void ugvt_compute_dispatch_init(struct ugvt_compute_dispatch *dispatch,
	const struct ugvt_compute_walker *walker, const struct ugvt_state *state,
	struct ugvt_aspace *as);
/* Lanes of thread index of a group. */
uint32_t ugvt_compute_dispatch_lanes(const struct ugvt_compute_dispatch *dispatch, unsigned index);
/* Fills in registers of a thread of zeros: thread index of a group. */
void ugvt_compute_dispatch_payload(const struct ugvt_compute_dispatch *dispatch,
	const uint32_t group[3], unsigned index, struct ugvt_aspace *as,
	struct ugvt_eu_thread *thread);

#endif
