/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_COLOR_H
#define UGVT_DISPLAY_COLOR_H

#include <stdbool.h>
#include <stdint.h>

#include "display/pixel.h"

/*
 * What a pipe does with blended pixels: gamma tables and colour space conversion, PRM SKL vol 12, "Color Space Conversion"
 * and "Pipe Palette and Gamma". Each pixel goes through what the plane that it came from asks for (enum ugvt_plane_ways).
 *
 * Values below 0 and above 1 are cut off after each step.
 */

#define UGVT_PRECISION_SIZE 1024

/* Written in pieces, valid from the vblank after a write to CSC_MODE on. */
struct ugvt_csc_regs {
	uint32_t mode;
	uint32_t coefficients[6]; // RY_GY, BY, RU_GU, BU, RV_GV, BV
	uint32_t before[3], after[3];
};

/* What the registers say. Tables are x8r8g8b8, or have 10 bits a channel. */
struct ugvt_color_regs {
	uint32_t gamma_mode;
	struct ugvt_csc_regs csc;
	uint32_t legacy[256];
	uint32_t precision[UGVT_PRECISION_SIZE];
	uint32_t gamma_max[3]; // red, green, blue: the last point of the 12 bit mode, 65536 is 1.0
	bool limited_range;    // the monitor is told that black is 16/255 and white 235/255
};

/* The same, ready to use. */
struct ugvt_color {
	const struct ugvt_color_regs *regs;
	bool csc_first; // else gamma is first; both sides of it in split mode
	bool split;
	int32_t matrix[3][3]; // of red, green, blue; 32768 is 1.0
	int32_t before[3], after[3];
};

/* What a pipe does to pixels that take the same ways, where red depends on red alone, and so on. */
struct ugvt_color_table {
	bool identity;
	uint8_t red[256], green[256], blue[256];
};

/* regs is kept. */
void ugvt_color_init(struct ugvt_color *color, const struct ugvt_color_regs *regs);
/* Changes count pixels that all take these ways (enum ugvt_plane_ways). */
void ugvt_color_apply(
	const struct ugvt_color *color, unsigned ways, struct ugvt_pixel *pixels, uint32_t count);
/* false if channels mix: then *table is not set. */
bool ugvt_color_tabulate(
	const struct ugvt_color *color, unsigned ways, struct ugvt_color_table *table);

#endif
