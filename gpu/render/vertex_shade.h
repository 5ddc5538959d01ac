/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_SHADE_H
#define UGVT_GPU_RENDER_VERTEX_SHADE_H

#include "base/log.h"
#include "gpu/eu/thread.h"
#include "gpu/render/constants.h"
#include "gpu/render/kernels.h"
#include "gpu/render/vertex_batch.h"

/*
 * The vertex shader: SIMD8 threads, eight vertices each. Payload: PRM SNB vol 2 part 1, "VS Thread Payload", for SIMD8 Mesa's
 * brw_fs_thread_payload.cpp: r0 header, r1 URB handles, from "Dispatch GRF Start Register For URB Data" on push
 * constants, then the vertices' elements, a register for each dword.
 */

#define UGVT_SHADE_LANES 8

struct ugvt_vertex_shader {
	struct ugvt_eu_port port;
	struct ugvt_eu_port *others; // takes what is not for the URB; NULL: nobody
	struct ugvt_vertex_batch *batch;
	const struct ugvt_eu_program *program;
	struct ugvt_constants constants;
	uint32_t header[8];    // r0
	unsigned constants_at; // register
	unsigned elements_at;
	unsigned element_dwords, element_offset; // of the vertices, that are pushed
	uint32_t cr0;
	bool running;
	uint64_t faults;
	struct ugvt_log_limit log_limit;
	struct ugvt_eu_thread thread;
};

/* Zero it first. */
void ugvt_vertex_shader_init(struct ugvt_vertex_shader *shader, struct ugvt_vertex_batch *batch);
/* For a draw whose state enables a shader, of SIMD8 threads. false: out of memory. */
bool ugvt_vertex_shader_begin(struct ugvt_vertex_shader *shader, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels);
/* Starts the thread of the batch's vertices from first on, whose elements are out's from lane on. No thread runs. */
void ugvt_vertex_shader_start(struct ugvt_vertex_shader *shader, unsigned first,
	const struct ugvt_fetch_output *out, unsigned lane);
/* Runs it, for at most about *budget units, which it takes from it; true: it has ended. */
bool ugvt_vertex_shader_run(struct ugvt_vertex_shader *shader, int64_t *budget);

#endif
