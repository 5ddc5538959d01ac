/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/gpu/eu/rig.h"

/* Regions, addresses, masks, flags and messages. */

/* Registers 20 to 27 hold their dword's number: register 20 has 0 to 7, and so on. */
static void numbers_set(struct rig *rig)
{
	for (unsigned i = 0; i < 64; i++) {
		rig_set(rig, UGVT_EU_UD, 20, i, i);
	}
}

static void expect(const struct rig *rig, enum ugvt_eu_type type, unsigned number,
	const uint32_t *want, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(rig_get(rig, type, number, i), want[i]);
	}
}

/* Runs the one instruction on sixteen channels, and expects n elements from register 10 on. */
static void one_run(
	struct ugvt_eu_inst inst, enum ugvt_eu_type type, const uint32_t *want, unsigned n)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, inst);
	rig_start(&rig, 0xffff, 0);
	if (rig.program->steps[0].wrong) {
		fail_msg("%s", rig.program->steps[0].wrong);
	}
	numbers_set(&rig);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, type, 10, want, n);
	rig_finish(&rig);
}

static struct ugvt_eu_inst mov(
	unsigned size, struct ugvt_eu_operand dst, struct ugvt_eu_operand src)
{
	return make(UGVT_EU_MOV, size, dst, src, null(UGVT_EU_UD));
}

static struct ugvt_eu_operand arf_one(enum ugvt_eu_arf which, unsigned n)
{
	struct ugvt_eu_operand operand = arf(UGVT_EU_UD, which, n);

	operand.vstride = operand.hstride = 0;
	operand.width = 1;
	return operand;
}

static void test_regions(void **state)
{
	static const struct {
		unsigned v, w, h, size;
		uint32_t want[8];
	} cases[] = {
		{8, 8, 1, 8, {0, 1, 2, 3, 4, 5, 6, 7}},
		{0, 1, 0, 8, {0, 0, 0, 0, 0, 0, 0, 0}},
		{8, 4, 2, 8, {0, 2, 4, 6, 8, 10, 12, 14}},
		{4, 4, 0, 8, {0, 0, 0, 0, 4, 4, 4, 4}},
		{1, 4, 0, 8, {0, 0, 0, 0, 1, 1, 1, 1}},
		{2, 4, 1, 8, {0, 1, 2, 3, 2, 3, 4, 5}},
		{0, 4, 1, 8, {0, 1, 2, 3, 0, 1, 2, 3}},
		{8, 2, 4, 4, {0, 4, 8, 12}},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		one_run(mov(cases[i].size, vec(UGVT_EU_UD, 10),
				region(UGVT_EU_UD, 20, cases[i].v, cases[i].w, cases[i].h)),
			UGVT_EU_UD, cases[i].want, cases[i].size);
	}
}

static void test_destination_stride(void **state)
{
	struct ugvt_eu_operand dst = vec(UGVT_EU_UW, 10);

	dst.hstride = 2;
	one_run(mov(8, dst, vec(UGVT_EU_UD, 20)), UGVT_EU_UW,
		(uint32_t[]){0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0}, 16);
}

/* Sixteen channels read all before they write any, though the registers overlap. */
static void test_overlap(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, mov(16, vec(UGVT_EU_UD, 21), vec(UGVT_EU_UD, 20)));
	rig_start(&rig, 0xffff, 0);
	numbers_set(&rig);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(rig_get(&rig, UGVT_EU_UD, 21, i), i);
	}
	rig_finish(&rig);
}

static void test_vector_immediates(void **state)
{
	one_run(mov(8, vec(UGVT_EU_W, 10), imm(UGVT_EU_V, 0xf7654321)), UGVT_EU_UW,
		(uint32_t[]){1, 2, 3, 4, 5, 6, 7, 0xffff}, 8);
	one_run(mov(16, vec(UGVT_EU_UW, 10), imm(UGVT_EU_UV, 0xf7654321)), UGVT_EU_UW,
		(uint32_t[]){1, 2, 3, 4, 5, 6, 7, 15, 1, 2, 3, 4, 5, 6, 7, 15}, 16);
	one_run(mov(4, vec(UGVT_EU_F, 10), imm(UGVT_EU_VF, 0xc0002030)), UGVT_EU_UD,
		(uint32_t[]){0x3f800000, 0x3f000000, 0, 0xc0000000}, 4);
}

static void test_align16(void **state)
{
	struct ugvt_eu_operand src = vec(UGVT_EU_UD, 20), dst = vec(UGVT_EU_UD, 10);
	struct ugvt_eu_inst inst;

	src.vstride = 4;
	src.swizzle = 0x1b; // wzyx
	dst.writemask = 0x7;
	inst = mov(8, dst, src);
	inst.align16 = true;
	one_run(inst, UGVT_EU_UD, (uint32_t[]){3, 2, 1, 0, 7, 6, 5, 0}, 8);
}

static void test_three_sources(void **state)
{
	struct ugvt_eu_operand src[3] = {
		vec(UGVT_EU_UD, 20), one(UGVT_EU_UD, 20, 3), vec(UGVT_EU_UD, 21)};

	src[2].swizzle = 0; // x
	one_run(make3(UGVT_EU_MAD, 8, vec(UGVT_EU_UD, 10), src), UGVT_EU_UD,
		(uint32_t[]){24, 25, 26, 27, 40, 41, 42, 43}, 8);
}

static struct ugvt_eu_operand address(unsigned reg, int offset)
{
	struct ugvt_eu_operand operand = region(UGVT_EU_UD, 0, 8, 8, 1);

	operand.indirect = true;
	operand.address_reg = reg;
	operand.address_imm = offset;
	return operand;
}

static void test_indirect(void **state)
{
	struct ugvt_eu_operand each = address(0, 0);
	struct rig rig;

	each.vstride = UGVT_EU_VSTRIDE_VXH;
	each.width = 1;
	each.hstride = 0;
	rig_init(&rig);
	rig_add(&rig, mov(8, vec(UGVT_EU_UD, 10), address(1, 64)));
	rig_add(&rig, mov(8, vec(UGVT_EU_UD, 11), each));
	rig_add(&rig, mov(8, address(2, -32), vec(UGVT_EU_UD, 20)));
	rig_start(&rig, 0xff, 0);
	numbers_set(&rig);
	for (unsigned n = 0; n < 8; n++) {
		rig.thread.a0[n] = 20 * 32 + 4 * (7 - n);
	}
	rig.thread.a0[2] = 31 * 32;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, UGVT_EU_UD, 10, (uint32_t[]){22, 23, 24, 25, 26, 27, 28, 29}, 8);
	expect(&rig, UGVT_EU_UD, 11, (uint32_t[]){7, 6, 0, 4, 3, 2, 1, 0}, 2);
	expect(&rig, UGVT_EU_UD, 30, (uint32_t[]){0, 1, 2, 3, 4, 5, 6, 7}, 8);
	rig_finish(&rig);
}

/* Addresses beyond the registers go round, and hurt nobody. */
static void test_wild_address(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, mov(8, vec(UGVT_EU_UD, 10), address(0, 511)));
	rig_add(&rig, mov(8, address(0, -512), vec(UGVT_EU_UD, 20)));
	rig_start(&rig, 0xff, 0);
	rig.thread.a0[0] = 0xfffe;
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	rig_finish(&rig);
}

static void test_predicates(void **state)
{
	static const struct {
		uint8_t control;
		bool inverse;
		uint8_t flag;
		uint32_t f0, f1, want;
	} cases[] = {
		{UGVT_EU_PREDICATE_NORMAL, false, 0, 0x1234, 0, 0x1234},
		{UGVT_EU_PREDICATE_NORMAL, true, 0, 0x1234, 0, 0xedcb},
		{UGVT_EU_PREDICATE_NORMAL, false, 1, 0x12340000, 0, 0x1234},
		{UGVT_EU_PREDICATE_NORMAL, false, 2, 0, 0x4321, 0x4321},
		{UGVT_EU_PREDICATE_ANYV, false, 0, 0x00f0000f, 0, 0x00ff},
		{UGVT_EU_PREDICATE_ALLV, false, 0, 0x00ff000f, 0, 0x000f},
		{UGVT_EU_PREDICATE_ANY2H, false, 0, 0x0108, 0, 0x030c},
		{UGVT_EU_PREDICATE_ALL2H, false, 0, 0x030d, 0, 0x030c},
		{UGVT_EU_PREDICATE_ANY4H, false, 0, 0x0108, 0, 0x0f0f},
		{UGVT_EU_PREDICATE_ANY4H, true, 0, 0x0108, 0, 0xf0f0},
		{UGVT_EU_PREDICATE_ALL4H, false, 0, 0x7ff0, 0, 0x0ff0},
		{UGVT_EU_PREDICATE_ANY8H, false, 0, 0x0100, 0, 0xff00},
		{UGVT_EU_PREDICATE_ALL8H, false, 0, 0x7fff, 0, 0x00ff},
		{UGVT_EU_PREDICATE_ANY16H, false, 0, 0x0100, 0, 0xffff},
		{UGVT_EU_PREDICATE_ALL16H, false, 0, 0xfffe, 0, 0},
		{UGVT_EU_PREDICATE_ALL32H, false, 0, 0x7fffffff, 0, 0},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		struct ugvt_eu_inst inst = mov(16, vec(UGVT_EU_UD, 10), imm(UGVT_EU_UD, 1));
		uint32_t got = 0;
		struct rig rig;

		inst.predicate = cases[i].control;
		inst.predicate_inverse = cases[i].inverse;
		inst.flag = cases[i].flag;
		rig_init(&rig);
		rig_add(&rig, inst);
		rig_start(&rig, 0xffff, 0);
		rig.thread.flag[0] = cases[i].f0;
		rig.thread.flag[1] = cases[i].f1;
		assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
		for (unsigned n = 0; n < 16; n++) {
			got |= (uint32_t)rig_get(&rig, UGVT_EU_UD, 10, n) << n;
		}
		assert_int_equal(got, cases[i].want);
		rig_finish(&rig);
	}
}

/* Only channels that execute write their flags; the second half writes the second half's. */
static void test_flags(void **state)
{
	struct ugvt_eu_inst inst =
		make(UGVT_EU_CMP, 16, null(UGVT_EU_UD), vec(UGVT_EU_UD, 20), imm(UGVT_EU_UD, 4));
	struct rig rig;

	rig_init(&rig);
	inst.cmod = UGVT_EU_CMOD_L;
	rig_add(&rig, inst);
	inst.first = 16;
	rig_add(&rig, inst);
	inst.first = 0;
	inst.flag = 3;
	rig_add(&rig, inst);
	rig_start(&rig, 0xffffff03, 0);
	rig.thread.flag[0] = 0xffff;
	rig.thread.flag[1] = 0x12345678;
	numbers_set(&rig);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig.thread.flag[0], 0x000f00ff);
	assert_int_equal(rig.thread.flag[1], 0x00375678);
	rig_finish(&rig);
}

static void test_result_flags(void **state)
{
	struct ugvt_eu_inst inst = make(
		UGVT_EU_ADD, 8, null(UGVT_EU_D), vec(UGVT_EU_D, 20), imm(UGVT_EU_D, 0xfffffffd));
	struct rig rig;

	rig_init(&rig);
	for (unsigned i = 0; i < 4; i++) {
		static const uint8_t cmods[] = {
			UGVT_EU_CMOD_Z, UGVT_EU_CMOD_L, UGVT_EU_CMOD_GE, UGVT_EU_CMOD_NZ};

		inst.cmod = cmods[i];
		inst.flag = i;
		rig_add(&rig, inst);
	}
	rig_start(&rig, 0xff, 0);
	numbers_set(&rig);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig.thread.flag[0], 0x00070008);
	assert_int_equal(rig.thread.flag[1], 0x00f700f8);
	rig_finish(&rig);
}

/* sel writes all channels, from one source or the other. */
static void test_select(void **state)
{
	struct ugvt_eu_inst inst =
		make(UGVT_EU_SEL, 8, vec(UGVT_EU_UD, 10), vec(UGVT_EU_UD, 20), vec(UGVT_EU_UD, 21));
	struct rig rig;

	inst.predicate = UGVT_EU_PREDICATE_NORMAL;
	rig_init(&rig);
	rig_add(&rig, inst);
	rig_start(&rig, 0x7f, 0);
	rig.thread.flag[0] = 0x0f;
	numbers_set(&rig);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	expect(&rig, UGVT_EU_UD, 10, (uint32_t[]){0, 1, 2, 3, 12, 13, 14, 0}, 8);
	rig_finish(&rig);
}

static void test_architecture_registers(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, mov(8, arf(UGVT_EU_UW, UGVT_EU_ARF_ADDRESS, 0), vec(UGVT_EU_UW, 20)));
	rig_add(&rig, mov(1, region(UGVT_EU_UD, 10, 0, 1, 0), arf_one(UGVT_EU_ARF_CE, 0)));
	rig_add(&rig, mov(1, arf(UGVT_EU_UD, UGVT_EU_ARF_FLAG, 1), imm(UGVT_EU_UD, 0x89abcdef)));
	rig_start(&rig, 0x35, 0);
	numbers_set(&rig);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig.thread.a0[4], 2);
	assert_int_equal(rig_get(&rig, UGVT_EU_UD, 10, 0), 0x35);
	assert_int_equal(rig.thread.flag[1], 0x89abcdef);
	rig_finish(&rig);
}

/* cr0 says how it rounds, from the next instruction on. */
static void test_control_register(void **state)
{
	struct ugvt_eu_inst add =
		make(UGVT_EU_ADD, 8, vec(UGVT_EU_F, 10), imm(UGVT_EU_F, 0), imm_f(0x1p-30f));
	struct ugvt_eu_operand cr0 = arf_one(UGVT_EU_ARF_CONTROL, 0);
	struct rig rig;

	add.src[0] = vec(UGVT_EU_F, 20);
	rig_init(&rig);
	rig_add(&rig, add);
	rig_add(&rig, make(UGVT_EU_OR, 1, cr0, cr0, imm(UGVT_EU_UD, 1 << 4)));
	add.dst.number = 11;
	rig_add(&rig, add);
	rig_start(&rig, 0xff, 0);
	rig_set(&rig, UGVT_EU_F, 20, 0, 0x3f800000);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig_get(&rig, UGVT_EU_F, 10, 0), 0x3f800000);
	assert_int_equal(rig_get(&rig, UGVT_EU_F, 11, 0), 0x3f800001);
	rig_finish(&rig);
}

static void test_message(void **state)
{
	struct ugvt_eu_inst inst = message(UGVT_EU_SFID_SAMPLER, 0x0420a001, 20, false);
	struct rig rig;

	inst.dst = vec(UGVT_EU_UD, 21);
	inst.predicate = UGVT_EU_PREDICATE_NORMAL;
	rig_init(&rig);
	rig_add(&rig, inst);
	rig_start(&rig, 0x3f, 0);
	rig.answer = 0xabcd;
	rig.thread.flag[0] = 0xf3;
	numbers_set(&rig);
	/* Stop after the first. */
	assert_int_equal(ugvt_eu_thread_run(&rig.thread, &rig.port, 1), UGVT_EU_PAUSED);
	assert_int_equal(rig.messages, 1);
	assert_int_equal(rig.last.sfid, UGVT_EU_SFID_SAMPLER);
	assert_int_equal(rig.last.desc, 0x0420a001);
	assert_int_equal(rig.last.channels, 0x33);
	assert_int_equal(rig.last.length, 2);
	assert_int_equal(rig.last.response_length, 2);
	assert_false(rig.last.eot);
	assert_int_equal(rig.payload[4 * 9], 9);
	expect(&rig, UGVT_EU_UD, 21, (uint32_t[]){0xabcd, 0xabcd, 0xabcd, 0xabcd}, 4);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_true(rig.last.eot);
	assert_int_equal(rig.last.sfid, UGVT_EU_SFID_SPAWNER);
	rig_finish(&rig);
}

static void test_indirect_descriptor(void **state)
{
	struct ugvt_eu_inst inst = message(UGVT_EU_SFID_SAMPLER, 0, 20, false);
	struct rig rig;

	inst.desc.indirect = true;
	inst.src[1] = arf_one(UGVT_EU_ARF_ADDRESS, 0);
	inst.src[1].offset = 8;
	rig_init(&rig);
	rig_add(&rig, inst);
	rig_start(&rig, 0xff, 0);
	rig.thread.a0[4] = 0x3002;
	rig.thread.a0[5] = 0x0402;
	assert_int_equal(ugvt_eu_thread_run(&rig.thread, &rig.port, 1), UGVT_EU_PAUSED);
	assert_int_equal(rig.last.desc, 0x04023002);
	assert_int_equal(rig.last.length, 2);
	/* What an address register asks for may be too much. */
	rig.thread.step = 0;
	rig.thread.a0[5] = 0x1e02;
	rig.program->steps[0].inst.src[0].number = 120;
	assert_int_equal(ugvt_eu_thread_run(&rig.thread, &rig.port, 1), UGVT_EU_FAULTED);
	assert_string_equal(rig.thread.fault, "message beyond the last register");
	rig_finish(&rig);
}

static void test_message_refused(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_start(&rig, 0xff, 0);
	rig.refuse = "no such surface";
	assert_int_equal(rig_run(&rig), UGVT_EU_FAULTED);
	assert_string_equal(rig.thread.fault, "no such surface");
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_destination_stride),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_vector_immediates),
		cmocka_unit_test(test_align16),
		cmocka_unit_test(test_three_sources),
		cmocka_unit_test(test_indirect),
		cmocka_unit_test(test_wild_address),
		cmocka_unit_test(test_predicates),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_result_flags),
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_architecture_registers),
		cmocka_unit_test(test_control_register),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_indirect_descriptor),
		cmocka_unit_test(test_message_refused),
	};

	return cmocka_run_group_tests_name("eu access", tests, NULL, NULL);
}
