/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_ASTC_H
#define UGVT_GPU_SAMPLER_ASTC_H

#include "gpu/sampler/block_kinds.h"

/*
 * For gpu/sampler only: the parts of ASTC, LDR profile, 2D. PRM CHV vol 5, "Adaptive Scalable Texture Compression (ASTC)".
 * An index of its text is a weight here, from 0 to 64. What its tables leave out is in the Khronos Data Format
 * Specification, "ASTC Compressed Texture Image Formats".
 */

enum {
	UGVT_ASTC_PARTITIONS = 4,
	UGVT_ASTC_VALUES = 18, // of endpoints in a block, at most
	UGVT_ASTC_WEIGHTS = 64,
};

/* Integers from 0 to (trits ? 3 : quints ? 5 : 1) << bits, less one. What else there is makes 8 (or 6) bits of them: the
 * tables "Endpoint Unquantization" and "Index Unquantization Parameters". */
struct ugvt_astc_range {
	uint8_t trits; // 0 or 1
	uint8_t quints;
	uint8_t bits;
	uint8_t scale;   // C
	uint16_t spread; // B: all bits but the lowest, times spread,
	uint8_t shift;   // shifted to the right
};

/* How a block is divided up. */
struct ugvt_astc_mode {
	bool dual; // a second plane of weights, for the channel selector
	uint8_t selector;
	uint8_t columns; // of weights
	uint8_t rows;
	uint8_t weights; // of both planes
	uint8_t weight_bits;
	uint8_t partitions;
	uint16_t seed;
	uint8_t endpoint_modes[UGVT_ASTC_PARTITIONS];
	uint8_t values;       // of all endpoints
	uint8_t values_start; // bit of the block
	const struct ugvt_astc_range *weight_range;
	const struct ugvt_astc_range *value_range;
};

/* Two colours of a partition. */
struct ugvt_astc_line {
	bool error; // of the HDR profile
	uint8_t endpoints[2][4];
};

/* The bits from one on. */
static inline struct ugvt_block_bits ugvt_astc_from(struct ugvt_block_bits bits, unsigned from)
{
	while (from > 0) {
		unsigned part = from < 32 ? from : 32;

		ugvt_block_take(&bits, part);
		from -= part;
	}
	return bits;
}

/* count: 0 to 32. */
static inline uint32_t ugvt_astc_field(struct ugvt_block_bits bits, unsigned from, unsigned count)
{
	bits = ugvt_astc_from(bits, from);
	return ugvt_block_take(&bits, count);
}

/* false: an illegal encoding. Not of void extents. */
bool ugvt_astc_mode_decode(struct ugvt_astc_mode *mode, struct ugvt_block_bits block,
	const struct ugvt_format *format);

/* Weights: number is R (2 to 7), high is H. */
const struct ugvt_astc_range *ugvt_astc_weight_range(unsigned number, bool high);
/* The largest range of which so many values take at most so many bits; NULL if there is none. */
const struct ugvt_astc_range *ugvt_astc_value_range(unsigned values, int bits);
unsigned ugvt_astc_sequence_bits(const struct ugvt_astc_range *range, unsigned count);
/* Integers as they are stored, from the lowest bit on. */
void ugvt_astc_sequence_read(struct ugvt_block_bits bits, const struct ugvt_astc_range *range,
	unsigned count, uint8_t *values);
/* To 0 to 255. */
uint8_t ugvt_astc_value_expand(const struct ugvt_astc_range *range, unsigned value);
/* To 0 to 64. */
uint8_t ugvt_astc_weight_expand(const struct ugvt_astc_range *range, unsigned value);

/* The endpoints of a mode (CEM), of 2, 4, 6 or 8 values. */
void ugvt_astc_line_make(struct ugvt_astc_line *line, unsigned mode, const uint8_t *values);

/* Two planes, if there are two, for each texel. */
struct ugvt_astc_weights {
	uint8_t texels[2][UGVT_BLOCK_TEXELS];
};

void ugvt_astc_weights_read(const struct ugvt_astc_mode *mode, struct ugvt_block_bits block,
	const struct ugvt_format *format, struct ugvt_astc_weights *weights);

/* The partition of a texel; small: a block of less than 31 texels. */
unsigned ugvt_astc_partition(const struct ugvt_astc_mode *mode, unsigned x, unsigned y, bool small);

#endif
