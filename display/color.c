/* SPDX-License-Identifier: MIT */
#include "display/color.h"

#include "base/bits.h"
#include "display/plane.h"

/* i915_reg.h, GAMMA_MODE_MODE_* and CSC_POSITION_BEFORE_GAMMA. */
#define GAMMA_MODE UGVT_MASK(1, 0)
#define CSC_FIRST UGVT_BIT(1)

enum gamma_mode {
	GAMMA_8BIT,
	GAMMA_10BIT,
	GAMMA_12BIT,
	GAMMA_SPLIT,
};

#define MATRIX_ONE_BITS 15
#define SPLIT_SIZE (UGVT_PRECISION_SIZE / 2)

/* A coefficient: sign in bit 15, exponent in 14:12, and a mantissa in 11:3 that the exponent puts between 2^-3 and 2^2 (PRM
 * SKL vol 12, examples of "Color Space Conversion": 0x7800 is 1.0, 0x0800 0.5, 0x9ac0 -0.336). */
static int32_t coefficient_decode(uint32_t field)
{
	static const uint8_t shifts[8] = {3, 2, 1, 0, 0, 0, 5, 4};
	unsigned exponent = field >> 12 & 7;
	int32_t value = (int32_t)((field & 0xff8) << shifts[exponent]);

	return field & 0x8000 ? -value : value;
}

/* Bits 12:0, two's complement, 4096 is 1.0. */
static int32_t offset_decode(uint32_t field)
{
	int32_t value = (int32_t)(field & 0x1fff) - (field & 0x1000 ? 0x2000 : 0);

	return value * 16;
}

void ugvt_color_init(struct ugvt_color *color, const struct ugvt_color_regs *regs)
{
	*color = (struct ugvt_color){.regs = regs};
	color->split = UGVT_GET(GAMMA_MODE, regs->gamma_mode) == GAMMA_SPLIT;
	color->csc_first = regs->csc.mode & CSC_FIRST;
	for (unsigned row = 0; row < 3; row++) {
		color->matrix[row][0] = coefficient_decode(regs->csc.coefficients[2 * row] >> 16);
		color->matrix[row][1] = coefficient_decode(regs->csc.coefficients[2 * row]);
		color->matrix[row][2] =
			coefficient_decode(regs->csc.coefficients[2 * row + 1] >> 16);
		color->before[row] = offset_decode(regs->csc.before[row]);
		color->after[row] = offset_decode(regs->csc.after[row]);
	}
}

static uint16_t clamp(int64_t value)
{
	return (uint16_t)UGVT_MIN(UGVT_MAX(value, 0), (int64_t)UGVT_PIXEL_ONE);
}

static uint16_t matrix_row(const struct ugvt_color *color, unsigned row, const int32_t in[3])
{
	int64_t sum = (int64_t)1 << (MATRIX_ONE_BITS - 1);

	for (unsigned i = 0; i < 3; i++) {
		sum += (int64_t)color->matrix[row][i] * (in[i] + color->before[i]);
	}
	return clamp((sum >> MATRIX_ONE_BITS) + color->after[row]);
}

static void csc_apply(const struct ugvt_color *color, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ugvt_pixel *pixel = &pixels[i];
		int32_t in[3] = {pixel->r, pixel->g, pixel->b};

		pixel->r = matrix_row(color, 0, in);
		pixel->g = matrix_row(color, 1, in);
		pixel->b = matrix_row(color, 2, in);
	}
}

/* The channel at shift (20, 10, 0: red, green, blue) of a table of 10 bits, of which 2 to the power of bits entries from first on
 * count. */
static uint16_t precise(const uint32_t *first, unsigned bits, unsigned shift, uint16_t value)
{
	return ugvt_pixel_widen(first[value >> (16 - bits)] >> shift & 0x3ff, 10);
}

static uint32_t point(const struct ugvt_color_regs *regs, unsigned i, unsigned shift)
{
	if (i >= SPLIT_SIZE) {
		return regs->gamma_max[2 - shift / 10] & 0x1ffff;
	}
	return (regs->precision[2 * i + 1] >> shift & 0x3ff) << 6 |
	       (regs->precision[2 * i] >> (shift + 4) & 0x3f);
}

/* 512 points of 16 bits, in two entries each, and one more; between two the line. */
static uint16_t interpolated(const struct ugvt_color_regs *regs, unsigned shift, uint16_t value)
{
	unsigned i = value >> 7, part = value & 127;
	uint64_t low = point(regs, i, shift), high = point(regs, i + 1, shift);

	return clamp((int64_t)((low * (128 - part) + high * part + 64) >> 7));
}

static void legacy_apply(const uint32_t legacy[256], struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ugvt_pixel *pixel = &pixels[i];

		pixel->r = ugvt_pixel_widen(legacy[pixel->r >> 8] >> 16 & 0xff, 8);
		pixel->g = ugvt_pixel_widen(legacy[pixel->g >> 8] >> 8 & 0xff, 8);
		pixel->b = ugvt_pixel_widen(legacy[pixel->b >> 8] & 0xff, 8);
	}
}

static void precise_apply(
	const uint32_t *first, unsigned bits, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ugvt_pixel *pixel = &pixels[i];

		pixel->r = precise(first, bits, 20, pixel->r);
		pixel->g = precise(first, bits, 10, pixel->g);
		pixel->b = precise(first, bits, 0, pixel->b);
	}
}

static void interpolated_apply(
	const struct ugvt_color_regs *regs, struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ugvt_pixel *pixel = &pixels[i];

		pixel->r = interpolated(regs, 20, pixel->r);
		pixel->g = interpolated(regs, 10, pixel->g);
		pixel->b = interpolated(regs, 0, pixel->b);
	}
}

static void gamma_apply(const struct ugvt_color *color, struct ugvt_pixel *pixels, uint32_t count)
{
	const struct ugvt_color_regs *regs = color->regs;

	switch ((enum gamma_mode)UGVT_GET(GAMMA_MODE, regs->gamma_mode)) {
	case GAMMA_8BIT: legacy_apply(regs->legacy, pixels, count); break;
	case GAMMA_10BIT: precise_apply(regs->precision, 10, pixels, count); break;
	case GAMMA_12BIT: interpolated_apply(regs, pixels, count); break;
	case GAMMA_SPLIT: precise_apply(regs->precision + SPLIT_SIZE, 9, pixels, count); break;
	}
}

/* 16/255 becomes black, 235/255 white. */
static uint16_t expand(uint16_t value)
{
	return clamp(((int64_t)value * 255 - 16 * (int64_t)UGVT_PIXEL_ONE + 109) / 219);
}

static void range_apply(struct ugvt_pixel *pixels, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ugvt_pixel *pixel = &pixels[i];

		pixel->r = expand(pixel->r);
		pixel->g = expand(pixel->g);
		pixel->b = expand(pixel->b);
	}
}

void ugvt_color_apply(
	const struct ugvt_color *color, unsigned ways, struct ugvt_pixel *pixels, uint32_t count)
{
	bool csc = ways & UGVT_PLANE_CSC, gamma = ways & UGVT_PLANE_GAMMA;

	if (gamma && color->split) {
		precise_apply(color->regs->precision, 9, pixels, count);
	} else if (gamma && !color->csc_first) {
		gamma_apply(color, pixels, count);
	}
	if (csc) {
		csc_apply(color, pixels, count);
	}
	if (gamma && (color->split || color->csc_first)) {
		gamma_apply(color, pixels, count);
	}
	if (color->regs->limited_range) {
		range_apply(pixels, count);
	}
}

static bool mixes(const struct ugvt_color *color)
{
	for (unsigned row = 0; row < 3; row++) {
		for (unsigned i = 0; i < 3; i++) {
			if (i != row && color->matrix[row][i] != 0) {
				return true;
			}
		}
	}
	return false;
}

bool ugvt_color_tabulate(
	const struct ugvt_color *color, unsigned ways, struct ugvt_color_table *table)
{
	table->identity = true;
	if (ways & UGVT_PLANE_CSC && mixes(color)) {
		return false;
	}
	for (unsigned i = 0; i < 256; i++) {
		uint16_t value = ugvt_pixel_widen(i, 8);
		struct ugvt_pixel pixel = {value, value, value, 0};

		ugvt_color_apply(color, ways, &pixel, 1);
		table->red[i] = (uint8_t)ugvt_pixel_narrow(pixel.r);
		table->green[i] = (uint8_t)ugvt_pixel_narrow(pixel.g);
		table->blue[i] = (uint8_t)ugvt_pixel_narrow(pixel.b);
		table->identity &=
			table->red[i] == i && table->green[i] == i && table->blue[i] == i;
	}
	return true;
}
