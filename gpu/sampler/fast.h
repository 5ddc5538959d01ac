/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_FAST_H
#define UGVT_GPU_SAMPLER_FAST_H

#include "gpu/sampler/sample.h"

/*
 * Sampling made ready: what a surface and a sampler have in common for all messages is found out once, and then eight lanes are
 * sampled together in the machine's vectors. For the surfaces, filters and messages that most are; results are those of
 * ugvt_sample(), bit by bit.
 */

/* How texels become sums. */
enum ugvt_fast_texels {
	UGVT_FAST_CODES,  // channels of 8 bits, all linear (or integers: loads)
	UGVT_FAST_SRGB,   // the same, but red, green and blue are not
	UGVT_FAST_FLOATS, // of 32 bits (or integers: loads)
	UGVT_FAST_HALVES,
	UGVT_FAST_OTHER,
};

/* What the channels of UGVT_FAST_CODES are, in the order of their bytes. */
enum ugvt_fast_order {
	UGVT_FAST_ORDER_RGBA,
	UGVT_FAST_ORDER_BGRA,
	UGVT_FAST_ORDER_OTHER,
};

struct ugvt_fast_axis {
	enum ugvt_wrap wrap;
	float half_min; // what is added to a coordinate in 256ths of texels
	float half_mag;
};

/* How much an offset grows with every 2^shift-th byte of a row, or row, beyond what it grows with each. */
struct ugvt_fast_steps {
	int32_t shift;
	int32_t more;
};

/* Where lanes' LODs lead to. */
struct ugvt_fast_lod {
	_Alignas(32) int32_t level[8];
	_Alignas(32) int32_t blend[8];
	_Alignas(32) int32_t linear[8]; // all bits or none
	_Alignas(32) float half[2][8];
};

struct ugvt_fast;
struct ugvt_fast_lanes;
/* Samples count times eight lanes. */
typedef void ugvt_fast_run(
	const struct ugvt_fast *fast, const struct ugvt_fast_lanes *lanes, unsigned count);

struct ugvt_fast {
	ugvt_fast_run *run; // with filters
	const struct ugvt_format *format;
	const char *host;             // the whole surface, if it is in one piece
	struct ugvt_texture *texture; // else it has a map, and
	uint32_t skew;                // begins so many bytes behind its first page's begin
	enum ugvt_surface_tile_mode tile_mode;
	int32_t pitch;
	int32_t qpitch;
	int32_t first_level;
	int32_t first_layer;
	bool array;
	bool mapped;
	bool windows; // it is made of Y tiles, and so many columns of 16 bytes:
	int32_t columns;
	struct ugvt_fast_steps column, row;
	int32_t row_log2; // bytes from row to row inside of a tile
	enum ugvt_fast_texels texels;
	enum ugvt_sample_op op;
	uint8_t element_log2;
	struct ugvt_fast_axis axis[2];
	/* Of levels, by LOD of the memory; x is in bytes. */
	_Alignas(32) int32_t width[16];
	_Alignas(32) int32_t height[16];
	_Alignas(32) int32_t x[16];
	_Alignas(32) int32_t y[16];
	int32_t levels;
	int32_t last; // level
	int32_t slices;
	bool layered; // slices or a first layer
	/* LODs: as in ugvt_plan_lods(). */
	bool fixed; // all lanes have that below
	bool preclamp;
	bool unnormalized;
	enum ugvt_mip_filter mip;
	bool mag_mip;
	bool linear_min, linear_mag;
	float bias, base_level, min, max, floor_min, ceil_max, preclamp_min, preclamp_max;
	float gradient[2]; // how many texels 1 is
	int32_t single;    // the level without mip filter
	struct ugvt_fast_lod lod;
	/* Of what the shader sees, by channel: which sum it is (or what it always is: -1), and what 1 is there. */
	int8_t source[4];
	enum ugvt_fast_order order;
	uint32_t constant[4];
	float one[4];
};

/* Eight lanes of a message. NULL: zeros. */
struct ugvt_fast_lanes {
	const uint8_t *u, *v; // registers of eight floats (or integers: loads)
	const uint8_t *layer;
	const uint8_t *lod; // or bias
	uint32_t *out[4];   // red to alpha, for the lanes in mask; NULL: not wanted
	uint8_t mask;
};

/* false: only ugvt_sample() can do it. It is good for as long as the texture is. */
bool ugvt_fast_init(struct ugvt_fast *fast, struct ugvt_texture *texture,
	const struct ugvt_sampler *sampler, enum ugvt_sample_op op);
/* The same for messages without filters, whose coordinates are integers: what ugvt_load() does. */
bool ugvt_fast_init_load(struct ugvt_fast *fast, struct ugvt_texture *texture);

/* count: of lanes, one or two. */
ugvt_fast_run ugvt_fast_load;
ugvt_fast_run ugvt_fast_sample;

#endif
