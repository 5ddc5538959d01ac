/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_DEPTH_H
#define UGVT_GPU_RENDER_DEPTH_H

#include "gpu/render/primitive.h"
#include "gpu/render/setup.h"
#include "gpu/render/stencil.h"
#include "gpu/render/target.h"

/*
 * Depth and stencil tests, and what they write. PRM SNB vol 2 part 1, "Stencil Test" and "Depth Test"; 3DSTATE_DEPTH_BUFFER,
 * 3DSTATE_STENCIL_BUFFER and 3DSTATE_WM_DEPTH_STENCIL of Mesa src/intel/genxml/gen9.xml. How the buffers are laid out: PRM BDW vol 5,
 * "Surface Layout": alignment of depth and stencil buffers.
 */

enum ugvt_depth_format {
	UGVT_DEPTH_D32_FLOAT = 1,
	UGVT_DEPTH_D24_UNORM_X8 = 3,
	UGVT_DEPTH_D16_UNORM = 5,
};

/* COMPAREFUNCTION */
enum ugvt_depth_function {
	UGVT_DEPTH_ALWAYS = 0,
	UGVT_DEPTH_LESS = 2,
	UGVT_DEPTH_LESS_EQUAL = 4,
};

struct ugvt_depth_range {
	float low;
	float high;
};

struct ugvt_depth_block;
/* The pixels of mask that pass, which are written if so: see depth_wide.h. */
typedef uint64_t ugvt_depth_wide_run(bool write, const struct ugvt_target_block *target,
	const struct ugvt_depth_block *block, uint64_t mask);

/* What a draw's state says. */
struct ugvt_depth_state {
	enum ugvt_depth_format format;
	bool test;
	bool write;
	uint8_t function;
	ugvt_depth_wide_run *wide; // may be NULL
	struct ugvt_stencil_state stencil;
	struct ugvt_depth_range range[16]; // by viewport: what depth is clamped to
	/* RENDER_SURFACE_STATEs of the two buffers. */
	uint32_t depth_surface[UGVT_SURFACE_STATE_DWORDS];
	uint32_t stencil_surface[UGVT_SURFACE_STATE_DWORDS];
};

void ugvt_depth_decode(struct ugvt_depth_state *state, const struct ugvt_draw *draw);
static inline bool ugvt_depth_is_on(const struct ugvt_depth_state *state)
{
	return state->test || state->write || state->stencil.test;
}

/* The buffers, for one thread. */
struct ugvt_depth {
	const struct ugvt_depth_state *state;
	struct ugvt_target depth;
	struct ugvt_target stencil;
};

/* state and as outlive it. */
void ugvt_depth_init(
	struct ugvt_depth *depth, const struct ugvt_depth_state *state, struct ugvt_aspace *as);
void ugvt_depth_window(struct ugvt_depth *depth);

struct ugvt_depth_input {
	struct ugvt_subspans at;
	const float *z; // of the lanes, clamped
	bool back_facing;
	const uint8_t
		*stencil; // references that a shader computed, of the lanes; NULL: the state's
};

/* Tests the lanes of mask and writes what the tests' results say; those that pass. */
uint32_t ugvt_depth_test(
	struct ugvt_depth *depth, const struct ugvt_depth_input *input, uint32_t mask);
/* A block of 8x8 pixels, of one sample each. */
struct ugvt_depth_block {
	struct ugvt_target_at at; // its upper left pixel
	double place_x;           // in a pixel, where depth is taken
	double place_y;
	const struct ugvt_plane *z; // before it is clamped to
	const struct ugvt_depth_range *range;
};

/* The same for the pixels of *mask, bit 8 y + x, of which those that pass remain; false: nothing was done, it is a case for
 * ugvt_depth_test(). */
bool ugvt_depth_block_test(
	struct ugvt_depth *depth, const struct ugvt_depth_block *block, uint64_t *mask);
/* Of a depth (0 to 1 for UNORM) an element's bits. */
uint32_t ugvt_depth_encode(enum ugvt_depth_format format, float z);

#endif
