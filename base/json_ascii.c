/* SPDX-License-Identifier: MIT */
#include "base/json_ascii.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static size_t sequence_size(unsigned char lead)
{
	if (lead < 0xc2) {
		return 0;
	}
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/* How many bytes the character at text has, which is beyond ASCII; 0: it is none. */
static size_t decode(const char *text, size_t size, uint32_t *code)
{
	static const uint32_t least[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};
	size_t n = sequence_size((unsigned char)text[0]);

	if (n == 0 || n > size) {
		return 0;
	}
	*code = (unsigned char)text[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80) {
			return 0;
		}
		*code = *code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff)) {
		return 0;
	}
	return n;
}

static char *unit_put(char *out, uint32_t unit)
{
	return out + snprintf(out, sizeof("\\u0000"), "\\u%04x", (unsigned)unit);
}

static char *escape_put(char *out, uint32_t code)
{
	if (code < 0x10000) {
		return unit_put(out, code);
	}
	code -= 0x10000;
	return unit_put(unit_put(out, 0xd800 + (code >> 10)), 0xdc00 + (code & 0x3ff));
}

/* Returns the end, or NULL. */
static char *escape_all(char *out, const char *text, size_t size)
{
	bool after_backslash = false;
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < size; i += n) {
		if ((unsigned char)text[i] < 0x80) {
			after_backslash = text[i] == '\\' && !after_backslash;
			*out++ = text[i];
			n = 1;
			continue;
		}
		n = after_backslash ? 0 : decode(text + i, size - i, &code);
		if (n == 0) {
			return NULL;
		}
		out = escape_put(out, code);
	}
	*out = '\0';
	return out;
}

char *ugvt_json_ascii(const char *text, size_t size, size_t *length)
{
	char *ascii = size < SIZE_MAX / 3 ? malloc(3 * size + 1) : NULL;
	char *end = ascii ? escape_all(ascii, text, size) : NULL;

	if (!end) {
		free(ascii);
		return NULL;
	}
	*length = (size_t)(end - ascii);
	return ascii;
}
