/* SPDX-License-Identifier: MIT */
#include "gpu/render/assemble.h"

#include <string.h>

#include "base/bits.h"

/* How a topology is assembled: when need vertices are held, take() makes objects of them and drops what is done with;
 * end() makes what only the end of a strip completes. */
struct ugvt_assembly {
	unsigned need;
	bool twice; // a strip's first vertex is held twice
	void (*take)(struct ugvt_assembler *a);
	void (*end)(struct ugvt_assembler *a); // NULL: nothing
};

#define EDGES_ALL 7

static struct ugvt_object *object_add(struct ugvt_assembler *a, enum ugvt_primitive_kind kind)
{
	struct ugvt_object *object = &a->out[a->made++];

	*object = (struct ugvt_object){.kind = (uint8_t)kind, .id = a->id};
	return object;
}

/* Vertices leave at index first. */
static void drop(struct ugvt_assembler *a, unsigned first, unsigned count)
{
	a->count -= count;
	memmove(a->held + first, a->held + first + count, (a->count - first) * sizeof(*a->held));
}

static void object_done(struct ugvt_assembler *a)
{
	a->objects++;
	a->id++;
}

static void take_point(struct ugvt_assembler *a)
{
	object_add(a, UGVT_PRIMITIVE_POINT)->v[0] = a->held[0];
	object_done(a);
	drop(a, 0, 1);
}

static void line_add(struct ugvt_assembler *a, unsigned first, unsigned second)
{
	struct ugvt_object *object = object_add(a, UGVT_PRIMITIVE_LINE);

	object->v[0] = a->held[first];
	object->v[1] = a->held[second];
	object->provoking = a->provoking.line;
	object->stipple = a->objects == 0;
	object_done(a);
}

static void take_line_list(struct ugvt_assembler *a)
{
	a->objects = 0;
	line_add(a, 0, 1);
	drop(a, 0, 2);
}

/* Of the line from the second to the third vertex held. */
static void line_neighbours_set(struct ugvt_assembler *a)
{
	struct ugvt_object *object = &a->out[a->made - 1];

	object->adjacent = true;
	object->v[3] = a->held[0];
	object->v[4] = a->held[3];
}

static void take_line_list_adjacent(struct ugvt_assembler *a)
{
	a->objects = 0;
	line_add(a, 1, 2);
	line_neighbours_set(a);
	drop(a, 0, 4);
}

static void take_line_strip(struct ugvt_assembler *a)
{
	line_add(a, 0, 1);
	drop(a, 0, 1);
}

static void take_line_strip_continued(struct ugvt_assembler *a)
{
	take_line_strip(a);
	a->out[a->made - 1].stipple = false;
}

static void take_line_strip_adjacent(struct ugvt_assembler *a)
{
	line_add(a, 1, 2);
	line_neighbours_set(a);
	drop(a, 0, 1);
}

/* The first vertex is held for the end. */
static void take_line_loop(struct ugvt_assembler *a)
{
	line_add(a, a->count - 2, a->count - 1);
	if (a->count > 2) {
		drop(a, 1, 1);
	}
}

static void end_line_loop(struct ugvt_assembler *a)
{
	if (a->count > 1) {
		line_add(a, a->count - 1, 0);
	}
}

/* The edges of a triangle whose corners have their own edge flags. */
static uint8_t edges_of(const struct ugvt_object *object, uint8_t edges)
{
	for (unsigned i = 0; i < 3; i++) {
		if (!object->v[i]->edge) {
			edges &= (uint8_t) ~(1u << i);
		}
	}
	return edges;
}

static struct ugvt_object *triangle_add(struct ugvt_assembler *a, const uint8_t corners[3])
{
	struct ugvt_object *object = object_add(a, UGVT_PRIMITIVE_TRIANGLE);

	for (unsigned i = 0; i < 3; i++) {
		object->v[i] = a->held[corners[i]];
	}
	object->edges = edges_of(object, EDGES_ALL);
	return object;
}

static void take_triangle_list(struct ugvt_assembler *a)
{
	static const uint8_t corners[3] = {0, 1, 2};

	triangle_add(a, corners)->provoking = a->provoking.triangle;
	object_done(a);
	drop(a, 0, 3);
}

static void neighbours_set(
	struct ugvt_assembler *a, struct ugvt_object *object, const uint8_t neighbours[3])
{
	object->adjacent = true;
	for (unsigned i = 0; i < 3; i++) {
		object->v[3 + i] = a->held[neighbours[i]];
	}
}

static void take_triangle_list_adjacent(struct ugvt_assembler *a)
{
	static const uint8_t corners[3] = {0, 2, 4};
	static const uint8_t neighbours[3] = {1, 3, 5};
	struct ugvt_object *object = triangle_add(a, corners);

	object->provoking = a->provoking.triangle;
	neighbours_set(a, object, neighbours);
	object_done(a);
	drop(a, 0, 6);
}

/* Of a triangle whose second and third corners are exchanged. */
static uint8_t exchanged(uint8_t provoking)
{
	return provoking == 0 ? 0 : 3 - provoking;
}

static struct ugvt_object *strip_add(struct ugvt_assembler *a, uint8_t corners[3], bool exchange)
{
	struct ugvt_object *object;
	uint8_t second = corners[1];

	if (exchange) {
		corners[1] = corners[2];
		corners[2] = second;
	}
	object = triangle_add(a, corners);
	object->provoking = exchange ? exchanged(a->provoking.triangle) : a->provoking.triangle;
	object->exchanged = exchange;
	return object;
}

static void take_strip_as(struct ugvt_assembler *a, bool exchange)
{
	uint8_t corners[3] = {0, 1, 2};

	strip_add(a, corners, exchange);
	object_done(a);
	drop(a, 0, 1);
}

static void take_strip(struct ugvt_assembler *a)
{
	take_strip_as(a, a->objects % 2 == 1);
}

static void take_strip_reverse(struct ugvt_assembler *a)
{
	take_strip_as(a, a->objects % 2 == 0);
}

/* Of a strip's triangle the corners are every second vertex, and the first vertex held is from the triangle before, as the last
 * one is from that behind: GL 4.6, table 10.2, "Triangles generated by triangle strips with adjacency". */
static void strip_adjacent_add(struct ugvt_assembler *a, uint8_t behind)
{
	bool first = a->objects == 0, exchange = a->objects % 2 == 1;
	uint8_t corners[3] = {1, 3, 5};
	uint8_t before = first ? 2 : 0;
	const uint8_t neighbours[3] = {before, behind, 4};
	const uint8_t exchanged_neighbours[3] = {4, behind, before};
	struct ugvt_object *object = strip_add(a, corners, exchange);

	neighbours_set(a, object, exchange ? exchanged_neighbours : neighbours);
	object_done(a);
}

static void take_strip_adjacent(struct ugvt_assembler *a)
{
	strip_adjacent_add(a, 7);
	drop(a, 0, 2);
}

static void end_strip_adjacent(struct ugvt_assembler *a)
{
	if (a->count == 7) {
		strip_adjacent_add(a, 6);
	}
}

static void take_fan(struct ugvt_assembler *a)
{
	static const uint8_t corners[3] = {0, 1, 2};

	triangle_add(a, corners)->provoking = a->provoking.fan;
	object_done(a);
	drop(a, 1, 1);
}

/* A triangle of a polygon that has more before or after it: the edges towards those are none of its own. The first vertex
 * provokes. */
static void polygon_add(struct ugvt_assembler *a, bool first, bool last)
{
	static const uint8_t corners[3] = {0, 1, 2};
	struct ugvt_object *object = triangle_add(a, corners);

	object->edges = edges_of(object, (uint8_t)((first ? 1 : 0) | 2 | (last ? 4 : 0)));
	object_done(a);
}

/* A fourth vertex says that the triangle of the first three is not the last. */
static void take_polygon(struct ugvt_assembler *a)
{
	polygon_add(a, a->objects == 0, false);
	drop(a, 1, 1);
}

static void end_polygon(struct ugvt_assembler *a)
{
	if (a->count == 3) {
		polygon_add(a, a->objects == 0, true);
	}
}

/* A polygon that starts with its provoking vertex. */
static void quad_add(struct ugvt_assembler *a, const uint8_t corners[4])
{
	const uint8_t first[3] = {corners[0], corners[1], corners[2]};
	const uint8_t second[3] = {corners[0], corners[2], corners[3]};

	triangle_add(a, first)->edges &= 3;
	triangle_add(a, second)->edges &= 6;
	object_done(a);
}

/* The last of the four provokes, whatever 3DSTATE_SF says: GL has it so (with Mesa's
 * PIPE_CAP_QUADS_FOLLOW_PROVOKING_VERTEX_CONVENTION of 0). */
static void take_quad_list(struct ugvt_assembler *a)
{
	static const uint8_t corners[4] = {3, 0, 1, 2};

	quad_add(a, corners);
	drop(a, 0, 4);
}

static void take_quad_strip(struct ugvt_assembler *a)
{
	static const uint8_t corners[4] = {3, 2, 0, 1};

	quad_add(a, corners);
	drop(a, 0, 2);
}

static void take_rectangle(struct ugvt_assembler *a)
{
	struct ugvt_object *object = object_add(a, UGVT_PRIMITIVE_RECTANGLE);

	memcpy(object->v, a->held, sizeof(object->v));
	object->provoking = a->provoking.triangle;
	object->edges = EDGES_ALL;
	object_done(a);
	drop(a, 0, 3);
}

static const struct ugvt_assembly assemblies[] = {
	[UGVT_TOPOLOGY_POINTLIST] = {1, false, take_point, NULL},
	[UGVT_TOPOLOGY_POINTLIST_BF] = {1, false, take_point, NULL},
	[UGVT_TOPOLOGY_LINELIST] = {2, false, take_line_list, NULL},
	[UGVT_TOPOLOGY_LINELIST_ADJ] = {4, false, take_line_list_adjacent, NULL},
	[UGVT_TOPOLOGY_LINESTRIP] = {2, false, take_line_strip, NULL},
	[UGVT_TOPOLOGY_LINESTRIP_BF] = {2, false, take_line_strip, NULL},
	[UGVT_TOPOLOGY_LINESTRIP_CONT] = {2, false, take_line_strip_continued, NULL},
	[UGVT_TOPOLOGY_LINESTRIP_CONT_BF] = {2, false, take_line_strip_continued, NULL},
	[UGVT_TOPOLOGY_LINESTRIP_ADJ] = {4, false, take_line_strip_adjacent, NULL},
	[UGVT_TOPOLOGY_LINELOOP] = {2, false, take_line_loop, end_line_loop},
	[UGVT_TOPOLOGY_TRILIST] = {3, false, take_triangle_list, NULL},
	[UGVT_TOPOLOGY_TRILIST_ADJ] = {6, false, take_triangle_list_adjacent, NULL},
	[UGVT_TOPOLOGY_TRISTRIP] = {3, false, take_strip, NULL},
	[UGVT_TOPOLOGY_TRISTRIP_REVERSE] = {3, false, take_strip_reverse, NULL},
	[UGVT_TOPOLOGY_TRISTRIP_ADJ] = {8, true, take_strip_adjacent, end_strip_adjacent},
	[UGVT_TOPOLOGY_TRIFAN] = {3, false, take_fan, NULL},
	[UGVT_TOPOLOGY_TRIFAN_NOSTIPPLE] = {3, false, take_fan, NULL},
	[UGVT_TOPOLOGY_POLYGON] = {4, false, take_polygon, end_polygon},
	[UGVT_TOPOLOGY_QUADLIST] = {4, false, take_quad_list, NULL},
	[UGVT_TOPOLOGY_QUADSTRIP] = {4, false, take_quad_strip, NULL},
	[UGVT_TOPOLOGY_RECTLIST] = {3, false, take_rectangle, NULL},
};

static void take_patch(struct ugvt_assembler *a)
{
	struct ugvt_object *object = object_add(a, UGVT_PRIMITIVE_POINT);

	object->kind = UGVT_OBJECT_PATCH;
	memcpy(a->patch, a->held, a->patch_vertices * sizeof(*a->patch));
	object_done(a);
	drop(a, 0, a->patch_vertices);
}

/* That it takes patches of more than one vertex is decided where it is called. */
static const struct ugvt_assembly patches = {1, false, take_patch, NULL};

static const struct ugvt_assembly *assembly_find(struct ugvt_assembler *a, unsigned topology)
{
	if (topology >= UGVT_TOPOLOGY_PATCHLIST_1 &&
		topology < UGVT_TOPOLOGY_PATCHLIST_1 + UGVT_HELD_MAX) {
		a->patch_vertices = topology - UGVT_TOPOLOGY_PATCHLIST_1 + 1;
		return &patches;
	}
	if (topology >= UGVT_ARRAY_SIZE(assemblies) || !assemblies[topology].take) {
		return NULL;
	}
	return &assemblies[topology];
}

bool ugvt_assembler_init(
	struct ugvt_assembler *a, unsigned topology, const struct ugvt_provoking *provoking)
{
	*a = (struct ugvt_assembler){0};
	a->assembly = assembly_find(a, topology);
	if (!a->assembly) {
		return false;
	}
	a->need = UGVT_MAX(a->assembly->need, a->patch_vertices);
	a->provoking.line = UGVT_MIN(provoking->line, 1);
	a->provoking.triangle = UGVT_MIN(provoking->triangle, 2);
	a->provoking.fan = UGVT_MIN(provoking->fan, 2);
	return true;
}

unsigned ugvt_assembler_vertex(struct ugvt_assembler *a, struct ugvt_vertex *vertex,
	struct ugvt_object objects[UGVT_OBJECTS_MAX])
{
	a->out = objects;
	a->made = 0;
	if (a->count == 0 && a->assembly->twice) {
		a->held[a->count++] = vertex;
	}
	a->held[a->count++] = vertex;
	if (a->count >= a->need) {
		a->assembly->take(a);
	}
	return a->made;
}

unsigned ugvt_assembler_cut(struct ugvt_assembler *a, struct ugvt_object objects[UGVT_OBJECTS_MAX])
{
	a->out = objects;
	a->made = 0;
	if (a->assembly->end) {
		a->assembly->end(a);
	}
	a->count = 0;
	a->objects = 0;
	return a->made;
}

void ugvt_assembler_restart(struct ugvt_assembler *a)
{
	a->id = 0;
}
