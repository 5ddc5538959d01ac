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

bool ugvt_fail_quoted(struct ugvt_failure *failure, int code, const char *text)
{
	ugvt_fail(failure, code, "%s", text);
	for (char *c = failure->text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f) {
			*c = '?';
		}
	}
	return false;
}
