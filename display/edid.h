/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_EDID_H
#define UGVT_DISPLAY_EDID_H

#include <stdbool.h>
#include <stdint.h>

/* The monitor's identity and modes: EDID 1.4 (VESA E-EDID Standard release A, rev 2). */

#define UGVT_EDID_SIZE 128

struct ugvt_mode {
	uint32_t clock_khz;
	uint32_t hactive, hsync_start, hsync_end, htotal; // pixels
	uint32_t vactive, vsync_start, vsync_end, vtotal; // lines
};

/* The 60 Hz mode of width x height with reduced blanking, by VESA CVT 1.1. */
void ugvt_mode_cvt_rb(struct ugvt_mode *mode, unsigned width, unsigned height);

/* One block for a monitor whose preferred mode is width x height. false if a detailed timing can't hold that mode. */
bool ugvt_edid_build(uint8_t edid[UGVT_EDID_SIZE], unsigned width, unsigned height);

#endif
