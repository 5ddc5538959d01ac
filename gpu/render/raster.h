/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RASTER_H
#define UGVT_GPU_RENDER_RASTER_H

#include "gpu/eu/thread.h"
#include "gpu/render/primitive.h"

/*
 * The back of the 3D pipeline: sorts shapes into tiles of the screen, and draws tile after tile, each with its shapes in the order
 * in which they came. Tiles don't see one another, so that their order, or who draws them, makes no difference: threads can share them.
 */

/* others takes the messages of pixel shaders that are not for the render cache; it outlives the raster; NULL: nobody does. NULL if out of memory. */
struct ugvt_raster *ugvt_raster_create(struct ugvt_eu_port *others);

/* Threads that help the one that calls run(). */
struct ugvt_raster_threads {
	unsigned count; // 0: none
	uint64_t least; // work that is worth waking them, in quarters of a nanosecond
};
/* Between draws: there are as many from now on, or fewer. They have shared functions of their own, those of gpu/render/functions.h, if the raster has
 * others; none takes signals. After a fork the child draws without them. */
void ugvt_raster_add_threads(struct ugvt_raster *raster, const struct ugvt_raster_threads *threads);

#endif
