/* SPDX-License-Identifier: MIT */
#include "gpu/render/pixel.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/render/pixel_parts.h"
#include "gpu/sampler/lanes.h"

enum {
	COST_SUBSPAN = 2, // of the budget, beside the shader's instructions
	COST_THREAD = 8,
	ALL_LANES = 0xffff,
};

void ugvt_pixel_begin(
	struct ugvt_pixel *pixel, const struct ugvt_pixel_draw *draw, struct ugvt_aspace *as)
{
	ugvt_pixel_port_init(pixel);
	pixel->draw = draw;
	pixel->as = as;
	pixel->counts = (struct ugvt_render_counts){0};
	for (unsigned i = 0; i < UGVT_PIXEL_TARGETS; i++) {
		pixel->targets[i].valid = false;
	}
	pixel->has_depth = false;
	pixel->solid.tried = pixel->solid.valid = false;
	pixel->straight.made = pixel->straight.ready = false;
	pixel->spent = 0;
	if (ugvt_depth_is_on(&draw->depth)) {
		ugvt_pixel_need_depth(pixel);
	}
	ugvt_pixel_abort(pixel);
}

void ugvt_pixel_need_depth(struct ugvt_pixel *pixel)
{
	if (!pixel->has_depth) {
		pixel->has_depth = true;
		ugvt_depth_init(&pixel->depth, &pixel->draw->depth, pixel->as);
	}
}

void ugvt_pixel_window(struct ugvt_pixel *pixel)
{
	pixel->straight.ready = false;
	if (pixel->has_depth) {
		ugvt_depth_window(&pixel->depth);
	}
	for (unsigned i = 0; i < UGVT_PIXEL_TARGETS; i++) {
		if (pixel->targets[i].valid) {
			ugvt_target_window(&pixel->targets[i].target);
		}
	}
}

void ugvt_pixel_shape(
	struct ugvt_pixel *pixel, const struct ugvt_shape *shape, const uint32_t *attributes)
{
	pixel->shape = shape;
	pixel->attributes = attributes;
	pixel->straight.ready = false;
	ugvt_pixel_header(pixel);
	if (pixel->draw->uniform_attributes) {
		ugvt_pixel_solid_check(pixel);
	}
}

void ugvt_pixel_abort(struct ugvt_pixel *pixel)
{
	pixel->head = 0;
	pixel->queued = 0;
	pixel->running = false;
}

void ugvt_pixel_count_samples(struct ugvt_pixel *pixel, uint64_t lit)
{
	if (pixel->draw->statistics) {
		pixel->counts.ps_depth_count += ugvt_bits_count(lit);
	}
}

UGVT_CLONES void ugvt_pixel_depth(const struct ugvt_pixel *pixel, const struct ugvt_subspans *at,
	struct ugvt_grid_point place, float z[UGVT_LANES])
{
	const struct ugvt_plane *plane = &pixel->shape->z;
	const struct ugvt_depth_range *range = &pixel->draw->depth.range[pixel->shape->viewport];
	double x = (double)place.x / UGVT_SUBPIXELS;
	double y = (double)place.y / UGVT_SUBPIXELS;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		float value = (float)ugvt_plane_value(
			plane, at->x[i / 4] + i % 2 + x, at->y[i / 4] + i / 2 % 2 + y);

		value = value > range->low ? value : range->low;
		z[i] = value < range->high ? value : range->high;
	}
}

/* Rows 2 row and 2 row + 1 of a block as lanes: subspan i has columns 2 i and 2 i + 1. */
static uint32_t lanes_of(uint64_t covered, unsigned row)
{
	uint32_t rows = covered >> (16 * row) & 0xffff;

	/* Each row's pairs of bits move apart. */
	rows = (rows & 0xff) | (rows & 0xff00) << 8;
	rows = (rows | rows << 4) & 0x0f0f0f0f;
	rows = (rows | rows << 2) & 0x33333333;
	return (rows & 0xffff) | rows >> 16 << 2;
}

/* Four numbers at once, as whoever reads them may do. */
static void four_set(uint16_t to[4], uint64_t first, uint64_t steps)
{
	uint64_t four = first * UINT64_C(0x0001000100010001) + steps;

	memcpy(to, &four, sizeof(four));
}

static struct ugvt_subspans row_subspans(
	const struct ugvt_pixel *pixel, struct ugvt_grid_point block, unsigned row)
{
	struct ugvt_subspans at = {.layer = pixel->shape->layer};

	four_set(at.x, (uint16_t)block.x, UINT64_C(0x0006000400020000));
	four_set(at.y, (uint16_t)(block.y + 2 * (int)row), 0);
	return at;
}

static struct ugvt_grid_point sample_place(const struct ugvt_pixel_draw *draw, unsigned sample)
{
	return draw->setup.at_samples ? draw->setup.sample[sample] : draw->setup.pixel;
}

/* The lanes that pass. */
static uint32_t early_test(struct ugvt_pixel *pixel, const struct ugvt_subspans *at, uint32_t lanes)
{
	float z[UGVT_LANES];
	const struct ugvt_depth_input input = {
		.at = *at, .z = z, .back_facing = pixel->shape->back_facing};

	if (ugvt_depth_is_on(&pixel->draw->depth)) {
		ugvt_pixel_depth(pixel, at, sample_place(pixel->draw, at->sample), z);
		lanes = ugvt_depth_test(&pixel->depth, &input, lanes);
	}
	ugvt_pixel_count_samples(pixel, lanes);
	return lanes;
}

static void slot_queue(struct ugvt_pixel *pixel, const struct ugvt_pixel_slot *slot)
{
	if (pixel->draw->shades && pixel->head + pixel->queued < UGVT_PIXEL_QUEUE) {
		pixel->queue[pixel->head + pixel->queued++] = *slot;
	}
}

/* lit: of a subspan, as in a slot. */
static void subspan_queue(struct ugvt_pixel *pixel, uint16_t x, uint16_t y, uint64_t lit)
{
	struct ugvt_pixel_slot slot = {.x = x, .y = y, .lit = lit};

	if (!pixel->draw->per_sample) {
		slot_queue(pixel, &slot);
		return;
	}
	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		slot.sample = (uint8_t)s;
		slot.lit = lit & UINT64_C(15) << (4 * s);
		if (slot.lit != 0) {
			slot_queue(pixel, &slot);
		}
	}
}

static void fault(struct ugvt_pixel *pixel, const char *why)
{
	pixel->faults++;
	ugvt_guest_log(&pixel->log_limit, "a pixel shader faults: %s", why);
}

static int64_t straight_cost(const struct ugvt_pixel *pixel)
{
	return COST_THREAD + COST_SUBSPAN * (int64_t)pixel->slots + pixel->draw->straight->cost;
}

/* A thread of four subspans side by side, all of which is lit; x and y are the first one's. */
static void straight_row(struct ugvt_pixel *pixel, unsigned x, unsigned y)
{
	const char *wrong;

	pixel->slot = pixel->queue + UGVT_PIXEL_QUEUE;
	pixel->slots = 4;
	pixel->tested = 0;
	for (unsigned i = 0; i < pixel->slots; i++) {
		pixel->slot[i] = (struct ugvt_pixel_slot){
			.x = (uint16_t)(x + 2 * i),
			.y = (uint16_t)y,
			.lit = 15,
		};
	}
	wrong = ugvt_pixel_straight_row(pixel);
	if (wrong) {
		fault(pixel, wrong);
	}
	pixel->spent += straight_cost(pixel);
	if (pixel->draw->statistics) {
		pixel->counts.ps_invocations += UGVT_LANES;
	}
}

/* Lanes of one sample each. */
static void lanes_draw(struct ugvt_pixel *pixel, const struct ugvt_subspans *at, uint32_t lanes)
{
	if (pixel->solid.valid) {
		ugvt_pixel_solid_lanes(pixel, at, lanes);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		if (lanes >> (4 * i) & 15) {
			subspan_queue(pixel, at->x[i], at->y[i], lanes >> (4 * i) & 15);
		}
	}
}

static void row_draw(struct ugvt_pixel *pixel, struct ugvt_subspans *at,
	const uint32_t lanes[UGVT_SETUP_SAMPLES])
{
	uint64_t lit[4] = {0};
	uint32_t left_lanes = 0; // of the last sample

	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		uint32_t left = lanes[s];

		if (left != 0 && !pixel->draw->late) {
			at->sample = (uint16_t)s;
			left = early_test(pixel, at, left);
		}
		left_lanes = left;
		for (unsigned i = 0; i < 4; i++) {
			lit[i] |= (uint64_t)(left >> (4 * i) & 15) << (4 * s);
		}
	}
	if (pixel->solid.valid) {
		ugvt_pixel_solid_lanes(pixel, at, left_lanes);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		if (lit[i] != 0) {
			subspan_queue(pixel, at->x[i], at->y[i], lit[i]);
		}
	}
}

/* PRM SNB vol 2 part 1, "Polygon Stipple": a bit for each pixel of 32x32, the highest one is the leftmost. */
static uint64_t stipple(const struct ugvt_pixel *pixel, struct ugvt_grid_point block)
{
	const struct ugvt_state *state = pixel->draw->draw->state;
	uint32_t x = (uint32_t)block.x + ugvt_state_polygon_stipple_x(state);
	uint32_t y = (uint32_t)block.y + ugvt_state_polygon_stipple_y(state);
	uint64_t mask = 0;

	if (pixel->shape->kind != UGVT_PRIMITIVE_TRIANGLE) {
		return UINT64_MAX;
	}
	for (unsigned i = 0; i < 64; i++) {
		uint32_t row = pixel->draw->polygon_stipple[(y + i / 8) % 32];

		mask |= (uint64_t)(row >> (31 - (x + i % 8) % 32) & 1) << i;
	}
	return mask;
}

/* Pixels of one sample each that passed whatever tests come before the shader. */
static void pixels_draw(struct ugvt_pixel *pixel, struct ugvt_grid_point block, uint64_t lit)
{
	if (pixel->solid.valid && ugvt_pixel_solid_block(pixel, block, lit)) {
		return;
	}
	for (unsigned row = 0; row < UGVT_COVER_BLOCK / 2; row++) {
		uint32_t lanes = lanes_of(lit, row);

		if (lanes == ALL_LANES && pixel->draw->straight && !pixel->solid.valid) {
			straight_row(pixel, (unsigned)block.x, (unsigned)block.y + 2 * row);
		} else if (lanes != 0) {
			struct ugvt_subspans at = row_subspans(pixel, block, row);

			lanes_draw(pixel, &at, lanes);
		}
	}
}

/* Draws with samples as they mostly are: one a pixel, and tests that can be done for a block at once. false: nothing was done. */
static bool block_draw(struct ugvt_pixel *pixel, struct ugvt_grid_point block, uint64_t lit)
{
	const struct ugvt_pixel_draw *draw = pixel->draw;

	if (draw->setup.samples > 1) {
		return false;
	}
	if (!draw->late) {
		const struct ugvt_grid_point place = sample_place(draw, 0);
		const struct ugvt_depth_block depth = {
			.at = {(uint16_t)block.x, (uint16_t)block.y, pixel->shape->layer, 0},
			.place_x = (double)place.x / UGVT_SUBPIXELS,
			.place_y = (double)place.y / UGVT_SUBPIXELS,
			.z = &pixel->shape->z,
			.range = &draw->depth.range[pixel->shape->viewport],
		};

		if (ugvt_depth_is_on(&draw->depth) &&
			!ugvt_depth_block_test(&pixel->depth, &depth, &lit)) {
			return false;
		}
		ugvt_pixel_count_samples(pixel, lit);
	}
	if (lit != 0) {
		pixels_draw(pixel, block, lit);
	}
	return true;
}

void ugvt_pixel_block(struct ugvt_pixel *pixel, struct ugvt_grid_point block,
	const uint64_t covered[UGVT_SETUP_SAMPLES])
{
	const struct ugvt_pixel_draw *draw = pixel->draw;
	uint64_t drawn = UINT64_MAX;

	if (pixel->head > 0) {
		memmove(pixel->queue, pixel->queue + pixel->head,
			pixel->queued * sizeof(pixel->queue[0]));
		pixel->head = 0;
	}
	ugvt_pixel_solid_find(pixel);
	if (ugvt_state_polygon_stipple(draw->draw->state)) {
		drawn = stipple(pixel, block);
	}
	if (block_draw(pixel, block, draw->sample_mask & 1 ? covered[0] & drawn : 0)) {
		return;
	}
	for (unsigned row = 0; row < UGVT_COVER_BLOCK / 2; row++) {
		uint32_t lanes[UGVT_SETUP_SAMPLES];
		uint32_t any = 0;

		for (unsigned s = 0; s < draw->setup.samples; s++) {
			lanes[s] =
				draw->sample_mask >> s & 1 ? lanes_of(covered[s] & drawn, row) : 0;
			any |= lanes[s];
		}
		if (any != 0) {
			struct ugvt_subspans at = row_subspans(pixel, block, row);

			row_draw(pixel, &at, lanes);
		}
	}
}

/* Channels that run: with "Vector Mask Enable" whole subspans, so that all neighbours for derivatives are there. */
static uint32_t thread_channels(struct ugvt_pixel *pixel)
{
	uint32_t vector = ugvt_state_ps_vector_mask(pixel->draw->draw->state) ? 15 : 0;
	uint32_t channels = 0;

	for (unsigned i = 0; i < pixel->slots; i++) {
		uint32_t pixels = 0;

		for (uint64_t lit = pixel->slot[i].lit; lit != 0; lit >>= 4) {
			pixels |= lit & 15;
		}
		if (pixel->draw->statistics) {
			pixel->counts.ps_invocations += ugvt_bits_count(pixels);
		}
		channels |= (pixels | vector) << (4 * i);
	}
	return channels;
}

static void slots_take(struct ugvt_pixel *pixel)
{
	unsigned slots = UGVT_MIN(pixel->draw->width / 4, pixel->queued);

	pixel->slot = pixel->queue + pixel->head;
	pixel->slots = slots;
	pixel->queued -= slots;
	pixel->head = pixel->queued == 0 ? 0 : pixel->head + slots;
	pixel->tested = 0;
}

static void thread_begin(struct ugvt_pixel *pixel)
{
	slots_take(pixel);
	pixel->running = true;
	ugvt_eu_thread_init(
		&pixel->thread, pixel->draw->program, thread_channels(pixel), pixel->draw->cr0);
	ugvt_pixel_payload(pixel);
}

/* false: the budget is used up. */
static bool thread_run(struct ugvt_pixel *pixel, int64_t *budget)
{
	uint64_t before = pixel->thread.executed;
	enum ugvt_eu_outcome outcome =
		ugvt_eu_thread_run(&pixel->thread, &pixel->port, (uint64_t)UGVT_MAX(*budget, 1));

	*budget -= (int64_t)(pixel->thread.executed - before) + COST_THREAD;
	switch (outcome) {
	case UGVT_EU_PAUSED: return false;
	case UGVT_EU_DONE: break;
	case UGVT_EU_WAITS: fault(pixel, "nobody notifies it"); break;
	case UGVT_EU_FAULTED: fault(pixel, pixel->thread.fault); break;
	}
	pixel->running = false;
	return true;
}

static bool straights_run(struct ugvt_pixel *pixel, unsigned enough, int64_t *budget)
{
	const char *wrong;

	while (pixel->queued > 0 && pixel->queued >= enough) {
		if (*budget <= 0) {
			return false;
		}
		slots_take(pixel);
		wrong = ugvt_pixel_straight_thread(pixel, thread_channels(pixel));
		if (wrong) {
			fault(pixel, wrong);
		}
		*budget -= straight_cost(pixel);
	}
	return true;
}

bool ugvt_pixel_run(struct ugvt_pixel *pixel, bool all, int64_t *budget)
{
	unsigned enough = all ? 1 : pixel->draw->width / 4;

	*budget -= pixel->spent;
	pixel->spent = 0;
	if (pixel->draw->straight) {
		return straights_run(pixel, enough, budget);
	}
	while (pixel->running || (pixel->queued > 0 && pixel->queued >= enough)) {
		if (*budget <= 0) {
			return false;
		}
		if (!pixel->running) {
			thread_begin(pixel);
			*budget -= COST_SUBSPAN * (int64_t)pixel->slots;
		}
		if (!thread_run(pixel, budget)) {
			return false;
		}
	}
	return true;
}
