/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_SRGB_H
#define UGVT_GPU_SAMPLER_SRGB_H

#include <stdint.h>

/* sRGB's transfer function (IEC 61966-2-1) for channels of 8 bits, rounded right in both directions. */

extern const float ugvt_srgb_to_linear[256];

/* Below 0 and NaN: 0; above 1: 255. */
uint8_t ugvt_srgb_from_linear(float linear);

#endif
