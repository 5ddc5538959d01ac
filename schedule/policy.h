/* SPDX-License-Identifier: MIT */
#ifndef UGVT_SCHEDULE_POLICY_H
#define UGVT_SCHEDULE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

/*
 * Who may execute on one engine of a parent: weighted fair queueing with caps, as a pure calculation. All times are
 * nanoseconds of a clock that the caller has; they never go back.
 *
 * A vGPU has a claim to the engine. Its virtual time grows by what it held the engine for, over its weight; of those that wait,
 * the one with the smallest is next. Whoever comes back from idleness starts near the virtual time of the last one chosen, so
 * that idle time is not saved up. Whoever has waited for a quarter of a second is next, for a short slice. While nobody waits, holders are free: not charged, and with no end to their slice.
 *
 * A cap is a percentage of the time of one slot, kept by a bucket of 100 ms. A capped claim is never free.
 */

#define UGVT_WEIGHT_MAX 65535
#define UGVT_CAP_MAX 100
#define UGVT_SLICE_ENDLESS UINT64_MAX

struct ugvt_claim_terms {
	unsigned weight; // 1 to UGVT_WEIGHT_MAX; others are taken for the nearest
	unsigned cap;    // percent, 0: none; above UGVT_CAP_MAX: that
};

enum ugvt_claim_state {
	UGVT_CLAIM_IDLE,
	UGVT_CLAIM_WAITING,
	UGVT_CLAIM_HOLDING,
};

/* The caller's memory; to be read only. */
struct ugvt_claim {
	struct ugvt_list link; // ugvt_policy.claims
	struct ugvt_claim_terms terms;
	enum ugvt_claim_state state;
	bool free;             // holding, nobody waits
	bool fresh;            // waiting, and nobody was asked to make room for it yet
	uint64_t vtime;        // compared by difference: it may wrap
	uint64_t since_ns;     // waiting since
	uint64_t charged_ns;   // holding: paid up to here
	uint64_t until_ns;     // holding: end of the slice
	int64_t tokens_ns;     // capped: what it may still hold
	uint64_t tokens_at_ns; // when that was so
	bool throttled;        // capped: waits for tokens
	uint64_t held_ns;      // in all, while not free
};

struct ugvt_policy {
	struct ugvt_list claims; // ugvt_claim.link
	unsigned slots;          // how many may hold at once
	unsigned holders;
	uint64_t slice_ns;
	uint64_t clock; // virtual time of the last one chosen
};

/* slots at least 1. */
void ugvt_policy_init(struct ugvt_policy *policy, unsigned slots, uint64_t slice_ns);

/* A new claim, idle. */
void ugvt_policy_add(struct ugvt_policy *policy, struct ugvt_claim *claim,
	const struct ugvt_claim_terms *terms, uint64_t now_ns);
void ugvt_policy_remove(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns);
/* Other terms from now on. */
void ugvt_policy_set(struct ugvt_policy *policy, struct ugvt_claim *claim,
	const struct ugvt_claim_terms *terms, uint64_t now_ns);

/* An idle one wants the engine. */
void ugvt_policy_want(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns);
/* A holder has paused at the end of its slice, and wants the engine again. */
void ugvt_policy_yield(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns);
/* It neither holds nor wants the engine. */
void ugvt_policy_drop(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns);

/*
 * After any of these, and at the time of ugvt_policy_event(), the caller settles:
 *
 *	1. while ugvt_policy_next() has one, gives it the engine;
 *	2. while ugvt_policy_obstacle() has one, takes the engine away from it if it does not use it (ugvt_policy_drop(), and
 *	   back to 1), else ugvt_policy_press();
 *	3. ugvt_policy_settle(), and tells all holders their until_ns.
 */

/* Takes the waiting claim whose turn it is, if a slot is free; it holds now. NULL: none. */
struct ugvt_claim *ugvt_policy_next(struct ugvt_policy *policy, uint64_t now_ns);
/* A holder that is free although somebody waits. NULL: none. */
struct ugvt_claim *ugvt_policy_obstacle(struct ugvt_policy *policy, uint64_t now_ns);
/* Ends its freedom: its slice begins now. */
void ugvt_policy_press(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns);
/* If nobody waits, frees holders; else shortens the slice of one that is ahead of whoever has come. */
void ugvt_policy_settle(struct ugvt_policy *policy, uint64_t now_ns);

/* When a waiting claim that is out of tokens will have some. UINT64_MAX: there is none. */
uint64_t ugvt_policy_event(struct ugvt_policy *policy, uint64_t now_ns);

#endif
