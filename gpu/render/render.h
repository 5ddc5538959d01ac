/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_RENDER_RENDER_H
#define UGVT_GPU_RENDER_RENDER_H

#include "gpu/render/functions.h"
#include "gpu/render/primitive.h"
#include "gpu/render/stream.h"
#include "gpu/render/vertex_batch.h"

/*
 * The 3D pipeline behind one command streamer: takes draws with the state that the command streamer keeps, and works on them piece
 * by piece, so that its owner can stop between any two. One draw at a time; all on one thread, inside guest memory windows.
 */

struct ugvt_render;

/* raster is the renderer's from now on, also if this fails: NULL if out of memory. */
struct ugvt_render *ugvt_render_create(struct ugvt_raster *raster);
/* What its raster's pixel shaders send messages to is told of draws and windows, and is the renderer's from now on. Before the first
 * draw. */
void ugvt_render_adopt(struct ugvt_render *render, struct ugvt_functions *pixel_functions);
void ugvt_render_destroy(struct ugvt_render *render); // NULL is allowed

/* Whose state it draws with, in which address space, and who may ask for a pause (copied): once, before all that follows. All outlive
 * it. */
void ugvt_render_attach(struct ugvt_render *render, const struct ugvt_kept *kept,
	struct ugvt_aspace *as, const struct ugvt_attention *attention);

/* Begins a draw. false: it is dropped, since it needs what there is not; that was logged once. */
bool ugvt_render_begin(struct ugvt_render *render, const struct ugvt_render_primitive *primitive);
/* The same for what 3DSTATE_WM_HZ_OP says; false: that is nothing. */
bool ugvt_render_begin_hz_op(struct ugvt_render *render);
/* Works on the draw for at most about *budget units (see ugvt_cs_run()), which it takes from it; when somebody asks for a pause or waits
 * for guest memory, for a tile at most. true: it is done, and its effects are in memory. */
bool ugvt_render_step(struct ugvt_render *render, int64_t *budget);
/* Gives the draw up, if there is one. Any time, also outside a window. */
void ugvt_render_abort(struct ugvt_render *render);

/* The registers of stream output, which draws use and change: to be filled before one begins, and read behind each step. */
struct ugvt_stream_registers *ugvt_render_stream(struct ugvt_render *render);
/* What was counted since the last call. */
struct ugvt_render_counts ugvt_render_counts_take(struct ugvt_render *render);

#endif
