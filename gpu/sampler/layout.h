/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_LAYOUT_H
#define UGVT_GPU_SAMPLER_LAYOUT_H

#include "gpu/sampler/texture.h"

/* For gpu/sampler only: from a surface's decoded fields to its levels and its size. false if they contradict each other. */
bool ugvt_layout_make(struct ugvt_surface *surface);

/* Whether ugvt_surface_offsets() can do it. */
bool ugvt_surface_is_simple(const struct ugvt_surface *surface);
/* Offsets of the lanes' elements; gives the lanes that have a texel. offsets: sixteen, 64 bytes aligned. fetch->sample is 0. */
uint16_t ugvt_surface_offsets(
	const struct ugvt_surface *surface, const struct ugvt_fetch *fetch, uint32_t *offsets);

#endif
