/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/sampler/surface.h"
#include "tests/gpu/render/canvas.h"

/* What pixel shaders ask: target reads, and barycentric coordinates at other places. */

#define ALL INT64_C(1000000000)
#define SIDE 64.0f

#define COLOR 10u  // registers, a response's first
#define OFFSETS 4u // two
#define INTERPOLATE (1u << 25)
#define LINEAR (1u << 14)
#define MODE(n) ((n) << 12)

static int setup(void **state)
{
	static struct canvas canvas;

	canvas_init(&canvas);
	*state = &canvas;
	return 0;
}

static int teardown(void **state)
{
	canvas_finish(*state);
	return 0;
}

static void add_message(struct canvas *canvas, unsigned sfid, uint32_t desc, unsigned payload)
{
	struct ugvt_eu_inst inst = message(sfid, desc, payload, false);

	inst.exec_size = 8;
	inst.dst = vec(UGVT_EU_UD, COLOR);
	canvas_add(canvas, inst);
}

/* Draws add a quarter of red to what is there: all of a second draw sees all of the first one. */
static void test_read(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive rectangle = canvas_rectangle(3, 5, 90, 70);

	canvas_kernel(canvas);
	add_message(canvas, UGVT_EU_SFID_RENDER_CACHE,
		2u << 25 | 4u << 20 | 1u << 19 | UGVT_EU_RENDER_TARGET_READ << 14 | 1u << 8, 0);
	canvas_add(canvas,
		make(UGVT_EU_ADD, 8, vec(UGVT_EU_F, COLOR), vec(UGVT_EU_F, COLOR), imm_f(0.25f)));
	canvas_add_write(canvas, 8, COLOR);
	for (unsigned i = 0; i < 3; i++) {
		static const uint32_t reds[] = {0x40, 0x80, 0xc0};

		canvas_draw(canvas, &rectangle, 1, ALL);
		assert_int_equal(canvas_pixel(canvas, 0, 3, 5), reds[i]);
		assert_int_equal(canvas_pixel(canvas, 0, 89, 69), reds[i]);
		assert_int_equal(canvas_pixel(canvas, 0, 90, 69), 0);
	}
}

/* A triangle at the target's corner, whose b1 and b2 are x and y over its sides. */
static void interpolate(struct canvas *canvas, uint32_t desc, float x, float y)
{
	const float corners[9] = {0, 0, 0, SIDE, 0, 0, 0, SIDE, 0};
	const struct ugvt_primitive primitive = canvas_triangle(corners, NULL);

	add_message(canvas, UGVT_EU_SFID_PIXEL_INTERPOLATOR, desc | 2u << 20, OFFSETS);
	canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, COLOR + 2), vec(UGVT_EU_F, COLOR),
				   null(UGVT_EU_F)));
	canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, COLOR + 3), vec(UGVT_EU_F, COLOR),
				   null(UGVT_EU_F)));
	canvas_add_write(canvas, 8, COLOR);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < 30; i += 7) {
		const float *pixel =
			(const float *)(void *)canvas->targets + (i * CANVAS_SIDE + i / 2) * 4;

		assert_float_equal(pixel[0], ((float)(i / 2) + x) / SIDE, 1e-5);
		assert_float_equal(pixel[1], ((float)i + y) / SIDE, 1e-5);
	}
}

/* Offsets in sixteenths of a pixel from its middle, signed: of a descriptor, and of each lane. */
static void test_interpolate(void **state)
{
	struct canvas *canvas = *state;

	canvas_target(canvas, 0, "R32G32B32A32_FLOAT", UGVT_TILE_MODE_LINEAR);
	canvas_kernel(canvas);
	interpolate(canvas, INTERPOLATE | MODE(0u) | 0xd4, 0.75f, 0.3125f);
	canvas_kernel(canvas);
	interpolate(canvas, INTERPOLATE | MODE(0u) | LINEAR | 0x08, 0, 0.5f);
	canvas_kernel(canvas);
	interpolate(canvas, INTERPOLATE | MODE(1u) | 0x20, 0.5f, 0.5f);
	canvas_kernel(canvas);
	canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_D, OFFSETS),
				   imm(UGVT_EU_D, (uint32_t)-3), null(UGVT_EU_D)));
	canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_D, OFFSETS + 1), imm(UGVT_EU_D, 7),
				   null(UGVT_EU_D)));
	interpolate(canvas, 2u << 25 | MODE(3u), 0.3125f, 0.9375f);
}

/* Sixteen lanes: b1 and b2 of eight, b1 and b2 of eight others. */
static void test_interpolate_16(void **state)
{
	const float corners[9] = {0, 0, 0, SIDE, 0, 0, 0, SIDE, 0};
	const struct ugvt_primitive primitive = canvas_triangle(corners, NULL);
	static const uint8_t order[] = {0, 2, 1, 3};
	struct canvas *canvas = *state;
	struct ugvt_eu_inst inst = message(
		UGVT_EU_SFID_PIXEL_INTERPOLATOR, INTERPOLATE | 1u << 16 | 4u << 20, OFFSETS, false);

	canvas_target(canvas, 0, "R32G32B32A32_FLOAT", UGVT_TILE_MODE_LINEAR);
	rig_set_ps_dispatch_8(&canvas->rig, 0);
	rig_set_ps_dispatch_16(&canvas->rig, 1);
	canvas_kernel(canvas);
	inst.exec_size = 16;
	inst.dst = vec(UGVT_EU_UD, COLOR);
	canvas_add(canvas, inst);
	for (unsigned i = 0; i < 8; i++) {
		canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, COLOR + 8 + i),
					   vec(UGVT_EU_F, COLOR + order[i % 4]), null(UGVT_EU_F)));
	}
	canvas_add_write(canvas, 16, COLOR + 8);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < 32; i++) {
		const float *pixel =
			(const float *)(void *)canvas->targets + (i * CANVAS_SIDE + i / 2) * 4;

		assert_float_equal(pixel[0], ((float)(i / 2) + 0.5f) / SIDE, 1e-5);
		assert_float_equal(pixel[1], ((float)i + 0.5f) / SIDE, 1e-5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interpolate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interpolate_16, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
