/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_YUV_H
#define UGVT_DISPLAY_YUV_H

#include <stdbool.h>

#include "display/pixel.h"

/* Turns count pixels from YUV into RGB, by BT.709 or else BT.601. */
void ugvt_yuv_to_rgb(struct ugvt_pixel *pixels, uint32_t count, bool bt709, bool full_range);

#endif
