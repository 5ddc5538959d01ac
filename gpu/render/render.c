/* SPDX-License-Identifier: MIT */
#include "gpu/render/render.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "gpu/render/clip.h"
#include "gpu/render/functions.h"
#include "gpu/render/stages.h"
#include "gpu/render/vertex_shade.h"

/* Units of budget: see ugvt_cs_run(). */
#define COST_SEQUENCE 1 // a vertex on its way to the assembler
#define COST_OBJECT 4   // an object through the clipper
#define COST_CLIPPED 20 // a primitive more than one for an object
#define COST_STREAM 2   // a write of stream output
#define COST_ELEMENT 8  // an element of sixteen vertices
#define COST_FETCH 8    // whatever their elements
#define COST_THREAD 8   // to start
#define VUE_DWORDS_PER_UNIT 64

#define NO_STREAM UINT8_MAX

enum phase {
	PHASE_FILL,     // the batch
	PHASE_FETCH,    // sixteen of its vertices
	PHASE_SHADE,    // those
	PHASE_ASSEMBLE, // the batch's sequence
	PHASE_RASTER,   // all was handed over
};

/* What draws may need and there is not, as bits of logged. */
enum missing {
	MISSING_NOTHING,
	MISSING_SHADER,
	MISSING_STAGE,
	MISSING_TOPOLOGY,
	MISSING_FORMAT, // draws nevertheless
	MISSING_COUNT,
};

static const char *const missing_names[MISSING_COUNT] = {
	[MISSING_SHADER] = "vertex shaders that are not SIMD8",
	[MISSING_STAGE] = "such a tessellation or geometry shader",
	[MISSING_TOPOLOGY] = "such a topology",
	[MISSING_FORMAT] = "such a vertex format",
};

struct ugvt_render {
	struct ugvt_raster *raster;
	struct ugvt_aspace *as;
	struct ugvt_state state;
	struct ugvt_render_counts counts;
	uint32_t logged; // 1 << enum missing

	/* The draw. */
	bool busy;
	bool running;          // the back is not done with what it has
	bool discard;          // nothing reaches the clipper
	uint8_t render_stream; // of a geometry shader's: the others do not; NO_STREAM: all do
	bool shades;           // there is a vertex shader
	bool projects;         // vertices as soon as they are there: there is but one viewport
	bool vs_statistics;
	bool vf_statistics; // are counted
	bool clip_statistics;
	enum phase phase;
	struct ugvt_attention attention;
	struct ugvt_draw draw;
	struct ugvt_render_primitive primitive;
	uint32_t instance;
	uint32_t position; // vertices of the instance that were taken
	unsigned fetched;  // vertices of the batch
	unsigned shaded;   // of those
	unsigned at;       // in its sequence
	struct ugvt_viewport viewports[UGVT_VIEWPORTS];
	struct ugvt_vertex_fetch fetch;
	struct ugvt_index_buffer indices;
	struct ugvt_assembler assembler;
	struct ugvt_clip clip;
	struct ugvt_vertex_batch batch;
	struct ugvt_fetch_output elements; // of the sixteen vertices
	struct ugvt_kernels *kernels;
	struct ugvt_urb urb;
	struct ugvt_vertex_shader shader;
	struct ugvt_stages stages;
	struct ugvt_stream stream;
	struct ugvt_stream_registers stream_registers;
	struct ugvt_functions *vertex_functions;
	struct ugvt_functions *pixel_functions; // may be NULL

	/* What was made and not yet handed on: for the stages behind assembly, for the clipper, for the back. */
	struct ugvt_object sources[UGVT_OBJECTS_MAX];
	unsigned source_count, source_at;
	struct ugvt_object objects[UGVT_OBJECTS_MAX];
	unsigned object_count, object_at;
	struct ugvt_primitive primitives[UGVT_CLIP_PRIMITIVES];
	unsigned primitive_count, primitive_at;
};

struct ugvt_render *ugvt_render_create(struct ugvt_raster *raster)
{
	/* With the registers of a thread, which are aligned. */
	struct ugvt_render *render = aligned_alloc(_Alignof(struct ugvt_render), sizeof(*render));

	if (!render) {
		raster->impl->destroy(raster);
		return NULL;
	}
	memset(render, 0, sizeof(*render));
	render->raster = raster;
	render->stream.registers = &render->stream_registers;
	ugvt_stages_init(&render->stages, &render->urb);
	render->kernels = ugvt_kernels_create();
	render->vertex_functions = ugvt_functions_create(UGVT_FUNCTIONS_VS);
	if (!ugvt_vertex_batch_init(&render->batch) || !render->kernels ||
		!render->vertex_functions) {
		ugvt_render_destroy(render);
		return NULL;
	}
	ugvt_shader_init(
		&render->shader.base, &render->urb, ugvt_functions_port(render->vertex_functions));
	return render;
}

void ugvt_render_destroy(struct ugvt_render *render)
{
	if (!render) {
		return;
	}
	ugvt_render_abort(render);
	render->raster->impl->destroy(render->raster);
	ugvt_stages_finish(&render->stages);
	ugvt_functions_destroy(render->vertex_functions);
	ugvt_functions_destroy(render->pixel_functions);
	ugvt_kernels_destroy(render->kernels);
	ugvt_vertex_batch_finish(&render->batch);
	free(render);
}

void ugvt_render_adopt(struct ugvt_render *render, struct ugvt_functions *pixel_functions)
{
	render->pixel_functions = pixel_functions;
}

void ugvt_render_attach(struct ugvt_render *render, const struct ugvt_kept *kept,
	struct ugvt_aspace *as, const struct ugvt_attention *attention)
{
	ugvt_state_init(&render->state, kept);
	render->as = as;
	render->attention = *attention;
}

static void miss(struct ugvt_render *render, enum missing what)
{
	if (!(render->logged & UGVT_BIT(what))) {
		render->logged |= UGVT_BIT(what);
		ugvt_info("a draw needs %s, which there is not; from now on not told",
			missing_names[what]);
	}
}

static enum missing missing_for(const struct ugvt_state *state)
{
	bool patches = ugvt_state_topology(state) >= UGVT_TOPOLOGY_PATCHLIST_1;

	if (patches != ugvt_state_te_enable(state)) {
		return MISSING_TOPOLOGY;
	}
	return ugvt_state_vs_enable(state) && !ugvt_state_vs_simd8(state) ? MISSING_SHADER
									  : MISSING_NOTHING;
}

static bool assembler_begin(struct ugvt_render *render)
{
	const struct ugvt_state *state = &render->state;
	struct ugvt_provoking provoking = {
		.line = (uint8_t)ugvt_state_provoking_line(state),
		.triangle = (uint8_t)ugvt_state_provoking_triangle(state),
		.fan = (uint8_t)ugvt_state_provoking_fan(state),
	};

	return ugvt_assembler_init(&render->assembler, ugvt_state_topology(state), &provoking);
}

/* false: out of memory. */
static bool shader_begin(struct ugvt_render *render)
{
	const struct ugvt_state *state = &render->state;

	render->shades = ugvt_state_vs_enable(state);
	render->vs_statistics = ugvt_state_vs_statistics(state);
	return !render->shades ||
	       ugvt_vertex_shader_begin(&render->shader, state, render->as, render->kernels);
}

/* Of the first stage's vertices. */
static unsigned first_dwords(const struct ugvt_render *render)
{
	return 16 * (ugvt_state_vs_entry_size(&render->state) + 1);
}

/* With vertices of so many dwords. */
static void draw_begin(struct ugvt_render *render, unsigned vue_dwords)
{
	render->draw = (struct ugvt_draw){
		.state = &render->state,
		.as = render->as,
		.viewports = render->viewports,
		.counts = &render->counts,
		.attention = render->attention,
		.vue_dwords = vue_dwords,
	};
	if (render->pixel_functions) {
		ugvt_functions_begin(render->pixel_functions, &render->state, render->as);
	}
	ugvt_viewports_load(&render->state, render->as, render->viewports);
	render->raster->impl->begin(render->raster, &render->draw);
	render->busy = true;
	render->running = false;
}

/* What a shader is given and nothing fetches is zero. */
static void elements_begin(struct ugvt_render *render)
{
	unsigned fetched = 4 * render->fetch.count;
	unsigned end = render->shader.element_offset + render->shader.element_dwords;

	ugvt_vertex_fetch_prepare(&render->fetch, &render->elements);
	if (render->shades && end > fetched) {
		memset(render->elements.dw[fetched], 0,
			(end - fetched) * sizeof(render->elements.dw[0]));
	}
}

static void front_begin(struct ugvt_render *render, const struct ugvt_render_primitive *primitive)
{
	const struct ugvt_state *state = &render->state;
	unsigned vue_dwords = render->draw.vue_dwords;

	ugvt_functions_begin(render->vertex_functions, state, render->as);
	render->primitive = *primitive;
	render->phase = PHASE_FILL;
	render->instance = 0;
	render->position = 0;
	render->source_count = render->source_at = 0;
	render->object_count = render->object_at = 0;
	render->primitive_count = render->primitive_at = 0;
	render->discard = ugvt_state_so_rendering_disable(state);
	render->vf_statistics = ugvt_state_vf_statistics(state);
	render->clip_statistics = ugvt_state_clip_statistics(state);
	ugvt_vertex_fetch_init(&render->fetch, state, render->as, primitive->start_instance);
	ugvt_index_buffer_init(&render->indices, state, render->as);
	ugvt_clip_init(&render->clip, state, render->viewports, vue_dwords);
	ugvt_stream_begin(&render->stream, state, render->as, vue_dwords);
	render->render_stream =
		render->stream.enabled ? (uint8_t)ugvt_state_so_render_stream(state) : NO_STREAM;
	ugvt_vertex_batch_begin(&render->batch, first_dwords(render));
	render->projects = !render->discard && render->clip.mode != UGVT_CLIP_REJECT_ALL &&
			   render->clip.viewport_max == 0 && !ugvt_stages_are_used(&render->stages);
	elements_begin(render);
	if (render->fetch.unknown > 0) {
		miss(render, MISSING_FORMAT);
	}
}

bool ugvt_render_begin(struct ugvt_render *render, const struct ugvt_render_primitive *primitive)
{
	enum missing missing = missing_for(&render->state);

	if (missing == MISSING_NOTHING && !assembler_begin(render)) {
		missing = MISSING_TOPOLOGY;
	}
	if (missing != MISSING_NOTHING) {
		miss(render, missing);
		return false;
	}
	if (!shader_begin(render)) {
		return false;
	}
	if (ugvt_stages_begin(&render->stages, &render->state, render->as, render->kernels)) {
		miss(render, MISSING_STAGE);
		return false;
	}
	draw_begin(render, ugvt_stages_are_used(&render->stages)
				   ? ugvt_stages_vue_dwords(&render->stages)
				   : first_dwords(render));
	front_begin(render, primitive);
	return true;
}

bool ugvt_render_begin_hz_op(struct ugvt_render *render)
{
	const struct ugvt_state *state = &render->state;

	if (!ugvt_state_hz_depth_clear(state) && !ugvt_state_hz_stencil_clear(state) &&
		!ugvt_state_hz_depth_resolve(state) && !ugvt_state_hz_resolve(state)) {
		return false;
	}
	draw_begin(render, first_dwords(render));
	render->stream.enabled = false;
	render->raster->impl->hz_op(render->raster);
	render->phase = PHASE_RASTER;
	return true;
}

void ugvt_render_abort(struct ugvt_render *render)
{
	if (render->busy) {
		render->raster->impl->abort(render->raster);
		render->busy = false;
	}
}

struct ugvt_stream_registers *ugvt_render_stream(struct ugvt_render *render)
{
	return &render->stream_registers;
}

struct ugvt_render_counts ugvt_render_counts_take(struct ugvt_render *render)
{
	struct ugvt_render_counts counts = render->counts;

	render->counts = (struct ugvt_render_counts){0};
	return counts;
}

static void fill(struct ugvt_render *render)
{
	if (render->position >= render->primitive.count) {
		render->position = 0;
		render->instance++;
		ugvt_assembler_restart(&render->assembler);
	}
	if (render->instance >= render->primitive.instances || render->primitive.count == 0) {
		render->phase = PHASE_RASTER;
		return;
	}
	render->position += ugvt_vertex_batch_fill(
		&render->batch, &render->primitive, &render->indices, render->position);
	render->urb.entries[UGVT_URB_VERTEX] = (struct ugvt_urb_entries){
		render->batch.vues, render->batch.count, render->batch.vue_dwords};
	/* Those that were carried lie behind. */
	render->stages.vertices = render->urb.entries[UGVT_URB_VERTEX];
	render->stages.vertices.count = render->batch.capacity + 2 * UGVT_HELD_MAX;
	render->fetched = 0;
	render->shaded = 0;
	render->at = 0;
	render->phase = PHASE_FETCH;
}

/* The batch's vertices from first on are made. */
static void vertices_done(struct ugvt_render *render, unsigned first, unsigned count)
{
	if (render->projects) {
		ugvt_clip_project(&render->clip, 0, &render->batch.vertices[first], count);
	}
}

/* Fetches sixteen vertices. */
static void fetch(struct ugvt_render *render, int64_t *budget)
{
	struct ugvt_vertex_batch *batch = &render->batch;
	struct ugvt_fetch_input in;

	if (render->fetched >= batch->count) {
		render->phase = PHASE_ASSEMBLE;
		return;
	}
	in.instance = render->instance;
	ugvt_vertex_batch_input(batch, render->fetched, &in);
	ugvt_vertex_fetch(&render->fetch, &in, &render->elements);
	for (unsigned lane = 0; lane < in.count; lane++) {
		batch->vertices[render->fetched + lane].edge = render->elements.edges >> lane & 1;
	}
	if (render->shades) {
		render->phase = PHASE_SHADE;
	} else {
		ugvt_vertex_batch_store(
			batch, render->fetched, render->fetch.count, &render->elements);
		vertices_done(render, render->fetched, in.count);
	}
	render->fetched += in.count;
	*budget -= COST_FETCH + COST_ELEMENT * render->fetch.count +
		   in.count * batch->vue_dwords / VUE_DWORDS_PER_UNIT;
}

/* Eight vertices, or fewer, of those that were fetched last; how many are shaded. */
static unsigned shade_eight(struct ugvt_render *render, int64_t *budget)
{
	if (!render->shader.base.running) {
		ugvt_vertex_shader_start(
			&render->shader, &render->batch, render->shaded, &render->elements);
		*budget -= COST_THREAD;
	}
	return ugvt_shader_run(&render->shader.base, budget)
		       ? UGVT_MIN(render->fetched - render->shaded, UGVT_SHADE_LANES)
		       : 0;
}

static unsigned shade_sixteen(struct ugvt_render *render, int64_t *budget)
{
	*budget -= 2 * COST_THREAD + ugvt_vertex_shader_run_pair(&render->shader, &render->batch,
					     render->shaded, &render->elements);
	return UGVT_FETCH_LANES;
}

/* Shades what was fetched last, or a part of it. */
static void shade(struct ugvt_render *render, int64_t *budget)
{
	bool pair = render->shader.pairs && !render->shader.base.running &&
		    render->fetched - render->shaded == UGVT_FETCH_LANES;
	unsigned done = pair ? shade_sixteen(render, budget) : shade_eight(render, budget);

	vertices_done(render, render->shaded, done);
	if (render->vs_statistics) {
		render->counts.vs_invocations += done;
	}
	render->shaded += done;
	if (render->shaded == render->fetched) {
		render->phase = PHASE_FETCH;
	}
}

static bool is_rendered(const struct ugvt_render *render, const struct ugvt_object *object)
{
	return !render->discard &&
	       (render->render_stream == NO_STREAM || render->render_stream == object->stream);
}

static void object_clip(struct ugvt_render *render, int64_t *budget)
{
	const struct ugvt_object *object = &render->objects[render->object_at];

	render->object_at++;
	render->primitive_at = 0;
	render->primitive_count = 0;
	*budget -= COST_OBJECT;
	if (render->stream.enabled) {
		*budget -= COST_STREAM * ugvt_stream_object(&render->stream, object);
	}
	if (!is_rendered(render, object)) {
		return;
	}
	render->primitive_count = ugvt_clip_object(&render->clip, object, render->primitives);
	if (render->clip_statistics) {
		render->counts.cl_invocations++;
		render->counts.cl_primitives += render->primitive_count;
	}
	if (render->primitive_count > 1) {
		*budget -= COST_CLIPPED * render->primitive_count;
	}
}

/* Takes what is next in the sequence; how many objects are complete with it. */
static unsigned sequence_take(struct ugvt_render *render, struct ugvt_object *objects)
{
	struct ugvt_vertex_batch *batch = &render->batch;
	uint16_t next = batch->sequence[render->at++];
	unsigned made;

	if (next == UGVT_BATCH_CUT) {
		made = ugvt_assembler_cut(&render->assembler, objects);
	} else {
		made = ugvt_assembler_vertex(&render->assembler, &batch->vertices[next], objects);
	}
	/* Quads are one primitive, of two triangles. */
	if (render->vf_statistics) {
		render->counts.ia_vertices += next != UGVT_BATCH_CUT;
		render->counts.ia_primitives += made > 0;
	}
	return made;
}

/* false: the budget is used up by what was handed over before. */
static bool raster_run(struct ugvt_render *render, int64_t *budget)
{
	render->running = !render->raster->impl->run(render->raster, budget);
	return !render->running;
}

static bool primitives_hand_over(struct ugvt_render *render, int64_t *budget)
{
	struct ugvt_raster *raster = render->raster;

	if (render->running && !raster_run(render, budget)) {
		return false;
	}
	while (render->primitive_at < render->primitive_count) {
		if (raster->impl->primitive(raster, &render->primitives[render->primitive_at])) {
			render->primitive_at++;
		} else if (!raster_run(render, budget)) {
			return false;
		}
	}
	return true;
}

/* The same with stages behind assembly. false: there is no more in this batch. */
static bool stages_work(struct ugvt_render *render, int64_t *budget)
{
	render->object_at = 0;
	if (ugvt_stages_work(&render->stages, budget, render->objects, &render->object_count)) {
		return true;
	}
	if (render->source_at < render->source_count) {
		ugvt_stages_take(
			&render->stages, &render->assembler, &render->sources[render->source_at++]);
		return true;
	}
	if (render->at < render->batch.length) {
		render->source_at = 0;
		render->source_count = sequence_take(render, render->sources);
		return true;
	}
	return ugvt_stages_flush(&render->stages);
}

/* Makes more objects. false: there are no more in this batch. */
static bool objects_make(struct ugvt_render *render, int64_t *budget)
{
	*budget -= COST_SEQUENCE;
	if (ugvt_stages_are_used(&render->stages)) {
		return stages_work(render, budget);
	}
	if (render->at == render->batch.length) {
		return false;
	}
	render->object_at = 0;
	render->object_count = sequence_take(render, render->objects);
	return true;
}

/* The next thing to be done between the batch's sequence and the back. */
static bool assemble(struct ugvt_render *render, int64_t *budget)
{
	if (!primitives_hand_over(render, budget)) {
		return false;
	}
	if (render->object_at < render->object_count) {
		object_clip(render, budget);
	} else if (!objects_make(render, budget)) {
		ugvt_vertex_batch_carry(&render->batch, &render->assembler);
		render->phase = PHASE_FILL;
	}
	return true;
}

/* What stages counted for themselves. */
static void stage_counts_take(struct ugvt_render *render)
{
	struct ugvt_geometry *geometry = render->stages.geometry;
	struct ugvt_patch *patch = render->stages.patch;

	if (geometry) {
		if (ugvt_state_gs_statistics(&render->state)) {
			render->counts.gs_invocations += geometry->invocations;
			render->counts.gs_primitives += geometry->primitives;
		}
		geometry->invocations = geometry->primitives = 0;
	}
	if (patch) {
		if (ugvt_state_hs_statistics(&render->state)) {
			render->counts.hs_invocations += patch->hull_invocations;
		}
		if (ugvt_state_ds_statistics(&render->state)) {
			render->counts.ds_invocations += patch->domain_invocations;
		}
		patch->hull_invocations = patch->domain_invocations = 0;
	}
}

static bool finish(struct ugvt_render *render, int64_t *budget)
{
	if (!raster_run(render, budget)) {
		return false;
	}
	render->raster->impl->end(render->raster);
	ugvt_stream_end(&render->stream);
	stage_counts_take(render);
	render->busy = false;
	return true;
}

static void window_begin(struct ugvt_render *render)
{
	ugvt_vertex_fetch_window(&render->fetch);
	ugvt_functions_window(render->vertex_functions);
	ugvt_stages_window(&render->stages);
	if (render->pixel_functions) {
		ugvt_functions_window(render->pixel_functions);
	}
}

bool ugvt_render_step(struct ugvt_render *render, int64_t *budget)
{
	if (!render->busy) {
		return true;
	}
	window_begin(render);
	*budget -= ugvt_kernels_cost_take(render->kernels);
	while (*budget > 0) {
		switch (render->phase) {
		case PHASE_FILL:
			fill(render);
			--*budget;
			break;
		case PHASE_FETCH: fetch(render, budget); break;
		case PHASE_SHADE: shade(render, budget); break;
		case PHASE_ASSEMBLE:
			if (!assemble(render, budget)) {
				return false;
			}
			break;
		case PHASE_RASTER: return finish(render, budget);
		}
	}
	return false;
}
