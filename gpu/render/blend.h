/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_BLEND_H
#define UGVT_GPU_RENDER_BLEND_H

#include <stdbool.h>
#include <stdint.h>

#include "gpu/sampler/texel.h"

/*
 * What becomes of a colour on its way to a render target: alpha test, alpha to coverage, blending, logic operations, write masks.
 * PRM SNB vol 2 part 1, "Color Calculator"; bits: BLEND_STATE, BLEND_STATE_ENTRY and COLOR_CALC_STATE of Mesa
 * src/intel/genxml/gen9.xml.
 */

enum {
	UGVT_BLEND_TARGETS = 8,
	UGVT_BLEND_STATE_DWORDS = 1 + 2 * UGVT_BLEND_TARGETS,
	UGVT_COLOR_CALC_DWORDS = 6,
};

struct ugvt_blend_target {
	bool blend;
	bool logic;
	uint8_t logic_function;
	uint8_t write; // bit c: channel c (red, green, blue, alpha) is written
	/* Of colour and of alpha. */
	uint8_t function[2];
	uint8_t source[2]; // factors
	uint8_t destination[2];
	bool clamp_before;
	bool clamp_after;
	uint8_t clamp_range;
};

struct ugvt_blend {
	bool alpha_test;
	uint8_t alpha_function;
	float alpha_reference;
	bool alpha_unorm8; // alpha is rounded to that before it is tested
	bool alpha_to_coverage;
	bool alpha_to_one;
	float constant[4];
	struct ugvt_blend_target target[UGVT_BLEND_TARGETS];
};

void ugvt_blend_decode(struct ugvt_blend *blend, const uint32_t state[UGVT_BLEND_STATE_DWORDS],
	const uint32_t color_calc[UGVT_COLOR_CALC_DWORDS]);

/* Lanes of mask whose alpha passes the test; alpha: floats. */
uint32_t ugvt_blend_alpha_test(
	const struct ugvt_blend *blend, const uint32_t alpha[UGVT_LANES], uint32_t mask);
/* Samples that an alpha covers, of samples. */
uint32_t ugvt_blend_alpha_coverage(float alpha, unsigned samples);

/* Whether what is in the target has any influence. */
bool ugvt_blend_reads(const struct ugvt_blend_target *target, const struct ugvt_format *format);

/* What it takes to write colours, one source each, to elements of four channels of 8 bits without sign, all linear. */
enum ugvt_blend_kind {
	UGVT_BLEND_OTHER, // more than what follows, or another format
	UGVT_BLEND_STORE,
	/* Sums of the colour and what there is, both with factors. */
	UGVT_BLEND_ALPHA, // alpha, and 1 less that
	UGVT_BLEND_OVER,  // 1, and 1 less alpha
	UGVT_BLEND_ADD,   // 1 and 1
};
enum ugvt_blend_kind ugvt_blend_kind(const struct ugvt_blend *blend,
	const struct ugvt_blend_target *target, const struct ugvt_format *format);

/* Sources: one, or two for dual source blending (then second is not NULL). color becomes what is to be stored; old: the
 * elements that are there, if ugvt_blend_reads(). */
struct ugvt_blend_colors {
	struct ugvt_texels *color;
	const struct ugvt_texels *second;
	const struct ugvt_elements *old;
	const struct ugvt_format *format;
};
void ugvt_blend_apply(const struct ugvt_blend *blend, const struct ugvt_blend_target *target,
	const struct ugvt_blend_colors *colors, struct ugvt_elements *out);

/* COMPAREFUNCTION_*, of a against b. */
bool ugvt_compare(unsigned function, float a, float b);

#endif
