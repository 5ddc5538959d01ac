/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GEN_FORMATS_H
#define UGVT_GEN_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * SURFACE_FORMAT of Gen9: one row per format that the sampler, render targets or vertex fetch may meet. Numbers: Mesa
 * src/intel/genxml and isl (the ten bits of RENDER_SURFACE_STATE DW0 27:18, bit 9 of them ASTC_Enable); what a name
 * means: PRM BDW vol 5, "Surface Format Naming": channels from the lowest bit up. Which unit supports a format:
 * PRM SKL vol 7, "Surface Formats", as listed by isl for generation 9.
 *
 * Not here: palettes, R1_UNORM, MONO8, YCRCB and planar formats, HDR ASTC, 64 bits per channel.
 */

enum ugvt_channel_type {
	UGVT_CHANNEL_NONE, // not in the element: reads as 0, alpha as 1
	UGVT_CHANNEL_UNORM,
	UGVT_CHANNEL_SNORM,
	UGVT_CHANNEL_UINT,
	UGVT_CHANNEL_SINT,
	UGVT_CHANNEL_FLOAT,   // IEEE of 16 or 32 bits
	UGVT_CHANNEL_UFLOAT,  // of 10 or 11 bits: exponent of 5, no sign
	UGVT_CHANNEL_USCALED, // an integer, converted to float
	UGVT_CHANNEL_SSCALED,
	UGVT_CHANNEL_SFIXED, // 16.16
};

struct ugvt_channel {
	uint8_t type;  // enum ugvt_channel_type
	uint8_t bits;  // 1 to 32
	uint8_t shift; // from the element's lowest bit; no channel straddles two dwords
};

enum ugvt_format_kind {
	UGVT_FORMAT_PLAIN, // channels say it all
	UGVT_FORMAT_SHARED_EXPONENT,
	/* Blocks; their texels are what gpu/sampler makes of them. */
	UGVT_FORMAT_BC1,
	UGVT_FORMAT_BC1_RGB, // alpha is always 1
	UGVT_FORMAT_BC2,
	UGVT_FORMAT_BC3,
	UGVT_FORMAT_BC4,
	UGVT_FORMAT_BC4_SIGNED,
	UGVT_FORMAT_BC5,
	UGVT_FORMAT_BC5_SIGNED,
	UGVT_FORMAT_BC6H,
	UGVT_FORMAT_BC6H_SIGNED,
	UGVT_FORMAT_BC7,
	UGVT_FORMAT_FXT1,
	UGVT_FORMAT_ETC1,
	UGVT_FORMAT_ETC2,
	UGVT_FORMAT_ETC2_PTA, // punch-through alpha
	UGVT_FORMAT_ETC2_RGBA,
	UGVT_FORMAT_EAC,
	UGVT_FORMAT_EAC_SIGNED,
	UGVT_FORMAT_EAC2,
	UGVT_FORMAT_EAC2_SIGNED,
	UGVT_FORMAT_ASTC,
};

enum ugvt_format_flags {
	UGVT_FORMAT_SAMPLE = 1 << 0,
	UGVT_FORMAT_FILTER = 1 << 1,
	UGVT_FORMAT_COMPARE = 1 << 2, // shadow mapping
	UGVT_FORMAT_RENDER = 1 << 3,
	UGVT_FORMAT_BLEND = 1 << 4,
	UGVT_FORMAT_VERTEX = 1 << 5, // vertex buffers
	UGVT_FORMAT_SRGB = 1 << 6,   // red, green and blue
};

struct ugvt_format {
	const char *name; // the PRM's
	uint16_t number;
	uint8_t bits; // per element: a texel, or a block
	uint8_t block_width;
	uint8_t block_height;
	uint8_t kind;                    // enum ugvt_format_kind
	uint8_t flags;                   // UGVT_FORMAT_*
	struct ugvt_channel channels[4]; // red, green, blue, alpha; PLAIN only
};

#define UGVT_FORMAT_NUMBERS 1024

/* NULL if there is no such format (or none that is in the table). */
const struct ugvt_format *ugvt_format(unsigned number);
/* By the PRM's name; NULL if none. For tests and tools: slow. */
const struct ugvt_format *ugvt_format_find(const char *name);

static inline bool ugvt_format_is_block(const struct ugvt_format *format)
{
	return format->kind >= UGVT_FORMAT_BC1;
}

/* Red's type tells whether texels are integers: then channels are 32-bit integers, not floats. */
static inline bool ugvt_format_is_integer(const struct ugvt_format *format)
{
	for (unsigned c = 0; c < 4; c++) {
		if (format->channels[c].type == UGVT_CHANNEL_UINT ||
			format->channels[c].type == UGVT_CHANNEL_SINT) {
			return true;
		}
	}
	return false;
}

#endif
