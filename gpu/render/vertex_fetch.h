/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_FETCH_H
#define UGVT_GPU_RENDER_VERTEX_FETCH_H

#include "gpu/render/state.h"
#include "gpu/sampler/texel.h"

/*
 * Vertex fetch: elements of vertex buffers, converted, sixteen vertices at once. PRM SNB vol 2 part 1, "Vertex Fetch (VF)
 * Stage"; what lies outside a buffer, or is not mapped, reads as zeros.
 */

#define UGVT_FETCH_LANES UGVT_LANES
#define UGVT_FETCH_DWORDS (4 * UGVT_VERTEX_ELEMENTS_MAX) // of a vertex's elements

/* Which vertices. */
struct ugvt_fetch_input {
	unsigned count;                   // lanes that are used; the others are as lane 0
	uint32_t index[UGVT_FETCH_LANES]; // in vertex buffers
	uint32_t lowest, highest;         // of index
	uint32_t id[UGVT_FETCH_LANES];    // VertexID
	uint32_t instance;                // InstanceID
};

/* Their elements, dword by dword as a vertex entry has them. */
struct ugvt_fetch_output {
	_Alignas(64) uint32_t dw[UGVT_FETCH_DWORDS][UGVT_FETCH_LANES];
	uint32_t edges; // bit per lane: the edge flag
};

struct ugvt_fetch_element {
	const struct ugvt_format *format; // may be NULL
	uint8_t control[4];               // what becomes of each component
	uint8_t bytes, dwords;            // of an element; 0: zeros
	uint8_t doubles;                  // that it has, instead of a format
	bool raw;                         // components are the element's dwords
	bool edge;                        // it is the edge flag
	bool instanced;
	bool steady;     // the same for all vertices of an instance
	bool stale;      // not fetched yet
	uint32_t rate;   // instances per step
	uint32_t offset; // bytes, in a structure of the buffer
	/* The buffer. */
	ugvt_gpu_addr addr;
	uint32_t size, pitch; // bytes
	/* What of it was found last: bytes from start to before end. */
	const char *host; // of byte 0, were it there
	uint64_t start, end;
};

struct ugvt_vertex_fetch {
	struct ugvt_aspace *as;
	unsigned count; // of elements
	uint32_t start_instance;
	uint32_t instance;                     // that was fetched for last
	bool vertex_id, instance_id;           // are put into
	unsigned vertex_id_at, instance_id_at; // these dwords
	struct ugvt_fetch_element elements[UGVT_VERTEX_ELEMENTS_MAX];
	unsigned unknown; // formats that there are not
};

void ugvt_vertex_fetch_init(struct ugvt_vertex_fetch *fetch, const struct ugvt_state *state,
	struct ugvt_aspace *as, uint32_t start_instance);
/* To be called first in every guest memory window. */
void ugvt_vertex_fetch_window(struct ugvt_vertex_fetch *fetch);
/* Writes what is the same for all vertices: what is fetched goes to the same out from then on. */
void ugvt_vertex_fetch_prepare(struct ugvt_vertex_fetch *fetch, struct ugvt_fetch_output *out);
void ugvt_vertex_fetch(struct ugvt_vertex_fetch *fetch, const struct ugvt_fetch_input *in,
	struct ugvt_fetch_output *out);

#endif
