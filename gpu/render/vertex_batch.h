/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_VERTEX_BATCH_H
#define UGVT_GPU_RENDER_VERTEX_BATCH_H

#include "gpu/render/assemble.h"
#include "gpu/render/vertex_fetch.h"
#include "gpu/render/vertex_index.h"

/*
 * A piece of a draw: a sequence of vertices, each of which is made only once however often it is in there, with memory
 * for their entries. URB space is not what the guest allots: each vertex has a buffer of its own here.
 */

#define UGVT_BATCH_SEQUENCE UGVT_INDICES_MAX
#define UGVT_BATCH_VERTICES 256
#define UGVT_BATCH_CUT UINT16_MAX
#define UGVT_BATCH_TABLE 512 // power of two, well above the vertices

/* 3DPRIMITIVE, with what registers say put in. */
struct ugvt_render_primitive {
	bool indexed;
	uint32_t count; // vertices of an instance
	uint32_t start;
	uint32_t instances;
	uint32_t start_instance;
	uint32_t base_vertex;
};

struct ugvt_vertex_batch {
	unsigned vue_dwords;
	unsigned capacity; // vertices
	uint32_t *vues;    // of the vertices, then of those carried: one behind the other
	struct ugvt_vertex vertices[UGVT_BATCH_VERTICES];
	struct ugvt_vertex carried[2][UGVT_HELD_MAX]; // from the batch before, in turn
	unsigned turn;
	uint16_t sequence[UGVT_BATCH_SEQUENCE + 1]; // of vertices, or UGVT_BATCH_CUT
	unsigned length;                            // of sequence
	uint32_t index[UGVT_BATCH_VERTICES];        // of the vertices
	uint32_t id[UGVT_BATCH_VERTICES];
	unsigned count;                   // of vertices
	uint16_t table[UGVT_BATCH_TABLE]; // by index: 1 + the vertex; 0: none
};

bool ugvt_vertex_batch_init(struct ugvt_vertex_batch *batch);
void ugvt_vertex_batch_finish(struct ugvt_vertex_batch *batch);
/* For a draw whose entries have so many dwords, 16 to UGVT_VUE_DWORDS_MAX. */
#define UGVT_VUE_DWORDS_MAX 8192
void ugvt_vertex_batch_begin(struct ugvt_vertex_batch *batch, unsigned vue_dwords);
/* Takes as many of an instance's vertices, from the one at first on, as there is room for; how many. The last one is
 * followed by a cut. */
unsigned ugvt_vertex_batch_fill(struct ugvt_vertex_batch *batch,
	const struct ugvt_render_primitive *primitive, const struct ugvt_index_buffer *indices,
	uint32_t first);
/* Lets the vertices that the assembler holds outlast the next fill. */
void ugvt_vertex_batch_carry(struct ugvt_vertex_batch *batch, struct ugvt_assembler *assembler);

/* Vertices from first on, at most UGVT_FETCH_LANES, for vertex fetch. */
void ugvt_vertex_batch_input(
	const struct ugvt_vertex_batch *batch, unsigned first, struct ugvt_fetch_input *in);
/* Of the same vertices, with count elements fetched: writes the elements to the entries. */
void ugvt_vertex_batch_store(struct ugvt_vertex_batch *batch, unsigned first, unsigned elements,
	const struct ugvt_fetch_output *out);

#endif
