/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gen/gt.h"
#include "schedule/page.h"
#include "schedule/turn.h"
#include "tests/vgpu/rig.h"

/* Engines that take turns (the test is the arbiter), and batches that never end. */

#define RING_TAIL 0x30
#define RING_HEAD 0x34
#define RING_ACTHD 0x74
#define RING_MI_MODE 0x9c
#define RING_RESET_CTL 0xd0

#define MI_NOOP 0u
#define MI_ARB_CHECK (0x05u << 23)
#define MI_STORE_DATA_IMM_GGTT (0x20u << 23 | 1u << 22 | 2)
#define MI_SEMAPHORE_WAIT_GGTT_POLL_EQ (0x1cu << 23 | 1u << 22 | 1u << 15 | 4u << 12 | 2)
#define MI_BATCH_BUFFER_START_GGTT (0x31u << 23 | 1)

struct fixture {
	struct rig rig;
	struct driver_context context, other;
	uint32_t *results; // a page in the GGTT
	uint32_t results_address;
	struct ugvt_turns *turns;
	struct ugvt_turn_page *page; // NULL: ungoverned
	pthread_t heart;             // shows that there is an arbiter, however slow the test is
	atomic_bool beating;
};

static void *heart_main(void *arg)
{
	struct fixture *fixture = arg;

	while (atomic_load(&fixture->beating)) {
		atomic_fetch_add(&fixture->page->pulse, 1);
		nanosleep(&(struct timespec){0, 10000000}, NULL);
	}
	return NULL;
}

static void fixture_init(struct fixture *fixture, uint64_t deadline_ns)
{
	struct rig_options options = {.deadline_ns = deadline_ns, .turns = fixture->turns};
	struct driver *driver = &fixture->rig.driver;

	rig_init_options(&fixture->rig, &options);
	driver_irq_enable(driver);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_engine_init(driver, (enum ugvt_engine_id)id);
	}
	driver_context_init(driver, &fixture->context, UGVT_RCS, 0);
	driver_context_init(driver, &fixture->other, UGVT_RCS, 0);
	fixture->results = driver_alloc_ggtt(driver, 4096, &fixture->results_address);
}

static int setup_governed(void **state)
{
	static struct fixture fixture;
	int page_fd = ugvt_turn_page_create();

	fixture = (struct fixture){.turns = ugvt_turns_create()};
	assert_non_null(fixture.turns);
	assert_int_equal(ugvt_turn_page_map(page_fd, &fixture.page), 0);
	assert_int_equal(ugvt_turns_govern(fixture.turns, page_fd, eventfd(0, EFD_CLOEXEC)), 0);
	atomic_store(&fixture.beating, true);
	assert_int_equal(pthread_create(&fixture.heart, NULL, heart_main, &fixture), 0);
	fixture_init(&fixture, 0);
	*state = &fixture;
	return 0;
}

static int setup_deadline(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){0};
	fixture_init(&fixture, 100 * UGVT_NS_PER_MS);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	rig_finish(&fixture->rig);
	if (atomic_exchange(&fixture->beating, false)) {
		pthread_join(fixture->heart, NULL);
	}
	ugvt_turns_destroy(fixture->turns);
	ugvt_turn_page_unmap(fixture->page);
	return 0;
}

static struct ugvt_turn_word *word_of(struct fixture *fixture, enum ugvt_engine_id engine)
{
	return &fixture->page->engines[engine];
}

static void wait_state(
	struct fixture *fixture, enum ugvt_engine_id engine, enum ugvt_turn_state state)
{
	rig_wait_word((const volatile uint32_t *)&word_of(fixture, engine)->state, state);
}

static void grant(struct fixture *fixture, enum ugvt_engine_id engine, uint64_t until_ns)
{
	struct ugvt_turn_word *word = word_of(fixture, engine);

	wait_state(fixture, engine, UGVT_TURN_WANTED);
	atomic_store(&word->until_ns, until_ns);
	assert_true(ugvt_turn_word_change(word, UGVT_TURN_WANTED, UGVT_TURN_RUNNING));
	ugvt_turn_word_wake(word);
}

static struct ugvt_vgpu_engine_stats stats_of(struct fixture *fixture, enum ugvt_engine_id engine)
{
	struct ugvt_vgpu_stats stats;

	ugvt_vgpu_stats(fixture->rig.vgpu, &stats);
	return stats.engines[engine];
}

/* A batch that jumps to itself for ever; trace: it writes to memory in each round. Its address. */
static uint32_t emit_endless(struct fixture *fixture, struct driver_context *context, bool trace)
{
	const uint32_t store[] = {MI_STORE_DATA_IMM_GGTT, fixture->results_address + 0x100, 0, 1};
	uint32_t address;
	uint32_t *host = driver_alloc_ggtt(&fixture->rig.driver, 4096, &address);
	unsigned n = trace ? UGVT_ARRAY_SIZE(store) : 0;
	const uint32_t start[] = {MI_BATCH_BUFFER_START_GGTT, address, 0, MI_NOOP};

	memcpy(host, store, n * sizeof(*store));
	host[n] = MI_ARB_CHECK;
	memcpy(host + n + 1, start, sizeof(start));
	driver_emit(context, start, UGVT_ARRAY_SIZE(start));
	return address;
}

static void engine_reset(struct driver *driver, enum ugvt_engine_id engine)
{
	uint32_t base = ugvt_engines[engine].base;

	driver_write(driver, base + RING_MI_MODE, 0x01000100);
	driver_write(driver, base + RING_RESET_CTL, 0x00010001);
	assert_true(driver_read(driver, base + RING_RESET_CTL) & 2);
	driver_write(driver, UGVT_GDRST, UGVT_BIT(ugvt_engines[engine].reset_bit));
	assert_int_equal(driver_read(driver, UGVT_GDRST), 0);
	driver_write(driver, base + RING_RESET_CTL, 0x00010000);
	driver_write(driver, base + 0x80, driver->status_page[engine]);
	driver_write(driver, base + 0x29c, 0x80008000);
}

static void test_waits_for_its_turn(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 1);
	driver_submit(driver, &fixture->context, NULL);
	wait_state(fixture, UGVT_RCS, UGVT_TURN_WANTED);
	assert_int_equal(rig_word(&fixture->results[0]), 0);
	assert_int_equal(stats_of(fixture, UGVT_RCS).busy_ns, 0);
	grant(fixture, UGVT_RCS, UGVT_TURN_ENDLESS);
	rig_wait_word(&fixture->results[0], 1);
	/* Idle, it keeps the engine, and so needs no grant the next time. */
	wait_state(fixture, UGVT_RCS, UGVT_TURN_LEASE);
	assert_true(stats_of(fixture, UGVT_RCS).waited_ns > 0);
	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 2);
	driver_submit(driver, &fixture->context, NULL);
	rig_wait_word(&fixture->results[0], 2);
	/* The others have turns of their own. */
	assert_int_equal(atomic_load(&word_of(fixture, UGVT_BCS)->state), UGVT_TURN_NONE);
}

/* Paused in the middle of a batch, it goes on there; and no register waits for anybody's turn. */
static void test_slice_ends(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	emit_endless(fixture, &fixture->context, true);
	driver_submit(driver, &fixture->context, NULL);
	grant(fixture, UGVT_RCS, UGVT_TURN_ENDLESS);
	rig_wait_word(&fixture->results[0x40], 1);
	for (unsigned i = 1; i <= 3; i++) {
		atomic_store(&word_of(fixture, UGVT_RCS)->until_ns, 1);
		wait_state(fixture, UGVT_RCS, UGVT_TURN_WANTED);
		assert_true(stats_of(fixture, UGVT_RCS).preemptions >= i);
		__atomic_store_n(&fixture->results[0x40], 0, __ATOMIC_RELEASE);
		grant(fixture, UGVT_RCS, UGVT_TURN_ENDLESS);
		rig_wait_word(&fixture->results[0x40], 1);
	}
	atomic_store(&word_of(fixture, UGVT_RCS)->until_ns, 1);
	wait_state(fixture, UGVT_RCS, UGVT_TURN_WANTED);
	engine_reset(driver, UGVT_RCS);
	/* The turn comes when there is no work any more, and goes back. */
	grant(fixture, UGVT_RCS, 1);
	wait_state(fixture, UGVT_RCS, UGVT_TURN_NONE);
	driver_emit_breadcrumb(&fixture->other, fixture->results_address, 7);
	driver_submit(driver, &fixture->other, NULL);
	grant(fixture, UGVT_RCS, UGVT_TURN_ENDLESS);
	rig_wait_word(&fixture->results[0], 7);
}

static void test_semaphore_gives_way(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t dw[] = {
		MI_SEMAPHORE_WAIT_GGTT_POLL_EQ, 1, fixture->results_address + 0x20, 0};

	driver_emit(&fixture->context, dw, UGVT_ARRAY_SIZE(dw));
	driver_emit_breadcrumb(&fixture->context, fixture->results_address, 1);
	driver_submit(&fixture->rig.driver, &fixture->context, NULL);
	for (unsigned i = 0; i < 5; i++) {
		grant(fixture, UGVT_RCS, 1);
	}
	wait_state(fixture, UGVT_RCS, UGVT_TURN_WANTED);
	__atomic_store_n(&fixture->results[8], 1, __ATOMIC_RELEASE);
	grant(fixture, UGVT_RCS, UGVT_TURN_ENDLESS);
	rig_wait_word(&fixture->results[0], 1);
}

/* The vGPU ends while engines wait, and while one runs. */
static void test_end_while_waiting(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;
	struct driver_context blit;

	driver_context_init(driver, &blit, UGVT_BCS, 0);
	emit_endless(fixture, &blit, true);
	driver_submit(driver, &blit, NULL);
	grant(fixture, UGVT_BCS, UGVT_TURN_ENDLESS);
	emit_endless(fixture, &fixture->context, true);
	driver_submit(driver, &fixture->context, NULL);
	wait_state(fixture, UGVT_RCS, UGVT_TURN_WANTED);
}

static void hang_check(struct fixture *fixture, uint32_t batch)
{
	struct driver *driver = &fixture->rig.driver;
	uint32_t base = ugvt_engines[UGVT_RCS].base;
	uint32_t acthd = driver_read(driver, base + RING_ACTHD);
	uint64_t busy = stats_of(fixture, UGVT_RCS).busy_ns;
	struct driver_context blit;

	assert_true(acthd >= batch && acthd < batch + 4096);
	assert_int_not_equal(
		driver_read(driver, base + RING_HEAD), driver_read(driver, base + RING_TAIL));
	/* It takes no time any more, and nobody else's; nor does it give way to another context. */
	driver_emit_breadcrumb(&fixture->other, fixture->results_address, 1);
	driver_submit(driver, &fixture->other, NULL);
	driver_context_init(driver, &blit, UGVT_BCS, 0);
	driver_emit_breadcrumb(&blit, fixture->results_address + 4, 2);
	driver_submit(driver, &blit, NULL);
	rig_wait_word(&fixture->results[1], 2);
	assert_int_equal(stats_of(fixture, UGVT_RCS).busy_ns, busy);
	assert_int_equal(driver_read(driver, base + RING_ACTHD), acthd);
	assert_int_equal(rig_word(&fixture->results[0]), 0);
	/* As the guest's driver does when it notices. */
	engine_reset(driver, UGVT_RCS);
	driver_submit(driver, &fixture->other, NULL);
	rig_wait_word(&fixture->results[0], 1);
	assert_int_equal(stats_of(fixture, UGVT_RCS).hangs, 1);
	assert_int_equal(stats_of(fixture, UGVT_RCS).resets, 1);
}

static void wait_hang(struct fixture *fixture)
{
	for (unsigned i = 0; stats_of(fixture, UGVT_RCS).hangs == 0; i++) {
		assert_true(i < 60000);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

static void test_endless_work(void **state)
{
	struct fixture *fixture = *state;
	uint32_t batch = emit_endless(fixture, &fixture->context, true);

	driver_submit(&fixture->rig.driver, &fixture->context, NULL);
	wait_hang(fixture);
	hang_check(fixture, batch);
}

static void test_endless_spin(void **state)
{
	struct fixture *fixture = *state;
	uint32_t batch = emit_endless(fixture, &fixture->context, false);

	driver_submit(&fixture->rig.driver, &fixture->context, NULL);
	wait_hang(fixture);
	hang_check(fixture, batch);
}

/* As driver_submit(), but for what the engine may be reading: the tail in the image. */
static void submit_again(struct driver *driver, const struct driver_context *context)
{
	const uint32_t elsp[] = {0, 0, context->id, context->image | 3 << 3 | 1 << 8 | 1};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(elsp); i++) {
		driver_write(driver, ugvt_engines[context->engine].base + 0x230, elsp[i]);
	}
}

/* Two endless ones that preempt one another. */
static void test_endless_in_turns(void **state)
{
	struct fixture *fixture = *state;
	struct driver *driver = &fixture->rig.driver;

	emit_endless(fixture, &fixture->context, true);
	emit_endless(fixture, &fixture->other, true);
	fixture->context.state[7] = fixture->context.tail;
	fixture->other.state[7] = fixture->other.tail;
	for (unsigned i = 0; stats_of(fixture, UGVT_RCS).hangs == 0; i++) {
		assert_true(i < 60000);
		submit_again(driver, i % 2 ? &fixture->other : &fixture->context);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_waits_for_its_turn, setup_governed, teardown),
		cmocka_unit_test_setup_teardown(test_slice_ends, setup_governed, teardown),
		cmocka_unit_test_setup_teardown(test_semaphore_gives_way, setup_governed, teardown),
		cmocka_unit_test_setup_teardown(test_end_while_waiting, setup_governed, teardown),
		cmocka_unit_test_setup_teardown(test_endless_work, setup_deadline, teardown),
		cmocka_unit_test_setup_teardown(test_endless_spin, setup_deadline, teardown),
		cmocka_unit_test_setup_teardown(test_endless_in_turns, setup_deadline, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
