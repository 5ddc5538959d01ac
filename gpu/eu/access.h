/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_ACCESS_H
#define UGVT_GPU_EU_ACCESS_H

#include "gpu/eu/program.h"

/* Fills in step's accesses, domain and masks from its instruction, which must be valid. */
void ugvt_eu_access_prepare(struct ugvt_eu_step *step);

#endif
