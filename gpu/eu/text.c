/* SPDX-License-Identifier: MIT */
#include "gpu/eu/text.h"

#include <stdio.h>

void ugvt_eu_text_init(struct ugvt_eu_text *text, char *buffer, size_t size)
{
	*text = (struct ugvt_eu_text){.buffer = buffer, .size = size};
	buffer[0] = '\0';
}

void ugvt_eu_text_add(struct ugvt_eu_text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->buffer + text->used, text->size - text->used, format, arguments);
	va_end(arguments);
	if (length > 0) {
		text->used += (size_t)length;
	}
	if (text->used >= text->size) {
		text->used = text->size - 1;
	}
}

void ugvt_eu_text_pad(struct ugvt_eu_text *text, size_t column)
{
	size_t at = text->used - text->line;

	ugvt_eu_text_add(text, "%*s", column > at ? (int)(column - at) : 1, "");
}

void ugvt_eu_text_newline(struct ugvt_eu_text *text)
{
	ugvt_eu_text_add(text, "\n");
	text->line = text->used;
}
