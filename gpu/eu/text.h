/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_TEXT_H
#define UGVT_GPU_EU_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/* A line that grows in the caller's buffer; what does not fit is cut off. Always ends with a NUL. */
struct ugvt_eu_text {
	char *buffer;
	size_t size, used;
	size_t line; // where the current line starts
};

void ugvt_eu_text_init(struct ugvt_eu_text *text, char *buffer, size_t size);
__attribute__((format(printf, 2, 3))) void ugvt_eu_text_add(
	struct ugvt_eu_text *text, const char *format, ...);
/* At least one space, and as many as it takes to column. */
void ugvt_eu_text_pad(struct ugvt_eu_text *text, size_t column);
void ugvt_eu_text_newline(struct ugvt_eu_text *text);

#endif
