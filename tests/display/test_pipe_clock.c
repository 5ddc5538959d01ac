/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "display/pipe_clock.h"

#define START (5 * UGVT_NS_PER_S)
#define DAY (UINT64_C(86400) * UGVT_NS_PER_S)

/* 1920x1200 with reduced blanking. */
static const struct ugvt_pipe_timing timing = {154000, 2080, 1235, 1200};

static void test_beam(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t frame_ns = UINT64_C(2080) * 1235 * 1000000 / 154000;

	ugvt_pipe_clock_start(&clock, &timing, START);
	assert_int_equal(ugvt_pipe_clock_line(&clock, START), 0);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, START), 0);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, START + frame_ns), 1);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, START + 10 * frame_ns), 10);
	assert_in_range(ugvt_pipe_clock_line(&clock, START + frame_ns / 2), 616, 618);
}

/* At any time: the count grows exactly when line vactive begins, and the times of vblanks are those times. */
static void check_agreement(struct ugvt_pipe_clock *clock, uint64_t now)
{
	uint64_t next = ugvt_pipe_clock_next_vblank(clock, now);
	uint64_t last = ugvt_pipe_clock_last_vblank(clock, now);
	uint64_t count = ugvt_pipe_clock_vblanks(clock, now);

	assert_true(next > now);
	assert_true(last <= now);
	assert_int_equal(ugvt_pipe_clock_vblanks(clock, next - 1), count);
	assert_int_equal(ugvt_pipe_clock_line(clock, next - 1), clock->timing.vactive - 1);
	assert_int_equal(ugvt_pipe_clock_vblanks(clock, next), count + 1);
	assert_int_equal(ugvt_pipe_clock_line(clock, next), clock->timing.vactive);
	assert_int_equal(ugvt_pipe_clock_last_vblank(clock, next), next);
	assert_int_equal(ugvt_pipe_clock_vblanks(clock, last), count);
}

static void test_agreement(void **state)
{
	static const struct ugvt_pipe_timing timings[] = {
		{154000, 2080, 1235, 1200},
		{56000, 1184, 790, 768},
		{533250, 4000, 2222, 2160},
		{25175, 800, 525, 480},
		{65, 1000, 100, 1},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(timings); i++) {
		struct ugvt_pipe_clock clock = {0};

		ugvt_pipe_clock_start(&clock, &timings[i], START);
		for (uint64_t step = 0; step < 2000; step++) {
			check_agreement(&clock, START + 50 * UGVT_NS_PER_MS + step * 7919017);
			check_agreement(&clock, START + 300 * DAY + step * 7919017);
		}
	}
}

static void test_stop_and_change(void **state)
{
	static const struct ugvt_pipe_timing half = {77000, 2080, 1235, 1200},
					     small = {56000, 1184, 790, 768};
	struct ugvt_pipe_clock clock = {0};
	uint64_t now = START + 1001 * UGVT_NS_PER_MS, count;
	uint32_t line;

	ugvt_pipe_clock_start(&clock, &timing, START);
	count = ugvt_pipe_clock_vblanks(&clock, now);
	line = ugvt_pipe_clock_line(&clock, now);
	assert_int_equal(count, 60);
	ugvt_pipe_clock_change(&clock, &half, now);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now), count);
	assert_in_range(ugvt_pipe_clock_line(&clock, now), line, line + 1);
	ugvt_pipe_clock_change(&clock, &small, now);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now), count);
	check_agreement(&clock, now + 20 * UGVT_NS_PER_MS);
	ugvt_pipe_clock_stop(&clock, now);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now + UGVT_NS_PER_S), count);
	assert_int_equal(ugvt_pipe_clock_line(&clock, now + UGVT_NS_PER_S), 0);
	now += 2 * UGVT_NS_PER_S;
	ugvt_pipe_clock_start(&clock, &timing, now);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now), count);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now + 1001 * UGVT_NS_PER_MS), count + 60);
}

/* A change of timing in the vblank must not count it twice. */
static void test_change_in_vblank(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START) + 1000;
	ugvt_pipe_clock_change(&clock, &timing, vblank);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 1);
	assert_int_equal(ugvt_pipe_clock_line(&clock, vblank), 1200);
	check_agreement(&clock, vblank + 1000);
}

/* As i915 begins and ends an update: line, then counter. */
static uint64_t update_count(struct ugvt_pipe_clock *clock, uint64_t now)
{
	ugvt_pipe_clock_read_line(clock, now);
	return ugvt_pipe_clock_read_vblanks(clock, now);
}

/* A driver's update: counter, writes, counter; the vblank between is put off until after it. */
static void test_window(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank, now;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	assert_int_equal(update_count(&clock, vblank - 1000), 0);
	ugvt_pipe_clock_write(&clock, vblank + 5000);
	now = vblank + 40 * UGVT_NS_PER_MS;
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now), 0);
	assert_int_equal(ugvt_pipe_clock_read_line(&clock, now), 1199);
	assert_true(ugvt_pipe_clock_next_vblank(&clock, now) > now);
	assert_int_equal(update_count(&clock, now), 0);
	assert_int_equal(ugvt_pipe_clock_next_vblank(&clock, now), now + 1000);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, now + 1000), 1);
	assert_int_equal(ugvt_pipe_clock_line(&clock, now + 1000), 1200);
	check_agreement(&clock, now + UGVT_NS_PER_MS);
}

/* The beam never waits so near to the vblank that a driver would not begin an update. */
static void test_window_begin_another(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint32_t near = 1200 - 250 * 154 / 2080; // 250 us before
	uint64_t vblank, held;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, vblank - 5 * UGVT_NS_PER_MS);
	ugvt_pipe_clock_write(&clock, vblank - 4 * UGVT_NS_PER_MS);
	held = ugvt_pipe_clock_line(&clock, vblank);
	assert_in_range(held, 1100, near - 1);
	assert_int_equal(ugvt_pipe_clock_line(&clock, vblank + 50 * UGVT_NS_PER_MS), held);
	assert_int_equal(update_count(&clock, vblank + 50 * UGVT_NS_PER_MS), 0);
	assert_in_range(ugvt_pipe_clock_next_vblank(&clock, vblank + 50 * UGVT_NS_PER_MS),
		vblank + 50250 * UGVT_NS_PER_US, vblank + 51 * UGVT_NS_PER_MS);
}

/* The second reading of a pair opens no window, though its own was closed before. */
static void test_window_pairs(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, vblank - 15 * UGVT_NS_PER_MS);
	update_count(&clock, vblank - 1 * UGVT_NS_PER_MS);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 1);
	vblank = ugvt_pipe_clock_next_vblank(&clock, vblank);
	update_count(&clock, vblank - 1000);
	ugvt_pipe_clock_read_line(&clock, vblank + 1000);
	ugvt_pipe_clock_read_line(&clock, vblank + 1500);
	assert_int_equal(update_count(&clock, vblank + 3000), 2);
	vblank = ugvt_pipe_clock_next_vblank(&clock, vblank + 3000);
	update_count(&clock, vblank - 1000);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 2);
}

/* A window that sees no vblank changes nothing. */
static void test_window_quick(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, START + 1000);
	ugvt_pipe_clock_write(&clock, START + 2000);
	update_count(&clock, START + 3000);
	assert_int_equal(ugvt_pipe_clock_next_vblank(&clock, START + 4000), vblank);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 1);
}

/* Windows that nobody closes end by themselves, and then the vblank comes. */
static void test_window_expires(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank, latest;

	ugvt_pipe_clock_start(&clock, &timing, START);
	for (unsigned written = 0; written < 2; written++) {
		uint64_t count;

		vblank = ugvt_pipe_clock_next_vblank(&clock, START + written * UGVT_NS_PER_S * 2);
		count = update_count(&clock, vblank - 10);
		if (written) {
			ugvt_pipe_clock_write(&clock, vblank - 5);
		}
		latest = ugvt_pipe_clock_next_vblank(&clock, vblank + 1);
		assert_in_range(latest - vblank, 9 * UGVT_NS_PER_MS, 100 * UGVT_NS_PER_MS);
		assert_int_equal(ugvt_pipe_clock_vblanks(&clock, latest - 1), count);
		assert_int_equal(ugvt_pipe_clock_vblanks(&clock, latest), count + 1);
		check_agreement(&clock, latest + UGVT_NS_PER_MS);
	}
}

/* A virtual CPU that reads line and counter and then loses its time slice still writes before the vblank. */
static void test_window_late(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, vblank - UGVT_NS_PER_MS);
	ugvt_pipe_clock_write(&clock, vblank + 60 * UGVT_NS_PER_MS);
	assert_int_equal(update_count(&clock, vblank + 90 * UGVT_NS_PER_MS), 0);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank + 91 * UGVT_NS_PER_MS), 1);
}

/* A lonely reading that looks like an update's holds one vblank, not each, until an update comes. */
static void test_window_mistaken(void **state)
{
	static const uint64_t held_ms[] = {90, 10};
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank = START;

	ugvt_pipe_clock_start(&clock, &timing, START);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(held_ms); i++) {
		uint64_t late, count;

		vblank = ugvt_pipe_clock_next_vblank(&clock, vblank + 2 * UGVT_NS_PER_S);
		late = vblank + held_ms[i] * UGVT_NS_PER_MS;
		count = update_count(&clock, vblank - 10);
		assert_int_equal(ugvt_pipe_clock_vblanks(&clock, late), count);
		assert_int_equal(
			ugvt_pipe_clock_vblanks(&clock, late + 10 * UGVT_NS_PER_MS), count + 1);
	}
}

/* Who polls for the vblank sees it come: by line soon, by counter at the second look. */
static void test_window_polled(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, vblank - 10);
	assert_int_equal(ugvt_pipe_clock_read_line(&clock, vblank + 10), 1199);
	assert_int_equal(ugvt_pipe_clock_read_line(&clock, vblank + 20), 1199);
	assert_int_equal(ugvt_pipe_clock_read_line(&clock, vblank + 30), 1200);
	assert_int_equal(ugvt_pipe_clock_read_vblanks(&clock, vblank + 40), 1);
}

/* As i915's handler of vblanks reads the counter, on another CPU or not. */
static void handle_vblank(struct ugvt_pipe_clock *clock, uint64_t now)
{
	ugvt_pipe_clock_read_vblanks(clock, now);
	ugvt_pipe_clock_read_line(clock, now + 50);
	ugvt_pipe_clock_read_line(clock, now + 100);
	ugvt_pipe_clock_read_vblanks(clock, now + 150);
}

/* A handler opens no window. */
static void test_window_handler(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	ugvt_pipe_clock_read_vblanks(&clock, vblank - 1000);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 1);
	ugvt_pipe_clock_read_line(&clock, vblank + 50);
	ugvt_pipe_clock_read_vblanks(&clock, vblank + 100);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank + 17 * UGVT_NS_PER_MS), 2);
}

/* Nor does one that comes within an update close it. */
static void test_window_handler_within(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, vblank - 5000);
	handle_vblank(&clock, vblank - 4000);
	ugvt_pipe_clock_write(&clock, vblank - 3000);
	handle_vblank(&clock, vblank + 1000);
	assert_int_equal(update_count(&clock, vblank + 50 * UGVT_NS_PER_MS), 0);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank + 51 * UGVT_NS_PER_MS), 1);
}

/* An update whose first reading looks like that of a handler, which was reading just then, is known by its writes; the next ones, too. */
static void test_window_interleaved(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank = START;

	ugvt_pipe_clock_start(&clock, &timing, START);
	for (uint64_t i = 0; i < 3; i++) {
		vblank = ugvt_pipe_clock_next_vblank(&clock, vblank);
		if (i == 0) {
			ugvt_pipe_clock_read_vblanks(&clock, vblank - 9000);
			ugvt_pipe_clock_read_line(&clock, vblank - 8500);
		}
		assert_int_equal(update_count(&clock, vblank - 8000), i);
		if (i == 0) {
			ugvt_pipe_clock_read_vblanks(&clock, vblank - 7000);
		}
		ugvt_pipe_clock_write(&clock, vblank - 5000);
		vblank += 40 * UGVT_NS_PER_MS;
		assert_int_equal(update_count(&clock, vblank), i);
		assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank + UGVT_NS_PER_MS), i + 1);
		vblank += UGVT_NS_PER_MS;
	}
}

/* Writes without a look at the counter come into effect with the next vblank. */
static void test_window_none(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	ugvt_pipe_clock_write(&clock, vblank - 1000);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 1);
	vblank = ugvt_pipe_clock_next_vblank(&clock, vblank);
	ugvt_pipe_clock_read_line(&clock, vblank - 3000);
	ugvt_pipe_clock_write_cursor(&clock, vblank - 2000);
	handle_vblank(&clock, vblank - 1000);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank), 2);
}

/* An update that arms nothing ends where it waits: its own second reading of line, then counter, does not let the vblank come. */
static void test_window_idle(void **state)
{
	struct ugvt_pipe_clock clock = {0};
	uint64_t vblank;

	ugvt_pipe_clock_start(&clock, &timing, START);
	vblank = ugvt_pipe_clock_next_vblank(&clock, START);
	update_count(&clock, vblank - 5 * UGVT_NS_PER_MS);
	assert_in_range(ugvt_pipe_clock_read_line(&clock, vblank + 8 * UGVT_NS_PER_MS), 1150, 1199);
	assert_int_equal(update_count(&clock, vblank + 9 * UGVT_NS_PER_MS), 0);
	assert_int_equal(ugvt_pipe_clock_vblanks(&clock, vblank + 10 * UGVT_NS_PER_MS), 1);
}

static void test_sanitize(void **state)
{
	static const struct ugvt_pipe_timing wild[] = {
		{0, 0, 0, 0},
		{0, 2080, 1235, 1200},
		{1, 8192, 8192, 8192},
		{2000000, 1, 1, 1},
		{2000000, 64, 64, 63},
		{154000, 2080, 1235, 5000},
		{UINT32_MAX, 8192, 8192, 0},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(wild); i++) {
		struct ugvt_pipe_timing t = wild[i];
		struct ugvt_pipe_clock clock = {0};

		ugvt_pipe_timing_sanitize(&t);
		assert_in_range(ugvt_pipe_timing_refresh_mhz(&t), 10000, 250000);
		assert_in_range(t.vactive, 1, t.vtotal - 1);
		ugvt_pipe_clock_start(&clock, &t, START);
		check_agreement(&clock, START + UGVT_NS_PER_S);
	}
}

static void test_sane_is_kept(void **state)
{
	struct ugvt_pipe_timing t = timing;

	ugvt_pipe_timing_sanitize(&t);
	assert_memory_equal(&t, &timing, sizeof(t));
	assert_int_equal(ugvt_pipe_timing_refresh_mhz(&t), 59950);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beam),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_stop_and_change),
		cmocka_unit_test(test_change_in_vblank),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_window_begin_another),
		cmocka_unit_test(test_window_pairs),
		cmocka_unit_test(test_window_quick),
		cmocka_unit_test(test_window_expires),
		cmocka_unit_test(test_window_late),
		cmocka_unit_test(test_window_mistaken),
		cmocka_unit_test(test_window_polled),
		cmocka_unit_test(test_window_handler),
		cmocka_unit_test(test_window_handler_within),
		cmocka_unit_test(test_window_interleaved),
		cmocka_unit_test(test_window_none),
		cmocka_unit_test(test_window_idle),
		cmocka_unit_test(test_sanitize),
		cmocka_unit_test(test_sane_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
