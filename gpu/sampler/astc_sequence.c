/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/sampler/astc.h"

/* PRM CHV vol 5, "Integer Sequence Encoding"; of quints: Khronos Data Format Specification, same title. */

/* Trits, quints, bits, C, B. */
static const struct ugvt_astc_range value_ranges[] = {
	{1, 0, 1, 204, 0, 0},    // 0 to 5
	{0, 0, 3, 0, 0, 0},      // 0 to 7
	{0, 1, 1, 113, 0, 0},    // 0 to 9
	{1, 0, 2, 93, 0x116, 0}, // 0 to 11
	{0, 0, 4, 0, 0, 0},      // 0 to 15
	{0, 1, 2, 54, 0x10c, 0}, // 0 to 19
	{1, 0, 3, 44, 0x85, 0},  // 0 to 23
	{0, 0, 5, 0, 0, 0},      // 0 to 31
	{0, 1, 3, 26, 0x105, 1}, // 0 to 39
	{1, 0, 4, 22, 0x41, 0},  // 0 to 47
	{0, 0, 6, 0, 0, 0},      // 0 to 63
	{0, 1, 4, 13, 0x81, 1},  // 0 to 79
	{1, 0, 5, 11, 0x81, 2},  // 0 to 95
	{0, 0, 7, 0, 0, 0},      // 0 to 127
	{0, 1, 5, 6, 0x101, 3},  // 0 to 159
	{1, 0, 6, 5, 0x101, 4},  // 0 to 191
	{0, 0, 8, 0, 0, 0},      // 0 to 255
};

static const struct ugvt_astc_range weight_ranges[2][6] = {
	{
		{0, 0, 1, 0, 0, 0},  // 0 to 1
		{1, 0, 0, 0, 0, 0},  // 0 to 2
		{0, 0, 2, 0, 0, 0},  // 0 to 3
		{0, 1, 0, 0, 0, 0},  // 0 to 4
		{1, 0, 1, 50, 0, 0}, // 0 to 5
		{0, 0, 3, 0, 0, 0},  // 0 to 7
	},
	{
		{0, 1, 1, 28, 0, 0},    // 0 to 9
		{1, 0, 2, 23, 0x45, 0}, // 0 to 11
		{0, 0, 4, 0, 0, 0},     // 0 to 15
		{0, 1, 2, 13, 0x42, 0}, // 0 to 19
		{1, 0, 3, 11, 0x21, 0}, // 0 to 23
		{0, 0, 5, 0, 0, 0},     // 0 to 31
	},
};

/* Bits of a packed group behind each of its values. */
static const uint8_t trit_parts[5] = {2, 2, 1, 2, 1};
static const uint8_t quint_parts[3] = {3, 2, 2};

const struct ugvt_astc_range *ugvt_astc_weight_range(unsigned number, bool high)
{
	return &weight_ranges[high][number - 2];
}

unsigned ugvt_astc_sequence_bits(const struct ugvt_astc_range *range, unsigned count)
{
	return count * range->bits + (count * 8 * range->trits + 4) / 5 +
	       (count * 7 * range->quints + 2) / 3;
}

const struct ugvt_astc_range *ugvt_astc_value_range(unsigned values, int bits)
{
	for (unsigned i = UGVT_ARRAY_SIZE(value_ranges); i-- > 0;) {
		if ((int)ugvt_astc_sequence_bits(&value_ranges[i], values) <= bits) {
			return &value_ranges[i];
		}
	}
	return NULL;
}

/* { high, low & ~high }: a trit of which two bits are 3 at most. */
static unsigned pair(unsigned high, unsigned low)
{
	return high << 1 | (low & ~high);
}

static void trits_unpack(unsigned packed, uint8_t *trits)
{
	unsigned c = packed & 31;

	if ((packed >> 2 & 7) == 7) {
		c = packed >> 5 << 2 | (packed & 3);
		trits[4] = trits[3] = 2;
	} else if ((packed >> 5 & 3) == 3) {
		trits[4] = 2;
		trits[3] = packed >> 7;
	} else {
		trits[4] = packed >> 7;
		trits[3] = packed >> 5 & 3;
	}
	if ((c & 3) == 3) {
		trits[2] = 2;
		trits[1] = c >> 4;
		trits[0] = pair(c >> 3 & 1, c >> 2 & 1);
	} else if ((c >> 2 & 3) == 3) {
		trits[2] = trits[1] = 2;
		trits[0] = c & 3;
	} else {
		trits[2] = c >> 4;
		trits[1] = c >> 2 & 3;
		trits[0] = pair(c >> 1 & 1, c & 1);
	}
}

static void quints_unpack(unsigned packed, uint8_t *quints)
{
	unsigned c = packed & 31;
	unsigned low = packed & 1;

	if ((packed >> 1 & 3) == 3 && packed >> 5 == 0) {
		quints[2] = low << 2 | (packed >> 4 & ~low & 1) << 1 | (packed >> 3 & ~low & 1);
		quints[1] = quints[0] = 4;
		return;
	}
	quints[2] = packed >> 5;
	if ((packed >> 1 & 3) == 3) {
		quints[2] = 4;
		c = (packed >> 3 & 3) << 3 | (~packed >> 5 & 3) << 1 | low;
	}
	quints[1] = c >> 3;
	quints[0] = c & 7;
	if ((c & 7) == 5) {
		quints[1] = 4;
		quints[0] = c >> 3;
	}
}

/* Three or five values, whose trits or quints are packed together. */
static void group_read(
	struct ugvt_block_bits *bits, const struct ugvt_astc_range *range, uint8_t *values)
{
	unsigned size = range->trits ? 5 : 3;
	const uint8_t *parts = range->trits ? trit_parts : quint_parts;
	unsigned packed = 0;
	unsigned shift = 0;
	uint8_t digits[5];

	for (unsigned i = 0; i < size; i++) {
		values[i] = ugvt_block_take(bits, range->bits);
		packed |= ugvt_block_take(bits, parts[i]) << shift;
		shift += parts[i];
	}
	if (range->trits) {
		trits_unpack(packed, digits);
	} else {
		quints_unpack(packed, digits);
	}
	for (unsigned i = 0; i < size; i++) {
		values[i] |= digits[i] << range->bits;
	}
}

/* Bits behind the sequence's end count as 0. */
static struct ugvt_block_bits bits_limit(struct ugvt_block_bits bits, unsigned count)
{
	if (count < 64) {
		bits.lo &= (UINT64_C(1) << count) - 1;
		bits.hi = 0;
	} else if (count < 128) {
		bits.hi &= (UINT64_C(1) << (count - 64)) - 1;
	}
	return bits;
}

void ugvt_astc_sequence_read(struct ugvt_block_bits bits, const struct ugvt_astc_range *range,
	unsigned count, uint8_t *values)
{
	uint8_t group[5];
	unsigned size = range->trits ? 5 : range->quints ? 3 : 1;

	bits = bits_limit(bits, ugvt_astc_sequence_bits(range, count));
	for (unsigned i = 0; i < count; i += size) {
		if (size == 1) {
			values[i] = ugvt_block_take(&bits, range->bits);
			continue;
		}
		group_read(&bits, range, group);
		memcpy(values + i, group, UGVT_MIN(size, count - i));
	}
}

static unsigned bits_repeat(unsigned value, unsigned bits, unsigned width)
{
	unsigned out = 0;
	unsigned done = 0;

	for (; done < width; done += bits) {
		out = out << bits | value;
	}
	return out >> (done - width);
}

/* To so many bits. */
static unsigned expand(const struct ugvt_astc_range *range, unsigned value, unsigned width)
{
	unsigned a = value & 1 ? (2u << width) - 1 : 0;
	unsigned high = (value & ((1u << range->bits) - 1)) >> 1;
	unsigned digit = value >> range->bits;
	unsigned t;

	if (!range->trits && !range->quints) {
		return bits_repeat(value, range->bits, width);
	}
	t = digit * range->scale + (high * range->spread >> range->shift);
	t ^= a;
	return (a & 1u << (width - 1)) | t >> 2;
}

uint8_t ugvt_astc_value_expand(const struct ugvt_astc_range *range, unsigned value)
{
	return expand(range, value, 8);
}

uint8_t ugvt_astc_weight_expand(const struct ugvt_astc_range *range, unsigned value)
{
	unsigned weight;

	if (range->bits == 0) {
		return value * (range->trits ? 32 : 16);
	}
	weight = expand(range, value, 6);
	return weight + (weight > 32);
}
