/* SPDX-License-Identifier: MIT */
#ifndef UGVT_DISPLAY_DP_SINK_H
#define UGVT_DISPLAY_DP_SINK_H

#include <stdint.h>

#include "display/ddc.h"

/*
 * The DisplayPort side of the monitor: a DPCD 1.2 sink with four lanes of up to 5.4 Gbit/s, single stream. It is handed AUX
 * messages and answers them at once, never with a defer. VESA DisplayPort 1.2, sections 2.7 (AUX), 2.9.3 (DPCD).
 */

#define UGVT_AUX_MESSAGE_MAX 20 // bytes, header included
#define UGVT_DPCD_SIZE 0x800    // bytes kept: capabilities, configuration, status, power

struct ugvt_dp_sink {
	struct ugvt_ddc ddc;
	uint8_t i2c_address;
	uint8_t i2c_open; // between a message with MOT and the one that ends it: 1 + read
	uint8_t dpcd[UGVT_DPCD_SIZE];
};

/* edid: UGVT_EDID_SIZE bytes that outlive the sink. */
void ugvt_dp_sink_init(struct ugvt_dp_sink *sink, const uint8_t *edid);

/* The answer to the request of n bytes, 1 to UGVT_AUX_MESSAGE_MAX; returns its size, 0 if the sink stays silent as it does on
 * a message that is none. */
unsigned ugvt_dp_sink_aux(struct ugvt_dp_sink *sink, const uint8_t *request, unsigned n,
	uint8_t reply[UGVT_AUX_MESSAGE_MAX]);

#endif
