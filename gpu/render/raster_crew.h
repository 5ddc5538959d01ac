/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RASTER_CREW_H
#define UGVT_GPU_RENDER_RASTER_CREW_H

#include <stdatomic.h>

#include "gpu/render/functions.h"
#include "gpu/render/raster_tile.h"

/*
 * Threads that draw tiles beside the one that runs the pipeline. Each has all that drawing changes: a drawer, shared functions, an
 * address space. They work only inside ugvt_crew_run(), and look at guest memory only there: in its caller's window.
 */

enum {
	UGVT_CREW_MAX = 15,
};

struct ugvt_crew;

/* What all of them draw. */
struct ugvt_crew_work {
	const struct ugvt_pixel_draw *draw;
	const struct ugvt_bins *bins;
	bool depth;             // its buffers are needed whatever the tests are
	_Atomic unsigned taken; // of the tiles that were touched; beyond them: all
};

/* So many threads, at least one, at most UGVT_CREW_MAX, or fewer if there can't be so many; they take no signals. functions: shaders' messages that
 * are not for the render cache are answered, for draws of that stage. NULL if there can't be any. */
struct ugvt_crew *ugvt_crew_create(unsigned threads, bool functions);
void ugvt_crew_destroy(struct ugvt_crew *crew); // NULL is allowed

/* A draw begins. */
void ugvt_crew_begin(struct ugvt_crew *crew, struct ugvt_crew_work *work);
/* Whether threads can be woken: not in a process that was forked. */
bool ugvt_crew_is_there(const struct ugvt_crew *crew);
/* Whether some need not be woken. */
bool ugvt_crew_is_awake(const struct ugvt_crew *crew);
/* Draws on with threads, all of them with wake, and the caller, who draws with own: each for at most about *budget units, which becomes
 * what the one that used most has left. true: all tiles are drawn. */
bool ugvt_crew_run(struct ugvt_crew *crew, struct ugvt_drawer *own, int64_t *budget, bool wake);
/* The same on the calling thread alone; crew may be NULL. */
bool ugvt_crew_run_alone(struct ugvt_crew *crew, struct ugvt_crew_work *work,
	struct ugvt_drawer *own, int64_t *budget);
/* Adds what was counted, and forgets it. */
void ugvt_crew_counts(struct ugvt_crew *crew, struct ugvt_render_counts *counts);
/* The draw is given up. */
void ugvt_crew_abort(struct ugvt_crew *crew);

#endif
