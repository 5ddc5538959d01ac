/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_STREAM_H
#define UGVT_GPU_RENDER_STREAM_H

#include "gpu/render/assemble.h"
#include "gpu/render/state.h"

/*
 * Stream output: objects to buffers, vertex by vertex as 3DSTATE_SO_DECL_LIST says (PRM IVB vol 2 part 1, "Stream Output
 * Logic (SOL) Stage"). An object that does not fit into all of its stream's buffers is not written, and only counted.
 */

#define UGVT_STREAMS 4
#define UGVT_STREAM_BUFFERS 4

/* The registers. */
struct ugvt_stream_registers {
	uint32_t offset[UGVT_STREAM_BUFFERS]; // SO_WRITE_OFFSET: bytes
	uint64_t written[UGVT_STREAMS];       // SO_NUM_PRIMS_WRITTEN: to be added
	uint64_t needed[UGVT_STREAMS];        // SO_PRIM_STORAGE_NEEDED: to be added
};

struct ugvt_stream {
	const struct ugvt_state *state;
	struct ugvt_aspace *as;
	struct ugvt_stream_registers *registers;
	bool enabled, statistics, trailing;
	unsigned vue_dwords;
	unsigned selects[UGVT_STREAMS]; // buffers, as bits
	unsigned counts[UGVT_STREAMS];  // of declarations
	unsigned first[UGVT_STREAMS];   // dword of a vertex that declarations start from
	uint32_t pitch[UGVT_STREAM_BUFFERS];
	uint64_t size[UGVT_STREAM_BUFFERS]; // bytes; 0: there is none
	ugvt_gpu_addr addr[UGVT_STREAM_BUFFERS];
	ugvt_gpu_addr
		offset_addr[UGVT_STREAM_BUFFERS]; // where its offset goes behind a draw; 0: nowhere
};

/* For a draw whose vertices have so many dwords; registers stay the caller's. */
void ugvt_stream_begin(struct ugvt_stream *stream, const struct ugvt_state *state,
	struct ugvt_aspace *as, unsigned vue_dwords);
/* Returns about how many writes that took. */
unsigned ugvt_stream_object(struct ugvt_stream *stream, const struct ugvt_object *object);
/* Behind the draw's last object. */
void ugvt_stream_end(struct ugvt_stream *stream);

#endif
