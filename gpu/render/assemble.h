/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_ASSEMBLE_H
#define UGVT_GPU_RENDER_ASSEMBLE_H

#include "gpu/render/primitive.h"
#include "gpu/render/vertex.h"

/*
 * Primitive assembly: a row of vertices becomes objects, by the topology (PRM SNB vol 2 part 1, "3D Primitive Topology Type",
 * and "Object Vertex Ordering"). Incomplete objects come to nothing.
 *
 * Vertices are held by pointer until no object can need them any more.
 */

enum ugvt_topology {
	UGVT_TOPOLOGY_POINTLIST = 1,
	UGVT_TOPOLOGY_LINELIST = 2,
	UGVT_TOPOLOGY_LINESTRIP = 3,
	UGVT_TOPOLOGY_TRILIST = 4,
	UGVT_TOPOLOGY_TRISTRIP = 5,
	UGVT_TOPOLOGY_TRIFAN = 6,
	UGVT_TOPOLOGY_QUADLIST = 7,
	UGVT_TOPOLOGY_QUADSTRIP = 8,
	UGVT_TOPOLOGY_LINELIST_ADJ = 9,
	UGVT_TOPOLOGY_LINESTRIP_ADJ = 10,
	UGVT_TOPOLOGY_TRILIST_ADJ = 11,
	UGVT_TOPOLOGY_TRISTRIP_ADJ = 12,
	UGVT_TOPOLOGY_TRISTRIP_REVERSE = 13,
	UGVT_TOPOLOGY_POLYGON = 14,
	UGVT_TOPOLOGY_RECTLIST = 15,
	UGVT_TOPOLOGY_LINELOOP = 16,
	UGVT_TOPOLOGY_POINTLIST_BF = 17,
	UGVT_TOPOLOGY_LINESTRIP_CONT = 18,
	UGVT_TOPOLOGY_LINESTRIP_BF = 19,
	UGVT_TOPOLOGY_LINESTRIP_CONT_BF = 20,
	UGVT_TOPOLOGY_TRIFAN_NOSTIPPLE = 22,
	UGVT_TOPOLOGY_PATCHLIST_1 = 32, // to 63: patches of 1 to 32 vertices
};

struct ugvt_object {
	uint8_t kind;      // enum ugvt_primitive_kind
	uint8_t provoking; // index in v
	uint8_t edges;     // as in struct ugvt_primitive
	uint8_t stream;    // of a geometry shader's
	bool stipple;      // of a line: a stipple pattern starts with it
	bool adjacent;     // v has neighbours
	bool exchanged;    // of a strip's triangle: the last two corners changed places
	uint32_t id;
	/* Corners, then what is adjacent: of a triangle to the edges from each corner to the next, of a line to its ends. */
	struct ugvt_vertex *v[6];
};

#define UGVT_OBJECTS_MAX 2 // that one vertex may complete
#define UGVT_HELD_MAX 32   // a patch has so many

/* Which vertex of an object is the provoking one: 3DSTATE_SF. */
struct ugvt_provoking {
	uint8_t line, triangle, fan;
};

struct ugvt_assembler {
	const struct ugvt_assembly *assembly; // the topology
	struct ugvt_provoking provoking;
	struct ugvt_vertex *held[UGVT_HELD_MAX]; // oldest first
	unsigned count, need;                    // of held; until an object is complete
	uint32_t objects;                        // since the start of the strip
	uint32_t id;                             // of the next object
	struct ugvt_object *out;
	unsigned made;
	unsigned patch_vertices;                  // of a patch, 0: the topology has none
	struct ugvt_vertex *patch[UGVT_HELD_MAX]; // the one that was completed last
};

/* An object that stands for the assembler's patch. */
#define UGVT_OBJECT_PATCH UINT8_MAX

/* false: the topology means nothing. */
bool ugvt_assembler_init(
	struct ugvt_assembler *a, unsigned topology, const struct ugvt_provoking *provoking);
/* Takes the next vertex; how many objects are complete with it. */
unsigned ugvt_assembler_vertex(struct ugvt_assembler *a, struct ugvt_vertex *vertex,
	struct ugvt_object objects[UGVT_OBJECTS_MAX]);
/* The strip ends (a cut, or the instance does); how many objects are complete with that. Nothing is held afterwards. */
unsigned ugvt_assembler_cut(struct ugvt_assembler *a, struct ugvt_object objects[UGVT_OBJECTS_MAX]);
/* A new instance: primitive numbers start anew. Behind a cut. */
void ugvt_assembler_restart(struct ugvt_assembler *a);

#endif
