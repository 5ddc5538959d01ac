/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "schedule/books.h"

/*
 * Hostile pages: each pair of bytes is a step of one of three tenants: a write to its page, a ring, a change of its terms, or time that
 * passes. Whatever they write, no more hold an engine than there are slots, nobody waits beside a free one, and time goes on.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TENANTS 3

struct world {
	struct ugvt_books books;
	struct ugvt_tenant *tenants[TENANTS];
	uint64_t now;
};

static void engine_check(struct world *world, unsigned id)
{
	struct ugvt_policy *policy = &world->books.engines[id];
	unsigned holding = 0, waiting = 0;

	for (unsigned i = 0; i < TENANTS; i++) {
		const struct ugvt_claim *claim = &world->tenants[i]->seats[id].claim;

		holding += claim->state == UGVT_CLAIM_HOLDING;
		waiting += claim->state == UGVT_CLAIM_WAITING && !claim->throttled;
	}
	if (holding != policy->holders || holding > policy->slots ||
		(waiting > 0 && holding < policy->slots)) {
		abort();
	}
}

static void settle(struct world *world)
{
	ugvt_books_settle(&world->books, world->now);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		engine_check(world, id);
	}
	if (ugvt_books_next(&world->books, world->now) <= world->now) {
		abort();
	}
}

static void page_write(struct ugvt_tenant *tenant, uint8_t where, uint8_t what)
{
	struct ugvt_turn_word *word = &tenant->page->engines[where % UGVT_ENGINE_COUNT];

	if (what & 0x80) {
		memset((char *)tenant->page + where % sizeof(*tenant->page), what, 1);
	} else if (what & 0x40) {
		atomic_store(&word->until_ns, (uint64_t)what << (what & 0x3f));
	} else {
		atomic_store(&word->state, what % 6);
	}
}

static void step(struct world *world, uint8_t how, uint8_t what)
{
	struct ugvt_tenant *tenant = world->tenants[how % TENANTS];
	struct ugvt_claim_terms terms = {what, (how & 0x80) ? what % 120u : 0};

	switch (how / 4 % 8) {
	case 0: ugvt_books_set(&world->books, tenant, &terms, world->now); break;
	case 1: world->now += (uint64_t)what << (what & 0x1f); break;
	case 2:
		world->now = UGVT_MIN(
			ugvt_books_next(&world->books, world->now), world->now + UGVT_NS_PER_S);
		break;
	case 3:
	case 4: ugvt_books_read(&world->books, tenant, world->now); break;
	default: page_write(tenant, how / 32, what); return;
	}
	settle(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ugvt_arbiter_config config = {
		size > 0 ? 1 + data[0] % 2 : 1, UGVT_NS_PER_MS, 10 * UGVT_NS_PER_MS, 1};
	struct world world = {.now = 1};

	ugvt_books_init(&world.books, &config);
	for (unsigned i = 0; i < TENANTS; i++) {
		world.tenants[i] = ugvt_tenant_create();
		if (!world.tenants[i]) {
			abort();
		}
		ugvt_books_add(&world.books, world.tenants[i], &(struct ugvt_claim_terms){1 + i, 0},
			world.now);
	}
	for (size_t at = 1; at + 1 < size; at += 2) {
		step(&world, data[at], data[at + 1]);
	}
	for (unsigned i = 0; i < TENANTS; i++) {
		ugvt_books_remove(&world.books, world.tenants[i], world.now);
		ugvt_tenant_destroy(world.tenants[i]);
	}
	return 0;
}
