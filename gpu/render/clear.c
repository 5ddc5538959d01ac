/* SPDX-License-Identifier: MIT */
#include "gpu/render/clear.h"

#include <string.h>

#include "base/bits.h"
#include "gpu/render/pixel_parts.h"

static void box_shape(struct ugvt_shape *shape, struct ugvt_pixel_box box)
{
	const struct ugvt_grid_point points[] = {
		{box.x0 * UGVT_SUBPIXELS, box.y0 * UGVT_SUBPIXELS},
		{box.x1 * UGVT_SUBPIXELS, box.y0 * UGVT_SUBPIXELS},
		{box.x1 * UGVT_SUBPIXELS, box.y1 * UGVT_SUBPIXELS},
		{box.x0 * UGVT_SUBPIXELS, box.y1 * UGVT_SUBPIXELS},
	};

	ugvt_cover_polygon(&shape->cover, points, UGVT_ARRAY_SIZE(points));
	shape->cover.box = box;
}

static struct ugvt_pixel_box level_box(const struct ugvt_target *target)
{
	const struct ugvt_surface_level *level = &target->surface.level[target->lod];

	return (struct ugvt_pixel_box){
		.x1 = (int32_t)UGVT_MIN(level->width, UINT32_C(16384)),
		.y1 = (int32_t)UGVT_MIN(level->height, UINT32_C(16384)),
	};
}

static struct ugvt_pixel_box hz_box(const struct ugvt_state *state)
{
	return (struct ugvt_pixel_box){
		.x0 = (int32_t)ugvt_state_hz_x_min(state),
		.y0 = (int32_t)ugvt_state_hz_y_min(state),
		.x1 = (int32_t)UGVT_MIN(ugvt_state_hz_x_max(state), UINT32_C(16384)),
		.y1 = (int32_t)UGVT_MIN(ugvt_state_hz_y_max(state), UINT32_C(16384)),
	};
}

bool ugvt_clear_shape(struct ugvt_pixel *pixel, enum ugvt_clear_kind kind, uint16_t layer,
	struct ugvt_shape *shape)
{
	struct ugvt_pixel_box box;

	if (kind == UGVT_CLEAR_COLOR) {
		const struct ugvt_target *target = ugvt_pixel_target(pixel, 0);

		if (ugvt_target_is_null(target)) {
			return false;
		}
		box = level_box(target);
	} else {
		box = hz_box(pixel->draw->draw->state);
	}
	*shape = (struct ugvt_shape){.layer = layer, .kind = UGVT_PRIMITIVE_RECTANGLE};
	if (ugvt_pixel_box_is_empty(&box)) {
		return false;
	}
	box_shape(shape, box);
	return true;
}

/* Two rows of a block. */
struct row {
	struct ugvt_subspans at;
	uint32_t lanes;
};

static struct row row_make(
	const struct ugvt_pixel *pixel, struct ugvt_grid_point block, uint64_t covered, unsigned n)
{
	struct row row = {.at.layer = pixel->shape->layer};

	for (unsigned i = 0; i < 4; i++) {
		uint32_t upper = covered >> (16 * n + 2 * i) & 3;
		uint32_t lower = covered >> (16 * n + 8 + 2 * i) & 3;

		row.at.x[i] = (uint16_t)(block.x + 2 * (int)i);
		row.at.y[i] = (uint16_t)(block.y + 2 * (int)n);
		row.lanes |= (upper | lower << 2) << (4 * i);
	}
	return row;
}

static void color_row(struct ugvt_pixel *pixel, struct row *row)
{
	struct ugvt_target *target = ugvt_pixel_target(pixel, 0);
	struct ugvt_target_lanes lanes;
	struct ugvt_texels texels;
	struct ugvt_elements elements;

	for (unsigned c = 0; c < 4; c++) {
		for (unsigned i = 0; i < UGVT_LANES; i++) {
			texels.c[c][i] = target->surface.clear[c];
		}
	}
	ugvt_texels_store(target->surface.format, &texels, &elements);
	for (unsigned s = 0; s < 1u << target->surface.samples_log2; s++) {
		row->at.sample = (uint16_t)s;
		ugvt_target_write(target, &lanes,
			ugvt_target_find(target, &row->at, row->lanes, &lanes), &elements);
	}
}

static void all_set(struct ugvt_elements *elements, uint32_t value, uint32_t mask)
{
	for (unsigned i = 0; i < UGVT_LANES; i++) {
		elements->dw[0][i] = (elements->dw[0][i] & ~mask) | (value & mask);
	}
}

/* The bits of mask in each lane's first dword become value. */
struct fill {
	uint32_t value;
	uint32_t mask;
};

static void fill_row(struct ugvt_target *target, const struct row *row, const struct fill *fill)
{
	struct ugvt_target_lanes lanes;
	struct ugvt_elements elements = {0};
	uint32_t found = ugvt_target_find(target, &row->at, row->lanes, &lanes);

	ugvt_target_read(target, &lanes, found, &elements);
	all_set(&elements, fill->value, fill->mask);
	ugvt_target_write(target, &lanes, found, &elements);
}

static void depth_stencil_row(struct ugvt_pixel *pixel, struct row *row)
{
	const struct ugvt_state *state = pixel->draw->draw->state;
	const struct ugvt_depth_state *depth = &pixel->draw->depth;
	float z = ugvt_state_float(ugvt_state_depth_clear_value(state));
	const struct fill depths = {ugvt_depth_encode(depth->format, z),
		depth->format == UGVT_DEPTH_D24_UNORM_X8 ? 0xffffff : UINT32_MAX};
	const struct fill stencils = {ugvt_state_hz_stencil_value(state), 0xff};

	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		if (!(ugvt_state_hz_sample_mask(state) >> s & 1)) {
			continue;
		}
		row->at.sample = (uint16_t)s;
		if (ugvt_state_hz_depth_clear(state) && ugvt_state_depth_buffer_write(state)) {
			fill_row(&pixel->depth.depth, row, &depths);
		}
		if (ugvt_state_hz_stencil_clear(state) && ugvt_state_stencil_enable(state)) {
			fill_row(&pixel->depth.stencil, row, &stencils);
		}
	}
}

void ugvt_clear_block(struct ugvt_pixel *pixel, enum ugvt_clear_kind kind,
	struct ugvt_grid_point block, uint64_t covered)
{
	for (unsigned n = 0; n < UGVT_COVER_BLOCK / 2; n++) {
		struct row row = row_make(pixel, block, covered, n);

		if (row.lanes == 0) {
			continue;
		}
		if (kind == UGVT_CLEAR_COLOR) {
			color_row(pixel, &row);
		} else {
			depth_stencil_row(pixel, &row);
		}
	}
}
