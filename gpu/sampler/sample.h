/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_SAMPLE_H
#define UGVT_GPU_SAMPLER_SAMPLE_H

#include "gpu/sampler/sampler.h"
#include "gpu/sampler/texture.h"

/*
 * The sampler's messages, for up to sixteen lanes: PRM SNB vol 4 part 1, "Sampling Engine", with what Gen9 has more. Parameters
 * are those of the payload, by name; who takes a message apart knows in which order they come.
 *
 * Lanes are quads: 0 and 1 above 2 and 3, and so on. Where LODs are computed from differences inside quads, all lanes of a
 * quad must have coordinates, also those that are not in mask.
 */

enum ugvt_sample_op {
	UGVT_SAMPLE,        // LOD from quads
	UGVT_SAMPLE_B,      // the same, lod is a bias
	UGVT_SAMPLE_L,      // lod says it; sample_lz: 0
	UGVT_SAMPLE_D,      // LOD from gradients
	UGVT_SAMPLE_LOD,    // LOD from quads; is the result: red clamped, green not
	UGVT_SAMPLE_GATHER, // four texels; with offsets of each lane, too: gather4_po
};

/* Derivatives of u, v and r. */
struct ugvt_gradients {
	_Alignas(64) float x[3][UGVT_LANES];
	_Alignas(64) float y[3][UGVT_LANES];
};

struct ugvt_sample {
	enum ugvt_sample_op op;
	bool compare;     // with ref: the messages with _c
	uint16_t mask;    // lanes
	uint8_t gather;   // channel: 0 red to 3 alpha, through the surface's channel select
	int8_t offset[3]; // texels, of the message's header
	/* u, v, r, ai; a 1D array's index is in v, a 2D array's in r. */
	_Alignas(64) float coordinates[4][UGVT_LANES];
	_Alignas(64) float ref[UGVT_LANES];
	_Alignas(64) float lod[UGVT_LANES];
	struct ugvt_gradients gradients; // SAMPLE_D
	int32_t offsets[2][UGVT_LANES];  // GATHER: added to offset
};

/* Lanes that are not in mask get anything. */
void ugvt_sample(struct ugvt_texture *texture, const struct ugvt_sampler *sampler,
	const struct ugvt_sample *sample, struct ugvt_texels *texels);

/* ld, ld_lz, ld2dms, ld2dss: integer coordinates; what is outside reads as 0. */
struct ugvt_load {
	uint16_t mask;
	bool multisampled; // ld2dms: mcs tells in which slice a sample is
	int8_t offset[3];
	int32_t coordinates[3][UGVT_LANES]; // u, v, r
	int32_t lod[UGVT_LANES];
	uint32_t sample[UGVT_LANES];
	uint32_t mcs[2][UGVT_LANES]; // as ld_mcs returned it; ignored if the surface has no MCS
};

void ugvt_load(
	struct ugvt_texture *texture, const struct ugvt_load *load, struct ugvt_texels *texels);
/* ld_mcs: red and green are the pixel's control word. mcs is the texture of ugvt_surface_mcs(). */
void ugvt_load_mcs(
	struct ugvt_texture *mcs, const struct ugvt_load *load, struct ugvt_texels *texels);
/* Width, height, depth and number of levels, at each lane's lod. */
void ugvt_resinfo(
	const struct ugvt_surface *surface, const uint32_t *lod, struct ugvt_texels *texels);
/* Red: samples; alpha: palette index + 1. */
void ugvt_sampleinfo(const struct ugvt_surface *surface, struct ugvt_texels *texels);

#endif
