/* SPDX-License-Identifier: MIT */
#ifndef UGVT_SCHEDULE_TURN_H
#define UGVT_SCHEDULE_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "gen/engine.h"

/*
 * The turns of one vGPU at its parent's engines, as its worker takes them. An arbiter in another process (schedule/arbiter.h)
 * grants them through a page (schedule/page.h). While there is none, or it shows no sign of life for a second, every turn is
 * granted.
 *
 * Each engine has one thread, which calls ugvt_turn_try(), ugvt_turn_wait(), ugvt_turn_is_due() and ugvt_turn_end().
 */

struct ugvt_turns;

/* What a worker's threads are to run at, where that is permitted: a turn is charged by the clock, so an engine may not have to wait
 * for a processor behind those of virtual machines. */
#define UGVT_TURN_NICE (-5)

/* Ungoverned. NULL: out of memory. */
struct ugvt_turns *ugvt_turns_create(void);
/* No engine uses it any more. NULL is allowed. */
void ugvt_turns_destroy(struct ugvt_turns *turns);

/* From now on an arbiter grants turns; it replaces one that did. Takes both descriptors, also on failure. 0 or -errno. Any
 * thread, while engines run. */
int ugvt_turns_govern(struct ugvt_turns *turns, int page_fd, int doorbell_fd);
/* There is no arbiter any more. Any thread. */
void ugvt_turns_ungovern(struct ugvt_turns *turns);

/* Takes the engine if that needs no waiting: no system call. */
bool ugvt_turn_try(struct ugvt_turns *turns, enum ugvt_engine_id engine);
/* Takes it, and waits for that if needed. false: cancelled. */
bool ugvt_turn_wait(struct ugvt_turns *turns, enum ugvt_engine_id engine);
/* Of an engine that was taken: it is to be given back soon, at most about 0.1 ms from now. */
bool ugvt_turn_is_due(struct ugvt_turns *turns, enum ugvt_engine_id engine);
/* The same: nobody else wants it, for the time being. */
bool ugvt_turn_is_endless(struct ugvt_turns *turns, enum ugvt_engine_id engine);
/* Gives it back; more: to be taken again as soon as possible. */
void ugvt_turn_end(struct ugvt_turns *turns, enum ugvt_engine_id engine, bool more);

/* Ends ugvt_turn_wait(), now and for ever. Any thread. */
void ugvt_turn_cancel(struct ugvt_turns *turns, enum ugvt_engine_id engine);

#endif
