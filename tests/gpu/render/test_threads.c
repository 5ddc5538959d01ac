/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/sampler/surface.h"
#include "tests/gpu/render/canvas.h"

/* Tiles on many threads: what is drawn is the same for any number of them. */

enum {
	SIDE = 256, // pixels: of the target and of the depth buffer
	BYTES = SIDE * SIDE * 4,
	COUNT = 1500,  // primitives, more than there is room for at once
	SMALL = 20000, // budget of a step, in which not much is drawn
	LARGE = 1000000000,
};

struct scene {
	struct canvas canvas;
	struct ugvt_primitive primitives[COUNT];
	uint32_t vue[COUNT][64];
	uint32_t color[SIDE * SIDE];
	uint32_t depth[SIDE * SIDE];
	struct ugvt_render_counts counts;
};

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void target_set(struct canvas *canvas)
{
	canvas_target(canvas, 0, "R8G8B8A8_UNORM", UGVT_TILE_MODE_Y);
	canvas->surface[0][2] = (SIDE - 1) << 16 | (SIDE - 1);
	canvas->surface[0][3] = SIDE * 4 - 1;
}

static void depth_set(struct canvas *canvas)
{
	rig_set_depth_type(&canvas->rig, UGVT_SURFACE_2D);
	rig_set_depth_format(&canvas->rig, 3); // D24_UNORM_X8_UINT
	rig_set_depth_width(&canvas->rig, SIDE - 1);
	rig_set_depth_height(&canvas->rig, SIDE - 1);
	rig_set_depth_pitch(&canvas->rig, SIDE * 4 - 1);
	rig_set_depth_buffer(&canvas->rig, CANVAS_TARGET_AT + CANVAS_BYTES);
	rig_set_depth_buffer_write(&canvas->rig, 1);
	rig_set_depth_test(&canvas->rig, 1);
	rig_set_depth_write(&canvas->rig, 1);
	rig_set_depth_function(&canvas->rig, 7); // not less
}

/* Half of what is there stays, so that the order of primitives counts. */
static void blend_set(struct canvas *canvas)
{
	uint32_t *blend = (uint32_t *)(void *)(canvas->state + 2048);

	blend[1] = 1u << 31 | 3u << 26 | 19u << 21; // source alpha, and one less that
	blend[2] = 3;
}

/* Red and green: the barycentric coordinates; blue: the attribute. */
static void kernel_set(struct canvas *canvas)
{
	rig_set_ps_dispatch_8(&canvas->rig, 0);
	rig_set_ps_dispatch_16(&canvas->rig, 1);
	rig_set_barycentrics(&canvas->rig, 1);
	rig_set_sbe_attributes(&canvas->rig, 1);
	rig_set_flat_attributes(&canvas->rig, 1);
	rig_set_ps_attributes(&canvas->rig, 1);
	rig_set_ps_grf_start_0(&canvas->rig, 6);
	canvas_kernel(canvas);
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 112), vec(UGVT_EU_F, 2), null(UGVT_EU_F)));
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 114), vec(UGVT_EU_F, 3), null(UGVT_EU_F)));
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 113), vec(UGVT_EU_F, 4), null(UGVT_EU_F)));
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 115), vec(UGVT_EU_F, 5), null(UGVT_EU_F)));
	canvas_add(canvas,
		make(UGVT_EU_MOV, 16, vec(UGVT_EU_F, 116), one(UGVT_EU_F, 6, 3), null(UGVT_EU_F)));
	canvas_add(
		canvas, make(UGVT_EU_MOV, 16, vec(UGVT_EU_F, 118), imm_f(0.5f), null(UGVT_EU_F)));
	canvas_add_write(canvas, 16, 112);
}

static void primitives_make(struct scene *scene)
{
	uint32_t seed = 1;

	for (unsigned i = 0; i < COUNT; i++) {
		const uint32_t *const vue[] = {scene->vue[i], scene->vue[i], scene->vue[i]};
		float x = (float)(random_next(&seed) % (16 * SIDE)) / 16;
		float y = (float)(random_next(&seed) % (16 * SIDE)) / 16;
		float xyz[9];

		for (unsigned v = 0; v < 3; v++) {
			xyz[3 * v] = x + (float)(random_next(&seed) % 1600) / 16 - 50;
			xyz[3 * v + 1] = y + (float)(random_next(&seed) % 1600) / 16 - 50;
			xyz[3 * v + 2] = (float)(random_next(&seed) % 1000) / 1000;
		}
		scene->vue[i][0] = rig_bits((float)(random_next(&seed) % 256) / 255);
		scene->primitives[i] = canvas_triangle(xyz, vue);
	}
}

static int setup(void **state)
{
	static struct scene scene;

	canvas_init(&scene.canvas);
	primitives_make(&scene);
	*state = &scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	canvas_finish(&scene->canvas);
	return 0;
}

static void threads_set(struct scene *scene, unsigned threads)
{
	/* However small the work is. */
	const struct ugvt_raster_threads helpers = {threads - 1, 0};

	ugvt_raster_add_threads(scene->canvas.raster, &helpers);
}

static void scene_draw(struct scene *scene, int64_t step)
{
	struct canvas *canvas = &scene->canvas;

	memset(canvas->targets, 0, BYTES);
	memset(canvas->targets + CANVAS_BYTES, 0, BYTES);
	canvas->rig.counts = (struct ugvt_render_counts){0};
	canvas_draw(canvas, scene->primitives, COUNT, step);
}

static void scene_keep(struct scene *scene)
{
	memcpy(scene->color, scene->canvas.targets, BYTES);
	memcpy(scene->depth, scene->canvas.targets + CANVAS_BYTES, BYTES);
	scene->counts = scene->canvas.rig.counts;
}

static void scene_compare(const struct scene *scene)
{
	const struct ugvt_render_counts *counts = &scene->canvas.rig.counts;

	assert_memory_equal(scene->color, scene->canvas.targets, BYTES);
	assert_memory_equal(scene->depth, scene->canvas.targets + CANVAS_BYTES, BYTES);
	assert_int_equal(scene->counts.ps_invocations, counts->ps_invocations);
	assert_int_equal(scene->counts.ps_depth_count, counts->ps_depth_count);
}

static void test_same(void **state)
{
	static const unsigned threads[] = {2, 3, 8};
	struct scene *scene = *state;

	target_set(&scene->canvas);
	depth_set(&scene->canvas);
	blend_set(&scene->canvas);
	kernel_set(&scene->canvas);
	scene_draw(scene, LARGE);
	scene_keep(scene);
	assert_true(scene->counts.ps_invocations > 100000);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(threads); i++) {
		threads_set(scene, threads[i]);
		scene_draw(scene, LARGE);
		scene_compare(scene);
		scene_draw(scene, SMALL);
		scene_compare(scene);
	}
}

/* Steps for which threads are woken, between ones that are too small for it: what one has begun another ends. */
static void test_mixed_steps(void **state)
{
	struct scene *scene = *state;
	const struct ugvt_raster_impl *impl = scene->canvas.raster->impl;
	struct ugvt_raster *raster = scene->canvas.raster;
	unsigned taken = 0, runs = 0;

	target_set(&scene->canvas);
	blend_set(&scene->canvas);
	kernel_set(&scene->canvas);
	scene_draw(scene, LARGE);
	scene_keep(scene);
	threads_set(scene, 4);
	memset(scene->canvas.targets, 0, BYTES);
	scene->canvas.rig.counts = (struct ugvt_render_counts){0};
	impl->begin(raster, &scene->canvas.rig.draw);
	while (taken < COUNT) {
		bool done = false;

		while (taken < COUNT && impl->primitive(raster, &scene->primitives[taken])) {
			taken++;
		}
		while (!done) {
			int64_t budget = runs++ % 2 == 0 ? SMALL : 500;

			space_window(&scene->canvas.rig.space);
			done = impl->run(raster, &budget);
		}
	}
	impl->end(raster);
	assert_true(runs > 10);
	scene_compare(scene);
}

static void test_endless(void **state)
{
	struct scene *scene = *state;
	struct canvas *canvas = &scene->canvas;
	const struct ugvt_raster_impl *impl = canvas->raster->impl;
	int64_t budget = SMALL;

	target_set(canvas);
	threads_set(scene, 4);
	canvas_kernel(canvas);
	canvas_add(canvas, branch(UGVT_EU_WHILE, 8, 0, 0));
	impl->begin(canvas->raster, &canvas->rig.draw);
	for (unsigned i = 0; i < 100; i++) {
		assert_true(impl->primitive(canvas->raster, &scene->primitives[i]));
	}
	for (unsigned i = 0; i < 10; i++) {
		space_window(&canvas->rig.space);
		assert_false(impl->run(canvas->raster, &budget));
		assert_true(budget <= 0);
		budget = SMALL;
	}
	impl->abort(canvas->raster);
	/* Nothing is left of it. */
	kernel_set(canvas);
	scene_draw(scene, LARGE);
	scene_keep(scene);
	threads_set(scene, 1);
	scene_draw(scene, LARGE);
	scene_compare(scene);
}

/* Pages that are not there: faults of all threads are counted. */
static void test_faults(void **state)
{
	struct scene *scene = *state;
	struct canvas *canvas = &scene->canvas;
	uint64_t before, alone;

	target_set(canvas);
	kernel_set(canvas);
	canvas->surface[0][8] = 0xa0000000;
	before = canvas->rig.draw.as->faults;
	scene_draw(scene, LARGE);
	alone = canvas->rig.draw.as->faults - before;
	assert_true(alone > 0);
	threads_set(scene, 3);
	before = canvas->rig.draw.as->faults;
	scene_draw(scene, LARGE);
	assert_true(canvas->rig.draw.as->faults > before);
}

/* Who was forked draws on its own. */
static void test_fork(void **state)
{
	struct scene *scene = *state;
	pid_t child;
	int status;

	target_set(&scene->canvas);
	kernel_set(&scene->canvas);
	scene_draw(scene, LARGE);
	scene_keep(scene);
	threads_set(scene, 3);
	child = fork();
	if (child == 0) {
		scene_draw(scene, SMALL);
		status = memcmp(scene->color, scene->canvas.targets, BYTES) != 0;
		canvas_finish(&scene->canvas);
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	scene_draw(scene, SMALL);
	scene_compare(scene);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_same),
		TEST(test_mixed_steps),
		TEST(test_endless),
		TEST(test_faults),
		TEST(test_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
