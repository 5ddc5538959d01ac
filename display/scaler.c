/* SPDX-License-Identifier: MIT */
#include "display/scaler.h"

#include "base/bits.h"
#include "gen/hooks_display.h"

/* i915_reg.h, PS_*. */
#define PS_ENABLE UGVT_BIT(31)
#define PS_PLANE UGVT_MASK(27, 25) // 0: the pipe
#define PS_HIGH UGVT_MASK(28, 16)
#define PS_LOW UGVT_MASK(12, 0)
#define PHASE_TRIP 1u

#define ONE 65536

struct ugvt_scaler_regs ugvt_scaler_regs_read(
	const struct ugvt_regfile *regs, unsigned pipe, unsigned scaler)
{
	return (struct ugvt_scaler_regs){
		.ctl = ugvt_regfile_peek(regs, UGVT_PS_CTRL(pipe, scaler)),
		.position = ugvt_regfile_peek(regs, UGVT_PS_WIN_POS(pipe, scaler)),
		.size = ugvt_regfile_peek(regs, UGVT_PS_WIN_SZ(pipe, scaler)),
		.vertical = ugvt_regfile_peek(regs, UGVT_PS_VPHASE(pipe, scaler)),
		.horizontal = ugvt_regfile_peek(regs, UGVT_PS_HPHASE(pipe, scaler)),
	};
}

/* The position of the first sample taken, from half a sample before the first to one and a half after: bits 15:1, with 13 of fraction; without
 * the trip bit it is less by one (skl_scaler.c, skl_scaler_calc_phase()). */
static int32_t phase_decode(uint32_t field)
{
	int32_t phase = (int32_t)(field & 0xfffe) * 4 - (field & PHASE_TRIP ? 0 : ONE);

	return UGVT_MIN(UGVT_MAX(phase, -ONE / 2), ONE * 3 / 2);
}

static struct ugvt_plane_axis axis(uint32_t phase, uint32_t source, uint32_t window)
{
	return (struct ugvt_plane_axis){
		phase_decode(phase), (uint32_t)((uint64_t)source * ONE / window)};
}

static bool serves(const struct ugvt_scaler_regs *regs, unsigned plane)
{
	return regs->ctl & PS_ENABLE && UGVT_GET(PS_PLANE, regs->ctl) == plane &&
	       UGVT_GET(PS_HIGH, regs->size) > 0 && UGVT_GET(PS_LOW, regs->size) > 0;
}

void ugvt_scaler_scale(
	const struct ugvt_scaler_regs *regs, unsigned plane, struct ugvt_plane_image *image)
{
	struct ugvt_scanout_plane *shown = &image->plane;
	struct ugvt_plane_chroma *chroma = &image->chroma;
	bool planar = shown->fourcc == UGVT_FORMAT_NV12;
	unsigned field = planar ? 16 : 0; // Y's phase is above that of UV and RGB

	if (!shown->on || !serves(regs, plane + 1)) {
		return;
	}
	shown->x = (int32_t)UGVT_GET(PS_HIGH, regs->position);
	shown->y = (int32_t)UGVT_GET(PS_LOW, regs->position);
	shown->width = UGVT_GET(PS_HIGH, regs->size);
	shown->height = UGVT_GET(PS_LOW, regs->size);
	image->horizontal = axis(regs->horizontal >> field, shown->src_width, shown->width);
	image->vertical = axis(regs->vertical >> field, shown->src_height, shown->height);
	image->scaled = true;
	chroma->horizontal = axis(regs->horizontal, shown->src_width, shown->width * 2);
	chroma->vertical = axis(regs->vertical, shown->src_height, shown->height * 2);
}

void ugvt_scaler_fit(const struct ugvt_scaler_regs *regs, uint32_t width, uint32_t height,
	struct ugvt_scaler_fit *fit)
{
	if (!serves(regs, 0)) {
		return;
	}
	*fit = (struct ugvt_scaler_fit){
		.on = true,
		.x = UGVT_GET(PS_HIGH, regs->position),
		.y = UGVT_GET(PS_LOW, regs->position),
		.width = UGVT_GET(PS_HIGH, regs->size),
		.height = UGVT_GET(PS_LOW, regs->size),
	};
	fit->horizontal = axis(regs->horizontal, width, fit->width);
	fit->vertical = axis(regs->vertical, height, fit->height);
}

void ugvt_axis_at(const struct ugvt_plane_axis *axis, uint32_t i, uint32_t size, uint32_t *first,
	uint32_t *part)
{
	int64_t at = axis->phase + (int64_t)axis->step * i;
	int64_t last = (int64_t)(size - 1) * ONE;

	at = UGVT_MIN(UGVT_MAX(at, 0), last);
	*first = (uint32_t)(at / ONE);
	*part = (uint32_t)(at % ONE);
}

static uint16_t between(uint32_t a, uint32_t b, uint32_t part)
{
	return (uint16_t)((a * (ONE - part) + b * part + ONE / 2) >> 16);
}

static struct ugvt_pixel pixel_between(
	const struct ugvt_pixel *a, const struct ugvt_pixel *b, uint32_t part)
{
	return (struct ugvt_pixel){between(a->b, b->b, part), between(a->g, b->g, part),
		between(a->r, b->r, part), between(a->a, b->a, part)};
}

void ugvt_scaler_row(const struct ugvt_plane_axis *axis, const struct ugvt_pixel *row,
	uint32_t size, uint32_t i, struct ugvt_pixel *out, uint32_t count)
{
	for (uint32_t n = 0; n < count; n++) {
		uint32_t first, part;

		ugvt_axis_at(axis, i + n, size, &first, &part);
		out[n] = part == 0 ? row[first] : pixel_between(&row[first], &row[first + 1], part);
	}
}

void ugvt_scaler_between(const struct ugvt_pixel *a, const struct ugvt_pixel *b, uint32_t part,
	struct ugvt_pixel *out, uint32_t count)
{
	for (uint32_t n = 0; n < count; n++) {
		out[n] = pixel_between(&a[n], &b[n], part);
	}
}
