/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/bits.h"
#include "gpu/render/setup.h"

enum {
	SCISSOR_DWORDS = 2,
	SAMPLE_UNIT = UGVT_SUBPIXELS / 16,
	LARGEST_TARGET = 16384, // pixels
};

/* PRM SNB vol 2 part 1, "3DSTATE_DRAWING_RECTANGLE": borders are inclusive. */
static struct ugvt_pixel_box drawing_rectangle(const struct ugvt_state *state)
{
	return (struct ugvt_pixel_box){
		.x0 = (int32_t)ugvt_state_rectangle_x_min(state),
		.y0 = (int32_t)ugvt_state_rectangle_y_min(state),
		.x1 = UGVT_MIN((int32_t)ugvt_state_rectangle_x_max(state) + 1, LARGEST_TARGET),
		.y1 = UGVT_MIN((int32_t)ugvt_state_rectangle_y_max(state) + 1, LARGEST_TARGET),
	};
}

/* A float's integer part, between the borders of what may be drawn to; NaN: 0. */
static int32_t pixel_of(float value)
{
	return (int32_t)fminf(fmaxf(value, 0), LARGEST_TARGET);
}

static void viewport_apply(const struct ugvt_setup *setup, const struct ugvt_viewport *viewport,
	struct ugvt_pixel_box *box)
{
	const struct ugvt_pixel_box extents = {
		.x0 = pixel_of(ceilf(viewport->x_min + setup->origin_x)),
		.y0 = pixel_of(ceilf(viewport->y_min + setup->origin_y)),
		.x1 = pixel_of(floorf(viewport->x_max + setup->origin_x) + 1),
		.y1 = pixel_of(floorf(viewport->y_max + setup->origin_y) + 1),
	};

	ugvt_pixel_box_intersect(box, &extents);
}

static void scissor_apply(const struct ugvt_setup *setup, struct ugvt_aspace *as, unsigned index,
	struct ugvt_pixel_box *box)
{
	uint32_t dw[SCISSOR_DWORDS] = {0};
	struct ugvt_pixel_box scissor;
	int32_t x = (int32_t)setup->origin_x;
	int32_t y = (int32_t)setup->origin_y;

	ugvt_aspace_read(
		as, ugvt_state_scissors(setup->state) + sizeof(dw) * index, dw, sizeof(dw));
	scissor = (struct ugvt_pixel_box){
		.x0 = x + (int32_t)(dw[0] & 0xffff),
		.y0 = y + (int32_t)(dw[0] >> 16),
		.x1 = x + (int32_t)(dw[1] & 0xffff) + 1,
		.y1 = y + (int32_t)(dw[1] >> 16) + 1,
	};
	ugvt_pixel_box_intersect(box, &scissor);
}

static void boxes_make(struct ugvt_setup *setup, const struct ugvt_draw *draw)
{
	const struct ugvt_state *state = setup->state;
	const struct ugvt_pixel_box rectangle = drawing_rectangle(state);

	for (unsigned i = 0; i < UGVT_SETUP_VIEWPORTS; i++) {
		setup->box[i] = rectangle;
		/* Without transformation there are no viewports to be inside of, and drivers leave none behind. */
		if (ugvt_state_sf_transform(state)) {
			viewport_apply(setup, &draw->viewports[i], &setup->box[i]);
		}
		if (ugvt_state_scissor_enable(state)) {
			scissor_apply(setup, draw->as, i, &setup->box[i]);
		}
	}
}

/* Bytes of 3DSTATE_SAMPLE_PATTERN, Y in 3:0, X in 7:4: sixteen of 16x from DW1; of 8x samples 4 to 7 and then 0 to 3; 4x; 2x;
 * 1x. Mesa src/intel/genxml/gen9.xml. */
static uint32_t pattern_byte(const struct ugvt_state *state, unsigned samples_log2, unsigned i)
{
	static const uint8_t first[] = {30, 28, 24, 16, 0};
	unsigned at = first[samples_log2] + (samples_log2 == 3 ? i ^ 4 : i);

	return ugvt_state_dw(state, UGVT_STATE_SAMPLE_PATTERN, 1 + at / 4) >> (8 * (at % 4)) & 0xff;
}

static void samples_make(struct ugvt_setup *setup)
{
	const struct ugvt_state *state = setup->state;
	unsigned log2 = UGVT_MIN(ugvt_state_samples(state), 4);
	int32_t middle = ugvt_state_pixel_upper_left(state) ? 0 : UGVT_SUBPIXELS / 2;

	setup->samples = 1u << log2;
	setup->pixel = (struct ugvt_grid_point){middle, middle};
	setup->at_samples = log2 > 0 && ugvt_state_raster_msaa(state);
	for (unsigned i = 0; i < setup->samples; i++) {
		uint32_t byte = pattern_byte(state, log2, i);

		setup->sample[i] = (struct ugvt_grid_point){
			(int32_t)(byte >> 4) * SAMPLE_UNIT, (int32_t)(byte & 15) * SAMPLE_UNIT};
	}
	if (log2 == 0) {
		setup->sample[0] = setup->pixel;
	}
}

void ugvt_setup_begin(struct ugvt_setup *setup, const struct ugvt_draw *draw)
{
	*setup = (struct ugvt_setup){
		.state = draw->state,
		.origin_x = (int16_t)ugvt_state_rectangle_x(draw->state),
		.origin_y = (int16_t)ugvt_state_rectangle_y(draw->state),
	};
	samples_make(setup);
	setup->smooth = setup->at_samples || ugvt_state_antialiasing(draw->state);
	boxes_make(setup, draw);
}
