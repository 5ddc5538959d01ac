/* SPDX-License-Identifier: MIT */
#include "schedule/books.h"

static struct ugvt_seat_place place_of(
	struct ugvt_books *books, struct ugvt_tenant *tenant, unsigned engine, uint64_t now_ns)
{
	return (struct ugvt_seat_place){
		&books->engines[engine], &tenant->page->engines[engine], now_ns};
}

void ugvt_books_read(struct ugvt_books *books, struct ugvt_tenant *tenant, uint64_t now_ns)
{
	atomic_store(&tenant->page->pulse, ++tenant->pulse);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct ugvt_seat_place place = place_of(books, tenant, id, now_ns);

		ugvt_seat_read(&tenant->seats[id], &place);
	}
}

/* Steps 1 and 2 of schedule/policy.h. What is granted is published later, when it is known whether somebody still waits. */
static void engine_decide(struct ugvt_books *books, unsigned id, uint64_t now_ns)
{
	struct ugvt_policy *policy = &books->engines[id];
	struct ugvt_claim *claim;

	do {
		while ((claim = ugvt_policy_next(policy, now_ns))) {
			ugvt_seat_from_claim(claim)->granted = true;
		}
		claim = ugvt_policy_obstacle(policy, now_ns);
		if (claim) {
			struct ugvt_seat *seat = ugvt_seat_from_claim(claim);
			struct ugvt_seat_place place =
				place_of(books, ugvt_tenant_from_seat(seat, id), id, now_ns);

			ugvt_policy_press(policy, claim, now_ns);
			ugvt_seat_publish(seat, &place);
			ugvt_seat_read(seat, &place);
		}
	} while (claim);
	ugvt_policy_settle(policy, now_ns);
}

static bool engine_publish(struct ugvt_books *books, unsigned id, uint64_t now_ns)
{
	struct ugvt_tenant *tenant;
	bool all = true;

	ugvt_list_for_each(tenant, &books->tenants, link) {
		struct ugvt_seat_place place = place_of(books, tenant, id, now_ns);

		all = ugvt_seat_publish(&tenant->seats[id], &place) && all;
	}
	return all;
}

void ugvt_books_settle(struct ugvt_books *books, uint64_t now_ns)
{
	struct ugvt_tenant *tenant;

	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_list_for_each(tenant, &books->tenants, link) {
			struct ugvt_seat_place place = place_of(books, tenant, id, now_ns);

			ugvt_seat_enforce(&tenant->seats[id], &place, books->grace_ns);
		}
		/* Who does not take what it is granted has dropped its claim: that ends. */
		do {
			engine_decide(books, id, now_ns);
		} while (!engine_publish(books, id, now_ns));
	}
}

uint64_t ugvt_tenant_over_ns(const struct ugvt_tenant *tenant, uint64_t now_ns)
{
	uint64_t over = 0;

	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		const struct ugvt_seat *seat = &tenant->seats[id];

		if (seat->over) {
			over = UGVT_MAX(over, now_ns - seat->over_since_ns);
		}
	}
	return over;
}

static uint64_t seats_next(const struct ugvt_books *books, const struct ugvt_tenant *tenant)
{
	uint64_t next = UINT64_MAX;

	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		const struct ugvt_claim *claim = &tenant->seats[id].claim;

		if (claim->state == UGVT_CLAIM_HOLDING && !claim->free) {
			next = UGVT_MIN(next, claim->until_ns + books->grace_ns);
		}
	}
	return next;
}

uint64_t ugvt_books_next(struct ugvt_books *books, uint64_t now_ns)
{
	uint64_t next = UINT64_MAX;
	struct ugvt_tenant *tenant;

	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		next = UGVT_MIN(next, ugvt_policy_event(&books->engines[id], now_ns));
	}
	ugvt_list_for_each(tenant, &books->tenants, link) {
		next = UGVT_MIN(next, seats_next(books, tenant));
	}
	return next;
}

void ugvt_books_init(struct ugvt_books *books, const struct ugvt_arbiter_config *config)
{
	*books = (struct ugvt_books){.grace_ns = config->grace_ns};
	ugvt_list_init(&books->tenants);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_policy_init(&books->engines[id], config->slots, config->slice_ns);
	}
}

void ugvt_books_add(struct ugvt_books *books, struct ugvt_tenant *tenant,
	const struct ugvt_claim_terms *terms, uint64_t now_ns)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_policy_add(&books->engines[id], &tenant->seats[id].claim, terms, now_ns);
	}
	ugvt_list_append(&books->tenants, &tenant->link);
}

void ugvt_books_remove(struct ugvt_books *books, struct ugvt_tenant *tenant, uint64_t now_ns)
{
	ugvt_list_remove(&tenant->link);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		ugvt_policy_remove(&books->engines[id], &tenant->seats[id].claim, now_ns);
	}
}

void ugvt_books_set(struct ugvt_books *books, struct ugvt_tenant *tenant,
	const struct ugvt_claim_terms *terms, uint64_t now_ns)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		struct ugvt_seat_place place = place_of(books, tenant, id, now_ns);

		ugvt_policy_set(place.policy, &tenant->seats[id].claim, terms, now_ns);
		ugvt_seat_publish(&tenant->seats[id], &place);
		/* A lease ends with the freedom that it came from. */
		ugvt_seat_read(&tenant->seats[id], &place);
	}
}
