/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_MESSAGE_TEXT_H
#define UGVT_GPU_EU_MESSAGE_TEXT_H

#include "gpu/eu/inst.h"
#include "gpu/eu/text.h"

/* What a send says to whom: "sampler MsgDesc: ld SIMD8 Surface = 1 Sampler = 0 mlen 4 rlen 4". */
void ugvt_eu_text_message(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst);

#endif
