/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_NUMBER_H
#define UGVT_GPU_EU_NUMBER_H

#include <stdint.h>

/* A float of 8 bits, as vector immediates have them: sign, 3 bits of exponent (bias 3), 4 of mantissa; zero has none of
 * them (Ivy Bridge PRM vol. 4 part 3, "Restricted 8-bit Float"). */
float ugvt_eu_vf_float(uint8_t bits);

#endif
