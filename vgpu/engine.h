/* SPDX-License-Identifier: MIT */
#ifndef UGVT_VGPU_ENGINE_H
#define UGVT_VGPU_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "gen/engine.h"
#include "vgpu/vgpu.h"

/*
 * One engine: its execlist ports, its context status buffer, and the thread that runs its command streamer.
 * Ports and events: PRM SKL vol 6, "Execlists" and "Context Status".
 *
 * ugvt_engine_submit() and its like are short and may be called with vgpu->lock held; ugvt_engine_hold() and
 * ugvt_engine_reset() wait for the end of a bounded piece of work (some 0.1 ms, of a draw 0.5 ms) and may not.
 */

struct ugvt_engine;
struct ugvt_vgpu;

/* NULL if out of memory or threads. */
struct ugvt_engine *ugvt_engine_create(struct ugvt_vgpu *vgpu, enum ugvt_engine_id id);
/* NULL is allowed. */
void ugvt_engine_destroy(struct ugvt_engine *engine);

/* A new execlist: descriptors of element 0 and element 1 (0: none). It replaces one that is still pending. */
void ugvt_engine_submit(struct ugvt_engine *engine, const uint64_t descriptors[2]);
/* MI_MODE's Stop Ring: no command starts while on. */
void ugvt_engine_stop_ring(struct ugvt_engine *engine, bool on);
/* No command is being executed, and none will be before something is submitted or started. */
bool ugvt_engine_is_idle(struct ugvt_engine *engine);
/* No command is being executed at this moment. */
bool ugvt_engine_is_still(struct ugvt_engine *engine);
/* EXECLIST_STATUS. */
uint64_t ugvt_engine_execlist_status(struct ugvt_engine *engine);
void ugvt_engine_invalidate_tlb(struct ugvt_engine *engine);

/* Waits until the command streamer stands still, and keeps it so, whatever is submitted, until the release. */
void ugvt_engine_hold(struct ugvt_engine *engine);
void ugvt_engine_release(struct ugvt_engine *engine);
/* Drops what is running and submitted and puts the engine's registers back to their reset values. */
void ugvt_engine_reset(struct ugvt_engine *engine);

/* How long it has had work up to now, whether that advanced or waited. Any thread that holds no engine's lock. */
uint64_t ugvt_engine_awake_ns(struct ugvt_engine *engine, uint64_t now);
/* Any thread. */
void ugvt_engine_stats(struct ugvt_engine *engine, struct ugvt_vgpu_engine_stats *stats);

#endif
