/* SPDX-License-Identifier: MIT */
#include "gpu/eu/number.h"

#include <string.h>

float ugvt_eu_vf_float(uint8_t vf)
{
	uint32_t bits = (uint32_t)(vf & 0x80) << 24;
	float value;

	if (vf & 0x7f) {
		bits |= ((uint32_t)(vf >> 4 & 7) + 127 - 3) << 23 | (uint32_t)(vf & 0xf) << 19;
	}
	memcpy(&value, &bits, sizeof(value));
	return value;
}
