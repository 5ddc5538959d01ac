/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "schedule/books.h"

/*
 * The books and the pages, with a clock of our own: tenants that keep the rules, beside others that write anything at all into their
 * pages.
 */

#define SLICE_NS (2 * UGVT_NS_PER_MS)
#define GRACE_NS (50 * UGVT_NS_PER_MS)
#define STEP_NS (100 * UGVT_NS_PER_US)
#define TENANTS 4

struct fixture {
	struct ugvt_books books;
	struct ugvt_tenant *tenants[TENANTS];
	uint64_t now;
	uint64_t worked_ns[TENANTS];
};

static int setup(void **state)
{
	static struct fixture fixture;
	const struct ugvt_arbiter_config config = {1, SLICE_NS, GRACE_NS, UGVT_NS_PER_S};

	fixture = (struct fixture){.now = 1000};
	ugvt_books_init(&fixture.books, &config);
	for (unsigned i = 0; i < TENANTS; i++) {
		fixture.tenants[i] = ugvt_tenant_create();
		assert_non_null(fixture.tenants[i]);
		ugvt_books_add(&fixture.books, fixture.tenants[i], &(struct ugvt_claim_terms){1, 0},
			fixture.now);
	}
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < TENANTS; i++) {
		ugvt_books_remove(&fixture->books, fixture->tenants[i], fixture->now);
		ugvt_tenant_destroy(fixture->tenants[i]);
	}
	return 0;
}

static struct ugvt_turn_word *word_of(struct fixture *fixture, unsigned tenant)
{
	return &fixture->tenants[tenant]->page->engines[UGVT_BCS];
}

static uint32_t state_of(struct fixture *fixture, unsigned tenant)
{
	return atomic_load(&word_of(fixture, tenant)->state);
}

static uint64_t until_of(struct fixture *fixture, unsigned tenant)
{
	return atomic_load(&word_of(fixture, tenant)->until_ns);
}

static void ring(struct fixture *fixture, unsigned tenant)
{
	ugvt_books_read(&fixture->books, fixture->tenants[tenant], fixture->now);
	ugvt_books_settle(&fixture->books, fixture->now);
}

static void say(struct fixture *fixture, unsigned tenant, uint32_t state)
{
	atomic_store(&word_of(fixture, tenant)->state, state);
	ring(fixture, tenant);
}

static void test_lease(void **state)
{
	struct fixture *fixture = *state;

	say(fixture, 0, UGVT_TURN_WANTED);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_RUNNING);
	assert_int_equal(until_of(fixture, 0), UGVT_TURN_ENDLESS);
	assert_int_equal(ugvt_books_next(&fixture->books, fixture->now), UINT64_MAX);
	/* Idle, without a word; another that comes gets the engine at once. */
	atomic_store(&word_of(fixture, 0)->state, UGVT_TURN_LEASE);
	say(fixture, 1, UGVT_TURN_WANTED);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_NONE);
	assert_int_equal(state_of(fixture, 1), UGVT_TURN_RUNNING);
	assert_int_equal(until_of(fixture, 1), UGVT_TURN_ENDLESS);
}

static void test_slices(void **state)
{
	struct fixture *fixture = *state;

	say(fixture, 0, UGVT_TURN_WANTED);
	say(fixture, 1, UGVT_TURN_WANTED);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_RUNNING);
	assert_int_equal(state_of(fixture, 1), UGVT_TURN_WANTED);
	assert_true(until_of(fixture, 0) <= fixture->now + SLICE_NS);
	fixture->now = until_of(fixture, 0);
	say(fixture, 0, UGVT_TURN_WANTED);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_WANTED);
	assert_int_equal(state_of(fixture, 1), UGVT_TURN_RUNNING);
	assert_int_equal(until_of(fixture, 1), fixture->now + SLICE_NS);
	/* The other one does not want it any more: no end. */
	say(fixture, 0, UGVT_TURN_NONE);
	assert_int_equal(until_of(fixture, 1), UGVT_TURN_ENDLESS);
}

/* One that keeps the engine loses it in the books, and does not wait longer than the others once it gives it back. */
static void test_overrun(void **state)
{
	struct fixture *fixture = *state;
	struct ugvt_tenant *late = fixture->tenants[0];

	say(fixture, 0, UGVT_TURN_WANTED);
	say(fixture, 1, UGVT_TURN_WANTED);
	fixture->now = ugvt_books_next(&fixture->books, fixture->now);
	assert_int_equal(fixture->now, until_of(fixture, 0) + GRACE_NS);
	ugvt_books_settle(&fixture->books, fixture->now);
	assert_int_equal(state_of(fixture, 1), UGVT_TURN_RUNNING);
	assert_int_equal(late->seats[UGVT_BCS].overruns, 1);
	assert_int_equal(ugvt_tenant_over_ns(late, fixture->now + 7), GRACE_NS + 7);
	ring(fixture, 0);
	assert_true(late->seats[UGVT_BCS].over);
	say(fixture, 0, UGVT_TURN_WANTED);
	assert_false(late->seats[UGVT_BCS].over);
	assert_int_equal(ugvt_tenant_over_ns(late, fixture->now), 0);
	say(fixture, 1, UGVT_TURN_NONE);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_RUNNING);
}

static void test_cap(void **state)
{
	struct fixture *fixture = *state;
	const struct ugvt_claim_terms capped = {1, 10};

	say(fixture, 0, UGVT_TURN_WANTED);
	atomic_store(&word_of(fixture, 0)->state, UGVT_TURN_LEASE);
	ugvt_books_set(&fixture->books, fixture->tenants[0], &capped, fixture->now);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_NONE);
	say(fixture, 0, UGVT_TURN_WANTED);
	assert_true(until_of(fixture, 0) <= fixture->now + SLICE_NS);
	/* Out of tokens, and then not any more. */
	fixture->now += 20 * UGVT_NS_PER_MS;
	say(fixture, 0, UGVT_TURN_WANTED);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_WANTED);
	fixture->now = ugvt_books_next(&fixture->books, fixture->now);
	assert_int_not_equal(fixture->now, UINT64_MAX);
	ugvt_books_settle(&fixture->books, fixture->now);
	assert_int_equal(state_of(fixture, 0), UGVT_TURN_RUNNING);
}

/* Words that only a tenant out of its mind writes are put right, and give it nothing. */
static void test_lies(void **state)
{
	static const uint32_t lies[] = {
		UGVT_TURN_RUNNING, UGVT_TURN_LEASE, 4, 0xdeadbeef, UINT32_MAX};
	struct fixture *fixture = *state;

	say(fixture, 1, UGVT_TURN_WANTED);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(lies); i++) {
		say(fixture, 0, lies[i]);
		assert_int_equal(state_of(fixture, 0), UGVT_TURN_NONE);
		assert_int_equal(state_of(fixture, 1), UGVT_TURN_RUNNING);
		assert_int_equal(until_of(fixture, 1), UGVT_TURN_ENDLESS);
	}
	/* The end of its own slice is nothing that it can choose. */
	say(fixture, 0, UGVT_TURN_WANTED);
	fixture->now = until_of(fixture, 1);
	say(fixture, 1, UGVT_TURN_WANTED);
	atomic_store(&word_of(fixture, 0)->until_ns, UGVT_TURN_ENDLESS);
	assert_int_equal(
		ugvt_books_next(&fixture->books, fixture->now), fixture->now + SLICE_NS + GRACE_NS);
}

static unsigned pick(unsigned n)
{
	return (unsigned)rand() % n;
}

/* Always works. */
static void honest_step(struct fixture *fixture, unsigned tenant)
{
	switch (state_of(fixture, tenant)) {
	case UGVT_TURN_NONE: say(fixture, tenant, UGVT_TURN_WANTED); return;
	case UGVT_TURN_RUNNING:
		fixture->worked_ns[tenant] += STEP_NS;
		if (fixture->now >= until_of(fixture, tenant)) {
			say(fixture, tenant, UGVT_TURN_WANTED);
		}
		return;
	default: return;
	}
}

static void hostile_step(struct fixture *fixture, unsigned tenant)
{
	struct ugvt_turn_page *page = fixture->tenants[tenant]->page;

	for (unsigned n = pick(4); n > 0; n--) {
		uint32_t *words = (uint32_t *)page;
		unsigned at = pick(2) ? pick(sizeof(*page) / 4)
				      : pick(UGVT_ENGINE_COUNT) * sizeof(page->engines[0]) / 4;

		words[at] = pick(4) ? pick(6) : (uint32_t)rand();
	}
	if (pick(2)) {
		ring(fixture, tenant);
	}
}

static void books_check(struct fixture *fixture)
{
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		unsigned holding = 0;

		for (unsigned i = 0; i < TENANTS; i++) {
			holding += fixture->tenants[i]->seats[id].claim.state == UGVT_CLAIM_HOLDING;
		}
		assert_int_equal(holding, fixture->books.engines[id].holders);
		assert_true(holding <= 1);
	}
}

/* Two that keep the rules have at least their share, and the same, whatever the two others do. */
static void test_hostile(void **state)
{
	struct fixture *fixture = *state;
	uint64_t steps = 400000;

	srand(3);
	for (uint64_t step = 0; step < steps; step++) {
		fixture->now += STEP_NS;
		honest_step(fixture, 0);
		honest_step(fixture, 1);
		hostile_step(fixture, 2);
		hostile_step(fixture, 3);
		if (ugvt_books_next(&fixture->books, fixture->now) <= fixture->now) {
			ugvt_books_settle(&fixture->books, fixture->now);
		}
		books_check(fixture);
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_true(fixture->worked_ns[i] > steps * STEP_NS * 24 / 100);
	}
	assert_true(fixture->worked_ns[0] < fixture->worked_ns[1] + UGVT_NS_PER_S);
	assert_true(fixture->worked_ns[1] < fixture->worked_ns[0] + UGVT_NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lease, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slices, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overrun, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
