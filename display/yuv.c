/* SPDX-License-Identifier: MIT */
#include "display/yuv.h"

#include "base/bits.h"

#define ONE_BITS 13 // with 14 sums would not fit 32 bits

/* RGB of YUV, 1 << ONE_BITS is 1.0: red = y * Y + rv * V, green = y * Y + gu * U + gv * V, blue = y * Y + bu * U. */
struct matrix {
	int32_t y, rv, gu, gv, bu;
};

/* ITU-R BT.601 and BT.709: Kr, Kb = 0.299, 0.114 and 0.2126, 0.0722; limited range has Y in 219 and UV in 224 of 255 steps. */
static const struct matrix matrices[2][2] = {
	{{9539, 13075, -3209, -6660, 16525}, {8192, 11485, -2819, -5850, 14516}},
	{{9539, 14686, -1747, -4366, 17305}, {8192, 12901, -1535, -3835, 15201}},
};

static uint16_t clamp(int32_t sum)
{
	int32_t value = (sum + (1 << (ONE_BITS - 1))) >> ONE_BITS;

	return (uint16_t)UGVT_MIN(UGVT_MAX(value, 0), (int32_t)UGVT_PIXEL_ONE);
}

void ugvt_yuv_to_rgb(struct ugvt_pixel *pixels, uint32_t count, bool bt709, bool full_range)
{
	const struct matrix *m = &matrices[bt709][full_range];
	int32_t black = full_range ? 0 : ugvt_pixel_widen(16, 8), middle = ugvt_pixel_widen(128, 8);

	for (uint32_t i = 0; i < count; i++) {
		int32_t y = m->y * (pixels[i].g - black);
		int32_t u = pixels[i].b - middle, v = pixels[i].r - middle;

		pixels[i].r = clamp(y + m->rv * v);
		pixels[i].g = clamp(y + m->gu * u + m->gv * v);
		pixels[i].b = clamp(y + m->bu * u);
	}
}
