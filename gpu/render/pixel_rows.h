/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_PIXEL_ROWS_H
#define UGVT_GPU_RENDER_PIXEL_ROWS_H

#include "gpu/render/blend.h"
#include "gpu/render/setup.h"
#include "gpu/render/target.h"

/* What threads of sixteen lanes do most, in vector code for three kinds of machine; all with the results of pixel_quick.c and blend.c,
 * bit by bit. */

/* A value that runs over the screen: at the place in a pixel at 0, 0; and what the lanes of a subspan add. */
struct ugvt_pixel_steps {
	_Alignas(32) double lanes[4];
	double at;
	double dx;
	double dy;
};

/* Barycentric coordinates. */
struct ugvt_pixel_planes {
	struct ugvt_pixel_steps b[2];
	struct ugvt_pixel_steps w; // 1 / w, that they are divided by, unless
	bool flat;                 // it is the same everywhere:
	double scale;              // they are multiplied with that
};
/* place: in a pixel, in both directions. */
void ugvt_pixel_planes_make(struct ugvt_pixel_planes *planes, const struct ugvt_shape *shape,
	bool linear, double place);

/* Sixteen colours in registers become elements of four bytes in two rows of eight pixels. */
struct ugvt_pixel_colors {
	const struct ugvt_blend *blend;
	const struct ugvt_blend_target *target;
	enum ugvt_blend_kind kind; // another one than OTHER
	bool blue_first;
	const uint8_t *channel[4]; // two registers each
};

struct ugvt_pixel_rows {
	/* Of the lanes of four subspans, to four registers. */
	void (*coordinates)(const struct ugvt_pixel_planes *planes, const double x[4],
		const double y[4], float *reg);
	/* Side by side, x and y being those of the first. */
	void (*row_coordinates)(
		const struct ugvt_pixel_planes *planes, double x, double y, float *reg);
	void (*write)(const struct ugvt_pixel_colors *colors, const struct ugvt_target_row *row);
	/* The element for the pixels of mask: bit 8 y + x. */
	void (*block_write)(const struct ugvt_target_block *block, uint64_t mask, uint32_t element);
};

extern const struct ugvt_pixel_rows ugvt_pixel_rows_base;
extern const struct ugvt_pixel_rows ugvt_pixel_rows_avx2;   // only where there is AVX2,
extern const struct ugvt_pixel_rows ugvt_pixel_rows_avx512; // AVX-512 (DQ and VL), too
/* Those for this machine. */
const struct ugvt_pixel_rows *ugvt_pixel_rows_find(void);

#endif
