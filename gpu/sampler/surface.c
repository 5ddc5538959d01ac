/* SPDX-License-Identifier: MIT */
#include "gpu/sampler/surface.h"

#include "base/bits.h"
#include "gpu/sampler/layout.h"

/* Fields of RENDER_SURFACE_STATE, by dword. */
#define DW0_TYPE UGVT_MASK(31, 29)
#define DW0_ARRAY UGVT_BIT(28)
#define DW0_FORMAT UGVT_MASK(27, 18)
#define DW0_VALIGN UGVT_MASK(17, 16)
#define DW0_HALIGN UGVT_MASK(15, 14)
#define DW0_TILE_MODE UGVT_MASK(13, 12)
#define DW0_FACES UGVT_MASK(5, 0)
#define DW1_BASE_LEVEL UGVT_MASK(23, 19) // U4.1
#define DW1_QPITCH UGVT_MASK(14, 0)      // in 4 rows
#define DW2_HEIGHT UGVT_MASK(29, 16)
#define DW2_WIDTH UGVT_MASK(13, 0)
#define DW3_DEPTH UGVT_MASK(31, 21)
#define DW3_PITCH UGVT_MASK(17, 0)
#define DW4_FIRST_LAYER UGVT_MASK(28, 18)
#define DW4_INTERLEAVED UGVT_BIT(6)
#define DW4_SAMPLES UGVT_MASK(5, 3) // log2
#define DW4_PALETTE UGVT_MASK(2, 0)
#define DW5_X_OFFSET UGVT_MASK(31, 25) // in 4 pixels
#define DW5_Y_OFFSET UGVT_MASK(23, 21) // in 4 pixels
#define DW5_TILED_RESOURCE UGVT_MASK(19, 18)
#define DW5_FIRST_LEVEL UGVT_MASK(7, 4)
#define DW5_LEVELS UGVT_MASK(3, 0)
#define DW6_AUX_QPITCH UGVT_MASK(30, 16) // in 4 rows
#define DW6_AUX_PITCH UGVT_MASK(11, 3)   // in tiles
#define DW6_AUX UGVT_MASK(2, 0)
#define DW7_RED UGVT_MASK(27, 25)
#define DW7_GREEN UGVT_MASK(24, 22)
#define DW7_BLUE UGVT_MASK(21, 19)
#define DW7_ALPHA UGVT_MASK(18, 16)
#define DW7_MIN_LOD UGVT_MASK(11, 0) // U4.8

enum {
	AUX_TILE_WIDTH = 128, // bytes: Y-major
	MEDIA_WIDTH_UNIT = 4, // bytes
};

/* Values 1 to 3; 0 is reserved. */
static uint32_t alignment(uint32_t code)
{
	return code == 0 ? 4 : 2u << code;
}

/* The state's bits are in the order -x +x -y +y -z +z from the top. */
static uint8_t faces_decode(uint32_t bits)
{
	uint8_t faces = 0;

	for (unsigned i = 0; i < 6; i++) {
		faces |= (bits >> (5 - (i ^ 1)) & 1) << i;
	}
	return faces;
}

static void size_decode(struct ugvt_surface *surface, const uint32_t *dw)
{
	surface->width = UGVT_GET(DW2_WIDTH, dw[2]) + 1;
	surface->height = UGVT_GET(DW2_HEIGHT, dw[2]) + 1;
	surface->depth = UGVT_GET(DW3_DEPTH, dw[3]) + 1;
	surface->pitch = UGVT_GET(DW3_PITCH, dw[3]) + 1;
	surface->qpitch = UGVT_GET(DW1_QPITCH, dw[1]) * 4;
	if (surface->type == UGVT_SURFACE_BUFFER || surface->type == UGVT_SURFACE_STRBUF) {
		/* Entries less one: bits 6:0, 20:7 and 29:21. */
		surface->width = ((surface->width - 1) & 0x7f) | (surface->height - 1) << 7 |
				 (surface->depth - 1) << 21;
		surface->width++;
		surface->height = 1;
		surface->depth = 1;
	} else if (surface->type == UGVT_SURFACE_1D) {
		surface->height = 1;
	}
}

static void placement_decode(struct ugvt_surface *surface, const uint32_t *dw)
{
	surface->halign = alignment(UGVT_GET(DW0_HALIGN, dw[0]));
	surface->valign = alignment(UGVT_GET(DW0_VALIGN, dw[0]));
	surface->first_layer = UGVT_GET(DW4_FIRST_LAYER, dw[4]);
	surface->interleaved = dw[4] & DW4_INTERLEAVED;
	surface->samples_log2 = UGVT_MIN(UGVT_GET(DW4_SAMPLES, dw[4]), 4);
	surface->palette_index = UGVT_GET(DW4_PALETTE, dw[4]);
	surface->x_offset = UGVT_GET(DW5_X_OFFSET, dw[5]) * 4 / surface->format->block_width;
	surface->y_offset = UGVT_GET(DW5_Y_OFFSET, dw[5]) * 4 / surface->format->block_height;
	surface->first_level = UGVT_MIN(UGVT_GET(DW5_FIRST_LEVEL, dw[5]), UGVT_SURFACE_LODS - 1);
	surface->levels = UGVT_MIN(UGVT_GET(DW5_LEVELS, dw[5]) + 1,
		(uint32_t)UGVT_SURFACE_LODS - surface->first_level);
	surface->base = ugvt_u64(dw[8], dw[9]) & UGVT_GPU_ADDR_MASK;
	if (surface->tile_mode != UGVT_TILE_MODE_LINEAR) {
		surface->base &= ~(ugvt_gpu_addr)(UGVT_PAGE_SIZE - 1);
	}
}

static void aux_decode(struct ugvt_surface *surface, const uint32_t *dw)
{
	surface->aux = UGVT_GET(DW6_AUX, dw[6]);
	surface->aux_pitch = (UGVT_GET(DW6_AUX_PITCH, dw[6]) + 1) * AUX_TILE_WIDTH;
	surface->aux_qpitch = UGVT_GET(DW6_AUX_QPITCH, dw[6]) * 4;
	surface->aux_base =
		ugvt_u64(dw[10], dw[11]) & UGVT_GPU_ADDR_MASK & ~(uint64_t)(UGVT_PAGE_SIZE - 1);
	for (unsigned c = 0; c < 4; c++) {
		surface->clear[c] = dw[12 + c];
	}
}

static void view_decode(struct ugvt_surface *surface, const uint32_t *dw)
{
	surface->faces = faces_decode(UGVT_GET(DW0_FACES, dw[0]));
	surface->array = dw[0] & DW0_ARRAY;
	surface->base_level = UGVT_GET(DW1_BASE_LEVEL, dw[1]) / 2.0f;
	surface->min_lod = UGVT_GET(DW7_MIN_LOD, dw[7]) / 256.0f;
	surface->swizzle[0] = UGVT_GET(DW7_RED, dw[7]);
	surface->swizzle[1] = UGVT_GET(DW7_GREEN, dw[7]);
	surface->swizzle[2] = UGVT_GET(DW7_BLUE, dw[7]);
	surface->swizzle[3] = UGVT_GET(DW7_ALPHA, dw[7]);
}

static bool is_null(struct ugvt_surface *surface)
{
	surface->type = UGVT_SURFACE_NULL;
	surface->format = NULL;
	surface->size = 0;
	return false;
}

bool ugvt_surface_decode(struct ugvt_surface *surface, const uint32_t *state)
{
	*surface = (struct ugvt_surface){
		.type = UGVT_GET(DW0_TYPE, state[0]),
		.tile_mode = UGVT_GET(DW0_TILE_MODE, state[0]) |
			     UGVT_GET(DW5_TILED_RESOURCE, state[5]) << 2,
		.format = ugvt_format(UGVT_GET(DW0_FORMAT, state[0])),
	};
	if (surface->type == UGVT_SURFACE_NULL) {
		is_null(surface);
		return true;
	}
	if (surface->type > UGVT_SURFACE_STRBUF || !surface->format) {
		return is_null(surface);
	}
	surface->element = surface->format->bits / 8;
	size_decode(surface, state);
	placement_decode(surface, state);
	aux_decode(surface, state);
	view_decode(surface, state);
	return ugvt_layout_make(surface) || is_null(surface);
}

/* Element sizes: isl.c, isl_surf_get_mcs_surf(). Alignments: PRM BXT vol 2c, "Auxiliary Surface Mode". */
bool ugvt_surface_mcs(const struct ugvt_surface *surface, struct ugvt_surface *mcs)
{
	static const char *const formats[] = {
		"R8_UINT", "R8_UINT", "R8_UINT", "R32_UINT", "R32G32_UINT"};

	if (surface->samples_log2 == 0 ||
		(surface->aux != UGVT_AUX_CCS_D && surface->aux != UGVT_AUX_CCS_E)) {
		return false;
	}
	*mcs = *surface;
	mcs->format = ugvt_format_find(formats[surface->samples_log2]);
	mcs->element = mcs->format->bits / 8;
	mcs->tile_mode = UGVT_TILE_MODE_Y;
	mcs->base = surface->aux_base;
	mcs->pitch = surface->aux_pitch;
	mcs->qpitch = surface->aux_qpitch;
	mcs->halign = 16;
	mcs->valign = 4;
	mcs->x_offset = 0;
	mcs->y_offset = 0;
	mcs->samples_log2 = 0;
	mcs->aux = UGVT_AUX_NONE;
	return ugvt_layout_make(mcs);
}

/* PRM BXT vol 2c, RENDER_SURFACE_STATE, Width; no wider than the pitch. PRM SNB vol 4 part 1, "Media Block Read/Write": no levels. */
bool ugvt_surface_media(const struct ugvt_surface *surface, struct ugvt_surface *media)
{
	if (surface->type != UGVT_SURFACE_2D || !surface->format ||
		ugvt_format_is_block(surface->format)) {
		return false;
	}
	*media = *surface;
	media->first_level = 0;
	media->levels = 1;
	media->width = UGVT_MAX(surface->width * MEDIA_WIDTH_UNIT / surface->element, 1);
	media->width =
		UGVT_MIN(media->width, surface->pitch / surface->element - surface->x_offset);
	return ugvt_layout_make(media);
}
