/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/render/pixel_parts.h"

/*
 * What a pixel shader asks about its pixels. Barycentric coordinates at other places than those it was given: PRM IVB vol 4 part 2,
 * "Pixel Interpolator"; what is in the target already: Mesa's brw_eu.h, brw_fb_read_desc().
 */

enum {
	AT_SHARED_OFFSET,
	AT_SAMPLE,
	AT_CENTROID,
	AT_SLOT_OFFSET,
	OFFSET_UNIT = UGVT_SUBPIXELS / 16,
};

#define INTERPOLATOR_16 UGVT_BIT(16)
#define DATA_X UGVT_MASK(3, 0) // two's complement
#define DATA_Y UGVT_MASK(7, 4)
#define DATA_SAMPLE UGVT_MASK(7, 4)
#define READ_SIMD8 UGVT_BIT(8)

/* What a message is about: lanes of the half of a thread. */
struct query {
	const struct ugvt_pixel *pixel;
	const struct ugvt_eu_message *message;
	struct ugvt_pixel_half half;
	unsigned first; // lane of the half that the message's first one is
	unsigned lanes;
	uint32_t mask; // of the message's lanes: that execute
};

static struct query query_begin(
	const struct ugvt_pixel *pixel, const struct ugvt_eu_message *message, bool wide)
{
	unsigned first = message->first % UGVT_EU_CHANNELS;
	unsigned half = ugvt_eu_render_slots_high(message->desc) ? 16 : first & 16;
	struct query query = {
		.pixel = pixel,
		.message = message,
		.half = ugvt_pixel_half(pixel, half / 4),
		.first = wide ? 0 : first & 8,
		.lanes = wide ? 16 : 8,
	};

	query.mask = message->channels >> (half + query.first) & (UGVT_BIT(query.lanes) - 1);
	return query;
}

/* One of the eight lanes that a register of the response has. */
static void lane_return(const struct query *query, unsigned lane, unsigned reg, const void *value)
{
	const struct ugvt_eu_message *message = query->message;

	if (reg < message->response_length && (query->mask >> lane & 1)) {
		memcpy(message->response + reg * UGVT_EU_REGISTER_BYTES + lane % 8 * 4, value, 4);
	}
}

static int32_t offset_of(const struct query *query, unsigned component, unsigned lane)
{
	unsigned at = (component * query->lanes + lane) * 4;
	int32_t value = 0;

	if (at < query->message->length * UGVT_EU_REGISTER_BYTES) {
		memcpy(&value, query->message->payload + at, sizeof(value));
	}
	return (int32_t)((uint32_t)value << 28) >> 28;
}

static struct ugvt_grid_point shifted(struct ugvt_grid_point at, int32_t x, int32_t y)
{
	return (struct ugvt_grid_point){at.x + x * OFFSET_UNIT, at.y + y * OFFSET_UNIT};
}

/* Where in its pixel a lane's value is taken. */
static struct ugvt_grid_point place_of(const struct query *query, unsigned lane)
{
	const struct ugvt_setup *setup = &query->pixel->draw->setup;
	uint32_t desc = query->message->desc;
	unsigned sample = UGVT_GET(DATA_SAMPLE, desc);

	switch (ugvt_eu_interpolator_message(desc)) {
	case AT_SHARED_OFFSET:
		return shifted(setup->pixel, (int32_t)(UGVT_GET(DATA_X, desc) << 28) >> 28,
			(int32_t)(UGVT_GET(DATA_Y, desc) << 28) >> 28);
	case AT_SLOT_OFFSET:
		return shifted(setup->pixel, offset_of(query, 0, lane), offset_of(query, 1, lane));
	case AT_SAMPLE:
		if (setup->at_samples && sample < setup->samples) {
			return setup->sample[sample];
		}
		return setup->pixel;
	default: return setup->pixel;
	}
}

/* b1 and b2. */
static void barycentrics(const struct query *query, unsigned lane, float out[2])
{
	const struct ugvt_shape *shape = query->pixel->shape;
	unsigned i = query->first + lane;
	const struct ugvt_pixel_slot *slot = query->half.slot[i / 4];
	struct ugvt_grid_point place = place_of(query, lane);
	bool linear = ugvt_eu_interpolator_linear(query->message->desc);
	double x = (slot ? slot->x : 0) + (double)(i % 2) + (double)place.x / UGVT_SUBPIXELS;
	double y = (slot ? slot->y : 0) + (double)(i / 2 % 2) + (double)place.y / UGVT_SUBPIXELS;
	double w = linear ? 1 : 1 / ugvt_plane_value(&shape->inverse_w, x, y);

	for (unsigned b = 0; b < 2; b++) {
		out[b] =
			(float)(ugvt_plane_value(
					linear ? &shape->linear[b] : &shape->perspective[b], x, y) *
				w);
	}
}

/* b1 and b2 of the first eight lanes, then those of the others, as pln takes them: PRM IVB vol 4 part 2, 4.1.2. */
const char *ugvt_pixel_interpolate(
	const struct ugvt_pixel *pixel, const struct ugvt_eu_message *message)
{
	struct query query = query_begin(pixel, message, message->desc & INTERPOLATOR_16);

	for (unsigned lane = 0; lane < query.lanes; lane++) {
		float out[2];

		barycentrics(&query, lane, out);
		lane_return(&query, lane, lane / 8 * 2, &out[0]);
		lane_return(&query, lane, lane / 8 * 2 + 1, &out[1]);
	}
	return NULL;
}

/* Subspans of a half that read one sample each have their own. */
static void elements_read(
	const struct query *query, struct ugvt_target *target, struct ugvt_elements *elements)
{
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(query->half.slot); i++) {
		const struct ugvt_pixel_slot *slot = query->half.slot[i];
		struct ugvt_subspans at = {.layer = query->pixel->shape->layer};
		struct ugvt_target_lanes lanes;
		uint32_t mask;

		if (!slot) {
			continue;
		}
		at.x[i] = slot->x;
		at.y[i] = slot->y;
		at.sample = slot->sample;
		mask = ugvt_target_find(target, &at, UINT32_C(15) << (4 * i), &lanes);
		ugvt_target_read(target, &lanes, mask, elements);
	}
}

const char *ugvt_pixel_read(struct ugvt_pixel *pixel, const struct ugvt_eu_message *message)
{
	struct query query = query_begin(pixel, message, !(message->desc & READ_SIMD8));
	struct ugvt_target *target = ugvt_pixel_target(pixel, ugvt_eu_surface(message->desc));
	struct ugvt_elements elements = {0};
	struct ugvt_texels texels = {0};

	if (!ugvt_target_is_null(target)) {
		elements_read(&query, target, &elements);
		ugvt_texels_load(target->surface.format, &elements, &texels);
	}
	for (unsigned i = 0; i < 4 * query.lanes; i++) {
		unsigned c = i / query.lanes;
		unsigned lane = i % query.lanes;

		lane_return(&query, lane, i / 8, &texels.c[c][query.first + lane]);
	}
	return NULL;
}
