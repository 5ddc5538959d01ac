/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_BLOCK_H
#define UGVT_GPU_SAMPLER_BLOCK_H

#include "gen/formats.h"

/*
 * Block compression: one block becomes its texels. PRM BDW vol 5, "ETC", "EAC", "DXT/BC1-3 Texture Formats", "BC4", "BC5",
 * "BC6H", "BC7", "FXT"; PRM CHV vol 5, "ASTC". Any bits are a block: what the format leaves undefined gives some texels.
 */

enum {
	UGVT_BLOCK_TEXELS = 144, // at most: 12x12 of ASTC
	UGVT_BLOCK_BYTES = 16,   // at most
};

/* Row by row. */
struct ugvt_block {
	float texels[UGVT_BLOCK_TEXELS][4];
};

/* block: format->bits / 8 bytes, of any alignment. */
void ugvt_block_load(
	const struct ugvt_format *format, const void *block, struct ugvt_block *texels);

#endif
