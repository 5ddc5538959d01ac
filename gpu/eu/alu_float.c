/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>

#include "gpu/eu/fast.h"
#include "gpu/eu/value.h"

/*
 * Float instructions, one channel at a time: those of F and HF, and those of DF. Half floats are computed with as floats,
 * which is exact enough that rounding twice changes nothing. mad and pln round once, as the hardware's multiplier does.
 */

#define ALU(name) static union ugvt_eu_value name(const struct ugvt_eu_lane *lane)
#define A(lane) ((lane)->src[0].f)
#define B(lane) ((lane)->src[1].f)
#define C(lane) ((lane)->src[2].f)

static union ugvt_eu_value single(float value)
{
	return (union ugvt_eu_value){.f = value};
}

static union ugvt_eu_value twofold(double value)
{
	return (union ugvt_eu_value){.d = value};
}

ALU(alu_mov)
{
	return lane->src[0];
}

/* With a modifier: the minimum and maximum, which a number wins against a NaN. */
ALU(alu_sel)
{
	enum ugvt_eu_cmod cmod = lane->step->inst.cmod;
	bool first;

	if (cmod == UGVT_EU_CMOD_L || cmod == UGVT_EU_CMOD_GE) {
		first = ugvt_eu_compare_nan(lane->step, cmod, &lane->src[0], &lane->src[1]);
	} else {
		first = cmod ? ugvt_eu_compare(lane->step, cmod, &lane->src[0], &lane->src[1])
			     : lane->predicate;
	}
	return lane->src[first ? 0 : 1];
}

ALU(alu_csel)
{
	union ugvt_eu_value zero = single(0);
	bool first = ugvt_eu_compare(lane->step, lane->step->inst.cmod, &lane->src[2], &zero);

	return lane->src[first ? 0 : 1];
}

ALU(alu_add)
{
	return single(A(lane) + B(lane));
}

ALU(alu_mul)
{
	return single(A(lane) * B(lane));
}

ALU(alu_mac)
{
	return single(
		fmaf(A(lane), B(lane), ugvt_eu_acc_value(*lane->acc, UGVT_EU_DOMAIN_FLOAT).f));
}

ALU(alu_mad)
{
	return single(fmaf(B(lane), C(lane), A(lane)));
}

ALU(alu_lrp)
{
	return single(fmaf(A(lane), B(lane), (1 - A(lane)) * C(lane)));
}

ALU(alu_frc)
{
	return single(A(lane) - floorf(A(lane)));
}

ALU(alu_rndu)
{
	return single(ceilf(A(lane)));
}

ALU(alu_rndd)
{
	return single(floorf(A(lane)));
}

ALU(alu_rnde)
{
	return single(roundevenf(A(lane)));
}

ALU(alu_rndz)
{
	return single(truncf(A(lane)));
}

ALU(alu_double_add)
{
	return twofold(lane->src[0].d + lane->src[1].d);
}

ALU(alu_double_mul)
{
	return twofold(lane->src[0].d * lane->src[1].d);
}

ALU(alu_double_mac)
{
	return twofold(fma(lane->src[0].d, lane->src[1].d,
		ugvt_eu_acc_value(*lane->acc, UGVT_EU_DOMAIN_DOUBLE).d));
}

ALU(alu_double_mad)
{
	return twofold(fma(lane->src[1].d, lane->src[2].d, lane->src[0].d));
}

static const ugvt_eu_alu floats[UGVT_EU_OPCODES] = {
	[UGVT_EU_MOV] = alu_mov,
	[UGVT_EU_SEL] = alu_sel,
	[UGVT_EU_CSEL] = alu_csel,
	[UGVT_EU_ADD] = alu_add,
	[UGVT_EU_MUL] = alu_mul,
	[UGVT_EU_MAC] = alu_mac,
	[UGVT_EU_MAD] = alu_mad,
	[UGVT_EU_LRP] = alu_lrp,
	[UGVT_EU_FRC] = alu_frc,
	[UGVT_EU_RNDU] = alu_rndu,
	[UGVT_EU_RNDD] = alu_rndd,
	[UGVT_EU_RNDE] = alu_rnde,
	[UGVT_EU_RNDZ] = alu_rndz,
};

static const ugvt_eu_alu doubles[UGVT_EU_OPCODES] = {
	[UGVT_EU_MOV] = alu_mov,
	[UGVT_EU_SEL] = alu_sel,
	[UGVT_EU_ADD] = alu_double_add,
	[UGVT_EU_MUL] = alu_double_mul,
	[UGVT_EU_MAC] = alu_double_mac,
	[UGVT_EU_MAD] = alu_double_mad,
};

ugvt_eu_alu ugvt_eu_alu_float(const struct ugvt_eu_inst *inst)
{
	return floats[inst->opcode];
}

ugvt_eu_alu ugvt_eu_alu_double(const struct ugvt_eu_inst *inst)
{
	return doubles[inst->opcode];
}

float ugvt_eu_math(enum ugvt_eu_math function, float a, float b, bool alternative)
{
	if (alternative && (function == UGVT_EU_MATH_LOG || function == UGVT_EU_MATH_SQRT ||
				   function == UGVT_EU_MATH_RSQ)) {
		a = fabsf(a);
	}
	switch (function) {
	case UGVT_EU_MATH_INV: return 1 / a;
	case UGVT_EU_MATH_SQRT: return sqrtf(a);
	case UGVT_EU_MATH_FDIV: return a / b;
	default: return ugvt_eu_fast_math(function, a, b);
	}
}
