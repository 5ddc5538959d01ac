/* SPDX-License-Identifier: MIT */
#include "tests/gpu/eu/naive.h"

#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;
__extension__ typedef __float128 quad;

/* A number: an integer, or a float that is exact. */
struct number {
	bool is_float;
	wide i;
	quad f;
	bool nan, negative; // of a float: also that of zeros
	bool infinite;
};

static uint64_t bits_read(const uint8_t *at, unsigned size)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < size; i++) {
		bits |= (uint64_t)at[i] << 8 * i;
	}
	return bits;
}

/* Exponent and mantissa widths of the float types. */
static void format(enum ugvt_eu_type type, unsigned *exponent, unsigned *mantissa)
{
	*exponent = type == UGVT_EU_HF ? 5 : type == UGVT_EU_F ? 8 : 11;
	*mantissa = type == UGVT_EU_HF ? 10 : type == UGVT_EU_F ? 23 : 52;
}

static bool denormals_kept(uint32_t cr0, enum ugvt_eu_type type)
{
	return cr0 >> (type == UGVT_EU_HF ? 10 : type == UGVT_EU_F ? 7 : 6) & 1;
}

/* Moves that only change the format keep half floats' denormals. */
static uint32_t mode_of(const struct naive *naive, const struct ugvt_eu_inst *inst)
{
	bool changes = inst->opcode == UGVT_EU_MOV && inst->dst.type != inst->src[0].type;

	return naive->cr0 | (changes ? UGVT_EU_CR0_HF_DENORMS : 0);
}

static quad scaled(quad value, int power)
{
	for (; power > 0; power--) {
		value *= 2;
	}
	for (; power < 0; power++) {
		value /= 2;
	}
	return value;
}

static struct number float_number(uint64_t bits, enum ugvt_eu_type type, bool keep)
{
	unsigned e, m;
	struct number n = {.is_float = true};
	uint64_t exponent, mantissa;

	format(type, &e, &m);
	exponent = bits >> m & ((1u << e) - 1);
	mantissa = bits & ((UINT64_C(1) << m) - 1);
	n.negative = bits >> (e + m) & 1;
	if (exponent == (1u << e) - 1) {
		n.nan = mantissa != 0;
		n.infinite = mantissa == 0;
		return n;
	}
	if (exponent == 0) {
		n.f = keep ? scaled((quad)mantissa, 1 - (int)((1u << (e - 1)) - 1) - (int)m) : 0;
	} else {
		n.f = scaled((quad)(mantissa + (UINT64_C(1) << m)),
			(int)exponent - (int)((1u << (e - 1)) - 1) - (int)m);
	}
	if (n.negative) {
		n.f = -n.f;
	}
	return n;
}

static struct number integer_number(uint64_t bits, enum ugvt_eu_type type)
{
	unsigned width = 8 * ugvt_eu_type_size(type);
	wide value = bits;

	if (ugvt_eu_type_signed(type) && bits >> (width - 1) & 1) {
		value -= (wide)1 << width;
	}
	return (struct number){.i = value};
}

static struct number to_float(struct number n)
{
	if (n.is_float) {
		return n;
	}
	return (struct number){.is_float = true, .f = (quad)n.i, .negative = n.i < 0};
}

/* The nearest of a float format, ties to even: found by halving the distance between two that it lies between. */
static uint64_t nearest_bits(quad value, unsigned e, unsigned m, enum ugvt_eu_type type)
{
	uint64_t low = 0, high = (((UINT64_C(1) << e) - 1) << m);
	quad lower, upper;

	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (float_number(middle, type, true).f <= value) {
			low = middle;
		} else {
			high = middle;
		}
	}
	lower = float_number(low, type, true).f;
	/* Infinity stands for the number that would follow the largest. */
	upper = high == ((UINT64_C(1) << e) - 1) << m ? scaled(1, 1 << (e - 1))
						      : float_number(high, type, true).f;
	if (value - lower != upper - value) {
		return value - lower < upper - value ? low : high;
	}
	return low & 1 ? high : low;
}

/* float_number() has no number for infinity. */
static uint64_t float_bits(struct number n, enum ugvt_eu_type type, uint32_t cr0)
{
	unsigned e, m;
	uint64_t bits, infinity;

	format(type, &e, &m);
	infinity = ((UINT64_C(1) << e) - 1) << m;
	if (n.nan) {
		return infinity | UINT64_C(1) << (m - 1);
	}
	bits = n.infinite ? infinity : nearest_bits(n.f < 0 ? -n.f : n.f, e, m, type);
	if (bits < UINT64_C(1) << m && !denormals_kept(cr0, type)) {
		bits = 0;
	}
	if (bits == infinity && type == UGVT_EU_F && cr0 & UGVT_EU_CR0_ALTERNATIVE) {
		bits = infinity - 1;
	}
	return bits | (uint64_t)n.negative << (e + m);
}

static wide clamp(wide value, enum ugvt_eu_type type)
{
	unsigned width = 8 * ugvt_eu_type_size(type);
	bool is_signed = ugvt_eu_type_signed(type);
	wide largest = ((wide)1 << (width - is_signed)) - 1,
	     smallest = is_signed ? -largest - 1 : 0;

	return value > largest ? largest : value < smallest ? smallest : value;
}

static wide truncated(struct number n, enum ugvt_eu_type type)
{
	if (n.nan) {
		return 0;
	}
	if (n.infinite || n.f > 1e30 || n.f < -1e30) {
		return clamp(n.negative ? -((wide)1 << 100) : (wide)1 << 100, type);
	}
	return clamp((wide)n.f, type);
}

static struct number saturated(struct number n)
{
	if (n.nan || n.negative) {
		return (struct number){.is_float = true};
	}
	if (n.infinite || n.f > 1) {
		return (struct number){.is_float = true, .f = 1};
	}
	return n;
}

static uint64_t final_bits(
	const struct naive *naive, const struct ugvt_eu_inst *inst, struct number n)
{
	enum ugvt_eu_type type = inst->dst.type;

	if (ugvt_eu_type_float(type)) {
		n = to_float(n);
		return float_bits(inst->saturate ? saturated(n) : n, type, mode_of(naive, inst));
	}
	if (n.is_float) {
		return (uint64_t)truncated(n, type);
	}
	return (uint64_t)(inst->saturate ? clamp(n.i, type) : n.i);
}

static unsigned element_of(
	const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *src, unsigned n)
{
	if (inst->op->form != UGVT_EU_FORM_THREE) {
		return n / src->width * src->vstride + n % src->width * src->hstride;
	}
	return src->replicate ? 0 : n / 4 * 4 + (src->swizzle >> n % 4 * 2 & 3);
}

static uint64_t source_bits(
	const struct naive *naive, const struct ugvt_eu_inst *inst, unsigned which, unsigned n)
{
	const struct ugvt_eu_operand *src = &inst->src[which];
	unsigned size = ugvt_eu_type_size(src->type);

	if (src->file == UGVT_EU_FILE_IMM) {
		return src->imm & UINT64_MAX >> (64 - 8 * size);
	}
	return bits_read(
		naive->grf + src->number * 32 + src->offset + element_of(inst, src, n) * size,
		size);
}

static struct number source(
	const struct naive *naive, const struct ugvt_eu_inst *inst, unsigned which, unsigned n)
{
	const struct ugvt_eu_operand *src = &inst->src[which];
	uint64_t bits = source_bits(naive, inst, which, n);
	struct number value = ugvt_eu_type_float(src->type)
				      ? float_number(bits, src->type,
						denormals_kept(mode_of(naive, inst), src->type))
				      : integer_number(bits, src->type);

	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_LOGIC)) {
		value.i = src->negate ? ~value.i : value.i;
		return value;
	}
	if (src->absolute && (value.is_float ? value.negative : value.i < 0)) {
		value.i = -value.i;
		value.f = -value.f;
		value.negative = false;
	}
	if (src->negate) {
		value.i = -value.i;
		value.f = -value.f;
		value.negative = !value.negative;
	}
	return value;
}

/* Exact, but for the sign of zero and what has no number. */
static struct number add(struct number a, struct number b)
{
	struct number n = {.is_float = true};

	n.nan = a.nan || b.nan || (a.infinite && b.infinite && a.negative != b.negative);
	n.infinite = a.infinite || b.infinite;
	n.f = a.f + b.f;
	n.negative = a.infinite ? a.negative : b.infinite ? b.negative : n.f < 0;
	if (!n.infinite && n.f == 0) {
		n.negative = a.negative && b.negative;
	}
	return n;
}

static struct number multiply(struct number a, struct number b)
{
	struct number n = {.is_float = true};
	bool zero_a = !a.nan && !a.infinite && a.f == 0, zero_b = !b.nan && !b.infinite && b.f == 0;

	n.nan = a.nan || b.nan || (a.infinite && zero_b) || (b.infinite && zero_a);
	n.infinite = a.infinite || b.infinite;
	n.negative = a.negative != b.negative;
	n.f = n.infinite || n.nan ? 0 : a.f * b.f;
	return n;
}

static int order(struct number a, struct number b, bool *unordered)
{
	if (!a.is_float && !b.is_float) {
		return (a.i > b.i) - (a.i < b.i);
	}
	a = to_float(a);
	b = to_float(b);
	*unordered = a.nan || b.nan;
	if (a.infinite || b.infinite) {
		int left = a.infinite ? (a.negative ? -1 : 1) : 0;
		int right = b.infinite ? (b.negative ? -1 : 1) : 0;

		return (left > right) - (left < right);
	}
	return (a.f > b.f) - (a.f < b.f);
}

static bool holds(unsigned cmod, int sign, bool nan)
{
	switch (cmod) {
	case UGVT_EU_CMOD_Z: return !nan && sign == 0;
	case UGVT_EU_CMOD_NZ: return nan || sign != 0;
	case UGVT_EU_CMOD_G: return !nan && sign > 0;
	case UGVT_EU_CMOD_GE: return !nan && sign >= 0;
	case UGVT_EU_CMOD_L: return !nan && sign < 0;
	case UGVT_EU_CMOD_LE: return !nan && sign <= 0;
	default: return false;
	}
}

static bool compare(unsigned cmod, struct number a, struct number b)
{
	bool unordered = false;
	int sign = order(a, b, &unordered);

	return holds(cmod, sign, unordered);
}

static struct number rounded(unsigned opcode, struct number a)
{
	quad below;

	if (a.nan || a.infinite || a.f > 1e30 || a.f < -1e30) {
		if (opcode == UGVT_EU_FRC) {
			a = a.nan || a.infinite ? (struct number){.is_float = true, .nan = true}
						: (struct number){.is_float = true};
		}
		return a;
	}
	below = (quad)(wide)a.f;
	if (below > a.f) {
		below -= 1;
	}
	switch (opcode) {
	case UGVT_EU_FRC: return (struct number){.is_float = true, .f = a.f - below};
	case UGVT_EU_RNDD: a.f = below; break;
	case UGVT_EU_RNDU: a.f = below == a.f ? below : below + 1; break;
	case UGVT_EU_RNDZ: a.f = (quad)(wide)a.f; break;
	default:
		if (a.f - below > 0.5 || (a.f - below == 0.5 && (wide)below & 1)) {
			below += 1;
		}
		a.f = below;
	}
	return a;
}

static wide shifted(unsigned opcode, const struct ugvt_eu_inst *inst, wide a, wide b)
{
	unsigned size = ugvt_eu_type_size(inst->src[0].type);
	unsigned count = (unsigned)((uint64_t)b & (size == 8 ? 63 : 31));

	switch (opcode) {
	case UGVT_EU_SHL: return a * ((wide)1 << count);
	case UGVT_EU_SHR: return (a & (((wide)1 << 8 * size) - 1)) >> count;
	default: return a >> count;
	}
}

static int highest(uint64_t value, unsigned width)
{
	for (unsigned i = width; i-- > 0;) {
		if (value >> i & 1) {
			return (int)i;
		}
	}
	return -1;
}

static wide bits_op(const struct ugvt_eu_inst *inst, const struct number *s)
{
	uint32_t a = (uint32_t)s[0].i, b = (uint32_t)s[1].i, c = (uint32_t)s[2].i, out = 0;
	bool is_signed = inst->src[0].type == UGVT_EU_D;

	switch (inst->opcode) {
	case UGVT_EU_LZD: return 31 - highest(a, 32);
	case UGVT_EU_FBH:
		a = is_signed && a >> 31 ? ~a : a;
		return a ? 31 - highest(a, 32) : (wide)UINT32_MAX;
	case UGVT_EU_FBL: return a ? highest(a & -a, 32) : (wide)UINT32_MAX;
	case UGVT_EU_CBIT:
		for (unsigned i = 0; i < 8 * ugvt_eu_type_size(inst->src[0].type); i++) {
			out += a >> i & 1;
		}
		return out;
	case UGVT_EU_BFREV:
		for (unsigned i = 0; i < 32; i++) {
			out |= (a >> i & 1) << (31 - i);
		}
		return out;
	case UGVT_EU_BFI1: return (uint32_t)((((uint64_t)1 << (a & 31)) - 1) << (b & 31));
	case UGVT_EU_BFI2:
		for (unsigned i = 0, from = 0; i < 32; i++) {
			out |= (a >> i & 1 ? b >> from & 1 : c >> i & 1) << i;
			/* The field starts at the mask's lowest bit. */
			from += from > 0 || a >> i & 1;
		}
		return out;
	default:
		for (unsigned i = 0; i < (a & 31) && i + (b & 31) < 32; i++) {
			out |= (c >> (i + (b & 31)) & 1) << i;
		}
		if (is_signed && (a & 31) > 0) {
			unsigned width = (a & 31) + (b & 31) > 32 ? 32 - (b & 31) : a & 31;

			return out >> (width - 1) & 1 ? (wide)out - ((wide)1 << width) : (wide)out;
		}
		return out;
	}
}

static struct number integer(wide value)
{
	return (struct number){.i = value};
}

static struct number select_number(
	const struct ugvt_eu_inst *inst, const struct number *s, bool predicate)
{
	bool float_sources = s[0].is_float || s[1].is_float;
	bool first = predicate;

	if (inst->cmod) {
		first = compare(inst->cmod, s[0], s[1]);
		if (float_sources && to_float(s[1]).nan &&
			(inst->cmod == UGVT_EU_CMOD_L || inst->cmod == UGVT_EU_CMOD_GE)) {
			first = true;
		}
	}
	return s[first ? 0 : 1];
}

static struct number arithmetic(const struct ugvt_eu_inst *inst, const struct number *s)
{
	bool is_float = s[0].is_float || s[1].is_float;
	struct number a = to_float(s[0]), b = to_float(s[1]);

	switch (inst->opcode) {
	case UGVT_EU_ADD: return is_float ? add(a, b) : integer(s[0].i + s[1].i);
	case UGVT_EU_MUL: return is_float ? multiply(a, b) : integer(s[0].i * s[1].i);
	case UGVT_EU_AVG: return integer((s[0].i + s[1].i + 1) >> 1);
	default:
		return is_float ? add(multiply(b, to_float(s[2])), a)
				: integer(s[1].i * s[2].i + s[0].i);
	}
}

static struct number result_of(
	const struct ugvt_eu_inst *inst, const struct number *s, bool predicate)
{
	switch (inst->opcode) {
	case UGVT_EU_MOV: return s[0];
	case UGVT_EU_SEL: return select_number(inst, s, predicate);
	case UGVT_EU_NOT: return integer(~s[0].i);
	case UGVT_EU_AND: return integer(s[0].i & s[1].i);
	case UGVT_EU_OR: return integer(s[0].i | s[1].i);
	case UGVT_EU_XOR: return integer(s[0].i ^ s[1].i);
	case UGVT_EU_SHL:
	case UGVT_EU_SHR:
	case UGVT_EU_ASR: return integer(shifted(inst->opcode, inst, s[0].i, s[1].i));
	case UGVT_EU_FRC:
	case UGVT_EU_RNDD:
	case UGVT_EU_RNDU:
	case UGVT_EU_RNDE:
	case UGVT_EU_RNDZ: return rounded(inst->opcode, s[0]);
	case UGVT_EU_ADD:
	case UGVT_EU_MUL:
	case UGVT_EU_AVG:
	case UGVT_EU_MAD: return arithmetic(inst, s);
	default: return integer(bits_op(inst, s));
	}
}

bool naive_knows(const struct ugvt_eu_inst *inst)
{
	switch (inst->opcode) {
	case UGVT_EU_MOV:
	case UGVT_EU_SEL:
	case UGVT_EU_NOT:
	case UGVT_EU_AND:
	case UGVT_EU_OR:
	case UGVT_EU_XOR:
	case UGVT_EU_SHL:
	case UGVT_EU_SHR:
	case UGVT_EU_ASR:
	case UGVT_EU_FRC:
	case UGVT_EU_RNDD:
	case UGVT_EU_RNDU:
	case UGVT_EU_RNDE:
	case UGVT_EU_RNDZ:
	case UGVT_EU_ADD:
	case UGVT_EU_MUL:
	case UGVT_EU_AVG:
	case UGVT_EU_MAD:
	case UGVT_EU_CMP:
	case UGVT_EU_LZD:
	case UGVT_EU_FBH:
	case UGVT_EU_FBL:
	case UGVT_EU_CBIT:
	case UGVT_EU_BFREV:
	case UGVT_EU_BFI1:
	case UGVT_EU_BFI2:
	case UGVT_EU_BFE: return true;
	default: return false;
	}
}

/* Bits go as they are: no flushing. */
static bool copies(const struct ugvt_eu_inst *inst)
{
	bool same = inst->opcode == UGVT_EU_MOV || inst->opcode == UGVT_EU_SEL;

	for (unsigned i = 0; i < inst->op->sources; i++) {
		same = same && inst->src[i].type == inst->dst.type && !inst->src[i].negate &&
		       !inst->src[i].absolute;
	}
	return same && !inst->saturate && !inst->cmod;
}

static bool flag_read(const struct naive *naive, const struct ugvt_eu_inst *inst, unsigned channel)
{
	return naive->flag[inst->flag / 2] >> (inst->flag % 2 * 16 + channel) % 32 & 1;
}

static void flag_write(
	struct naive *naive, const struct ugvt_eu_inst *inst, unsigned channel, bool value)
{
	uint32_t bit = UINT32_C(1) << (inst->flag % 2 * 16 + channel) % 32;

	naive->flag[inst->flag / 2] = (naive->flag[inst->flag / 2] & ~bit) | (value ? bit : 0);
}

static uint64_t channel_result(const struct naive *naive, const struct ugvt_eu_inst *inst,
	unsigned n, bool predicate, bool *condition)
{
	struct number s[3] = {{0}}, final;
	bool unordered = false;
	uint64_t bits;
	int sign;

	for (unsigned i = 0; i < inst->op->sources; i++) {
		s[i] = source(naive, inst, i, n);
	}
	if (inst->opcode == UGVT_EU_CMP) {
		*condition = compare(inst->cmod, s[0], s[1]);
		return *condition ? UINT64_MAX : 0;
	}
	if (copies(inst)) {
		return source_bits(naive, inst, inst->opcode == UGVT_EU_SEL && !predicate, n);
	}
	bits = final_bits(naive, inst, result_of(inst, s, predicate));
	bits &= UINT64_MAX >> (64 - 8 * ugvt_eu_type_size(inst->dst.type));
	final = ugvt_eu_type_float(inst->dst.type) ? float_number(bits, inst->dst.type, true)
						   : integer_number(bits, inst->dst.type);
	sign = order(final, (struct number){.is_float = final.is_float}, &unordered);
	*condition = holds(inst->cmod, sign, unordered);
	return bits;
}

void naive_exec(struct naive *naive, const struct ugvt_eu_inst *inst)
{
	struct naive before = *naive;
	unsigned size = ugvt_eu_type_size(inst->dst.type);

	for (unsigned n = 0; n < inst->exec_size; n++) {
		unsigned channel = inst->first + n;
		bool predicate = !inst->predicate ||
				 flag_read(&before, inst, channel) != inst->predicate_inverse;
		bool condition = false;
		uint64_t bits;

		if (!inst->no_mask && !(naive->active >> channel & 1)) {
			continue;
		}
		if (inst->opcode != UGVT_EU_SEL && !predicate) {
			continue;
		}
		if (inst->op->form == UGVT_EU_FORM_THREE && !(inst->dst.writemask >> n % 4 & 1)) {
			continue;
		}
		bits = channel_result(&before, inst, n, predicate, &condition);
		memcpy(naive->grf + inst->dst.number * 32 + inst->dst.offset +
				n * inst->dst.hstride * size,
			&bits, size);
		if (inst->cmod && inst->opcode != UGVT_EU_SEL) {
			flag_write(naive, inst, channel, condition);
		}
	}
}
