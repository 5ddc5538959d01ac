/* SPDX-License-Identifier: MIT */
#ifndef UGVT_SCHEDULE_PAGE_H
#define UGVT_SCHEDULE_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "gen/engine.h"

/*
 * The page that one worker and the arbiter share. For each engine it has a state, which both change by compare and swap only:
 *
 *	NONE    -> WANTED   worker, and rings its doorbell
 *	WANTED  -> RUNNING  arbiter: a grant; it wakes who waits on the word
 *	RUNNING -> LEASE    worker, idle while until_ns is UGVT_TURN_ENDLESS: no doorbell
 *	LEASE   -> RUNNING  worker: no doorbell
 *	LEASE   -> NONE     arbiter: somebody else wants the engine; or the worker, if it sees that itself
 *	RUNNING -> NONE or WANTED  worker, idle or at the end of its slice, and rings
 *	WANTED  -> NONE     worker, and rings
 *
 * The arbiter writes until_ns before it looks at the state, and the worker looks at until_ns again after it wrote LEASE, so that one
 * of them sees the other.
 *
 * A worker may be in the hands of its guest: the arbiter believes nothing that it reads here, see schedule/tenant.h.
 */

enum ugvt_turn_state {
	UGVT_TURN_NONE,
	UGVT_TURN_WANTED,
	UGVT_TURN_RUNNING,
	UGVT_TURN_LEASE,
};

#define UGVT_TURN_ENDLESS UINT64_MAX
#define UGVT_TURN_PAGE_BYTES 4096

struct ugvt_turn_word {
	_Alignas(64) _Atomic uint32_t state; // a futex
	_Atomic uint64_t until_ns;           // CLOCK_MONOTONIC: the end of a slice
};

struct ugvt_turn_page {
	struct ugvt_turn_word engines[UGVT_ENGINE_COUNT];
	_Atomic uint32_t pulse; // grows when the arbiter looks at the page
};

_Static_assert(sizeof(struct ugvt_turn_page) <= UGVT_TURN_PAGE_BYTES, "one page");

/* A new one, all NONE: its memory file, which nobody can shrink. -errno. */
int ugvt_turn_page_create(void);
/* Maps it; -errno, if it is not such a file, too. */
int ugvt_turn_page_map(int fd, struct ugvt_turn_page **page);
/* NULL is allowed. */
void ugvt_turn_page_unmap(struct ugvt_turn_page *page);

/* Changes the state; false if it was not from. */
bool ugvt_turn_word_change(
	struct ugvt_turn_word *word, enum ugvt_turn_state from, enum ugvt_turn_state to);
/* Waits while the state is UGVT_TURN_WANTED, at most about timeout_ms; false if that passed. */
bool ugvt_turn_word_wait(struct ugvt_turn_word *word, unsigned timeout_ms);
void ugvt_turn_word_wake(struct ugvt_turn_word *word);

#endif
