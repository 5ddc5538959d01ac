/* SPDX-License-Identifier: MIT */

/*
 * usage: picture-diff PICTURE.png PICTURE.ppm
 *
 * Prints how many of a million pixels differ by more than 2 of 255 in a channel, and by how much the worst one does.
 */

#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 2

struct picture {
	uint32_t width, height;
	uint8_t *pixels; // R, G, B
};

static bool png_load(struct picture *picture, const char *path)
{
	png_image image = {.version = PNG_IMAGE_VERSION};

	if (!png_image_begin_read_from_file(&image, path)) {
		return false;
	}
	image.format = PNG_FORMAT_RGB;
	picture->width = image.width;
	picture->height = image.height;
	picture->pixels = malloc(PNG_IMAGE_SIZE(image));
	if (!picture->pixels) {
		png_image_free(&image);
		return false;
	}
	return png_image_finish_read(&image, NULL, picture->pixels, 0, NULL);
}

static bool ppm_load(struct picture *picture, const char *path)
{
	FILE *file = fopen(path, "rb");
	bool ok = false;
	size_t size;

	if (!file) {
		return false;
	}
	if (fscanf(file, "P6 %u %u 255", &picture->width, &picture->height) == 2 &&
		picture->width <= 16384 && picture->height <= 16384 && fgetc(file) == '\n') {
		size = (size_t)picture->width * picture->height * 3;
		picture->pixels = malloc(size);
		ok = picture->pixels && fread(picture->pixels, 1, size, file) == size;
	}
	fclose(file);
	return ok;
}

static int pixel_diff(const uint8_t *a, const uint8_t *b)
{
	int worst = 0;

	for (int i = 0; i < 3; i++) {
		int diff = abs(a[i] - b[i]);

		worst = diff > worst ? diff : worst;
	}
	return worst;
}

static void compare(const struct picture *a, const struct picture *b)
{
	size_t count = (size_t)a->width * a->height, differ = 0;
	int worst = 0;

	for (size_t i = 0; i < count; i++) {
		int diff = pixel_diff(a->pixels + 3 * i, b->pixels + 3 * i);

		differ += diff > TOLERANCE;
		worst = diff > worst ? diff : worst;
	}
	printf("%llu per million, worst %d\n", differ * 1000000ull / count, worst);
}

int main(int argc, char **argv)
{
	struct picture a = {0}, b = {0};
	bool ok = argc == 3 && png_load(&a, argv[1]) && ppm_load(&b, argv[2]);

	if (!ok || a.width != b.width || a.height != b.height) {
		fprintf(stderr, "picture-diff: %s\n",
			ok ? "the pictures' sizes differ" : "cannot read the pictures");
		return EXIT_FAILURE;
	}
	compare(&a, &b);
	free(a.pixels);
	free(b.pixels);
	return EXIT_SUCCESS;
}
