/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/astc.h"

/* PRM CHV vol 5, "Index Mode", "Color Endpoint Mode", "Color Endpoint Data Size Determination" and "Illegal Encodings". */

enum {
	START_ONE = 17,  // of the endpoints' values: one partition
	START_MANY = 29, // more than one
	WEIGHT_BITS_MIN = 24,
	WEIGHT_BITS_MAX = 96,
};

/* The rows of the table of 2D blocks whose lowest two bits are not 0. */
static void grid_small(struct ugvt_astc_mode *mode, unsigned bits)
{
	unsigned a = bits >> 5 & 3;
	unsigned b = bits >> 7 & 3;

	mode->columns = a + 2;
	mode->rows = a + 2;
	switch (bits >> 2 & 3) {
	case 0: mode->columns = b + 4; break;
	case 1: mode->columns = b + 8; break;
	case 2: mode->rows = b + 8; break;
	case 3:
		if (b & 2) {
			mode->columns = (b & 1) + 2;
		} else {
			mode->rows = (b & 1) + 6;
		}
		break;
	}
}

/* The others; false: reserved. */
static bool grid_large(struct ugvt_astc_mode *mode, unsigned bits)
{
	unsigned a = bits >> 5 & 3;

	switch (bits >> 7 & 3) {
	case 0:
		mode->columns = 12;
		mode->rows = a + 2;
		break;
	case 1:
		mode->columns = a + 2;
		mode->rows = 12;
		break;
	case 2:
		mode->columns = a + 6;
		mode->rows = (bits >> 9 & 3) + 6;
		break;
	case 3:
		mode->columns = a == 0 ? 6 : 10;
		mode->rows = a == 0 ? 10 : 6;
		return a < 2;
	}
	return true;
}

/* Of the block's lowest 11 bits. */
static bool weights_decode(struct ugvt_astc_mode *mode, unsigned bits)
{
	unsigned number = bits >> 4 & 1;
	bool high = bits >> 9 & 1;
	unsigned weights;
	unsigned size;

	mode->dual = bits >> 10 & 1;
	if ((bits & 3) != 0) {
		number |= (bits & 3) << 1;
		grid_small(mode, bits);
	} else {
		number |= (bits >> 2 & 3) << 1;
		if (number < 2 || !grid_large(mode, bits)) {
			return false;
		}
		if ((bits >> 7 & 3) == 2) {
			mode->dual = high = false;
		}
	}
	weights = mode->columns * mode->rows << mode->dual;
	if (weights > UGVT_ASTC_WEIGHTS) {
		return false;
	}
	mode->weights = weights;
	mode->weight_range = ugvt_astc_weight_range(number, high);
	size = ugvt_astc_sequence_bits(mode->weight_range, weights);
	mode->weight_bits = size;
	return size >= WEIGHT_BITS_MIN && size <= WEIGHT_BITS_MAX;
}

/* Of two partitions or more. Gives how many bits of the modes lie below the weights. */
static unsigned endpoint_modes_decode(struct ugvt_astc_mode *mode, struct ugvt_block_bits block)
{
	unsigned count = mode->partitions;
	unsigned bits = ugvt_astc_field(block, 23, 6);
	unsigned more = 3 * count - 4;
	unsigned low_class = (bits & 3) - 1;

	if ((bits & 3) == 0) {
		memset(mode->endpoint_modes, (int)bits >> 2, count);
		return 0;
	}
	bits |= ugvt_astc_field(block, 128 - mode->weight_bits - more, more) << 6;
	for (unsigned i = 0; i < count; i++) {
		unsigned class = low_class + (bits >> (2 + i) & 1);

		mode->endpoint_modes[i] = class << 2 | (bits >> (2 + count + 2 * i) & 3);
	}
	return more;
}

/* Gives the bit that all endpoints' values lie below. */
static unsigned partitions_decode(struct ugvt_astc_mode *mode, struct ugvt_block_bits block)
{
	unsigned end = 128 - mode->weight_bits;

	mode->partitions = ugvt_astc_field(block, 11, 2) + 1;
	mode->values_start = START_ONE;
	if (mode->partitions == 1) {
		mode->endpoint_modes[0] = ugvt_astc_field(block, 13, 4);
	} else {
		mode->seed = ugvt_astc_field(block, 13, 10);
		mode->values_start = START_MANY;
		end -= endpoint_modes_decode(mode, block);
	}
	if (mode->dual) {
		end -= 2;
		mode->selector = ugvt_astc_field(block, end, 2);
	}
	return end;
}

bool ugvt_astc_mode_decode(
	struct ugvt_astc_mode *mode, struct ugvt_block_bits block, const struct ugvt_format *format)
{
	unsigned end;

	*mode = (struct ugvt_astc_mode){0};
	if (!weights_decode(mode, ugvt_astc_field(block, 0, 11)) ||
		mode->columns > format->block_width || mode->rows > format->block_height) {
		return false;
	}
	end = partitions_decode(mode, block);
	if (mode->dual && mode->partitions == UGVT_ASTC_PARTITIONS) {
		return false;
	}
	for (unsigned i = 0; i < mode->partitions; i++) {
		mode->values += 2 * (mode->endpoint_modes[i] / 4 + 1);
	}
	mode->value_range = ugvt_astc_value_range(mode->values, (int)end - mode->values_start);
	return mode->values <= UGVT_ASTC_VALUES && mode->value_range;
}
