/* SPDX-License-Identifier: MIT */
#include "base/bits.h"
#include "gpu/sampler/block_kinds.h"
#include "gpu/sampler/partition.h"
#include "gpu/sampler/texel.h"

/* PRM BDW vol 5, "BC6H". */

/* Channels of the endpoints w and x of one line, y and z of the other: 3 * endpoint + channel. */
enum {
	RW,
	GW,
	BW,
	RX,
	GX,
	BX,
	RY,
	GY,
	BY,
	RZ,
	GZ,
	BZ,
	VALUES
};

enum {
	PIECES = 24
};

/* Bits of an endpoint's channel. */
struct piece {
	uint8_t value;
	uint8_t shift;
	uint8_t bits; // 0: no more pieces
};

struct mode {
	uint8_t code; // the lowest two bits of the block, or five if the lower two are 1x
	bool two;     // lines
	uint8_t bits; // of w, and of the others if they are not deltas
	bool delta;
	uint8_t delta_bits[3];       // or of x, y and z, by channel
	struct piece pieces[PIECES]; // behind the code, from the lowest bit on
};

// clang-format off
static const struct mode modes[] = {
	{0x00, 1, 10, 1, {5, 5, 5}, {
		{GY, 4, 1}, {BY, 4, 1}, {BZ, 4, 1}, {RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10},
		{RX, 0, 5}, {GZ, 4, 1}, {GY, 0, 4}, {GX, 0, 5}, {BZ, 0, 1}, {GZ, 0, 4},
		{BX, 0, 5}, {BZ, 1, 1}, {BY, 0, 4}, {RY, 0, 5}, {BZ, 2, 1}, {RZ, 0, 5},
		{BZ, 3, 1}}},
	{0x01, 1, 7, 1, {6, 6, 6}, {
		{GY, 5, 1}, {GZ, 4, 1}, {GZ, 5, 1}, {RW, 0, 7}, {BZ, 0, 1}, {BZ, 1, 1},
		{BY, 4, 1}, {GW, 0, 7}, {BY, 5, 1}, {BZ, 2, 1}, {GY, 4, 1}, {BW, 0, 7},
		{BZ, 3, 1}, {BZ, 5, 1}, {BZ, 4, 1}, {RX, 0, 6}, {GY, 0, 4}, {GX, 0, 6},
		{GZ, 0, 4}, {BX, 0, 6}, {BY, 0, 4}, {RY, 0, 6}, {RZ, 0, 6}}},
	{0x02, 1, 11, 1, {5, 4, 4}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 5}, {RW, 10, 1}, {GY, 0, 4},
		{GX, 0, 4}, {GW, 10, 1}, {BZ, 0, 1}, {GZ, 0, 4}, {BX, 0, 4}, {BW, 10, 1},
		{BZ, 1, 1}, {BY, 0, 4}, {RY, 0, 5}, {BZ, 2, 1}, {RZ, 0, 5}, {BZ, 3, 1}}},
	{0x06, 1, 11, 1, {4, 5, 4}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 4}, {RW, 10, 1}, {GZ, 4, 1},
		{GY, 0, 4}, {GX, 0, 5}, {GW, 10, 1}, {GZ, 0, 4}, {BX, 0, 4}, {BW, 10, 1},
		{BZ, 1, 1}, {BY, 0, 4}, {RY, 0, 4}, {BZ, 0, 1}, {BZ, 2, 1}, {RZ, 0, 4},
		{GY, 4, 1}, {BZ, 3, 1}}},
	{0x0a, 1, 11, 1, {4, 4, 5}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 4}, {RW, 10, 1}, {BY, 4, 1},
		{GY, 0, 4}, {GX, 0, 4}, {GW, 10, 1}, {BZ, 0, 1}, {GZ, 0, 4}, {BX, 0, 5},
		{BW, 10, 1}, {BY, 0, 4}, {RY, 0, 4}, {BZ, 1, 1}, {BZ, 2, 1}, {RZ, 0, 4},
		{BZ, 4, 1}, {BZ, 3, 1}}},
	{0x0e, 1, 9, 1, {5, 5, 5}, {
		{RW, 0, 9}, {BY, 4, 1}, {GW, 0, 9}, {GY, 4, 1}, {BW, 0, 9}, {BZ, 4, 1},
		{RX, 0, 5}, {GZ, 4, 1}, {GY, 0, 4}, {GX, 0, 5}, {BZ, 0, 1}, {GZ, 0, 4},
		{BX, 0, 5}, {BZ, 1, 1}, {BY, 0, 4}, {RY, 0, 5}, {BZ, 2, 1}, {RZ, 0, 5},
		{BZ, 3, 1}}},
	{0x12, 1, 8, 1, {6, 5, 5}, {
		{RW, 0, 8}, {GZ, 4, 1}, {BY, 4, 1}, {GW, 0, 8}, {BZ, 2, 1}, {GY, 4, 1},
		{BW, 0, 8}, {BZ, 3, 1}, {BZ, 4, 1}, {RX, 0, 6}, {GY, 0, 4}, {GX, 0, 5},
		{BZ, 0, 1}, {GZ, 0, 4}, {BX, 0, 5}, {BZ, 1, 1}, {BY, 0, 4}, {RY, 0, 6},
		{RZ, 0, 6}}},
	{0x16, 1, 8, 1, {5, 6, 5}, {
		{RW, 0, 8}, {BZ, 0, 1}, {BY, 4, 1}, {GW, 0, 8}, {GY, 5, 1}, {GY, 4, 1},
		{BW, 0, 8}, {GZ, 5, 1}, {BZ, 4, 1}, {RX, 0, 5}, {GZ, 4, 1}, {GY, 0, 4},
		{GX, 0, 6}, {GZ, 0, 4}, {BX, 0, 5}, {BZ, 1, 1}, {BY, 0, 4}, {RY, 0, 5},
		{BZ, 2, 1}, {RZ, 0, 5}, {BZ, 3, 1}}},
	{0x1a, 1, 8, 1, {5, 5, 6}, {
		{RW, 0, 8}, {BZ, 1, 1}, {BY, 4, 1}, {GW, 0, 8}, {BY, 5, 1}, {GY, 4, 1},
		{BW, 0, 8}, {BZ, 5, 1}, {BZ, 4, 1}, {RX, 0, 5}, {GZ, 4, 1}, {GY, 0, 4},
		{GX, 0, 5}, {BZ, 0, 1}, {GZ, 0, 4}, {BX, 0, 6}, {BY, 0, 4}, {RY, 0, 5},
		{BZ, 2, 1}, {RZ, 0, 5}, {BZ, 3, 1}}},
	{0x1e, 1, 6, 0, {6, 6, 6}, {
		{RW, 0, 6}, {GZ, 4, 1}, {BZ, 0, 1}, {BZ, 1, 1}, {BY, 4, 1}, {GW, 0, 6},
		{GY, 5, 1}, {BY, 5, 1}, {BZ, 2, 1}, {GY, 4, 1}, {BW, 0, 6}, {GZ, 5, 1},
		{BZ, 3, 1}, {BZ, 5, 1}, {BZ, 4, 1}, {RX, 0, 6}, {GY, 0, 4}, {GX, 0, 6},
		{GZ, 0, 4}, {BX, 0, 6}, {BY, 0, 4}, {RY, 0, 6}, {RZ, 0, 6}}},
	{0x03, 0, 10, 0, {10, 10, 10}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 10}, {GX, 0, 10}, {BX, 0, 10}}},
	{0x07, 0, 11, 1, {9, 9, 9}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 9}, {RW, 10, 1}, {GX, 0, 9},
		{GW, 10, 1}, {BX, 0, 9}, {BW, 10, 1}}},
	{0x0b, 0, 12, 1, {8, 8, 8}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 8}, {RW, 11, 1}, {RW, 10, 1},
		{GX, 0, 8}, {GW, 11, 1}, {GW, 10, 1}, {BX, 0, 8}, {BW, 11, 1}, {BW, 10, 1}}},
	{0x0f, 0, 16, 1, {4, 4, 4}, {
		{RW, 0, 10}, {GW, 0, 10}, {BW, 0, 10}, {RX, 0, 4}, {RW, 15, 1}, {RW, 14, 1},
		{RW, 13, 1}, {RW, 12, 1}, {RW, 11, 1}, {RW, 10, 1}, {GX, 0, 4}, {GW, 15, 1},
		{GW, 14, 1}, {GW, 13, 1}, {GW, 12, 1}, {GW, 11, 1}, {GW, 10, 1}, {BX, 0, 4},
		{BW, 15, 1}, {BW, 14, 1}, {BW, 13, 1}, {BW, 12, 1}, {BW, 11, 1}, {BW, 10, 1}}},
};
// clang-format on

static const struct mode *mode_find(struct ugvt_block_bits *bits)
{
	unsigned code = ugvt_block_take(bits, 2);

	if (code >= 2) {
		code |= ugvt_block_take(bits, 3) << 2;
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(modes); i++) {
		if (modes[i].code == code) {
			return &modes[i];
		}
	}
	return NULL;
}

static int sign_extend(int value, unsigned bits)
{
	int sign = 1 << (bits - 1);

	return ((value & (2 * sign - 1)) ^ sign) - sign;
}

/* The endpoints' channels, absolute, of mode->bits bits. */
static void values_read(
	struct ugvt_block_bits *bits, const struct mode *mode, bool sign, int values[VALUES])
{
	memset(values, 0, VALUES * sizeof(values[0]));
	for (const struct piece *piece = mode->pieces;
		piece < mode->pieces + PIECES && piece->bits > 0; piece++) {
		values[piece->value] |= (int)(ugvt_block_take(bits, piece->bits) << piece->shift);
	}
	for (unsigned i = 0; i < VALUES; i++) {
		if (i >= RX && mode->delta) {
			values[i] = values[i % 3] + sign_extend(values[i], mode->delta_bits[i % 3]);
			values[i] &= (1 << mode->bits) - 1;
		}
	}
	for (unsigned i = 0; sign && i < VALUES; i++) {
		values[i] = sign_extend(values[i], mode->bits);
	}
}

static int unquantize_unsigned(int value, unsigned bits)
{
	if (bits >= 15 || value == 0) {
		return value;
	}
	return value == (1 << bits) - 1 ? 0xffff : ((value << 16) + 0x8000) >> bits;
}

static int unquantize_signed(int value, unsigned bits)
{
	int magnitude = value < 0 ? -value : value;

	if (bits < 16 && magnitude != 0) {
		magnitude = magnitude >= (1 << (bits - 1)) - 1
				    ? 0x7fff
				    : ((magnitude << 15) + 0x4000) >> (bits - 1);
	}
	return value < 0 ? -magnitude : magnitude;
}

/* The bits of a half. */
static uint32_t half_make(int value, bool sign)
{
	if (!sign) {
		return (uint32_t)(value * 31) >> 6;
	}
	return value < 0 ? 0x8000 | (uint32_t)(-value * 31) >> 5 : (uint32_t)(value * 31) >> 5;
}

static void texel_set(float *texel, const int *line, unsigned mix, bool sign)
{
	static const struct ugvt_channel half = {UGVT_CHANNEL_FLOAT, 16, 0};

	for (unsigned c = 0; c < 3; c++) {
		int value = ugvt_partition_mix(line[c], line[3 + c], mix >> 4, mix & 15);
		uint32_t bits = ugvt_channel_load(&half, half_make(value, sign));

		memcpy(&texel[c], &bits, sizeof(bits));
	}
}

void ugvt_bc6h_load(const uint8_t *block, bool sign, struct ugvt_block *out)
{
	struct ugvt_block_bits bits = ugvt_block_bits(block);
	const struct mode *mode = mode_find(&bits);
	int values[VALUES];
	unsigned set = 0;

	if (!mode) {
		return;
	}
	values_read(&bits, mode, sign, values);
	for (unsigned i = 0; i < VALUES; i++) {
		values[i] = sign ? unquantize_signed(values[i], mode->bits)
				 : unquantize_unsigned(values[i], mode->bits);
	}
	if (mode->two) {
		set = ugvt_block_take(&bits, 5);
	}
	for (unsigned i = 0; i < 16; i++) {
		unsigned lines = mode->two ? 2 : 1;
		unsigned index_bits = mode->two ? 3 : 4;
		unsigned line = ugvt_partition_line(lines, set, i);
		unsigned index =
			ugvt_block_take(&bits, index_bits - ugvt_partition_fixup(lines, set, i));

		texel_set(out->texels[i], values + 6 * line, index_bits << 4 | index, sign);
	}
}
