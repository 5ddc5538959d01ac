/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_FAST_EXEC_H
#define UGVT_GPU_EU_FAST_EXEC_H

#include "gpu/eu/fast_finish.h"
#include "gpu/eu/fast_math.h"

/* What the stamps of gpu/eu/fast_template.h are made of. */

/* A source's kind, by letter. */
enum {
	SOURCE_V,
	SOURCE_S,
	SOURCE_I,
	SOURCE_A,
};

INLINE vf source(unsigned kind, const struct ugvt_eu_thread *thread,
	const struct ugvt_eu_code *code, unsigned n, unsigned k)
{
	const uint8_t *at = thread->grf + code->src[n];

	switch (kind) {
	case SOURCE_V: return row_load(thread->grf, code->src[n] + k * VECTOR_BYTES);
	case SOURCE_S: return v_same_at(at);
	case SOURCE_I: return v_same_at(&code->imm);
	default: return general(thread, code->step, n, k);
	}
}

INLINE vf float_source(unsigned kind, const struct ugvt_eu_thread *thread,
	const struct ugvt_eu_code *code, unsigned n, unsigned k)
{
	return soft_flush(thread, source(kind, thread, code, n, k));
}

/* Towards zero, and no farther than there are integers; NaN is zero. */
INLINE vf to_signed(vf a)
{
	vi above = a >= 0x1p31f;
	vf near = v_choose(above | (a != a), v_same(0), a);
	vi out = __builtin_convertvector(v_choose(near < -0x1p31f, v_same(-0x1p31f), near), vi);

	return v_choose(above, (vf)v_same_u(INT32_MAX), (vf)out);
}

INLINE vf to_unsigned(vf a)
{
	vi above = a >= 0x1p32f, large = a >= 0x1p31f;
	vf near = v_choose((a > 0) & ~above, v_choose(large, a - 0x1p31f, a), v_same(0));
	vi out = __builtin_convertvector(near, vi) ^ (large & (vi)v_same(-0.0f));

	return v_choose(above, (vf)v_same_u(UINT32_MAX), (vf)out);
}

/* Half floats are converted only, and keep their denormals: see ugvt_eu_changes_format(). */
INLINE vf from_half(vf a)
{
#if FAST_AVX512
	return _mm512_cvtph_ps((__m256i) __builtin_convertvector((vu)a, vw));
#elif FAST_AVX2
	return _mm256_cvtph_ps((__m128i) __builtin_convertvector((vu)a, vw));
#else
	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		a[i] = ugvt_eu_half_float((uint16_t)((vu)a)[i]);
	}
	return a;
#endif
}

INLINE vf to_half(vf a)
{
#if FAST_AVX2
	vw halves = (vw)V_NAME(cvtps_ph)(v_flush(a), _MM_FROUND_CUR_DIRECTION);
	vu sign = (vu)a >> 16 & 0x8000;

	return v_choose(a != a, (vf)(sign | 0x7e00), (vf) __builtin_convertvector(halves, vu));
#else
	vu bits;

	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		bits[i] = ugvt_eu_half_bits((double)a[i]);
	}
	return (vf)bits;
#endif
}

/* Where the float mode says so, of absolute values. */
INLINE vf math_argument(const struct ugvt_eu_thread *thread, vf a)
{
	return thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE ? (vf)((vi)a & 0x7fffffff) : a;
}

INLINE vf compute1(unsigned op, const struct ugvt_eu_thread *thread, vf a)
{
	switch (op) {
	case FAST_MOV_F: return v_flush(a);
	case FAST_FRC: return a - v_floor(a);
	case FAST_RNDD: return v_floor(a);
	case FAST_RNDU: return v_ceil(a);
	case FAST_RNDE: return v_even(a);
	case FAST_RNDZ: return v_truncate(a);
	case FAST_INV: return 1 / a;
	case FAST_SQRT: return v_sqrt(math_argument(thread, a));
	case FAST_RSQ: return math_rsq(math_argument(thread, a));
	case FAST_EXP: return math_exp(a);
	case FAST_LOG: return math_log(math_argument(thread, a));
	case FAST_SIN: return math_sine(a, 0);
	case FAST_COS: return math_sine(a, 1);
	/* The smallest one's negation is larger than all. */
	case FAST_NEGATED_TO_F:
		return v_choose(
			(vi)a == INT32_MIN, v_same(0x1p31f), __builtin_convertvector((vi)a, vf));
	case FAST_D_TO_F: return __builtin_convertvector((vi)a, vf);
	case FAST_U_TO_F: return __builtin_convertvector((vu)a, vf);
	case FAST_HALF_TO_F: return from_half(a);
	case FAST_F_TO_D: return to_signed(a);
	case FAST_F_TO_U: return to_unsigned(a);
	case FAST_F_TO_HALF: return to_half(a);
	case FAST_NOT: return (vf) ~(vi)a;
	default: return a;
	}
}

INLINE vf compute2(unsigned op, vf a, vf b)
{
	vi x = (vi)a, y = (vi)b, count = y & 31;

	switch (op) {
	case FAST_ADD_F: return a + b;
	case FAST_SUB_F: return a - b;
	case FAST_RSUB_F: return b - a;
	case FAST_MUL_F: return a * b;
	case FAST_NMUL_F: return -a * b;
	/* A number is preferred to a NaN. */
	case FAST_MIN_F: return v_flush(v_choose((a < b) | (b != b), a, b));
	case FAST_MAX_F: return v_flush(v_choose((a >= b) | (b != b), a, b));
	case FAST_POW: return math_power(a, b);
	case FAST_FDIV: return a / b;
	case FAST_ADD: return (vf)((vu)x + (vu)y);
	case FAST_SUB: return (vf)((vu)x - (vu)y);
	case FAST_RSUB: return (vf)((vu)y - (vu)x);
	case FAST_MUL: return (vf)((vu)x * (vu)y);
	case FAST_AND: return (vf)(x & y);
	case FAST_OR: return (vf)(x | y);
	case FAST_XOR: return (vf)(x ^ y);
	case FAST_SHL: return (vf)((vu)x << (vu)count);
	case FAST_SHR: return (vf)((vu)x >> (vu)count);
	case FAST_ASR: return (vf)(x >> count);
	case FAST_MIN_D: return v_choose(x < y, a, b);
	case FAST_MAX_D: return v_choose(x >= y, a, b);
	case FAST_MIN_U: return v_choose(compare_unsigned(UGVT_EU_CMOD_L, x, y), a, b);
	default: return v_choose(compare_unsigned(UGVT_EU_CMOD_GE, x, y), a, b);
	}
}

INLINE vf compute3(unsigned op, const struct ugvt_eu_code *code, vf a, vf b, vf c)
{
	switch (op) {
	case FAST_MAD: return v_fma(b, c, a);
	case FAST_MNADD: return v_fma(-b, c, a);
	case FAST_MSUB: return v_fma(b, c, -a);
	case FAST_NMSUB: return v_fma(-b, c, -a);
	case FAST_LRP: return v_fma(a, b, (1 - a) * c);
	default: return v_flush(v_choose(compare(code->step->inst.cmod, c, v_same(0)), a, b));
	}
}

INLINE const struct ugvt_eu_code *end(unsigned op, unsigned n, struct ugvt_eu_thread *thread,
	const struct ugvt_eu_code *code, vf low, vf high)
{
	if (is_hard(thread, code)) {
		return op < FAST_FLOATS ? finish_float(thread, code, low, high)
					: finish_int(thread, code, low, high);
	}
	if (op < FAST_FLOATS) {
		low = soft_flush(thread, low);
		high = soft_flush(thread, high);
	}
	row_store(thread->grf, code->dst, low);
	if (n > VECTOR_LANES) {
		row_store(thread->grf, code->dst + VECTOR_BYTES, high);
	}
	return ugvt_eu_code_on(thread, code);
}

/* op and what kinds of sources it has, one or more in a number of 2 bits each; n channels. */
#define EXEC(name, compute_of)                                                          \
	INLINE const struct ugvt_eu_code *name(unsigned op, unsigned kinds, unsigned n, \
		struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)         \
	{                                                                               \
		vf low = compute_of(0);                                                 \
		vf high = n > VECTOR_LANES ? compute_of(1) : low;                       \
                                                                                        \
		return end(op, n, thread, code, low, high);                             \
	}

#define IS_FLOAT_SOURCE(op)                                                         \
	((op) < FAST_D_TO_F || ((op) > FAST_HALF_TO_F && (op) <= FAST_F_TO_HALF) || \
		((op) >= FAST_CMP_F_Z && (op) <= FAST_CMP_F_LE))

INLINE vf nth(unsigned op, unsigned kinds, unsigned n, const struct ugvt_eu_thread *thread,
	const struct ugvt_eu_code *code, unsigned k)
{
	unsigned kind = kinds >> 2 * n & 3;

	return IS_FLOAT_SOURCE(op) ? float_source(kind, thread, code, n, k)
				   : source(kind, thread, code, n, k);
}

#define NTH(n, k) nth(op, kinds, n, thread, code, k)
#define COMPUTE1(k) compute1(op, thread, NTH(0, k))
#define COMPUTE2(k) compute2(op, NTH(0, k), NTH(1, k))
#define COMPUTE3(k) compute3(op, code, NTH(0, k), NTH(1, k), NTH(2, k))

EXEC(exec1, COMPUTE1)
EXEC(exec2, COMPUTE2)
EXEC(exec3, COMPUTE3)

/* p u + q v + r, with u and v of each eight channels in registers that follow each other. */
/* A coordinate of all channels: registers of eight, every other one. */
INLINE vf coordinate(const uint8_t *at)
{
#if FAST_AVX512
	return _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps((const float *)at)),
		_mm256_loadu_ps((const float *)(at + 2 * UGVT_EU_REGISTER_BYTES)), 1);
#else
	return v_load(at);
#endif
}

INLINE vf plane(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, unsigned k)
{
	const struct ugvt_eu_access *p = &code->step->src[0];
	const uint8_t *u = thread->grf + code->src[1] + 2 * k * VECTOR_BYTES;
	vf sum;

	if (p->negate || p->absolute || code->step->src[1].negate || code->step->src[1].absolute) {
		vf coefficients = general(thread, code->step, 0, 0);

		sum = v_fma(v_same(coefficients[1]), general(thread, code->step, 2, k),
			v_same(coefficients[3]));
		return v_fma(v_same(coefficients[0]), general(thread, code->step, 1, k), sum);
	}
	sum = v_fma(soft_flush(thread, v_same_at(thread->grf + p->at[1])),
		soft_flush(thread, coordinate(u + UGVT_EU_REGISTER_BYTES)),
		soft_flush(thread, v_same_at(thread->grf + p->at[3])));
	return v_fma(soft_flush(thread, v_same_at(thread->grf + p->at[0])),
		soft_flush(thread, coordinate(u)), sum);
}

#define PLANE(k) plane(thread, code, k)
EXEC(exec_plane, PLANE)

/* Chooses by the predicate. */
INLINE const struct ugvt_eu_code *exec_sel(unsigned op, unsigned kinds, unsigned n,
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t bits = predicate_bits(thread, code);
	vf low = v_choose_bits(bits, NTH(0, 0), NTH(1, 0)), high = low;

	if (n > VECTOR_LANES) {
		high = v_choose_bits(bits >> VECTOR_LANES % 16, NTH(0, 1), NTH(1, 1));
	}
	if (op == FAST_SEL_F) {
		low = v_flush(low);
		high = v_flush(high);
	}
	return end(op, n, thread, code, low, high);
}

#if FAST_AVX512

/* A bit for each lane. */
INLINE uint32_t compare_as_bits(unsigned op, vf a, vf b)
{
	__m512i x = (__m512i)a, y = (__m512i)b;

	switch (op) {
	case FAST_CMP_F_Z: return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
	case FAST_CMP_F_NZ: return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ);
	case FAST_CMP_F_G: return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
	case FAST_CMP_F_GE: return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ);
	case FAST_CMP_F_L: return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
	case FAST_CMP_F_LE: return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
	case FAST_CMP_D_Z:
	case FAST_CMP_U_Z: return _mm512_cmpeq_epi32_mask(x, y);
	case FAST_CMP_D_NZ:
	case FAST_CMP_U_NZ: return _mm512_cmpneq_epi32_mask(x, y);
	case FAST_CMP_D_G: return _mm512_cmpgt_epi32_mask(x, y);
	case FAST_CMP_D_GE: return _mm512_cmpge_epi32_mask(x, y);
	case FAST_CMP_D_L: return _mm512_cmplt_epi32_mask(x, y);
	case FAST_CMP_D_LE: return _mm512_cmple_epi32_mask(x, y);
	case FAST_CMP_U_G: return _mm512_cmpgt_epu32_mask(x, y);
	case FAST_CMP_U_GE: return _mm512_cmpge_epu32_mask(x, y);
	case FAST_CMP_U_L: return _mm512_cmplt_epu32_mask(x, y);
	default: return _mm512_cmple_epu32_mask(x, y);
	}
}

#endif

INLINE vi compare_as(unsigned op, vf a, vf b)
{
	if (op >= FAST_CMP_U_Z) {
		return compare_unsigned(op - FAST_CMP_U_Z + UGVT_EU_CMOD_Z, (vi)a, (vi)b);
	}
	return op >= FAST_CMP_D_Z ? compare_signed(op - FAST_CMP_D_Z + UGVT_EU_CMOD_Z, (vi)a, (vi)b)
				  : compare(op - FAST_CMP_F_Z + UGVT_EU_CMOD_Z, a, b);
}

NOINLINE const struct ugvt_eu_code *finish_compare(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, vf low, vf high)
{
	uint32_t write;

	if (is_masked(thread, code)) {
		flags_write(
			thread, code, masked_channels(thread, code), bits_of((vi)low, (vi)high));
		store_masked(thread, code, low, high);
		return ugvt_eu_code_on(thread, code);
	}
	write = enabled(thread, code);
	if (write) {
		flags_write(thread, code, write, bits_of((vi)low, (vi)high));
		store(thread, code->step, write, low, high);
	}
	return ugvt_eu_code_on(thread, code);
}

INLINE const struct ugvt_eu_code *exec_cmp(unsigned op, unsigned kinds, unsigned n,
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
#if FAST_AVX512
	uint32_t bits = compare_as_bits(op, NTH(0, 0), NTH(1, 0));
	vi low = v_condition(bits), high = low;
#else
	vi low = compare_as(op, NTH(0, 0), NTH(1, 0));
	vi high = n > VECTOR_LANES ? compare_as(op, NTH(0, 1), NTH(1, 1)) : low;
	uint32_t bits = n > VECTOR_LANES ? bits_of(low, high) : v_bits(low);
#endif

	if (is_hard(thread, code)) {
		return finish_compare(thread, code, (vf)low, (vf)high);
	}
	flags_write(thread, code, n > 8 ? 0xffff : 0xff, bits);
	if (code->dst != UGVT_EU_CODE_NOWHERE) {
		row_store(thread->grf, code->dst, (vf)low);
		if (n > VECTOR_LANES) {
			row_store(thread->grf, code->dst + VECTOR_BYTES, (vf)high);
		}
	}
	return ugvt_eu_code_on(thread, code);
}

#endif
