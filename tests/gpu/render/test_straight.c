/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/sampler/surface.h"
#include "tests/gpu/random.h"
#include "tests/gpu/render/canvas.h"

/*
 * Straight kernels and others draw the same, whatever they do: random ones, drawn twice, the second time with an instruction in front that
 * makes them no straight ones; and so do those with the same colour everywhere. The sequence is always the same.
 */

enum {
	ROUNDS = 400,
	INSTRUCTIONS = 14,
	DEPTHS = 10,    // behind two sets of coordinates
	GRF_START = 14, // behind depth and w, if they are there
	ATTRIBUTES = 4, // registers
	TEMPORARY = GRF_START + ATTRIBUTES,
	PAIRS = 4, // of registers
	FIRST_OUT = 112,
	SHAPES = 4,
	TARGET_BYTES = CANVAS_SIDE * CANVAS_SIDE * 8,
};

static float number(uint64_t *random, float limit)
{
	return (float)below(random, 10000) / 10000 * limit;
}

/* Of all channels, each its own, or one number for all: which pixels are in a thread makes no difference. */
static struct ugvt_eu_operand source_make(uint64_t *random, enum ugvt_eu_type type)
{
	struct ugvt_eu_operand src =
		below(random, 3) == 0
			? one(type, GRF_START + below(random, ATTRIBUTES), below(random, 8))
			: vec(type, below(random, 6) == 0 ? DEPTHS + 2 * below(random, 2)
							  : TEMPORARY + 2 * below(random, PAIRS));

	src.negate = below(random, 4) == 0;
	return src;
}

/* Of floats or integers, perhaps where a flag says so. */
static struct ugvt_eu_inst inst_make(uint64_t *random)
{
	static const enum ugvt_eu_opcode opcodes[] = {
		UGVT_EU_MOV, UGVT_EU_ADD, UGVT_EU_MUL, UGVT_EU_SEL, UGVT_EU_CMP, UGVT_EU_PLN};
	enum ugvt_eu_opcode opcode = opcodes[below(random, UGVT_ARRAY_SIZE(opcodes))];
	enum ugvt_eu_type type =
		opcode != UGVT_EU_PLN && below(random, 3) == 0 ? UGVT_EU_D : UGVT_EU_F;
	unsigned to = below(random, 3) == 0 ? FIRST_OUT + 2 * below(random, 4)
					    : TEMPORARY + 2 * below(random, PAIRS);
	struct ugvt_eu_inst inst = make(opcode, 16, vec(type, to), source_make(random, type),
		opcode == UGVT_EU_MOV ? null(type) : source_make(random, type));

	if (opcode == UGVT_EU_PLN) {
		inst.src[0] =
			one(type, GRF_START + below(random, ATTRIBUTES), below(random, 2) * 4);
		inst.src[1] = vec(type, 2 + below(random, 2) * 4);
	}
	inst.no_mask = below(random, 6) == 0;
	inst.saturate = type == UGVT_EU_F && opcode != UGVT_EU_CMP && below(random, 6) == 0;
	if (opcode == UGVT_EU_CMP) {
		inst.cmod = (uint8_t)(1 + below(random, 6));
	} else if (opcode == UGVT_EU_SEL || below(random, 4) == 0) {
		inst.predicate = 1;
		inst.predicate_inverse = below(random, 2);
	}
	return inst;
}

/* As a whole, or its halves one after the other. */
static void inst_add(struct canvas *canvas, uint64_t *random)
{
	struct ugvt_eu_inst inst = inst_make(random);

	if (below(random, 3) > 0) {
		canvas_add(canvas, inst);
		return;
	}
	inst.exec_size = 8;
	canvas_add(canvas, inst);
	inst.first = 8;
	inst.dst.number++;
	for (unsigned i = 0; i < 2; i++) {
		unsigned number = inst.src[i].number;

		if (inst.src[i].file == UGVT_EU_FILE_GRF &&
			(number >= TEMPORARY || (number >= DEPTHS && number < GRF_START))) {
			inst.src[i].number++;
		}
	}
	if (inst.opcode == UGVT_EU_PLN) {
		inst.src[1].number += 2;
	}
	canvas_add(canvas, inst);
}

/* What a thread starts with is not there any more for the next one. */
static struct ugvt_eu_inst overwrite_make(uint64_t *random)
{
	return make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, below(random, TEMPORARY)), imm_f(3),
		null(UGVT_EU_F));
}

/* All colours in one piece, or the last registers of them apart. */
static void write_add(struct canvas *canvas, unsigned apart)
{
	uint32_t desc = (8 - apart) << 25 | UGVT_EU_RENDER_TARGET_WRITE << 14 | 1u << 12;
	struct ugvt_eu_inst inst = message(5, desc, FIRST_OUT, true);

	inst.exec_size = 16;
	if (apart > 0) {
		inst.opcode = UGVT_EU_SENDS;
		inst.op = ugvt_eu_op_find(inst.opcode);
		inst.src[1] = vec(UGVT_EU_UD, FIRST_OUT + 8 - apart);
		inst.ex_desc.value = apart << 6;
	}
	canvas_add(canvas, inst);
}

/* With this in it a kernel is not straight. */
static void control_add(struct canvas *canvas)
{
	struct ugvt_eu_inst inst = make(UGVT_EU_MOV, 1, one(UGVT_EU_UD, 127, 0),
		arf(UGVT_EU_UD, UGVT_EU_ARF_CONTROL, 0), null(UGVT_EU_UD));

	inst.no_mask = true;
	inst.src[0].vstride = inst.src[0].hstride = 0;
	inst.src[0].width = 1;
	canvas_add(canvas, inst);
}

/* Its colours begin as coordinates, so that there is something to be seen. */
static void kernel_make(struct canvas *canvas, uint64_t random, bool straight)
{
	canvas_kernel(canvas);
	if (!straight) {
		control_add(canvas);
	}
	for (unsigned c = 0; c < 4; c++) {
		canvas_add(canvas, make(UGVT_EU_PLN, 16, vec(UGVT_EU_F, FIRST_OUT + 2 * c),
					   one(UGVT_EU_F, GRF_START + c / 2, c % 2 * 4),
					   vec(UGVT_EU_F, c % 2 ? 2 : 6)));
	}
	for (unsigned i = 0; i < INSTRUCTIONS; i++) {
		inst_add(canvas, &random);
	}
	for (unsigned i = below(&random, 4); i > 0; i--) {
		canvas_add(canvas, overwrite_make(&random));
	}
	write_add(canvas, below(&random, 4));
}

/* One colour, known without a look at coordinates unless it is to be drawn in the general way. */
static void color_make(struct canvas *canvas, uint64_t random, bool uniform)
{
	canvas_kernel(canvas);
	if (!uniform) {
		control_add(canvas);
		canvas_add(canvas, make(UGVT_EU_PLN, 16, vec(UGVT_EU_F, TEMPORARY),
					   one(UGVT_EU_F, GRF_START, 0), vec(UGVT_EU_F, 2)));
	}
	for (unsigned c = 0; c < 4; c++) {
		canvas_add(canvas, make(UGVT_EU_MOV, 16, vec(UGVT_EU_F, FIRST_OUT + 2 * c),
					   imm_f(number(&random, 1.5f) - 0.25f), null(UGVT_EU_F)));
	}
	write_add(canvas, below(&random, 4));
}

struct scene {
	struct ugvt_primitive primitives[SHAPES];
	uint32_t vue[SHAPES][3][64];
};

static void scene_make(struct scene *scene, uint64_t *random)
{
	bool flat = below(random, 2);

	for (unsigned i = 0; i < SHAPES; i++) {
		const uint32_t *const vues[] = {
			scene->vue[i][0], scene->vue[i][1], scene->vue[i][2]};
		float xyz[9];

		for (unsigned n = 0; n < 9; n++) {
			xyz[n] = n % 3 == 2 ? number(random, 1) : number(random, 140) - 6;
		}
		for (unsigned n = 0; n < 3 * 64; n++) {
			scene->vue[i][n / 64][n % 64] = rig_bits(number(random, 1.5f) - 0.25f);
		}
		scene->primitives[i] = canvas_triangle(xyz, vues);
		for (unsigned v = 0; !flat && v < 3; v++) {
			scene->primitives[i].v[v].inverse_w = 0.25f + number(random, 2);
		}
	}
}

static void blend_make(struct canvas *canvas, uint64_t *random)
{
	static const uint8_t factors[] = {1, 3, 0x13, 0x11, 4, 8};
	uint32_t *blend = (uint32_t *)(void *)(canvas->state + 2048);
	uint32_t source = factors[below(random, UGVT_ARRAY_SIZE(factors))];
	uint32_t destination = factors[below(random, UGVT_ARRAY_SIZE(factors))];

	switch (below(random, 4)) {
	case 0: source = 3, destination = 0x13; break;
	case 1: source = 1, destination = 0x13; break;
	}
	blend[1] = 0;
	blend[2] = below(random, 2) ? 3 | 2 << 2 : 0; // clamps
	if (below(random, 2)) {
		blend[1] = 1u << 31 | source << 26 | destination << 21 |
			   (below(random, 6) ? 0 : 1u) << 18;
	}
	if (below(random, 8) == 0) {
		blend[1] |= 1 + below(random, 15); // not all channels
	}
}

static void state_make(struct canvas *canvas, uint64_t *random)
{
	static const char *const formats[] = {
		"R8G8B8A8_UNORM", "B8G8R8A8_UNORM", "R8G8B8A8_UNORM_SRGB", "R16G16B16A16_FLOAT"};
	static const unsigned tilings[] = {
		UGVT_TILE_MODE_LINEAR, UGVT_TILE_MODE_X, UGVT_TILE_MODE_Y, UGVT_TILE_MODE_YF};
	struct render_rig *rig = &canvas->rig;

	canvas_reset(canvas);
	canvas_target(canvas, 0, formats[below(random, UGVT_ARRAY_SIZE(formats))],
		tilings[below(random, UGVT_ARRAY_SIZE(tilings))]);
	rig_set_ps_dispatch_8(rig, 0);
	rig_set_ps_dispatch_16(rig, 1);
	rig_set_ps_vector_mask(rig, below(random, 4) != 0);
	rig_set_barycentrics(rig, 1 | 8);
	rig_set_sbe_attributes(rig, 2);
	rig_set_ps_attributes(rig, 1);
	rig_set_ps_grf_start_0(rig, below(random, 8) ? GRF_START : DEPTHS - 1);
	rig_set_ps_source_depth(rig, below(random, 2));
	rig_set_ps_source_w(rig, below(random, 2));
	rig_set_sample_mask(rig, 1);
	blend_make(canvas, random);
}

struct result {
	uint8_t bytes[TARGET_BYTES];
	struct ugvt_render_counts counts;
};

static void scene_draw(
	struct canvas *canvas, const struct scene *scene, int64_t step, struct result *result)
{
	memset(canvas->targets, 0x55, TARGET_BYTES);
	canvas->rig.counts = (struct ugvt_render_counts){0};
	canvas_draw(canvas, scene->primitives, SHAPES, step);
	memcpy(result->bytes, canvas->targets, TARGET_BYTES);
	result->counts = canvas->rig.counts;
}

/* make: of the quick kind if told so. */
static void same_check(void (*make)(struct canvas *, uint64_t, bool))
{
	static struct result quick, general;
	static struct canvas canvas;
	static struct scene scene;
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
	unsigned drawn = 0;

	canvas_init(&canvas);
	for (unsigned round = 0; round < ROUNDS; round++) {
		int64_t step = below(&random, 3) ? INT64_C(1000000000) : 1 + below(&random, 3000);
		uint64_t kernel = next(&random) | UINT64_C(1) << 40;

		state_make(&canvas, &random);
		scene_make(&scene, &random);
		make(&canvas, kernel, true);
		scene_draw(&canvas, &scene, step, &quick);
		make(&canvas, kernel, false);
		scene_draw(&canvas, &scene, INT64_C(1000000000), &general);
		assert_memory_equal(quick.bytes, general.bytes, TARGET_BYTES);
		assert_memory_equal(&quick.counts, &general.counts, sizeof(general.counts));
		drawn += general.counts.ps_invocations > 0;
	}
	assert_true(drawn > ROUNDS / 2);
	canvas_finish(&canvas);
}

static void test_straight(void **state)
{
	same_check(kernel_make);
}

static void test_one_color(void **state)
{
	same_check(color_make);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_straight),
		cmocka_unit_test(test_one_color),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
