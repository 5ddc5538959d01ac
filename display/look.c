/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "display/pipe.h"
#include "gen/hooks_display.h"

#define PIPE_WIDTH_MAX 5120
#define PIPE_HEIGHT_MAX 4096

#define HIGH UGVT_MASK(28, 16)
#define LOW UGVT_MASK(12, 0)
#define CRC_SOURCE UGVT_MASK(30, 28)
#define MSA_LIMITED_RANGE UGVT_BIT(3) // drm_dp.h, DP_MSA_MISC_COLOR_CEA_RGB

static uint32_t peek(const struct ugvt_pipe *pipe, uint32_t offset)
{
	return ugvt_regfile_peek(pipe->regs, offset);
}

static void size_look(const struct ugvt_pipe *pipe, struct ugvt_pipe_view *view)
{
	uint32_t size = pipe->latched.source_size;
	uint32_t width = peek(pipe, UGVT_TRANS_HTOTAL(pipe->index)) & LOW;
	uint32_t height = peek(pipe, UGVT_TRANS_VTOTAL(pipe->index)) & LOW;

	view->width = UGVT_MIN(UGVT_GET(HIGH, size) + 1, PIPE_WIDTH_MAX);
	view->height = UGVT_MIN(UGVT_GET(LOW, size) + 1, PIPE_HEIGHT_MAX);
	view->active_width = UGVT_MIN(width + 1, PIPE_WIDTH_MAX);
	view->active_height = UGVT_MIN(height + 1, PIPE_HEIGHT_MAX);
}

static void color_look(const struct ugvt_pipe *pipe, struct ugvt_color_regs *color)
{
	color->gamma_mode = pipe->latched.gamma_mode;
	color->csc = pipe->csc_live;
	color->limited_range = peek(pipe, UGVT_TRANS_MSA_MISC(pipe->index)) & MSA_LIMITED_RANGE;
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(color->legacy); i++) {
		color->legacy[i] = peek(pipe, UGVT_LGC_PALETTE(pipe->index, i)) & 0xffffff;
	}
	for (unsigned i = 0; i < UGVT_PRECISION_SIZE; i++) {
		color->precision[i] = pipe->precision[i];
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(color->gamma_max); i++) {
		color->gamma_max[i] = peek(pipe, UGVT_PREC_PAL_GC_MAX(pipe->index, i));
	}
}

static void scalers_look(const struct ugvt_pipe *pipe, struct ugvt_pipe_view *view)
{
	for (unsigned i = 0; i < UGVT_SCALER_COUNT; i++) {
		const struct ugvt_scaler_regs *scaler = &pipe->scaler_live[i];

		for (unsigned plane = 0; plane < UGVT_PLANE_COUNT; plane++) {
			ugvt_scaler_scale(scaler, plane, &view->planes[plane]);
		}
		ugvt_scaler_fit(scaler, view->width, view->height, &view->fit);
	}
}

bool ugvt_pipe_look(const struct ugvt_pipe *pipe, struct ugvt_pipe_view *view)
{
	bool known = true;

	*view = (struct ugvt_pipe_view){.on = pipe->on, .pipe = pipe->index};
	if (!pipe->on) {
		return true;
	}
	size_look(pipe, view);
	view->refresh_mhz = ugvt_pipe_timing_refresh_mhz(&pipe->clock.timing);
	view->bottom = pipe->latched.bottom;
	color_look(pipe, &view->color);
	for (unsigned plane = 0; plane < UGVT_PLANE_COUNT; plane++) {
		known &= ugvt_plane_decode(&pipe->plane_live[plane], &view->planes[plane]);
	}
	known &= ugvt_cursor_decode(&pipe->cursor_live, &view->cursor);
	scalers_look(pipe, view);
	return known;
}

/* The source is a plane's, or that of all (i915_reg.h PIPE_CRC_SOURCE_*_SKL). */
void ugvt_pipe_crc_look(const struct ugvt_pipe *pipe, struct ugvt_pipe_view *view)
{
	static const unsigned char source_of[UGVT_PLANE_COUNT] = {0, 2, 6};
	unsigned source = UGVT_GET(CRC_SOURCE, peek(pipe, UGVT_PIPE_CRC_CTL(pipe->index)));

	ugvt_pipe_look(pipe, view);
	for (unsigned i = 0; i < UGVT_PLANE_COUNT; i++) {
		if (source != source_of[i]) {
			continue;
		}
		for (unsigned other = 0; other < UGVT_PLANE_COUNT; other++) {
			view->planes[other].plane.on &= other == i;
		}
		view->cursor.plane.on = false;
	}
}
