/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "gpu/sampler/block.h"

/* Two bytes choose a format of blocks, what follows are blocks: each must become texels that are numbers, of those formats that
 * have no other range between 0 and 1. The first of the formats that there is from the number on is taken. */

static const struct ugvt_format *format_choose(const uint8_t *data)
{
	unsigned number = data[0] | data[1] << 8;

	for (unsigned i = 0; i < UGVT_FORMAT_NUMBERS; i++) {
		const struct ugvt_format *format = ugvt_format((number + i) % UGVT_FORMAT_NUMBERS);

		if (format && ugvt_format_is_block(format)) {
			return format;
		}
	}
	abort();
}

static float lowest(const struct ugvt_format *format)
{
	switch ((enum ugvt_format_kind)format->kind) {
	case UGVT_FORMAT_BC4_SIGNED:
	case UGVT_FORMAT_BC5_SIGNED:
	case UGVT_FORMAT_EAC_SIGNED:
	case UGVT_FORMAT_EAC2_SIGNED: return -1;
	case UGVT_FORMAT_BC6H_SIGNED: return -65504;
	default: return 0;
	}
}

static float highest(const struct ugvt_format *format)
{
	return format->kind == UGVT_FORMAT_BC6H || format->kind == UGVT_FORMAT_BC6H_SIGNED ? 65504
											   : 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ugvt_format *format;
	struct ugvt_block block;

	if (size < 2) {
		return 0;
	}
	format = format_choose(data);
	for (size_t at = 2; at + format->bits / 8 <= size; at += format->bits / 8) {
		ugvt_block_load(format, data + at, &block);
		for (unsigned i = 0; i < format->block_width * format->block_height * 4u; i++) {
			float channel = block.texels[i / 4][i % 4];

			if (!(channel >= lowest(format) && channel <= highest(format))) {
				abort();
			}
		}
	}
	return 0;
}
