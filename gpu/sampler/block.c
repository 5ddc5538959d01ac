/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/block.h"

#include "gpu/sampler/block_kinds.h"
#include "gpu/sampler/srgb.h"

static void block_expand(
	const struct ugvt_format *format, const struct ugvt_block8 *in, struct ugvt_block *out)
{
	bool srgb = format->flags & UGVT_FORMAT_SRGB;

	for (unsigned i = 0; i < format->block_width * format->block_height; i++) {
		for (unsigned c = 0; c < 4; c++) {
			uint8_t code = in->texels[i][c];

			out->texels[i][c] =
				srgb && c < 3 ? ugvt_srgb_to_linear[code] : code / 255.0f;
		}
	}
}

static void defaults_set(const struct ugvt_format *format, struct ugvt_block *out)
{
	for (unsigned i = 0; i < format->block_width * format->block_height; i++) {
		memcpy(out->texels[i], (const float[4]){0, 0, 0, 1}, sizeof(out->texels[i]));
	}
}

/* Those whose texels are not of 8 bits. */
static void wide_load(
	const struct ugvt_format *format, const uint8_t *block, struct ugvt_block *out)
{
	defaults_set(format, out);
	switch ((enum ugvt_format_kind)format->kind) {
	case UGVT_FORMAT_BC5: ugvt_bc4_load(block + 8, false, 1, out); /* fallthrough */
	case UGVT_FORMAT_BC4: ugvt_bc4_load(block, false, 0, out); break;
	case UGVT_FORMAT_BC5_SIGNED: ugvt_bc4_load(block + 8, true, 1, out); /* fallthrough */
	case UGVT_FORMAT_BC4_SIGNED: ugvt_bc4_load(block, true, 0, out); break;
	case UGVT_FORMAT_EAC2: ugvt_eac_load(block + 8, false, 1, out); /* fallthrough */
	case UGVT_FORMAT_EAC: ugvt_eac_load(block, false, 0, out); break;
	case UGVT_FORMAT_EAC2_SIGNED: ugvt_eac_load(block + 8, true, 1, out); /* fallthrough */
	case UGVT_FORMAT_EAC_SIGNED: ugvt_eac_load(block, true, 0, out); break;
	case UGVT_FORMAT_BC6H: ugvt_bc6h_load(block, false, out); break;
	case UGVT_FORMAT_BC6H_SIGNED: ugvt_bc6h_load(block, true, out); break;
	default: break;
	}
}

void ugvt_block_load(const struct ugvt_format *format, const void *block, struct ugvt_block *texels)
{
	enum ugvt_format_kind kind = format->kind;
	struct ugvt_block8 texels8;

	switch (kind) {
	case UGVT_FORMAT_BC1:
	case UGVT_FORMAT_BC1_RGB: ugvt_bc1_load(block, kind, &texels8); break;
	case UGVT_FORMAT_BC2:
	case UGVT_FORMAT_BC3: ugvt_bc23_load(block, kind, &texels8); break;
	case UGVT_FORMAT_BC7: ugvt_bc7_load(block, &texels8); break;
	case UGVT_FORMAT_ETC1:
	case UGVT_FORMAT_ETC2:
	case UGVT_FORMAT_ETC2_PTA:
	case UGVT_FORMAT_ETC2_RGBA: ugvt_etc_load(block, kind, &texels8); break;
	case UGVT_FORMAT_FXT1: ugvt_fxt1_load(block, &texels8); break;
	case UGVT_FORMAT_ASTC: ugvt_astc_load(format, block, texels); return;
	default: wide_load(format, block, texels); return;
	}
	block_expand(format, &texels8, texels);
}
