/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_RESAMPLE_H
#define UGVT_DISPLAY_RESAMPLE_H

#include "display/scaler.h"

/* The rows of a scaled picture, to be asked for from top to bottom: each row of the source is fetched and scaled once. */
struct ugvt_resample {
	/* To be set before init. */
	struct ugvt_plane_axis horizontal, vertical;
	uint32_t source_width, source_height;
	uint32_t left, top; // samples of the result that are cut off
	uint32_t width;     // of the result's rows
	/* Row y of the source; valid until the next call. */
	const struct ugvt_pixel *(*fetch)(struct ugvt_resample *resample, uint32_t y);

	struct ugvt_pixel *kept[2]; // rows of the source scaled horizontally; odd ones are in [1]
	uint32_t kept_row[2];       // + 1; 0: none
};

/* false if out of memory; to be finished in any case. */
bool ugvt_resample_init(struct ugvt_resample *resample);
void ugvt_resample_finish(struct ugvt_resample *resample);

/* Row y of the result, without those cut off. */
void ugvt_resample_row(struct ugvt_resample *resample, uint32_t y, struct ugvt_pixel *out);

#endif
