/* SPDX-License-Identifier: MIT */
/* Compiled for machines with AVX2. */
#define ROWS ugvt_pixel_rows_avx2
#include "gpu/render/pixel_rows_template.h"
