/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "schedule/arbiter.h"
#include "schedule/page.h"
#include "schedule/turn.h"

/* The arbiter's thread and workers' threads, through real pages. Nothing here says how long something may take. */

#define FOR_EVER_NS (100000 * UGVT_NS_PER_S)
#define GUESTS_MAX 6

struct guest {
	struct ugvt_arbiter *arbiter;
	struct ugvt_tenant *tenant;
	struct ugvt_turns *turns;
	pthread_t thread;
	atomic_uint *executing; // of all
	atomic_uint *quit;
	unsigned slots;
	atomic_uint turns_had;
	atomic_uint too_many; // executed at once
};

static void guest_govern(struct guest *guest)
{
	assert_int_equal(ugvt_turns_govern(guest->turns, dup(ugvt_tenant_page_fd(guest->tenant)),
				 dup(ugvt_tenant_doorbell_fd(guest->tenant))),
		0);
}

static void guest_init(struct guest *guest, struct ugvt_arbiter *arbiter, unsigned weight)
{
	*guest = (struct guest){.arbiter = arbiter, .turns = ugvt_turns_create()};
	assert_non_null(guest->turns);
	guest->tenant = ugvt_arbiter_add(arbiter, &(struct ugvt_claim_terms){weight, 0});
	assert_non_null(guest->tenant);
	guest_govern(guest);
}

static void guest_finish(struct guest *guest)
{
	ugvt_arbiter_remove(guest->arbiter, guest->tenant);
	ugvt_turns_destroy(guest->turns);
}

static struct ugvt_arbiter *arbiter_create(unsigned slots, uint64_t slice_ns, uint64_t grace_ns)
{
	const struct ugvt_arbiter_config config = {slots, slice_ns, grace_ns, 1};
	struct ugvt_arbiter *arbiter = ugvt_arbiter_create(&config);

	assert_non_null(arbiter);
	return arbiter;
}

static void due_wait(struct guest *guest)
{
	while (!ugvt_turn_is_due(guest->turns, UGVT_BCS)) {
		sched_yield();
	}
}

/* Takes turn after turn, now and then idle between two. */
static void *guest_main(void *arg)
{
	struct guest *guest = arg;

	while (!atomic_load(guest->quit)) {
		unsigned n;

		if (!ugvt_turn_try(guest->turns, UGVT_BCS) &&
			!ugvt_turn_wait(guest->turns, UGVT_BCS)) {
			break;
		}
		n = atomic_fetch_add(guest->executing, 1) + 1;
		atomic_fetch_add(&guest->too_many, n > guest->slots);
		for (unsigned i = 0; i < 1000 && !ugvt_turn_is_due(guest->turns, UGVT_BCS); i++) {
			sched_yield();
		}
		atomic_fetch_sub(guest->executing, 1);
		n = atomic_fetch_add(&guest->turns_had, 1);
		ugvt_turn_end(guest->turns, UGVT_BCS, n % 3 > 0);
	}
	/* A turn that was asked for may have been granted meanwhile. */
	ugvt_turn_cancel(guest->turns, UGVT_BCS);
	ugvt_turn_end(guest->turns, UGVT_BCS, false);
	return NULL;
}

static void turns_wait(struct guest *guest, unsigned count)
{
	while (atomic_load(&guest->turns_had) < count) {
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

static void guests_run(unsigned n, unsigned slots, unsigned count)
{
	struct ugvt_arbiter *arbiter = arbiter_create(slots, 200 * UGVT_NS_PER_US, FOR_EVER_NS);
	struct guest guests[GUESTS_MAX];
	atomic_uint executing = 0, quit = 0;

	for (unsigned i = 0; i < n; i++) {
		guest_init(&guests[i], arbiter, 1 + i);
		guests[i].executing = &executing;
		guests[i].quit = &quit;
		guests[i].slots = slots;
		assert_int_equal(
			pthread_create(&guests[i].thread, NULL, guest_main, &guests[i]), 0);
	}
	for (unsigned i = 0; i < n; i++) {
		turns_wait(&guests[i], count);
	}
	atomic_store(&quit, 1);
	for (unsigned i = 0; i < n; i++) {
		pthread_join(guests[i].thread, NULL);
		assert_int_equal(guests[i].too_many, 0);
		guest_finish(&guests[i]);
	}
	ugvt_arbiter_destroy(arbiter);
}

static void test_one_at_a_time(void **state)
{
	guests_run(2, 1, 200);
	guests_run(6, 1, 100);
}

static void test_two_at_a_time(void **state)
{
	guests_run(6, 2, 100);
}

static void test_alone(void **state)
{
	struct ugvt_arbiter *arbiter = arbiter_create(1, 0, 0);
	struct ugvt_tenant_stats stats;
	struct guest guest;

	guest_init(&guest, arbiter, 1);
	assert_false(ugvt_turn_try(guest.turns, UGVT_BCS));
	assert_true(ugvt_turn_wait(guest.turns, UGVT_BCS));
	for (unsigned i = 0; i < 1000; i++) {
		assert_false(ugvt_turn_is_due(guest.turns, UGVT_BCS));
		ugvt_turn_end(guest.turns, UGVT_BCS, false);
		assert_true(ugvt_turn_try(guest.turns, UGVT_BCS));
	}
	ugvt_tenant_stats(arbiter, guest.tenant, &stats);
	assert_int_equal(stats.grants[UGVT_BCS], 1);
	assert_int_equal(stats.grants[UGVT_RCS], 0);
	assert_int_equal(stats.overruns, 0);
	guest_finish(&guest);
	ugvt_arbiter_destroy(arbiter);
}

/* What an idle one, one that is removed, and one that keeps its turn hold, goes to the other. */
static void test_lease_goes_to_another(void **state)
{
	struct ugvt_arbiter *arbiter = arbiter_create(1, 0, FOR_EVER_NS);
	struct guest a, b;

	guest_init(&a, arbiter, 1);
	guest_init(&b, arbiter, 1);
	assert_true(ugvt_turn_wait(a.turns, UGVT_BCS));
	ugvt_turn_end(a.turns, UGVT_BCS, false);
	assert_true(ugvt_turn_wait(b.turns, UGVT_BCS));
	assert_false(ugvt_turn_try(a.turns, UGVT_BCS));
	guest_finish(&b);
	assert_true(ugvt_turn_wait(a.turns, UGVT_BCS));
	guest_finish(&a);
	ugvt_arbiter_destroy(arbiter);
}

static void test_overrun(void **state)
{
	struct ugvt_arbiter *arbiter = arbiter_create(1, UGVT_NS_PER_MS, UGVT_NS_PER_MS);
	struct pollfd alarm = {.fd = ugvt_arbiter_alarm_fd(arbiter), .events = POLLIN};
	struct ugvt_tenant_stats stats;
	struct guest a, b;

	guest_init(&a, arbiter, 1);
	guest_init(&b, arbiter, 1);
	assert_true(ugvt_turn_wait(a.turns, UGVT_BCS));
	assert_true(ugvt_turn_wait(b.turns, UGVT_BCS));
	assert_int_equal(poll(&alarm, 1, -1), 1);
	ugvt_tenant_stats(arbiter, a.tenant, &stats);
	assert_int_equal(stats.overruns, 1);
	assert_true(stats.over_ns > 0);
	due_wait(&a);
	ugvt_turn_end(a.turns, UGVT_BCS, true);
	due_wait(&b);
	ugvt_turn_end(b.turns, UGVT_BCS, false);
	assert_true(ugvt_turn_wait(a.turns, UGVT_BCS));
	ugvt_tenant_stats(arbiter, a.tenant, &stats);
	assert_int_equal(stats.over_ns, 0);
	guest_finish(&a);
	guest_finish(&b);
	ugvt_arbiter_destroy(arbiter);
}

static void test_capped(void **state)
{
	struct ugvt_arbiter *arbiter = arbiter_create(1, UGVT_NS_PER_MS, FOR_EVER_NS);
	struct guest guest;

	guest_init(&guest, arbiter, 1);
	ugvt_arbiter_set(arbiter, guest.tenant, &(struct ugvt_claim_terms){1, 5});
	/* Alone, and yet each turn has an end and is asked for. */
	for (unsigned i = 0; i < 20; i++) {
		assert_true(ugvt_turn_wait(guest.turns, UGVT_BCS));
		due_wait(&guest);
		ugvt_turn_end(guest.turns, UGVT_BCS, i % 2);
		assert_true(i % 2 || !ugvt_turn_try(guest.turns, UGVT_BCS));
	}
	guest_finish(&guest);
	ugvt_arbiter_destroy(arbiter);
}

/* From one arbiter to another, as when a new manager takes over, while it takes turns. */
static void test_take_over(void **state)
{
	struct ugvt_arbiter *first = arbiter_create(1, 200 * UGVT_NS_PER_US, FOR_EVER_NS);
	struct ugvt_arbiter *second = arbiter_create(1, 200 * UGVT_NS_PER_US, FOR_EVER_NS);
	atomic_uint executing = 0, quit = 0;
	struct guest guest;

	guest_init(&guest, first, 1);
	guest.executing = &executing;
	guest.quit = &quit;
	guest.slots = 1;
	assert_int_equal(pthread_create(&guest.thread, NULL, guest_main, &guest), 0);
	for (unsigned i = 1; i <= 50; i++) {
		turns_wait(&guest, 5 * i);
		ugvt_turns_ungovern(guest.turns);
		ugvt_arbiter_remove(guest.arbiter, guest.tenant);
		guest.arbiter = i % 2 ? second : first;
		guest.tenant = ugvt_arbiter_add(guest.arbiter, &(struct ugvt_claim_terms){1, 0});
		guest_govern(&guest);
	}
	atomic_store(&quit, 1);
	pthread_join(guest.thread, NULL);
	guest_finish(&guest);
	ugvt_arbiter_destroy(first);
	ugvt_arbiter_destroy(second);
}

struct vandal {
	struct ugvt_turn_page *page;
	int doorbell_fd;
	pthread_t thread;
	atomic_bool quit;
};

/* Writes anything anywhere, and rings without end. */
static void *vandal_main(void *arg)
{
	struct vandal *vandal = arg;
	_Atomic uint32_t *words = (_Atomic uint32_t *)vandal->page;
	unsigned seed = 5;

	while (!atomic_load(&vandal->quit)) {
		uint32_t value = (uint32_t)rand_r(&seed);
		unsigned at = (unsigned)rand_r(&seed) % (sizeof(*vandal->page) / 4);
		uint64_t one = 1;

		atomic_store(&words[at], value % 2 ? value : value / 2 % 5);
		atomic_store(&vandal->page->engines[UGVT_BCS].state, value / 16 % 4);
		if (write(vandal->doorbell_fd, &one, sizeof(one)) < 0) {
			break;
		}
	}
	return NULL;
}

static void test_vandal(void **state)
{
	struct ugvt_arbiter *arbiter = arbiter_create(1, 200 * UGVT_NS_PER_US, UGVT_NS_PER_MS);
	struct ugvt_tenant *tenant = ugvt_arbiter_add(arbiter, &(struct ugvt_claim_terms){1, 0});
	struct vandal vandal = {.doorbell_fd = dup(ugvt_tenant_doorbell_fd(tenant))};
	struct guest guests[2];
	atomic_uint executing = 0, quit = 0;

	assert_int_equal(ugvt_turn_page_map(ugvt_tenant_page_fd(tenant), &vandal.page), 0);
	assert_int_equal(pthread_create(&vandal.thread, NULL, vandal_main, &vandal), 0);
	for (unsigned i = 0; i < 2; i++) {
		guest_init(&guests[i], arbiter, 1);
		guests[i].executing = &executing;
		guests[i].quit = &quit;
		guests[i].slots = 2;
		assert_int_equal(
			pthread_create(&guests[i].thread, NULL, guest_main, &guests[i]), 0);
	}
	turns_wait(&guests[0], 100);
	turns_wait(&guests[1], 100);
	atomic_store(&quit, 1);
	for (unsigned i = 0; i < 2; i++) {
		pthread_join(guests[i].thread, NULL);
		guest_finish(&guests[i]);
	}
	atomic_store(&vandal.quit, true);
	pthread_join(vandal.thread, NULL);
	ugvt_turn_page_unmap(vandal.page);
	close(vandal.doorbell_fd);
	ugvt_arbiter_remove(arbiter, tenant);
	ugvt_arbiter_destroy(arbiter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_two_at_a_time),
		cmocka_unit_test(test_lease_goes_to_another),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_capped),
		cmocka_unit_test(test_take_over),
		cmocka_unit_test(test_vandal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
