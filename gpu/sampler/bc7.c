/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/block_kinds.h"
#include "gpu/sampler/partition.h"

/* PRM BDW vol 5, "BC7". */

/* Bits of the fields, in their order in the block. */
struct mode {
	uint8_t lines;
	uint8_t set;
	uint8_t rotation;
	uint8_t selector;
	uint8_t color;
	uint8_t alpha;
	uint8_t p;        // one more low bit for each endpoint
	uint8_t shared_p; // or for each line
	uint8_t index;
	uint8_t index2; // 0: colours and alpha have the same indices
};

static const struct mode modes[8] = {
	{3, 4, 0, 0, 4, 0, 1, 0, 3, 0},
	{2, 6, 0, 0, 6, 0, 0, 1, 3, 0},
	{3, 6, 0, 0, 5, 0, 0, 0, 2, 0},
	{2, 6, 0, 0, 7, 0, 1, 0, 2, 0},
	{1, 0, 2, 1, 5, 6, 0, 0, 2, 3},
	{1, 0, 2, 0, 7, 8, 0, 0, 2, 2},
	{1, 0, 0, 0, 7, 7, 1, 0, 4, 0},
	{2, 6, 0, 0, 5, 5, 1, 0, 2, 0},
};

struct bc7 {
	const struct mode *mode;
	struct ugvt_block_bits bits;
	unsigned set;
	unsigned rotation;
	unsigned selector;
	uint8_t endpoints[6][4]; // two a line
	uint8_t indices[2][16];
};

static void endpoints_read(struct bc7 *bc7)
{
	const struct mode *mode = bc7->mode;
	unsigned count = 2 * mode->lines;
	unsigned p = 0;

	for (unsigned c = 0; c < 4; c++) {
		for (unsigned e = 0; e < count; e++) {
			bc7->endpoints[e][c] =
				ugvt_block_take(&bc7->bits, c < 3 ? mode->color : mode->alpha);
		}
	}
	for (unsigned e = 0; e < count; e++) {
		if (mode->p || (mode->shared_p && e % 2 == 0)) {
			p = ugvt_block_take(&bc7->bits, 1);
		}
		for (unsigned c = 0; c < 4; c++) {
			unsigned bits = c < 3 ? mode->color : mode->alpha;
			unsigned value = bc7->endpoints[e][c];

			if (mode->p || mode->shared_p) {
				value = value << 1 | p;
				bits++;
			}
			bc7->endpoints[e][c] =
				c == 3 && mode->alpha == 0 ? 255 : ugvt_block_expand(value, bits);
		}
	}
}

static void indices_read(struct bc7 *bc7, unsigned which, unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		bc7->indices[which][i] = ugvt_block_take(
			&bc7->bits, bits - ugvt_partition_fixup(bc7->mode->lines, bc7->set, i));
	}
}

static void texel_make(const struct bc7 *bc7, unsigned i, uint8_t *texel)
{
	const struct mode *mode = bc7->mode;
	const uint8_t(*line)[4] =
		&bc7->endpoints[2 * ugvt_partition_line(mode->lines, bc7->set, i)];

	for (unsigned c = 0; c < 4; c++) {
		unsigned second = mode->index2 > 0 && (c == 3) != bc7->selector;

		texel[c] = ugvt_partition_mix(line[0][c], line[1][c],
			second ? mode->index2 : mode->index, bc7->indices[second][i]);
	}
	if (bc7->rotation > 0) {
		uint8_t alpha = texel[3];

		texel[3] = texel[bc7->rotation - 1];
		texel[bc7->rotation - 1] = alpha;
	}
}

void ugvt_bc7_load(const uint8_t *block, struct ugvt_block8 *out)
{
	struct bc7 bc7 = {.bits = ugvt_block_bits(block)};
	unsigned number = __builtin_ctz(block[0] | 0x100);

	if (number >= 8) {
		memset(out, 0, sizeof(*out));
		return;
	}
	bc7.mode = &modes[number];
	ugvt_block_take(&bc7.bits, number + 1);
	bc7.set = ugvt_block_take(&bc7.bits, bc7.mode->set);
	bc7.rotation = ugvt_block_take(&bc7.bits, bc7.mode->rotation);
	bc7.selector = ugvt_block_take(&bc7.bits, bc7.mode->selector);
	endpoints_read(&bc7);
	indices_read(&bc7, 0, bc7.mode->index);
	if (bc7.mode->index2 > 0) {
		indices_read(&bc7, 1, bc7.mode->index2);
	}
	for (unsigned i = 0; i < 16; i++) {
		texel_make(&bc7, i, out->texels[i]);
	}
}
