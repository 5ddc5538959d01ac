/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "console/png_write.h"

static uint32_t pixels[3 * 5] = {
	0x00ff0000,
	0xff00ff00,
	0x120000ff,
	1,
	2,
	0x00ffffff,
	0x00000000,
	0x00123456,
	3,
	4,
	0x00808080,
	0x00010203,
	0x00fedcba,
	5,
	6,
};

/* Rows are longer than what they show. */
static const struct ugvt_picture picture = {
	.width = 3, .height = 3, .stride = 20, .pixels = pixels};

static void test_round_trip(void **state)
{
	FILE *file = tmpfile();
	png_image image = {.version = PNG_IMAGE_VERSION};
	unsigned char rgb[27];

	assert_non_null(file);
	assert_int_equal(ugvt_png_write(file, &picture), 0);
	rewind(file);
	assert_int_equal(png_image_begin_read_from_stdio(&image, file), 1);
	assert_int_equal(image.width, 3);
	assert_int_equal(image.height, 3);
	assert_int_equal(image.format, PNG_FORMAT_RGB);
	assert_int_equal(png_image_finish_read(&image, NULL, rgb, 0, NULL), 1);
	for (unsigned y = 0; y < 3; y++) {
		for (unsigned x = 0; x < 3; x++) {
			const unsigned char *at = rgb + 9 * y + 3 * x;

			assert_int_equal((uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2],
				pixels[5 * y + x] & 0xffffff);
		}
	}
	fclose(file);
}

static void test_refused(void **state)
{
	struct ugvt_picture none = {0};
	struct ugvt_picture flat = picture;
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	flat.height = 0;
	assert_int_equal(ugvt_png_write(full, &none), -EINVAL);
	assert_int_equal(ugvt_png_write(full, &flat), -EINVAL);
	assert_int_equal(ugvt_png_write(full, &picture), -ENOSPC);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
