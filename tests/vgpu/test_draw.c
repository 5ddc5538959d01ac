/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/clock.h"
#include "gen/gt.h"
#include "tests/driver/scene.h"
#include "tests/vgpu/rig.h"

/* A guest that draws: contexts that keep their state, and shaders that don't do as they should. */

#define RING_ACTHD 0x74
#define RING_MI_MODE 0x9c
#define RING_RESET_CTL 0xd0
#define CONTEXTS 2
#define GARBAGE 40 // kernels

static const float red[4] = {1, 0, 0, 1};
static const float green[4] = {0, 1, 0, 1};
static const uint32_t pixels[CONTEXTS] = {0xff0000ff, 0xff00ff00};

struct guest {
	struct rig rig;
	struct scene scenes[CONTEXTS]; // red, green
	struct driver_context contexts[CONTEXTS];
	uint32_t *results; // a page in the GGTT
	uint32_t results_address;
};

static void guest_init(struct guest *guest, uint64_t deadline_ns)
{
	struct driver *driver = &guest->rig.driver;

	rig_init_options(&guest->rig, &(struct rig_options){.deadline_ns = deadline_ns});
	driver_irq_enable(driver);
	for (unsigned id = 0; id < UGVT_ENGINE_COUNT; id++) {
		driver_engine_init(driver, (enum ugvt_engine_id)id);
	}
	guest->results = driver_alloc_ggtt(driver, 4096, &guest->results_address);
	for (unsigned i = 0; i < CONTEXTS; i++) {
		scene_init(&guest->scenes[i], driver);
		scene_flat(&guest->scenes[i], i == 0 ? red : green);
		driver_context_init(driver, &guest->contexts[i], UGVT_RCS, guest->scenes[i].pml4);
	}
}

static int setup(void **state)
{
	static struct guest guest;

	guest_init(&guest, 0);
	*state = &guest;
	return 0;
}

static int setup_deadline(void **state)
{
	static struct guest guest;

	guest_init(&guest, 100 * UGVT_NS_PER_MS);
	*state = &guest;
	return 0;
}

static int teardown(void **state)
{
	struct guest *guest = *state;

	rig_finish(&guest->rig);
	return 0;
}

static struct ugvt_vgpu_engine_stats stats_of(struct guest *guest)
{
	struct ugvt_vgpu_stats stats;

	ugvt_vgpu_stats(guest->rig.vgpu, &stats);
	return stats.engines[UGVT_RCS];
}

static void engine_reset(struct guest *guest)
{
	struct driver *driver = &guest->rig.driver;
	uint32_t base = ugvt_engines[UGVT_RCS].base;

	driver_write(driver, base + RING_MI_MODE, 0x01000100);
	driver_write(driver, base + RING_RESET_CTL, 0x00010001);
	assert_true(driver_read(driver, base + RING_RESET_CTL) & 2);
	driver_write(driver, UGVT_GDRST, UGVT_BIT(ugvt_engines[UGVT_RCS].reset_bit));
	assert_int_equal(driver_read(driver, UGVT_GDRST), 0);
	driver_write(driver, base + RING_RESET_CTL, 0x00010000);
	driver_write(driver, base + 0x80, driver->status_page[UGVT_RCS]);
	driver_write(driver, base + 0x29c, 0x80008000);
}

/* Context i draws, with the state that it has, and then writes value to its result. */
static void draw_submit(struct guest *guest, unsigned i, uint32_t value)
{
	struct driver_context *context = &guest->contexts[i];

	memset(guest->scenes[i].target, 0, SCENE_SIDE * SCENE_SIDE * 4);
	scene_emit_draws(&guest->scenes[i], context);
	driver_emit_breadcrumb(context, guest->results_address + 4 * i, value);
	driver_submit(&guest->rig.driver, context, NULL);
}

static void target_check(const struct guest *guest, unsigned i, uint32_t pixel)
{
	for (unsigned k = 0; k < SCENE_SIDE * SCENE_SIDE; k++) {
		assert_int_equal(guest->scenes[i].target[k], pixel);
	}
}

/* Each sets its state once; from then on it is in the image. */
static void test_contexts(void **state)
{
	struct guest *guest = *state;

	scene_emit_state(&guest->scenes[0], &guest->contexts[0]);
	scene_emit_state(&guest->scenes[1], &guest->contexts[1]);
	for (unsigned round = 1; round <= 5; round++) {
		for (unsigned i = 0; i < CONTEXTS; i++) {
			draw_submit(guest, i, round);
			rig_wait_word(&guest->results[i], round);
			target_check(guest, i, pixels[i]);
		}
	}
	assert_int_equal(stats_of(guest).not_executed, 0);
	assert_int_equal(stats_of(guest).faults, 0);
}

/* One draws for long, and is preempted by the other again and again: each time it goes on where it was. */
static void test_preempted(void **state)
{
	struct guest *guest = *state;
	struct driver_context *context = &guest->contexts[0];

	/* Object level preemption is what lets a draw be a place to stop: CS_CHICKEN1. */
	driver_write(&guest->rig.driver, 0x2580, 0x00010001);
	for (unsigned i = 0; i < CONTEXTS; i++) {
		const uint32_t dw[] = {0x11000001, 0x2580, 0x00010001, 0};

		driver_emit(&guest->contexts[i], dw, UGVT_ARRAY_SIZE(dw));
		scene_emit_state(&guest->scenes[i], &guest->contexts[i]);
	}
	scene_count(&guest->scenes[0], 500);
	for (unsigned i = 0; i < 20; i++) {
		scene_emit_draws(&guest->scenes[0], context);
	}
	draw_submit(guest, 0, 1);
	for (unsigned round = 1; round <= 20; round++) {
		draw_submit(guest, 1, round);
		rig_wait_word(&guest->results[1], round);
		target_check(guest, 1, pixels[1]);
		driver_submit(&guest->rig.driver, context, NULL);
	}
	rig_wait_word(&guest->results[0], 1);
	target_check(guest, 0, pixels[0]);
}

/* Registers answer while a shader runs without end; a reset ends it; the engine draws again. */
static void test_endless(void **state)
{
	struct guest *guest = *state;
	struct driver *driver = &guest->rig.driver;
	uint32_t base = ugvt_engines[UGVT_RCS].base;
	uint32_t draws = ugvt_lo32(guest->scenes[0].draw_address);

	scene_endless(&guest->scenes[0]);
	scene_emit_state(&guest->scenes[0], &guest->contexts[0]);
	draw_submit(guest, 0, 1);
	while (driver_read(driver, base + RING_ACTHD) != draws) {
	}
	while (stats_of(guest).busy_ns < 20 * UGVT_NS_PER_MS) {
		assert_int_equal(driver_read(driver, base + RING_ACTHD), draws);
	}
	engine_reset(guest);
	assert_int_equal(rig_word(&guest->results[0]), 0);
	scene_emit_state(&guest->scenes[1], &guest->contexts[1]);
	draw_submit(guest, 1, 1);
	rig_wait_word(&guest->results[1], 1);
	target_check(guest, 1, pixels[1]);
	assert_int_equal(stats_of(guest).resets, 1);
}

static void wait_hangs(struct guest *guest, uint64_t hangs)
{
	for (unsigned i = 0; stats_of(guest).hangs < hangs; i++) {
		assert_true(i < 60000);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

/* It takes no more than its deadline, then the engine stands until the guest resets it. */
static void test_deadline(void **state)
{
	struct guest *guest = *state;
	uint64_t busy;

	scene_endless(&guest->scenes[0]);
	scene_emit_state(&guest->scenes[0], &guest->contexts[0]);
	draw_submit(guest, 0, 1);
	wait_hangs(guest, 1);
	busy = stats_of(guest).busy_ns;
	scene_emit_state(&guest->scenes[1], &guest->contexts[1]);
	draw_submit(guest, 1, 1);
	assert_int_equal(stats_of(guest).busy_ns, busy);
	assert_int_equal(rig_word(&guest->results[1]), 0);
	engine_reset(guest);
	driver_submit(&guest->rig.driver, &guest->contexts[1], NULL);
	rig_wait_word(&guest->results[1], 1);
	target_check(guest, 1, pixels[1]);
}

/* Done, or hung: both are answers, and then it draws again. */
static void garbage_wait(struct guest *guest, unsigned round)
{
	uint64_t hangs = stats_of(guest).hangs;

	for (unsigned i = 0; rig_word(&guest->results[0]) != round; i++) {
		if (stats_of(guest).hangs > hangs) {
			engine_reset(guest);
			driver_context_init(&guest->rig.driver, &guest->contexts[0], UGVT_RCS,
				guest->scenes[0].pml4);
			return;
		}
		assert_true(i < 60000);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

/* Another vGPU of the same process draws all the while. */
static void test_garbage(void **state)
{
	static struct guest neighbour;
	struct guest *guest = *state;

	guest_init(&neighbour, 0);
	scene_emit_state(&neighbour.scenes[1], &neighbour.contexts[1]);
	for (unsigned round = 1; round <= GARBAGE; round++) {
		scene_garbage(&guest->scenes[0], round);
		scene_emit_state(&guest->scenes[0], &guest->contexts[0]);
		draw_submit(guest, 0, round);
		draw_submit(&neighbour, 1, round);
		rig_wait_word(&neighbour.results[1], round);
		target_check(&neighbour, 1, pixels[1]);
		garbage_wait(guest, round);
	}
	rig_finish(&neighbour.rig);
	engine_reset(guest);
	scene_emit_state(&guest->scenes[1], &guest->contexts[1]);
	draw_submit(guest, 1, 1);
	rig_wait_word(&guest->results[1], 1);
	target_check(guest, 1, pixels[1]);
}

/* They are counted at a step's end, which comes after what the step wrote. */
static void wait_faults(struct guest *guest)
{
	for (unsigned i = 0; stats_of(guest).faults == 0; i++) {
		assert_true(i < 60000);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

/* Kernels, states and targets that are nowhere: the writes are dropped, as a fault's are. */
static void test_wild(void **state)
{
	static const uint32_t surface[16] = {
		1u << 29 | 1u << 28 | 0xc7u << 18 | 1u << 16 | 1u << 14, [2] = 0x3fff3fff,
		[3] = 0x3ffff, [8] = 0xdead0000, [9] = 0xbeef};
	struct guest *guest = *state;
	struct driver_context *context = &guest->contexts[0];
	const uint32_t kernel[] = {
		0x7820000a, 0xfffff000, 0xffff, 1 << 30, 0, 0, 1, 2 << 16, 0, 0, 0, 0};
	const uint32_t table[] = {0x782a0000, 0xffe0};

	memcpy(guest->scenes[0].states + SCENE_SURFACE, surface, sizeof(surface));
	scene_emit_state(&guest->scenes[0], context);
	draw_submit(guest, 0, 1);
	rig_wait_word(&guest->results[0], 1);
	target_check(guest, 0, 0);
	wait_faults(guest);
	driver_emit(context, table, UGVT_ARRAY_SIZE(table));
	draw_submit(guest, 0, 2);
	rig_wait_word(&guest->results[0], 2);
	driver_emit(context, kernel, UGVT_ARRAY_SIZE(kernel));
	draw_submit(guest, 0, 3);
	rig_wait_word(&guest->results[0], 3);
	target_check(guest, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_contexts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_preempted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_endless, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deadline, setup_deadline, teardown),
		cmocka_unit_test_setup_teardown(test_garbage, setup_deadline, teardown),
		cmocka_unit_test_setup_teardown(test_wild, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
