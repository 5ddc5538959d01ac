/* SPDX-License-Identifier: MIT */
#include "manager/number.h"

#include <ctype.h>
#include <stdint.h>

bool ugvt_number_parse(const char *text, unsigned min, unsigned max, unsigned *number)
{
	uint64_t value = 0;

	if (!*text) {
		return false;
	}
	for (const char *c = text; *c; c++) {
		if (!isdigit((unsigned char)*c) || value > max) {
			return false;
		}
		value = value * 10 + (uint64_t)(*c - '0');
	}
	if (value < min || value > max) {
		return false;
	}
	*number = (unsigned)value;
	return true;
}
