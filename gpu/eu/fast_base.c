/* SPDX-License-Identifier: MIT */
#define FAST_FIND ugvt_eu_fast_base
#include "gpu/eu/fast_template.h"
