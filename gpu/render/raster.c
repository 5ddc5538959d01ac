/* SPDX-License-Identifier: MIT */
#include "gpu/render/raster.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gpu/render/raster_crew.h"

enum {
	BINNED_FOR_ONE = 8, // entries, in units of the budget
	ALL_LAYERS = -1,
	PIXEL_WEIGHT = 16,  // and one for each instruction
	BUDGET_MIN = 50000, // for which threads are woken
	ENTRY_WEIGHT = 1000,
	SHORT_LEAST = 60000, // weight that threads share which are awake
	RECENT_NS = 1000000,
};

struct raster {
	struct ugvt_raster base;
	struct ugvt_kernels *kernels;
	struct ugvt_bins *bins;
	struct ugvt_crew *crew; // NULL: there are no threads
	uint64_t least;         // weight that is worth waking them
	struct ugvt_crew_work work;
	uint64_t weight;   // of what was not run: about a quarter of a nanosecond each
	uint64_t alone;    // weight of what threads could have shared, had they been awake
	uint64_t alone_ns; // when that was
	int64_t debt;      // of the budget: what was done outside of runs
	bool fast_clear;
	bool resolve;
	int32_t cleared; // the last layer
	struct ugvt_pixel_draw draw;
	struct ugvt_drawer drawer;
};

static struct raster *raster_from_base(struct ugvt_raster *base);

static void bins_empty(struct raster *raster)
{
	ugvt_bins_clear(raster->bins);
	raster->work.taken = 0;
	raster->weight = 0;
	ugvt_drawer_begin(&raster->drawer, raster->bins);
}

static void raster_begin(struct ugvt_raster *base, const struct ugvt_draw *draw)
{
	struct raster *raster = raster_from_base(base);

	bins_empty(raster);
	raster->debt = 0;
	raster->cleared = ALL_LAYERS;
	raster->fast_clear = ugvt_state_ps_fast_clear(draw->state);
	raster->resolve = ugvt_state_ps_resolve(draw->state);
	ugvt_pixel_draw_begin(&raster->draw, draw, raster->kernels);
	ugvt_pixel_begin(&raster->drawer.pixel, &raster->draw, draw->as);
	raster->work.draw = &raster->draw;
	raster->work.bins = raster->bins;
	raster->work.depth = false;
	if (raster->crew) {
		ugvt_crew_begin(raster->crew, &raster->work);
	}
}

/* A shape was added. */
static void weight_add(struct raster *raster, const struct ugvt_shape *shape)
{
	const struct ugvt_pixel_box *box = &shape->cover.box;
	uint64_t pixels = (uint64_t)(box->x1 - box->x0) * (uint64_t)(box->y1 - box->y0);
	const struct ugvt_eu_program *program = raster->draw.program;
	bool fills = raster->fast_clear || raster->draw.uniform || !program;

	raster->weight += pixels * (fills ? 1 : PIXEL_WEIGHT + program->n);
}

/* Whatever its rectangle is, a fast clear is one of the whole level: PRM's scaled rectangles mean the same, and drivers clear
 * no less (Mesa iris_clear.c, can_fast_clear_color()). */
static bool clear_add(struct raster *raster, enum ugvt_clear_kind kind, uint16_t layer)
{
	static const enum ugvt_bins_work work[] = {
		UGVT_BINS_CLEAR_COLOR, UGVT_BINS_CLEAR_DEPTH_STENCIL};
	struct ugvt_shape shape;

	if (raster->cleared == layer ||
		!ugvt_clear_shape(&raster->drawer.pixel, kind, layer, &shape)) {
		return true;
	}
	if (!ugvt_bins_fit(raster->bins, &shape, 1, 0)) {
		return false;
	}
	ugvt_bins_add(raster->bins, &shape, work[kind], 0);
	weight_add(raster, &shape);
	raster->cleared = layer;
	return true;
}

static void shapes_add(struct raster *raster, const struct ugvt_primitive *primitive,
	const struct ugvt_shape *shapes, unsigned count)
{
	const struct ugvt_setup *setup = &raster->draw.setup;
	unsigned dwords = ugvt_setup_attributes(setup) * UGVT_SETUP_ATTRIBUTE_DWORDS;
	unsigned before = raster->bins->entries;

	for (unsigned i = 0; i < count; i++) {
		const struct ugvt_setup_source source = {
			primitive, &shapes[i], raster->draw.draw->vue_dwords};
		uint32_t *attributes =
			ugvt_bins_add(raster->bins, &shapes[i], UGVT_BINS_DRAW, dwords);

		ugvt_setup_write(setup, &source, attributes);
		weight_add(raster, &shapes[i]);
	}
	raster->debt += (raster->bins->entries - before) / BINNED_FOR_ONE;
}

static bool raster_primitive(struct ugvt_raster *base, const struct ugvt_primitive *primitive)
{
	struct raster *raster = raster_from_base(base);
	const struct ugvt_setup *setup = &raster->draw.setup;
	unsigned dwords = ugvt_setup_attributes(setup) * UGVT_SETUP_ATTRIBUTE_DWORDS;
	struct ugvt_shape shapes[UGVT_SETUP_SHAPES];
	unsigned count;

	/* With auxiliary surfaces passed through there is nothing to resolve. */
	if (raster->resolve) {
		return true;
	}
	if (raster->fast_clear) {
		return clear_add(raster, UGVT_CLEAR_COLOR, primitive->layer);
	}
	count = ugvt_setup_shapes(setup, primitive, shapes);
	if (!ugvt_bins_fit(raster->bins, shapes, count, dwords)) {
		return false;
	}
	shapes_add(raster, primitive, shapes, count);
	return true;
}

static void raster_hz_op(struct ugvt_raster *base)
{
	struct raster *raster = raster_from_base(base);
	const struct ugvt_state *state = raster->draw.draw->state;

	if (ugvt_state_hz_depth_clear(state) || ugvt_state_hz_stencil_clear(state)) {
		ugvt_pixel_need_depth(&raster->drawer.pixel);
		raster->work.depth = true;
		clear_add(raster, UGVT_CLEAR_DEPTH_STENCIL, 0);
	}
}

static void counts_add(struct raster *raster)
{
	struct ugvt_render_counts *from = &raster->drawer.pixel.counts;
	struct ugvt_render_counts *to = raster->draw.draw->counts;

	to->ps_invocations += from->ps_invocations;
	to->ps_depth_count += from->ps_depth_count;
	*from = (struct ugvt_render_counts){0};
	if (raster->crew) {
		ugvt_crew_counts(raster->crew, to);
	}
}

/* Of many short draws, one soon after the other, each is not worth waking threads, but all of them are: they stay awake then. */
static bool is_one_of_many(struct raster *raster, uint64_t weight)
{
	uint64_t now = ugvt_clock_ns();

	raster->alone = now - raster->alone_ns < RECENT_NS ? raster->alone + weight : weight;
	raster->alone_ns = now;
	return raster->alone >= raster->least;
}

/* Whether threads draw, and are woken for it. */
static bool is_for_crew(struct raster *raster, int64_t budget, bool *wake)
{
	uint64_t weight = raster->weight + (uint64_t)raster->bins->entries * ENTRY_WEIGHT;

	*wake = raster->weight >= raster->least;
	if (!raster->crew || budget < BUDGET_MIN ||
		raster->work.taken + 1 >= raster->bins->touched ||
		!ugvt_crew_is_there(raster->crew)) {
		return false;
	}
	if (*wake) {
		return true;
	}
	if (weight < SHORT_LEAST) {
		return false;
	}
	*wake = !ugvt_crew_is_awake(raster->crew) && is_one_of_many(raster, weight);
	return *wake || ugvt_crew_is_awake(raster->crew);
}

static bool raster_run(struct ugvt_raster *base, int64_t *budget)
{
	struct raster *raster = raster_from_base(base);
	bool done, wake;

	*budget -= raster->debt + ugvt_kernels_cost_take(raster->kernels);
	raster->debt = 0;
	if (is_for_crew(raster, *budget, &wake)) {
		raster->alone = 0;
		done = ugvt_crew_run(raster->crew, &raster->drawer, budget, wake);
	} else {
		done = ugvt_crew_run_alone(raster->crew, &raster->work, &raster->drawer, budget);
	}
	counts_add(raster);
	if (done) {
		bins_empty(raster);
	}
	return done;
}

static void raster_end(struct ugvt_raster *base)
{
	bins_empty(raster_from_base(base));
}

static void raster_abort(struct ugvt_raster *base)
{
	struct raster *raster = raster_from_base(base);

	ugvt_drawer_abort(&raster->drawer);
	if (raster->crew) {
		ugvt_crew_abort(raster->crew);
	}
	bins_empty(raster);
}

static void raster_destroy(struct ugvt_raster *base)
{
	struct raster *raster = raster_from_base(base);

	ugvt_crew_destroy(raster->crew);
	ugvt_bins_destroy(raster->bins);
	ugvt_kernels_destroy(raster->kernels);
	free(raster);
}

static const struct ugvt_raster_impl raster_impl = {
	.begin = raster_begin,
	.primitive = raster_primitive,
	.hz_op = raster_hz_op,
	.run = raster_run,
	.end = raster_end,
	.abort = raster_abort,
	.destroy = raster_destroy,
};

static struct raster *raster_from_base(struct ugvt_raster *base)
{
	return ugvt_container_of(base, struct raster, base);
}

struct ugvt_raster *ugvt_raster_create(struct ugvt_eu_port *others)
{
	size_t size = UGVT_ALIGN_UP(sizeof(struct raster), (size_t)64);
	struct raster *raster = aligned_alloc(64, size);

	if (!raster) {
		return NULL;
	}
	memset(raster, 0, size);
	raster->base.impl = &raster_impl;
	raster->drawer.pixel.others = others;
	raster->bins = ugvt_bins_create();
	raster->kernels = ugvt_kernels_create();
	if (!raster->bins || !raster->kernels) {
		raster_destroy(&raster->base);
		return NULL;
	}
	return &raster->base;
}

void ugvt_raster_add_threads(struct ugvt_raster *base, const struct ugvt_raster_threads *threads)
{
	struct raster *raster = raster_from_base(base);

	ugvt_crew_destroy(raster->crew);
	raster->crew = NULL;
	raster->least = threads->least;
	if (threads->count > 0) {
		raster->crew =
			ugvt_crew_create(threads->count, raster->drawer.pixel.others != NULL);
	}
}
