/* SPDX-License-Identifier: MIT */
#ifndef UGVT_BASE_JSON_ASCII_H
#define UGVT_BASE_JSON_ASCII_H

#include <stddef.h>

/* The JSON text with each character beyond ASCII as JSON's \u escape, which means the same; at most three times as
 * long, its length in *length, a NUL behind it, for the caller to free. NULL if text is not UTF-8 (RFC 3629), if a
 * backslash is before such a character, or if there is no memory.
 *
 * For json-c 0.18: its strict mode takes nothing but ASCII in strings (json-c's issue 892). */
char *ugvt_json_ascii(const char *text, size_t size, size_t *length);

#endif
