/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_SHADE_H
#define UGVT_GPU_RENDER_VERTEX_SHADE_H

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
};

/* For a draw whose state enables a shader, of SIMD8 threads. false: out of memory. */
bool ugvt_vertex_shader_begin(struct ugvt_vertex_shader *shader, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels);
/* Starts the thread of the batch's vertices from first on, whose elements are out's from lane on. No thread runs. */
void ugvt_vertex_shader_start(struct ugvt_vertex_shader *shader,
	const struct ugvt_vertex_batch *batch, unsigned first, const struct ugvt_fetch_output *out);

#endif
