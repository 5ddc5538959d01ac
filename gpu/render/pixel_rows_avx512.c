/* SPDX-License-Identifier: MIT */
/* Compiled for machines with AVX-512. */
#define ROWS ugvt_pixel_rows_avx512
#include "gpu/render/pixel_rows_template.h"
