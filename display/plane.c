/* SPDX-License-Identifier: MIT */
#include "display/plane.h"

#include "base/bits.h"
#include "gen/hooks_display.h"

/* i915_reg.h, PLANE_CTL_* (Skylake) and CURCNTR. */
#define PLANE_ENABLE UGVT_BIT(31)
#define PLANE_FORMAT UGVT_MASK(27, 24)
#define PLANE_ORDER_RGBX UGVT_BIT(20)
#define PLANE_TILING UGVT_MASK(12, 10)
#define PLANE_ALPHA UGVT_MASK(5, 4)
#define PLANE_ROTATION UGVT_MASK(1, 0)
#define PLANE_ROTATION_180 2
#define PLANE_STRIDE UGVT_MASK(11, 0)
#define PLANE_ADDRESS UGVT_MASK(31, 12)

#define FORMAT_NONE 0

#define CURSOR_MODE 0x27u
#define CURSOR_ROTATE_180 UGVT_BIT(15)
#define CURSOR_FBC_ENABLE UGVT_BIT(31)

struct ugvt_plane_regs ugvt_plane_regs_read(
	const struct ugvt_regfile *regs, unsigned pipe, unsigned plane)
{
	return (struct ugvt_plane_regs){
		.ctl = ugvt_regfile_peek(regs, UGVT_PLANE_CTL(pipe, plane)),
		.stride = ugvt_regfile_peek(regs, UGVT_PLANE_STRIDE(pipe, plane)),
		.pos = ugvt_regfile_peek(regs, UGVT_PLANE_POS(pipe, plane)),
		.size = ugvt_regfile_peek(regs, UGVT_PLANE_SIZE(pipe, plane)),
		.surf = ugvt_regfile_peek(regs, UGVT_PLANE_SURF(pipe, plane)),
		.offset = ugvt_regfile_peek(regs, UGVT_PLANE_OFFSET(pipe, plane)),
	};
}

struct ugvt_cursor_regs ugvt_cursor_regs_read(const struct ugvt_regfile *regs, unsigned pipe)
{
	return (struct ugvt_cursor_regs){
		.ctl = ugvt_regfile_peek(regs, UGVT_CUR_CTL(pipe)),
		.base = ugvt_regfile_peek(regs, UGVT_CUR_BASE(pipe)),
		.pos = ugvt_regfile_peek(regs, UGVT_CUR_POS(pipe)),
		.fbc = ugvt_regfile_peek(regs, UGVT_CUR_FBC_CTL(pipe)),
	};
}

static uint32_t format_decode(uint32_t ctl, bool alpha)
{
	bool rgbx = ctl & PLANE_ORDER_RGBX;

	switch (UGVT_GET(PLANE_FORMAT, ctl)) {
	case 2: return rgbx ? UGVT_FORMAT_XBGR2101010 : UGVT_FORMAT_XRGB2101010;
	case 4:
		if (alpha) {
			return rgbx ? UGVT_FORMAT_ABGR8888 : UGVT_FORMAT_ARGB8888;
		}
		return rgbx ? UGVT_FORMAT_XBGR8888 : UGVT_FORMAT_XRGB8888;
	case 6: return rgbx ? UGVT_FORMAT_XBGR16161616F : UGVT_FORMAT_XRGB16161616F;
	case 12: return UGVT_FORMAT_C8;
	case 14: return UGVT_FORMAT_RGB565;
	default: return FORMAT_NONE;
	}
}

uint32_t ugvt_plane_cpp(uint32_t fourcc)
{
	switch (fourcc) {
	case UGVT_FORMAT_C8: return 1;
	case UGVT_FORMAT_RGB565: return 2;
	case UGVT_FORMAT_XBGR16161616F:
	case UGVT_FORMAT_XRGB16161616F: return 8;
	default: return 4;
	}
}

/* The stride is counted in 64 bytes, or in tiles. */
static bool tiling_decode(const struct ugvt_plane_regs *regs, struct ugvt_scanout_plane *plane)
{
	uint32_t stride = UGVT_GET(PLANE_STRIDE, regs->stride);

	switch (UGVT_GET(PLANE_TILING, regs->ctl)) {
	case 0:
		plane->tiling = UGVT_SCANOUT_LINEAR;
		plane->stride = stride * 64;
		return true;
	case 1:
		plane->tiling = UGVT_SCANOUT_X;
		plane->stride = stride * 512;
		return true;
	case 4:
		plane->tiling = UGVT_SCANOUT_Y;
		plane->stride = stride * 128;
		return true;
	default: return false;
	}
}

static enum ugvt_plane_alpha alpha_decode(uint32_t ctl)
{
	switch (UGVT_GET(PLANE_ALPHA, ctl)) {
	case 2: return UGVT_PLANE_PREMULTIPLIED;
	case 3: return UGVT_PLANE_STRAIGHT;
	default: return UGVT_PLANE_OPAQUE;
	}
}

bool ugvt_plane_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image)
{
	struct ugvt_scanout_plane *plane = &image->plane;

	*image = (struct ugvt_plane_image){0};
	if (!(regs->ctl & PLANE_ENABLE)) {
		return true;
	}
	image->alpha = alpha_decode(regs->ctl);
	plane->fourcc = format_decode(regs->ctl, image->alpha != UGVT_PLANE_OPAQUE);
	if (plane->fourcc == FORMAT_NONE || !tiling_decode(regs, plane) || (regs->ctl & 1)) {
		return false;
	}
	if (ugvt_plane_cpp(plane->fourcc) != 4) {
		image->alpha = UGVT_PLANE_OPAQUE;
	}
	image->rotated = UGVT_GET(PLANE_ROTATION, regs->ctl) == PLANE_ROTATION_180;
	plane->surface = regs->surf & PLANE_ADDRESS;
	plane->x = (int32_t)UGVT_GET(UGVT_MASK(12, 0), regs->pos);
	plane->y = (int32_t)UGVT_GET(UGVT_MASK(28, 16), regs->pos);
	plane->width = UGVT_GET(UGVT_MASK(12, 0), regs->size) + 1;
	plane->height = UGVT_GET(UGVT_MASK(28, 16), regs->size) + 1;
	plane->src_x = UGVT_GET(UGVT_MASK(12, 0), regs->offset);
	plane->src_y = UGVT_GET(UGVT_MASK(28, 16), regs->offset);
	plane->on = true;
	return true;
}

/* Sign and magnitude. */
static int32_t cursor_coordinate(uint32_t field)
{
	int32_t value = (int32_t)(field & 0x1fff);

	return field & 0x8000 ? -value : value;
}

bool ugvt_cursor_decode(const struct ugvt_cursor_regs *regs, struct ugvt_plane_image *image)
{
	struct ugvt_scanout_plane *plane = &image->plane;

	*image = (struct ugvt_plane_image){0};
	switch (regs->ctl & CURSOR_MODE) {
	case 0x00: return true;
	case 0x22: plane->width = 128; break;
	case 0x23: plane->width = 256; break;
	case 0x27: plane->width = 64; break;
	default: return false;
	}
	image->alpha = UGVT_PLANE_PREMULTIPLIED;
	image->rotated = regs->ctl & CURSOR_ROTATE_180;
	plane->fourcc = UGVT_FORMAT_ARGB8888;
	plane->stride = plane->width * 4;
	plane->height = plane->width;
	if (regs->fbc & CURSOR_FBC_ENABLE) {
		plane->height = UGVT_MIN((regs->fbc & 0xff) + 1, plane->width);
	}
	plane->surface = regs->base & PLANE_ADDRESS;
	plane->x = cursor_coordinate(regs->pos & 0xffff);
	plane->y = cursor_coordinate(regs->pos >> 16);
	plane->on = true;
	return true;
}
