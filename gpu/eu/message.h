/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_MESSAGE_H
#define UGVT_GPU_EU_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bits.h"

/*
 * Fields of message descriptors (Gen9): Mesa's brw_inst.h and brw_eu.h; Ivy Bridge PRM vol. 4 part 1 and 2, "Message
 * Descriptor" of each shared function.
 */

#define UGVT_EU_DESC_FIELD(name, hi, lo)                            \
	static inline unsigned ugvt_eu_##name(uint32_t desc)        \
	{                                                           \
		return (unsigned)UGVT_GET(UGVT_MASK(hi, lo), desc); \
	}

/* Registers of payload and of response; a header is the payload's first. */
UGVT_EU_DESC_FIELD(message_length, 28, 25)
UGVT_EU_DESC_FIELD(response_length, 24, 20)
UGVT_EU_DESC_FIELD(message_header, 19, 19)
/* Of an extended descriptor: registers of the second payload. */
UGVT_EU_DESC_FIELD(ex_message_length, 9, 6)

/* Index in the binding table, of all that work on a surface. */
UGVT_EU_DESC_FIELD(surface, 7, 0)

UGVT_EU_DESC_FIELD(sampler_index, 11, 8)
UGVT_EU_DESC_FIELD(sampler_message, 16, 12)
UGVT_EU_DESC_FIELD(sampler_simd_mode, 18, 17)
UGVT_EU_DESC_FIELD(sampler_half, 30, 30)

UGVT_EU_DESC_FIELD(data_control, 13, 8)
UGVT_EU_DESC_FIELD(data_message, 18, 14)

UGVT_EU_DESC_FIELD(render_write_type, 10, 8)
UGVT_EU_DESC_FIELD(render_slots_high, 11, 11)
UGVT_EU_DESC_FIELD(render_last, 12, 12)

UGVT_EU_DESC_FIELD(urb_opcode, 3, 0)
UGVT_EU_DESC_FIELD(urb_offset, 14, 4)
UGVT_EU_DESC_FIELD(urb_masked, 15, 15)
UGVT_EU_DESC_FIELD(urb_per_slot, 17, 17)

UGVT_EU_DESC_FIELD(gateway_function, 2, 0)

UGVT_EU_DESC_FIELD(interpolator_data, 7, 0)
UGVT_EU_DESC_FIELD(interpolator_message, 13, 12)
UGVT_EU_DESC_FIELD(interpolator_linear, 14, 14)

enum {
	UGVT_EU_RENDER_TARGET_WRITE = 12,
	UGVT_EU_RENDER_TARGET_READ = 13,
	UGVT_EU_URB_SIMD8_WRITE = 7,
	UGVT_EU_URB_SIMD8_READ = 8,
};

#endif
