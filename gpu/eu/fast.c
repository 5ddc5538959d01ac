/* SPDX-License-Identifier: MIT */
#include "gpu/eu/fast.h"

#include <string.h>

#include "base/bits.h"

static bool is_contiguous(const struct ugvt_eu_access *access, unsigned n, unsigned size)
{
	for (unsigned i = 0; i < n; i++) {
		if (access->at[i] != access->at[0] + i * size) {
			return false;
		}
	}
	return true;
}

static bool is_scalar(const struct ugvt_eu_access *access, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		if (access->at[i] != access->at[0]) {
			return false;
		}
	}
	return true;
}

/* Of sixteen channels: one element for each eight. */
static bool is_pair(const struct ugvt_eu_access *access, unsigned n)
{
	for (unsigned i = 9; i < n; i++) {
		if (access->at[i] != access->at[8]) {
			return false;
		}
	}
	return n == 16 && is_scalar(access, 8);
}

static uint8_t source_shape(const struct ugvt_eu_access *src, unsigned n)
{
	if (src->place == UGVT_EU_PLACE_NULL) {
		return UGVT_EU_SHAPE_NONE;
	}
	if (src->place == UGVT_EU_PLACE_IMMEDIATE) {
		return UGVT_EU_SHAPE_IMMEDIATE;
	}
	if (ugvt_eu_type_size(src->type) == 4) {
		return is_scalar(src, n)          ? UGVT_EU_SHAPE_ONE
		       : is_contiguous(src, n, 4) ? UGVT_EU_SHAPE_ROW
		       : is_pair(src, n)          ? UGVT_EU_SHAPE_TWO
						  : UGVT_EU_SHAPE_ANY;
	}
	if (ugvt_eu_type_size(src->type) == 2 && n >= 8 && is_contiguous(src, n, 2)) {
		return src->type == UGVT_EU_W ? UGVT_EU_SHAPE_SHORTS : UGVT_EU_SHAPE_WORDS;
	}
	return UGVT_EU_SHAPE_ANY;
}

static uint8_t destination_shape(const struct ugvt_eu_step *step, unsigned n)
{
	const struct ugvt_eu_access *dst = &step->dst;
	unsigned size = ugvt_eu_type_size(dst->type);

	if (dst->place == UGVT_EU_PLACE_NULL) {
		return UGVT_EU_SHAPE_NONE;
	}
	if (size == 4 && is_contiguous(dst, n, size)) {
		return UGVT_EU_SHAPE_ROW;
	}
	if (size == 4 && step->writes == 0x0101 && is_pair(dst, n)) {
		return UGVT_EU_SHAPE_TWO;
	}
	return size == 2 && n == 16 && is_contiguous(dst, n, size) ? UGVT_EU_SHAPE_WORDS
								   : UGVT_EU_SHAPE_ANY;
}

/* As 32 bits for each channel. */
static void immediate_widen(struct ugvt_eu_step *step, const struct ugvt_eu_access *src)
{
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(step->immediate); i++) {
		const uint8_t *from = (const uint8_t *)src->imm + src->at[i];
		uint16_t word;

		memcpy(&word, from, sizeof(word));
		if (ugvt_eu_type_size(src->type) == 4) {
			memcpy(&step->immediate[i], from, sizeof(step->immediate[i]));
		} else {
			step->immediate[i] =
				src->type == UGVT_EU_W ? (uint32_t)(int16_t)word : word;
		}
	}
}

static bool is_narrow(uint8_t type)
{
	return type == UGVT_EU_UW || type == UGVT_EU_W || type == UGVT_EU_UD || type == UGVT_EU_D ||
	       type == UGVT_EU_UB || type == UGVT_EU_B;
}

static bool source_covered(const struct ugvt_eu_step *step, const struct ugvt_eu_access *src)
{
	switch ((enum ugvt_eu_place)src->place) {
	case UGVT_EU_PLACE_NULL: return true;
	case UGVT_EU_PLACE_GRF: break;
	case UGVT_EU_PLACE_IMMEDIATE:
		if (src->negate || src->absolute) {
			return false;
		}
		break;
	default: return false;
	}
	if (step->domain == UGVT_EU_DOMAIN_FLOAT) {
		/* Half floats are moved only. */
		return src->type == UGVT_EU_F ||
		       (src->type == UGVT_EU_HF && step->inst.opcode == UGVT_EU_MOV &&
			       src->place == UGVT_EU_PLACE_GRF && !src->negate && !src->absolute);
	}
	return is_narrow(src->type);
}

/* Operands that the runners can read and write. */
static bool is_covered(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	uint8_t type = step->dst.type;

	if (inst->exec_size > 16 || inst->acc_write || inst->cmod == UGVT_EU_CMOD_O ||
		step->domain == UGVT_EU_DOMAIN_DOUBLE ||
		(inst->cmod == UGVT_EU_CMOD_U && inst->opcode != UGVT_EU_MATH)) {
		return false;
	}
	if (step->dst.place != UGVT_EU_PLACE_GRF && step->dst.place != UGVT_EU_PLACE_NULL) {
		return false;
	}
	if (ugvt_eu_type_size(type) == 1 ||
		(type != UGVT_EU_F && type != UGVT_EU_HF && !is_narrow(type))) {
		return false;
	}
	for (unsigned n = 0; n < inst->op->sources; n++) {
		if (!source_covered(step, &step->src[n])) {
			return false;
		}
	}
	return true;
}

/* One letter of enum ugvt_eu_fast_shape, in FAST_V, FAST_S, FAST_I or FAST_ANY. */
static unsigned kind_of(const struct ugvt_eu_step *step, unsigned n)
{
	const struct ugvt_eu_access *src = &step->src[n];

	switch ((enum ugvt_eu_shape)src->shape) {
	case UGVT_EU_SHAPE_ROW: return FAST_V;
	case UGVT_EU_SHAPE_ONE: return FAST_S;
	case UGVT_EU_SHAPE_IMMEDIATE:
		for (unsigned i = 1; i < UGVT_ARRAY_SIZE(step->immediate); i++) {
			if (step->immediate[i] != step->immediate[0]) {
				return FAST_ANY;
			}
		}
		return FAST_I;
	default: return FAST_ANY;
	}
}

/* Of the kinds of up to three sources. */
static uint8_t shape_of(const unsigned kinds[3], unsigned sources)
{
	static const struct {
		uint8_t sources, kinds[3], shape;
	} shapes[] = {
		{1, {FAST_V}, FAST_V},
		{1, {FAST_S}, FAST_S},
		{1, {FAST_I}, FAST_I},
		{2, {FAST_V, FAST_V}, FAST_VV},
		{2, {FAST_V, FAST_S}, FAST_VS},
		{2, {FAST_V, FAST_I}, FAST_VI},
		{2, {FAST_S, FAST_S}, FAST_SS},
		{2, {FAST_S, FAST_I}, FAST_SI},
		{3, {FAST_V, FAST_V, FAST_V}, FAST_VVV},
		{3, {FAST_V, FAST_V, FAST_S}, FAST_VVS},
		{3, {FAST_S, FAST_V, FAST_V}, FAST_SVV},
		{3, {FAST_S, FAST_V, FAST_S}, FAST_SVS},
	};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(shapes); i++) {
		bool same = shapes[i].sources == sources;

		for (unsigned n = 0; n < sources; n++) {
			same = same && shapes[i].kinds[n] == kinds[n];
		}
		if (same) {
			return shapes[i].shape;
		}
	}
	return FAST_ANY;
}

static unsigned sources_of(uint8_t op, const struct ugvt_eu_step *step)
{
	/* Most functions of math have one. */
	return step->inst.opcode == UGVT_EU_MATH && op != FAST_POW && op != FAST_FDIV
		       ? 1
		       : step->inst.op->sources;
}

/* What the operation is with the first two sources, or the last two of three, the other way round; FAST_OPS: none. */
static uint8_t swapped(uint8_t op)
{
	switch (op) {
	case FAST_SUB_F: return FAST_RSUB_F;
	case FAST_RSUB_F: return FAST_SUB_F;
	case FAST_SUB: return FAST_RSUB;
	case FAST_RSUB: return FAST_SUB;
	case FAST_CMP_F_G:
	case FAST_CMP_D_G:
	case FAST_CMP_U_G: return op + (FAST_CMP_F_L - FAST_CMP_F_G);
	case FAST_CMP_F_GE:
	case FAST_CMP_D_GE:
	case FAST_CMP_U_GE: return op + (FAST_CMP_F_LE - FAST_CMP_F_GE);
	case FAST_CMP_F_L:
	case FAST_CMP_D_L:
	case FAST_CMP_U_L: return op - (FAST_CMP_F_L - FAST_CMP_F_G);
	case FAST_CMP_F_LE:
	case FAST_CMP_D_LE:
	case FAST_CMP_U_LE: return op - (FAST_CMP_F_LE - FAST_CMP_F_GE);
	case FAST_CMP_F_Z:
	case FAST_CMP_F_NZ:
	case FAST_CMP_D_Z:
	case FAST_CMP_D_NZ:
	case FAST_CMP_U_Z:
	case FAST_CMP_U_NZ:
	case FAST_ADD_F:
	case FAST_MUL_F:
	case FAST_ADD:
	case FAST_MUL:
	case FAST_AND:
	case FAST_OR:
	case FAST_XOR:
	case FAST_MAD:
	case FAST_MNADD:
	case FAST_MSUB:
	case FAST_NMSUB: return op;
	default: return FAST_OPS;
	}
}

/* A source whose negation is part of the operation. */
static bool is_negated(const struct ugvt_eu_step *step, unsigned n)
{
	return step->src[n].negate && !step->src[n].absolute;
}

static bool has_modifiers(const struct ugvt_eu_step *step, unsigned sources)
{
	bool has = false;

	for (unsigned n = 0; n < sources; n++) {
		has = has || step->src[n].negate || step->src[n].absolute;
	}
	return has;
}

/* The operation that has the negations of its sources in itself; FAST_OPS: there is none. */
static uint8_t folded(uint8_t op, const struct ugvt_eu_step *step)
{
	static const uint8_t adds[4] = {FAST_OPS, FAST_RSUB_F, FAST_SUB_F, FAST_OPS};
	static const uint8_t mads[4] = {FAST_MAD, FAST_MSUB, FAST_MNADD, FAST_NMSUB};
	bool a = is_negated(step, 0), b = is_negated(step, 1), c = is_negated(step, 2);

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		if (step->src[n].absolute) {
			return FAST_OPS;
		}
	}
	switch (op) {
	case FAST_ADD_F: return adds[a + 2 * b];
	case FAST_ADD: return a == b ? FAST_OPS : adds[a + 2 * b] - FAST_SUB_F + FAST_SUB;
	case FAST_MUL_F: return a != b ? FAST_NMUL_F : FAST_MUL_F;
	case FAST_MAD: return mads[a + 2 * (b != c)];
	default: return FAST_OPS;
	}
}

static void code_swap(struct ugvt_eu_code *code, unsigned kinds[3], unsigned n)
{
	uint16_t at = code->src[n];
	unsigned kind = kinds[n];

	code->src[n] = code->src[n + 1];
	code->src[n + 1] = at;
	kinds[n] = kinds[n + 1];
	kinds[n + 1] = kind;
}

/* A stamp for the kinds of the sources, as they are or the other way round, if there is one. */
static struct ugvt_eu_fast_choice stamp_choose(
	uint8_t op, const struct ugvt_eu_step *step, struct ugvt_eu_code *code)
{
	unsigned sources = sources_of(op, step), first = sources == 3;
	struct ugvt_eu_fast_choice choice = {.op = op, .shape = FAST_ANY};
	unsigned kinds[3] = {0};

	if (has_modifiers(step, sources)) {
		choice.op = folded(op, step);
		if (choice.op == FAST_OPS) {
			choice.op = op;
			return choice;
		}
	}
	for (unsigned n = 0; n < sources; n++) {
		kinds[n] = kind_of(step, n);
	}
	choice.shape = shape_of(kinds, sources);
	if (choice.shape == FAST_ANY && sources > 1 && swapped(choice.op) != FAST_OPS) {
		code_swap(code, kinds, first);
		choice.op = swapped(choice.op);
		choice.shape = shape_of(kinds, sources);
	}
	if (choice.shape == FAST_ANY) {
		choice.op = op;
	}
	return choice;
}

/* Whether a result is simply stored. */
static bool is_plain(const struct ugvt_eu_step *step, uint8_t op)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	bool compares = op >= FAST_CMP_F_Z;

	if (inst->exec_size < 8 || inst->saturate || (step->writes & 0xffff) != 0xffff ||
		(inst->predicate && inst->opcode != UGVT_EU_SEL)) {
		return false;
	}
	if (step->dst.shape != UGVT_EU_SHAPE_ROW &&
		!(compares && step->dst.shape == UGVT_EU_SHAPE_NONE)) {
		return false;
	}
	return compares || !inst->cmod || ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_FLAG);
}

static void code_fill(struct ugvt_eu_step *step, struct ugvt_eu_code *code)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	step->dst.shape = destination_shape(step, inst->exec_size);
	code->dst = step->dst.place == UGVT_EU_PLACE_GRF ? step->dst.at[0] : UGVT_EU_CODE_NOWHERE;
	for (unsigned n = 0; n < UGVT_ARRAY_SIZE(step->src); n++) {
		step->src[n].shape = source_shape(&step->src[n], inst->exec_size);
		code->src[n] = step->src[n].at[0];
		if (step->src[n].shape == UGVT_EU_SHAPE_IMMEDIATE) {
			immediate_widen(step, &step->src[n]);
			code->imm = step->immediate[0];
		}
	}
}

struct ugvt_eu_fast_choice ugvt_eu_fast_choose(
	struct ugvt_eu_step *step, struct ugvt_eu_code *code, bool simple)
{
	struct ugvt_eu_fast_choice choice = {.op = FAST_OPS};

	if (!is_covered(step)) {
		return choice;
	}
	choice.op = ugvt_eu_fast_op(step);
	if (choice.op == FAST_OPS) {
		return choice;
	}
	code_fill(step, code);
	if (simple || choice.op == FAST_PLN) {
		choice.shape = FAST_ANY;
	} else {
		choice = stamp_choose(choice.op, step, code);
	}
	choice.wide = step->inst.exec_size > 8;
	code->check = step->inst.no_mask ? 0 : step->lanes;
	if (choice.op < FAST_FLOATS) {
		code->check |= UGVT_EU_GO_IEEE;
	}
	if (!is_plain(step, choice.op)) {
		code->check |= UGVT_EU_GO_NEVER;
	}
	return choice;
}
