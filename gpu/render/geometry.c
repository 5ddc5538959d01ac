/* SPDX-License-Identifier: MIT */
#include "gpu/render/geometry.h"

#include <stdlib.h>
#include <string.h>

#define READ_UNIT 8   // dwords
#define ENTRY_UNIT 16 // dwords
#define COUNT_DWORDS 8
#define ENTRY_DWORDS_MAX (512 * ENTRY_UNIT)
#define SLACK_DWORDS 64 // behind the last entry: a vertex has a header however small it is
#define VERTICES_MAX 2048
#define INSTANCE_SHIFT 27
#define MODE_SIMD8 3
#define COST_THREAD 16
#define DWORDS_PER_UNIT 64 // cleared

bool ugvt_geometry_init(
	struct ugvt_geometry *geometry, struct ugvt_urb *urb, struct ugvt_eu_port *others)
{
	*geometry = (struct ugvt_geometry){
		.dw = calloc(UGVT_GEOMETRY_LANES * ENTRY_DWORDS_MAX + SLACK_DWORDS,
			sizeof(*geometry->dw)),
		.vertices = calloc(VERTICES_MAX, sizeof(*geometry->vertices)),
	};
	ugvt_shader_init(&geometry->base, urb, others);
	geometry->urb = urb;
	return geometry->dw && geometry->vertices;
}

void ugvt_geometry_finish(struct ugvt_geometry *geometry)
{
	free(geometry->dw);
	free(geometry->vertices);
}

static void layout_init(struct ugvt_geometry *geometry, const struct ugvt_state *state)
{
	unsigned control = COUNT_DWORDS * ugvt_state_gs_control_size(state);
	unsigned entry = ENTRY_UNIT * (ugvt_state_gs_entry_size(state) + 1);

	geometry->static_count =
		ugvt_state_gs_is_static(state) ? (int)ugvt_state_gs_static_count(state) : -1;
	geometry->control_at = geometry->static_count < 0 ? COUNT_DWORDS : 0;
	geometry->header_dwords = geometry->control_at + control;
	geometry->vertex_dwords = 4 * (ugvt_state_gs_vertex_size(state) + 1);
	geometry->capacity = entry > geometry->header_dwords
				     ? (entry - geometry->header_dwords) / geometry->vertex_dwords
				     : 0;
	geometry->capacity = UGVT_MIN(geometry->capacity, VERTICES_MAX);
	geometry->has_streams = control > 0 && ugvt_state_gs_control_streams(state);
	geometry->has_cuts = control > 0 && !geometry->has_streams;
	/* What does not fit into the control data is not cut. */
	if (control > 0) {
		geometry->capacity =
			UGVT_MIN(geometry->capacity, control * (geometry->has_streams ? 16 : 32));
	}
	geometry->entries = (struct ugvt_urb_entries){geometry->dw, UGVT_GEOMETRY_LANES, entry};
}

static bool assembler_begin(struct ugvt_geometry *geometry, const struct ugvt_state *state)
{
	struct ugvt_provoking provoking = {
		.line = (uint8_t)ugvt_state_provoking_line(state),
		.triangle = (uint8_t)ugvt_state_provoking_triangle(state),
		.fan = (uint8_t)ugvt_state_provoking_fan(state),
	};
	unsigned topology = ugvt_state_gs_topology(state);

	return topology < UGVT_TOPOLOGY_PATCHLIST_1 &&
	       ugvt_assembler_init(&geometry->assembler, topology, &provoking);
}

bool ugvt_geometry_begin(struct ugvt_geometry *geometry, const struct ugvt_state *state,
	struct ugvt_aspace *as, struct ugvt_kernels *kernels)
{
	const struct ugvt_shader_source source = {
		.name = "geometry",
		.constants = UGVT_STATE_CONSTANT_GS,
		.samplers = UGVT_STATE_SAMPLER_STATE_POINTERS_GS,
		.binding_table = UGVT_STATE_BINDING_TABLE_POINTERS_GS,
		.kernel = ugvt_state_gs_kernel(state),
		.scratch = ugvt_state_dw(state, UGVT_STATE_GS, 4),
		.alternate = ugvt_state_gs_alternate(state),
	};

	if (ugvt_state_gs_dispatch_mode(state) != MODE_SIMD8 || !assembler_begin(geometry, state) ||
		!ugvt_shader_begin(&geometry->base, &source, state, as, kernels)) {
		return false;
	}
	layout_init(geometry, state);
	geometry->instances = ugvt_state_gs_instances(state) + 1;
	geometry->constants_at =
		ugvt_state_gs_grf_start(state) | ugvt_state_gs_grf_start_high(state) << 4;
	geometry->read_offset = READ_UNIT * ugvt_state_gs_read_offset(state);
	geometry->read_dwords = READ_UNIT * ugvt_state_gs_read_length(state);
	geometry->has_ids = ugvt_state_gs_primitive_id(state);
	geometry->has_handles = ugvt_state_gs_handles(state);
	geometry->trailing = ugvt_state_gs_trailing(state);
	geometry->default_stream = (uint8_t)ugvt_state_gs_default_stream(state);
	geometry->discards = ugvt_state_gs_discard_adjacency(state);
	geometry->phase = UGVT_GEOMETRY_TAKES;
	geometry->count = 0;
	geometry->instance = 0;
	return true;
}

/* Of the corner that is first. The next two are its successors. */
static unsigned first_corner(const struct ugvt_geometry *geometry, const struct ugvt_object *object)
{
	return object->exchanged && geometry->trailing ? 2 : 0;
}

/* The vertices as the shader numbers them; how many. */
static unsigned vertices_list(const struct ugvt_geometry *geometry,
	const struct ugvt_object *object, struct ugvt_vertex *list[6])
{
	bool adjacent = object->adjacent && !geometry->discards;
	unsigned first = first_corner(geometry, object), count = 0;

	switch (object->kind) {
	case UGVT_PRIMITIVE_POINT: list[count++] = object->v[0]; break;
	case UGVT_PRIMITIVE_LINE:
		if (adjacent) {
			list[count++] = object->v[3];
		}
		list[count++] = object->v[0];
		list[count++] = object->v[1];
		if (adjacent) {
			list[count++] = object->v[4];
		}
		break;
	default:
		for (unsigned i = 0; i < 3; i++) {
			list[count++] = object->v[(first + i) % 3];
			if (adjacent) {
				list[count++] = object->v[3 + (first + i) % 3];
			}
		}
		break;
	}
	return count;
}

void ugvt_geometry_add(struct ugvt_geometry *geometry, const struct ugvt_urb_entries *input,
	enum ugvt_urb_kind kind, const struct ugvt_object *object)
{
	geometry->input = input;
	geometry->input_kind = kind;
	geometry->objects[geometry->count++] = *object;
	if (geometry->count == UGVT_GEOMETRY_LANES || geometry->instances > 1) {
		ugvt_geometry_start(geometry);
	}
}

/* The object that a lane works on. */
static const struct ugvt_object *lane_object(const struct ugvt_geometry *geometry, unsigned lane)
{
	return &geometry->objects[geometry->instances > 1 ? 0 : lane];
}

static uint32_t handle_of(const struct ugvt_geometry *geometry, const struct ugvt_vertex *vertex)
{
	size_t entry = (size_t)(vertex->vue - geometry->input->dw) / geometry->input->dwords;

	return ugvt_urb_handle(geometry->input_kind, (unsigned)entry);
}

static uint32_t vertex_dword(
	const struct ugvt_geometry *geometry, const struct ugvt_vertex *vertex, unsigned at)
{
	return at < geometry->input->dwords ? vertex->vue[at] : 0;
}

/* Registers of the payload behind r0, one after the other. */
static void register_put(struct ugvt_geometry *geometry, unsigned *at, const uint32_t dw[8])
{
	ugvt_shader_register_set(&geometry->base, (*at)++, dw);
}

static void handles_put(struct ugvt_geometry *geometry, unsigned *at, unsigned count)
{
	struct ugvt_vertex *list[6];

	if (geometry->instances > 1) {
		uint32_t dw[UGVT_GEOMETRY_LANES] = {0};

		vertices_list(geometry, &geometry->objects[0], list);
		for (unsigned i = 0; i < count; i++) {
			dw[i] = handle_of(geometry, list[i]);
		}
		register_put(geometry, at, dw);
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		uint32_t dw[UGVT_GEOMETRY_LANES] = {0};

		for (unsigned lane = 0; lane < geometry->lanes; lane++) {
			vertices_list(geometry, lane_object(geometry, lane), list);
			dw[lane] = handle_of(geometry, list[i]);
		}
		register_put(geometry, at, dw);
	}
}

static void vertices_put(struct ugvt_geometry *geometry, unsigned at, unsigned count)
{
	for (unsigned i = 0; i < count * geometry->read_dwords; i++) {
		unsigned vertex = i / geometry->read_dwords, dword = i % geometry->read_dwords;
		uint32_t dw[UGVT_GEOMETRY_LANES] = {0};

		for (unsigned lane = 0; lane < geometry->lanes; lane++) {
			struct ugvt_vertex *list[6];

			vertices_list(geometry, lane_object(geometry, lane), list);
			dw[lane] =
				vertex_dword(geometry, list[vertex], geometry->read_offset + dword);
		}
		register_put(geometry, &at, dw);
	}
}

static void payload_put(struct ugvt_geometry *geometry)
{
	struct ugvt_vertex *list[6];
	unsigned count = vertices_list(geometry, &geometry->objects[0], list), at = 1;
	uint32_t handles[UGVT_GEOMETRY_LANES] = {0}, ids[UGVT_GEOMETRY_LANES] = {0};

	for (unsigned lane = 0; lane < geometry->lanes; lane++) {
		uint32_t instance = geometry->instances > 1 ? geometry->instance + lane : 0;

		handles[lane] =
			ugvt_urb_handle(UGVT_URB_GEOMETRY, lane) | instance << INSTANCE_SHIFT;
		ids[lane] = lane_object(geometry, lane)->id;
	}
	register_put(geometry, &at, handles);
	if (geometry->has_ids) {
		register_put(geometry, &at, ids);
	}
	if (geometry->has_handles) {
		handles_put(geometry, &at, count);
	}
	vertices_put(geometry, geometry->constants_at + geometry->base.constants.registers, count);
}

void ugvt_geometry_start(struct ugvt_geometry *geometry)
{
	geometry->lanes =
		geometry->instances > 1
			? UGVT_MIN(geometry->instances - geometry->instance, UGVT_GEOMETRY_LANES)
			: geometry->count;
	ugvt_shader_start(&geometry->base, UGVT_BIT(geometry->lanes) - 1, geometry->constants_at);
	payload_put(geometry);
	memset(geometry->dw, 0,
		(size_t)geometry->lanes * geometry->entries.dwords * sizeof(*geometry->dw));
	geometry->debt +=
		COST_THREAD + geometry->lanes * geometry->entries.dwords / DWORDS_PER_UNIT;
	geometry->urb->entries[UGVT_URB_GEOMETRY] = geometry->entries;
	geometry->phase = UGVT_GEOMETRY_RUNS;
}

static void lane_begin(struct ugvt_geometry *geometry)
{
	const uint32_t *entry = geometry->dw + (size_t)geometry->lane * geometry->entries.dwords;
	uint32_t count = geometry->static_count < 0 ? entry[0] : (uint32_t)geometry->static_count;

	geometry->at = 0;
	geometry->cut = false;
	geometry->vertex_count = UGVT_MIN(count, geometry->capacity);
	for (unsigned i = 0; i < geometry->vertex_count; i++) {
		geometry->vertices[i] = (struct ugvt_vertex){
			.vue = geometry->dw + (size_t)geometry->lane * geometry->entries.dwords +
			       geometry->header_dwords + (size_t)i * geometry->vertex_dwords,
			.edge = true,
		};
	}
}

void ugvt_geometry_run(struct ugvt_geometry *geometry, int64_t *budget)
{
	*budget -= geometry->debt;
	geometry->debt = 0;
	if (!ugvt_shader_run(&geometry->base, budget)) {
		return;
	}
	geometry->invocations += geometry->lanes;
	geometry->phase = UGVT_GEOMETRY_GIVES;
	geometry->lane = 0;
	lane_begin(geometry);
}

/* All lanes have given what they had. */
static void thread_done(struct ugvt_geometry *geometry)
{
	if (geometry->instances > 1) {
		geometry->instance += geometry->lanes;
		if (geometry->instance < geometry->instances) {
			ugvt_geometry_start(geometry);
			return;
		}
		geometry->instance = 0;
	}
	geometry->count = 0;
	geometry->phase = UGVT_GEOMETRY_TAKES;
}

static uint32_t control_bits(const struct ugvt_geometry *geometry, unsigned bits)
{
	const uint32_t *control = geometry->dw + (size_t)geometry->lane * geometry->entries.dwords +
				  geometry->control_at;
	unsigned at = geometry->at * bits;

	return control[at / 32] >> at % 32 & (UGVT_BIT(bits) - 1);
}

static unsigned vertex_give(struct ugvt_geometry *geometry, struct ugvt_object *objects)
{
	uint8_t stream = geometry->default_stream;
	unsigned made;

	if (geometry->has_streams) {
		stream = (uint8_t)control_bits(geometry, 2);
	}
	if (geometry->has_cuts) {
		geometry->cut = control_bits(geometry, 1);
	}
	made = ugvt_assembler_vertex(
		&geometry->assembler, &geometry->vertices[geometry->at++], objects);
	for (unsigned i = 0; i < made; i++) {
		objects[i].stream = stream;
	}
	return made;
}

unsigned ugvt_geometry_next(
	struct ugvt_geometry *geometry, struct ugvt_object objects[UGVT_OBJECTS_MAX])
{
	unsigned made;

	if (geometry->cut) {
		geometry->cut = false;
		made = ugvt_assembler_cut(&geometry->assembler, objects);
	} else if (geometry->at < geometry->vertex_count) {
		made = vertex_give(geometry, objects);
	} else {
		made = ugvt_assembler_cut(&geometry->assembler, objects);
		geometry->lane_over = true;
	}
	geometry->primitives += made;
	return made;
}

void ugvt_geometry_continue(struct ugvt_geometry *geometry)
{
	if (!geometry->lane_over) {
		return;
	}
	geometry->lane_over = false;
	geometry->lane++;
	if (geometry->lane < geometry->lanes) {
		lane_begin(geometry);
	} else {
		thread_done(geometry);
	}
}
