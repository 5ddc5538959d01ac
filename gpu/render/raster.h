/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RASTER_H
#define UGVT_GPU_RENDER_RASTER_H

#include "gpu/eu/thread.h"
#include "gpu/render/primitive.h"

/*
 * The back of the 3D pipeline: sorts shapes into tiles of the screen, and draws tile after tile, each with its shapes in the order
 * in which they came. Tiles don't see one another, so that their order, or who draws them, makes no difference.
 */

/* others takes the messages of pixel shaders that are not for the render cache; it outlives the raster; NULL: nobody does. NULL if out of memory. */
struct ugvt_raster *ugvt_raster_create(struct ugvt_eu_port *others);

#endif
