/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_PATCH_H
#define UGVT_GPU_RENDER_PATCH_H

#include "gpu/render/assemble.h"
#include "gpu/render/shader.h"
#include "gpu/render/tessellate.h"

/*
 * Patches: hull shader, tessellator, domain shader, one patch at a time. Payloads: Mesa's brw_fs_thread_payload.cpp,
 * tcs_thread_payload (of a single patch) and tes_thread_payload; where factors are in a patch's entry: brw_nir.c,
 * remap_tess_levels().
 */

#define UGVT_PATCH_THREADS 16 // of the hull shader, that work on one patch
#define UGVT_PATCH_LANES 8

enum ugvt_patch_phase {
	UGVT_PATCH_TAKES,
	UGVT_PATCH_HULL,
	UGVT_PATCH_DOMAIN,
	UGVT_PATCH_GIVES,
};

struct ugvt_patch {
	enum ugvt_patch_phase phase;
	struct ugvt_shader hull, domain;
	struct ugvt_urb *urb;
	/* State. */
	unsigned threads; // of the hull shader
	unsigned hull_constants_at, domain_constants_at;
	unsigned read_offset,
		read_registers; // of the patch's entry, that are pushed to the domain shader
	bool has_w;
	struct ugvt_tess_input tess;
	struct ugvt_provoking provoking;
	/* The patch. */
	struct ugvt_urb_entries entry;          // one
	struct ugvt_urb_entries domain_entries; // of all points
	uint32_t id;
	struct ugvt_eu_thread *thread; // UGVT_PATCH_THREADS
	uint32_t alive, waiting;       // of those, as bits
	struct ugvt_tess_output *out;
	struct ugvt_vertex *vertices;                  // of out's points
	unsigned shaded;                               // points
	unsigned at;                                   // in out's indices
	uint64_t hull_invocations, domain_invocations; // to be taken
	int64_t debt;                                  // of the budget: what starting threads cost
};

bool ugvt_patch_init(struct ugvt_patch *patch, struct ugvt_urb *urb,
	struct ugvt_eu_port *hull_others, struct ugvt_eu_port *domain_others);
void ugvt_patch_finish(struct ugvt_patch *patch);

/* For a draw. false: out of memory, or what the state asks for there is not. */
bool ugvt_patch_begin(struct ugvt_patch *patch, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels);
/* While it takes: the next, of which the vertices are entries of input. */
void ugvt_patch_start(struct ugvt_patch *patch, const struct ugvt_urb_entries *input,
	const struct ugvt_assembler *assembler, uint32_t id);
/* While it runs shaders, for at most about *budget units, which it takes from it. */
void ugvt_patch_run(struct ugvt_patch *patch, int64_t *budget);
/* While it gives: the next object; false: that was the last. */
bool ugvt_patch_next(struct ugvt_patch *patch, struct ugvt_object *object);

#endif
