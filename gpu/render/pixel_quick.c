/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/render/pixel_parts.h"
#include "gpu/sampler/lanes.h"

/*
 * Threads as nearly all are: sixteen lanes, one sample a pixel, tests that are done, and colours alone to be written. What is done is
 * the same as in pixel_payload.c and pixel_write.c.
 */

enum {
	TYPE_SIMD16 = 0,
	COLOR_REGISTERS = 8, // four channels of sixteen lanes
	MODES = 6,
	LINEAR = 3,
	SLOTS = 4,
};

void ugvt_pixel_quick_find(struct ugvt_pixel_draw *draw)
{
	const struct ugvt_state *state = draw->draw->state;

	draw->source_depth = ugvt_state_ps_source_depth(state);
	draw->source_w = ugvt_state_ps_source_w(state);
	draw->quick_payload = draw->shades && draw->width == 16 && draw->setup.samples == 1 &&
			      !ugvt_state_ps_position_offset(state) &&
			      !ugvt_state_ps_coverage_input(state);
	draw->quick_write = draw->shades && draw->width == 16 && draw->setup.samples == 1 &&
			    !draw->late && !draw->blend.alpha_test && !ugvt_state_ps_omask(state);
}

/* Values of a plane in the four lanes of a subspan, which differ by the same everywhere. */
typedef double subspan_d __attribute__((vector_size(32), may_alias));
typedef int64_t subspan_q __attribute__((vector_size(32), may_alias));
typedef float subspan_f __attribute__((vector_size(16), may_alias));

struct steps {
	double at; // at the place in a pixel at 0, 0
	double dx;
	double dy;
	subspan_d lanes;
};

UGVT_LANES_INLINE void steps_make(const struct ugvt_plane *plane, double place, struct steps *steps)
{
	steps->at = plane->at + plane->dx * place + plane->dy * place;
	steps->dx = plane->dx;
	steps->dy = plane->dy;
	steps->lanes = (subspan_d){0, plane->dx, plane->dy, plane->dx + plane->dy};
}

UGVT_LANES_INLINE void steps_value(
	const struct steps *steps, const struct ugvt_pixel_slot *slot, subspan_d *value)
{
	*value = steps->lanes + (steps->at + steps->dx * slot->x + steps->dy * slot->y);
}

/* Perspective correct or not: b1 and b2, each of eight lanes in a register, then of the other eight. */
UGVT_CLONES static void mode_write(const struct ugvt_pixel *pixel, bool linear, float *reg)
{
	const struct ugvt_shape *shape = pixel->shape;
	const struct ugvt_plane *planes = linear ? shape->linear : shape->perspective;
	double place = (double)pixel->draw->setup.pixel.x / UGVT_SUBPIXELS;
	bool flat = linear || (shape->inverse_w.dx == 0 && shape->inverse_w.dy == 0);
	double scale = linear ? 1 : 1 / shape->inverse_w.at;
	struct steps steps[3];

	steps_make(&planes[0], place, &steps[0]);
	steps_make(&planes[1], place, &steps[1]);
	steps_make(&shape->inverse_w, place, &steps[2]);
	for (unsigned i = 0; i < SLOTS; i++) {
		float *out = reg + i / 2 * 16 + i % 2 * 4;
		subspan_d b1;
		subspan_d b2;
		subspan_d w = (subspan_d){0} + scale;

		if (!flat) {
			steps_value(&steps[2], &pixel->slot[i], &w);
			w = 1 / w;
		}
		steps_value(&steps[0], &pixel->slot[i], &b1);
		steps_value(&steps[1], &pixel->slot[i], &b2);
		*(subspan_f *)out = __builtin_convertvector(b1 * w, subspan_f);
		*(subspan_f *)(out + 8) = __builtin_convertvector(b2 * w, subspan_f);
	}
}

/* Those where mask says so stay, the others become no's. */
UGVT_LANES_INLINE void double_select(subspan_d *yes, const subspan_q *mask, const subspan_d *no)
{
	*yes = (subspan_d)(((subspan_q)*yes & *mask) | ((subspan_q)*no & ~*mask));
}

/* Four subspans' values, to two registers. */
UGVT_CLONES static void depth_write(
	const struct ugvt_pixel *pixel, const struct ugvt_depth_range *range, float *reg)
{
	double place = (double)pixel->draw->setup.pixel.x / UGVT_SUBPIXELS;
	subspan_d low = (subspan_d){0} + range->low, high = (subspan_d){0} + range->high;
	struct steps steps;

	steps_make(&pixel->shape->z, place, &steps);
	for (unsigned i = 0; i < SLOTS; i++) {
		subspan_q inside;
		subspan_d z;

		steps_value(&steps, &pixel->slot[i], &z);
		/* NaN becomes the lower end. */
		inside = (subspan_q)(z > low);
		double_select(&z, &inside, &low);
		inside = (subspan_q)(z < high);
		double_select(&z, &inside, &high);
		*(subspan_f *)(reg + 4 * i) = __builtin_convertvector(z, subspan_f);
	}
}

UGVT_CLONES static void w_write(const struct ugvt_pixel *pixel, float *reg)
{
	double place = (double)pixel->draw->setup.pixel.x / UGVT_SUBPIXELS;
	struct steps steps;

	steps_make(&pixel->shape->inverse_w, place, &steps);
	for (unsigned i = 0; i < SLOTS; i++) {
		subspan_d w;

		steps_value(&steps, &pixel->slot[i], &w);
		*(subspan_f *)(reg + 4 * i) = __builtin_convertvector(1 / w, subspan_f);
	}
}

unsigned ugvt_pixel_quick_depths(const struct ugvt_pixel *pixel, uint8_t *grf, unsigned reg)
{
	if (pixel->draw->source_depth) {
		depth_write(pixel, &pixel->draw->depth.range[pixel->shape->viewport],
			(float *)(void *)(grf + reg * UGVT_EU_REGISTER_BYTES));
		reg += 2;
	}
	if (pixel->draw->source_w) {
		w_write(pixel, (float *)(void *)(grf + reg * UGVT_EU_REGISTER_BYTES));
		reg += 2;
	}
	return reg;
}

void ugvt_pixel_quick_subspans(const struct ugvt_pixel *pixel, uint32_t r1[8])
{
	uint32_t lit = 0;

	for (unsigned i = 0; i < pixel->slots; i++) {
		r1[2 + i] = pixel->slot[i].x | (uint32_t)pixel->slot[i].y << 16;
		lit |= (uint32_t)(pixel->slot[i].lit & 15) << (4 * i);
	}
	r1[7] = lit | lit << 16;
}

unsigned ugvt_pixel_quick_payload(struct ugvt_pixel *pixel)
{
	uint8_t *grf = pixel->thread.grf;
	unsigned reg = 2;

	for (unsigned i = pixel->slots; i < SLOTS; i++) {
		pixel->slot[i] = (struct ugvt_pixel_slot){0};
	}
	ugvt_pixel_quick_subspans(pixel, (uint32_t *)(void *)(grf + UGVT_EU_REGISTER_BYTES));
	for (unsigned mode = 0; mode < MODES; mode++) {
		if (pixel->draw->modes >> mode & 1) {
			mode_write(pixel, mode >= LINEAR,
				(float *)(void *)(grf + reg * UGVT_EU_REGISTER_BYTES));
			reg += 4;
		}
	}
	return ugvt_pixel_quick_depths(pixel, grf, reg);
}

static uint32_t lanes_lit(const struct ugvt_pixel *pixel)
{
	uint32_t lit = 0;

	for (unsigned i = 0; i < pixel->slots; i++) {
		lit |= (uint32_t)(pixel->slot[i].lit & 15) << (4 * i);
	}
	return lit;
}

static struct ugvt_subspans subspans_of(const struct ugvt_pixel *pixel)
{
	struct ugvt_subspans at = {.layer = pixel->shape->layer};

	for (unsigned i = 0; i < SLOTS; i++) {
		at.x[i] = pixel->slot[i].x;
		at.y[i] = pixel->slot[i].y;
	}
	return at;
}

static void colors_read(const struct ugvt_eu_message *message, struct ugvt_texels *color)
{
	size_t first = message->length * UGVT_EU_REGISTER_BYTES;

	if (message->length == COLOR_REGISTERS) {
		memcpy(color, message->payload, sizeof(*color));
		return;
	}
	memcpy(color, message->payload, first);
	memcpy((uint8_t *)color + first, message->payload2, sizeof(*color) - first);
}

static void colors_write(struct ugvt_pixel *pixel, struct ugvt_target *target,
	const struct ugvt_eu_message *message, uint32_t mask)
{
	const struct ugvt_blend *blend = &pixel->draw->blend;
	const struct ugvt_subspans at = subspans_of(pixel);
	struct ugvt_target_lanes lanes;
	struct ugvt_elements old;
	struct ugvt_elements new;
	struct ugvt_texels color;
	const struct ugvt_blend_colors colors = {
		.color = &color, .old = &old, .format = target->surface.format};

	mask = ugvt_target_find(target, &at, mask, &lanes);
	if (mask == 0) {
		return;
	}
	colors_read(message, &color);
	if (ugvt_blend_reads(&blend->target[0], target->surface.format)) {
		memset(&old, 0, sizeof(old));
		ugvt_target_read(target, &lanes, mask, &old);
	}
	ugvt_blend_apply(blend, &blend->target[0], &colors, &new);
	ugvt_target_write(target, &lanes, mask, &new);
}

bool ugvt_pixel_is_quick_write(
	const struct ugvt_pixel_draw *draw, const struct ugvt_eu_message *message)
{
	return draw->quick_write && ugvt_eu_render_write_type(message->desc) == TYPE_SIMD16 &&
	       !ugvt_eu_render_slots_high(message->desc) &&
	       !ugvt_eu_message_header(message->desc) &&
	       message->length + message->length2 == COLOR_REGISTERS;
}

bool ugvt_pixel_quick_write(struct ugvt_pixel *pixel, const struct ugvt_eu_message *message)
{
	struct ugvt_target *target;

	if (pixel->told || !ugvt_pixel_is_quick_write(pixel->draw, message)) {
		return false;
	}
	target = ugvt_pixel_target(pixel, ugvt_eu_surface(message->desc));
	if (!ugvt_target_is_null(target)) {
		colors_write(pixel, target, message, message->channels & lanes_lit(pixel));
	}
	return true;
}
