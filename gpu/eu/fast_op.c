/* SPDX-License-Identifier: MIT */
#include "gpu/eu/fast.h"

/* Which operation of gpu/eu/fast.h an instruction is. */

static bool modified(const struct ugvt_eu_step *step)
{
	bool is = false;

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		is = is || step->src[n].negate || step->src[n].absolute;
	}
	return is;
}

static uint8_t float_mov(const struct ugvt_eu_step *step)
{
	bool half = step->src[0].type == UGVT_EU_HF;
	bool simple = !step->inst.saturate && !step->inst.cmod;

	switch (step->dst.type) {
	case UGVT_EU_F: return half ? FAST_HALF_TO_F : FAST_MOV_F;
	case UGVT_EU_HF: return half || !simple ? FAST_OPS : FAST_F_TO_HALF;
	case UGVT_EU_D: return half ? FAST_OPS : FAST_F_TO_D;
	case UGVT_EU_UD: return half ? FAST_OPS : FAST_F_TO_U;
	default: return FAST_OPS;
	}
}

static uint8_t float_sel(const struct ugvt_eu_inst *inst)
{
	switch (inst->cmod) {
	case UGVT_EU_CMOD_NONE: return FAST_SEL_F;
	case UGVT_EU_CMOD_L: return FAST_MIN_F;
	case UGVT_EU_CMOD_GE: return FAST_MAX_F;
	default: return FAST_OPS;
	}
}

static uint8_t float_op(const struct ugvt_eu_step *step)
{
	switch (step->inst.opcode) {
	case UGVT_EU_SEL: return float_sel(&step->inst);
	case UGVT_EU_ADD: return FAST_ADD_F;
	case UGVT_EU_MUL: return FAST_MUL_F;
	case UGVT_EU_CSEL: return FAST_CSEL;
	case UGVT_EU_MAD: return FAST_MAD;
	case UGVT_EU_LRP: return FAST_LRP;
	case UGVT_EU_FRC: return FAST_FRC;
	case UGVT_EU_RNDD: return FAST_RNDD;
	case UGVT_EU_RNDU: return FAST_RNDU;
	case UGVT_EU_RNDE: return FAST_RNDE;
	case UGVT_EU_RNDZ: return FAST_RNDZ;
	case UGVT_EU_PLN: return FAST_PLN;
	default: return FAST_OPS;
	}
}

static uint8_t math_op(enum ugvt_eu_math function)
{
	switch (function) {
	case UGVT_EU_MATH_INV: return FAST_INV;
	case UGVT_EU_MATH_LOG: return FAST_LOG;
	case UGVT_EU_MATH_EXP: return FAST_EXP;
	case UGVT_EU_MATH_SQRT: return FAST_SQRT;
	case UGVT_EU_MATH_RSQ: return FAST_RSQ;
	case UGVT_EU_MATH_SIN: return FAST_SIN;
	case UGVT_EU_MATH_COS: return FAST_COS;
	case UGVT_EU_MATH_FDIV: return FAST_FDIV;
	case UGVT_EU_MATH_POW: return FAST_POW;
	default: return FAST_OPS;
	}
}

/* What needs more than 32 bits between: comparisons and shifts of what is negated, or of both kinds. */
static bool fits(const struct ugvt_eu_step *step)
{
	return !modified(step) &&
	       (step->src[0].type == UGVT_EU_UD) == (step->src[1].type == UGVT_EU_UD);
}

static uint8_t int_sel(const struct ugvt_eu_step *step)
{
	bool is_signed = step->src[0].type != UGVT_EU_UD;

	switch (step->inst.cmod) {
	case UGVT_EU_CMOD_NONE: return FAST_SEL;
	case UGVT_EU_CMOD_L: return !fits(step) ? FAST_OPS : is_signed ? FAST_MIN_D : FAST_MIN_U;
	case UGVT_EU_CMOD_GE: return !fits(step) ? FAST_OPS : is_signed ? FAST_MAX_D : FAST_MAX_U;
	default: return FAST_OPS;
	}
}

static uint8_t int_op(const struct ugvt_eu_step *step)
{
	uint8_t first = step->src[0].type;
	bool is_signed = first == UGVT_EU_D || first == UGVT_EU_W || first == UGVT_EU_B;

	switch (step->inst.opcode) {
	case UGVT_EU_MOV: return FAST_MOV;
	case UGVT_EU_SEL: return int_sel(step);
	case UGVT_EU_ADD: return FAST_ADD;
	case UGVT_EU_MUL: return FAST_MUL;
	case UGVT_EU_NOT: return FAST_NOT;
	case UGVT_EU_AND: return FAST_AND;
	case UGVT_EU_OR: return FAST_OR;
	case UGVT_EU_XOR: return FAST_XOR;
	case UGVT_EU_SHL: return modified(step) ? FAST_OPS : FAST_SHL;
	/* Of a narrow negative number, only its own bits come in. */
	case UGVT_EU_SHR:
		return modified(step) || (is_signed && first != UGVT_EU_D) ? FAST_OPS : FAST_SHR;
	case UGVT_EU_ASR: return modified(step) ? FAST_OPS : is_signed ? FAST_ASR : FAST_SHR;
	default: return FAST_OPS;
	}
}

static uint8_t compare_op(const struct ugvt_eu_step *step)
{
	unsigned cmod = step->inst.cmod;

	if (step->inst.opcode != UGVT_EU_CMP || cmod < UGVT_EU_CMOD_Z || cmod > UGVT_EU_CMOD_LE) {
		return FAST_OPS;
	}
	cmod -= UGVT_EU_CMOD_Z;
	if (step->domain == UGVT_EU_DOMAIN_FLOAT) {
		return ugvt_eu_type_size(step->dst.type) == 4 ? FAST_CMP_F_Z + cmod : FAST_OPS;
	}
	if (!fits(step)) {
		return FAST_OPS;
	}
	return (step->src[0].type == UGVT_EU_UD ? FAST_CMP_U_Z : FAST_CMP_D_Z) + cmod;
}

static uint8_t int_any(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	bool word = ugvt_eu_type_size(step->dst.type) == 2;

	if (step->dst.type == UGVT_EU_F) {
		if (inst->opcode != UGVT_EU_MOV) {
			return FAST_OPS;
		}
		if (modified(step)) {
			return step->src[0].type == UGVT_EU_D && !step->src[0].absolute
				       ? FAST_NEGATED_TO_F
				       : FAST_OPS;
		}
		return step->src[0].type == UGVT_EU_UD ? FAST_U_TO_F : FAST_D_TO_F;
	}
	if (step->dst.type == UGVT_EU_HF || inst->saturate ||
		(word && inst->cmod && inst->opcode != UGVT_EU_SEL)) {
		return FAST_OPS;
	}
	return int_op(step);
}

uint8_t ugvt_eu_fast_op(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	if (inst->opcode == UGVT_EU_CMP) {
		return compare_op(step);
	}
	if (step->domain != UGVT_EU_DOMAIN_FLOAT) {
		return inst->opcode == UGVT_EU_MATH ? FAST_OPS : int_any(step);
	}
	if (inst->opcode == UGVT_EU_MOV) {
		return float_mov(step);
	}
	if (step->dst.type != UGVT_EU_F) {
		return FAST_OPS;
	}
	return inst->opcode == UGVT_EU_MATH ? math_op(inst->math) : float_op(step);
}
