/* SPDX-License-Identifier: MIT */
#include "display/ddc.h"

#define DDC_ADDRESS 0x50

void ugvt_ddc_init(struct ugvt_ddc *ddc, const uint8_t *edid)
{
	*ddc = (struct ugvt_ddc){.edid = edid};
}

bool ugvt_ddc_start(struct ugvt_ddc *ddc, uint8_t address, bool read)
{
	if (address != DDC_ADDRESS) {
		return false;
	}
	ddc->offset_next = !read;
	return true;
}

/* There is one block: what lies beyond it reads as ones, as from a memory that isn't there. */
uint8_t ugvt_ddc_read(struct ugvt_ddc *ddc)
{
	uint8_t at = ddc->at++;

	return at < UGVT_EDID_SIZE ? ddc->edid[at] : 0xff;
}

bool ugvt_ddc_write(struct ugvt_ddc *ddc, uint8_t byte)
{
	if (!ddc->offset_next) {
		return false;
	}
	ddc->at = byte;
	ddc->offset_next = false;
	return true;
}
