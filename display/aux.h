/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_AUX_H
#define UGVT_DISPLAY_AUX_H

#include <stdbool.h>

#include "display/dp_sink.h"
#include "gpu/regs/regfile.h"

#define UGVT_AUX_COUNT 4

/* After a write to DP_AUX_CH_CTL of channel: does the transaction it asks for, with sink (NULL: nobody is there). true if the
 * guest wants an interrupt for it. */
bool ugvt_aux_write(struct ugvt_regfile *regs, unsigned channel, struct ugvt_dp_sink *sink);

#endif
