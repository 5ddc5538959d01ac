/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_BLOCK_KINDS_H
#define UGVT_GPU_SAMPLER_BLOCK_KINDS_H

#include <string.h>

#include "gpu/sampler/block.h"

/* For gpu/sampler only: the decoders, one file a family. */

/* Texels of 8-bit UNORM channels. */
struct ugvt_block8 {
	uint8_t texels[UGVT_BLOCK_TEXELS][4];
};

void ugvt_bc1_load(const uint8_t *block, enum ugvt_format_kind kind, struct ugvt_block8 *out);
/* BC2 and BC3. */
void ugvt_bc23_load(const uint8_t *block, enum ugvt_format_kind kind, struct ugvt_block8 *out);
/* One channel of BC4 or BC5. */
void ugvt_bc4_load(const uint8_t *block, bool sign, unsigned channel, struct ugvt_block *out);
void ugvt_bc6h_load(const uint8_t *block, bool sign, struct ugvt_block *out);
void ugvt_bc7_load(const uint8_t *block, struct ugvt_block8 *out);
/* ETC1, ETC2, ETC2_PTA, ETC2_RGBA. */
void ugvt_etc_load(const uint8_t *block, enum ugvt_format_kind kind, struct ugvt_block8 *out);
/* One channel of EAC. */
void ugvt_eac_load(const uint8_t *block, bool sign, unsigned channel, struct ugvt_block *out);
void ugvt_fxt1_load(const uint8_t *block, struct ugvt_block8 *out);
/* The LDR profile; an illegal block is magenta. */
void ugvt_astc_load(const struct ugvt_format *format, const uint8_t *data, struct ugvt_block *out);

static inline uint64_t ugvt_block_u64(const uint8_t *block)
{
	uint64_t bits;

	memcpy(&bits, block, sizeof(bits));
	return bits;
}

/* The high bits once more below, to make 8 of n bits, 4 to 8 (the green of ETC2's planar mode has 7). */
static inline uint8_t ugvt_block_expand(unsigned value, unsigned bits)
{
	unsigned high = value << (8 - bits);

	return high | high >> bits;
}

static inline uint8_t ugvt_block_clamp8(int value)
{
	return value < 0 ? 0 : value > 255 ? 255 : value;
}

/* The bits of a block of 16 bytes, from the lowest on. */
struct ugvt_block_bits {
	uint64_t lo;
	uint64_t hi;
};

static inline struct ugvt_block_bits ugvt_block_bits(const uint8_t *block)
{
	return (struct ugvt_block_bits){ugvt_block_u64(block), ugvt_block_u64(block + 8)};
}

/* count: 0 to 32. */
static inline uint32_t ugvt_block_take(struct ugvt_block_bits *bits, unsigned count)
{
	uint32_t value = bits->lo & ((UINT64_C(1) << count) - 1);

	if (count > 0) {
		bits->lo = bits->lo >> count | bits->hi << (64 - count);
		bits->hi >>= count;
	}
	return value;
}

#endif
