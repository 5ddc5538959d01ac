/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_STAGES_H
#define UGVT_GPU_RENDER_STAGES_H

#include "gpu/render/functions.h"
#include "gpu/render/geometry.h"
#include "gpu/render/patch.h"
#include "gpu/render/vertex_batch.h"

/*
 * What may lie between primitive assembly and the clipper: tessellation and the geometry shader. Objects go in, and others come out,
 * later. Neither is made before a draw asks for it.
 */

struct ugvt_stages {
	struct ugvt_urb *urb;
	struct ugvt_functions *functions[UGVT_FUNCTIONS_STAGES]; // NULL: not made yet
	struct ugvt_geometry *geometry;                          // NULL: not made yet
	struct ugvt_patch *patch;
	/* The draw. */
	bool tessellates, has_geometry;
	struct ugvt_urb_entries vertices; // of the first stage
};

void ugvt_stages_init(struct ugvt_stages *stages, struct ugvt_urb *urb);
void ugvt_stages_finish(struct ugvt_stages *stages);

/* NULL, or what the draw asks for and there is not; also out of memory. */
const char *ugvt_stages_begin(struct ugvt_stages *stages, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels);
/* To be called first in every guest memory window. */
void ugvt_stages_window(struct ugvt_stages *stages);
static inline bool ugvt_stages_are_used(const struct ugvt_stages *stages)
{
	return stages->tessellates || stages->has_geometry;
}
/* Dwords of the vertices that come out. */
unsigned ugvt_stages_vue_dwords(const struct ugvt_stages *stages);

/* Takes an object that the assembler made, while there is no work. */
void ugvt_stages_take(struct ugvt_stages *stages, const struct ugvt_assembler *assembler,
	const struct ugvt_object *object);
/* Works a little, for at most about *budget units, which it takes from it; *made: objects that came out, whose vertices last until
 * the next call. false: there is no work. */
bool ugvt_stages_work(struct ugvt_stages *stages, int64_t *budget,
	struct ugvt_object objects[UGVT_OBJECTS_MAX], unsigned *made);
/* No more objects for now: what was kept back is worked on. false: nothing was. */
bool ugvt_stages_flush(struct ugvt_stages *stages);

#endif
