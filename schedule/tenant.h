/* SPDX-License-Identifier: MIT */
#ifndef UGVT_SCHEDULE_TENANT_H
#define UGVT_SCHEDULE_TENANT_H

#include "base/list.h"
#include "schedule/arbiter.h"
#include "schedule/page.h"

/*
 * Inside schedule/ only, with the arbiter's lock held: the books about one vGPU, and how its page is read. What counts is the
 * books; the page says what the worker claims to do, and is put right where that can't be.
 */

/* One engine of one tenant. */
struct ugvt_seat {
	struct ugvt_claim claim;
	bool granted; // in the books, not yet in the page
	bool over;    // it was taken away in the books, and the page still says that it runs
	uint64_t over_since_ns; // the end of its slice
	uint64_t published_ns;  // what until_ns of the page was set to
	uint64_t grants, overruns;
};

struct ugvt_tenant {
	struct ugvt_list link; // ugvt_arbiter.tenants
	uint64_t id;           // in events
	struct ugvt_turn_page *page;
	int page_fd, doorbell_fd;
	uint32_t pulse;
	unsigned rings; // since rings_since_ns
	uint64_t rings_since_ns;
	bool muted; // rang too often: not listened to for a while
	uint64_t alarm_at_ns;
	struct ugvt_seat seats[UGVT_ENGINE_COUNT];
};

/* NULL if out of memory or descriptors. */
struct ugvt_tenant *ugvt_tenant_create(void);
void ugvt_tenant_destroy(struct ugvt_tenant *tenant);

static inline struct ugvt_seat *ugvt_seat_from_claim(struct ugvt_claim *claim)
{
	return ugvt_container_of(claim, struct ugvt_seat, claim);
}

struct ugvt_tenant *ugvt_tenant_from_seat(struct ugvt_seat *seat, enum ugvt_engine_id engine);

/* What a seat is read and written with. */
struct ugvt_seat_place {
	struct ugvt_policy *policy;
	struct ugvt_turn_word *word;
	uint64_t now_ns;
};

/* Brings the books up to what the page says. */
void ugvt_seat_read(struct ugvt_seat *seat, const struct ugvt_seat_place *place);
/* Brings the page up to what the books say. false: the tenant does not want any more what it was granted. */
bool ugvt_seat_publish(struct ugvt_seat *seat, const struct ugvt_seat_place *place);
/* Takes the engine away from a holder that is over its time by grace_ns, if it is. */
void ugvt_seat_enforce(
	struct ugvt_seat *seat, const struct ugvt_seat_place *place, uint64_t grace_ns);

#endif
