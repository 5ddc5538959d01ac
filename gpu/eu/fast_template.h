/* SPDX-License-Identifier: MIT */
/*
 * The handlers of gpu/eu/fast.h, once for each kind of machine; whoever includes this defines FAST_FIND.
 *
 * A stamp for each operation and number of channels: the loops have constant bounds, and the operation is chosen when they
 * are compiled. A mad of 16 channels takes a tenth of the time of ugvt_eu_exec_alu().
 */
#ifndef UGVT_GPU_EU_FAST_TEMPLATE_H
#define UGVT_GPU_EU_FAST_TEMPLATE_H

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/fast.h"
#include "gpu/eu/value.h"

#ifndef FAST_FIND
#define FAST_FIND ugvt_eu_fast_base
#endif

#define INLINE static inline __attribute__((always_inline))

enum fast_op {
	FAST_MOV,
	FAST_SEL,
	FAST_SEL_CMOD,
	FAST_CMP,
	FAST_ADD,
	FAST_MUL,
	/* Floats: */
	FAST_CSEL,
	FAST_MAD,
	FAST_LRP,
	FAST_FRC,
	FAST_RNDD,
	FAST_RNDU,
	FAST_RNDE,
	FAST_RNDZ,
	FAST_PLN,
	FAST_INV,
	FAST_SQRT,
	FAST_RSQ,
	FAST_MATH,
	FAST_FROM_FLOAT,
	/* Integers: */
	FAST_NOT,
	FAST_AND,
	FAST_OR,
	FAST_XOR,
	FAST_SHL,
	FAST_SHR,
	FAST_ASR,
	FAST_TO_FLOAT,
	FAST_OPS,
};

union fast_lanes {
	_Alignas(64) uint32_t u[16];
	int32_t i[16];
	float f[16];
};

/* Bit 0 is the instruction's first channel. */
struct fast_masks {
	uint32_t write;
	uint32_t predicate;
};

INLINE bool fast_begin(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	struct fast_masks *masks)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	uint32_t enabled = step->lanes & (inst->no_mask ? UINT32_MAX : thread->active);

	masks->predicate = UINT32_MAX;
	if (inst->predicate) {
		masks->predicate = ugvt_eu_predicate_mask(thread, inst);
		enabled &= inst->opcode == UGVT_EU_SEL ? UINT32_MAX : masks->predicate;
	}
	masks->predicate >>= inst->first;
	masks->write = enabled >> inst->first;
	return masks->write != 0;
}

INLINE void load_words(
	const struct ugvt_eu_access *access, const uint8_t *base, unsigned n, union fast_lanes *out)
{
	for (unsigned i = 0; i < n; i++) {
		uint16_t word;

		memcpy(&word, base + access->at[i], sizeof(word));
		out->u[i] = access->type == UGVT_EU_W ? (uint32_t)(int16_t)word : word;
	}
}

INLINE void load_bits(const struct ugvt_eu_thread *thread, const struct ugvt_eu_access *access,
	unsigned n, union fast_lanes *out)
{
	const uint8_t *base = access->place == UGVT_EU_PLACE_IMMEDIATE
				      ? (const uint8_t *)access->imm
				      : thread->grf;
	uint32_t value;

	if (access->type == UGVT_EU_W || access->type == UGVT_EU_UW) {
		load_words(access, base, n, out);
		return;
	}
	switch (access->shape) {
	case UGVT_EU_SHAPE_ROW: memcpy(out->u, base + access->at[0], 4 * n); break;
	case UGVT_EU_SHAPE_ONE:
		memcpy(&value, base + access->at[0], 4);
		for (unsigned i = 0; i < n; i++) {
			out->u[i] = value;
		}
		break;
	default:
		for (unsigned i = 0; i < n; i++) {
			memcpy(&out->u[i], base + access->at[i], 4);
		}
	}
}

INLINE void flush(uint32_t cr0, unsigned n, union fast_lanes *lanes)
{
	if (cr0 & UGVT_EU_CR0_F_DENORMS) {
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		uint32_t bits = lanes->u[i];

		lanes->u[i] = bits & 0x7f800000 ? bits : bits & 0x80000000;
	}
}

INLINE void load_float(const struct ugvt_eu_thread *thread, const struct ugvt_eu_access *access,
	unsigned n, union fast_lanes *out)
{
	uint32_t keep = access->absolute ? 0x7fffffff : UINT32_MAX;
	uint32_t turn = access->negate ? 0x80000000 : 0;

	load_bits(thread, access, n, out);
	flush(thread->cr0[0], n, out);
	for (unsigned i = 0; i < n; i++) {
		out->u[i] = (out->u[i] & keep) ^ turn;
	}
}

/* logic: a negation is a NOT. */
INLINE void load_int(const struct ugvt_eu_thread *thread, const struct ugvt_eu_access *access,
	bool logic, unsigned n, union fast_lanes *out)
{
	load_bits(thread, access, n, out);
	if (access->absolute && access->type != UGVT_EU_UD && !logic) {
		for (unsigned i = 0; i < n; i++) {
			out->u[i] = out->i[i] < 0 ? -out->u[i] : out->u[i];
		}
	}
	if (access->negate) {
		for (unsigned i = 0; i < n; i++) {
			out->u[i] = logic ? ~out->u[i] : -out->u[i];
		}
	}
}

INLINE void store(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	uint32_t write, const union fast_lanes *out)
{
	const struct ugvt_eu_access *dst = &step->dst;
	unsigned size = ugvt_eu_type_size(dst->type);

	if (dst->place == UGVT_EU_PLACE_NULL) {
		return;
	}
	if (size == 4 && dst->shape == UGVT_EU_SHAPE_ROW && write == UINT32_MAX >> (32 - n)) {
		memcpy(thread->grf + dst->at[0], out->u, 4 * n);
		return;
	}
	for (uint32_t left = write; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		memcpy(thread->grf + dst->at[i], &out->u[i], size);
	}
}

/* Compares lanes to what a condition needs; each is all ones or zero. */
INLINE void compare_float(enum ugvt_eu_cmod cmod, unsigned n, const union fast_lanes *a,
	const union fast_lanes *b, union fast_lanes *out)
{
#define COMPARE(operator)                                              \
	for (unsigned i = 0; i < n; i++) {                             \
		out->u[i] = a->f[i] operator b->f[i] ? UINT32_MAX : 0; \
	}                                                              \
	break
	switch (cmod) {
	case UGVT_EU_CMOD_Z: COMPARE(==);
	case UGVT_EU_CMOD_NZ: COMPARE(!=);
	case UGVT_EU_CMOD_G: COMPARE(>);
	case UGVT_EU_CMOD_GE: COMPARE(>=);
	case UGVT_EU_CMOD_L: COMPARE(<);
	default: COMPARE(<=);
	}
#undef COMPARE
}

INLINE void compare_int(enum ugvt_eu_cmod cmod, bool is_signed, unsigned n,
	const union fast_lanes *a, const union fast_lanes *b, union fast_lanes *out)
{
	/* Without signs, order is that of the numbers from the smallest on. */
	uint32_t shift = is_signed ? 0 : 0x80000000;

#define COMPARE(operator)                                                                 \
	for (unsigned i = 0; i < n; i++) {                                                \
		out->u[i] = (int32_t)(a->u[i] ^ shift) operator(int32_t)(b->u[i] ^ shift) \
				    ? UINT32_MAX                                          \
				    : 0;                                                  \
	}                                                                                 \
	break
	switch (cmod) {
	case UGVT_EU_CMOD_Z: COMPARE(==);
	case UGVT_EU_CMOD_NZ: COMPARE(!=);
	case UGVT_EU_CMOD_G: COMPARE(>);
	case UGVT_EU_CMOD_GE: COMPARE(>=);
	case UGVT_EU_CMOD_L: COMPARE(<);
	default: COMPARE(<=);
	}
#undef COMPARE
}

INLINE void write_flags(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	uint32_t write, const union fast_lanes *conditions)
{
	uint32_t values = 0;

	for (unsigned i = 0; i < n; i++) {
		values |= (conditions->u[i] & 1) << i;
	}
	ugvt_eu_flags_write(
		thread, &step->inst, write << step->inst.first, values << step->inst.first);
}

INLINE void choose(unsigned n, const union fast_lanes *condition, const union fast_lanes *a,
	const union fast_lanes *b, union fast_lanes *out)
{
	for (unsigned i = 0; i < n; i++) {
		out->u[i] = condition->u[i] ? a->u[i] : b->u[i];
	}
}

INLINE void predicate_lanes(uint32_t predicate, unsigned n, union fast_lanes *out)
{
	for (unsigned i = 0; i < n; i++) {
		out->u[i] = -(predicate >> i & 1);
	}
}

/* The minimum and maximum prefer a number to a NaN. */
INLINE void select_float(enum ugvt_eu_cmod cmod, unsigned n, const union fast_lanes *a,
	const union fast_lanes *b, union fast_lanes *out)
{
	union fast_lanes condition;

	compare_float(cmod, n, a, b, &condition);
	if (cmod == UGVT_EU_CMOD_L || cmod == UGVT_EU_CMOD_GE) {
		for (unsigned i = 0; i < n; i++) {
			condition.u[i] |= b->f[i] != b->f[i] ? UINT32_MAX : 0;
		}
	}
	choose(n, &condition, a, b, out);
}

INLINE void plane(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	union fast_lanes *out)
{
	union fast_lanes p, u, v;

	load_float(thread, &step->src[0], n, &p);
	load_float(thread, &step->src[1], n, &u);
	load_float(thread, &step->src[2], n, &v);
	for (unsigned i = 0; i < n; i++) {
		out->f[i] = fmaf(p.f[0], u.f[i], fmaf(p.f[1], v.f[i], p.f[3]));
	}
}

INLINE void math_lanes(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	uint32_t write, const union fast_lanes src[2], union fast_lanes *out)
{
	for (uint32_t left = write; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		out->f[i] = ugvt_eu_math(step->inst.math, src[0].f[i], src[1].f[i],
			thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE);
	}
}

#define EACH(expression)                   \
	for (unsigned i = 0; i < n; i++) { \
		out->f[i] = (expression);  \
	}                                  \
	break

INLINE void compute_float(
	enum fast_op op, unsigned n, const union fast_lanes src[3], union fast_lanes *out)
{
	const float *a = src[0].f, *b = src[1].f, *c = src[2].f;

	switch (op) {
	case FAST_ADD: EACH(a[i] + b[i]);
	case FAST_MUL: EACH(a[i] * b[i]);
	case FAST_MAD: EACH(fmaf(b[i], c[i], a[i]));
	case FAST_LRP: EACH(fmaf(a[i], b[i], (1 - a[i]) * c[i]));
	case FAST_FRC: EACH(a[i] - floorf(a[i]));
	case FAST_RNDD: EACH(floorf(a[i]));
	case FAST_RNDU: EACH(ceilf(a[i]));
	case FAST_RNDE: EACH(roundevenf(a[i]));
	case FAST_RNDZ: EACH(truncf(a[i]));
	case FAST_INV: EACH(1 / a[i]);
	case FAST_SQRT: EACH(sqrtf(a[i]));
	case FAST_RSQ:
		EACH(a[i] == 0 ? copysignf(INFINITY, a[i]) : (float)(1 / sqrt((double)a[i])));
	default: memcpy(out, &src[0], sizeof(*out));
	}
}

#undef EACH

INLINE void finish_float(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	union fast_lanes *out)
{
	if (step->inst.saturate) {
		for (unsigned i = 0; i < n; i++) {
			float value = out->f[i] < 1 ? out->f[i] : 1;

			/* NaN fails both. */
			out->f[i] = out->f[i] > 0 ? value : 0;
		}
	}
	if (thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE) {
		for (unsigned i = 0; i < n; i++) {
			bool infinite = (out->u[i] & 0x7fffffff) == 0x7f800000;

			out->u[i] -= infinite;
		}
	}
	flush(thread->cr0[0], n, out);
}

INLINE void result_flags(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	uint32_t write, const union fast_lanes *out)
{
	static const union fast_lanes zero;
	union fast_lanes conditions;

	if (step->inst.cmod == UGVT_EU_CMOD_NONE ||
		ugvt_eu_op_has(step->inst.op, UGVT_EU_OP_NO_FLAG)) {
		return;
	}
	if (step->dst.type == UGVT_EU_F) {
		compare_float(step->inst.cmod, n, out, &zero, &conditions);
	} else {
		compare_int(
			step->inst.cmod, step->dst.type == UGVT_EU_D, n, out, &zero, &conditions);
	}
	write_flags(thread, step, n, write, &conditions);
}

/* Towards zero, and no farther than there are integers; NaN is zero. */
INLINE void to_integers(
	bool is_signed, unsigned n, const union fast_lanes *in, union fast_lanes *out)
{
	for (unsigned i = 0; i < n; i++) {
		float value = in->f[i];

		if (is_signed) {
			float near = value > -0x1p31f ? value : -0x1p31f;

			out->i[i] = value >= 0x1p31f ? INT32_MAX
				    : value != value ? 0
						     : (int32_t)(near < 0x1p31f ? near : 0);
		} else {
			float near = value > 0 ? value : 0;

			out->u[i] = value >= 0x1p32f ? UINT32_MAX
						     : (uint32_t)(near < 0x1p32f ? near : 0);
		}
	}
}

INLINE void exec_float(
	enum fast_op op, unsigned n, struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	static const union fast_lanes zero;
	union fast_lanes src[3], out, condition;
	struct fast_masks masks;
	unsigned sources = op == FAST_PLN ? 0 : step->inst.op->sources;

	if (!fast_begin(thread, step, &masks)) {
		return;
	}
	for (unsigned i = 0; i < sources; i++) {
		if (step->src[i].place == UGVT_EU_PLACE_NULL) {
			src[i] = zero;
		} else {
			load_float(thread, &step->src[i], n, &src[i]);
		}
	}
	if ((op == FAST_SQRT || op == FAST_RSQ) && thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE) {
		for (unsigned i = 0; i < n; i++) {
			src[0].u[i] &= 0x7fffffff;
		}
	}
	switch (op) {
	case FAST_PLN: plane(thread, step, n, &out); break;
	case FAST_MATH: math_lanes(thread, step, masks.write, src, &out); break;
	case FAST_SEL_CMOD: select_float(step->inst.cmod, n, &src[0], &src[1], &out); break;
	case FAST_SEL:
		predicate_lanes(masks.predicate, n, &condition);
		choose(n, &condition, &src[0], &src[1], &out);
		break;
	case FAST_CSEL:
		compare_float(step->inst.cmod, n, &src[2], &zero, &condition);
		choose(n, &condition, &src[0], &src[1], &out);
		break;
	case FAST_CMP:
		compare_float(step->inst.cmod, n, &src[0], &src[1], &out);
		write_flags(thread, step, n, masks.write, &out);
		store(thread, step, n, masks.write, &out);
		return;
	case FAST_FROM_FLOAT:
		to_integers(step->dst.type == UGVT_EU_D, n, &src[0], &out);
		result_flags(thread, step, n, masks.write, &out);
		store(thread, step, n, masks.write, &out);
		return;
	default: compute_float(op, n, src, &out);
	}
	finish_float(thread, step, n, &out);
	result_flags(thread, step, n, masks.write, &out);
	store(thread, step, n, masks.write, &out);
}

#define EACH(expression)                            \
	for (unsigned i = 0; i < n; i++) {          \
		out->u[i] = (uint32_t)(expression); \
	}                                           \
	break

INLINE void compute_int(enum fast_op op, const struct ugvt_eu_step *step, unsigned n,
	const union fast_lanes src[2], union fast_lanes *out)
{
	const uint32_t *a = src[0].u, *b = src[1].u;

	switch (op) {
	case FAST_ADD: EACH(a[i] + b[i]);
	case FAST_MUL: EACH(a[i] * b[i]);
	case FAST_NOT: EACH(~a[i]);
	case FAST_AND: EACH(a[i] & b[i]);
	case FAST_OR: EACH(a[i] | b[i]);
	case FAST_XOR: EACH(a[i] ^ b[i]);
	case FAST_SHL: EACH(a[i] << (b[i] & 31));
	case FAST_SHR: EACH(a[i] >> (b[i] & 31));
	case FAST_ASR: EACH(src[0].i[i] >> (b[i] & 31));
	case FAST_TO_FLOAT:
		if (step->src[0].type == UGVT_EU_UD) {
			for (unsigned i = 0; i < n; i++) {
				out->f[i] = (float)a[i];
			}
		} else {
			for (unsigned i = 0; i < n; i++) {
				out->f[i] = (float)src[0].i[i];
			}
		}
		break;
	default: memcpy(out, &src[0], sizeof(*out));
	}
}

#undef EACH

INLINE void exec_int(
	enum fast_op op, unsigned n, struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	bool logic = ugvt_eu_op_has(step->inst.op, UGVT_EU_OP_LOGIC);
	bool is_signed = step->src[0].type != UGVT_EU_UD;
	union fast_lanes src[2], out, condition;
	struct fast_masks masks;

	if (!fast_begin(thread, step, &masks)) {
		return;
	}
	for (unsigned i = 0; i < step->inst.op->sources; i++) {
		load_int(thread, &step->src[i], logic, n, &src[i]);
	}
	switch (op) {
	case FAST_SEL_CMOD:
		compare_int(step->inst.cmod, is_signed, n, &src[0], &src[1], &condition);
		choose(n, &condition, &src[0], &src[1], &out);
		break;
	case FAST_SEL:
		predicate_lanes(masks.predicate, n, &condition);
		choose(n, &condition, &src[0], &src[1], &out);
		break;
	case FAST_CMP:
		compare_int(step->inst.cmod, is_signed, n, &src[0], &src[1], &out);
		write_flags(thread, step, n, masks.write, &out);
		store(thread, step, n, masks.write, &out);
		return;
	default: compute_int(op, step, n, src, &out);
	}
	if (op == FAST_TO_FLOAT) {
		finish_float(thread, step, n, &out);
	}
	result_flags(thread, step, n, masks.write, &out);
	store(thread, step, n, masks.write, &out);
}

#define STAMP(kind, op)                                                         \
	static void kind##_##op##_8(                                            \
		struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step) \
	{                                                                       \
		exec_##kind(op, 8, thread, step);                               \
	}                                                                       \
	static void kind##_##op##_16(                                           \
		struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step) \
	{                                                                       \
		exec_##kind(op, 16, thread, step);                              \
	}

#define FLOAT_OPS(do)                                                                              \
	do                                                                                         \
	(float, FAST_MOV) do(float, FAST_SEL) do(float, FAST_SEL_CMOD) do(float, FAST_CMP) do(     \
		float, FAST_ADD) do(float, FAST_MUL) do(float, FAST_CSEL) do(float,                \
		FAST_MAD) do(float, FAST_LRP) do(float, FAST_FRC) do(float, FAST_RNDD) do(float,   \
		FAST_RNDU) do(float, FAST_RNDE) do(float, FAST_RNDZ) do(float, FAST_PLN) do(float, \
		FAST_INV) do(float, FAST_SQRT) do(float, FAST_RSQ) do(float, FAST_MATH) do(float,  \
		FAST_FROM_FLOAT)

#define INT_OPS(do)                                                                          \
	do                                                                                   \
	(int, FAST_MOV) do(int, FAST_SEL) do(int, FAST_SEL_CMOD) do(int, FAST_CMP) do(       \
		int, FAST_ADD) do(int, FAST_MUL) do(int, FAST_NOT) do(int, FAST_AND) do(int, \
		FAST_OR) do(int, FAST_XOR) do(int, FAST_SHL) do(int, FAST_SHR) do(int,       \
		FAST_ASR) do(int, FAST_TO_FLOAT)

FLOAT_OPS(STAMP)
INT_OPS(STAMP)

#define ROW(kind, op) [op] = {kind##_##op##_8, kind##_##op##_16},

static const ugvt_eu_handler float_handlers[FAST_OPS][2] = {FLOAT_OPS(ROW)};
static const ugvt_eu_handler int_handlers[FAST_OPS][2] = {INT_OPS(ROW)};

static enum fast_op float_op_of(const struct ugvt_eu_inst *inst)
{
	switch (inst->opcode) {
	case UGVT_EU_MOV: return FAST_MOV;
	case UGVT_EU_SEL: return inst->cmod ? FAST_SEL_CMOD : FAST_SEL;
	case UGVT_EU_CMP: return FAST_CMP;
	case UGVT_EU_ADD: return FAST_ADD;
	case UGVT_EU_MUL: return FAST_MUL;
	case UGVT_EU_CSEL: return FAST_CSEL;
	case UGVT_EU_MAD: return FAST_MAD;
	case UGVT_EU_LRP: return FAST_LRP;
	case UGVT_EU_FRC: return FAST_FRC;
	case UGVT_EU_RNDD: return FAST_RNDD;
	case UGVT_EU_RNDU: return FAST_RNDU;
	case UGVT_EU_RNDE: return FAST_RNDE;
	case UGVT_EU_RNDZ: return FAST_RNDZ;
	case UGVT_EU_PLN: return FAST_PLN;
	case UGVT_EU_MATH: return FAST_MATH;
	default: return FAST_OPS;
	}
}

static ugvt_eu_handler float_find(const struct ugvt_eu_step *step)
{
	enum fast_op op = float_op_of(&step->inst);

	if (step->dst.type != UGVT_EU_F && op != FAST_CMP) {
		bool dword = step->dst.type == UGVT_EU_D || step->dst.type == UGVT_EU_UD;

		op = op == FAST_MOV && dword ? FAST_FROM_FLOAT : FAST_OPS;
	}
	return op == FAST_OPS || ugvt_eu_type_size(step->dst.type) != 4
		       ? NULL
		       : float_handlers[op][step->inst.exec_size == 16];
}

static bool modified(const struct ugvt_eu_step *step)
{
	bool is = false;

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		is = is || step->src[n].negate || step->src[n].absolute;
	}
	return is;
}

/* What needs more than 32 bits between: comparisons and shifts of what is negated, or of both kinds. */
static bool fits(const struct ugvt_eu_step *step)
{
	return !modified(step) &&
	       (step->src[0].type == UGVT_EU_UD) == (step->src[1].type == UGVT_EU_UD);
}

static enum fast_op int_op_of(const struct ugvt_eu_step *step)
{
	uint8_t first = step->src[0].type;

	switch (step->inst.opcode) {
	case UGVT_EU_MOV: return FAST_MOV;
	case UGVT_EU_SEL:
		if (step->inst.cmod) {
			return fits(step) ? FAST_SEL_CMOD : FAST_OPS;
		}
		return FAST_SEL;
	case UGVT_EU_CMP: return fits(step) ? FAST_CMP : FAST_OPS;
	case UGVT_EU_ADD: return FAST_ADD;
	case UGVT_EU_MUL: return FAST_MUL;
	case UGVT_EU_NOT: return FAST_NOT;
	case UGVT_EU_AND: return FAST_AND;
	case UGVT_EU_OR: return FAST_OR;
	case UGVT_EU_XOR: return FAST_XOR;
	case UGVT_EU_SHL: return modified(step) ? FAST_OPS : FAST_SHL;
	case UGVT_EU_SHR: return modified(step) || first == UGVT_EU_W ? FAST_OPS : FAST_SHR;
	case UGVT_EU_ASR:
		if (modified(step)) {
			return FAST_OPS;
		}
		return first == UGVT_EU_UD ? FAST_SHR : FAST_ASR;
	default: return FAST_OPS;
	}
}

static ugvt_eu_handler int_find(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	enum fast_op op = int_op_of(step);
	bool word = ugvt_eu_type_size(step->dst.type) == 2;

	if (step->dst.type == UGVT_EU_F && op != FAST_CMP) {
		op = op == FAST_MOV && !modified(step) ? FAST_TO_FLOAT : FAST_OPS;
	} else if (inst->saturate || (word && inst->cmod && inst->opcode != UGVT_EU_SEL)) {
		return NULL;
	}
	return op == FAST_OPS ? NULL : int_handlers[op][inst->exec_size == 16];
}

static ugvt_eu_handler math_find(const struct ugvt_eu_step *step)
{
	enum fast_op op = FAST_MATH;

	switch (step->inst.math) {
	case UGVT_EU_MATH_INV: op = FAST_INV; break;
	case UGVT_EU_MATH_SQRT: op = FAST_SQRT; break;
	case UGVT_EU_MATH_RSQ: op = FAST_RSQ; break;
	default: break;
	}
	return step->dst.type == UGVT_EU_F ? float_handlers[op][step->inst.exec_size == 16] : NULL;
}

ugvt_eu_handler FAST_FIND(const struct ugvt_eu_step *step)
{
	enum ugvt_eu_cmod cmod = step->inst.cmod;

	if (step->inst.opcode == UGVT_EU_MATH) {
		return step->domain == UGVT_EU_DOMAIN_FLOAT ? math_find(step) : NULL;
	}
	if (cmod == UGVT_EU_CMOD_O || cmod == UGVT_EU_CMOD_U) {
		return NULL;
	}
	return step->domain == UGVT_EU_DOMAIN_FLOAT ? float_find(step) : int_find(step);
}

#endif
