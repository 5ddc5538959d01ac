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

/* One element, for all of a tile that is in box (pixels). */
static struct ugvt_target_fill fill_make(
	const struct ugvt_pixel *pixel, const struct ugvt_pixel_box *box, uint32_t value)
{
	uint16_t x = (uint16_t)(box->x0 - box->x0 % UGVT_TILE_SIDE);
	uint16_t y = (uint16_t)(box->y0 - box->y0 % UGVT_TILE_SIDE);

	return (struct ugvt_target_fill){
		.at = {x, y, pixel->shape->layer, 0},
		.x0 = (uint8_t)(box->x0 - x),
		.y0 = (uint8_t)(box->y0 - y),
		.x1 = (uint8_t)(box->x1 - x),
		.y1 = (uint8_t)(box->y1 - y),
		.element = {value},
		.mask = UINT32_MAX,
	};
}

static void color_clear(struct ugvt_pixel *pixel, const struct ugvt_pixel_box *box)
{
	struct ugvt_target *target = ugvt_pixel_target(pixel, 0);
	struct ugvt_target_fill fill = fill_make(pixel, box, 0);

	if (ugvt_target_is_null(target)) {
		return;
	}
	if (target->control) {
		uint64_t clear = ugvt_target_control_clear(target);

		fill.element[0] = ugvt_lo32(clear);
		fill.element[1] = ugvt_hi32(clear);
		ugvt_target_fill(target->control, &fill);
		return;
	}
	memcpy(fill.element, ugvt_target_clear_element(target), sizeof(fill.element));
	for (unsigned s = 0; s < 1u << target->surface.samples_log2; s++) {
		fill.at.sample = (uint16_t)s;
		ugvt_target_fill(target, &fill);
	}
}

static void depth_stencil_clear(struct ugvt_pixel *pixel, const struct ugvt_pixel_box *box)
{
	const struct ugvt_state *state = pixel->draw->draw->state;
	enum ugvt_depth_format format = pixel->draw->depth.format;
	float z = ugvt_state_float(ugvt_state_depth_clear_value(state));
	struct ugvt_target_fill depths = fill_make(pixel, box, ugvt_depth_encode(format, z));
	struct ugvt_target_fill stencils =
		fill_make(pixel, box, ugvt_state_hz_stencil_value(state));

	/* What lies above 24 bits of depth is nobody's, but some look at it. */
	if (format == UGVT_DEPTH_D24_UNORM_X8) {
		depths.mask = 0xffffff;
	}
	for (unsigned s = 0; s < pixel->draw->setup.samples; s++) {
		if (!(ugvt_state_hz_sample_mask(state) >> s & 1)) {
			continue;
		}
		depths.at.sample = stencils.at.sample = (uint16_t)s;
		if (ugvt_state_hz_depth_clear(state) && ugvt_state_depth_buffer_write(state)) {
			ugvt_target_fill(&pixel->depth.depth, &depths);
		}
		if (ugvt_state_hz_stencil_clear(state) && ugvt_state_stencil_enable(state)) {
			ugvt_target_fill(&pixel->depth.stencil, &stencils);
		}
	}
}

void ugvt_clear_tile(
	struct ugvt_pixel *pixel, enum ugvt_clear_kind kind, const struct ugvt_pixel_box *box)
{
	if (kind == UGVT_CLEAR_COLOR) {
		color_clear(pixel, box);
	} else {
		depth_stencil_clear(pixel, box);
	}
}
