/* SPDX-License-Identifier: MIT */
#include "schedule/policy.h"

#include <assert.h>

#include "base/clock.h"

/* Virtual nanoseconds of a nanosecond at weight 1, so that division by a weight leaves something. */
#define SCALE 1024
/* A bucket holds the tokens of so long. */
#define BUCKET_NS (100 * UGVT_NS_PER_MS)
/* With fewer tokens a turn is not worth its trouble. */
#define TOKENS_MIN_NS ((int64_t)(100 * UGVT_NS_PER_US))

/* Whoever waits for so long is next, whatever its weight, for a short slice: a guest's driver takes an engine that does not
 * preempt within 640 ms for hung (i915 Kconfig.profile, DRM_I915_PREEMPT_TIMEOUT). */
#define PATIENCE_NS (250 * UGVT_NS_PER_MS)
#define PATIENCE_SLICES 8 // of them make a whole one

static uint64_t virtual_ns(uint64_t ns, unsigned weight)
{
	return ns * SCALE / weight;
}

/* a - b of virtual times. */
static int64_t ahead(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b);
}

static int64_t bucket_size(const struct ugvt_claim *claim)
{
	return (int64_t)(BUCKET_NS * claim->terms.cap / 100);
}

/* It waits until it has so many again: a slice, or half the bucket. */
static int64_t tokens_needed(const struct ugvt_policy *policy, const struct ugvt_claim *claim)
{
	return UGVT_MIN((int64_t)policy->slice_ns, bucket_size(claim) / 2);
}

static void tokens_update(
	const struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	uint64_t passed = UGVT_MIN(now_ns - claim->tokens_at_ns, 1000 * UGVT_NS_PER_S);

	if (claim->terms.cap == 0) {
		return;
	}
	claim->tokens_at_ns = now_ns;
	claim->tokens_ns += (int64_t)(passed * claim->terms.cap / 100);
	claim->tokens_ns = UGVT_MIN(claim->tokens_ns, bucket_size(claim));
	if (claim->tokens_ns < UGVT_MIN(TOKENS_MIN_NS, tokens_needed(policy, claim))) {
		claim->throttled = true;
	} else if (claim->tokens_ns >= tokens_needed(policy, claim)) {
		claim->throttled = false;
	}
}

/* May it hold the engine, or does it wait for tokens? */
static bool is_competing(
	const struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	if (claim->state != UGVT_CLAIM_WAITING) {
		return false;
	}
	tokens_update(policy, claim, now_ns);
	return !claim->throttled;
}

static bool is_overdue(const struct ugvt_claim *claim, uint64_t now_ns)
{
	return now_ns - claim->since_ns > PATIENCE_NS;
}

/* Of two that compete. */
static bool is_before(const struct ugvt_claim *a, const struct ugvt_claim *b, uint64_t now_ns)
{
	if (is_overdue(a, now_ns) || is_overdue(b, now_ns) || a->vtime == b->vtime) {
		return a->since_ns < b->since_ns;
	}
	return ahead(b->vtime, a->vtime) > 0;
}

static struct ugvt_claim *best_waiting(struct ugvt_policy *policy, uint64_t now_ns)
{
	struct ugvt_claim *claim, *best = NULL;

	ugvt_list_for_each(claim, &policy->claims, link) {
		if (is_competing(policy, claim, now_ns) &&
			(!best || is_before(claim, best, now_ns))) {
			best = claim;
		}
	}
	return best;
}

static void charge(const struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	uint64_t held = now_ns - claim->charged_ns;

	claim->charged_ns = now_ns;
	if (!claim->free) {
		claim->vtime += virtual_ns(held, claim->terms.weight);
		claim->held_ns += held;
		claim->tokens_ns -= (int64_t)UGVT_MIN(held, UGVT_NS_PER_S);
	}
	tokens_update(policy, claim, now_ns);
}

/* Who was left behind the clock by more than lag may not catch up with more than that. */
static void catch_up(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t lag)
{
	if (ahead(policy->clock, claim->vtime) > (int64_t)lag) {
		claim->vtime = policy->clock - lag;
	}
}

static unsigned least_weight(const struct ugvt_policy *policy)
{
	unsigned least = UGVT_WEIGHT_MAX;
	struct ugvt_claim *claim;

	ugvt_list_for_each(claim, &policy->claims, link) {
		if (claim->state != UGVT_CLAIM_IDLE) {
			least = UGVT_MIN(least, claim->terms.weight);
		}
	}
	return least;
}

static struct ugvt_claim_terms terms_within(const struct ugvt_claim_terms *terms)
{
	return (struct ugvt_claim_terms){
		.weight = UGVT_MAX(1u, UGVT_MIN(terms->weight, UGVT_WEIGHT_MAX)),
		.cap = UGVT_MIN(terms->cap, UGVT_CAP_MAX),
	};
}

/* The end of a slice that begins now; a capped claim's ends with its tokens. */
static void slice_begin(const struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	uint64_t slice = policy->slice_ns;

	if (claim->terms.cap > 0) {
		slice = UGVT_MIN(slice, (uint64_t)UGVT_MAX(claim->tokens_ns, 0));
	}
	claim->free = false;
	claim->charged_ns = now_ns;
	claim->until_ns = now_ns + slice;
}

void ugvt_policy_init(struct ugvt_policy *policy, unsigned slots, uint64_t slice_ns)
{
	assert(slots > 0);
	*policy = (struct ugvt_policy){.slots = slots, .slice_ns = slice_ns};
	ugvt_list_init(&policy->claims);
}

void ugvt_policy_add(struct ugvt_policy *policy, struct ugvt_claim *claim,
	const struct ugvt_claim_terms *terms, uint64_t now_ns)
{
	*claim = (struct ugvt_claim){.terms = terms_within(terms), .vtime = policy->clock};
	claim->tokens_ns = bucket_size(claim);
	claim->tokens_at_ns = now_ns;
	ugvt_list_append(&policy->claims, &claim->link);
}

void ugvt_policy_remove(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	ugvt_policy_drop(policy, claim, now_ns);
	ugvt_list_remove(&claim->link);
}

void ugvt_policy_set(struct ugvt_policy *policy, struct ugvt_claim *claim,
	const struct ugvt_claim_terms *terms, uint64_t now_ns)
{
	bool was_capped = claim->terms.cap > 0;

	if (claim->state == UGVT_CLAIM_HOLDING) {
		charge(policy, claim, now_ns);
	}
	tokens_update(policy, claim, now_ns);
	claim->terms = terms_within(terms);
	claim->tokens_at_ns = now_ns;
	claim->tokens_ns =
		was_capped ? UGVT_MIN(claim->tokens_ns, bucket_size(claim)) : bucket_size(claim);
	claim->throttled = claim->throttled && claim->terms.cap > 0;
	if (claim->state == UGVT_CLAIM_HOLDING && claim->free && claim->terms.cap > 0) {
		slice_begin(policy, claim, now_ns);
	}
}

void ugvt_policy_want(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	assert(claim->state == UGVT_CLAIM_IDLE);
	/* A slice of its own: who works in short pieces does not lose what it could not use between two of them. */
	catch_up(policy, claim, virtual_ns(policy->slice_ns, claim->terms.weight));
	claim->state = UGVT_CLAIM_WAITING;
	claim->fresh = true;
	claim->since_ns = now_ns;
}

void ugvt_policy_yield(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	assert(claim->state == UGVT_CLAIM_HOLDING);
	charge(policy, claim, now_ns);
	/* With several slots, one whose weight asks for more than a whole slot falls back for ever, and would keep all
	 * others out once it can have more. */
	catch_up(policy, claim, 2 * virtual_ns(policy->slice_ns, least_weight(policy)));
	policy->holders--;
	claim->state = UGVT_CLAIM_WAITING;
	claim->free = false;
	claim->fresh = false;
	claim->since_ns = now_ns;
}

void ugvt_policy_drop(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	if (claim->state == UGVT_CLAIM_HOLDING) {
		charge(policy, claim, now_ns);
		policy->holders--;
	}
	claim->state = UGVT_CLAIM_IDLE;
	claim->free = false;
}

struct ugvt_claim *ugvt_policy_next(struct ugvt_policy *policy, uint64_t now_ns)
{
	struct ugvt_claim *claim;
	bool overdue;

	if (policy->holders >= policy->slots) {
		return NULL;
	}
	claim = best_waiting(policy, now_ns);
	if (!claim) {
		return NULL;
	}
	overdue = is_overdue(claim, now_ns);
	/* One that is served before its time says nothing about where the others are. */
	if (!overdue && ahead(claim->vtime, policy->clock) > 0) {
		policy->clock = claim->vtime;
	}
	policy->holders++;
	claim->state = UGVT_CLAIM_HOLDING;
	claim->fresh = false;
	slice_begin(policy, claim, now_ns);
	if (overdue) {
		claim->until_ns =
			UGVT_MIN(claim->until_ns, now_ns + policy->slice_ns / PATIENCE_SLICES);
	}
	return claim;
}

struct ugvt_claim *ugvt_policy_obstacle(struct ugvt_policy *policy, uint64_t now_ns)
{
	struct ugvt_claim *claim;

	if (!best_waiting(policy, now_ns)) {
		return NULL;
	}
	ugvt_list_for_each(claim, &policy->claims, link) {
		if (claim->state == UGVT_CLAIM_HOLDING && claim->free) {
			return claim;
		}
	}
	return NULL;
}

void ugvt_policy_press(struct ugvt_policy *policy, struct ugvt_claim *claim, uint64_t now_ns)
{
	assert(claim->state == UGVT_CLAIM_HOLDING && claim->free);
	slice_begin(policy, claim, now_ns);
}

static uint64_t vtime_now(const struct ugvt_claim *claim, uint64_t now_ns)
{
	return claim->vtime + virtual_ns(now_ns - claim->charged_ns, claim->terms.weight);
}

/* The holder that has had the most. */
static struct ugvt_claim *most_ahead(struct ugvt_policy *policy, uint64_t now_ns)
{
	struct ugvt_claim *claim, *most = NULL;

	ugvt_list_for_each(claim, &policy->claims, link) {
		if (claim->state == UGVT_CLAIM_HOLDING &&
			(!most || ahead(vtime_now(claim, now_ns), vtime_now(most, now_ns)) > 0)) {
			most = claim;
		}
	}
	return most;
}

/* The holder may catch up with whoever has come, and work for a quarter of a slice more. */
static void room_make(const struct ugvt_policy *policy, const struct ugvt_claim *fresh,
	struct ugvt_claim *holder, uint64_t now_ns)
{
	int64_t lead = ahead(fresh->vtime, vtime_now(holder, now_ns)) / SCALE;
	int64_t slice = (int64_t)policy->slice_ns;
	int64_t left;

	lead = UGVT_MAX(-slice, UGVT_MIN(lead, slice)) * holder->terms.weight;
	left = UGVT_MAX(0, lead + slice / 4);
	holder->until_ns = UGVT_MIN(holder->until_ns, now_ns + (uint64_t)left);
}

static void holders_free(struct ugvt_policy *policy, uint64_t now_ns)
{
	struct ugvt_claim *claim;

	ugvt_list_for_each(claim, &policy->claims, link) {
		if (claim->state == UGVT_CLAIM_HOLDING && !claim->free && claim->terms.cap == 0) {
			charge(policy, claim, now_ns);
			claim->free = true;
			claim->until_ns = UGVT_SLICE_ENDLESS;
		}
	}
}

void ugvt_policy_settle(struct ugvt_policy *policy, uint64_t now_ns)
{
	struct ugvt_claim *claim;

	if (!best_waiting(policy, now_ns)) {
		holders_free(policy, now_ns);
		return;
	}
	ugvt_list_for_each(claim, &policy->claims, link) {
		if (claim->fresh && is_competing(policy, claim, now_ns)) {
			struct ugvt_claim *holder = most_ahead(policy, now_ns);

			claim->fresh = false;
			if (holder) {
				room_make(policy, claim, holder, now_ns);
			}
		}
	}
}

uint64_t ugvt_policy_event(struct ugvt_policy *policy, uint64_t now_ns)
{
	uint64_t event = UINT64_MAX;
	struct ugvt_claim *claim;

	ugvt_list_for_each(claim, &policy->claims, link) {
		if (claim->state == UGVT_CLAIM_WAITING && !is_competing(policy, claim, now_ns)) {
			int64_t missing = tokens_needed(policy, claim) - claim->tokens_ns;
			uint64_t wait =
				((uint64_t)missing * 100 + claim->terms.cap - 1) / claim->terms.cap;

			event = UGVT_MIN(event, now_ns + UGVT_MAX(wait, 1));
		}
	}
	return event;
}
