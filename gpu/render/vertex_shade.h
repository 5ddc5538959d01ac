/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_SHADE_H
#define UGVT_GPU_RENDER_VERTEX_SHADE_H

#include "gpu/eu/pair.h"
#include "gpu/render/shader.h"
#include "gpu/render/vertex_batch.h"

/*
 * The vertex shader: SIMD8 threads, eight vertices each. Payload: PRM SNB vol 2 part 1, "VS Thread Payload", for SIMD8 Mesa's
 * brw_fs_thread_payload.cpp: r0 header, r1 URB handles, from "Dispatch GRF Start Register For URB Data" on push
 * constants, then the vertices' elements, a register for each dword.
 */

#define UGVT_SHADE_LANES 8

struct ugvt_vertex_shader {
	struct ugvt_shader base;
	unsigned constants_at;                   // register
	unsigned elements_at;                    // register
	unsigned element_offset, element_dwords; // of the vertices, that are pushed
	bool pairs;                              // threads can run two at a time
	bool pair_ready;                         // what all pairs share is in the registers
	struct ugvt_eu_pair pair;
	unsigned restores; // registers that count, and that each pair overwrites
	uint8_t restore[UGVT_EU_REGISTERS];
	uint8_t saved[UGVT_EU_REGISTERS][UGVT_EU_REGISTER_BYTES];
};

/* For a draw whose state enables a shader, of SIMD8 threads. false: out of memory. */
bool ugvt_vertex_shader_begin(struct ugvt_vertex_shader *shader, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels);
/* Starts the thread of the batch's vertices from first on, whose elements are out's from lane on. No thread runs. */
void ugvt_vertex_shader_start(struct ugvt_vertex_shader *shader,
	const struct ugvt_vertex_batch *batch, unsigned first, const struct ugvt_fetch_output *out);

/* If it pairs: runs the two threads of sixteen vertices, from start to end; what that takes of a budget. */
int64_t ugvt_vertex_shader_run_pair(struct ugvt_vertex_shader *shader,
	const struct ugvt_vertex_batch *batch, unsigned first, const struct ugvt_fetch_output *out);

#endif
