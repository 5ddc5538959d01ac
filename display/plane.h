/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_PLANE_H
#define UGVT_DISPLAY_PLANE_H

#include <stdbool.h>
#include <stdint.h>

#include "display/scanout.h"
#include "gpu/regs/regfile.h"

/* What the registers of a plane or a cursor say, as they were when the write that arms them came. */
struct ugvt_plane_regs {
	uint32_t ctl, stride, pos, size, surf, offset;
};

struct ugvt_cursor_regs {
	uint32_t ctl, base, pos, fbc;
};

enum ugvt_plane_alpha {
	UGVT_PLANE_OPAQUE,
	UGVT_PLANE_PREMULTIPLIED,
	UGVT_PLANE_STRAIGHT,
};

/* A plane decoded: what is scanned out, and how it is laid over what is below. */
struct ugvt_plane_image {
	struct ugvt_scanout_plane plane;
	enum ugvt_plane_alpha alpha;
	bool rotated; // by 180 degrees
};

struct ugvt_plane_regs ugvt_plane_regs_read(
	const struct ugvt_regfile *regs, unsigned pipe, unsigned plane);
struct ugvt_cursor_regs ugvt_cursor_regs_read(const struct ugvt_regfile *regs, unsigned pipe);

/* An image that is not on if the plane is off. false: the plane is on but can't be shown, its format or tiling is not known. */
bool ugvt_plane_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image);
bool ugvt_cursor_decode(const struct ugvt_cursor_regs *regs, struct ugvt_plane_image *image);

/* Bytes of a pixel of a format that ugvt_plane_decode() gives. */
uint32_t ugvt_plane_cpp(uint32_t fourcc);

#endif
