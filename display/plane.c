/* SPDX-License-Identifier: MIT */
#include "display/plane.h"

#include "base/bits.h"
#include "gen/hooks_display.h"

/* i915_reg.h, PLANE_CTL_* (Skylake) and CURCNTR. */
#define PLANE_ENABLE UGVT_BIT(31)
#define PLANE_GAMMA UGVT_BIT(30)
#define PLANE_YUV_FULL_RANGE UGVT_BIT(28)
#define PLANE_FORMAT UGVT_MASK(27, 24)
#define PLANE_CSC UGVT_BIT(23)
#define PLANE_KEY UGVT_MASK(22, 21)
#define PLANE_ORDER_RGBX UGVT_BIT(20)
#define PLANE_BT709 UGVT_BIT(18)
#define PLANE_ORDER_YUV UGVT_MASK(17, 16)
#define PLANE_TILING UGVT_MASK(12, 10)
#define PLANE_ALPHA UGVT_MASK(5, 4)
#define PLANE_ROTATION UGVT_MASK(1, 0)
#define PLANE_STRIDE UGVT_MASK(11, 0)
#define PLANE_ADDRESS UGVT_MASK(31, 12)
#define PLANE_X UGVT_MASK(12, 0)
#define PLANE_Y UGVT_MASK(28, 16)

#define KEY_MASK_OPACITY UGVT_BIT(31) // the plane has an opacity, KEYMAX bits 31:24
#define KEY_MASK_CHANNELS UGVT_MASK(26, 24)
#define KEY_COLOUR UGVT_MASK(23, 0)

#define FORMAT_NONE 0

#define CURSOR_MODE 0x27u
#define CURSOR_GAMMA UGVT_BIT(26)
#define CURSOR_CSC UGVT_BIT(24)
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
		.key_value = ugvt_regfile_peek(regs, UGVT_PLANE_KEYVAL(pipe, plane)),
		.key_mask = ugvt_regfile_peek(regs, UGVT_PLANE_KEYMSK(pipe, plane)),
		.key_max = ugvt_regfile_peek(regs, UGVT_PLANE_KEYMAX(pipe, plane)),
		.aux_dist = ugvt_regfile_peek(regs, UGVT_PLANE_AUX_DIST(pipe, plane)),
		.aux_offset = ugvt_regfile_peek(regs, UGVT_PLANE_AUX_OFFSET(pipe, plane)),
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
	static const uint32_t packed[] = {
		UGVT_FORMAT_YUYV, UGVT_FORMAT_UYVY, UGVT_FORMAT_YVYU, UGVT_FORMAT_VYUY};
	bool rgbx = ctl & PLANE_ORDER_RGBX;

	switch (UGVT_GET(PLANE_FORMAT, ctl)) {
	case 0: return packed[UGVT_GET(PLANE_ORDER_YUV, ctl)];
	case 1: return UGVT_FORMAT_NV12;
	case 2: return rgbx ? UGVT_FORMAT_XBGR2101010 : UGVT_FORMAT_XRGB2101010;
	case 4:
		if (alpha) {
			return rgbx ? UGVT_FORMAT_ABGR8888 : UGVT_FORMAT_ARGB8888;
		}
		return rgbx ? UGVT_FORMAT_XBGR8888 : UGVT_FORMAT_XRGB8888;
	case 6: return rgbx ? UGVT_FORMAT_XBGR16161616F : UGVT_FORMAT_XRGB16161616F;
	case 8: return UGVT_FORMAT_XYUV8888;
	case 12: return UGVT_FORMAT_C8;
	case 14: return UGVT_FORMAT_RGB565;
	default: return FORMAT_NONE;
	}
}

uint32_t ugvt_plane_cpp(uint32_t fourcc)
{
	switch (fourcc) {
	case UGVT_FORMAT_C8:
	case UGVT_FORMAT_NV12: return 1;
	case UGVT_FORMAT_YUYV:
	case UGVT_FORMAT_UYVY:
	case UGVT_FORMAT_YVYU:
	case UGVT_FORMAT_VYUY:
	case UGVT_FORMAT_RGB565: return 2;
	case UGVT_FORMAT_XBGR16161616F:
	case UGVT_FORMAT_XRGB16161616F: return 8;
	default: return 4;
	}
}

bool ugvt_plane_is_422(uint32_t fourcc)
{
	return fourcc == UGVT_FORMAT_YUYV || fourcc == UGVT_FORMAT_UYVY ||
	       fourcc == UGVT_FORMAT_YVYU || fourcc == UGVT_FORMAT_VYUY;
}

bool ugvt_plane_is_yuv(uint32_t fourcc)
{
	return ugvt_plane_is_422(fourcc) || fourcc == UGVT_FORMAT_NV12 ||
	       fourcc == UGVT_FORMAT_XYUV8888;
}

enum ugvt_tiling ugvt_plane_tiling(enum ugvt_scanout_tiling tiling, uint32_t cpp)
{
	switch (tiling) {
	case UGVT_SCANOUT_X: return UGVT_TILING_X;
	case UGVT_SCANOUT_Y: return UGVT_TILING_Y;
	case UGVT_SCANOUT_YF: return ugvt_tiling_yf(cpp);
	default: return UGVT_TILING_LINEAR;
	}
}

static bool tiling_decode(uint32_t ctl, enum ugvt_scanout_tiling *tiling)
{
	switch (UGVT_GET(PLANE_TILING, ctl)) {
	case 0: *tiling = UGVT_SCANOUT_LINEAR; return true;
	case 1: *tiling = UGVT_SCANOUT_X; return true;
	case 4: *tiling = UGVT_SCANOUT_Y; return true;
	case 5: *tiling = UGVT_SCANOUT_YF; return true;
	default: return false;
	}
}

/* The stride is counted in 64 bytes, or in tiles. */
static uint32_t stride_decode(uint32_t field, enum ugvt_scanout_tiling tiling, uint32_t cpp)
{
	if (tiling == UGVT_SCANOUT_LINEAR) {
		return field * 64;
	}
	return field * ugvt_tile_width(ugvt_plane_tiling(tiling, cpp));
}

/* Only tiles that are as high in pixels as they are wide, or twice, can be turned: PRM SKL vol 12, "Tiling Modes / Display
 * Features". */
static bool rotation_is_known(const struct ugvt_scanout_plane *plane)
{
	return plane->rotation == UGVT_SCANOUT_0 || plane->rotation == UGVT_SCANOUT_180 ||
	       plane->tiling == UGVT_SCANOUT_Y || plane->tiling == UGVT_SCANOUT_YF;
}

static enum ugvt_plane_alpha alpha_decode(uint32_t ctl)
{
	switch (UGVT_GET(PLANE_ALPHA, ctl)) {
	case 2: return UGVT_PLANE_PREMULTIPLIED;
	case 3: return UGVT_PLANE_STRAIGHT;
	default: return UGVT_PLANE_OPAQUE;
	}
}

static void opacity_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image)
{
	image->opacity = regs->key_mask & KEY_MASK_OPACITY ? regs->key_max >> 24 : 255;
	image->ways = (regs->ctl & PLANE_GAMMA ? UGVT_PLANE_GAMMA : 0) |
		      (regs->ctl & PLANE_CSC ? UGVT_PLANE_CSC : 0);
}

/* RGB matches where it equals the value in the mask's bits, YUV where it is between value and maximum in the channels that
 * the mask enables (V, Y and U from the top). */
static void key_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image)
{
	static const enum ugvt_plane_key keys[] = {UGVT_PLANE_KEY_NONE, UGVT_PLANE_KEY_SOURCE,
		UGVT_PLANE_KEY_DESTINATION, UGVT_PLANE_KEY_SOURCE};
	uint32_t channels = UGVT_GET(KEY_MASK_CHANNELS, regs->key_mask);

	image->key = keys[UGVT_GET(PLANE_KEY, regs->ctl)];
	if (!ugvt_plane_is_yuv(image->plane.fourcc)) {
		image->key_mask = regs->key_mask & KEY_COLOUR;
		image->key_min = image->key_max = regs->key_value & image->key_mask;
		return;
	}
	image->key_min = regs->key_value & KEY_COLOUR;
	image->key_max = regs->key_max & KEY_COLOUR;
	image->key_mask = (channels & 4 ? 0xff0000 : 0) | (channels & 2 ? 0xff00 : 0) |
			  (channels & 1 ? 0xff : 0);
}

static void chroma_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image)
{
	struct ugvt_plane_chroma *chroma = &image->chroma;

	chroma->surface = image->plane.surface + (regs->aux_dist & PLANE_ADDRESS);
	chroma->stride =
		stride_decode(UGVT_GET(PLANE_STRIDE, regs->aux_dist), image->plane.tiling, 2);
	chroma->src_x = UGVT_GET(PLANE_X, regs->aux_offset);
	chroma->src_y = UGVT_GET(PLANE_Y, regs->aux_offset);
	/* Until a scaler says otherwise. */
	chroma->horizontal = chroma->vertical = (struct ugvt_plane_axis){-0x4000, 0x8000};
}

static void place_decode(const struct ugvt_plane_regs *regs, struct ugvt_scanout_plane *plane)
{
	plane->surface = regs->surf & PLANE_ADDRESS;
	plane->x = (int32_t)UGVT_GET(PLANE_X, regs->pos);
	plane->y = (int32_t)UGVT_GET(PLANE_Y, regs->pos);
	plane->width = UGVT_GET(PLANE_X, regs->size) + 1;
	plane->height = UGVT_GET(PLANE_Y, regs->size) + 1;
	plane->src_width = plane->width;
	plane->src_height = plane->height;
	plane->src_x = UGVT_GET(PLANE_X, regs->offset);
	plane->src_y = UGVT_GET(PLANE_Y, regs->offset);
}

bool ugvt_plane_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image)
{
	struct ugvt_scanout_plane *plane = &image->plane;
	uint32_t cpp;

	*image = (struct ugvt_plane_image){0};
	if (!(regs->ctl & PLANE_ENABLE)) {
		return true;
	}
	image->alpha = alpha_decode(regs->ctl);
	plane->fourcc = format_decode(regs->ctl, image->alpha != UGVT_PLANE_OPAQUE);
	plane->rotation = (enum ugvt_scanout_rotation)UGVT_GET(PLANE_ROTATION, regs->ctl);
	if (plane->fourcc == FORMAT_NONE || !tiling_decode(regs->ctl, &plane->tiling) ||
		!rotation_is_known(plane)) {
		return false;
	}
	cpp = ugvt_plane_cpp(plane->fourcc);
	plane->stride = stride_decode(UGVT_GET(PLANE_STRIDE, regs->stride), plane->tiling, cpp);
	if (plane->fourcc != UGVT_FORMAT_ARGB8888 && plane->fourcc != UGVT_FORMAT_ABGR8888) {
		image->alpha = UGVT_PLANE_OPAQUE;
	}
	place_decode(regs, plane);
	opacity_decode(regs, image);
	key_decode(regs, image);
	chroma_decode(regs, image);
	image->bt709 = regs->ctl & PLANE_BT709;
	image->full_range = regs->ctl & PLANE_YUV_FULL_RANGE;
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
	image->opacity = 255;
	image->ways = (regs->ctl & CURSOR_GAMMA ? UGVT_PLANE_GAMMA : 0) |
		      (regs->ctl & CURSOR_CSC ? UGVT_PLANE_CSC : 0);
	plane->rotation = regs->ctl & CURSOR_ROTATE_180 ? UGVT_SCANOUT_180 : UGVT_SCANOUT_0;
	plane->fourcc = UGVT_FORMAT_ARGB8888;
	plane->stride = plane->width * 4;
	plane->height = plane->width;
	if (regs->fbc & CURSOR_FBC_ENABLE) {
		plane->height = UGVT_MIN((regs->fbc & 0xff) + 1, plane->width);
	}
	plane->src_width = plane->width;
	plane->src_height = plane->height;
	plane->surface = regs->base & PLANE_ADDRESS;
	plane->x = cursor_coordinate(regs->pos & 0xffff);
	plane->y = cursor_coordinate(regs->pos >> 16);
	plane->on = true;
	return true;
}
