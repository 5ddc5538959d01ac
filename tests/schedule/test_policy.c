/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "schedule/policy.h"

/*
 * A simulation: clients that work without end, or in bursts, execute in steps of 50 us when the policy lets them. Nothing
 * depends on the machine's clock.
 */

#define STEP_NS (50 * UGVT_NS_PER_US)
#define SLICE_NS (2 * UGVT_NS_PER_MS)
#define CLIENTS_MAX 16

struct client {
	struct ugvt_claim claim;
	bool there;
	uint64_t burst_ns, pause_ns; // works, then sleeps for so long; burst 0: always works
	uint64_t left_ns;            // of its burst
	uint64_t wakes_at_ns;        // while idle
	uint64_t worked_ns;
	uint64_t waits_since_ns; // 0: does not wait
	uint64_t worst_wait_ns;
};

struct simulation {
	struct ugvt_policy policy;
	struct client clients[CLIENTS_MAX];
	unsigned n;
	uint64_t now;
	uint64_t worked_ns;
};

static void simulation_init(struct simulation *sim, unsigned slots)
{
	*sim = (struct simulation){.now = 12345};
	ugvt_policy_init(&sim->policy, slots, SLICE_NS);
	/* Virtual time wraps early in each test. */
	sim->policy.clock = UINT64_MAX - 50 * UGVT_NS_PER_MS * 1024;
}

static struct client *client_add(struct simulation *sim, unsigned weight, unsigned cap)
{
	struct client *client = &sim->clients[sim->n++];
	struct ugvt_claim_terms terms = {weight, cap};

	assert_true(sim->n <= CLIENTS_MAX);
	client->there = true;
	client->wakes_at_ns = sim->now;
	ugvt_policy_add(&sim->policy, &client->claim, &terms, sim->now);
	return client;
}

static void client_remove(struct simulation *sim, struct client *client)
{
	ugvt_policy_remove(&sim->policy, &client->claim, sim->now);
	client->there = false;
}

/* It wants to execute, whether it may or not. */
static bool is_working(const struct client *client)
{
	return client->there && client->wakes_at_ns == 0;
}

static bool is_executing(const struct client *client)
{
	return is_working(client) && client->claim.state == UGVT_CLAIM_HOLDING;
}

static void client_wake(struct simulation *sim, struct client *client)
{
	if (!client->there || client->wakes_at_ns == 0 || client->wakes_at_ns > sim->now) {
		return;
	}
	client->wakes_at_ns = 0;
	client->left_ns = client->burst_ns;
	/* Idle and still holding: a lease. */
	if (client->claim.state == UGVT_CLAIM_IDLE) {
		client->waits_since_ns = sim->now;
		ugvt_policy_want(&sim->policy, &client->claim, sim->now);
	}
}

static void client_work(struct simulation *sim, struct client *client)
{
	if (!is_executing(client)) {
		return;
	}
	client->worked_ns += STEP_NS;
	sim->worked_ns += STEP_NS;
	if (client->burst_ns > 0 && (client->left_ns -= UGVT_MIN(client->left_ns, STEP_NS)) == 0) {
		client->wakes_at_ns = sim->now + client->pause_ns;
		if (!client->claim.free) {
			ugvt_policy_drop(&sim->policy, &client->claim, sim->now);
		}
	} else if (sim->now >= client->claim.until_ns) {
		client->waits_since_ns = sim->now;
		ugvt_policy_yield(&sim->policy, &client->claim, sim->now);
	}
}

static void client_granted(struct simulation *sim, struct ugvt_claim *claim)
{
	struct client *client = ugvt_container_of(claim, struct client, claim);
	uint64_t wait = sim->now - client->waits_since_ns;

	assert_true(is_working(client));
	client->waits_since_ns = 0;
	client->worst_wait_ns = UGVT_MAX(client->worst_wait_ns, wait);
}

static void settle(struct simulation *sim)
{
	struct ugvt_policy *policy = &sim->policy;
	struct ugvt_claim *claim;

	do {
		while ((claim = ugvt_policy_next(policy, sim->now))) {
			client_granted(sim, claim);
		}
		claim = ugvt_policy_obstacle(policy, sim->now);
		if (claim && is_working(ugvt_container_of(claim, struct client, claim))) {
			ugvt_policy_press(policy, claim, sim->now);
		} else if (claim) {
			ugvt_policy_drop(policy, claim, sim->now);
		}
	} while (claim);
	ugvt_policy_settle(policy, sim->now);
}

static void invariants_check(struct simulation *sim)
{
	unsigned holding = 0, waiting = 0;

	for (unsigned i = 0; i < sim->n; i++) {
		struct client *client = &sim->clients[i];

		holding += client->there && client->claim.state == UGVT_CLAIM_HOLDING;
		waiting += client->there && client->claim.state == UGVT_CLAIM_WAITING &&
			   !client->claim.throttled;
		assert_true(!client->claim.free || client->claim.terms.cap == 0);
	}
	assert_int_equal(holding, sim->policy.holders);
	assert_true(holding <= sim->policy.slots);
	/* Work conserving: nobody waits beside a free slot. */
	assert_true(waiting == 0 || holding == sim->policy.slots);
}

static void simulate(struct simulation *sim, uint64_t ns)
{
	for (uint64_t end = sim->now + ns; sim->now < end; sim->now += STEP_NS) {
		for (unsigned i = 0; i < sim->n; i++) {
			client_work(sim, &sim->clients[i]);
		}
		for (unsigned i = 0; i < sim->n; i++) {
			client_wake(sim, &sim->clients[i]);
		}
		settle(sim);
		invariants_check(sim);
	}
}

static void counters_clear(struct simulation *sim)
{
	for (unsigned i = 0; i < sim->n; i++) {
		sim->clients[i].worked_ns = 0;
		sim->clients[i].worst_wait_ns = 0;
	}
	sim->worked_ns = 0;
}

/* Of the time that passed, in thousandths. */
static unsigned share_of(const struct client *client, uint64_t ns)
{
	return (unsigned)(client->worked_ns * 1000 / ns);
}

static void assert_about(uint64_t value, uint64_t expected, uint64_t slack)
{
	if (value + slack < expected || value > expected + slack) {
		fail_msg("%llu, expected %llu +- %llu", (unsigned long long)value,
			(unsigned long long)expected, (unsigned long long)slack);
	}
}

/* Each one that always works has its weight's share of what all of them had. */
static void assert_shares_by_weight(const struct simulation *sim)
{
	uint64_t weights = 0, worked = 0;

	for (unsigned i = 0; i < sim->n; i++) {
		const struct client *client = &sim->clients[i];

		if (client->there && client->burst_ns == 0 && client->claim.terms.cap == 0) {
			weights += client->claim.terms.weight;
			worked += client->worked_ns;
		}
	}
	for (unsigned i = 0; i < sim->n; i++) {
		const struct client *client = &sim->clients[i];

		if (client->there && client->burst_ns == 0 && client->claim.terms.cap == 0) {
			uint64_t expected = worked * client->claim.terms.weight / weights;

			assert_about(client->worked_ns, expected, expected / 100 + 2 * SLICE_NS);
		}
	}
}

/* Its turn comes after at most this long: what the others may have before it, twice, for what they did not use. */
static uint64_t wait_bound(const struct simulation *sim, const struct client *client)
{
	uint64_t slices = 2;

	for (unsigned i = 0; i < sim->n; i++) {
		slices += 1 + sim->clients[i].claim.terms.weight / client->claim.terms.weight;
	}
	return 2 * slices * (SLICE_NS + STEP_NS);
}

static void assert_waits_bounded(const struct simulation *sim)
{
	for (unsigned i = 0; i < sim->n; i++) {
		const struct client *client = &sim->clients[i];

		if (client->claim.terms.cap == 0) {
			assert_true(client->worst_wait_ns <= wait_bound(sim, client));
		}
	}
}

static void test_alone(void **state)
{
	struct simulation sim;
	struct client *client;

	simulation_init(&sim, 1);
	client = client_add(&sim, 3, 0);
	simulate(&sim, UGVT_NS_PER_S);
	assert_about(share_of(client, UGVT_NS_PER_S), 1000, 1);
	assert_true(client->claim.free);
	assert_int_equal(client->claim.until_ns, UGVT_SLICE_ENDLESS);
}

static void test_mixed_weights(void **state)
{
	static const unsigned weights[] = {16, 8, 8, 4, 2, 1};
	struct simulation sim;

	simulation_init(&sim, 1);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(weights); i++) {
		client_add(&sim, weights[i], 0);
	}
	simulate(&sim, 10 * UGVT_NS_PER_S);
	assert_shares_by_weight(&sim);
	assert_waits_bounded(&sim);
	assert_about(sim.worked_ns, 10 * UGVT_NS_PER_S, STEP_NS);
}

/* What an idle one leaves goes to the others by weight; when it wakes it gets its share, and not what it left. */
static void test_idle_one(void **state)
{
	struct simulation sim;
	struct client *sleeper;

	simulation_init(&sim, 1);
	sleeper = client_add(&sim, 8, 0);
	client_add(&sim, 4, 0);
	client_add(&sim, 4, 0);
	sleeper->wakes_at_ns = sim.now + 5 * UGVT_NS_PER_S;
	simulate(&sim, 5 * UGVT_NS_PER_S);
	assert_int_equal(sleeper->worked_ns, 0);
	assert_about(sim.clients[1].worked_ns, 2500 * UGVT_NS_PER_MS, 3 * SLICE_NS);
	counters_clear(&sim);
	simulate(&sim, 100 * UGVT_NS_PER_MS);
	assert_about(sleeper->worked_ns, 50 * UGVT_NS_PER_MS, 4 * SLICE_NS);
	assert_waits_bounded(&sim);
}

/* One that works in short bursts, as a driver that waits for each batch, has nearly what its weight says. */
static void test_bursts(void **state)
{
	struct simulation sim;
	struct client *bursts;

	simulation_init(&sim, 1);
	bursts = client_add(&sim, 4, 0);
	bursts->burst_ns = UGVT_NS_PER_MS;
	bursts->pause_ns = STEP_NS;
	client_add(&sim, 1, 0);
	simulate(&sim, 10 * UGVT_NS_PER_S);
	assert_true(share_of(bursts, 10 * UGVT_NS_PER_S) >= 700);
	assert_true(share_of(bursts, 10 * UGVT_NS_PER_S) <= 810);
}

static void test_caps(void **state)
{
	static const unsigned caps[] = {1, 5, 30, 99, 100};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(caps); i++) {
		struct simulation sim;
		struct client *capped;

		simulation_init(&sim, 1);
		capped = client_add(&sim, 16, caps[i]);
		simulate(&sim, 10 * UGVT_NS_PER_S);
		/* Alone, and then against another that is small. */
		assert_about(share_of(capped, 10 * UGVT_NS_PER_S), 10 * caps[i], 15);
		counters_clear(&sim);
		client_add(&sim, 1, 0);
		simulate(&sim, 10 * UGVT_NS_PER_S);
		assert_about(share_of(capped, 10 * UGVT_NS_PER_S), UGVT_MIN(10 * caps[i], 941), 15);
		assert_about(sim.worked_ns, 10 * UGVT_NS_PER_S, STEP_NS);
	}
}

static void test_terms_change(void **state)
{
	struct simulation sim;
	struct client *a, *b;

	simulation_init(&sim, 1);
	a = client_add(&sim, 1, 0);
	b = client_add(&sim, 1, 0);
	simulate(&sim, UGVT_NS_PER_S);
	assert_shares_by_weight(&sim);
	ugvt_policy_set(&sim.policy, &a->claim, &(struct ugvt_claim_terms){3, 0}, sim.now);
	counters_clear(&sim);
	simulate(&sim, UGVT_NS_PER_S);
	assert_shares_by_weight(&sim);
	ugvt_policy_set(&sim.policy, &b->claim, &(struct ugvt_claim_terms){50, 10}, sim.now);
	counters_clear(&sim);
	simulate(&sim, UGVT_NS_PER_S);
	assert_about(share_of(b, UGVT_NS_PER_S), 100, 15);
	/* A cap ends the freedom of one that holds. */
	client_remove(&sim, b);
	simulate(&sim, SLICE_NS);
	assert_true(a->claim.free);
	ugvt_policy_set(&sim.policy, &a->claim, &(struct ugvt_claim_terms){3, 20}, sim.now);
	assert_false(a->claim.free);
	assert_true(a->claim.until_ns <= sim.now + SLICE_NS);
	counters_clear(&sim);
	simulate(&sim, UGVT_NS_PER_S);
	assert_about(share_of(a, UGVT_NS_PER_S), 200, 30);
	ugvt_policy_set(&sim.policy, &a->claim, &(struct ugvt_claim_terms){0, 0}, sim.now);
	assert_int_equal(a->claim.terms.weight, 1);
	simulate(&sim, UGVT_NS_PER_S);
	assert_true(a->claim.free);
}

/* A weight that asks for more than one slot gets one, and keeps nobody out when it could have more. */
static void test_slots(void **state)
{
	struct simulation sim;
	struct client *large, *another;

	simulation_init(&sim, 2);
	large = client_add(&sim, 100, 0);
	client_add(&sim, 1, 0);
	client_add(&sim, 1, 0);
	simulate(&sim, 10 * UGVT_NS_PER_S);
	assert_about(share_of(large, 10 * UGVT_NS_PER_S), 1000, 2);
	assert_about(share_of(&sim.clients[1], 10 * UGVT_NS_PER_S), 500, 5);
	assert_waits_bounded(&sim);
	another = client_add(&sim, 100, 0);
	counters_clear(&sim);
	simulate(&sim, 10 * UGVT_NS_PER_S);
	assert_true(share_of(large, 10 * UGVT_NS_PER_S) > 950);
	assert_true(share_of(another, 10 * UGVT_NS_PER_S) > 950);
	for (unsigned i = 0; i < sim.n; i++) {
		assert_true(sim.clients[i].worst_wait_ns < 2 * UGVT_NS_PER_S);
		assert_true(sim.clients[i].worked_ns > 0);
	}
	/* More slots than vGPUs: nobody waits. */
	simulation_init(&sim, 4);
	for (unsigned i = 0; i < 4; i++) {
		client_add(&sim, 1 + i, 0);
	}
	simulate(&sim, UGVT_NS_PER_S);
	for (unsigned i = 0; i < 4; i++) {
		assert_about(share_of(&sim.clients[i], UGVT_NS_PER_S), 1000, 1);
	}
}

/* However small a weight is, its turn comes before a driver takes the engine for hung; and that costs the others nearly nothing. */
static void test_patience(void **state)
{
	struct simulation sim;
	struct client *small;

	simulation_init(&sim, 1);
	small = client_add(&sim, 1, 0);
	for (unsigned i = 0; i < 3; i++) {
		client_add(&sim, 1000, 0);
	}
	simulate(&sim, 10 * UGVT_NS_PER_S);
	assert_true(small->worst_wait_ns < 300 * UGVT_NS_PER_MS);
	assert_true(share_of(small, 10 * UGVT_NS_PER_S) <= 2);
	for (unsigned i = 1; i < 4; i++) {
		assert_about(share_of(&sim.clients[i], 10 * UGVT_NS_PER_S), 333, 2);
	}
	/* Nor does it spoil the start of one that comes. */
	sim.clients[1].worst_wait_ns = 0;
	client_remove(&sim, &sim.clients[2]);
	simulate(&sim, 100 * UGVT_NS_PER_MS);
	client_add(&sim, 1000, 0);
	simulate(&sim, UGVT_NS_PER_S);
	for (unsigned i = 0; i < sim.n; i++) {
		assert_true(sim.clients[i].worst_wait_ns < 300 * UGVT_NS_PER_MS);
	}
}

/* A holder that nobody hears of again, and one that is removed, leave the slot to others. */
static void test_removal(void **state)
{
	struct simulation sim;

	simulation_init(&sim, 1);
	for (unsigned i = 0; i < 4; i++) {
		client_add(&sim, 1 + i, 0);
	}
	for (unsigned i = 0; i < 3; i++) {
		simulate(&sim, UGVT_NS_PER_S);
		client_remove(&sim, &sim.clients[i]);
		settle(&sim);
	}
	counters_clear(&sim);
	simulate(&sim, UGVT_NS_PER_S);
	assert_about(share_of(&sim.clients[3], UGVT_NS_PER_S), 1000, 1);
}

static unsigned pick(unsigned n)
{
	return (unsigned)rand() % n;
}

static void client_add_random(struct simulation *sim)
{
	struct client *client = client_add(sim, 1 + pick(32), pick(4) == 0 ? 1 + pick(60) : 0);

	if (pick(3) == 0) {
		client->burst_ns = (1 + pick(100)) * STEP_NS;
		client->pause_ns = pick(400) * STEP_NS;
	}
	client->wakes_at_ns = sim->now + pick(1000) * STEP_NS;
}

static void capped_check(const struct simulation *sim, uint64_t ns)
{
	for (unsigned i = 0; i < sim->n; i++) {
		const struct client *client = &sim->clients[i];

		if (client->there && client->claim.terms.cap > 0) {
			assert_true(share_of(client, ns) <= 10 * client->claim.terms.cap + 15);
		}
	}
}

/* Mixes of everything, the same each time. */
static void test_random_mixes(void **state)
{
	srand(1);
	for (unsigned round = 0; round < 60; round++) {
		struct simulation sim;

		simulation_init(&sim, 1);
		for (unsigned n = 2 + pick(10); n > 0; n--) {
			client_add_random(&sim);
		}
		simulate(&sim, UGVT_NS_PER_S);
		client_add_random(&sim);
		client_add_random(&sim);
		client_remove(&sim, &sim.clients[pick(sim.n)]);
		/* Until all have begun. */
		simulate(&sim, 100 * UGVT_NS_PER_MS);
		counters_clear(&sim);
		simulate(&sim, 4 * UGVT_NS_PER_S);
		assert_shares_by_weight(&sim);
		assert_waits_bounded(&sim);
		capped_check(&sim, 4 * UGVT_NS_PER_S);
	}
}

static void test_random_slots(void **state)
{
	srand(2);
	for (unsigned round = 0; round < 60; round++) {
		struct simulation sim;

		simulation_init(&sim, 2 + pick(3));
		for (unsigned n = 2 + pick(12); n > 0; n--) {
			client_add_random(&sim);
		}
		simulate(&sim, UGVT_NS_PER_S);
		client_remove(&sim, &sim.clients[pick(sim.n)]);
		simulate(&sim, UGVT_NS_PER_S);
		assert_waits_bounded(&sim);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_mixed_weights),
		cmocka_unit_test(test_idle_one),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_terms_change),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_removal),
		cmocka_unit_test(test_random_mixes),
		cmocka_unit_test(test_random_slots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
