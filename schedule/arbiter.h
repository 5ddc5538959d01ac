/* SPDX-License-Identifier: MIT */
#ifndef UGVT_SCHEDULE_ARBITER_H
#define UGVT_SCHEDULE_ARBITER_H

#include <stdbool.h>
#include <stdint.h>

#include "gen/engine.h"
#include "schedule/policy.h"

/*
 * Shares the engines of a parent among its vGPUs, its tenants: a thread that grants turns through the page of each
 * (schedule/page.h), as schedule/policy.h says. It trusts no tenant: one that keeps an engine beyond the end of its slice and a
 * grace loses it in the books, the others go on, and it pays for what it held.
 *
 * All functions may be called from any thread.
 */

struct ugvt_arbiter;
struct ugvt_tenant;

struct ugvt_arbiter_config {
	unsigned slots;    // of each engine: how many tenants may execute at once; at least 1
	uint64_t slice_ns; // 0: 6 ms
	uint64_t grace_ns; // 0: 50 ms
	uint64_t
		alarm_ns; // 0: 2 s; after so long over its time a tenant is worth an alarm, and each second from then on
};

/* NULL if out of memory, descriptors or threads. */
struct ugvt_arbiter *ugvt_arbiter_create(const struct ugvt_arbiter_config *config);
/* Its tenants are removed. NULL is allowed. */
void ugvt_arbiter_destroy(struct ugvt_arbiter *arbiter);
/* An eventfd, the arbiter's: readable when there was an alarm. */
int ugvt_arbiter_alarm_fd(const struct ugvt_arbiter *arbiter);

/* NULL if out of memory or descriptors. */
struct ugvt_tenant *ugvt_arbiter_add(
	struct ugvt_arbiter *arbiter, const struct ugvt_claim_terms *terms);
/* NULL is allowed. */
void ugvt_arbiter_remove(struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant);
void ugvt_arbiter_set(struct ugvt_arbiter *arbiter, struct ugvt_tenant *tenant,
	const struct ugvt_claim_terms *terms);

/* What ugvt_turns_govern() takes; the tenant's. */
int ugvt_tenant_page_fd(const struct ugvt_tenant *tenant);
int ugvt_tenant_doorbell_fd(const struct ugvt_tenant *tenant);

struct ugvt_tenant_stats {
	uint64_t grants[UGVT_ENGINE_COUNT];
	uint64_t held_ns[UGVT_ENGINE_COUNT]; // while others waited, or capped
	uint64_t overruns;                   // turns that it did not give back in time
	uint64_t over_ns; // how long it has been so with one of them; 0: it is not
};

void ugvt_tenant_stats(struct ugvt_arbiter *arbiter, const struct ugvt_tenant *tenant,
	struct ugvt_tenant_stats *stats);

#endif
