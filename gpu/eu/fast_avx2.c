/* SPDX-License-Identifier: MIT */
/* Compiled for machines with AVX2 and FMA. */
#define FAST_FIND ugvt_eu_fast_avx2
#include "gpu/eu/fast_template.h"
