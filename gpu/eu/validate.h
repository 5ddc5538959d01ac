/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_VALIDATE_H
#define UGVT_GPU_EU_VALIDATE_H

#include "gpu/eu/inst.h"

/*
 * What is wrong with an instruction, in a few words; NULL: nothing, it can be executed. The rules are those of the Ivy
 * Bridge PRM vol. 4 part 3, section 3.3 ("Region Restrictions", "Instruction Machine Formats") and of each instruction.
 * Branch targets are not looked at: they need the whole kernel.
 */
const char *ugvt_eu_validate(const struct ugvt_eu_inst *inst);

#endif
