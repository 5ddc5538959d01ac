/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gpu/render/setup.h"
#include "tests/gpu/render/rig.h"

#define ONE 0x3f800000u

struct fixture {
	struct render_rig rig;
	struct ugvt_setup setup;
	uint32_t vue[3][64];
	struct ugvt_primitive primitive;
	struct ugvt_shape shapes[UGVT_SETUP_SHAPES];
};

static int setup(void **state)
{
	static struct fixture fixture;
	struct ugvt_primitive *primitive = &fixture.primitive;

	render_rig_init(&fixture.rig, 1 << 20);
	*primitive = (struct ugvt_primitive){.kind = UGVT_PRIMITIVE_TRIANGLE, .edges = 7, .id = 77};
	primitive->v[0] = rig_vertex(2, 3, 0.25f, 0);
	primitive->v[1] = rig_vertex(10, 3, 0.5f, 1);
	primitive->v[2] = rig_vertex(2, 7, 0.75f, 2);
	for (unsigned v = 0; v < 3; v++) {
		primitive->vue[v] = fixture.vue[v];
		for (unsigned i = 0; i < 64; i++) {
			fixture.vue[v][i] = rig_bits((float)(100 * v * v + i));
		}
	}
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	render_rig_finish(&((struct fixture *)*state)->rig);
	return 0;
}

static unsigned shapes(struct fixture *f)
{
	ugvt_setup_begin(&f->setup, &f->rig.draw);
	return ugvt_setup_shapes(&f->setup, &f->primitive, f->shapes);
}

static uint64_t block(const struct ugvt_shape *shape)
{
	return ugvt_cover_block(&shape->cover, (struct ugvt_grid_point){0, 0},
		(struct ugvt_grid_point){UGVT_SUBPIXELS / 2, UGVT_SUBPIXELS / 2});
}

static void assert_plane(const struct ugvt_plane *plane, float x, float y, float value)
{
	assert_true(fabs(ugvt_plane_value(plane, x, y) - value) < 1e-9);
}

static void test_planes(void **state)
{
	struct fixture *f = *state;

	f->primitive.v[1].inverse_w = 0.5f;
	assert_int_equal(shapes(f), 1);
	for (unsigned i = 0; i < 3; i++) {
		const struct ugvt_screen_vertex *v = &f->primitive.v[i];

		assert_plane(&f->shapes[0].z, v->x, v->y, v->z);
		assert_plane(&f->shapes[0].inverse_w, v->x, v->y, v->inverse_w);
		for (unsigned b = 0; b < 2; b++) {
			assert_plane(&f->shapes[0].linear[b], v->x, v->y, v->linear[b]);
			assert_plane(&f->shapes[0].perspective[b], v->x, v->y,
				v->perspective[b] * v->inverse_w);
		}
	}
}

static void test_cull(void **state)
{
	/* By cull mode, whether counter-clockwise is front, whether this clockwise triangle stays. */
	static const bool stays[4][2] = {
		{false, false}, {true, true}, {false, true}, {true, false}};
	struct fixture *f = *state;

	for (unsigned mode = 0; mode < 4; mode++) {
		for (unsigned ccw = 0; ccw < 2; ccw++) {
			rig_set_cull_mode(&f->rig, mode);
			rig_set_front_ccw(&f->rig, ccw);
			assert_int_equal(shapes(f), stays[mode][ccw]);
			if (stays[mode][ccw]) {
				assert_int_equal(f->shapes[0].back_facing, ccw);
			}
		}
	}
	rig_set_cull_mode(&f->rig, 1);
	f->primitive.v[2] = rig_vertex(18, 3, 0, 2);
	assert_int_equal(shapes(f), 0);
	f->primitive.v[2].x = NAN;
	assert_int_equal(shapes(f), 0);
}

static void test_boxes(void **state)
{
	struct fixture *f = *state;
	ugvt_gpa page = space_alloc(&f->rig.space, 8192, 4096);
	uint32_t *scissor = space_host(&f->rig.space, page);

	space_map(&f->rig.space, 0x10000, page, 8192);
	rig_set_dynamic_base(&f->rig, 0x10000);
	rig_set_dw(&f->rig, UGVT_STATE_SCISSOR_STATE_POINTERS, 1, 0);
	rig_set_scissor_enable(&f->rig, 1);
	scissor[0] = 4 | 3 << 16;
	scissor[1] = 6 | 4 << 16;
	assert_int_equal(shapes(f), 1);
	assert_memory_equal(&f->shapes[0].cover.box, (&(struct ugvt_pixel_box){4, 3, 7, 5}),
		sizeof(struct ugvt_pixel_box));
	rig_set_sf_transform(&f->rig, 1);
	f->rig.viewports[0] =
		(struct ugvt_viewport){.x_min = 4.5f, .x_max = 5, .y_min = 0, .y_max = 100};
	assert_int_equal(shapes(f), 1);
	assert_memory_equal(&f->shapes[0].cover.box, (&(struct ugvt_pixel_box){5, 3, 6, 5}),
		sizeof(struct ugvt_pixel_box));
	/* Nothing is left when minimum and maximum are the wrong way round. */
	scissor[0] = 7 | 3 << 16;
	assert_int_equal(shapes(f), 0);
}

static void test_origin(void **state)
{
	struct fixture *f = *state;

	rig_set_rectangle_x(&f->rig, 5);
	rig_set_rectangle_y(&f->rig, 0xffff);
	rig_set_rectangle_x_min(&f->rig, 8);
	rig_set_rectangle_y_max(&f->rig, 4);
	assert_int_equal(shapes(f), 1);
	assert_memory_equal(&f->shapes[0].cover.box, (&(struct ugvt_pixel_box){8, 2, 16, 5}),
		sizeof(struct ugvt_pixel_box));
}

static void test_depth_offset(void **state)
{
	struct fixture *f = *state;

	rig_set_depth_offset_solid(&f->rig, 1);
	rig_set_depth_format(&f->rig, 3);
	rig_set_depth_offset_constant(&f->rig, rig_bits(2));
	assert_int_equal(shapes(f), 1);
	assert_plane(&f->shapes[0].z, 2, 3, 0.25f + 0x1p-23f);
	/* Of dz/dx 1/32 and dz/dy 1/8 the larger counts. */
	rig_set_depth_offset_scale(&f->rig, rig_bits(4));
	rig_set_depth_offset_constant(&f->rig, 0);
	shapes(f);
	assert_plane(&f->shapes[0].z, 2, 3, 0.75f);
	rig_set_depth_offset_clamp(&f->rig, rig_bits(0.125f));
	shapes(f);
	assert_plane(&f->shapes[0].z, 2, 3, 0.375f);
	/* A unit of the greatest z as a float. */
	rig_set_depth_offset_scale(&f->rig, 0);
	rig_set_depth_format(&f->rig, 1);
	rig_set_depth_offset_constant(&f->rig, rig_bits(1));
	shapes(f);
	assert_plane(&f->shapes[0].z, 2, 3, 0.25f + 0x1p-24f);
}

static void test_rectangle(void **state)
{
	struct fixture *f = *state;

	f->primitive.kind = UGVT_PRIMITIVE_RECTANGLE;
	f->primitive.v[0] = rig_vertex(4, 6, 0, 0);
	f->primitive.v[1] = rig_vertex(1, 6, 0, 1);
	f->primitive.v[2] = rig_vertex(1, 5, 0, 2);
	rig_set_cull_mode(&f->rig, 0);
	assert_int_equal(shapes(f), 1);
	assert_int_equal(block(&f->shapes[0]), UINT64_C(0x0e0000000000));
	f->primitive.v[0].x = 131000;
	f->primitive.v[1].x = -131000;
	f->primitive.v[2].x = -131000;
	assert_int_equal(shapes(f), 1);
	assert_int_equal(block(&f->shapes[0]), UINT64_C(0xff0000000000));
}

static void test_points(void **state)
{
	struct fixture *f = *state;

	f->primitive.kind = UGVT_PRIMITIVE_POINT;
	f->primitive.width = 1;
	f->primitive.v[0] = rig_vertex(3, 2.5f, 0, 0);
	/* Exactly between two pixels: the left one, or the right one by OpenGL's rule. */
	assert_int_equal(shapes(f), 1);
	assert_int_equal(block(&f->shapes[0]), 4 << 16);
	rig_set_point_upper_right(&f->rig, 1);
	assert_int_equal(shapes(f), 1);
	assert_int_equal(block(&f->shapes[0]), 8 << 16);
	f->primitive.width = 4;
	f->primitive.v[0] = rig_vertex(4, 4, 0, 0);
	assert_int_equal(shapes(f), 1);
	assert_int_equal(block(&f->shapes[0]), UINT64_C(0x3c3c3c3c0000));
	assert_plane(&f->shapes[0].linear[0], 3, 2, 0.25f);
	assert_plane(&f->shapes[0].perspective[1], 3, 2, 0);
}

static void test_lines(void **state)
{
	struct fixture *f = *state;

	f->primitive.kind = UGVT_PRIMITIVE_LINE;
	f->primitive.v[0] = rig_vertex(1, 2.5f, 0, 0);
	f->primitive.v[1] = rig_vertex(5, 3.5f, 1, 1);
	rig_set_line_width(&f->rig, 1 << 7);
	assert_int_equal(shapes(f), 1);
	assert_int_equal(block(&f->shapes[0]), 0x06 << 16 | 0x18 << 24);
	/* z at the foot of the perpendicular. */
	assert_plane(&f->shapes[0].z, 3, 3, 0.5f);
	rig_set_line_width(&f->rig, 3 << 7);
	assert_int_equal(shapes(f), 1);
	assert_int_equal(
		block(&f->shapes[0]), UINT64_C(0x18) << 32 | 0x1e << 24 | 0x1e << 16 | 0x06 << 8);
	rig_set_line_width(&f->rig, 0);
	assert_int_equal(shapes(f), 1);
	assert_int_equal(f->shapes[0].cover.edges, 0);
}

static void test_fill_modes(void **state)
{
	struct fixture *f = *state;

	rig_set_line_width(&f->rig, 1 << 7);
	rig_set_point_width(&f->rig, 1 << 3);
	rig_set_fill_front(&f->rig, 1);
	rig_set_fill_back(&f->rig, 2);
	rig_set_depth_offset_wireframe(&f->rig, 1);
	rig_set_sf_legacy_depth_bias(&f->rig, 1);
	rig_set_depth_offset_constant(&f->rig, rig_bits(0.125f));
	assert_int_equal(shapes(f), 3);
	assert_int_equal(f->shapes[1].kind, UGVT_PRIMITIVE_LINE);
	assert_plane(&f->shapes[1].z, 10, 3, 0.625f);
	assert_plane(&f->shapes[1].linear[1], 2, 7, 1);
	f->primitive.edges = 5;
	assert_int_equal(shapes(f), 2);
	rig_set_front_ccw(&f->rig, 1);
	assert_int_equal(shapes(f), 2);
	assert_int_equal(f->shapes[1].kind, UGVT_PRIMITIVE_POINT);
	assert_int_equal(f->shapes[1].corner, 2);
	assert_plane(&f->shapes[1].z, 0, 0, 0.75f);
}

static const uint32_t *attributes(struct fixture *f)
{
	static uint32_t dw[UGVT_SETUP_ATTRIBUTES * UGVT_SETUP_ATTRIBUTE_DWORDS];
	struct ugvt_setup_source source = {&f->primitive, &f->shapes[0], f->rig.draw.vue_dwords};

	assert_int_equal(shapes(f), 1);
	ugvt_setup_write(&f->setup, &source, dw);
	return dw;
}

static void assert_component(const uint32_t *dw, float a0, float d1, float d2)
{
	const uint32_t expected[] = {rig_bits(d1), rig_bits(d2), 0, rig_bits(a0)};

	assert_memory_equal(dw, expected, sizeof(expected));
}

static void test_attributes(void **state)
{
	struct fixture *f = *state;
	const uint32_t *dw;

	rig_set_sbe_attributes(&f->rig, 2);
	rig_set_sbe_force_offset(&f->rig, 1);
	rig_set_sbe_read_offset(&f->rig, 1);
	dw = attributes(f);
	assert_component(dw, 8, 100, 400);
	assert_component(dw + 16 + 12, 15, 100, 400);
	/* Behind the end of the entry. */
	f->rig.draw.vue_dwords = 15;
	assert_component(attributes(f) + 16 + 12, 0, 0, 0);
	f->rig.draw.vue_dwords = 64;
	rig_set_flat_attributes(&f->rig, 2);
	f->primitive.provoking = 2;
	dw = attributes(f);
	assert_component(dw, 8, 100, 400);
	assert_component(dw + 16, 412, 0, 0);
}

static void test_swizzles(void **state)
{
	struct fixture *f = *state;
	const uint32_t *dw;

	rig_set_sbe_attributes(&f->rig, 17);
	/* Attribute 0: of 3 facing front, of 4 facing back, with W as X; attribute 1: XY of 5, Z and W as constants. */
	rig_set_dw(&f->rig, UGVT_STATE_SBE_SWIZ, 1,
		3 | 3 << 6 | (uint32_t)(5 | 1 << 9 | 12 << 12) << 16);
	/* Attribute 2: the primitive's number in X. */
	rig_set_dw(&f->rig, UGVT_STATE_SBE_SWIZ, 2, 3 << 9 | 1 << 12);
	rig_set_sbe_swizzle(&f->rig, 1);
	dw = attributes(f);
	assert_component(dw, 15, 100, 400);
	assert_component(dw + 4, 13, 100, 400);
	assert_component(dw + 16, 20, 100, 400);
	assert_component(dw + 16 + 8, 0, 0, 0);
	assert_component(dw + 16 + 12, 1, 0, 0);
	assert_int_equal(dw[32 + 3], 77);
	assert_component(dw + 16 * 16, 0, 0, 0); // of dword 64 on
	rig_set_front_ccw(&f->rig, 1);
	assert_component(attributes(f), 19, 100, 400);
	rig_set_sbe_swizzle(&f->rig, 0);
	dw = attributes(f);
	assert_component(dw, 0, 100, 400);
	assert_component(dw + 16, 4, 100, 400);
	assert_component(dw + 16 + 12, 7, 100, 400);
}

static void test_sprites(void **state)
{
	struct fixture *f = *state;
	const uint32_t *dw;

	f->primitive.kind = UGVT_PRIMITIVE_POINT;
	f->primitive.width = 4;
	rig_set_sbe_attributes(&f->rig, 2);
	rig_set_sprite_attributes(&f->rig, 1);
	dw = attributes(f);
	assert_component(dw, 0, 1, 0);
	assert_component(dw + 4, 0, 0, 1);
	assert_component(dw + 8, 0, 0, 0);
	assert_component(dw + 12, 1, 0, 0);
	assert_component(dw + 16, 4, 0, 0);
	rig_set_sprite_lower_left(&f->rig, 1);
	assert_component(attributes(f) + 4, 1, 0, -1);
}

static void test_samples(void **state)
{
	struct fixture *f = *state;

	/* 8x: samples 4 to 7 come first. */
	rig_set_samples(&f->rig, 3);
	rig_set_dw(&f->rig, UGVT_STATE_SAMPLE_PATTERN, 6, 0x1f);
	rig_set_dw(&f->rig, UGVT_STATE_SAMPLE_PATTERN, 5, 0x53000000);
	ugvt_setup_begin(&f->setup, &f->rig.draw);
	assert_int_equal(f->setup.samples, 8);
	assert_false(f->setup.at_samples);
	assert_int_equal(f->setup.sample[0].x, 16);
	assert_int_equal(f->setup.sample[0].y, 15 * 16);
	assert_int_equal(f->setup.sample[7].x, 5 * 16);
	assert_int_equal(f->setup.sample[7].y, 3 * 16);
	rig_set_raster_msaa(&f->rig, 1);
	ugvt_setup_begin(&f->setup, &f->rig.draw);
	assert_true(f->setup.at_samples);
	rig_set_samples(&f->rig, 0);
	ugvt_setup_begin(&f->setup, &f->rig.draw);
	assert_int_equal(f->setup.sample[0].x, UGVT_SUBPIXELS / 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_planes),
		TEST(test_cull),
		TEST(test_boxes),
		TEST(test_origin),
		TEST(test_depth_offset),
		TEST(test_rectangle),
		TEST(test_points),
		TEST(test_lines),
		TEST(test_fill_modes),
		TEST(test_attributes),
		TEST(test_swizzles),
		TEST(test_sprites),
		TEST(test_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
