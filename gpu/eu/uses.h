/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_USES_H
#define UGVT_GPU_EU_USES_H

#include "gpu/eu/program.h"

/* Sets program->uses from its steps: registers that some instruction may read. */
void ugvt_eu_uses_find(struct ugvt_eu_program *program);

#endif
