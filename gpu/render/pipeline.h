/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_PIPELINE_H
#define UGVT_GPU_RENDER_PIPELINE_H

#include "gpu/render/render.h"

/* The whole 3D pipeline, put together: a renderer whose back draws, with threads for all processors that the caller may
 * use, which it makes at once. NULL: out of memory. */
struct ugvt_render *ugvt_pipeline_create(void);

#endif
