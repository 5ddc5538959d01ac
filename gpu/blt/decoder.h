/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_BLT_DECODER_H
#define UGVT_GPU_BLT_DECODER_H

#include "gpu/blt/command.h"

/* For gpu/blt only: the parts of the decoder. */

#define UGVT_BLT_CONTROL_SOLID (1u << 31) // BR13, BR01
#define UGVT_BLT_PATTERN_SIZE 8           // pixels, each way

/* A rectangle before clipping: x2 and y2 are outside. */
struct ugvt_blt_rect {
	int32_t x1, y1, x2, y2;
};

/* What is being decoded. */
struct ugvt_blt_decoder {
	struct ugvt_blt *blt;
	struct ugvt_blt_state *state;
	const struct ugvt_blt_command *command;
	struct ugvt_blt_fields fields;
};

/* A mono source, of the rectangle before clipping, which cut off so many pixels at the left and at the top. */
void ugvt_blt_decode_mono(struct ugvt_blt_decoder *d, uint32_t control,
	const struct ugvt_blt_rect *rect, const int32_t cut[2]);
/* The pattern that the command itself brings; false if there is none. */
bool ugvt_blt_decode_pattern(struct ugvt_blt_decoder *d, uint32_t control);
/* The pattern that XY_SETUP_* brought. */
void ugvt_blt_decode_setup_pattern(struct ugvt_blt_decoder *d);
/* The color key, if any; false if it can't be. */
bool ugvt_blt_decode_key(struct ugvt_blt_decoder *d);

#endif
