/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_SAMPLER_LAYOUT_H
#define UGVT_GPU_SAMPLER_LAYOUT_H

#include "gpu/sampler/surface.h"

/* For gpu/sampler only: from a surface's decoded fields to its levels and its size. false if they contradict each other. */
bool ugvt_layout_make(struct ugvt_surface *surface);

#endif
