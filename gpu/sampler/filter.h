/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FILTER_H
#define UGVT_GPU_SAMPLER_FILTER_H

#include "gpu/sampler/plan.h"

/* For gpu/sampler only: texels that are weighted and added up. */

enum {
	UGVT_TAPS = 8
};

#define UGVT_CODE_ONE 255.0f // what 1 is in channels of 8 bits

struct ugvt_filter {
	struct ugvt_texture *texture;
	const struct ugvt_plan *plan;
	float scale[4];     // what 1 is in fetched and sum
	uint32_t border[4]; // as the format would have it, times scale
	struct ugvt_fetch fetch;
	struct ugvt_texels fetched;
	struct ugvt_texels sum; // floats; integers are not added, just taken
};

/* One sample of each lane on one level: which texels, in which part. */
struct ugvt_taps {
	struct ugvt_axis axis[3];
	_Alignas(64) uint32_t size[3][UGVT_LANES]; // of the lanes' levels
	_Alignas(64) uint32_t level[UGVT_LANES];
	_Alignas(64) float weight[UGVT_TAPS][UGVT_LANES];
};

void ugvt_filter_init(
	struct ugvt_filter *filter, struct ugvt_texture *texture, const struct ugvt_plan *plan);
/* Sets level and size; next: the lanes' second levels. */
void ugvt_taps_level(const struct ugvt_plan *plan, bool next, struct ugvt_taps *taps);
/* Sets weights from the axes'. */
void ugvt_taps_weigh(const struct ugvt_plan *plan, struct ugvt_taps *taps);
/* Fetches tap number tap (bit 0: the second texel of u, and so on) of the lanes in mask to fetched: with borders, and compared
 * if the message says so. */
void ugvt_filter_fetch(
	struct ugvt_filter *filter, const struct ugvt_taps *taps, unsigned tap, unsigned mask);
/* Adds all taps up, and them, times part, to what there is. */
void ugvt_filter_add(struct ugvt_filter *filter, const float *part, const struct ugvt_taps *taps);
void ugvt_filter_finish(const struct ugvt_filter *filter, struct ugvt_texels *texels);

/* Whether a channel's values are 0 to 255, in linear steps. */
bool ugvt_format_has_code(const struct ugvt_format *format, unsigned c);

#endif
