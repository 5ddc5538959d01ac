/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_DDC_H
#define UGVT_DISPLAY_DDC_H

#include <stdbool.h>
#include <stdint.h>

#include "display/edid.h"

/* A monitor's EDID memory on an I2C bus: a VESA E-DDC device at address 0x50, which counts its own read address. */

struct ugvt_ddc {
	const uint8_t *edid; // UGVT_EDID_SIZE bytes
	uint8_t at;          // next byte read
	bool offset_next;    // the next byte written sets at
};

void ugvt_ddc_init(struct ugvt_ddc *ddc, const uint8_t *edid);
/* A start condition and address, which is not acknowledged (false) if nobody listens to it. */
bool ugvt_ddc_start(struct ugvt_ddc *ddc, uint8_t address, bool read);
uint8_t ugvt_ddc_read(struct ugvt_ddc *ddc);
/* false: not acknowledged. */
bool ugvt_ddc_write(struct ugvt_ddc *ddc, uint8_t byte);

#endif
