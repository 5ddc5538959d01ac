/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/render/pixel_parts.h"

enum {
	FORCE_ON = 2,            // of Force Thread Dispatch Enable and Force Kill Pixel Enable
	EARLY_AFTER_SHADER = 1,  // EDSC_PSEXEC
	EARLY_BEFORE_SHADER = 2, // EDSC_PREPS
	ROUNDING_SHIFT = 4,      // of cr0.0
};

static void blend_read(struct ugvt_pixel_draw *pixel_draw, const struct ugvt_draw *draw)
{
	uint32_t blend[UGVT_BLEND_STATE_DWORDS] = {0};
	uint32_t color_calc[UGVT_COLOR_CALC_DWORDS] = {0};
	ugvt_gpu_addr at = ugvt_state_blend_state(draw->state);
	size_t size = UGVT_MIN(sizeof(blend), UGVT_PAGE_SIZE - at % UGVT_PAGE_SIZE);

	ugvt_aspace_read(draw->as, at, blend, size);
	/* There need not be more than the entries of targets that there are: what is on another page is read if it counts. */
	if (size < sizeof(blend) && blend[size / sizeof(*blend) - 1] != 0) {
		ugvt_aspace_read(draw->as, at, blend, sizeof(blend));
	}
	ugvt_aspace_read(
		draw->as, ugvt_state_color_calc_state(draw->state), color_calc, sizeof(color_calc));
	ugvt_blend_decode(&pixel_draw->blend, blend, color_calc);
}

/* Which of the three kernels it is: Mesa src/intel/compiler/brw_compiler.h, brw_fs_simd_width_for_ksp(). */
static unsigned kernel_select(const struct ugvt_state *state, unsigned *width)
{
	bool simd8 = ugvt_state_ps_dispatch_8(state);
	bool simd16 = ugvt_state_ps_dispatch_16(state);
	bool simd32 = ugvt_state_ps_dispatch_32(state);

	*width = simd16 ? 16 : simd8 ? 8 : simd32 ? 32 : 0;
	return simd16 && (simd8 || simd32) ? 2 : 0;
}

static ugvt_gpu_addr kernel_addr(const struct ugvt_state *state, unsigned index)
{
	return index == 2 ? ugvt_state_ps_kernel_2(state) : ugvt_state_ps_kernel_0(state);
}

/* Whether the shader can take back what tests that came before it decided. */
static bool shader_decides(const struct ugvt_pixel_draw *pixel_draw)
{
	const struct ugvt_state *state = pixel_draw->draw->state;

	return ugvt_state_ps_kills(state) || ugvt_state_wm_force_kill(state) == FORCE_ON ||
	       ugvt_state_ps_computed_depth(state) || ugvt_state_ps_computes_stencil(state) ||
	       ugvt_state_ps_omask(state) || pixel_draw->blend.alpha_test ||
	       (pixel_draw->blend.alpha_to_coverage && pixel_draw->setup.samples > 1);
}

static bool has_effects(const struct ugvt_pixel_draw *pixel_draw)
{
	const struct ugvt_state *state = pixel_draw->draw->state;

	return ugvt_state_blend_has_target(state) || ugvt_state_ps_uav(state) ||
	       ugvt_state_wm_force_dispatch(state) == FORCE_ON ||
	       ugvt_state_wm_early_control(state) == EARLY_AFTER_SHADER ||
	       shader_decides(pixel_draw);
}

static void shader_find(struct ugvt_pixel_draw *pixel_draw, struct ugvt_kernels *kernels)
{
	const struct ugvt_draw *draw = pixel_draw->draw;
	const struct ugvt_state *state = draw->state;
	unsigned index = kernel_select(state, &pixel_draw->width);

	if (!ugvt_state_ps_valid(state) || pixel_draw->width == 0 || !has_effects(pixel_draw)) {
		return;
	}
	pixel_draw->grf_start =
		index == 2 ? ugvt_state_ps_grf_start_2(state) : ugvt_state_ps_grf_start_0(state);
	pixel_draw->program = ugvt_kernels_find(kernels, draw->as, kernel_addr(state, index));
	pixel_draw->shades = pixel_draw->program != NULL;
	pixel_draw->constants.registers = 0;
	if (ugvt_state_ps_push_constants(state)) {
		ugvt_constants_read(
			&pixel_draw->constants, state, UGVT_STATE_CONSTANT_PS, draw->as);
	}
}

static uint32_t control_register(const struct ugvt_state *state)
{
	return (ugvt_state_ps_alternate(state) ? UGVT_EU_CR0_ALTERNATIVE : 0) |
	       ugvt_state_ps_rounding(state) << ROUNDING_SHIFT |
	       (ugvt_state_ps_denormals(state) ? UGVT_EU_CR0_F_DENORMS : 0);
}

static void stipple_read(struct ugvt_pixel_draw *pixel_draw)
{
	const struct ugvt_state *state = pixel_draw->draw->state;

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(pixel_draw->polygon_stipple); i++) {
		pixel_draw->polygon_stipple[i] =
			ugvt_state_polygon_stipple(state)
				? ugvt_state_dw(state, UGVT_STATE_POLY_STIPPLE_PATTERN, 1 + i)
				: UINT32_MAX;
	}
}

/* 3DSTATE_WM_HZ_OP in place of primitives: shaders and blending don't count, and need not be set up. */
static bool is_hz_op(const struct ugvt_state *state)
{
	return ugvt_state_hz_depth_clear(state) || ugvt_state_hz_stencil_clear(state) ||
	       ugvt_state_hz_depth_resolve(state) || ugvt_state_hz_resolve(state);
}

void ugvt_pixel_draw_begin(struct ugvt_pixel_draw *pixel_draw, const struct ugvt_draw *draw,
	struct ugvt_kernels *kernels)
{
	const struct ugvt_state *state = draw->state;

	pixel_draw->draw = draw;
	ugvt_setup_begin(&pixel_draw->setup, draw);
	ugvt_depth_decode(&pixel_draw->depth, draw);
	if (is_hz_op(state)) {
		pixel_draw->blend = (struct ugvt_blend){0};
	} else {
		blend_read(pixel_draw, draw);
	}
	stipple_read(pixel_draw);
	pixel_draw->sample_mask = ugvt_state_sample_mask(state);
	pixel_draw->statistics = ugvt_state_wm_statistics(state);
	pixel_draw->modes = ugvt_state_barycentrics(state);
	pixel_draw->cr0 = control_register(state);
	pixel_draw->per_sample = ugvt_state_ps_per_sample(state) && pixel_draw->setup.samples > 1;
	pixel_draw->shades = false;
	pixel_draw->program = NULL;
	if (!is_hz_op(state)) {
		shader_find(pixel_draw, kernels);
	}
	pixel_draw->late = pixel_draw->shades &&
			   ugvt_state_wm_early_control(state) != EARLY_BEFORE_SHADER &&
			   (ugvt_state_wm_early_control(state) == EARLY_AFTER_SHADER ||
				   shader_decides(pixel_draw));
	ugvt_pixel_uniform_find(pixel_draw);
	ugvt_pixel_quick_find(pixel_draw);
	ugvt_pixel_straight_find(pixel_draw);
}
