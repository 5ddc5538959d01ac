/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_PIXEL_PARTS_H
#define UGVT_GPU_RENDER_PIXEL_PARTS_H

#include "gpu/render/pixel.h"

/* What the files of gpu/render/pixel_*.c offer one another. */

/* Sixteen lanes: four slots of a thread, from the one at first on. */
struct ugvt_pixel_half {
	const struct ugvt_pixel_slot *slot[4]; // NULL: none
};
struct ugvt_pixel_half ugvt_pixel_half(const struct ugvt_pixel *pixel, unsigned first);

/* Where in their pixels values are taken: subpixels, of each lane. */
struct ugvt_pixel_places {
	int16_t x[UGVT_LANES];
	int16_t y[UGVT_LANES];
};

/* Depth of the subspans' lanes at a place in each pixel, within the viewport's range. */
void ugvt_pixel_depth(const struct ugvt_pixel *pixel, const struct ugvt_subspans *at,
	struct ugvt_grid_point place, float z[UGVT_LANES]);
/* Bits 4 i + p of what slots i have lit of a sample. */
uint32_t ugvt_pixel_lit(const struct ugvt_pixel_half *half, unsigned sample);

/* Fills in the registers of the thread that is about to run. */
void ugvt_pixel_payload(struct ugvt_pixel *pixel);
/* The same for threads that it is simple for: registers from r1 on, up to the one that is returned. */
unsigned ugvt_pixel_quick_payload(struct ugvt_pixel *pixel);
/* Depth and w, of those draws whose shaders are given them: from a register on, up to the one that is returned. */
unsigned ugvt_pixel_quick_depths(const struct ugvt_pixel *pixel, uint8_t *grf, unsigned reg);
/* What of r1 is not zero there. */
void ugvt_pixel_quick_subspans(const struct ugvt_pixel *pixel, uint32_t r1[8]);
/* Constants, and attributes behind them. */
void ugvt_pixel_setup_write(struct ugvt_pixel *pixel);
/* Makes r0 of a shape's threads. */
void ugvt_pixel_header(struct ugvt_pixel *pixel);
/* The shader's messages. */
void ugvt_pixel_port_init(struct ugvt_pixel *pixel);
/* A render target write; NULL, or what is wrong. */
const char *ugvt_pixel_write(struct ugvt_pixel *pixel, const struct ugvt_eu_message *message);
/* Which draws are simple: decides draw->quick_payload and quick_write; all else is decided. */
void ugvt_pixel_quick_find(struct ugvt_pixel_draw *draw);
/* false: the message is not simple. */
bool ugvt_pixel_is_quick_write(
	const struct ugvt_pixel_draw *draw, const struct ugvt_eu_message *message);
bool ugvt_pixel_quick_write(struct ugvt_pixel *pixel, const struct ugvt_eu_message *message);
/* What is in a render target, and barycentric coordinates; NULL, or what is wrong. */
const char *ugvt_pixel_read(struct ugvt_pixel *pixel, const struct ugvt_eu_message *message);
const char *ugvt_pixel_interpolate(
	const struct ugvt_pixel *pixel, const struct ugvt_eu_message *message);
/* Counts samples that passed. */
void ugvt_pixel_count_samples(struct ugvt_pixel *pixel, uint64_t lit);
/* The target of a binding table's entry. */
struct ugvt_target *ugvt_pixel_target(struct ugvt_pixel *pixel, unsigned index);

/* Whether a draw's program is straight: decides draw->straight; all else is decided. */
void ugvt_pixel_straight_find(struct ugvt_pixel_draw *draw);
/* With it: runs the thread of the slots; NULL, or why it faults. */
const char *ugvt_pixel_straight_thread(struct ugvt_pixel *pixel, uint32_t channels);
/* The same of four that are side by side, from a column on that is a multiple of 8; all of them is lit. */
const char *ugvt_pixel_straight_row(struct ugvt_pixel *pixel);

/* Whether a draw's program is uniform: decides draw->uniform; all else is decided. */
void ugvt_pixel_uniform_find(struct ugvt_pixel_draw *draw);
/* A shape with other attributes may have another colour. */
void ugvt_pixel_solid_check(struct ugvt_pixel *pixel);
/* The shape's colour; false: it has no single one, and threads have to run. */
bool ugvt_pixel_solid_find(struct ugvt_pixel *pixel);
/* With it: draws lanes. */
void ugvt_pixel_solid_lanes(
	struct ugvt_pixel *pixel, const struct ugvt_subspans *at, uint32_t mask);
/* The same for pixels of a block, bit 8 y + x; false: nothing was done. */
bool ugvt_pixel_solid_block(struct ugvt_pixel *pixel, struct ugvt_grid_point block, uint64_t lit);

#endif
