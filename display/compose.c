/* SPDX-License-Identifier: MIT */
#include "display/compose.h"

#include <errno.h>
#include <pixman.h>
#include <stdlib.h>

#include "base/bits.h"
#include "gpu/mem/aspace.h"
#include "gpu/mem/tiling.h"

/* A plane is fetched and laid over the picture in bands of this many rows: a row of Y tiles. */
#define BAND_ROWS 32

struct composer {
	const struct ugvt_pipe_view *view;
	struct ugvt_guest_memory *memory;
	struct ugvt_aspace as;
	pixman_image_t *target;
	uint32_t *band; // BAND_ROWS rows of view->width pixels, of up to 8 bytes
};

/* The part of a plane that is on the pipe: where, and its first pixel in the source rectangle. */
struct patch {
	uint32_t x, y, width, height;
	uint32_t src_x, src_y;
};

int ugvt_picture_init(struct ugvt_picture *picture, uint32_t width, uint32_t height)
{
	*picture = (struct ugvt_picture){.width = width, .height = height, .stride = width * 4};
	picture->pixels = calloc(height, picture->stride);
	return picture->pixels ? 0 : -ENOMEM;
}

void ugvt_picture_finish(struct ugvt_picture *picture)
{
	free(picture->pixels);
	*picture = (struct ugvt_picture){0};
}

/* One axis: how much of size at position lies within 0..limit. */
static uint32_t clip(int32_t position, uint32_t size, uint32_t limit, uint32_t *skipped)
{
	int64_t end = UGVT_MIN((int64_t)position + size, (int64_t)limit);
	int64_t start = UGVT_MAX(position, 0);

	*skipped = (uint32_t)(start - position);
	return end > start ? (uint32_t)(end - start) : 0;
}

static bool patch_clip(
	const struct composer *c, const struct ugvt_plane_image *image, struct patch *patch)
{
	const struct ugvt_scanout_plane *plane = &image->plane;
	uint32_t left, top;

	patch->width = clip(plane->x, plane->width, c->view->width, &left);
	patch->height = clip(plane->y, plane->height, c->view->height, &top);
	if (patch->width == 0 || patch->height == 0) {
		return false;
	}
	patch->x = (uint32_t)(plane->x + (int32_t)left);
	patch->y = (uint32_t)(plane->y + (int32_t)top);
	if (image->rotated) {
		left = plane->width - left - patch->width;
		top = plane->height - top - patch->height;
	}
	patch->src_x = plane->src_x + left;
	patch->src_y = plane->src_y + top;
	return true;
}

static enum ugvt_tiling tiling_of(enum ugvt_scanout_tiling tiling)
{
	switch (tiling) {
	case UGVT_SCANOUT_X: return UGVT_TILING_X;
	case UGVT_SCANOUT_Y: return UGVT_TILING_Y;
	default: return UGVT_TILING_LINEAR;
	}
}

/* Bytes of a plane's row: from byte x of row y on. */
struct span {
	uint32_t x, y, size;
};

/* The GGTT's addresses wrap. */
static void span_fetch(
	struct composer *c, const struct ugvt_scanout_plane *plane, struct span span, char *data)
{
	enum ugvt_tiling tiling = tiling_of(plane->tiling);

	while (span.size > 0) {
		uint64_t offset = ugvt_tile_offset(tiling, plane->stride, span.x, span.y);
		uint32_t run = UGVT_MIN(ugvt_tile_run(tiling, span.x), span.size);

		ugvt_aspace_read(&c->as, (uint32_t)(plane->surface + offset), data, run);
		data += run;
		span.x += run;
		span.size -= run;
	}
}

static uint32_t *band_row(const struct composer *c, uint32_t y)
{
	return c->band + (size_t)y * c->view->width * 2;
}

static void band_fetch(struct composer *c, const struct ugvt_scanout_plane *plane,
	const struct patch *patch, uint32_t rows)
{
	uint32_t cpp = ugvt_plane_cpp(plane->fourcc);

	ugvt_guest_memory_begin(c->memory);
	ugvt_aspace_window(&c->as);
	for (uint32_t y = 0; y < rows; y++) {
		struct span span = {patch->src_x * cpp, patch->src_y + y, patch->width * cpp};

		span_fetch(c, plane, span, (char *)band_row(c, y));
	}
	ugvt_guest_memory_end(c->memory);
}

static void palette_apply(struct composer *c, uint32_t width, uint32_t rows)
{
	for (uint32_t y = 0; y < rows; y++) {
		uint32_t *row = band_row(c, y);

		for (uint32_t x = width; x-- > 0;) {
			row[x] = c->view->palette[((const uint8_t *)row)[x]];
		}
	}
}

/* A half float as 0 to 255; what is below 0 or not a number is 0. */
static uint32_t half_to_byte(uint16_t half)
{
	unsigned exponent = half >> 10 & 0x1f, mantissa = half & 0x3ff;

	if ((half & 0x8000) || exponent < 6 || (exponent == 0x1f && mantissa > 0)) {
		return 0;
	}
	if (exponent >= 15) {
		return 255;
	}
	return ((1024 + mantissa) * 255 + (UINT32_C(1) << (24 - exponent))) >> (25 - exponent);
}

static void floats_apply(struct composer *c, uint32_t width, uint32_t rows, bool blue_first)
{
	for (uint32_t y = 0; y < rows; y++) {
		uint32_t *row = band_row(c, y);

		for (uint32_t x = 0; x < width; x++) {
			uint32_t low = half_to_byte((uint16_t)row[2 * x]);
			uint32_t green = half_to_byte((uint16_t)(row[2 * x] >> 16));
			uint32_t high = half_to_byte((uint16_t)row[2 * x + 1]);

			row[x] = green << 8 | (blue_first ? high << 16 | low : low << 16 | high);
		}
	}
}

static uint32_t multiply(uint32_t pixel, unsigned shift, uint32_t alpha)
{
	uint32_t value = (pixel >> shift & 0xff) * alpha + 128;

	return (value + (value >> 8)) >> 8 << shift;
}

static void alpha_apply(struct composer *c, uint32_t width, uint32_t rows)
{
	for (uint32_t y = 0; y < rows; y++) {
		uint32_t *row = band_row(c, y);

		for (uint32_t x = 0; x < width; x++) {
			uint32_t alpha = row[x] >> 24;

			row[x] = alpha << 24 | multiply(row[x], 16, alpha) |
				 multiply(row[x], 8, alpha) | multiply(row[x], 0, alpha);
		}
	}
}

static pixman_format_code_t pixman_format(uint32_t fourcc)
{
	switch (fourcc) {
	case UGVT_FORMAT_RGB565: return PIXMAN_r5g6b5;
	case UGVT_FORMAT_XBGR8888: return PIXMAN_x8b8g8r8;
	case UGVT_FORMAT_ARGB8888: return PIXMAN_a8r8g8b8;
	case UGVT_FORMAT_ABGR8888: return PIXMAN_a8b8g8r8;
	case UGVT_FORMAT_XRGB2101010: return PIXMAN_x2r10g10b10;
	case UGVT_FORMAT_XBGR2101010: return PIXMAN_x2b10g10r10;
	default: return PIXMAN_x8r8g8b8;
	}
}

/* Turns what pixman has no format for into one that it has. */
static void band_convert(
	struct composer *c, const struct ugvt_plane_image *image, uint32_t width, uint32_t rows)
{
	switch (image->plane.fourcc) {
	case UGVT_FORMAT_C8: palette_apply(c, width, rows); break;
	case UGVT_FORMAT_XRGB16161616F: floats_apply(c, width, rows, true); break;
	case UGVT_FORMAT_XBGR16161616F: floats_apply(c, width, rows, false); break;
	default:
		if (image->alpha == UGVT_PLANE_STRAIGHT) {
			alpha_apply(c, width, rows);
		}
		break;
	}
}

static void half_turn(pixman_image_t *source, uint32_t width, uint32_t rows)
{
	pixman_transform_t turn = {{
		{-pixman_fixed_1, 0, pixman_int_to_fixed((int)width)},
		{0, -pixman_fixed_1, pixman_int_to_fixed((int)rows)},
		{0, 0, pixman_fixed_1},
	}};

	pixman_image_set_transform(source, &turn);
}

/* rows of the picture from y on. */
static bool band_draw(struct composer *c, const struct ugvt_plane_image *image,
	const struct patch *patch, uint32_t rows)
{
	pixman_op_t op = image->alpha == UGVT_PLANE_OPAQUE ? PIXMAN_OP_SRC : PIXMAN_OP_OVER;
	pixman_image_t *source =
		pixman_image_create_bits_no_clear(pixman_format(image->plane.fourcc),
			(int)patch->width, (int)rows, c->band, (int)c->view->width * 8);

	if (!source) {
		return false;
	}
	if (image->rotated) {
		half_turn(source, patch->width, rows);
	}
	pixman_image_composite32(op, source, NULL, c->target, 0, 0, 0, 0, (int)patch->x,
		(int)patch->y, (int)patch->width, (int)rows);
	pixman_image_unref(source);
	return true;
}

static bool image_draw(struct composer *c, const struct ugvt_plane_image *image)
{
	struct patch patch;
	uint32_t rows;

	if (!image->plane.on || !patch_clip(c, image, &patch)) {
		return true;
	}
	for (uint32_t done = 0; done < patch.height; done += rows) {
		struct patch band = patch;

		rows = UGVT_MIN(patch.height - done, BAND_ROWS);
		band.y += done;
		band.src_y += image->rotated ? patch.height - done - rows : done;
		band_fetch(c, &image->plane, &band, rows);
		band_convert(c, image, patch.width, rows);
		if (!band_draw(c, image, &band, rows)) {
			return false;
		}
	}
	return true;
}

static void background_fill(struct ugvt_picture *picture, uint32_t colour)
{
	size_t count = (size_t)picture->width * picture->height;

	for (size_t i = 0; colour != 0 && i < count; i++) {
		picture->pixels[i] = colour;
	}
}

static bool planes_draw(struct composer *c)
{
	for (unsigned plane = 0; plane < UGVT_PLANE_COUNT; plane++) {
		if (!image_draw(c, &c->view->planes[plane])) {
			return false;
		}
	}
	return image_draw(c, &c->view->cursor);
}

static int compose(struct composer *c, struct ugvt_picture *picture)
{
	bool done;

	ugvt_aspace_init(&c->as, c->memory, c->as.ggtt);
	background_fill(picture, c->view->background);
	c->band = malloc((size_t)BAND_ROWS * c->view->width * 8);
	c->target = pixman_image_create_bits_no_clear(PIXMAN_x8r8g8b8, (int)picture->width,
		(int)picture->height, picture->pixels, (int)picture->stride);
	done = c->band && c->target && planes_draw(c);
	if (c->target) {
		pixman_image_unref(c->target);
	}
	free(c->band);
	return done ? 0 : -ENOMEM;
}

int ugvt_compose(const struct ugvt_pipe_view *view, struct ugvt_guest_memory *memory,
	const struct ugvt_ggtt *ggtt, struct ugvt_picture *picture)
{
	struct composer *c;
	int ret = ugvt_picture_init(picture, view->width, view->height);

	if (ret < 0) {
		return ret;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		ugvt_picture_finish(picture);
		return -ENOMEM;
	}
	c->view = view;
	c->memory = memory;
	c->as.ggtt = ggtt;
	ret = compose(c, picture);
	if (ret < 0) {
		ugvt_picture_finish(picture);
	}
	free(c);
	return ret;
}
