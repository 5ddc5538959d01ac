/* SPDX-License-Identifier: MIT */
#include "display/yuv.h"

#include "base/bits.h"

#define ONE_BITS 14

/* RGB of YUV, 1 << ONE_BITS is 1.0: red = y * Y + rv * V, green = y * Y + gu * U + gv * V, blue = y * Y + bu * U. */
struct matrix {
	int32_t y, rv, gu, gv, bu;
};

/* ITU-R BT.601 and BT.709: Kr, Kb = 0.299, 0.114 and 0.2126, 0.0722; limited range has Y in 219 and UV in 224 of 255 steps. */
static const struct matrix matrices[2][2] = {
	{{19077, 26149, -6419, -13320, 33050}, {16384, 22970, -5638, -11700, 29032}},
	{{19077, 29372, -3494, -8731, 34610}, {16384, 25802, -3069, -7670, 30402}},
};

static uint16_t clamp(int64_t sum)
{
	int64_t value = (sum + (1 << (ONE_BITS - 1))) >> ONE_BITS;

	return (uint16_t)UGVT_MIN(UGVT_MAX(value, 0), (int64_t)UGVT_PIXEL_ONE);
}

void ugvt_yuv_to_rgb(struct ugvt_pixel *pixels, uint32_t count, bool bt709, bool full_range)
{
	const struct matrix *m = &matrices[bt709][full_range];
	int32_t black = full_range ? 0 : 16 * 257, middle = 128 * 257;

	for (uint32_t i = 0; i < count; i++) {
		int64_t y = (int64_t)m->y * (pixels[i].g - black);
		int64_t u = pixels[i].b - middle, v = pixels[i].r - middle;

		pixels[i].r = clamp(y + m->rv * v);
		pixels[i].g = clamp(y + m->gu * u + m->gv * v);
		pixels[i].b = clamp(y + m->bu * u);
	}
}
