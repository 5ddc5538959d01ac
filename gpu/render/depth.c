/* SPDX-License-Identifier: MIT */
#include "gpu/render/depth.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/render/blend.h"
#include "gpu/render/depth_lanes.h"
#include "gpu/render/depth_wide.h"
#include "gpu/sampler/lanes.h"

enum {
	TYPE_NULL = 7, // SURFTYPE_NULL
	/* RENDER_SURFACE_STATE: fields' values. */
	FORMAT_R32_FLOAT = 0x0d8,
	FORMAT_R32_UINT = 0x0d7,
	FORMAT_R16_UINT = 0x10d,
	FORMAT_R8_UINT = 0x143,
	ALIGN_4 = 1,
	ALIGN_8 = 2,
	TILED_W = 1,
	TILED_Y = 3,
	VIEWPORT_DWORDS = 2, // CC_VIEWPORT
};

struct buffer {
	uint32_t format;
	uint32_t tiling;
	uint32_t halign;
	uint32_t valign;
	uint32_t pitch;  // field
	uint32_t qpitch; // field
	ugvt_gpu_addr base;
};

/* A surface state of what the depth buffer's state says about both buffers, and of one's own. */
static void surface_make(const struct ugvt_state *state, const struct buffer *buffer,
	uint32_t dw[UGVT_SURFACE_STATE_DWORDS])
{
	uint32_t type = ugvt_state_depth_type(state);
	uint32_t layers = ugvt_state_depth_extent(state);

	memset(dw, 0, UGVT_SURFACE_STATE_DWORDS * sizeof(*dw));
	/* A 3D surface's depth is that of its base level. */
	dw[0] = type << 29 | 1u << 28 | buffer->format << 18 | buffer->valign << 16 |
		buffer->halign << 14 | buffer->tiling << 12;
	dw[1] = buffer->qpitch;
	dw[2] = ugvt_state_depth_height(state) << 16 | ugvt_state_depth_width(state);
	dw[3] = ugvt_state_depth_layers(state) << 21 | buffer->pitch;
	dw[4] = ugvt_state_depth_first_layer(state) << 18 | layers << 7 | 1u << 6 |
		UGVT_MIN(ugvt_state_samples(state), 4) << 3;
	dw[5] = ugvt_state_depth_lod(state);
	dw[8] = ugvt_lo32(buffer->base);
	dw[9] = ugvt_hi32(buffer->base);
}

static void depth_surface_make(struct ugvt_depth_state *depth, const struct ugvt_state *state)
{
	struct buffer buffer = {
		.format = FORMAT_R32_UINT,
		.tiling = TILED_Y,
		.halign = ALIGN_4,
		.valign = ALIGN_4,
		.pitch = ugvt_state_depth_pitch(state),
		.qpitch = ugvt_state_depth_qpitch(state),
		.base = ugvt_state_depth_buffer(state),
	};

	if (depth->format == UGVT_DEPTH_D16_UNORM) {
		buffer.format = FORMAT_R16_UINT;
		buffer.halign = ALIGN_8;
	}
	surface_make(state, &buffer, depth->depth_surface);
}

static void stencil_surface_make(struct ugvt_depth_state *depth, const struct ugvt_state *state)
{
	const struct buffer buffer = {
		.format = FORMAT_R8_UINT,
		.tiling = TILED_W,
		.halign = ALIGN_8,
		.valign = ALIGN_8,
		.pitch = ugvt_state_stencil_pitch(state),
		.qpitch = ugvt_state_stencil_qpitch(state),
		.base = ugvt_state_stencil_buffer(state),
	};

	surface_make(state, &buffer, depth->stencil_surface);
}

static void ranges_read(struct ugvt_depth_state *depth, const struct ugvt_draw *draw)
{
	bool is_float = depth->format == UGVT_DEPTH_D32_FLOAT;

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(depth->range); i++) {
		uint32_t dw[VIEWPORT_DWORDS] = {0};

		if (i <= ugvt_state_clip_viewport_max(draw->state)) {
			ugvt_aspace_read(draw->as,
				ugvt_state_cc_viewports(draw->state) + i * sizeof(dw), dw,
				sizeof(dw));
		}
		depth->range[i].low = ugvt_state_float(dw[0]);
		depth->range[i].high = ugvt_state_float(dw[1]);
		if (!is_float) {
			depth->range[i].low = fmaxf(depth->range[i].low, 0);
			depth->range[i].high = fminf(depth->range[i].high, 1);
		}
	}
}

void ugvt_depth_decode(struct ugvt_depth_state *depth, const struct ugvt_draw *draw)
{
	const struct ugvt_state *state = draw->state;
	bool there = ugvt_state_depth_type(state) != TYPE_NULL;

	*depth = (struct ugvt_depth_state){
		.format = (enum ugvt_depth_format)ugvt_state_depth_format(state),
		.test = there && ugvt_state_depth_test(state),
		.write = there && ugvt_state_depth_write(state) &&
			 ugvt_state_depth_buffer_write(state),
		/* Without a test depth is written, too: PRM SNB vol 2 part 1, 7.5.3.1 "Depth Buffer Clear". */
		.function = ugvt_state_depth_test(state) ? ugvt_state_depth_function(state)
							 : UGVT_DEPTH_ALWAYS,
	};
	depth->wide = ugvt_lanes_are_wide() ? ugvt_depth_wide_find(depth) : NULL;
	ugvt_stencil_decode(&depth->stencil, state);
	depth->stencil.test = depth->stencil.test && there;
	depth_surface_make(depth, state);
	stencil_surface_make(depth, state);
	ranges_read(depth, draw);
}

void ugvt_depth_init(
	struct ugvt_depth *depth, const struct ugvt_depth_state *state, struct ugvt_aspace *as)
{
	depth->state = state;
	ugvt_target_init(&depth->depth, state->depth_surface, as);
	ugvt_target_init(&depth->stencil, state->stencil_surface, as);
}

void ugvt_depth_window(struct ugvt_depth *depth)
{
	ugvt_target_window(&depth->depth);
	ugvt_target_window(&depth->stencil);
}

uint32_t ugvt_depth_encode(enum ugvt_depth_format format, float z)
{
	uint32_t bits;

	switch (format) {
	case UGVT_DEPTH_D16_UNORM: return (uint32_t)(fminf(fmaxf(z, 0), 1) * 65535.0 + 0.5);
	case UGVT_DEPTH_D24_UNORM_X8: return (uint32_t)(fminf(fmaxf(z, 0), 1) * 16777215.0 + 0.5);
	case UGVT_DEPTH_D32_FLOAT: break;
	}
	memcpy(&bits, &z, sizeof(bits));
	return bits;
}

/* What the lanes hold and what is new. */
struct depths {
	uint32_t found; // lanes that are in the buffer
	struct ugvt_target_lanes lanes;
	struct ugvt_elements old;
	struct ugvt_elements new;
};

UGVT_CLONES static uint32_t depths_compare(
	const struct ugvt_depth_state *state, const float *z, struct depths *depths)
{
	const struct ugvt_depth_test test = {.format = state->format, .function = state->function};
	uint32_t passed = 0;

	for (unsigned v = 0; v < UGVT_VECTORS; v++) {
		ugvt_lanes_u *new = (ugvt_lanes_u *)depths->new.dw[0] + v;
		ugvt_lanes_f values;
		ugvt_lanes_i mask;

		memcpy(&values, z + UGVT_VECTOR * v, sizeof(values));
		ugvt_depth_codes(state->format, &values, new);
		ugvt_depth_compare(&test, new, (const ugvt_lanes_u *)depths->old.dw[0] + v, &mask);
		passed |= ugvt_lanes_bits(&mask) << (UGVT_VECTOR * v);
	}
	return passed;
}

/* Lanes of mask that pass; outside of the buffer all do. */
static uint32_t depth_lanes_test(struct ugvt_depth *depth, const struct ugvt_depth_input *input,
	uint32_t mask, struct depths *depths)
{
	depths->found = ugvt_target_find(&depth->depth, &input->at, mask, &depths->lanes);
	ugvt_target_read(&depth->depth, &depths->lanes, depths->found, &depths->old);
	return mask & (depths_compare(depth->state, input->z, depths) | ~depths->found);
}

static void depth_lanes_write(struct ugvt_depth *depth, struct depths *depths, uint32_t mask)
{
	/* What lies above 24 bits of depth is nobody's, but some look at it. */
	if (depth->state->format == UGVT_DEPTH_D24_UNORM_X8) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			depths->new.dw[0][i] |= depths->old.dw[0][i] & 0xff000000;
		}
	}
	ugvt_target_write(&depth->depth, &depths->lanes, mask & depths->found, &depths->new);
}

struct stencils {
	struct ugvt_target_lanes at;
	uint32_t found;
	struct ugvt_stencil_lanes lanes;
};

static void stencils_read(struct ugvt_depth *depth, const struct ugvt_depth_input *input,
	uint32_t mask, struct stencils *stencils)
{
	const struct ugvt_stencil_face *face = &depth->state->stencil.face[input->back_facing];
	struct ugvt_elements elements = {0};

	stencils->found = ugvt_target_find(&depth->stencil, &input->at, mask, &stencils->at);
	ugvt_target_read(&depth->stencil, &stencils->at, stencils->found, &elements);
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		stencils->lanes.value[i] = elements.dw[0][i];
		stencils->lanes.reference[i] = input->stencil ? input->stencil[i] : face->reference;
	}
}

static void stencils_write(struct ugvt_depth *depth, const struct stencils *stencils)
{
	struct ugvt_elements elements;

	for (unsigned i = 0; i < UGVT_LANES; i++) {
		elements.dw[0][i] = stencils->lanes.value[i];
	}
	ugvt_target_write(&depth->stencil, &stencils->at, stencils->found, &elements);
}

uint32_t ugvt_depth_test(
	struct ugvt_depth *depth, const struct ugvt_depth_input *input, uint32_t mask)
{
	const struct ugvt_depth_state *state = depth->state;
	const struct ugvt_stencil_face *face = &state->stencil.face[input->back_facing];
	struct stencils stencils;
	struct depths depths;
	uint32_t passed = mask;
	uint32_t stencil_passed = mask;

	if (state->stencil.test) {
		stencils_read(depth, input, mask, &stencils);
		passed = stencil_passed = ugvt_stencil_test(face, &stencils.lanes, mask);
	}
	if ((state->test || state->write) && passed != 0) {
		passed = depth_lanes_test(depth, input, stencil_passed, &depths);
		if (state->write) {
			depth_lanes_write(depth, &depths, passed);
		}
	}
	if (state->stencil.test && state->stencil.write) {
		const struct ugvt_stencil_results results = {
			mask & ~stencil_passed, stencil_passed & ~passed, passed};

		ugvt_stencil_update(face, &results, &stencils.lanes);
		stencils_write(depth, &stencils);
	}
	return passed;
}
