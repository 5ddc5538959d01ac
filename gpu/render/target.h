/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_TARGET_H
#define UGVT_GPU_RENDER_TARGET_H

#include "gpu/mem/aspace.h"
#include "gpu/sampler/surface.h"
#include "gpu/sampler/texel.h"

/*
 * A surface that pixels are written to: render target, depth or stencil buffer. Sixteen lanes at once: four subspans of 2x2
 * pixels, in the order of a pixel shader's. For one thread, inside one guest memory window: ugvt_target_window() after each
 * new one.
 */

enum {
	UGVT_TILE_SIDE = 64,   // pixels: of the pieces that a target is drawn in
	UGVT_TARGET_PAGES = 4, // power of two
	UGVT_TARGET_PLACES = 16,
};

/* Where a subspan is, and what of it. */
struct ugvt_subspans {
	uint16_t x[4]; // even
	uint16_t y[4];
	uint16_t layer;
	uint16_t sample;
};

struct ugvt_target_page {
	uint64_t number; // + 1; 0: none
	char *host;      // NULL: can't be reached
};

/* Bytes from the surface's base, as a sum of what a column and what a row of a tile add. */
struct ugvt_target_place {
	bool valid;
	bool regular; // rows and columns lie as in tiles: in runs, with a jump where a tile ends
	uint16_t x;   // of the tile's upper left pixel
	uint16_t y;
	uint16_t layer;
	uint64_t columns[UGVT_TILE_SIDE];
	uint64_t rows[UGVT_TILE_SIDE];
};

#define UGVT_TARGET_NOWHERE (UINT64_C(1) << 62) // larger than any surface; twice that still fits

struct ugvt_target {
	struct ugvt_surface surface;
	struct ugvt_aspace *as;
	uint32_t lod;
	uint32_t first_slice;
	uint32_t layers;             // that may be drawn to
	struct ugvt_target *control; // the multisample control surface (MCS); NULL: there is none
	bool has_clear;              // and it is:
	uint32_t clear[4];
	struct ugvt_target_page pages[UGVT_TARGET_PAGES];
	struct ugvt_target_place places[UGVT_TARGET_PLACES]; // by sample
};

/* From a RENDER_SURFACE_STATE, without an MCS; one that can't be drawn to is a null surface. as outlives the target. */
void ugvt_target_init(struct ugvt_target *target, const uint32_t *state, struct ugvt_aspace *as);
static inline bool ugvt_target_is_null(const struct ugvt_target *target)
{
	return !target->surface.format;
}
/* The element that the surface's clear colour is. It is no null surface. */
const uint32_t *ugvt_target_clear_element(struct ugvt_target *target);
/* Host addresses of before are good no more. */
void ugvt_target_window(struct ugvt_target *target);

/*
 * target_control.c: of multisampled targets with an MCS. A word of it for each pixel says that all samples have the surface's clear
 * colour, or which slices have what they have: PRM BXT vol 2c, RENDER_SURFACE_STATE, "Auxiliary Surface Mode"; words as in Mesa
 * src/intel/blorp and isl.c, isl_surf_get_mcs_surf(). What is drawn here is never compressed: each sample is in its own
 * slice.
 */

/* control becomes the target's, if it has one. */
void ugvt_target_control_init(struct ugvt_target *target, struct ugvt_target *control);
/* To be called before lanes of mask are read or written: of pixels that are clear the samples get the clear colour. */
void ugvt_target_control_take(
	struct ugvt_target *target, const struct ugvt_subspans *subspans, uint32_t mask);
/* The word that says that a pixel is clear. */
uint64_t ugvt_target_control_clear(const struct ugvt_target *target);

/* Two subspans side by side, of which the first one's x is a multiple of four: four pixels of two rows, each row's one behind
 * the other. NULL: nobody asked for these lanes. */
struct ugvt_target_pair {
	char *row[2];
};

/* Where lanes' elements are, which are the guest's and may change. */
struct ugvt_target_lanes {
	bool paired;
	struct ugvt_target_pair pair[2]; // if so
	char *at[UGVT_LANES];            // if not
};
/* Finds the lanes of mask: which of them there are. */
uint32_t ugvt_target_find(struct ugvt_target *target, const struct ugvt_subspans *subspans,
	uint32_t mask, struct ugvt_target_lanes *lanes);
/* Lanes that ugvt_target_find() found. */
void ugvt_target_read(const struct ugvt_target *target, const struct ugvt_target_lanes *lanes,
	uint32_t mask, struct ugvt_elements *elements);
void ugvt_target_write(const struct ugvt_target *target, const struct ugvt_target_lanes *lanes,
	uint32_t mask, const struct ugvt_elements *elements);

/* A pixel, or one sample of it. */
struct ugvt_target_at {
	uint16_t x;
	uint16_t y;
	uint16_t layer;
	uint16_t sample;
};

/* Where the tile is that a pixel is in: a column's part and a row's make an offset from the surface's base, which is in the
 * surface if it is below UGVT_TARGET_NOWHERE. Valid until the next call. */
const struct ugvt_target_place *ugvt_target_place(
	struct ugvt_target *target, const struct ugvt_target_at *at);
/* Where the tile's upper left pixel is, from the surface's base; false: it is not there, or the tile lies in another way than as
 * a part of the memory's tiles. */
bool ugvt_target_corner(
	const struct ugvt_target *target, const struct ugvt_target_at *at, uint64_t *corner);
/* The host's address of the element of a pixel in the tile of place; NULL: there is none. */
char *ugvt_target_element(
	struct ugvt_target *target, const struct ugvt_target_place *place, unsigned x, unsigned y);
/* The host's address of the page that addr is in; NULL: it can't be written. */
char *ugvt_target_page(struct ugvt_target *target, ugvt_gpu_addr addr);

/* target_pair.c, for target.c: of elements of four bytes that lie in pairs; find: false if they don't. */
bool ugvt_target_pairs_find(struct ugvt_target *target, const struct ugvt_subspans *subspans,
	uint32_t mask, struct ugvt_target_lanes *lanes);
void ugvt_target_pairs_read(const struct ugvt_target_lanes *lanes, uint32_t elements[UGVT_LANES]);
void ugvt_target_pairs_write(
	const struct ugvt_target_lanes *lanes, uint32_t mask, const uint32_t elements[UGVT_LANES]);

/*
 * target_block.c: blocks of 8x8 pixels of elements of four bytes that lie as they do in tiles: two halves of four columns, of
 * which the rows are step bytes apart. All of a block is in the surface, and nobody else draws in it: pixels that are not drawn
 * may be written with what they were.
 */
enum {
	UGVT_TARGET_BLOCK = 8, // pixels in both directions
};
struct ugvt_target_block {
	char *half[2];
	uint64_t step;
};
/* at: of its upper left pixel, multiples of 8. false: it does not lie so; of one with an MCS none does. */
bool ugvt_target_block_find(struct ugvt_target *target, const struct ugvt_target_at *at,
	struct ugvt_target_block *block);
/* The element for the pixels of mask: bit 8 y + x. */
void ugvt_target_block_write(
	const struct ugvt_target_block *block, uint64_t mask, uint32_t element);

/* Two rows of eight pixels, of elements of four bytes, in halves that each lie one behind the other. */
struct ugvt_target_row {
	char *half[2][2]; // by row
};
/* Rows y and y + 1 of a block. */
static inline struct ugvt_target_row ugvt_target_block_rows(
	const struct ugvt_target_block *block, unsigned y)
{
	uint64_t first = y * block->step, second = first + block->step;

	return (struct ugvt_target_row){
		{{block->half[0] + first, block->half[1] + first},
			{block->half[0] + second, block->half[1] + second}},
	};
}
/* target_pair.c: where they are, from a pixel on whose coordinates are multiples of 8 and 2; false: they lie in another way. */
bool ugvt_target_row_find(
	struct ugvt_target *target, const struct ugvt_target_at *at, struct ugvt_target_row *row);

/* target_fill.c: the same element for many pixels. */
struct ugvt_target_fill {
	struct ugvt_target_at at; // of a tile's upper left pixel
	/* Of the tile: columns x0 to x1 - 1, rows y0 to y1 - 1. */
	uint8_t x0;
	uint8_t y0;
	uint8_t x1;
	uint8_t y1;
	uint32_t element[4];
	uint32_t mask; // bits to be written, of elements of up to 32 bits; UINT32_MAX: all
};
void ugvt_target_fill(struct ugvt_target *target, const struct ugvt_target_fill *fill);

#endif
