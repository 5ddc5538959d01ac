/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/render/pixel_parts.h"

/*
 * Render target writes: PRM SNB vol 4 part 1, "Render Target Write"; the order of the payload's parts on Gen9: Mesa
 * src/intel/compiler/brw_lower_logical_sends.cpp, lower_fb_write_logical_send().
 */

enum {
	TYPE_SIMD16,
	TYPE_SIMD16_REPLICATED,
	TYPE_SIMD8_DUAL_LOW, // subspans 0 and 1
	TYPE_SIMD8_DUAL_HIGH,
	TYPE_SIMD8_LOW,
	PAYLOAD_BYTES_MAX = (15 + 15) * UGVT_EU_REGISTER_BYTES, // of both parts
	HEADER_REGISTERS = 2,
	HEADER_SOURCE0_ALPHA = 1 << 11, // of M0.0
	TARGET_MASK = 7,                // of M0.2
};

/* What a message says, in lanes of the half of the thread that it is about. */
struct write {
	struct ugvt_pixel_half half;
	unsigned first;  // lane of the payload's first one
	unsigned lanes;  // that it has
	uint32_t mask;   // lanes to be written
	unsigned target; // entry of BLEND_STATE
	bool header;
	bool dual;
	bool replicated;
	const uint8_t *source0_alpha; // NULL: none, as with all of these
	const uint8_t *omask;
	const uint8_t *color;
	const uint8_t *second;
	const uint8_t *depth;
	const uint8_t *stencil;
};

/* Registers that are taken from the payload one behind the other. */
struct reader {
	const uint8_t *payload;
	unsigned length;
	unsigned at;
};

/* NULL if there are not so many left. */
static const uint8_t *take(struct reader *reader, unsigned registers)
{
	unsigned at = reader->at;

	reader->at += registers;
	return reader->at <= reader->length ? reader->payload + at * UGVT_EU_REGISTER_BYTES : NULL;
}

static uint32_t payload_dword(const uint8_t *payload, unsigned n)
{
	uint32_t value;

	memcpy(&value, payload + 4 * n, sizeof(value));
	return value;
}

static bool type_decode(struct write *write, unsigned type)
{
	write->lanes = type <= TYPE_SIMD16_REPLICATED ? 16 : 8;
	write->first = type == TYPE_SIMD8_DUAL_HIGH ? 8 : 0;
	write->dual = type == TYPE_SIMD8_DUAL_LOW || type == TYPE_SIMD8_DUAL_HIGH;
	write->replicated = type == TYPE_SIMD16_REPLICATED;
	return type <= TYPE_SIMD8_LOW;
}

/* The parts in front of the colour; false if they are not there. */
static bool front_decode(struct write *write, const struct ugvt_pixel *pixel, struct reader *reader)
{
	const struct ugvt_state *state = pixel->draw->draw->state;
	unsigned registers = write->lanes / 8;

	if (write->header) {
		const uint8_t *header = take(reader, HEADER_REGISTERS);

		if (!header) {
			return false;
		}
		write->target = payload_dword(header, 2) & TARGET_MASK;
		write->mask = payload_dword(header, 15) & 0xffff;
		if (payload_dword(header, 0) & HEADER_SOURCE0_ALPHA) {
			write->source0_alpha = take(reader, registers);
		}
	}
	if (ugvt_state_ps_omask(state)) {
		write->omask = take(reader, 1);
	}
	return true;
}

static bool colors_decode(
	struct write *write, const struct ugvt_pixel *pixel, struct reader *reader)
{
	const struct ugvt_state *state = pixel->draw->draw->state;
	unsigned registers = write->lanes / 8;

	if (write->replicated) {
		write->color = take(reader, 1);
		return write->color != NULL;
	}
	write->color = take(reader, 4 * registers);
	if (write->dual) {
		write->second = take(reader, 4 * registers);
	}
	if (ugvt_state_ps_computed_depth(state)) {
		write->depth = take(reader, registers);
	}
	if (ugvt_state_ps_computes_stencil(state)) {
		write->stencil = take(reader, 1);
	}
	return write->color != NULL;
}

static uint32_t lanes_of_write(const struct write *write)
{
	return UGVT_MASK(write->lanes - 1, 0) << write->first;
}

static bool write_decode(struct write *write, const struct ugvt_pixel *pixel,
	const struct ugvt_eu_message *message, struct reader *reader)
{
	unsigned high = ugvt_eu_render_slots_high(message->desc) ? 16 : 0;
	uint32_t lit = 0;

	*write = (struct write){
		.half = ugvt_pixel_half(pixel, high / 4),
		.header = ugvt_eu_message_header(message->desc),
	};
	if (!type_decode(write, ugvt_eu_render_write_type(message->desc))) {
		return false;
	}
	write->mask = message->channels >> high & 0xffff;
	if (!front_decode(write, pixel, reader) || !colors_decode(write, pixel, reader)) {
		return false;
	}
	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		lit |= ugvt_pixel_lit(&write->half, s);
	}
	write->mask &= lit & lanes_of_write(write);
	return true;
}

/* Channel c of a colour, one register (of eight lanes) behind the other. */
static void channel_read(
	const struct write *write, const uint8_t *color, unsigned c, uint32_t lanes[UGVT_LANES])
{
	if (write->replicated) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			lanes[i] = payload_dword(color, c);
		}
		return;
	}
	memcpy(lanes + write->first, color + (size_t)c * write->lanes * 4, write->lanes * 4);
}

static void color_read(const struct write *write, const uint8_t *color, struct ugvt_texels *texels)
{
	memset(texels, 0, sizeof(*texels));
	for (unsigned c = 0; c < 4; c++) {
		channel_read(write, color, c, texels->c[c]);
	}
}

/* The samples of each lane that may be written: bit s of lane i, by sample: bit i of [s]. */
struct coverage {
	uint32_t lanes[UGVT_SETUP_SAMPLES];
};

static void coverage_begin(
	const struct ugvt_pixel *pixel, const struct write *write, struct coverage *coverage)
{
	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		coverage->lanes[s] = ugvt_pixel_lit(&write->half, s) & write->mask;
	}
}

static void coverage_mask(
	const struct ugvt_pixel *pixel, struct coverage *coverage, unsigned lane, uint32_t samples)
{
	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		if (!(samples >> s & 1)) {
			coverage->lanes[s] &= ~(1u << lane);
		}
	}
}

/* Not beside the shader's own mask: PRM SKL vol 7, "Alpha Coverage". */
static bool has_alpha_coverage(const struct ugvt_pixel *pixel, const struct write *write)
{
	return pixel->draw->blend.alpha_to_coverage && pixel->draw->setup.samples > 1 &&
	       !write->omask && !ugvt_state_ps_no_alpha_to_coverage(pixel->draw->draw->state);
}

/* Alpha test, alpha to coverage and the shader's own mask: what takes samples away. */
static void coverage_reduce(const struct ugvt_pixel *pixel, const struct write *write,
	const uint32_t alpha[UGVT_LANES], struct coverage *coverage)
{
	const struct ugvt_blend *blend = &pixel->draw->blend;
	unsigned samples = pixel->draw->setup.samples;
	bool alpha_coverage = has_alpha_coverage(pixel, write);
	uint32_t passed = write->mask;

	if (blend->alpha_test) {
		passed = ugvt_blend_alpha_test(blend, alpha, write->mask);
	}
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		uint32_t kept = passed >> i & 1 ? UINT32_MAX : 0;

		if (alpha_coverage) {
			kept &= ugvt_blend_alpha_coverage(ugvt_state_float(alpha[i]), samples);
		}
		if (write->omask && i >= write->first && i < write->first + write->lanes) {
			kept &= write->omask[2 * i] | (uint32_t)write->omask[2 * i + 1] << 8;
		}
		if (kept != UINT32_MAX) {
			coverage_mask(pixel, coverage, i, kept);
		}
	}
}

static struct ugvt_subspans subspans_of(const struct ugvt_pixel *pixel, const struct write *write)
{
	struct ugvt_subspans at = {.layer = pixel->shape->layer};

	for (unsigned i = 0; i < 4; i++) {
		if (write->half.slot[i]) {
			at.x[i] = write->half.slot[i]->x;
			at.y[i] = write->half.slot[i]->y;
		}
	}
	return at;
}

/* What a shader said in place of what there was. */
static void depth_override(const struct ugvt_pixel *pixel, const struct write *write,
	float z[UGVT_LANES], uint8_t stencil[UGVT_LANES])
{
	const struct ugvt_depth_range *range = &pixel->draw->depth.range[pixel->shape->viewport];

	for (unsigned i = 0; i < write->lanes; i++) {
		if (write->depth) {
			float value = ugvt_state_float(payload_dword(write->depth, i));

			value = value > range->low ? value : range->low;
			z[write->first + i] = value < range->high ? value : range->high;
		}
		if (write->stencil) {
			stencil[write->first + i] = write->stencil[i];
		}
	}
}

/* What is left after the tests goes back to the slots, for the writes to other targets. */
static void slots_update(
	struct ugvt_pixel *pixel, const struct write *write, const struct coverage *coverage)
{
	unsigned first = write->half.slot[0] ? (unsigned)(write->half.slot[0] - pixel->slot) : 0;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		struct ugvt_pixel_slot *slot = &pixel->slot[first + i / 4];

		if (!(write->mask >> i & 1)) {
			continue;
		}
		for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
			uint64_t bit = UINT64_C(1) << (4 * s + i % 4);

			slot->lit &= ~bit;
			slot->lit |= coverage->lanes[s] >> i & 1 ? bit : 0;
		}
	}
}

/* Depth and stencil tests that had to wait for the shader, once for each lane. */
static void late_test(
	struct ugvt_pixel *pixel, const struct write *write, struct coverage *coverage)
{
	unsigned high = write->half.slot[0] == &pixel->slot[4] ? 16 : 0;
	struct ugvt_subspans at = subspans_of(pixel, write);
	uint32_t fresh = write->mask & ~(pixel->tested >> high);
	float z[UGVT_LANES];
	uint8_t stencil[UGVT_LANES] = {0};
	struct ugvt_depth_input input = {
		.z = z,
		.back_facing = pixel->shape->back_facing,
		.stencil = write->stencil ? stencil : NULL,
	};

	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		uint32_t lanes = coverage->lanes[s] & fresh;
		uint32_t passed = lanes;

		at.sample = (uint16_t)s;
		input.at = at;
		if (lanes != 0 && ugvt_depth_is_on(&pixel->draw->depth)) {
			ugvt_pixel_depth(pixel, &at,
				pixel->draw->setup.at_samples ? pixel->draw->setup.sample[s]
							      : pixel->draw->setup.pixel,
				z);
			depth_override(pixel, write, z, stencil);
			passed = ugvt_depth_test(&pixel->depth, &input, lanes);
		}
		ugvt_pixel_count_samples(pixel, passed);
		coverage->lanes[s] &= ~fresh | passed;
	}
	pixel->tested |= fresh << high;
	slots_update(pixel, write, coverage);
}

/* The lanes of one sample. */
static void sample_write(struct ugvt_pixel *pixel, struct ugvt_target *target,
	const struct write *write, const struct ugvt_subspans *at)
{
	const struct ugvt_blend_target *blend = &pixel->draw->blend.target[write->target];
	struct ugvt_target_lanes lanes;
	struct ugvt_elements old;
	struct ugvt_elements new;
	struct ugvt_texels color;
	struct ugvt_texels second;
	const struct ugvt_blend_colors colors = {
		.color = &color,
		.second = write->second ? &second : NULL,
		.old = &old,
		.format = target->surface.format,
	};
	uint32_t found = ugvt_target_find(target, at, write->mask, &lanes);

	if (found == 0) {
		return;
	}
	color_read(write, write->color, &color);
	if (write->second) {
		color_read(write, write->second, &second);
	}
	if (ugvt_blend_reads(blend, target->surface.format)) {
		memset(&old, 0, sizeof(old));
		ugvt_target_read(target, &lanes, found, &old);
	}
	ugvt_blend_apply(&pixel->draw->blend, blend, &colors, &new);
	ugvt_target_write(target, &lanes, found, &new);
}

static void samples_write(struct ugvt_pixel *pixel, struct ugvt_target *target,
	const struct write *write, const struct coverage *coverage)
{
	struct ugvt_subspans at = subspans_of(pixel, write);
	struct write one = *write;

	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		at.sample = (uint16_t)s;
		one.mask = coverage->lanes[s];
		if (one.mask != 0) {
			sample_write(pixel, target, &one, &at);
		}
	}
}

static void alpha_read(const struct write *write, uint32_t alpha[UGVT_LANES])
{
	memset(alpha, 0, UGVT_LANES * sizeof(*alpha));
	if (write->source0_alpha) {
		memcpy(alpha + write->first, write->source0_alpha, write->lanes * sizeof(*alpha));
	} else {
		channel_read(write, write->color, 3, alpha);
	}
}

/* The colours go to who asked for them. */
static void message_tell(const struct write *write, unsigned surface, struct ugvt_pixel_color *told)
{
	told->lanes = write->first == 0 && !write->dual ? write->lanes : 0;
	told->entry = write->target;
	told->surface = surface;
	color_read(write, write->color, &told->texels);
}

static void message_write(struct ugvt_pixel *pixel, const struct write *write, unsigned surface)
{
	struct ugvt_target *target;
	struct coverage coverage;
	uint32_t alpha[UGVT_LANES];

	coverage_begin(pixel, write, &coverage);
	if (pixel->draw->blend.alpha_test || pixel->draw->blend.alpha_to_coverage || write->omask) {
		alpha_read(write, alpha);
		coverage_reduce(pixel, write, alpha, &coverage);
	}
	if (pixel->draw->late) {
		late_test(pixel, write, &coverage);
	}
	target = ugvt_pixel_target(pixel, surface);
	if (!ugvt_target_is_null(target)) {
		samples_write(pixel, target, write, &coverage);
	}
}

/* A split message's second part follows the first. */
static struct reader payload_join(
	const struct ugvt_eu_message *message, uint8_t joined[PAYLOAD_BYTES_MAX])
{
	size_t first = message->length * UGVT_EU_REGISTER_BYTES;
	size_t second = message->length2 * UGVT_EU_REGISTER_BYTES;

	if (!message->payload2 || first + second > PAYLOAD_BYTES_MAX) {
		return (struct reader){.payload = message->payload, .length = message->length};
	}
	memcpy(joined, message->payload, first);
	memcpy(joined + first, message->payload2, second);
	return (struct reader){.payload = joined, .length = message->length + message->length2};
}

const char *ugvt_pixel_write(struct ugvt_pixel *pixel, const struct ugvt_eu_message *message)
{
	uint8_t joined[PAYLOAD_BYTES_MAX];
	struct reader reader;
	struct write write;

	if (ugvt_pixel_quick_write(pixel, message)) {
		return NULL;
	}
	reader = payload_join(message, joined);
	if (!write_decode(&write, pixel, message, &reader)) {
		return "a render target write without what it writes";
	}
	if (pixel->told) {
		message_tell(&write, ugvt_eu_surface(message->desc), pixel->told);
		return NULL;
	}
	message_write(pixel, &write, ugvt_eu_surface(message->desc));
	return NULL;
}
