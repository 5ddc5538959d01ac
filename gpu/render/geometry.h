/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_GEOMETRY_H
#define UGVT_GPU_RENDER_GEOMETRY_H

#include "gpu/render/assemble.h"
#include "gpu/render/shader.h"

/*
 * The geometry shader: SIMD8 threads that each make new strips of eight objects, or eight instances of one object. Payload: Mesa's
 * brw_fs_thread_payload.cpp, gs_thread_payload; the output entry: PRM IVB vol 2 part 1, "GS Stage Output", with a vertex count in
 * front since Gen8 (Mesa brw_vec4_gs_visitor.cpp, brw_compile_gs()).
 *
 * It takes objects until it is full, then runs, then gives out objects one after the other.
 */

#define UGVT_GEOMETRY_LANES 8

enum ugvt_geometry_phase {
	UGVT_GEOMETRY_TAKES,
	UGVT_GEOMETRY_RUNS,
	UGVT_GEOMETRY_GIVES,
};

struct ugvt_geometry {
	struct ugvt_shader base;
	struct ugvt_urb *urb;
	enum ugvt_geometry_phase phase;
	/* 3DSTATE_GS. */
	unsigned instances;
	unsigned constants_at;             // register
	unsigned read_offset, read_dwords; // of each vertex, that are pushed
	unsigned header_dwords;            // in front of the vertices
	unsigned control_at;               // of it, dword: cuts or streams
	unsigned vertex_dwords;
	unsigned capacity; // vertices that an entry has room for
	int static_count;  // of vertices; -1: the entry says
	bool has_ids, has_handles, trailing, discards, has_cuts, has_streams;
	uint8_t default_stream;

	struct ugvt_urb_entries entries;
	uint32_t *dw; // of entries
	struct ugvt_vertex *vertices;
	/* What it was given. */
	const struct ugvt_urb_entries *input;
	enum ugvt_urb_kind input_kind;
	struct ugvt_object objects[UGVT_GEOMETRY_LANES];
	unsigned count;    // of objects
	unsigned instance; // of the first object's, the next thread's first
	unsigned lanes;    // of the thread
	/* What it gives. */
	struct ugvt_assembler assembler;
	unsigned lane;
	unsigned at, vertex_count; // of its vertices
	bool cut;                  // is behind the vertex before
	bool lane_over;
	uint64_t invocations, primitives; // to be taken
	int64_t debt;                     // of the budget: what starting threads cost
};

bool ugvt_geometry_init(
	struct ugvt_geometry *geometry, struct ugvt_urb *urb, struct ugvt_eu_port *others);
void ugvt_geometry_finish(struct ugvt_geometry *geometry);

/* For a draw whose objects' vertices are input's. false: out of memory, or what the state asks for there is not. */
bool ugvt_geometry_begin(struct ugvt_geometry *geometry, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels);

/* While it takes: another object, whose vertices are entries of input. It runs as soon as it is full. */
void ugvt_geometry_add(struct ugvt_geometry *geometry, const struct ugvt_urb_entries *input,
	enum ugvt_urb_kind kind, const struct ugvt_object *object);
/* It runs with what it was given. */
void ugvt_geometry_start(struct ugvt_geometry *geometry);
/* While it runs, for at most about *budget units, which it takes from it. */
void ugvt_geometry_run(struct ugvt_geometry *geometry, int64_t *budget);
/* While it gives: how many objects the next vertex makes; their vertices last until it is told to continue. */
unsigned ugvt_geometry_next(
	struct ugvt_geometry *geometry, struct ugvt_object objects[UGVT_OBJECTS_MAX]);
void ugvt_geometry_continue(struct ugvt_geometry *geometry);

#endif
