/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/gpu/eu/rig.h"

/*
 * Single instructions in eight channels with the same operands, and their results, worked out by hand from the descriptions in
 * the Ivy Bridge PRM vol. 4 part 3, section 6.
 */

enum {
	SAT = 1 << 0,
	NEG = 1 << 1, // source 0
	ABS = 1 << 2,
	ALT = 1 << 3, // float mode
	DENORM = 1 << 4,
	UP = 1 << 5, // rounding
	ZERO = 1 << 6,
};

/* Floats. */
#define F0 0x00000000
#define F1 0x3f800000
#define F2 0x40000000
#define F3 0x40400000
#define F_2 0xc0000000
#define F_HALF 0x3f000000
#define F_INF 0x7f800000
#define F_NAN 0x7fc00000
#define F_MAX 0x7f7fffff
#define F_SIGN 0x80000000
#define F_DENORM 0x00000001

struct alu_case {
	const char *name;
	uint8_t opcode, dst, src; // types
	uint64_t a, b, c, want;
	unsigned flags;
	uint8_t cmod, math;
};

#define OP(op) UGVT_EU_##op
#define T(dst, src) UGVT_EU_##dst, UGVT_EU_##src

static const struct alu_case cases[] = {
	{"mov", OP(MOV), T(D, D), 5, 0, 0, 5},
	{"mov -", OP(MOV), T(D, D), 5, 0, 0, 0xfffffffb, NEG},
	{"mov abs", OP(MOV), T(D, D), 0xfffffffb, 0, 0, 5, ABS},
	{"mov -abs", OP(MOV), T(D, D), 0xfffffffb, 0, 0, 0xfffffffb, ABS | NEG},
	{"mov to float", OP(MOV), T(F, D), 0xfffffffe, 0, 0, F_2},
	{"mov unsigned to float", OP(MOV), T(F, UD), 0xffffffff, 0, 0, 0x4f800000},
	{"mov to float, upwards", OP(MOV), T(F, UD), 0x01000001, 0, 0, 0x4b800001, UP},
	{"mov to float, to zero", OP(MOV), T(F, UD), 0xffffffff, 0, 0, 0x4f7fffff, ZERO},
	{"mov truncates", OP(MOV), T(D, F), 0xbfc00000, 0, 0, 0xffffffff},
	{"mov clamps", OP(MOV), T(D, F), 0x7149f2ca, 0, 0, 0x7fffffff},
	{"mov clamps below", OP(MOV), T(UD, F), F_2, 0, 0, 0},
	{"mov NaN", OP(MOV), T(D, F), F_NAN, 0, 0, 0},
	{"mov infinity", OP(MOV), T(UD, F), F_INF, 0, 0, 0xffffffff},
	{"mov to word", OP(MOV), T(W, D), 0x12345, 0, 0, 0x2345},
	{"mov.sat to word", OP(MOV), T(W, D), 0x12345, 0, 0, 0x7fff, SAT},
	{"mov.sat to byte", OP(MOV), T(UB, D), 0xffffffff, 0, 0, 0, SAT},
	{"mov.sat to signed byte", OP(MOV), T(B, D), 0xffffff00, 0, 0, 0x80, SAT},
	{"mov widens", OP(MOV), T(D, B), 0x80, 0, 0, 0xffffff80},
	{"mov to 64 bits", OP(MOV), T(Q, D), 0x80000000, 0, 0, 0xffffffff80000000},
	{"mov raw denormal", OP(MOV), T(F, F), F_DENORM, 0, 0, F_DENORM},
	{"mov flushes what it changes", OP(MOV), T(F, F), F_DENORM, 0, 0, F_SIGN, NEG},
	{"mov keeps denormals", OP(MOV), T(F, F), F_DENORM, 0, 0, 0x80000001, NEG | DENORM},
	{"mov to half", OP(MOV), T(HF, F), 0x477ff000, 0, 0, 0x7c00},
	{"mov to half, not quite", OP(MOV), T(HF, F), 0x477fefff, 0, 0, 0x7bff},
	{"mov to half, to zero", OP(MOV), T(HF, F), 0x7149f2ca, 0, 0, 0x7bff, ZERO},
	{"mov to half, to even", OP(MOV), T(HF, F), 0x3f801000, 0, 0, 0x3c00},
	{"mov to half denormal", OP(MOV), T(HF, F), 0x33800000, 0, 0, 0x0001},
	{"mov to half, of a denormal", OP(MOV), T(HF, F), 0x807fffff, 0, 0, 0x8000},
	{"mov from half", OP(MOV), T(F, HF), 0xc000, 0, 0, F_2},
	{"mov from half denormal", OP(MOV), T(F, HF), 0x0001, 0, 0, 0x33800000},
	{"mov from half infinity", OP(MOV), T(F, HF), 0x7c00, 0, 0, F_INF},
	{"mov to double", OP(MOV), T(DF, F), F_HALF, 0, 0, 0x3fe0000000000000},
	{"mov from double", OP(MOV), T(F, DF), 0x3fe0000000000001, 0, 0, F_HALF},
	{"mov.sat above", OP(MOV), T(F, F), F2, 0, 0, F1, SAT},
	{"mov.sat below", OP(MOV), T(F, F), F_2, 0, 0, F0, SAT},
	{"mov.sat NaN", OP(MOV), T(F, F), F_NAN, 0, 0, F0, SAT},
	{"not", OP(NOT), T(UD, UD), 0x0f0f0f0f, 0, 0, 0xf0f0f0f0},
	{"and", OP(AND), T(UD, UD), 0xff00ff00, 0x0ff00ff0, 0, 0x0f000f00},
	{"and ~", OP(AND), T(UD, UD), 0xff00ff00, 0x0ff00ff0, 0, 0x00f000f0, NEG},
	{"or", OP(OR), T(UD, UD), 0xff00ff00, 0x0ff00ff0, 0, 0xfff0fff0},
	{"xor", OP(XOR), T(UD, UD), 0xff00ff00, 0x0ff00ff0, 0, 0xf0f0f0f0},
	{"shl", OP(SHL), T(UD, UD), 0x80000001, 33, 0, 2},
	{"shr", OP(SHR), T(UD, UD), 0x80000000, 31, 0, 1},
	{"shr of signed", OP(SHR), T(UD, D), 0x80000000, 31, 0, 1},
	{"asr", OP(ASR), T(D, D), 0x80000000, 31, 0, 0xffffffff},
	{"shl of 64 bits", OP(SHL), T(UQ, UQ), 1, 63, 0, 0x8000000000000000},
	{"add", OP(ADD), T(UD, UD), 0xffffffff, 2, 0, 1},
	{"add.sat", OP(ADD), T(UD, UD), 0xffffffff, 2, 0, 0xffffffff, SAT},
	{"add.sat of negatives", OP(ADD), T(D, D), 0x80000000, 0xffffffff, 0, 0x80000000, SAT},
	{"add with unsigned negated", OP(ADD), T(UD, UD), 3, 5, 0, 2, NEG},
	{"add floats", OP(ADD), T(F, F), F1, F2, 0, F3},
	{"add infinities", OP(ADD), T(F, F), F_MAX, F_MAX, 0, F_INF},
	{"add, alternative", OP(ADD), T(F, F), F_MAX, F_MAX, 0, F_MAX, ALT},
	{"add flushes sources", OP(ADD), T(F, F), F_DENORM, F_SIGN, 0, F0},
	{"add with denormals", OP(ADD), T(F, F), F_DENORM, F_DENORM, 0, 2, DENORM},
	{"add rounds up", OP(ADD), T(F, F), F1, 0x30000000, 0, 0x3f800001, UP},
	{"add doubles", OP(ADD), T(DF, DF), 0x3ff0000000000000, 0x3ff0000000000000, 0,
		0x4000000000000000},
	{"add halves", OP(ADD), T(HF, HF), 0x3c00, 0x4000, 0, 0x4200},
	{"mul", OP(MUL), T(D, D), 0xfffffffd, 7, 0, 0xffffffeb},
	{"mul words", OP(MUL), T(D, W), 0x8000, 0x8000, 0, 0x40000000},
	{"mul to 64 bits", OP(MUL), T(UQ, UD), 0xffffffff, 0xffffffff, 0, 0xfffffffe00000001},
	{"mul floats", OP(MUL), T(F, F), F2, F_HALF, 0, F1},
	{"mul zero by infinity", OP(MUL), T(F, F), F_INF, F0, 0, F_NAN},
	{"avg", OP(AVG), T(D, D), 3, 4, 0, 4},
	{"avg of negatives", OP(AVG), T(D, D), 0xfffffffd, 0xfffffffc, 0, 0xfffffffd},
	{"frc", OP(FRC), T(F, F), 0xbfa00000, 0, 0, 0x3f400000},
	{"rndd", OP(RNDD), T(F, F), 0xbfa00000, 0, 0, F_2},
	{"rndu", OP(RNDU), T(F, F), 0x3fa00000, 0, 0, F2},
	{"rnde", OP(RNDE), T(F, F), 0x40200000, 0, 0, F2},
	{"rndz", OP(RNDZ), T(F, F), 0xbfa00000, 0, 0, 0xbf800000},
	{"lzd", OP(LZD), T(UD, UD), 0x00010000, 0, 0, 15},
	{"lzd of zero", OP(LZD), T(UD, UD), 0, 0, 0, 32},
	{"fbh", OP(FBH), T(UD, UD), 0x00010000, 0, 0, 15},
	{"fbh of negative", OP(FBH), T(D, D), 0xfffeffff, 0, 0, 15},
	{"fbh of minus one", OP(FBH), T(D, D), 0xffffffff, 0, 0, 0xffffffff},
	{"fbl", OP(FBL), T(UD, UD), 0x00010000, 0, 0, 16},
	{"fbl of zero", OP(FBL), T(UD, UD), 0, 0, 0, 0xffffffff},
	{"cbit", OP(CBIT), T(UD, UD), 0xf00f0001, 0, 0, 9},
	{"bfrev", OP(BFREV), T(UD, UD), 0x00000013, 0, 0, 0xc8000000},
	{"bfi1", OP(BFI1), T(UD, UD), 4, 8, 0, 0x00000f00},
	{"bfe", OP(BFE), T(UD, UD), 8, 4, 0x12345678, 0x67},
	{"bfe signed", OP(BFE), T(D, D), 4, 4, 0x12345688, 0xfffffff8},
	{"bfe beyond the top", OP(BFE), T(UD, UD), 16, 24, 0x12345678, 0x12},
	{"bfe of nothing", OP(BFE), T(UD, UD), 0, 4, 0x12345678, 0},
	{"bfi2", OP(BFI2), T(UD, UD), 0x00000ff0, 0xabcd, 0x11111111, 0x11111cd1},
	{"mad", OP(MAD), T(F, F), F1, F2, F3, 0x40e00000},
	{"mad rounds once", OP(MAD), T(F, F), 0xbf800000, 0x3f800001, 0x3f7ffffe, 0xa8800000},
	{"lrp", OP(LRP), T(F, F), 0x3e800000, 0x40800000, 0x41000000, 0x40e00000},
	{"sel.l", OP(SEL), T(F, F), F1, F2, 0, F1, 0, UGVT_EU_CMOD_L},
	{"sel.ge", OP(SEL), T(F, F), F1, F2, 0, F2, 0, UGVT_EU_CMOD_GE},
	{"sel.l with a NaN", OP(SEL), T(F, F), F_NAN, F2, 0, F2, 0, UGVT_EU_CMOD_L},
	{"sel.ge with a NaN", OP(SEL), T(F, F), F2, F_NAN, 0, F2, 0, UGVT_EU_CMOD_GE},
	{"sel.l of integers", OP(SEL), T(D, D), 0xffffffff, 1, 0, 0xffffffff, 0, UGVT_EU_CMOD_L},
	{"sel.l unsigned", OP(SEL), T(UD, UD), 0xffffffff, 1, 0, 1, 0, UGVT_EU_CMOD_L},
	{"sel.l of 64 bits", OP(SEL), T(UQ, UQ), UINT64_MAX, 1, 0, 1, 0, UGVT_EU_CMOD_L},
	{"cmp.l", OP(CMP), T(D, D), 1, 2, 0, 0xffffffff, 0, UGVT_EU_CMOD_L},
	{"cmp.g", OP(CMP), T(D, D), 1, 2, 0, 0, 0, UGVT_EU_CMOD_G},
	{"cmp.l unsigned", OP(CMP), T(UD, UD), 0xffffffff, 2, 0, 0, 0, UGVT_EU_CMOD_L},
	{"cmp.z of zeros", OP(CMP), T(F, F), F0, F_SIGN, 0, 0xffffffff, 0, UGVT_EU_CMOD_Z},
	{"cmp.ge with a NaN", OP(CMP), T(F, F), F_NAN, F1, 0, 0, 0, UGVT_EU_CMOD_GE},
	{"cmp.nz with a NaN", OP(CMP), T(F, F), F_NAN, F_NAN, 0, 0xffffffff, 0, UGVT_EU_CMOD_NZ},
	{"cmpn.l with a NaN", OP(CMPN), T(F, F), F1, F_NAN, 0, 0xffffffff, 0, UGVT_EU_CMOD_L},
	{"cmp of doubles", OP(CMP), T(DF, DF), 0x3ff0000000000001, 0x3ff0000000000000, 0,
		UINT64_MAX, 0, UGVT_EU_CMOD_G},
	{"csel", OP(CSEL), T(F, F), F1, F2, F_2, F2, 0, UGVT_EU_CMOD_G},
	{"csel.l", OP(CSEL), T(F, F), F1, F2, F_2, F1, 0, UGVT_EU_CMOD_L},
	{"inv", OP(MATH), T(F, F), F2, 0, 0, F_HALF, 0, 0, UGVT_EU_MATH_INV},
	{"inv of zero", OP(MATH), T(F, F), F_SIGN, 0, 0, 0xff800000, 0, 0, UGVT_EU_MATH_INV},
	{"inv of zero, alternative", OP(MATH), T(F, F), F0, 0, 0, F_MAX, ALT, 0, UGVT_EU_MATH_INV},
	{"log", OP(MATH), T(F, F), 0x41000000, 0, 0, F3, 0, 0, UGVT_EU_MATH_LOG},
	{"log of zero", OP(MATH), T(F, F), F0, 0, 0, 0xff800000, 0, 0, UGVT_EU_MATH_LOG},
	{"log, alternative", OP(MATH), T(F, F), 0xc1000000, 0, 0, F3, ALT, 0, UGVT_EU_MATH_LOG},
	{"exp", OP(MATH), T(F, F), F3, 0, 0, 0x41000000, 0, 0, UGVT_EU_MATH_EXP},
	{"sqrt", OP(MATH), T(F, F), 0x41100000, 0, 0, F3, 0, 0, UGVT_EU_MATH_SQRT},
	{"sqrt of negative", OP(MATH), T(F, F), F_2, 0, 0, F_NAN, 0, 0, UGVT_EU_MATH_SQRT},
	{"rsq", OP(MATH), T(F, F), 0x40800000, 0, 0, F_HALF, 0, 0, UGVT_EU_MATH_RSQ},
	{"rsq of -0", OP(MATH), T(F, F), F_SIGN, 0, 0, 0xff800000, 0, 0, UGVT_EU_MATH_RSQ},
	{"rsq, alternative", OP(MATH), T(F, F), 0xc0800000, 0, 0, F_HALF, ALT, 0, UGVT_EU_MATH_RSQ},
	{"sin of zero", OP(MATH), T(F, F), F_SIGN, 0, 0, F_SIGN, 0, 0, UGVT_EU_MATH_SIN},
	{"cos of zero", OP(MATH), T(F, F), F0, 0, 0, F1, 0, 0, UGVT_EU_MATH_COS},
	{"pow", OP(MATH), T(F, F), F2, F3, 0, 0x41000000, 0, 0, UGVT_EU_MATH_POW},
	{"pow of negative", OP(MATH), T(F, F), F_2, F3, 0, 0x41000000, 0, 0, UGVT_EU_MATH_POW},
	{"pow of zero", OP(MATH), T(F, F), F0, F_2, 0, F_INF, 0, 0, UGVT_EU_MATH_POW},
	{"pow 0^0", OP(MATH), T(F, F), F0, F0, 0, F_NAN, 0, 0, UGVT_EU_MATH_POW},
	{"fdiv", OP(MATH), T(F, F), F3, F2, 0, 0x3fc00000, 0, 0, UGVT_EU_MATH_FDIV},
	{"math.sat", OP(MATH), T(F, F), F_HALF, 0, 0, F1, SAT, 0, UGVT_EU_MATH_INV},
	{"intdiv", OP(MATH), T(D, D), 0xfffffff9, 2, 0, 0xfffffffd, 0, 0, UGVT_EU_MATH_INTDIV},
	{"intmod", OP(MATH), T(D, D), 0xfffffff9, 2, 0, 0xffffffff, 0, 0, UGVT_EU_MATH_INTMOD},
	{"intdiv unsigned", OP(MATH), T(UD, UD), 0xfffffff9, 2, 0, 0x7ffffffc, 0, 0,
		UGVT_EU_MATH_INTDIV},
	{"intdiv by zero", OP(MATH), T(UD, UD), 7, 0, 0, 0xffffffff, 0, 0, UGVT_EU_MATH_INTDIV},
	{"intdiv of the smallest", OP(MATH), T(D, D), 0x80000000, 0xffffffff, 0, 0x80000000, 0, 0,
		UGVT_EU_MATH_INTDIV},
};

static bool is_nan(uint64_t bits)
{
	return (bits & 0x7fffffff) > 0x7f800000;
}

static struct ugvt_eu_inst instruction(const struct alu_case *c)
{
	const struct ugvt_eu_op *op = ugvt_eu_op_find(c->opcode);
	struct ugvt_eu_operand src[3] = {vec(c->src, 20), vec(c->src, 24), vec(c->src, 28)};
	struct ugvt_eu_inst inst;

	inst = op->sources == 3 ? make3(c->opcode, 8, vec(c->dst, 10), src)
				: make(c->opcode, 8, vec(c->dst, 10), src[0], src[1]);
	if (op->sources == 1) {
		inst.src[1] = null(UGVT_EU_UD);
	}
	inst.saturate = c->flags & SAT;
	inst.src[0].negate = c->flags & NEG;
	inst.src[0].absolute = c->flags & ABS;
	inst.cmod = c->math ? c->math : c->cmod;
	return inst;
}

static void case_run(const struct alu_case *c)
{
	uint32_t cr0 = (c->flags & ALT ? UGVT_EU_CR0_ALTERNATIVE : 0) |
		       (c->flags & DENORM ? UGVT_EU_CR0_F_DENORMS | UGVT_EU_CR0_HF_DENORMS : 0) |
		       (c->flags & UP ? 1 << 4 : 0) | (c->flags & ZERO ? 3 << 4 : 0);
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, instruction(c));
	rig_start(&rig, 0xff, cr0);
	if (rig.program->steps[0].wrong) {
		fail_msg("%s: %s", c->name, rig.program->steps[0].wrong);
	}
	for (unsigned n = 0; n < 8; n++) {
		rig_set(&rig, c->src, 20, n, c->a);
		rig_set(&rig, c->src, 24, n, c->b);
		rig_set(&rig, c->src, 28, n, c->c);
	}
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	for (unsigned n = 0; n < 8; n++) {
		uint64_t got = rig_get(&rig, c->dst, 10, n);

		if (got != c->want && !(c->want == F_NAN && is_nan(got))) {
			fail_msg("%s: channel %u is 0x%jx, should be 0x%jx", c->name, n,
				(uintmax_t)got, (uintmax_t)c->want);
		}
	}
	rig_finish(&rig);
}

static void test_cases(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(cases); i++) {
		case_run(&cases[i]);
	}
}

/* The low half of a product, then the high one: Mesa's lower_mulh_inst(). */
static void test_mul_mach(void **state)
{
	struct ugvt_eu_operand low = region(UGVT_EU_UW, 24, 16, 8, 2);
	struct ugvt_eu_inst mul, mach;
	struct rig rig;

	rig_init(&rig);
	mul = make(UGVT_EU_MUL, 8, arf(UGVT_EU_D, UGVT_EU_ARF_ACC, 0), vec(UGVT_EU_D, 20), low);
	mach = make(UGVT_EU_MACH, 8, vec(UGVT_EU_D, 10), vec(UGVT_EU_D, 20), vec(UGVT_EU_D, 24));
	mach.acc_write = true;
	rig_add(&rig, mul);
	rig_add(&rig, mach);
	rig_add(&rig, make(UGVT_EU_MOV, 8, vec(UGVT_EU_D, 11), arf(UGVT_EU_D, UGVT_EU_ARF_ACC, 0),
			      null(UGVT_EU_UD)));
	rig_start(&rig, 0xff, 0);
	for (unsigned n = 0; n < 8; n++) {
		rig_set(&rig, UGVT_EU_D, 20, n, 0x87654321u + n);
		rig_set(&rig, UGVT_EU_D, 24, n, 0xfedcba98u - n);
	}
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	for (unsigned n = 0; n < 8; n++) {
		int64_t product = (int64_t)(int32_t)(0x87654321u + n) * (int32_t)(0xfedcba98u - n);

		assert_int_equal((int32_t)rig_get(&rig, UGVT_EU_D, 10, n), product >> 32);
		assert_int_equal((uint32_t)rig_get(&rig, UGVT_EU_D, 11, n), (uint32_t)product);
	}
	rig_finish(&rig);
}

static void test_carry(void **state)
{
	struct ugvt_eu_inst addc = make(
		UGVT_EU_ADDC, 8, vec(UGVT_EU_UD, 10), vec(UGVT_EU_UD, 20), vec(UGVT_EU_UD, 21));
	struct rig rig;

	rig_init(&rig);
	addc.acc_write = true;
	rig_add(&rig, addc);
	rig_add(&rig, make(UGVT_EU_MOV, 8, vec(UGVT_EU_UD, 11), arf(UGVT_EU_UD, UGVT_EU_ARF_ACC, 0),
			      null(UGVT_EU_UD)));
	rig_start(&rig, 0xff, 0);
	rig_set(&rig, UGVT_EU_UD, 20, 3, 0xffffffff);
	rig_set(&rig, UGVT_EU_UD, 21, 3, 2);
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig_get(&rig, UGVT_EU_UD, 10, 3), 1);
	assert_int_equal(rig_get(&rig, UGVT_EU_UD, 11, 3), 1);
	assert_int_equal(rig_get(&rig, UGVT_EU_UD, 11, 2), 0);
	rig_finish(&rig);
}

/* u and v of eight channels each, one register after the other. */
static void test_plane(void **state)
{
	struct rig rig;

	rig_init(&rig);
	rig_add(&rig, make(UGVT_EU_PLN, 16, vec(UGVT_EU_F, 10), one(UGVT_EU_F, 4, 4),
			      vec(UGVT_EU_F, 20)));
	rig_start(&rig, 0xffff, 0);
	rig_set(&rig, UGVT_EU_F, 4, 4, F2);   // p
	rig_set(&rig, UGVT_EU_F, 4, 5, F3);   // q
	rig_set(&rig, UGVT_EU_F, 4, 7, F1);   // r
	rig_set(&rig, UGVT_EU_F, 20, 1, F3);  // u of channel 1
	rig_set(&rig, UGVT_EU_F, 21, 1, F2);  // v
	rig_set(&rig, UGVT_EU_F, 22, 2, F2);  // u of channel 10
	rig_set(&rig, UGVT_EU_F, 23, 2, F_2); // v
	assert_int_equal(rig_run(&rig), UGVT_EU_DONE);
	assert_int_equal(rig_get(&rig, UGVT_EU_F, 10, 0), F1);
	assert_int_equal(rig_get(&rig, UGVT_EU_F, 10, 1), 0x41500000);
	assert_int_equal(rig_get(&rig, UGVT_EU_F, 10, 10), 0xbf800000);
	rig_finish(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_mul_mach),
		cmocka_unit_test(test_carry),
		cmocka_unit_test(test_plane),
	};

	return cmocka_run_group_tests_name("eu alu", tests, NULL, NULL);
}
