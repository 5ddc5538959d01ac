/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_SCALER_H
#define UGVT_DISPLAY_SCALER_H

#include "display/pixel.h"
#include "display/plane.h"

#define UGVT_SCALER_COUNT 2

/*
 * The scalers of a pipe (PS_*): each serves a plane, or the pipe as a whole. The hardware's filters are not documented; here
 * it is always the line between two samples, at the positions that the registers say.
 */

struct ugvt_scaler_regs {
	uint32_t ctl, position, size, vertical, horizontal;
};

/* A picture that is scaled as a whole, into a window of the pipe's. */
struct ugvt_scaler_fit {
	bool on;
	uint32_t x, y, width, height;
	struct ugvt_plane_axis horizontal, vertical;
};

struct ugvt_scaler_regs ugvt_scaler_regs_read(
	const struct ugvt_regfile *regs, unsigned pipe, unsigned scaler);
/* Changes the image of the plane (0 is plane 1) that the scaler serves; no-op if it is off or serves another. */
void ugvt_scaler_scale(
	const struct ugvt_scaler_regs *regs, unsigned plane, struct ugvt_plane_image *image);
/* How the scaler fits the pipe, whose source has this size; no-op if it is off or serves a plane. */
void ugvt_scaler_fit(const struct ugvt_scaler_regs *regs, uint32_t width, uint32_t height,
	struct ugvt_scaler_fit *fit);

/* Sample i along an axis of size samples: between *first and the one after (or the same, at the end), *part of 65536. */
void ugvt_axis_at(const struct ugvt_plane_axis *axis, uint32_t i, uint32_t size, uint32_t *first,
	uint32_t *part);
/* Samples from i on, count of them, along a row of size pixels. */
void ugvt_scaler_row(const struct ugvt_plane_axis *axis, const struct ugvt_pixel *row,
	uint32_t size, uint32_t i, struct ugvt_pixel *out, uint32_t count);
/* part of 65536 of the way from a to b. out may be either. */
void ugvt_scaler_between(const struct ugvt_pixel *a, const struct ugvt_pixel *b, uint32_t part,
	struct ugvt_pixel *out, uint32_t count);

#endif
