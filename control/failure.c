/* SPDX-License-Identifier: MIT */
#include "control/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool ugvt_fail(struct ugvt_failure *failure, int code, const char *format, ...)
{
	va_list args;

	failure->code = code;
	va_start(args, format);
	vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	return false;
}

void ugvt_failure_append(struct ugvt_failure *failure, const char *format, ...)
{
	size_t used = strlen(failure->text);
	va_list args;

	va_start(args, format);
	vsnprintf(failure->text + used, sizeof(failure->text) - used, format, args);
	va_end(args);
}

void ugvt_failure_append_quoted(struct ugvt_failure *failure, const char *text)
{
	size_t used = strlen(failure->text);

	ugvt_failure_append(failure, "%.*s", UGVT_FAILURE_QUOTE_MAX, text);
	for (char *c = failure->text + used; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f) {
			*c = '?';
		}
	}
}

bool ugvt_fail_quoted(struct ugvt_failure *failure, int code, const char *text)
{
	ugvt_fail(failure, code, "%s", "");
	ugvt_failure_append_quoted(failure, text);
	return false;
}
