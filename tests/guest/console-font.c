/* SPDX-License-Identifier: MIT */

/* Runs in a test guest: writes the font of its console to the standard output, as a PSF2 file that screen-text reads. */

#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* KDFONTOP hands out glyphs of this many rows, whatever the font's height (ioctl_console(2)). */
#define ROWS_PER_GLYPH 32
#define MAX_WIDTH 32
#define MAX_GLYPHS 512

static bool font_read(struct console_font_op *op, uint8_t *glyphs)
{
	int console = open("/dev/tty0", O_RDWR | O_CLOEXEC | O_NOCTTY);

	*op = (struct console_font_op){
		.op = KD_FONT_OP_GET,
		.width = MAX_WIDTH,
		.height = ROWS_PER_GLYPH,
		.charcount = MAX_GLYPHS,
		.data = glyphs,
	};
	return console >= 0 && ioctl(console, KDFONTOP, op) == 0;
}

static bool font_write(const struct console_font_op *op, const uint8_t *glyphs)
{
	uint32_t row_size = (op->width + 7) / 8;
	uint32_t glyph_size = row_size * op->height;
	uint32_t header[8] = {
		0x864ab572, 0, sizeof(header), 0, op->charcount, glyph_size, op->height, op->width};

	fwrite(header, sizeof(header), 1, stdout);
	for (uint32_t i = 0; i < op->charcount; i++) {
		fwrite(glyphs + i * row_size * ROWS_PER_GLYPH, glyph_size, 1, stdout);
	}
	return fflush(stdout) == 0;
}

int main(void)
{
	static uint8_t glyphs[MAX_GLYPHS * ROWS_PER_GLYPH * MAX_WIDTH / 8];
	struct console_font_op op;

	if (!font_read(&op, glyphs) || !font_write(&op, glyphs)) {
		fprintf(stderr, "console-font: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
