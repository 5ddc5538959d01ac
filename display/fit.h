/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_FIT_H
#define UGVT_DISPLAY_FIT_H

#include "display/scaler.h"

/* Draws source, scaled, into its window in *target; what of the window is outside of it is left out. 0 or -ENOMEM. */
int ugvt_fit_draw(const struct ugvt_scaler_fit *fit, const struct ugvt_picture *source,
	struct ugvt_picture *target);

#endif
