/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_SURFACE_H
#define UGVT_GPU_SAMPLER_SURFACE_H

#include <stdbool.h>
#include <stdint.h>

#include "gen/formats.h"
#include "gpu/mem/aspace.h"

/*
 * RENDER_SURFACE_STATE as the sampler reads it, and where its texels lie. Fields: PRM BXT vol 2c, bit positions as Mesa's
 * src/intel/genxml/gen9.xml has them. Layout: PRM BDW vol 5, "Surface Layout"; of 1D and 3D surfaces on Gen9 as isl lays them
 * out (isl_gfx9.c): 1D levels one behind the other, 64 elements aligned; slices of 3D as those of arrays.
 *
 * A state may be anything. One that the PRM forbids and that would reach outside of what it describes becomes a null surface.
 */

enum ugvt_surface_type {
	UGVT_SURFACE_1D,
	UGVT_SURFACE_2D,
	UGVT_SURFACE_3D,
	UGVT_SURFACE_CUBE,
	UGVT_SURFACE_BUFFER,
	UGVT_SURFACE_STRBUF,
	UGVT_SURFACE_NULL = 7,
};

/* Bits 1:0 are Tile Mode, 3:2 Tiled Resource Mode. Yf may have one level and one sample, as what is scanned out; Ys, which no driver of
 * the three uses, is not laid out. */
enum ugvt_surface_tile_mode {
	UGVT_TILE_MODE_LINEAR,
	UGVT_TILE_MODE_W,
	UGVT_TILE_MODE_X,
	UGVT_TILE_MODE_Y,
	UGVT_TILE_MODE_YF = UGVT_TILE_MODE_Y | 1 << 2,
};

enum ugvt_channel_select {
	UGVT_SELECT_ZERO,
	UGVT_SELECT_ONE,
	UGVT_SELECT_RED = 4,
	UGVT_SELECT_GREEN,
	UGVT_SELECT_BLUE,
	UGVT_SELECT_ALPHA,
};

enum ugvt_surface_aux {
	UGVT_AUX_NONE,
	UGVT_AUX_CCS_D, // multisampled: an MCS
	UGVT_AUX_APPEND,
	UGVT_AUX_HIZ,
	UGVT_AUX_CCS_E = 5, // multisampled: an MCS
};

#define UGVT_SURFACE_LODS 15
#define UGVT_SURFACE_STATE_DWORDS 16

/* One level of detail. x and y: of its first element (texel or block) in the first slice. */
struct ugvt_surface_level {
	uint32_t x;
	uint32_t y;
	uint32_t width; // texels
	uint32_t height;
	uint32_t slices; // that may be accessed: depth of 3D, else layers
};

struct ugvt_surface {
	enum ugvt_surface_type type;
	enum ugvt_surface_tile_mode tile_mode;
	const struct ugvt_format *format; // NULL: null surface
	ugvt_gpu_addr base;
	uint64_t size; // bytes behind base that the surface may touch
	uint32_t width;
	uint32_t height;
	uint32_t depth;  // field value + 1: slices, layers or cubes; BUFFER: 1
	uint32_t pitch;  // bytes
	uint32_t qpitch; // rows of elements (1D: elements) from slice to slice
	uint32_t halign; // elements
	uint32_t valign;
	uint32_t x_offset; // elements
	uint32_t y_offset;
	uint32_t first_layer;
	uint32_t element; // bytes
	bool array;
	bool interleaved; // samples: as depth and stencil have them, else each a slice
	uint8_t samples_log2;
	uint8_t palette_index;
	uint8_t first_level; // Surface Min LOD
	uint8_t levels;      // that may be accessed, from the first on
	uint8_t faces; // of a cube that are there: bit i is face i, in the order +x, -x, +y, -y, +z, -z
	uint8_t swizzle[4]; // enum ugvt_channel_select
	float base_level;   // Base Mip Level
	float min_lod;      // Resource Min LOD
	uint32_t clear[4];  // red, green, blue, alpha
	enum ugvt_surface_aux aux;
	ugvt_gpu_addr aux_base;
	uint32_t aux_pitch;  // bytes
	uint32_t aux_qpitch; // rows
	struct ugvt_surface_level level[UGVT_SURFACE_LODS];
};

/* A texel (a sample of it). x, y: texels of the level; z: slice or layer, from those that may be accessed. */
struct ugvt_texel_at {
	uint32_t x;
	uint32_t y;
	uint32_t z;
	uint32_t lod; // from LOD 0 of the memory on, not from the surface's first
	uint32_t sample;
};

/* false if the state is wrong and became a null surface. */
bool ugvt_surface_decode(struct ugvt_surface *surface, const uint32_t *state);
/* The multisample control surface of surface, one element a pixel: false if it has none. */
bool ugvt_surface_mcs(const struct ugvt_surface *surface, struct ugvt_surface *mcs);
/* The surface as media block messages see it, whose Width is in dwords: false if it is not one for them. */
bool ugvt_surface_media(const struct ugvt_surface *surface, struct ugvt_surface *media);

/* Bytes from base to the element that the texel is in: with that element it lies inside size. false if there is no such
 * texel. */
bool ugvt_surface_offset(
	const struct ugvt_surface *surface, const struct ugvt_texel_at *at, uint64_t *offset);

#endif
