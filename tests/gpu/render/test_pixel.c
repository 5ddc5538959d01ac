/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/mem/tiling.h"
#include "gpu/render/raster_cover.h"
#include "gpu/sampler/surface.h"
#include "tests/gpu/render/canvas.h"

/* The back as a whole: primitives in, pixels out, with kernels that the interpreter runs. */

#define ALL INT64_C(1000000000)
#define SIDE CANVAS_SIDE

static const float red[] = {1, 0, 0, 1};
static const float triangle[] = {3.3f, 2.7f, 0.25f, 117.2f, 20.1f, 0.5f, 40.9f, 121.4f, 0.75f};

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

/* Which pixels the triangle covers, by another rasteriser: the sign of three edges in 64 bits, and the top-left rule. */
static bool is_inside(const float xyz[9], double sx, double sy)
{
	int64_t x[3], y[3], px = llrint(sx * 256), py = llrint(sy * 256);
	bool inside = true;

	for (unsigned i = 0; i < 3; i++) {
		x[i] = lrintf(xyz[3 * i] * 256);
		y[i] = lrintf(xyz[3 * i + 1] * 256);
	}
	for (unsigned i = 0; i < 3; i++) {
		unsigned k = (i + 1) % 3;
		int64_t dx = x[k] - x[i], dy = y[k] - y[i];
		int64_t e = dx * (py - y[i]) - dy * (px - x[i]);

		inside &= e > 0 || (e == 0 && (dy < 0 || (dy == 0 && dx > 0)));
	}
	return inside;
}

static unsigned covered_count(const float xyz[9])
{
	unsigned count = 0;

	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		count += is_inside(xyz, i % SIDE + 0.5, i / SIDE + 0.5);
	}
	return count;
}

static void flat_check(const struct canvas *canvas)
{
	for (unsigned y = 0; y < SIDE; y++) {
		for (unsigned x = 0; x < SIDE; x++) {
			assert_int_equal(canvas_pixel(canvas, 0, x, y),
				is_inside(triangle, x + 0.5, y + 0.5) ? 0xff0000ff : 0);
		}
	}
}

static void test_flat(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, &primitive, 1, ALL);
	flat_check(canvas);
	assert_int_equal(canvas->rig.counts.ps_invocations, covered_count(triangle));
	assert_int_equal(canvas->rig.counts.ps_depth_count, covered_count(triangle));
}

static void test_simd16(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	rig_set_ps_dispatch_8(&canvas->rig, 0);
	rig_set_ps_dispatch_16(&canvas->rig, 1);
	canvas_flat(canvas, 16, red);
	canvas_draw(canvas, &primitive, 1, ALL);
	flat_check(canvas);
}

/* SIMD16 is the third kernel if there is one for SIMD8 too. */
static void test_kernel_choice(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	rig_set_ps_dispatch_16(&canvas->rig, 1);
	rig_set_dw(&canvas->rig, UGVT_STATE_PS, 10, 1024);
	canvas_flat(canvas, 16, red);
	memmove(canvas->code + 64, canvas->code, 1024);
	memset(canvas->code, 0, 1024);
	canvas_draw(canvas, &primitive, 1, ALL);
	flat_check(canvas);
}

/* 32 lanes, in two writes. */
static void test_simd32(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);
	struct ugvt_eu_inst inst;

	rig_set_ps_dispatch_8(&canvas->rig, 0);
	rig_set_ps_dispatch_32(&canvas->rig, 1);
	canvas_flat(canvas, 16, red);
	canvas->instructions--;
	inst = message(5, 8u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14, 112, false);
	inst.exec_size = 16;
	canvas_add(canvas, inst);
	inst = message(5, 8u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 3u << 11, 112, true);
	inst.exec_size = 16;
	inst.first = 16;
	canvas_add(canvas, inst);
	canvas_draw(canvas, &primitive, 1, ALL);
	flat_check(canvas);
}

/* One colour for all lanes, in a register of its own. */
static void test_replicated(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(5, 6, 60, 100);
	struct ugvt_eu_inst inst;

	rig_set_ps_dispatch_8(&canvas->rig, 0);
	rig_set_ps_dispatch_16(&canvas->rig, 1);
	canvas_kernel(canvas);
	for (unsigned c = 0; c < 4; c++) {
		struct ugvt_eu_inst mov = make(UGVT_EU_MOV, 1, one(UGVT_EU_F, 114, c),
			imm_f((float)c / 3), null(UGVT_EU_F));

		mov.no_mask = true;
		canvas_add(canvas, mov);
	}
	inst = message(
		5, 1u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | 1u << 8, 114, true);
	inst.exec_size = 16;
	canvas_add(canvas, inst);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		unsigned x = i % SIDE, y = i / SIDE;
		bool inside = x >= 5 && x < 60 && y >= 6 && y < 100;

		assert_int_equal(canvas_pixel(canvas, 0, x, y), inside ? 0xffaa5500 : 0);
	}
}

static void test_tilings(void **state)
{
	static const struct {
		unsigned mode;
		enum ugvt_tiling tiling;
	} tilings[] = {{UGVT_TILE_MODE_X, UGVT_TILING_X}, {UGVT_TILE_MODE_Y, UGVT_TILING_Y},
		{UGVT_TILE_MODE_YF, UGVT_TILING_YF_64}};
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	canvas_flat(canvas, 8, red);
	for (unsigned t = 0; t < UGVT_ARRAY_SIZE(tilings); t++) {
		canvas_target(canvas, 0, "R16G16B16A16_UNORM", tilings[t].mode);
		canvas_draw(canvas, &primitive, 1, ALL);
		for (unsigned i = 0; i < SIDE * SIDE; i++) {
			uint64_t offset = ugvt_tile_offset(
				tilings[t].tiling, SIDE * 8, i % SIDE * 8, i / SIDE);
			uint64_t pixel;

			memcpy(&pixel, canvas->targets + offset, 8);
			assert_true(pixel == (is_inside(triangle, i % SIDE + 0.5, i / SIDE + 0.5)
							     ? UINT64_C(0xffff00000000ffff)
							     : 0));
		}
	}
}

/* However often drawing is interrupted: the same picture. */
static void test_steps(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);
	static const int64_t steps[] = {1, 7, 100};

	canvas_flat(canvas, 8, red);
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(steps); i++) {
		canvas_target(canvas, 0, "R8G8B8A8_UNORM", UGVT_TILE_MODE_LINEAR);
		assert_true(canvas_draw(canvas, &primitive, 1, steps[i]) > 1);
		flat_check(canvas);
	}
}

/* Many primitives, more than there is room for at once: in order on each pixel. */
static void test_order(void **state)
{
	enum {
		COUNT = 3000,
	};
	struct canvas *canvas = *state;
	static struct ugvt_primitive primitives[COUNT];
	static uint32_t vue[COUNT][64];
	static int owner[SIDE][SIDE];

	canvas_target(canvas, 0, "R32_FLOAT", UGVT_TILE_MODE_LINEAR);
	rig_set_sbe_attributes(&canvas->rig, 1);
	rig_set_flat_attributes(&canvas->rig, 1);
	rig_set_ps_attributes(&canvas->rig, 1);
	rig_set_ps_grf_start_0(&canvas->rig, 4);
	canvas_kernel(canvas);
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 120), one(UGVT_EU_F, 4, 3), null(UGVT_EU_F)));
	canvas_add_write(canvas, 8, 120);
	memset(owner, 0xff, sizeof(owner));
	for (int i = 0; i < COUNT; i++) {
		int x = i * 37 % 120, y = i * 91 % 100, w = 1 + i % 50;

		primitives[i] =
			canvas_rectangle((float)x, (float)y, (float)(x + w), (float)(y + 7));
		vue[i][0] = rig_bits((float)i + 1);
		for (unsigned v = 0; v < 3; v++) {
			primitives[i].vue[v] = vue[i];
		}
		for (int p = 0; p < 7 * w; p++) {
			if (x + p % w < SIDE && y + p / w < SIDE) {
				owner[y + p / w][x + p % w] = i;
			}
		}
	}
	canvas_draw(canvas, primitives, COUNT, 10000);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		float expected = (float)owner[i / SIDE][i % SIDE] + 1;

		assert_int_equal(canvas_pixel(canvas, 0, i % SIDE, i / SIDE),
			expected == 0 ? 0 : rig_bits(expected));
	}
}

/* Attributes by the payload's barycentric coordinates, perspective and linear. */
static void interpolation_check(struct canvas *canvas, bool linear)
{
	static uint32_t vue[3][64];
	const uint32_t *const vues[] = {vue[0], vue[1], vue[2]};
	struct ugvt_primitive primitive = canvas_triangle(triangle, vues);
	double area = 0;

	canvas_target(canvas, 0, "R32G32B32A32_FLOAT", UGVT_TILE_MODE_LINEAR);
	rig_set_sbe_attributes(&canvas->rig, 1);
	rig_set_ps_attributes(&canvas->rig, 1);
	rig_set_barycentrics(&canvas->rig, linear ? 8 : 1);
	rig_set_ps_grf_start_0(&canvas->rig, 4);
	for (unsigned v = 0; v < 3; v++) {
		primitive.v[v].inverse_w = 1 / (1.0f + (float)v);
		for (unsigned c = 0; c < 4; c++) {
			vue[v][c] = rig_bits((float)(v * v) + (float)c);
		}
	}
	canvas_kernel(canvas);
	for (unsigned c = 0; c < 4; c++) {
		canvas_add(
			canvas, make(UGVT_EU_PLN, 8, vec(UGVT_EU_F, 120 + c),
					one(UGVT_EU_F, 4 + c / 2, c % 2 * 4), vec(UGVT_EU_F, 2)));
	}
	canvas_add_write(canvas, 8, 120);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		double x = i % SIDE + 0.5, y = i / SIDE + 0.5, b[3], sum = 0, value = 0;
		float pixel[4];

		memcpy(pixel, canvas->targets + (size_t)i * 16, 16);
		if (!is_inside(triangle, x, y)) {
			assert_true(pixel[0] == 0 && pixel[3] == 0);
			continue;
		}
		for (unsigned v = 0; v < 3; v++) {
			const float *p = triangle + (v + 1) % 3 * 3,
				    *q = triangle + (v + 2) % 3 * 3;

			b[v] = ((double)q[0] - p[0]) * (y - p[1]) -
			       ((double)q[1] - p[1]) * (x - p[0]);
			b[v] *= linear ? 1 : primitive.v[v].inverse_w;
			sum += b[v];
		}
		for (unsigned v = 0; v < 3; v++) {
			value += b[v] / sum * (v * v);
		}
		/* Snapped vertices may move values a little. */
		for (unsigned c = 0; c < 4; c++) {
			assert_true(fabs(pixel[c] - (value + c)) < 1e-3);
		}
		area++;
	}
	assert_true(area > 1000);
}

static void test_perspective(void **state)
{
	interpolation_check(*state, false);
}

static void test_linear(void **state)
{
	interpolation_check(*state, true);
}

/* Source depth, W, and the subspans' coordinates. */
static void test_payload(void **state)
{
	struct canvas *canvas = *state;
	struct ugvt_primitive primitive = canvas_rectangle(0, 0, 40, 20);
	struct ugvt_eu_inst inst;

	for (unsigned v = 0; v < 3; v++) {
		primitive.v[v].inverse_w = 0.25f;
		primitive.v[v].z = primitive.v[v].x / 40;
	}
	canvas_target(canvas, 0, "R32G32B32A32_FLOAT", UGVT_TILE_MODE_LINEAR);
	rig_set_ps_source_depth(&canvas->rig, 1);
	rig_set_ps_source_w(&canvas->rig, 1);
	canvas_kernel(canvas);
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 120), vec(UGVT_EU_F, 2), null(UGVT_EU_F)));
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 121), vec(UGVT_EU_F, 3), null(UGVT_EU_F)));
	/* X and Y of the subspan: words of r1.2 and r1.3. */
	inst = make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 122), region(UGVT_EU_UW, 1, 2, 4, 0),
		null(UGVT_EU_F));
	inst.src[0].offset = 8;
	canvas_add(canvas, inst);
	inst.dst.number = 123;
	inst.src[0].offset = 10;
	canvas_add(canvas, inst);
	canvas_add_write(canvas, 8, 120);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < 20 * SIDE; i++) {
		float pixel[4];
		unsigned x = i % SIDE, y = i / SIDE;

		memcpy(pixel, canvas->targets + (size_t)i * 16, 16);
		if (x < 40) {
			assert_true(fabsf(pixel[0] - ((float)x + 0.5f) / 40) < 1e-6f);
			assert_true(pixel[1] == 4);
			assert_true(pixel[2] == (float)(x & ~1u) && pixel[3] == (float)(y & ~1u));
		}
	}
}

static void depth_set(struct canvas *canvas)
{
	rig_set_depth_type(&canvas->rig, 1);
	rig_set_depth_format(&canvas->rig, 1);
	rig_set_depth_width(&canvas->rig, SIDE - 1);
	rig_set_depth_height(&canvas->rig, SIDE - 1);
	rig_set_depth_pitch(&canvas->rig, SIDE * 4 - 1);
	rig_set_depth_buffer(&canvas->rig, CANVAS_TARGET_AT + CANVAS_BYTES);
	rig_set_depth_buffer_write(&canvas->rig, 1);
	rig_set_depth_test(&canvas->rig, 1);
	rig_set_depth_write(&canvas->rig, 1);
}

static float depth_at(const struct canvas *canvas, unsigned x, unsigned y)
{
	float z;

	memcpy(&z,
		canvas->targets + CANVAS_BYTES +
			ugvt_tile_offset(UGVT_TILING_Y, SIDE * 4, x * 4, y),
		sizeof(z));
	return z;
}

static void test_depth(void **state)
{
	struct canvas *canvas = *state;
	struct ugvt_primitive primitives[] = {
		canvas_rectangle(0, 0, 100, 100), canvas_rectangle(50, 50, 128, 128)};

	for (unsigned v = 0; v < 3; v++) {
		primitives[0].v[v].z = 0.5f;
		primitives[1].v[v].z = primitives[1].v[v].x / 128;
	}
	depth_set(canvas);
	rig_set_depth_function(&canvas->rig, 5); // greater
	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, primitives, 2, 100);
	assert_true(depth_at(canvas, 3, 3) == 0.5f);
	assert_true(depth_at(canvas, 60, 60) == 0.5f);
	assert_true(depth_at(canvas, 99, 99) == 99.5f / 128);
	assert_true(depth_at(canvas, 110, 20) == 0);
	assert_int_equal(canvas->rig.counts.ps_depth_count,
		100 * 100 + 50 * 50 - 14 * 50 + 28 * 78 + 50 * 28);
}

/* Depth that the shader computes: of the message, where it passes. */
static void test_computed_depth(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 64, 64);
	uint32_t desc = 5u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | 4u << 8;

	depth_set(canvas);
	rig_set_depth_function(&canvas->rig, 5);
	rig_set_ps_computed_depth(&canvas->rig, 1);
	canvas_flat(canvas, 8, red);
	canvas->instructions--;
	canvas_add(
		canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 116), imm_f(0.375f), null(UGVT_EU_F)));
	canvas_add(canvas, message(5, desc, 112, true));
	canvas_draw(canvas, &primitive, 1, ALL);
	assert_true(depth_at(canvas, 63, 63) == 0.375f);
	assert_true(depth_at(canvas, 64, 63) == 0);
	assert_int_equal(canvas->rig.counts.ps_depth_count, 64 * 64);
	canvas_draw(canvas, &primitive, 1, ALL);
	assert_int_equal(canvas->rig.counts.ps_depth_count, 64 * 64);
}

/* Pixels that the shader discards write neither colour nor depth. */
static void test_discard(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 64, 64);
	struct ugvt_eu_inst inst;

	depth_set(canvas);
	rig_set_ps_kills(&canvas->rig, 1);
	rig_set_depth_function(&canvas->rig, 0);
	canvas_flat(canvas, 8, red);
	canvas->instructions--;
	/* Left columns only: lanes 0, 2, 4, 6. */
	inst = make(UGVT_EU_MOV, 1, arf(UGVT_EU_UW, UGVT_EU_ARF_FLAG, 0), imm(UGVT_EU_UW, 0x5555),
		null(UGVT_EU_UW));
	inst.no_mask = true;
	canvas_add(canvas, inst);
	inst = message(
		5, 4u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | 4u << 8, 112, true);
	inst.predicate = 1;
	canvas_add(canvas, inst);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		float far = 1;

		memcpy(canvas->targets + CANVAS_BYTES + 4 * (size_t)i, &far, 4);
	}
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned x = 0; x < 64; x++) {
		assert_int_equal(canvas_pixel(canvas, 0, x, 5), x % 2 ? 0 : 0xff0000ff);
		assert_true(depth_at(canvas, x, 5) == (x % 2 ? 1 : 0));
	}
	assert_int_equal(canvas->rig.counts.ps_depth_count, 64 * 32);
}

/* SENDS of eight lanes: three registers from 115 on, then 120 (bits: Mesa's brw_inst.h). */
static struct ugvt_eu_bits split_write(void)
{
	const uint64_t desc = 3u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | 4u << 8;

	return (struct ugvt_eu_bits){{
		UGVT_EU_SENDS | 3u << 21 | 5u << 24 | UINT64_C(1) << 36 | UINT64_C(120) << 44,
		1 | 115u << 5 | desc << 32 | UINT64_C(1) << 63,
	}};
}

/* A payload in two pieces, as drivers send it. */
static void test_split(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	canvas_kernel(canvas);
	canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 120), imm_f(1), null(UGVT_EU_F)));
	for (unsigned c = 0; c < 3; c++) {
		canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 115 + c), imm_f(red[c]),
					   null(UGVT_EU_F)));
	}
	canvas->code[canvas->instructions++] = split_write();
	canvas_draw(canvas, &primitive, 1, ALL);
	flat_check(canvas);
}

/* Two targets: the header says which entry of the blend state, and which pixels. */
static void test_two_targets(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);
	uint32_t *blend = (uint32_t *)(void *)(canvas->state + 2048);
	const uint32_t desc = 6u << 25 | 1u << 19 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 4u << 8;
	struct ugvt_eu_inst inst;

	canvas_target(canvas, 1, "R8G8B8A8_UNORM", UGVT_TILE_MODE_LINEAR);
	blend[3] = 4; // no red in target 1
	canvas_kernel(canvas);
	for (unsigned r = 0; r < 2; r++) {
		inst = make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 110 + r), vec(UGVT_EU_UD, r),
			null(UGVT_EU_UD));
		inst.no_mask = true;
		canvas_add(canvas, inst);
	}
	for (unsigned c = 0; c < 4; c++) {
		canvas_add(canvas,
			make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 112 + c), imm_f(1), null(UGVT_EU_F)));
	}
	canvas_add(canvas, message(5, desc, 110, false));
	inst = make(UGVT_EU_MOV, 1, one(UGVT_EU_UD, 110, 2), imm(UGVT_EU_UD, 1), null(UGVT_EU_UD));
	inst.no_mask = true;
	canvas_add(canvas, inst);
	canvas_add(canvas, message(5, desc | 1u << 12 | 1, 110, true));
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		unsigned x = i % SIDE, y = i / SIDE;
		bool inside = is_inside(triangle, x + 0.5, y + 0.5);

		assert_int_equal(canvas_pixel(canvas, 0, x, y), inside ? 0xffffffff : 0);
		assert_int_equal(canvas_pixel(canvas, 1, x, y), inside ? 0xffffff00 : 0);
	}
}

/* A second colour, for blending: o0 + d * o1. */
static void test_dual_source(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 16, 16);
	uint32_t *blend = (uint32_t *)(void *)(canvas->state + 2048);
	const uint32_t desc = 8u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14;
	struct ugvt_eu_inst inst;

	memset(canvas->targets, 0x80, CANVAS_BYTES);
	blend[1] = UGVT_BIT(31) | 1u << 26 | 9u << 21 | 1u << 13 | 17u << 8;
	rig_set_ps_dispatch_8(&canvas->rig, 0);
	rig_set_ps_dispatch_16(&canvas->rig, 1);
	canvas_kernel(canvas);
	for (unsigned c = 0; c < 8; c++) {
		canvas_add(canvas, make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 112 + c),
					   imm_f(c == 0     ? 0.25f
						   : c == 4 ? 0.5f
							    : 0),
					   null(UGVT_EU_F)));
	}
	canvas_add(canvas, message(5, desc | 2u << 8, 112, false));
	inst = message(5, desc | 3u << 8 | 1u << 12, 112, true);
	inst.first = 8;
	canvas_add(canvas, inst);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < 16 * 16; i++) {
		assert_int_equal(canvas_pixel(canvas, 0, i % 16, i / 16), 0x80);
	}
	assert_int_equal(canvas_pixel(canvas, 0, 16, 0), 0x80808080);
}

static void alpha_test_set(struct canvas *canvas)
{
	uint32_t *blend = (uint32_t *)(void *)(canvas->state + 2048);
	uint32_t *color_calc = (uint32_t *)(void *)(canvas->state + 2304);

	blend[0] = UGVT_BIT(27) | 5u << 24;
	color_calc[0] = 1;
	color_calc[1] = rig_bits(0.5f);
}

static void test_alpha_test(void **state)
{
	static const float weak[] = {1, 1, 1, 0.25f};
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 16, 16);

	alpha_test_set(canvas);
	canvas_flat(canvas, 8, weak);
	canvas_draw(canvas, &primitive, 1, ALL);
	assert_int_equal(canvas_pixel(canvas, 0, 3, 3), 0);
	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, &primitive, 1, ALL);
	assert_int_equal(canvas_pixel(canvas, 0, 3, 3), 0xff0000ff);
}

static void pattern_set(struct canvas *canvas)
{
	/* 4x as Mesa has them: (6, 2), (14, 6), (2, 10), (10, 14). */
	rig_set_dw(&canvas->rig, UGVT_STATE_SAMPLE_PATTERN, 7, 0xae2ae662);
}

/* Each sample on its own, in slices of an array. */
static void test_samples(void **state)
{
	static const double at[][2] = {{6, 2}, {14, 6}, {2, 10}, {10, 14}};
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	canvas_samples(canvas, 2);
	pattern_set(canvas);
	rig_set_sample_mask(&canvas->rig, 0xd);
	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned s = 0; s < 4; s++) {
		for (unsigned i = 0; i < SIDE * SIDE; i++) {
			unsigned x = i % SIDE, y = i / SIDE;
			uint32_t pixel;

			memcpy(&pixel, canvas->targets + ((size_t)s * SIDE * SIDE + i) * 4, 4);
			assert_int_equal(pixel,
				s != 1 && is_inside(triangle, x + at[s][0] / 16, y + at[s][1] / 16)
					? 0xff0000ff
					: 0);
		}
	}
}

/* Once for each sample, with its number in the payload. */
static void test_per_sample(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 32, 32);
	struct ugvt_eu_inst inst;

	canvas_target(canvas, 0, "R8G8B8A8_UINT", UGVT_TILE_MODE_LINEAR);
	canvas_samples(canvas, 2);
	pattern_set(canvas);
	rig_set_ps_per_sample(&canvas->rig, 1);
	rig_set_ps_position_offset(&canvas->rig, 3);
	canvas_kernel(canvas);
	canvas_add(canvas, make(UGVT_EU_SHR, 8, vec(UGVT_EU_UW, 100), one(UGVT_EU_UW, 1, 0),
				   imm(UGVT_EU_V, 0x44440000)));
	canvas_add(canvas, make(UGVT_EU_AND, 8, vec(UGVT_EU_UD, 112), vec(UGVT_EU_UW, 100),
				   imm(UGVT_EU_UD, 15)));
	/* Offsets: bytes of r2. */
	inst = make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 113), region(UGVT_EU_UB, 2, 16, 8, 2),
		null(UGVT_EU_UD));
	canvas_add(canvas, inst);
	inst.dst.number = 114;
	inst.src[0].offset = 1;
	canvas_add(canvas, inst);
	canvas_add(canvas,
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 115), imm(UGVT_EU_UD, 9), null(UGVT_EU_UD)));
	canvas_add_write(canvas, 8, 112);
	canvas_draw(canvas, &primitive, 1, 50);
	for (unsigned s = 0; s < 4; s++) {
		static const uint8_t at[][2] = {{6, 2}, {14, 6}, {2, 10}, {10, 14}};
		const uint8_t expected[] = {(uint8_t)s, at[s][0], at[s][1], 9};

		for (unsigned i = 0; i < 32 * 32; i++) {
			size_t pixel = (size_t)s * SIDE * SIDE + i / 32 * SIDE + i % 32;

			assert_memory_equal(canvas->targets + 4 * pixel, expected, 4);
		}
	}
	assert_int_equal(canvas->rig.counts.ps_depth_count, 4 * 32 * 32);
}

/* A target all of whose pixels are clear, as its control surface (in place of the second target) says: what is drawn of one
 * sample brings the clear colour to the others. */
static void test_multisample_control(void **state)
{
	static const float red[4] = {1, 0, 0, 1};
	const float green[4] = {0, 1, 0, 1};
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 20, 10);
	struct canvas *canvas = *state;
	const uint64_t control = CANVAS_TARGET_AT + CANVAS_BYTES;
	const uint8_t *words = (const uint8_t *)canvas->targets + CANVAS_BYTES;

	canvas_target(canvas, 0, "R8G8B8A8_UNORM", UGVT_TILE_MODE_LINEAR);
	canvas_samples(canvas, 2);
	rig_set_sample_mask(&canvas->rig, 1);
	canvas->surface[0][6] = UGVT_AUX_CCS_D;
	canvas->surface[0][10] = ugvt_lo32(control);
	canvas->surface[0][11] = ugvt_hi32(control);
	memcpy(&canvas->surface[0][12], green, sizeof(green));
	memset(canvas->targets + CANVAS_BYTES, 0xff, CANVAS_BYTES);
	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, &primitive, 1, 50);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		unsigned x = i % SIDE, y = i / SIDE;
		bool drawn = x < 20 && y < 10;

		/* A byte for each pixel, in tiles of 128 x 32 with columns of 16. */
		assert_int_equal(words[y / 32 * 4096 + x / 16 * 512 + y % 32 * 16 + x % 16],
			drawn ? 0xe4 : 0xff);
		for (unsigned s = 0; s < 4; s++) {
			uint32_t pixel;

			memcpy(&pixel, canvas->targets + ((size_t)s * SIDE * SIDE + i) * 4, 4);
			assert_int_equal(pixel, !drawn ? 0 : s == 0 ? 0xff0000ff : 0xff00ff00);
		}
	}
}

/* What the shader says of samples: then alpha says nothing. */
static void test_omask(void **state)
{
	static const float transparent[4] = {1, 0, 0, 0};
	struct canvas *canvas = *state;
	uint32_t *blend = (uint32_t *)(void *)(canvas->state + 2048);
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 32, 32);
	uint32_t desc = 5u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12 | 4u << 8;
	struct ugvt_eu_inst inst;

	canvas_samples(canvas, 2);
	pattern_set(canvas);
	rig_set_ps_omask(&canvas->rig, 1);
	blend[0] = UGVT_BIT(31); // alpha to coverage
	canvas_flat(canvas, 8, transparent);
	canvas->instructions--;
	inst = make(UGVT_EU_MOV, 8, vec(UGVT_EU_UW, 111), imm(UGVT_EU_UW, 6), null(UGVT_EU_UW));
	canvas_add(canvas, inst);
	canvas_add(canvas, message(5, desc, 111, true));
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned s = 0; s < 4; s++) {
		uint32_t pixel;

		memcpy(&pixel, canvas->targets + (size_t)s * SIDE * SIDE * 4, 4);
		assert_int_equal(pixel, s == 1 || s == 2 ? 0x000000ff : 0);
	}
}

static void test_polygon_stipple(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	rig_set_polygon_stipple(&canvas->rig, 1);
	rig_set_polygon_stipple_x(&canvas->rig, 1);
	for (unsigned i = 0; i < 32; i++) {
		rig_set_dw(&canvas->rig, UGVT_STATE_POLY_STIPPLE_PATTERN, 1 + i, 0x80000000u >> i);
	}
	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, &primitive, 1, ALL);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		unsigned x = i % SIDE, y = i / SIDE;
		bool drawn = is_inside(triangle, x + 0.5, y + 0.5) && (x + 1) % 32 == y % 32;

		assert_int_equal(canvas_pixel(canvas, 0, x, y), drawn ? 0xff0000ff : 0);
	}
}

/* The shader's colour is garbage, the surface's clear colour counts, for all of it; a resolve does nothing. */
static void test_fast_clear(void **state)
{
	static const float color[] = {0.2f, 0.4f, 0.6f, 1};
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_rectangle(0, 0, 4, 4);

	canvas_flat(canvas, 8, red);
	for (unsigned c = 0; c < 4; c++) {
		canvas->surface[0][12 + c] = rig_bits(color[c]);
	}
	rig_set_ps_fast_clear(&canvas->rig, 1);
	canvas_draw(canvas, &primitive, 1, 100);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		assert_int_equal(canvas_pixel(canvas, 0, i % SIDE, i / SIDE), 0xff996633);
	}
	rig_set_ps_fast_clear(&canvas->rig, 0);
	rig_set_ps_resolve(&canvas->rig, 3);
	canvas_draw(canvas, &primitive, 1, 100);
	assert_int_equal(canvas_pixel(canvas, 0, 0, 0), 0xff996633);
}

static void test_hz_clear(void **state)
{
	struct canvas *canvas = *state;
	int64_t budget = ALL;

	depth_set(canvas);
	rig_set_depth_clear_value(&canvas->rig, rig_bits(0.75f));
	rig_set_hz_depth_clear(&canvas->rig, 1);
	rig_set_hz_x_min(&canvas->rig, 8);
	rig_set_hz_x_max(&canvas->rig, 72);
	rig_set_hz_y_max(&canvas->rig, 136); // beyond the buffer
	rig_set_hz_sample_mask(&canvas->rig, 0xffff);
	canvas->raster->impl->begin(canvas->raster, &canvas->rig.draw);
	canvas->raster->impl->hz_op(canvas->raster);
	assert_true(canvas->raster->impl->run(canvas->raster, &budget));
	canvas->raster->impl->end(canvas->raster);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		unsigned x = i % SIDE;

		assert_true(depth_at(canvas, x, i / SIDE) == (x >= 8 && x < 72 ? 0.75f : 0));
	}
}

/* A shader without end: it can be stopped, and given up. */
static void test_endless(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);
	const struct ugvt_raster_impl *impl = canvas->raster->impl;

	canvas_kernel(canvas);
	canvas_add(canvas, branch(UGVT_EU_WHILE, 8, 0, 0));
	canvas_add_write(canvas, 8, 112);
	impl->begin(canvas->raster, &canvas->rig.draw);
	assert_true(impl->primitive(canvas->raster, &primitive));
	for (unsigned i = 0; i < 20; i++) {
		int64_t budget = 1000;

		assert_false(impl->run(canvas->raster, &budget));
		assert_true(budget <= 0);
	}
	impl->abort(canvas->raster);
	canvas_flat(canvas, 8, red);
	canvas_draw(canvas, &primitive, 1, ALL);
	flat_check(canvas);
}

/* Garbage: the thread faults, and others go on. */
static void test_faults(void **state)
{
	struct canvas *canvas = *state;
	const struct ugvt_primitive primitive = canvas_triangle(triangle, NULL);

	canvas_kernel(canvas);
	memset(canvas->code, 0xff, 4096);
	canvas_draw(canvas, &primitive, 1, 1000);
	/* A write without its payload. */
	canvas_kernel(canvas);
	canvas_add(canvas, message(5, 1u << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14, 112, true));
	canvas_draw(canvas, &primitive, 1, 1000);
	for (unsigned i = 0; i < SIDE * SIDE; i++) {
		assert_int_equal(canvas_pixel(canvas, 0, i % SIDE, i / SIDE), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flat),
		TEST(test_simd16),
		TEST(test_kernel_choice),
		TEST(test_simd32),
		TEST(test_replicated),
		TEST(test_tilings),
		TEST(test_steps),
		TEST(test_order),
		TEST(test_perspective),
		TEST(test_linear),
		TEST(test_payload),
		TEST(test_depth),
		TEST(test_computed_depth),
		TEST(test_discard),
		TEST(test_split),
		TEST(test_two_targets),
		TEST(test_dual_source),
		TEST(test_alpha_test),
		TEST(test_samples),
		TEST(test_per_sample),
		TEST(test_multisample_control),
		TEST(test_omask),
		TEST(test_polygon_stipple),
		TEST(test_fast_clear),
		TEST(test_hz_clear),
		TEST(test_endless),
		TEST(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
