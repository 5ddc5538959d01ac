/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_PLANE_H
#define UGVT_DISPLAY_PLANE_H

#include <stdbool.h>
#include <stdint.h>

#include "display/scanout.h"
#include "gpu/mem/tiling.h"
#include "gpu/regs/regfile.h"

/* What the registers of a plane or a cursor say, as they were when the write that arms them came. */
struct ugvt_plane_regs {
	uint32_t ctl, stride, pos, size, surf, offset;
	uint32_t key_value, key_mask, key_max;
	uint32_t aux_dist, aux_offset;
};

struct ugvt_cursor_regs {
	uint32_t ctl, base, pos, fbc;
};

enum ugvt_plane_alpha {
	UGVT_PLANE_OPAQUE,
	UGVT_PLANE_PREMULTIPLIED,
	UGVT_PLANE_STRAIGHT,
};

enum ugvt_plane_key {
	UGVT_PLANE_KEY_NONE,
	UGVT_PLANE_KEY_SOURCE,      // what matches is transparent
	UGVT_PLANE_KEY_DESTINATION, // what does not match hides the plane above
};

/* What the pipe does with a pixel after blending: the wishes of the plane that it comes from. */
enum ugvt_plane_ways {
	UGVT_PLANE_GAMMA = 1 << 0,
	UGVT_PLANE_CSC = 1 << 1,
};

/* How a scaler takes samples along an axis, in 1/65536 of a sample: the position of the first one taken (0 is the middle of the
 * source's first), and the step from one to the next. */
struct ugvt_plane_axis {
	int32_t phase;
	uint32_t step;
};

/* Where the U and V of UGVT_FORMAT_NV12 are, each sample for 2 x 2 pixels; tiling and rotation are the plane's. */
struct ugvt_plane_chroma {
	uint32_t surface, stride;
	uint32_t src_x, src_y; // samples
	struct ugvt_plane_axis horizontal, vertical;
};

/* A plane decoded: what is scanned out, and how it is laid over what is below. */
struct ugvt_plane_image {
	struct ugvt_scanout_plane plane;
	enum ugvt_plane_alpha alpha;
	uint8_t opacity; // of the plane as a whole, 255: opaque
	uint8_t ways;    // enum ugvt_plane_ways
	enum ugvt_plane_key key;
	uint32_t key_min,
		key_max; // colours of 8 bits a channel; a match is between both, in each channel of key_mask
	uint32_t key_mask;
	bool bt709;      // YUV: else BT.601
	bool full_range; // YUV: 0 to 255, else 16 to 235 and 240
	bool scaled;
	struct ugvt_plane_axis horizontal, vertical; // if scaled
	struct ugvt_plane_chroma chroma;             // UGVT_FORMAT_NV12
};

struct ugvt_plane_regs ugvt_plane_regs_read(
	const struct ugvt_regfile *regs, unsigned pipe, unsigned plane);
struct ugvt_cursor_regs ugvt_cursor_regs_read(const struct ugvt_regfile *regs, unsigned pipe);

/* An image that is not on if the plane is off. false: the plane is on but can't be shown, its format or tiling is not known. */
bool ugvt_plane_decode(const struct ugvt_plane_regs *regs, struct ugvt_plane_image *image);
bool ugvt_cursor_decode(const struct ugvt_cursor_regs *regs, struct ugvt_plane_image *image);

/* Bytes of a pixel of a format that ugvt_plane_decode() gives; of NV12, of its Y. */
uint32_t ugvt_plane_cpp(uint32_t fourcc);
bool ugvt_plane_is_yuv(uint32_t fourcc);
/* Packed, with a U and a V for two pixels. */
bool ugvt_plane_is_422(uint32_t fourcc);
enum ugvt_tiling ugvt_plane_tiling(enum ugvt_scanout_tiling tiling, uint32_t cpp);

#endif
