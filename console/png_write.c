/* SPDX-License-Identifier: MIT */
#include "console/png_write.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#define COMPRESSION 3 // screens are flat: more takes longer and gains little

static void handle_error(png_structp png, png_const_charp message)
{
	longjmp(png_jmpbuf(png), 1);
}

static void handle_warning(png_structp png, png_const_charp message)
{
}

static void write_rows(png_structp png, png_infop info, const struct ugvt_picture *picture)
{
	png_set_IHDR(png, info, picture->width, picture->height, 8, PNG_COLOR_TYPE_RGB,
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_compression_level(png, COMPRESSION);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
	png_write_info(png, info);
	/* Pixels are words: blue comes first in memory, and a byte without meaning last. */
	png_set_bgr(png);
	png_set_filler(png, 0, PNG_FILLER_AFTER);
	for (uint32_t y = 0; y < picture->height; y++) {
		png_write_row(png, (png_const_bytep)picture->pixels + (size_t)y * picture->stride);
	}
	png_write_end(png, info);
}

/* What longjmp() leaves behind is only read here, and not changed after setjmp(). */
static int write_guarded(FILE *file, const struct ugvt_picture *picture, png_structp png)
{
	png_infop info = png_create_info_struct(png);

	if (!info) {
		return -ENOMEM;
	}
	png_init_io(png, file);
	if (setjmp(png_jmpbuf(png))) {
		png_destroy_info_struct(png, &info);
		return errno > 0 ? -errno : -EIO;
	}
	errno = 0;
	write_rows(png, info, picture);
	png_destroy_info_struct(png, &info);
	return fflush(file) == 0 ? 0 : -errno;
}

int ugvt_png_write(FILE *file, const struct ugvt_picture *picture)
{
	png_structp png;
	int ret;

	if (!picture->pixels || picture->width == 0 || picture->height == 0) {
		return -EINVAL;
	}
	png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, handle_error, handle_warning);
	if (!png) {
		return -ENOMEM;
	}
	ret = write_guarded(file, picture, png);
	png_destroy_write_struct(&png, NULL);
	return ret;
}
