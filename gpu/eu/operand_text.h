/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_OPERAND_TEXT_H
#define UGVT_GPU_EU_OPERAND_TEXT_H

#include "gpu/eu/inst.h"
#include "gpu/eu/text.h"

/* Operands in assembly: "g2.1<0,1,0>F", "0x0008UW". */

void ugvt_eu_text_destination(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst);
void ugvt_eu_text_source(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst, unsigned n);
void ugvt_eu_text_descriptor(struct ugvt_eu_text *text, const struct ugvt_eu_descriptor *desc);

#endif
