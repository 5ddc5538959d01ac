/* SPDX-License-Identifier: MIT */
#include "gpu/eu/value.h"

/*
 * Integer instructions, one channel at a time. Values have 64 bits, more than the hardware's 33: sums and products of
 * narrower types are exact, and lose their upper bits, or are saturated, when they are stored.
 */

#define ALU(name) static union ugvt_eu_value name(const struct ugvt_eu_lane *lane)
#define A(lane) ((lane)->src[0].i)
#define B(lane) ((lane)->src[1].i)
#define C(lane) ((lane)->src[2].i)

static union ugvt_eu_value integer(uint64_t value)
{
	return (union ugvt_eu_value){.i = (int64_t)value};
}

static unsigned source_size(const struct ugvt_eu_lane *lane)
{
	return ugvt_eu_type_size(lane->step->src[0].type);
}

/* Five bits of it count, six for 64-bit sources. */
static unsigned shift_count(const struct ugvt_eu_lane *lane)
{
	return (unsigned)B(lane) & (source_size(lane) == 8 ? 63 : 31);
}

ALU(alu_mov)
{
	return lane->src[0];
}

ALU(alu_sel)
{
	enum ugvt_eu_cmod cmod = lane->step->inst.cmod;
	bool first = cmod ? ugvt_eu_compare(lane->step, cmod, &lane->src[0], &lane->src[1])
			  : lane->predicate;

	return lane->src[first ? 0 : 1];
}

ALU(alu_not)
{
	return integer(~(uint64_t)A(lane));
}

ALU(alu_and)
{
	return integer((uint64_t)A(lane) & (uint64_t)B(lane));
}

ALU(alu_or)
{
	return integer((uint64_t)A(lane) | (uint64_t)B(lane));
}

ALU(alu_xor)
{
	return integer((uint64_t)A(lane) ^ (uint64_t)B(lane));
}

ALU(alu_shl)
{
	return integer((uint64_t)A(lane) << shift_count(lane));
}

ALU(alu_shr)
{
	uint64_t value = (uint64_t)A(lane) & (UINT64_MAX >> (64 - 8 * source_size(lane)));

	return integer(value >> shift_count(lane));
}

ALU(alu_asr)
{
	return integer((uint64_t)(A(lane) >> shift_count(lane)));
}

ALU(alu_add)
{
	return integer((uint64_t)A(lane) + (uint64_t)B(lane));
}

ALU(alu_mul)
{
	return integer((uint64_t)A(lane) * (uint64_t)B(lane));
}

ALU(alu_avg)
{
	return integer((uint64_t)((A(lane) + B(lane) + 1) >> 1));
}

ALU(alu_mac)
{
	return integer((uint64_t)A(lane) * (uint64_t)B(lane) + (uint64_t)*lane->acc);
}

/* The accumulator has the product with source 1's lower word; this adds that with the upper one. */
ALU(alu_mach)
{
	int64_t upper = B(lane) >> 16;
	uint64_t sum = ((uint64_t)A(lane) * (uint64_t)upper << 16) + (uint64_t)*lane->acc;

	*lane->acc = (int64_t)sum;
	return integer(
		lane->step->dst.type == UGVT_EU_D ? (uint64_t)((int64_t)sum >> 32) : sum >> 32);
}

ALU(alu_addc)
{
	uint64_t sum = (uint64_t)(uint32_t)A(lane) + (uint32_t)B(lane);

	*lane->acc = (int64_t)(sum >> 32);
	return integer((uint32_t)sum);
}

ALU(alu_subb)
{
	uint32_t a = (uint32_t)A(lane), b = (uint32_t)B(lane);

	*lane->acc = a < b;
	return integer(a - b);
}

ALU(alu_bfrev)
{
	uint32_t in = (uint32_t)A(lane), out = 0;

	for (unsigned i = 0; i < 32; i++) {
		out |= (in >> i & 1) << (31 - i);
	}
	return integer(out);
}

/* Width and offset, five bits of each; a field that would reach beyond the top ends there. */
ALU(alu_bfe)
{
	unsigned width = (unsigned)A(lane) & 31, offset = (unsigned)B(lane) & 31;
	uint32_t value = (uint32_t)C(lane);
	bool is_signed = lane->step->src[2].type == UGVT_EU_D;

	if (width == 0) {
		return integer(0);
	}
	if (width + offset < 32) {
		value <<= 32 - width - offset;
		offset = 32 - width;
	}
	if (is_signed) {
		return integer((uint64_t)((int64_t)(int32_t)value >> offset));
	}
	return integer(value >> offset);
}

ALU(alu_bfi1)
{
	unsigned width = (unsigned)A(lane) & 31, offset = (unsigned)B(lane) & 31;

	return integer((uint32_t)((UINT64_C(1) << width) - 1) << offset);
}

ALU(alu_bfi2)
{
	uint32_t mask = (uint32_t)A(lane), insert = (uint32_t)B(lane), base = (uint32_t)C(lane);

	if (mask == 0) {
		return integer(base);
	}
	return integer((insert << __builtin_ctz(mask) & mask) | (base & ~mask));
}

ALU(alu_lzd)
{
	uint32_t value = (uint32_t)A(lane);

	return integer(value ? (unsigned)__builtin_clz(value) : 32);
}

ALU(alu_fbh)
{
	uint32_t value = (uint32_t)A(lane);

	if (lane->step->src[0].type == UGVT_EU_D && value & 0x80000000) {
		value = ~value;
	}
	return integer(value ? (unsigned)__builtin_clz(value) : UINT32_MAX);
}

ALU(alu_fbl)
{
	uint32_t value = (uint32_t)A(lane);

	return integer(value ? (unsigned)__builtin_ctz(value) : UINT32_MAX);
}

ALU(alu_cbit)
{
	uint64_t mask = UINT64_MAX >> (64 - 8 * source_size(lane));

	return integer((unsigned)__builtin_popcountll((uint64_t)A(lane) & mask));
}

ALU(alu_mad)
{
	return integer((uint64_t)B(lane) * (uint64_t)C(lane) + (uint64_t)A(lane));
}

/* Division by zero gives the value farthest from zero. */
ALU(alu_math)
{
	bool remainder = lane->step->inst.math == UGVT_EU_MATH_INTMOD;
	int64_t a = A(lane), b = B(lane);

	if (b == 0) {
		if (lane->step->dst.type == UGVT_EU_UD) {
			return integer(UINT32_MAX);
		}
		return integer((uint64_t)(int64_t)(a < 0 ? INT32_MIN : INT32_MAX));
	}
	return integer((uint64_t)(remainder ? a % b : a / b));
}

static const ugvt_eu_alu table[UGVT_EU_OPCODES] = {
	[UGVT_EU_MOV] = alu_mov,
	[UGVT_EU_SEL] = alu_sel,
	[UGVT_EU_NOT] = alu_not,
	[UGVT_EU_AND] = alu_and,
	[UGVT_EU_OR] = alu_or,
	[UGVT_EU_XOR] = alu_xor,
	[UGVT_EU_SHR] = alu_shr,
	[UGVT_EU_SHL] = alu_shl,
	[UGVT_EU_ASR] = alu_asr,
	[UGVT_EU_BFREV] = alu_bfrev,
	[UGVT_EU_BFE] = alu_bfe,
	[UGVT_EU_BFI1] = alu_bfi1,
	[UGVT_EU_BFI2] = alu_bfi2,
	[UGVT_EU_ADD] = alu_add,
	[UGVT_EU_MUL] = alu_mul,
	[UGVT_EU_AVG] = alu_avg,
	[UGVT_EU_MAC] = alu_mac,
	[UGVT_EU_MACH] = alu_mach,
	[UGVT_EU_LZD] = alu_lzd,
	[UGVT_EU_FBH] = alu_fbh,
	[UGVT_EU_FBL] = alu_fbl,
	[UGVT_EU_CBIT] = alu_cbit,
	[UGVT_EU_ADDC] = alu_addc,
	[UGVT_EU_SUBB] = alu_subb,
	[UGVT_EU_MAD] = alu_mad,
	[UGVT_EU_MATH] = alu_math,
};

ugvt_eu_alu ugvt_eu_alu_int(const struct ugvt_eu_inst *inst)
{
	return table[inst->opcode];
}
