/* SPDX-License-Identifier: MIT */

/*
 * Reads the text of a Linux console out of a picture of it: cuts the picture into cells of the font's size and looks each
 * cell up among the font's glyphs. It needs no guessing because a console draws every cell from exactly those glyphs.
 */

#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PSF2_MAGIC 0x864ab572
#define MAX_GLYPH_SIZE 128
#define FIRST_GLYPH ' '
#define LAST_GLYPH '~'

/* How bright a channel of a lit pixel is at least; the console's dark grey is 0x55. */
#define LIT 0x40

struct font {
	uint32_t width, height; // pixels
	uint32_t glyph_size;    // bytes
	uint8_t glyphs[LAST_GLYPH + 1][MAX_GLYPH_SIZE];
};

struct picture {
	uint32_t width, height;
	uint8_t *pixels; // R, G, B
};

static bool font_load(struct font *font, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint32_t header[8];
	bool ok = false;

	if (!file) {
		return false;
	}
	if (fread(header, sizeof(header), 1, file) == 1 && header[0] == PSF2_MAGIC &&
		header[4] > LAST_GLYPH && header[5] <= MAX_GLYPH_SIZE) {
		font->glyph_size = header[5];
		font->height = header[6];
		font->width = header[7];
		ok = font->width > 0 && font->height > 0 &&
		     (font->width + 7) / 8 * font->height == font->glyph_size &&
		     fseek(file, header[2], SEEK_SET) == 0;
	}
	for (int i = 0; ok && i <= LAST_GLYPH; i++) {
		ok = fread(font->glyphs[i], font->glyph_size, 1, file) == 1;
	}
	fclose(file);
	return ok;
}

static bool picture_load(struct picture *picture, const char *path)
{
	png_image png = {.version = PNG_IMAGE_VERSION};

	if (!png_image_begin_read_from_file(&png, path)) {
		return false;
	}
	png.format = PNG_FORMAT_RGB;
	picture->width = png.width;
	picture->height = png.height;
	picture->pixels = malloc(PNG_IMAGE_SIZE(png));
	if (!picture->pixels || !png_image_finish_read(&png, NULL, picture->pixels, 0, NULL)) {
		png_image_free(&png);
		free(picture->pixels);
		return false;
	}
	return true;
}

static bool pixel_is_lit(const struct picture *picture, uint32_t x, uint32_t y)
{
	const uint8_t *pixel = picture->pixels + ((size_t)y * picture->width + x) * 3;

	return pixel[0] >= LIT || pixel[1] >= LIT || pixel[2] >= LIT;
}

/* '?' for what is not text, such as the cursor. */
static char font_find(const struct font *font, const uint8_t *bits)
{
	for (int i = FIRST_GLYPH; i <= LAST_GLYPH; i++) {
		if (memcmp(font->glyphs[i], bits, font->glyph_size) == 0) {
			return (char)i;
		}
	}
	return '?';
}

struct screen {
	struct font font;
	struct picture picture;
};

static char cell_decode(const struct screen *screen, uint32_t column, uint32_t row)
{
	const struct font *font = &screen->font;
	uint32_t row_size = (font->width + 7) / 8;
	uint8_t bits[MAX_GLYPH_SIZE] = {0};

	for (uint32_t y = 0; y < font->height; y++) {
		for (uint32_t x = 0; x < font->width; x++) {
			if (pixel_is_lit(&screen->picture, column * font->width + x,
				    row * font->height + y)) {
				bits[y * row_size + x / 8] |= 0x80 >> x % 8;
			}
		}
	}
	return font_find(font, bits);
}

static void repeat(char c, uint32_t count)
{
	while (count-- > 0) {
		putchar(c);
	}
}

/* Prints the row without the spaces at its end; false, and nothing, if it is empty. */
static bool row_print(const struct screen *screen, uint32_t row, uint32_t empty_rows)
{
	uint32_t columns = screen->picture.width / screen->font.width;
	uint32_t spaces = 0;
	bool empty = true;

	for (uint32_t column = 0; column < columns; column++) {
		char c = cell_decode(screen, column, row);

		if (c == ' ') {
			spaces++;
			continue;
		}
		repeat('\n', empty ? empty_rows : 0);
		repeat(' ', spaces);
		putchar(c);
		spaces = 0;
		empty = false;
	}
	if (!empty) {
		putchar('\n');
	}
	return !empty;
}

static void text_print(const struct screen *screen)
{
	uint32_t rows = screen->picture.height / screen->font.height;
	uint32_t empty_rows = 0;

	for (uint32_t row = 0; row < rows; row++) {
		empty_rows = row_print(screen, row, empty_rows) ? 0 : empty_rows + 1;
	}
}

int main(int argc, char **argv)
{
	struct screen screen;

	if (argc != 3) {
		printf("usage: screen-text PICTURE.png FONT.psf\n"
		       "Prints the text on a picture of a Linux console that uses the font, '?' for what is not text.\n");
		return argc == 2 && strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (!font_load(&screen.font, argv[2])) {
		fprintf(stderr, "screen-text: %s is not a PSF2 font\n", argv[2]);
		return EXIT_FAILURE;
	}
	if (!picture_load(&screen.picture, argv[1])) {
		fprintf(stderr, "screen-text: %s is not a PNG picture\n", argv[1]);
		return EXIT_FAILURE;
	}
	text_print(&screen);
	free(screen.picture.pixels);
	return EXIT_SUCCESS;
}
