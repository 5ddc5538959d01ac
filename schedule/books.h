/* SPDX-License-Identifier: MIT */
#ifndef UGVT_SCHEDULE_BOOKS_H
#define UGVT_SCHEDULE_BOOKS_H

#include "schedule/tenant.h"

/*
 * Inside schedule/ only: all tenants and engines of a parent, and the decisions about them. The arbiter has a thread, a lock and a
 * clock around them.
 *
 * After a change, ugvt_books_settle() makes what is to follow from it.
 */

struct ugvt_books {
	struct ugvt_list tenants; // ugvt_tenant.link
	struct ugvt_policy engines[UGVT_ENGINE_COUNT];
	uint64_t grace_ns;
};

/* Nothing in config is 0. */
void ugvt_books_init(struct ugvt_books *books, const struct ugvt_arbiter_config *config);

void ugvt_books_add(struct ugvt_books *books, struct ugvt_tenant *tenant,
	const struct ugvt_claim_terms *terms, uint64_t now_ns);
void ugvt_books_remove(struct ugvt_books *books, struct ugvt_tenant *tenant, uint64_t now_ns);
void ugvt_books_set(struct ugvt_books *books, struct ugvt_tenant *tenant,
	const struct ugvt_claim_terms *terms, uint64_t now_ns);
/* Its doorbell rang: looks at its page. */
void ugvt_books_read(struct ugvt_books *books, struct ugvt_tenant *tenant, uint64_t now_ns);

/* Enforces ends of slices, and gives engines that are free to those whose turn it is. */
void ugvt_books_settle(struct ugvt_books *books, uint64_t now_ns);
/* When to settle again even if nobody rings; UINT64_MAX: never. */
uint64_t ugvt_books_next(struct ugvt_books *books, uint64_t now_ns);

/* For how long the tenant has kept an engine beyond its time; 0: it does not. */
uint64_t ugvt_tenant_over_ns(const struct ugvt_tenant *tenant, uint64_t now_ns);

#endif
