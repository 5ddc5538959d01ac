/* SPDX-License-Identifier: MIT */
#include "gpu/cs/cs_state.h"

/*
 * The ALU (PRM SKL vol 6, "Command Streamer (CS) ALU Programming"; codes: i915 gt/intel_gpu_commands.h, MI_MATH_*) and the
 * predicates (registers: PRM SKL vol 2c, MI_PREDICATE_*; fields: Mesa src/intel/genxml/gen9.xml). Flags are stored as
 * all ones or zero (Mesa src/intel/common/mi_builder.h).
 */

#define ALU_OPCODE UGVT_MASK(31, 20)
#define ALU_OPERAND1 UGVT_MASK(19, 10)
#define ALU_OPERAND2 UGVT_MASK(9, 0)

enum alu_opcode {
	ALU_LOAD = 0x080,
	ALU_LOADINV = 0x480,
	ALU_LOAD0 = 0x081,
	ALU_LOAD1 = 0x481,
	ALU_ADD = 0x100,
	ALU_SUB = 0x101,
	ALU_AND = 0x102,
	ALU_OR = 0x103,
	ALU_XOR = 0x104,
	ALU_STORE = 0x180,
	ALU_STOREINV = 0x580,
};

enum alu_operand {
	ALU_GPR_COUNT = 16,
	ALU_SRCA = 0x20,
	ALU_SRCB = 0x21,
	ALU_ACCU = 0x31,
	ALU_ZF = 0x32,
	ALU_CF = 0x33,
};

struct alu {
	uint64_t a, b, accu;
	bool zero, carry;
};

static uint64_t reg64_read(const struct ugvt_cs *cs, uint32_t reg)
{
	return ugvt_u64(ugvt_cs_peek(cs, reg), ugvt_cs_peek(cs, reg + 4));
}

static uint64_t alu_read(const struct ugvt_cs *cs, const struct alu *alu, uint32_t operand)
{
	switch (operand) {
	case ALU_SRCA: return alu->a;
	case ALU_SRCB: return alu->b;
	case ALU_ACCU: return alu->accu;
	case ALU_ZF: return alu->zero ? UINT64_MAX : 0;
	case ALU_CF: return alu->carry ? UINT64_MAX : 0;
	default: break;
	}
	return operand < ALU_GPR_COUNT ? reg64_read(cs, RING_CS_GPR + 8 * operand) : 0;
}

static void alu_load(struct alu *alu, uint32_t operand, uint64_t value)
{
	if (operand == ALU_SRCA) {
		alu->a = value;
	} else if (operand == ALU_SRCB) {
		alu->b = value;
	}
}

static void alu_store(struct ugvt_cs *cs, uint32_t operand, uint64_t value)
{
	if (operand < ALU_GPR_COUNT) {
		ugvt_cs_poke(cs, RING_CS_GPR + 8 * operand, ugvt_lo32(value));
		ugvt_cs_poke(cs, RING_CS_GPR + 8 * operand + 4, ugvt_hi32(value));
	}
}

static void alu_result(struct alu *alu, uint64_t value, bool carry)
{
	alu->accu = value;
	alu->zero = value == 0;
	alu->carry = carry;
}

static void alu_execute(struct ugvt_cs *cs, struct alu *alu, uint32_t instruction)
{
	uint32_t first = UGVT_GET(ALU_OPERAND1, instruction);
	uint64_t second = alu_read(cs, alu, UGVT_GET(ALU_OPERAND2, instruction));

	switch (UGVT_GET(ALU_OPCODE, instruction)) {
	case ALU_LOAD: alu_load(alu, first, second); break;
	case ALU_LOADINV: alu_load(alu, first, ~second); break;
	case ALU_LOAD0: alu_load(alu, first, 0); break;
	case ALU_LOAD1: alu_load(alu, first, UINT64_MAX); break;
	case ALU_ADD: alu_result(alu, alu->a + alu->b, alu->a + alu->b < alu->a); break;
	case ALU_SUB: alu_result(alu, alu->a - alu->b, alu->a < alu->b); break;
	case ALU_AND: alu_result(alu, alu->a & alu->b, false); break;
	case ALU_OR: alu_result(alu, alu->a | alu->b, false); break;
	case ALU_XOR: alu_result(alu, alu->a ^ alu->b, false); break;
	case ALU_STORE: alu_store(cs, first, second); break;
	case ALU_STOREINV: alu_store(cs, first, ~second); break;
	default: break;
	}
}

enum ugvt_cs_step ugvt_cs_do_math(struct ugvt_cs *cs)
{
	struct alu alu = {0};

	for (unsigned i = 1; i < cs->copied; i++) {
		alu_execute(cs, &alu, cs->dw[i]);
	}
	cs->budget -= cs->copied / 4;
	return UGVT_STEP_NEXT;
}

#define PREDICATE_LOAD UGVT_MASK(7, 6)
#define PREDICATE_COMBINE UGVT_MASK(4, 3)
#define PREDICATE_COMPARE UGVT_MASK(1, 0)

enum predicate_load {
	PREDICATE_KEEP = 0,
	PREDICATE_LOADINV = 3,
};

static bool predicate_compare(const struct ugvt_cs *cs)
{
	uint64_t src0 = reg64_read(cs, RING_PREDICATE_SRC0);
	uint64_t src1 = reg64_read(cs, RING_PREDICATE_SRC1);

	switch (UGVT_GET(PREDICATE_COMPARE, cs->dw[0])) {
	case 0: return true;
	case 1: return false;
	case 2: return src0 == src1;
	default: return src0 - src1 == reg64_read(cs, RING_PREDICATE_DATA);
	}
}

static bool predicate_combine(const struct ugvt_cs *cs, bool value)
{
	bool old = ugvt_cs_peek(cs, RING_PREDICATE_RESULT) & 1;

	switch (UGVT_GET(PREDICATE_COMBINE, cs->dw[0])) {
	case 0: return value;
	case 1: return old && value;
	case 2: return old || value;
	default: return old != value;
	}
}

enum ugvt_cs_step ugvt_cs_do_predicate(struct ugvt_cs *cs)
{
	uint32_t load = UGVT_GET(PREDICATE_LOAD, cs->dw[0]);
	bool value = predicate_compare(cs);

	if (load == PREDICATE_KEEP) {
		return UGVT_STEP_NEXT;
	}
	if (load == PREDICATE_LOADINV) {
		value = !value;
	}
	ugvt_cs_poke(cs, RING_PREDICATE_RESULT, predicate_combine(cs, value));
	return UGVT_STEP_NEXT;
}

#define SET_PREDICATE_WHEN UGVT_MASK(3, 0)

/* The device has one slice: 5 asks for just that. */
static bool is_noop_after(const struct ugvt_cs *cs, uint32_t when)
{
	bool result = ugvt_cs_peek(cs, RING_PREDICATE_RESULT) & 1;
	bool result_2 = ugvt_cs_peek(cs, RING_PREDICATE_RESULT_2) & 1;

	switch (when) {
	case 1: return !result_2;
	case 2: return result_2;
	case 3: return !result;
	case 4: return result;
	case 6:
	case 7:
	case 15: return true;
	default: return false;
	}
}

enum ugvt_cs_step ugvt_cs_do_set_predicate(struct ugvt_cs *cs)
{
	cs->noop = is_noop_after(cs, UGVT_GET(SET_PREDICATE_WHEN, cs->dw[0]));
	return UGVT_STEP_NEXT;
}
