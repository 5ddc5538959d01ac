/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/disasm.h"
#include "gpu/eu/validate.h"
#include "gpu/eu/value.h"
#include "tests/gpu/eu/naive.h"
#include "tests/gpu/eu/rig.h"
#include "tests/gpu/random.h"

/* Random instructions on random registers: the interpreter and the naive one agree. The sequence is always the same. */

enum {
	INSTRUCTIONS = 20000,
};

/* One in so many. */
static bool seldom(uint64_t *random, unsigned times)
{
	return below(random, times) == 0;
}

static uint8_t type_of(uint64_t *random, unsigned types)
{
	uint8_t type;

	do {
		type = (uint8_t)below(random, UGVT_EU_DF + 1);
	} while (!(types & 1u << type));
	return type;
}

static const struct {
	uint8_t v, w, h;
} regions[] = {{8, 8, 1}, {0, 1, 0}, {8, 4, 2}, {4, 4, 1}, {16, 8, 2}, {1, 4, 0}, {2, 1, 0},
	{16, 4, 4}, {2, 2, 1}, {4, 2, 1}};

static struct ugvt_eu_operand source_make(uint64_t *random, unsigned types)
{
	unsigned i = below(random, seldom(random, 3) ? UGVT_ARRAY_SIZE(regions) : 2);
	struct ugvt_eu_operand src = region(type_of(random, types), 10 + below(random, 16),
		regions[i].v, regions[i].w, regions[i].h);

	src.offset = seldom(random, 4) ? below(random, 32) : 0;
	src.negate = seldom(random, 3);
	src.absolute = seldom(random, 4);
	return src;
}

static struct ugvt_eu_operand immediate_make(uint64_t *random, unsigned types)
{
	struct ugvt_eu_operand src = imm(type_of(random, types & ~0x3u), next(random));

	if (ugvt_eu_type_size(src.type) == 2) {
		src.imm = (src.imm & 0xffff) * 0x10001;
	}
	return src;
}

static void three_make(uint64_t *random, struct ugvt_eu_inst *inst)
{
	inst->align16 = true;
	inst->dst.writemask = seldom(random, 3) ? below(random, 15) + 1 : 0xf;
	inst->dst.offset = 0;
	inst->dst.hstride = 1;
	for (unsigned i = 0; i < 3; i++) {
		inst->src[i].type = inst->dst.type;
		inst->src[i].offset = 0;
		inst->src[i].replicate = seldom(random, 3);
		inst->src[i].swizzle = seldom(random, 2) ? next(random) : UGVT_EU_SWIZZLE_XYZW;
	}
}

static struct ugvt_eu_inst inst_make(uint64_t *random)
{
	struct ugvt_eu_inst inst = {0};

	do {
		inst.opcode = (uint8_t)below(random, UGVT_EU_OPCODES);
		inst.op = ugvt_eu_op_find(inst.opcode);
	} while (!inst.op || !naive_knows(&inst));
	inst.exec_size = 1u << below(random, 6);
	inst.first = inst.exec_size >= 8 && seldom(random, 4) ? 8 : 0;
	inst.no_mask = seldom(random, 4);
	inst.saturate = seldom(random, 4);
	inst.predicate = seldom(random, 3);
	inst.predicate_inverse = seldom(random, 2);
	inst.flag = (uint8_t)below(random, 4);
	if (inst.opcode == UGVT_EU_CMP || seldom(random, 3)) {
		inst.cmod = (uint8_t)(1 + below(random, 6));
	}
	inst.dst = region(type_of(random, inst.op->dst_types), 44 + below(random, 8), 0, 1,
		1u << below(random, 2));
	for (unsigned i = 0; i < inst.op->sources; i++) {
		inst.src[i] = source_make(random, inst.op->src_types);
	}
	if (inst.op->form == UGVT_EU_FORM_THREE) {
		three_make(random, &inst);
	} else if (seldom(random, 4)) {
		inst.src[inst.op->sources - 1] =
			immediate_make(random, inst.op->src_types | 1 << UGVT_EU_UD);
	}
	return inst;
}

/* What is undefined, or what both would have to invent. */
static bool defined(const struct ugvt_eu_inst *inst)
{
	bool has_half = false, has_float = false, has_int = false, has_double = false,
	     has_wide = false;

	for (unsigned i = 0; i < inst->op->sources; i++) {
		enum ugvt_eu_type type = inst->src[i].type;

		has_half |= type == UGVT_EU_HF;
		has_float |= type == UGVT_EU_F;
		has_double |= type == UGVT_EU_DF;
		has_int |= !ugvt_eu_type_float(type);
		has_wide |= ugvt_eu_type_size(type) == 8 && !ugvt_eu_type_float(type);
	}
	/* Sources of several kinds; integers of 64 bits, that overflow. */
	if (has_half + has_float + has_int + has_double > 1 || has_wide) {
		return false;
	}
	/* Products of two halves are rounded to a float before they are rounded again, and shifts by much overflow. */
	if (inst->opcode == UGVT_EU_SHL && inst->saturate) {
		return false;
	}
	if (inst->opcode == UGVT_EU_MUL && has_int &&
		(inst->saturate || inst->cmod || ugvt_eu_type_float(inst->dst.type) ||
			ugvt_eu_type_size(inst->dst.type) == 8)) {
		return false;
	}
	if (inst->opcode == UGVT_EU_MAD && (has_int || has_half)) {
		return false;
	}
	/* To other floats than those computed with, they would be rounded twice. */
	return !(ugvt_eu_type_float(inst->dst.type) && (has_half || has_float || has_double) &&
		 inst->dst.type != inst->src[0].type && inst->opcode != UGVT_EU_MOV &&
		 inst->opcode != UGVT_EU_CMP);
}

/* Numbers of all kinds, many of them special. */
static void registers_fill(uint64_t *random, uint8_t *grf)
{
	static const uint32_t special[] = {0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000,
		0xff800000, 0x7fc00000, 0x00000001, 0x807fffff, 0x7f7fffff, 0x3f000000, 0x40200000,
		0xffffffff, 0x7fffffff, 0x3c003c00, 0x7c00fc00, 0x00018001, 0x4f000000, 0xcf000000,
		0x3ff00000, 0x7ff00000, 0x41dfffff};

	for (unsigned i = 0; i < UGVT_EU_GRF_BYTES / 4; i++) {
		uint32_t value = next(random);

		if (seldom(random, 3)) {
			value = special[below(random, UGVT_ARRAY_SIZE(special))];
		} else if (seldom(random, 3)) {
			value = 0x3f000000 + (value & 0x83ffffff);
		}
		memcpy(grf + 4 * i, &value, sizeof(value));
	}
}

static bool both_nan(enum ugvt_eu_type type, uint64_t a, uint64_t b)
{
	uint64_t infinity = type == UGVT_EU_HF  ? 0x7c00
			    : type == UGVT_EU_F ? 0x7f800000
						: UINT64_C(0x7ff0000000000000);
	uint64_t positive = UINT64_MAX >> (65 - 8 * ugvt_eu_type_size(type));

	return (a & positive) > infinity && (b & positive) > infinity;
}

static bool registers_same(const struct ugvt_eu_inst *inst, const uint8_t *a, const uint8_t *b)
{
	unsigned size = ugvt_eu_type_size(inst->dst.type);

	for (unsigned at = 0; at < UGVT_EU_GRF_BYTES; at += size) {
		uint64_t left = 0, right = 0;

		memcpy(&left, a + at, size);
		memcpy(&right, b + at, size);
		if (left != right && !(ugvt_eu_type_float(inst->dst.type) &&
					     both_nan(inst->dst.type, left, right))) {
			return false;
		}
	}
	return true;
}

static uint64_t bits_of(const uint8_t *grf, const struct ugvt_eu_inst *inst, unsigned n)
{
	unsigned size = ugvt_eu_type_size(inst->dst.type);
	uint64_t bits = 0;

	memcpy(&bits, grf + inst->dst.number * UGVT_EU_REGISTER_BYTES + inst->dst.offset + n * size,
		size);
	return bits;
}

static void difference_print(
	const struct ugvt_eu_inst *inst, const struct naive *naive, const struct rig *rig)
{
	char text[UGVT_EU_DISASM_MAX];

	for (unsigned i = 0; i < 16u * inst->dst.hstride; i++) {
		print_message("%u: naive %jx, interpreter %jx\n", i,
			(uintmax_t)bits_of(naive->grf, inst, i),
			(uintmax_t)bits_of(rig->thread.grf, inst, i));
	}
	ugvt_eu_disasm(inst, 0, NULL, text);
	fail_msg(
		"cr0 0x%x, flags %x %x: %s", naive->cr0, naive->flag[0], rig->thread.flag[0], text);
}

static void tier_try(const struct ugvt_eu_inst *inst, const struct naive *before,
	const struct naive *after, enum ugvt_eu_tier tier)
{
	static struct rig rig;

	rig_init(&rig);
	rig_add(&rig, *inst);
	rig_start(&rig, before->active, before->cr0);
	ugvt_eu_program_link(rig.program, tier);
	memcpy(rig.thread.grf, before->grf, UGVT_EU_GRF_BYTES);
	memcpy(rig.thread.flag, before->flag, sizeof(before->flag));
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	if (!registers_same(inst, after->grf, rig.thread.grf) ||
		memcmp(after->flag, rig.thread.flag, sizeof(after->flag)) != 0) {
		print_message("tier %u\n", tier);
		difference_print(inst, after, &rig);
	}
	rig_finish(&rig);
}

static void inst_try(uint64_t *random, const struct ugvt_eu_inst *inst)
{
	static struct naive before, after;

	before.active = seldom(random, 2) ? UINT32_MAX : next(random) | next(random);
	before.cr0 = (seldom(random, 2) ? 0 : 0x4c0) | seldom(random, 8);
	registers_fill(random, before.grf);
	for (unsigned i = 0; i < 2; i++) {
		before.flag[i] = next(random);
	}
	after = before;
	naive_exec(&after, inst);
	for (unsigned tier = UGVT_EU_TIER_REFERENCE; tier <= UGVT_EU_TIER_BEST; tier++) {
		tier_try(inst, &before, &after, tier);
	}
}

static void test_random(void **state)
{
	uint64_t random = 20;
	unsigned tried = 0;

	while (tried < INSTRUCTIONS) {
		struct ugvt_eu_inst inst = inst_make(&random);

		if (!ugvt_eu_validate(&inst) && defined(&inst)) {
			inst_try(&random, &inst);
			tried++;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("eu random", tests, NULL, NULL);
}
