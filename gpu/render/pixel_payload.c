/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/render/pixel_parts.h"
#include "gpu/sampler/lanes.h"

/*
 * The registers that a pixel shader starts with: PRM SNB vol 2 part 1, 7.7.3 "PS Thread Payload for Normal Dispatch"; order and presence
 * of the parts on Gen9: Mesa src/intel/compiler/brw_fs_thread_payload.cpp; sample numbers: brw_fs.cpp, emit_sampleid_setup().
 */

enum {
	MODES = 6, // barycentric: perspective pixel, centroid, sample; linear pixel, centroid, sample
	LINEAR = 3,
	REGISTER_DWORDS = UGVT_EU_REGISTER_BYTES / 4,
	SCRATCH_SHIFT = 10, // of the least space
	R0_SOURCE_DEPTH = 1 << 13,
	R0_OMASK = 1 << 12,
	R0_BACK_FACING = 1 << 15,
	R0_LAYER_SHIFT = 16,
	R0_VIEWPORT_SHIFT = 27,
	SAMPLE_UNIT = UGVT_SUBPIXELS / 16,
};

enum {
	POSITION_PIXEL,
	POSITION_CENTROID = 2,
	POSITION_SAMPLE = 3,
};

/* The next registers to be filled. */
struct writer {
	struct ugvt_pixel *pixel;
	unsigned reg;
	unsigned lanes; // of a half: 8 or 16
};

static uint32_t *reg_dwords(struct ugvt_pixel *pixel, unsigned reg)
{
	return (uint32_t *)(void *)(pixel->thread.grf +
				    reg % UGVT_EU_REGISTERS * UGVT_EU_REGISTER_BYTES);
}

struct ugvt_pixel_half ugvt_pixel_half(const struct ugvt_pixel *pixel, unsigned first)
{
	struct ugvt_pixel_half half = {0};

	for (unsigned i = 0; i < 4 && first + i < pixel->slots; i++) {
		half.slot[i] = &pixel->slot[first + i];
	}
	return half;
}

uint32_t ugvt_pixel_lit(const struct ugvt_pixel_half *half, unsigned sample)
{
	uint32_t lanes = 0;

	for (unsigned i = 0; i < 4; i++) {
		if (half->slot[i]) {
			lanes |= (uint32_t)(half->slot[i]->lit >> (4 * sample) & 15) << (4 * i);
		}
	}
	return lanes;
}

static uint32_t lit_pixels(const struct ugvt_pixel_half *half, unsigned samples)
{
	uint32_t lanes = 0;

	for (unsigned s = 0; s < samples; s++) {
		lanes |= ugvt_pixel_lit(half, s);
	}
	return lanes;
}

void ugvt_pixel_header(struct ugvt_pixel *pixel)
{
	const struct ugvt_state *state = pixel->draw->draw->state;
	const struct ugvt_shape *shape = pixel->shape;
	uint32_t *r0 = pixel->header;

	memset(r0, 0, sizeof(pixel->header));
	r0[0] = ugvt_state_topology(state) & 31;
	r0[0] |= (uint32_t)shape->layer << R0_LAYER_SHIFT & UGVT_MASK(26, 16);
	r0[0] |= (uint32_t)shape->viewport << R0_VIEWPORT_SHIFT;
	r0[0] |= shape->back_facing ? R0_BACK_FACING : 0;
	r0[0] |= ugvt_state_ps_computed_depth(state) ? R0_SOURCE_DEPTH : 0;
	r0[0] |= ugvt_state_ps_omask(state) ? R0_OMASK : 0;
	r0[1] = ugvt_state_dw(state, UGVT_STATE_CC_STATE_POINTERS, 1) & UGVT_MASK(31, 6);
	r0[3] = (ugvt_state_dw(state, UGVT_STATE_SAMPLER_STATE_POINTERS_PS, 1) & UGVT_MASK(31, 5)) |
		ugvt_state_ps_scratch_size(state);
	r0[4] = ugvt_state_dw(state, UGVT_STATE_BINDING_TABLE_POINTERS_PS, 1) & UGVT_MASK(15, 5);
	/* Threads that run at the same time have scratch space each. */
	r0[5] = (ugvt_state_dw(state, UGVT_STATE_PS, 4) & UGVT_MASK(31, 10)) +
		((uint32_t)pixel->index << (SCRATCH_SHIFT + ugvt_state_ps_scratch_size(state)));
}

static void subspans_write(struct writer *writer, const struct ugvt_pixel_half *half)
{
	uint32_t *r = reg_dwords(writer->pixel, writer->reg++);
	uint32_t lit = lit_pixels(half, writer->pixel->draw->setup.samples);

	for (unsigned i = 0; i < 4; i++) {
		if (half->slot[i]) {
			r[0] |= (uint32_t)half->slot[i]->sample << (4 * i);
			r[2 + i] = half->slot[i]->x | (uint32_t)half->slot[i]->y << 16;
		}
	}
	r[7] = lit | lit << 16;
}

static void places_set(struct ugvt_pixel_places *places, unsigned lane, struct ugvt_grid_point at)
{
	places->x[lane] = (int16_t)at.x;
	places->y[lane] = (int16_t)at.y;
}

/* The pixel's middle if all of it is covered or nothing, else a sample that is. */
static struct ugvt_grid_point centroid(
	const struct ugvt_setup *setup, const struct ugvt_pixel_slot *slot, unsigned pixel)
{
	unsigned covered = 0;
	unsigned first = 0;

	for (unsigned s = setup->samples; s-- > 0;) {
		if (slot->lit >> (4 * s + pixel) & 1) {
			covered++;
			first = s;
		}
	}
	return covered == 0 || covered == setup->samples ? setup->pixel : setup->sample[first];
}

static struct ugvt_grid_point place_of(const struct ugvt_pixel *pixel,
	const struct ugvt_pixel_slot *slot, unsigned lane, unsigned position)
{
	const struct ugvt_setup *setup = &pixel->draw->setup;

	if (!slot || !setup->at_samples || position == POSITION_PIXEL) {
		return setup->pixel;
	}
	return position == POSITION_SAMPLE ? setup->sample[slot->sample]
					   : centroid(setup, slot, lane % 4);
}

static void places_make(const struct ugvt_pixel *pixel, const struct ugvt_pixel_half *half,
	unsigned position, struct ugvt_pixel_places *places)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		places_set(places, i, place_of(pixel, half->slot[i / 4], i, position));
	}
}

/* Where the lanes are on the screen. */
struct points {
	double x[UGVT_LANES];
	double y[UGVT_LANES];
};

static void points_make(const struct ugvt_pixel_half *half, const struct ugvt_pixel_places *places,
	struct points *points)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		const struct ugvt_pixel_slot *slot = half->slot[i / 4];

		points->x[i] = (slot ? slot->x : 0) + (double)(i % 2) +
			       (double)places->x[i] / UGVT_SUBPIXELS;
		points->y[i] = (slot ? slot->y : 0) + (double)(i / 2 % 2) +
			       (double)places->y[i] / UGVT_SUBPIXELS;
	}
}

/* The lanes' values of a plane, as reciprocal says: times what is in out, or as they are. */
static void plane_write(
	const struct ugvt_plane *plane, const struct points *points, double out[UGVT_LANES])
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		out[i] = ugvt_plane_value(plane, points->x[i], points->y[i]);
	}
}

/* Sixteen floats, to one register or two: the second eight lanes stride registers behind the first ones. */
static void lanes_write(struct writer *writer, const double values[UGVT_LANES], unsigned stride)
{
	for (unsigned first = 0; first < writer->lanes; first += 8) {
		float *r = (float *)(void *)reg_dwords(
			writer->pixel, writer->reg + first / 8 * stride);

		for (unsigned i = 0; i < 8; i++) {
			r[i] = (float)values[first + i];
		}
	}
}

UGVT_CLONES static void barycentrics_make(const struct ugvt_shape *shape, bool linear,
	const struct points *points, double out[2][UGVT_LANES])
{
	double inverse_w[UGVT_LANES];

	for (unsigned b = 0; b < 2; b++) {
		plane_write(linear ? &shape->linear[b] : &shape->perspective[b], points, out[b]);
	}
	if (linear) {
		return;
	}
	plane_write(&shape->inverse_w, points, inverse_w);
	for (unsigned b = 0; b < 2; b++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			out[b][i] /= inverse_w[i];
		}
	}
}

/* b1 and b2 of lanes 0 to 7, then both of 8 to 15. */
static void barycentrics_write(struct writer *writer, const struct ugvt_pixel_half *half)
{
	static const uint8_t positions[] = {POSITION_PIXEL, POSITION_CENTROID, POSITION_SAMPLE};

	for (unsigned mode = 0; mode < MODES; mode++) {
		struct ugvt_pixel_places places;
		struct points points;
		double values[2][UGVT_LANES];

		if (!(writer->pixel->draw->modes >> mode & 1)) {
			continue;
		}
		places_make(writer->pixel, half, positions[mode % LINEAR], &places);
		points_make(half, &places, &points);
		barycentrics_make(writer->pixel->shape, mode >= LINEAR, &points, values);
		lanes_write(writer, values[0], 2);
		writer->reg++;
		lanes_write(writer, values[1], 2);
		writer->reg += writer->lanes / 4 - 1;
	}
}

static void depth_write(struct writer *writer, const struct points *points)
{
	const struct ugvt_pixel *pixel = writer->pixel;
	const struct ugvt_depth_range *range = &pixel->draw->depth.range[pixel->shape->viewport];
	double z[UGVT_LANES];

	plane_write(&pixel->shape->z, points, z);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		z[i] = z[i] > range->low ? z[i] : range->low;
		z[i] = z[i] < range->high ? z[i] : range->high;
	}
	lanes_write(writer, z, 1);
	writer->reg += writer->lanes / 8;
}

static void w_write(struct writer *writer, const struct points *points)
{
	double w[UGVT_LANES];

	plane_write(&writer->pixel->shape->inverse_w, points, w);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		w[i] = 1 / w[i];
	}
	lanes_write(writer, w, 1);
	writer->reg += writer->lanes / 8;
}

/* In sixteenths of a pixel, X and Y of each lane in a byte. */
static void offsets_write(struct writer *writer, const struct ugvt_pixel_half *half)
{
	uint16_t *r = (uint16_t *)(void *)reg_dwords(writer->pixel, writer->reg++);
	struct ugvt_pixel_places places;

	places_make(writer->pixel, half,
		ugvt_state_ps_position_offset(writer->pixel->draw->draw->state), &places);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		r[i] = (uint16_t)(places.x[i] / SAMPLE_UNIT | places.y[i] / SAMPLE_UNIT << 8);
	}
}

static void coverage_write(struct writer *writer, const struct ugvt_pixel_half *half)
{
	for (unsigned i = 0; i < writer->lanes; i++) {
		const struct ugvt_pixel_slot *slot = half->slot[i / 4];
		uint32_t *r = reg_dwords(writer->pixel, writer->reg + i / 8);

		r[i % 8] = 0;
		for (unsigned s = 0; slot && s < UGVT_SETUP_SAMPLES; s++) {
			r[i % 8] |= (uint32_t)(slot->lit >> (4 * s + i % 4) & 1) << s;
		}
	}
	writer->reg += writer->lanes / 8;
}

static void half_write(struct writer *writer, const struct ugvt_pixel_half *half)
{
	const struct ugvt_state *state = writer->pixel->draw->draw->state;
	struct ugvt_pixel_places places;
	struct points points;

	barycentrics_write(writer, half);
	if (ugvt_state_ps_source_depth(state) || ugvt_state_ps_source_w(state)) {
		places_make(writer->pixel, half, ugvt_state_wm_position_mode(state), &places);
		points_make(half, &places, &points);
	}
	if (ugvt_state_ps_source_depth(state)) {
		depth_write(writer, &points);
	}
	if (ugvt_state_ps_source_w(state)) {
		w_write(writer, &points);
	}
	if (ugvt_state_ps_position_offset(state)) {
		offsets_write(writer, half);
	}
	if (ugvt_state_ps_coverage_input(state)) {
		coverage_write(writer, half);
	}
}

/* As many as there are registers for. */
void ugvt_pixel_setup_write(struct ugvt_pixel *pixel)
{
	const struct ugvt_pixel_draw *draw = pixel->draw;
	unsigned reg = UGVT_MIN(draw->grf_start, UGVT_EU_REGISTERS);
	unsigned constants = UGVT_MIN(draw->constants.registers, UGVT_EU_REGISTERS - reg);
	unsigned attributes = ugvt_state_ps_attributes(draw->draw->state)
				      ? ugvt_setup_attributes(&draw->setup) *
						UGVT_SETUP_ATTRIBUTE_DWORDS / REGISTER_DWORDS
				      : 0;

	memcpy(pixel->thread.grf + reg * UGVT_EU_REGISTER_BYTES, draw->constants.bytes,
		constants * UGVT_EU_REGISTER_BYTES);
	reg += constants;
	attributes = UGVT_MIN(attributes, UGVT_EU_REGISTERS - reg);
	memcpy(pixel->thread.grf + reg * UGVT_EU_REGISTER_BYTES, pixel->attributes,
		attributes * UGVT_EU_REGISTER_BYTES);
}

void ugvt_pixel_payload(struct ugvt_pixel *pixel)
{
	unsigned halves = pixel->draw->width > 16 ? 2 : 1;
	struct writer writer = {
		.pixel = pixel, .reg = 1, .lanes = UGVT_MIN(pixel->draw->width, 16)};

	memcpy(reg_dwords(pixel, 0), pixel->header, sizeof(pixel->header));
	if (pixel->draw->quick_payload) {
		ugvt_pixel_quick_payload(pixel);
		ugvt_pixel_setup_write(pixel);
		return;
	}
	for (unsigned i = 0; i < halves; i++) {
		const struct ugvt_pixel_half half = ugvt_pixel_half(pixel, 4 * i);

		subspans_write(&writer, &half);
	}
	for (unsigned i = 0; i < halves; i++) {
		const struct ugvt_pixel_half half = ugvt_pixel_half(pixel, 4 * i);

		half_write(&writer, &half);
	}
	ugvt_pixel_setup_write(pixel);
}
