/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/cs/regs.h"
#include "gpu/eu/isa.h"
#include "tests/gpu/cs/rig.h"
#include "tests/gpu/eu/encode.h"
#include "tests/gpu/render/recorder.h"

/* Draws by commands in a ring, up to the back; without shaders, so that vertex elements are the vertices' entries. */

#define VERTICES RIG_USER
#define INDICES (RIG_USER + 0x8000)
#define FLOAT4 0x02000000u // R32G32B32A32_FLOAT, valid
#define STORE_ZEROS 0x22220000u
#define STORE_SOURCE 0x11110000u
#define TRILIST 4u

static struct {
	struct rig rig;
	struct recorder recorder;
	struct ugvt_render *render;
} scene;

static struct rig *const rig = &scene.rig;
static struct recorder *const recorder = &scene.recorder;

static uint32_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static void vertex_write(unsigned index, float x, float y)
{
	const float position[4] = {x, y, 0.5f, 1};

	for (unsigned i = 0; i < 4; i++) {
		rig_user_write(rig, VERTICES + 16 * index + 4 * i, float_bits(position[i]));
	}
}

static void topology_emit(uint32_t topology)
{
	RIG_EMIT(rig, 0x784b0000, topology);
}

static void primitive_emit(uint32_t flags, uint32_t count, uint32_t start, uint32_t instances)
{
	RIG_EMIT(rig, 0x7b000005, flags, count, start, instances, 0, 0);
}

/* To the end of what was emitted. */
static void run(void)
{
	assert_int_equal(rig_run(rig), UGVT_CS_IDLE);
	ugvt_cs_context_save(rig->cs);
}

/* Positions in pixels, one to an entry, each with its number as x; counting is on. */
static int setup(void **state)
{
	recorder_init(recorder);
	scene.render = ugvt_render_create(&recorder->raster);
	assert_non_null(scene.render);
	rig_init_render(rig, scene.render);
	for (unsigned i = 0; i < 0x800; i++) {
		vertex_write(i, (float)i, 1);
	}
	RIG_EMIT(rig, 0x78080003, 1 << 14 | 16, ugvt_lo32(VERTICES), ugvt_hi32(VERTICES), 0x8000);
	RIG_EMIT(rig, 0x78090003, FLOAT4, STORE_ZEROS, FLOAT4, STORE_SOURCE);
	RIG_EMIT(rig, 0x78300000, 0);
	RIG_EMIT(rig, 0x78120002, 1 << 10, 1 << 9, 0);
	RIG_EMIT(rig, 0x78130002, 0, 0, 2u << 25 | 1 << 27 | 2u << 29);
	RIG_EMIT(rig, 0x680b0001);
	topology_emit(TRILIST);
	return 0;
}

static int teardown(void **state)
{
	rig_finish(rig);
	ugvt_render_destroy(scene.render);
	return scene.recorder.destroyed == 1 ? 0 : -1;
}

static uint32_t count_read(uint32_t reg)
{
	return rig_reg(rig, reg);
}

static void test_rectangle(void **state)
{
	const struct recorded *r = &recorder->list[0];

	vertex_write(0, 4, 8);
	vertex_write(1, 0, 8);
	vertex_write(2, 0, 0);
	topology_emit(15);
	primitive_emit(0, 3, 0, 1);
	run();
	assert_int_equal(recorder->begun, 1);
	assert_int_equal(recorder->ended, 1);
	assert_int_equal(recorder->count, 1);
	assert_int_equal(r->primitive.kind, UGVT_PRIMITIVE_RECTANGLE);
	assert_true(r->primitive.v[0].x == 4 && r->primitive.v[0].y == 8);
	assert_true(r->primitive.v[2].x == 0 && r->primitive.v[2].y == 0);
	assert_true(r->primitive.v[0].z == 0.5f && r->primitive.v[0].inverse_w == 1);
	assert_int_equal(recorder->draw.vue_dwords, 16);
	assert_int_equal(count_read(RING_IA_VERTICES), 3);
	assert_int_equal(count_read(RING_IA_PRIMITIVES), 1);
	assert_int_equal(count_read(RING_CL_INVOCATIONS), 1);
	assert_int_equal(count_read(RING_CL_PRIMITIVES), 1);
	assert_int_equal(count_read(RING_PS_INVOCATIONS), 1);
	assert_int_equal(ugvt_cs_stats(rig->cs)->not_executed, 0);
}

/* Longer than a batch of vertices: what a strip needs of the batch before is still there. */
static void strips_check(uint32_t topology, unsigned count, unsigned triangles)
{
	unsigned before = recorder->count;

	topology_emit(topology);
	primitive_emit(0, count, 3, 2);
	run();
	assert_int_equal(recorder->count - before, 2 * triangles);
	for (unsigned i = 0; i < 2 * triangles; i++) {
		const struct recorded *r = &recorder->list[before + i];
		unsigned k = i % triangles;
		float first = topology == 5 ? (float)(k + 3) : 3;

		assert_true(r->positions[0][0] == first);
		assert_true(r->positions[1][0] + r->positions[2][0] == (float)(2 * k + 9));
		assert_true(r->positions[r->primitive.provoking][0] == (float)(k + 5));
		assert_int_equal(r->primitive.id, k);
	}
}

static void test_long_strips(void **state)
{
	strips_check(5, 1000, 998);
	strips_check(6, 700, 698);
}

/* The same, with entries so large that few fit a batch. */
static void test_large_entries(void **state)
{
	RIG_EMIT(rig, 0x78300000, 0x1ffu << 16);
	strips_check(5, 300, 298);
	assert_int_equal(recorder->draw.vue_dwords, UGVT_VUE_DWORDS_MAX);
}

static void test_instances(void **state)
{
	/* DW8 is the instance number. */
	RIG_EMIT(rig, 0x78090005, FLOAT4, STORE_ZEROS, FLOAT4, STORE_SOURCE, FLOAT4, STORE_ZEROS);
	RIG_EMIT(rig, 0x784a0000, 1u << 31 | 2 << 16);
	primitive_emit(0, 7, 0, 5);
	run();
	assert_int_equal(recorder->count, 10);
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(recorder->list[i].first[0], i / 2);
		assert_int_equal(recorder->list[i].primitive.id, i % 2);
	}
	assert_int_equal(count_read(RING_IA_VERTICES), 35);
}

static void indices_write(const uint16_t *indices, unsigned count)
{
	for (unsigned i = 0; i < count; i += 2) {
		rig_user_write(rig, INDICES + 2 * i, indices[i] | (uint32_t)indices[i + 1] << 16);
	}
}

/* Random indices with cuts, against counting them off. */
static void test_indexed(void **state)
{
	uint16_t indices[2000];
	unsigned drawn = 0, held = 0;
	uint16_t corner[3];

	srand(3);
	for (unsigned i = 0; i < 2000; i++) {
		indices[i] = rand() % 9 == 0 ? 0xffff : (uint16_t)(rand() % 500);
	}
	indices_write(indices, 2000);
	RIG_EMIT(rig, 0x780a0003, 1 << 8, ugvt_lo32(INDICES), ugvt_hi32(INDICES), 4000);
	RIG_EMIT(rig, 0x780c0100, 0xffff);
	RIG_EMIT(rig, 0x7b000005, 0x100, 1990, 10, 1, 0, 100);
	run();
	for (unsigned i = 10; i < 2000; i++) {
		if (indices[i] == 0xffff) {
			held = 0;
			continue;
		}
		corner[held++] = indices[i];
		for (unsigned k = 0; held == 3 && k < 3; k++) {
			assert_true(
				recorder->list[drawn].positions[k][0] == (float)(corner[k] + 100));
		}
		drawn += held == 3;
		held = held == 3 ? 0 : held;
	}
	assert_int_equal(recorder->count, drawn);
	assert_true(drawn > 200);
}

/* Each VertexID is the index as it stood in the buffer; the base counts only for the fetch. */
static void test_vertex_id(void **state)
{
	static const uint16_t indices[4] = {3, 1, 7, 0};

	indices_write(indices, 4);
	RIG_EMIT(rig, 0x78090005, FLOAT4, STORE_ZEROS, FLOAT4, STORE_SOURCE, FLOAT4, STORE_ZEROS);
	RIG_EMIT(rig, 0x784a0000, 1 << 15 | 2);
	RIG_EMIT(rig, 0x780a0003, 1 << 8, ugvt_lo32(INDICES), ugvt_hi32(INDICES), 8);
	RIG_EMIT(rig, 0x7b000005, 0x100, 3, 0, 1, 0, 5);
	primitive_emit(0, 3, 9, 1);
	run();
	for (unsigned k = 0; k < 3; k++) {
		assert_int_equal(recorder->list[0].first[k], indices[k]);
		assert_true(recorder->list[0].positions[k][0] == (float)(indices[k] + 5));
		assert_int_equal(recorder->list[1].first[k], k);
		assert_true(recorder->list[1].positions[k][0] == (float)(9 + k));
	}
}

static void test_indirect(void **state)
{
	/* MI_LOAD_REGISTER_IMM: start vertex, vertex count, instances, start instance, base. */
	RIG_EMIT(rig, 0x11000009, 0x2430, 6, 0x2434, 9, 0x2438, 2, 0x243c, 0, 0x2440, 0);
	RIG_EMIT(rig, 0x7b000405, 0, 300, 0, 1, 0, 0);
	run();
	assert_int_equal(recorder->count, 6);
	assert_true(recorder->list[0].positions[0][0] == 6);
}

static void test_predicate(void **state)
{
	RIG_EMIT(rig, 0x11000001, 0x2418, 0);
	RIG_EMIT(rig, 0x7b000105, 0, 3, 0, 1, 0, 0);
	run();
	assert_int_equal(recorder->begun, 0);
	RIG_EMIT(rig, 0x11000001, 0x2418, 1);
	RIG_EMIT(rig, 0x7b000105, 0, 3, 0, 1, 0, 0);
	run();
	assert_int_equal(recorder->count, 1);
}

/* Whatever the budget, and the room that the back has, the same comes out. */
static void test_budgets(void **state)
{
	static const unsigned budgets[] = {1, 7, 100, 5000};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(budgets); i++) {
		enum ugvt_cs_stop stop = UGVT_CS_BUDGET;
		unsigned runs = 0;

		recorder->count = 0;
		recorder->room = i;
		recorder->runs_each = 3 * i;
		topology_emit(5);
		primitive_emit(0, 600, 0, 1);
		rig_submit(rig);
		assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
		for (; stop == UGVT_CS_BUDGET; runs++) {
			stop = ugvt_cs_run(rig->cs, budgets[i]);
			assert_in_range(runs, 0, 100000);
		}
		assert_int_equal(stop, UGVT_CS_IDLE);
		assert_true(runs > 1 || budgets[i] == 5000);
		assert_int_equal(recorder->count, 598);
		for (unsigned k = 0; k < 598; k++) {
			assert_true(recorder->list[k].positions[0][0] == (float)k);
		}
		ugvt_cs_context_save(rig->cs);
	}
	assert_int_equal(recorder->ended, 4);
}

static void test_reset_in_a_draw(void **state)
{
	primitive_emit(0, 3000, 0, 1000000);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	assert_int_equal(ugvt_cs_run(rig->cs, 5000), UGVT_CS_BUDGET);
	assert_int_equal(recorder->begun, 1);
	ugvt_cs_reset(rig->cs);
	assert_int_equal(recorder->aborted, 1);
	assert_false(recorder->drawing);
	assert_int_equal(ugvt_cs_run(rig->cs, 5000), UGVT_CS_IDLE);
}

/* Between draws, not in one. */
static void test_preemption(void **state)
{
	RIG_EMIT(rig, 0x11000001, 0x2580, 0x00010001); // CS_CHICKEN1: at objects
	primitive_emit(0, 300, 0, 1);
	primitive_emit(0, 3, 0, 1);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	while (recorder->begun == 0) {
		assert_int_equal(ugvt_cs_run(rig->cs, 10), UGVT_CS_BUDGET);
	}
	ugvt_cs_set_preempt(rig->cs, true);
	assert_int_equal(rig_continue(rig), UGVT_CS_PREEMPTED);
	assert_int_equal(recorder->ended, 1);
	assert_int_equal(recorder->count, 100);
	ugvt_cs_context_save(rig->cs);
	ugvt_cs_set_preempt(rig->cs, false);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(recorder->count, 101);
}

static void test_what_is_missing(void **state)
{
	static const uint32_t enables[][11] = {
		{0x78110008, 0, 0, 0, 0, 0, 0, 1, 0, 0}, // 3DSTATE_GS, not SIMD8
		{0x781c0002, 1, 0, 0},                   // 3DSTATE_TE, of no patch
	};

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(enables); i++) {
		unsigned n = (enables[i][0] & 0xff) + 2;
		uint32_t off[11] = {enables[i][0]};

		rig_emit(rig, enables[i], n);
		primitive_emit(0, 3, 0, 1);
		rig_emit(rig, off, n);
	}
	topology_emit(33);
	primitive_emit(0, 3, 0, 1);
	run();
	assert_int_equal(recorder->begun, 0);
	assert_int_equal(ugvt_cs_stats(rig->cs)->not_executed, 3);
}

static void test_nothing_to_draw(void **state)
{
	primitive_emit(0, 0, 0, 1000);
	primitive_emit(0, 3, 0, 0);
	primitive_emit(0, 2, 0, 1);
	run();
	assert_int_equal(recorder->count, 0);
	assert_int_equal(recorder->ended, 3);
}

static void test_discard(void **state)
{
	RIG_EMIT(rig, 0x781e0003, 1 << 30, 0, 0, 0);
	primitive_emit(0, 6, 0, 1);
	RIG_EMIT(rig, 0x781e0003, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x78120002, 1 << 10, 1u << 31 | 3 << 13 | 1 << 9, 0); // REJECT_ALL
	primitive_emit(0, 6, 0, 1);
	run();
	assert_int_equal(recorder->count, 0);
	assert_int_equal(count_read(RING_IA_PRIMITIVES), 4);
	assert_int_equal(count_read(RING_CL_INVOCATIONS), 2);
	assert_int_equal(count_read(RING_CL_PRIMITIVES), 0);
}

static void test_hz_op(void **state)
{
	recorder->runs_each = 3;
	RIG_EMIT(rig, 0x78520003, 1u << 30, 0, 0x00080008, 0xffff);
	RIG_EMIT(rig, 0x78520003, 0, 0, 0, 0);
	run();
	assert_int_equal(recorder->hz_ops, 1);
	assert_int_equal(recorder->ended, 1);
	/* It is state, too, but a context that is restored does not do it again. */
	RIG_EMIT(rig, 0x78520003, 1u << 30, 0, 0x00080008, 0xffff);
	run();
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	assert_int_equal(rig_continue(rig), UGVT_CS_IDLE);
	assert_int_equal(recorder->hz_ops, 2);
}

/* Pixels by viewport transformation, from state in memory. */
static void test_viewport(void **state)
{
	static const float viewport[16] = {
		32, -16, 0.5f, 32, 16, 0.5f, 0, 0, -2, 2, -2, 2, 0, 63, 0, 31};

	for (unsigned i = 0; i < 16; i++) {
		rig_user_write(rig, RIG_USER + 0xf000 + 4 * i, float_bits(viewport[i]));
	}
	for (unsigned i = 0; i < 3; i++) {
		vertex_write(i, (float)(i % 2), (float)(i / 2));
	}
	RIG_EMIT(rig, 0x61010011, 1, 0, 0, 1, 0, ugvt_lo32(RIG_USER) | 1, ugvt_hi32(RIG_USER), 1, 0,
		1, 0, 0, 0, 0, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x78210000, 0xf000);
	RIG_EMIT(rig, 0x78130002, 2, 0, 0);
	RIG_EMIT(rig, 0x78120002, 0, 1u << 31 | 1 << 28 | 1 << 26, 0);
	primitive_emit(0, 3, 0, 1);
	run();
	assert_int_equal(recorder->count, 1);
	assert_true(recorder->list[0].primitive.v[1].x == 64);
	assert_true(recorder->list[0].primitive.v[1].y == 16);
	assert_true(recorder->list[0].primitive.v[2].y == 0);
	assert_true(recorder->list[0].primitive.v[2].z == 0.75f);
	assert_true(recorder->draw.viewports[15].x_max == 63);
}

#define KERNEL RIG_BATCH
#define CONSTANTS (RIG_USER + 0xe000)
#define URB_WRITE(registers, offset) ((registers) << 25 | 1 << 19 | (offset) << 4 | 7)

static void kernel_write(const struct ugvt_eu_inst *insts, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct ugvt_eu_bits bits = encode(&insts[i]);
		uint32_t dw[4] = {ugvt_lo32(bits.word[0]), ugvt_hi32(bits.word[0]),
			ugvt_lo32(bits.word[1]), ugvt_hi32(bits.word[1])};

		rig_user_fill(rig, KERNEL + 16 * i, dw, 4);
	}
}

/* Shaded by the kernel; r2 is a push constant, elements follow. */
static void shader_emit(void)
{
	/* Instruction base. */
	RIG_EMIT(rig, 0x61010011, 0, 0, 0, 0, 0, 0, 0, 0, 0, ugvt_lo32(KERNEL) | 1,
		ugvt_hi32(KERNEL), 0, 0, 0, 0, 0, 0, 0);
	RIG_EMIT(rig, 0x78150009, 1, 0, ugvt_lo32(CONSTANTS), ugvt_hi32(CONSTANTS), 0, 0, 0, 0, 0,
		0);
	RIG_EMIT(rig, 0x78100007, 0, 0, 0, 0, 0, 2 << 20 | 1 << 11, 1 << 10 | 1 << 2 | 1, 0);
	rig_user_write(rig, CONSTANTS, float_bits(100));
}

/* Adds the constant to x, and passes on the rest. */
static void test_shader(void **state)
{
	struct ugvt_eu_inst kernel[] = {
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 20), vec(UGVT_EU_UD, 1), null(UGVT_EU_UD)),
		make(UGVT_EU_ADD, 8, vec(UGVT_EU_F, 21), vec(UGVT_EU_F, 7), one(UGVT_EU_F, 2, 0)),
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 22), vec(UGVT_EU_F, 8), null(UGVT_EU_F)),
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 23), vec(UGVT_EU_F, 9), null(UGVT_EU_F)),
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 24), vec(UGVT_EU_F, 10), null(UGVT_EU_F)),
		message(UGVT_EU_SFID_URB, URB_WRITE(5, 1), 20, true),
	};

	kernel_write(kernel, UGVT_ARRAY_SIZE(kernel));
	shader_emit();
	topology_emit(5);
	primitive_emit(0, 300, 0, 1);
	run();
	assert_int_equal(recorder->count, 298);
	for (unsigned i = 0; i < 298; i++) {
		assert_true(recorder->list[i].positions[0][0] == (float)(i + 100));
		assert_true(recorder->list[i].positions[0][2] == 0.5f);
		assert_int_equal(recorder->list[i].first[0], 0);
	}
	assert_int_equal(count_read(RING_VS_INVOCATIONS), 300);
	/* A kernel that was overwritten. */
	kernel[1].op = ugvt_eu_op_find(UGVT_EU_MUL);
	kernel[1].opcode = UGVT_EU_MUL;
	kernel_write(kernel, UGVT_ARRAY_SIZE(kernel));
	rig_user_write(rig, CONSTANTS, float_bits(3));
	primitive_emit(0, 3, 5, 1);
	recorder->count = 0;
	run();
	assert_int_equal(recorder->count, 1);
	assert_true(recorder->list[0].positions[1][0] == 18);
}

/* Not even a shader that never ends keeps its owner from stopping. */
static void test_endless_shader(void **state)
{
	const struct ugvt_eu_inst kernel[] = {
		make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 20), vec(UGVT_EU_UD, 1), null(UGVT_EU_UD)),
		branch(UGVT_EU_WHILE, 8, -16, -16),
		message(UGVT_EU_SFID_URB, URB_WRITE(2, 1), 20, true),
	};

	kernel_write(kernel, UGVT_ARRAY_SIZE(kernel));
	shader_emit();
	primitive_emit(0, 3, 0, 1);
	rig_submit(rig);
	assert_true(ugvt_cs_context_restore(rig->cs, RIG_DESCRIPTOR));
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(ugvt_cs_run(rig->cs, 1000), UGVT_CS_BUDGET);
	}
	ugvt_cs_reset(rig->cs);
	assert_int_equal(recorder->aborted, 1);
}

/* Garbage and messages to nowhere fault; the draw goes on with what is there. */
static void test_faulting_shader(void **state)
{
	const struct ugvt_eu_inst kernel[] = {
		message(UGVT_EU_SFID_DATA_CACHE_0, 0x02000000, 20, false),
		message(UGVT_EU_SFID_URB, URB_WRITE(2, 1), 20, true),
	};

	kernel_write(kernel, UGVT_ARRAY_SIZE(kernel));
	shader_emit();
	primitive_emit(0, 3, 0, 1);
	run();
	rig_user_write(rig, KERNEL, 0x7f);
	primitive_emit(0, 3, 0, 1);
	run();
	assert_int_equal(recorder->ended, 2);
	assert_int_equal(count_read(RING_VS_INVOCATIONS), 6);
}

/* Wanted away before it is there, again and again, a context draws all the same: one each time. */
static void test_preempted_at_once(void **state)
{
	const unsigned draws = 5;
	unsigned rounds = 0;

	RIG_EMIT(rig, 0x11000001, CS_CHICKEN1, 1 << 16 | CS_CHICKEN1_OBJECT_LEVEL);
	for (unsigned i = 0; i < draws; i++) {
		primitive_emit(0, 3, 0, 1);
	}
	ugvt_cs_set_preempt(rig->cs, true);
	while (rig_run(rig) == UGVT_CS_PREEMPTED) {
		rounds++;
		assert_int_equal(recorder->ended, rounds);
		ugvt_cs_context_save(rig->cs);
	}
	assert_int_equal(recorder->ended, draws);
	assert_int_equal(rounds, draws - 1);
	ugvt_cs_context_save(rig->cs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rectangle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_strips, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large_entries, setup, teardown),
		cmocka_unit_test_setup_teardown(test_instances, setup, teardown),
		cmocka_unit_test_setup_teardown(test_indexed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vertex_id, setup, teardown),
		cmocka_unit_test_setup_teardown(test_indirect, setup, teardown),
		cmocka_unit_test_setup_teardown(test_predicate, setup, teardown),
		cmocka_unit_test_setup_teardown(test_budgets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_in_a_draw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_preemption, setup, teardown),
		cmocka_unit_test_setup_teardown(test_preempted_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_to_draw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_discard, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hz_op, setup, teardown),
		cmocka_unit_test_setup_teardown(test_viewport, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shader, setup, teardown),
		cmocka_unit_test_setup_teardown(test_endless_shader, setup, teardown),
		cmocka_unit_test_setup_teardown(test_faulting_shader, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
