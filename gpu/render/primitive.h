/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_PRIMITIVE_H
#define UGVT_GPU_RENDER_PRIMITIVE_H

#include "gpu/mem/aspace.h"
#include "gpu/render/viewport.h"

/*
 * The border between the front of the 3D pipeline (vertices, assembly, clipping, viewport transformation) and its back
 * (setup, rasterisation, pixels): primitives in screen space.
 *
 * The clipper makes no attributes. A primitive keeps the vertex entries it came with, and a vertex that clipping made says where it is
 * among them: attributes are always set up from the original vertices, as on Gen8 and later (3DSTATE_CLIP, "Non-Perspective
 * Barycentric Enable").
 */

/* Counts of the statistics registers. */
struct ugvt_render_counts {
	uint64_t ia_vertices;
	uint64_t ia_primitives;
	uint64_t vs_invocations;
	uint64_t hs_invocations;
	uint64_t ds_invocations;
	uint64_t gs_invocations;
	uint64_t gs_primitives;
	uint64_t cl_invocations;
	uint64_t cl_primitives;
	uint64_t ps_invocations; // with "Statistics Enable" of 3DSTATE_WM, and so
	uint64_t ps_depth_count; // samples that passed depth and stencil tests
};

/* A pause is asked for as long as any of bits is set in *word; word may be NULL. */
struct ugvt_attention {
	const _Atomic unsigned *word;
	unsigned bits;
};

/* What holds for all primitives between begin and end. */
struct ugvt_draw {
	const struct ugvt_state *state;        // does not change
	struct ugvt_aspace *as;                // of the calling thread
	const struct ugvt_viewport *viewports; // UGVT_VIEWPORTS: by a primitive's viewport
	struct ugvt_render_counts *counts;     // to be added to, on the calling thread
	struct ugvt_attention attention;
	unsigned vue_dwords; // of every vertex entry: what lies beyond reads as zero
};

enum ugvt_primitive_kind {
	UGVT_PRIMITIVE_POINT,
	UGVT_PRIMITIVE_LINE,
	UGVT_PRIMITIVE_TRIANGLE,
	/* Three corners: of v[0] and v[2], which lie opposite, v[1] is next to both; the fourth is v[0] - v[1] + v[2], in all
	 * that it has (PRM SNB vol 2 part 1, "3DPRIM_RECTLIST"). Never clipped. */
	UGVT_PRIMITIVE_RECTANGLE,
};

/* No x and y of a primitive is farther from 0, none is infinite or not a number. */
#define UGVT_SCREEN_MAX 131072

struct ugvt_screen_vertex {
	float x,
		y; // pixels of the target, not yet snapped, the drawing rectangle's origin not yet added
	float z;         // behind the viewport transformation, not clamped
	float inverse_w; // 1 / w; 1 if the perspective divide is disabled
	/* Weights of vue[1] and vue[2] at this place, vue[0] has the rest: perspective correct, and linear in screen
	 * space. Of a vertex that is not clipped: 0 and 0; 1 and 0; 0 and 1. */
	float perspective[2];
	float linear[2];
};

struct ugvt_primitive {
	uint8_t kind;      // enum ugvt_primitive_kind
	uint8_t provoking; // index in vue: whose flat attributes count
	/* Of a triangle: bit i says that the edge from v[i] to the next is one of what the guest drew, not an inner one of a
	 * quad, polygon or clipped triangle (for fill modes other than solid; with it the edge flags). */
	uint8_t edges;
	uint8_t viewport; // index, at most "Maximum VP Index"
	bool clipped;     // weights are not those of corners
	bool stipple;     // of a line: a stipple pattern starts with it
	uint16_t layer;   // render target array index
	uint32_t id;      // PrimitiveID
	float width;      // pixels: of a point, by state or vertex
	/* The original vertices: 1, 2 or 3. A vertex entry (VUE) starts with its header: DW1 layer, DW2 viewport, DW3 point width,
	 * DW4-7 position, then clip distances or attributes. */
	const uint32_t *vue[3];
	struct ugvt_screen_vertex v[3]; // of which the order tells the winding
};

/* The back, as the front sees it. A draw is begin, primitives and runs in any order, end. All on one thread, inside guest memory
 * windows; only begin and run work on guest memory. */
struct ugvt_raster {
	const struct ugvt_raster_impl *impl;
};

struct ugvt_raster_impl {
	/* All mandatory. draw stays valid until end. */
	void (*begin)(struct ugvt_raster *raster, const struct ugvt_draw *draw);
	/* Takes a primitive, while no run is unfinished: nothing that it points to is used after the call. false: there is no room
	 * for it until a run is done; it was not taken. */
	bool (*primitive)(struct ugvt_raster *raster, const struct ugvt_primitive *primitive);
	/* Between begin and end, instead of primitives: does what 3DSTATE_WM_HZ_OP says; a run has to follow. */
	void (*hz_op)(struct ugvt_raster *raster);
	/* Draws what was handed over, for at most about *budget units (see ugvt_cs_run()), which it takes from it. true: all of it
	 * is in memory; false: to be called again. Either way, on return nothing works on guest memory, and no address of the host's is
	 * kept: the window may end. Opaque to the caller is what happens on which thread; the result does not depend on it. */
	bool (*run)(struct ugvt_raster *raster, int64_t *budget);
	/* Behind a run that was done. */
	void (*end)(struct ugvt_raster *raster);
	/* Any time: the draw is given up, if there is one; what was not drawn never is. No end follows. */
	void (*abort)(struct ugvt_raster *raster);
	void (*destroy)(struct ugvt_raster *raster);
};

#endif
