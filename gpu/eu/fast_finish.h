/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_FAST_FINISH_H
#define UGVT_GPU_EU_FAST_FINISH_H

#include "base/bits.h"
#include "gpu/eu/fast.h"
#include "gpu/eu/fast_vector.h"
#include "gpu/eu/run.h"
#include "gpu/eu/value.h"

/* What the runners do not do in line: sources of any shape, and results with masks, conditions and the like. */

#define NOINLINE static __attribute__((noinline, unused))

/* Where the CPU does not do it. */
INLINE vf soft_flush(const struct ugvt_eu_thread *thread, vf v)
{
#if FAST_AVX2
	return v;
#else
	vi keep = ((vi)v & 0x7f800000) != 0;

	return thread->cr0[0] & UGVT_EU_CR0_F_DENORMS ? v
						      : (vf)((vi)v & (keep | (vi)v_same(-0.0f)));
#endif
}

/*
 * Registers from at on, of the channels of a vector. What goes over the end of a line of the cache, or is read as a whole
 * after it was written in parts, takes long; so vectors of two registers are whole where they are in one line.
 */
INLINE vf row_load(const uint8_t *grf, unsigned at)
{
#if FAST_AVX512
	if (at % 64) {
		return _mm512_insertf32x8(
			_mm512_castps256_ps512(_mm256_loadu_ps((const float *)(grf + at))),
			_mm256_loadu_ps((const float *)(grf + at + 32)), 1);
	}
#endif
	return v_load(grf + at);
}

INLINE void row_store(uint8_t *grf, unsigned at, vf v)
{
#if FAST_AVX512
	if (at % 64) {
		_mm256_storeu_ps((float *)(grf + at), _mm512_castps512_ps256(v));
		_mm256_storeu_ps((float *)(grf + at + 32), _mm512_extractf32x8_ps(v, 1));
		return;
	}
#endif
	v_store(grf + at, v);
}

/* Elements, each anywhere; there are some bytes behind the last register. */
INLINE vf gather(const struct ugvt_eu_access *src, const uint8_t *grf, unsigned k)
{
	const uint16_t *at = src->at + k * VECTOR_LANES;
	vi v;

#if FAST_AVX512
	v = (vi)_mm512_i32gather_epi32((__m512i)v_words(at), grf, 1);
#elif FAST_AVX2
	v = (vi)_mm256_i32gather_epi32((const int *)grf, (__m256i)v_words(at), 1);
#else
	for (unsigned i = 0; i < VECTOR_LANES; i++) {
		int32_t element;

		memcpy(&element, grf + at[i], sizeof(element));
		v[i] = element;
	}
#endif
	switch (src->type) {
	case UGVT_EU_UB: return (vf)(v & 0xff);
	case UGVT_EU_B: return (vf)((vi)((vu)v << 24) >> 24);
	case UGVT_EU_W: return (vf)((vi)((vu)v << 16) >> 16);
	case UGVT_EU_UW:
	case UGVT_EU_HF: return (vf)(v & 0xffff);
	default: return (vf)v;
	}
}

/* One element for each eight lanes. */
INLINE vf two(const uint8_t *grf, const struct ugvt_eu_access *src, unsigned k)
{
#if FAST_AVX512
	return _mm512_insertf32x8(v_same_at(grf + src->at[0]),
		_mm512_castps512_ps256(v_same_at(grf + src->at[8])), 1);
#else
	return v_same_at(grf + src->at[8 * k]);
#endif
}

INLINE vf modify(const struct ugvt_eu_step *step, const struct ugvt_eu_access *src, vf v)
{
	vi i = (vi)v;

	if (step->domain == UGVT_EU_DOMAIN_FLOAT) {
		i = src->absolute ? i & 0x7fffffff : i;
		return (vf)(src->negate ? i ^ (vi)v_same(-0.0f) : i);
	}
	if (ugvt_eu_op_has(step->inst.op, UGVT_EU_OP_LOGIC)) {
		return (vf)(src->negate ? ~i : i);
	}
	if (src->absolute && src->type != UGVT_EU_UD) {
		vi sign = i < 0;

		i = (i ^ sign) - sign;
	}
	return (vf)(src->negate ? -i : i);
}

NOINLINE vf general(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	unsigned n, unsigned k)
{
	const struct ugvt_eu_access *src = &step->src[n];
	const uint8_t *row = thread->grf + src->at[0];
	vf v;

	switch ((enum ugvt_eu_shape)src->shape) {
	case UGVT_EU_SHAPE_ROW: v = row_load(thread->grf, src->at[0] + k * VECTOR_BYTES); break;
	case UGVT_EU_SHAPE_ONE: v = v_same_at(row); break;
	case UGVT_EU_SHAPE_TWO: v = two(thread->grf, src, k); break;
	case UGVT_EU_SHAPE_IMMEDIATE: v = v_load(step->immediate + k * VECTOR_LANES); break;
	case UGVT_EU_SHAPE_WORDS: v = v_words(row + k * VECTOR_BYTES / 2); break;
	case UGVT_EU_SHAPE_SHORTS: v = v_shorts(row + k * VECTOR_BYTES / 2); break;
	case UGVT_EU_SHAPE_NONE: v = v_same(0); break;
	default: v = gather(src, thread->grf, k);
	}
	if (src->type == UGVT_EU_F) {
		v = soft_flush(thread, v);
	}
	return src->negate || src->absolute ? modify(step, src, v) : v;
}

INLINE vi compare(enum ugvt_eu_cmod cmod, vf a, vf b)
{
	switch (cmod) {
	case UGVT_EU_CMOD_Z: return a == b;
	case UGVT_EU_CMOD_NZ: return a != b;
	case UGVT_EU_CMOD_G: return a > b;
	case UGVT_EU_CMOD_GE: return a >= b;
	case UGVT_EU_CMOD_L: return a < b;
	default: return a <= b;
	}
}

INLINE vi compare_signed(enum ugvt_eu_cmod cmod, vi a, vi b)
{
	switch (cmod) {
	case UGVT_EU_CMOD_Z: return a == b;
	case UGVT_EU_CMOD_NZ: return a != b;
	case UGVT_EU_CMOD_G: return a > b;
	case UGVT_EU_CMOD_GE: return a >= b;
	case UGVT_EU_CMOD_L: return a < b;
	default: return a <= b;
	}
}

/* Without signs, order is that of the numbers from the smallest on. */
INLINE vi compare_unsigned(enum ugvt_eu_cmod cmod, vi a, vi b)
{
	vi smallest = (vi)v_same(-0.0f);

	return compare_signed(cmod, a ^ smallest, b ^ smallest);
}

/* Bit 0 is the instruction's first channel, as in all masks here. */
INLINE uint32_t bits_of(vi low, vi high)
{
	return VECTOR_LANES < 16 ? v_bits(low) | v_bits(high) << VECTOR_LANES % 16 : v_bits(low);
}

INLINE uint32_t predicate_bits(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return ugvt_eu_code_predicate(thread, code);
}

INLINE void flags_write(struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code,
	uint32_t channels, uint32_t values)
{
	unsigned left = code->flag_shift, right = -left & 31;
	uint32_t *flag = &thread->flag[code->flag];

	channels = channels << left | channels >> right;
	values = values << left | values >> right;
	*flag = (*flag & ~channels) | (values & channels);
}

/* Whether the result is not simply stored. */
INLINE bool is_hard(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint64_t missing = code->check & ~thread->go;

	/* Or GCC tests it in AVX-512's mask registers, which takes longer. */
	__asm__("" : "+r"(missing));
	return __builtin_expect(missing != 0, 0);
}

/* Channels that write. */
INLINE uint32_t enabled(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	const struct ugvt_eu_step *step = code->step;
	uint32_t bits = step->lanes & (step->inst.no_mask ? UINT32_MAX : thread->active);

	bits = bits >> step->inst.first & step->writes;
	if (step->inst.predicate && step->inst.opcode != UGVT_EU_SEL) {
		bits &= predicate_bits(thread, code);
	}
	return bits;
}

NOINLINE void scatter(
	uint8_t *grf, const struct ugvt_eu_access *dst, uint32_t write, vf low, vf high)
{
	unsigned size = ugvt_eu_type_size(dst->type);
	uint32_t lanes[2 * VECTOR_LANES];

	v_store(lanes, low);
	v_store(lanes + VECTOR_LANES, high);
	for (; write; write &= write - 1) {
		unsigned i = (unsigned)__builtin_ctz(write);

		memcpy(grf + dst->at[i], &lanes[i], size);
	}
}

/* The first of each eight. */
INLINE void two_store(
	uint8_t *grf, const struct ugvt_eu_access *dst, uint32_t write, vf low, vf high)
{
	float second = VECTOR_LANES < 16 ? high[0] : low[8 % VECTOR_LANES];

	if (write & 1) {
		memcpy(grf + dst->at[0], &low, sizeof(second));
	}
	if (write >> 8 & 1) {
		memcpy(grf + dst->at[8], &second, sizeof(second));
	}
}

INLINE void blend(uint8_t *grf, unsigned at, uint32_t write, vf v)
{
	row_store(grf, at, v_choose_bits(write, v, row_load(grf, at)));
}

INLINE void store(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, uint32_t write,
	vf low, vf high)
{
	const struct ugvt_eu_access *dst = &step->dst;
	uint8_t *to = thread->grf + dst->at[0];

	if (step->inst.exec_size == 1 && ugvt_eu_type_size(dst->type) == 4 &&
		dst->place == UGVT_EU_PLACE_GRF) {
		memcpy(to, &low, 4);
		return;
	}
	switch ((enum ugvt_eu_shape)dst->shape) {
	case UGVT_EU_SHAPE_NONE: break;
	case UGVT_EU_SHAPE_ROW:
		blend(thread->grf, dst->at[0], write, low);
		if (VECTOR_LANES < 16 && step->inst.exec_size > VECTOR_LANES) {
			blend(thread->grf, dst->at[0] + VECTOR_BYTES, write >> VECTOR_LANES % 16,
				high);
		}
		break;
	case UGVT_EU_SHAPE_WORDS:
		if (write == 0xffff) {
			v_store_words(to, low);
			if (VECTOR_LANES < 16) {
				v_store_words(to + VECTOR_BYTES / 2, high);
			}
			break;
		}
		scatter(thread->grf, dst, write, low, high);
		break;
	case UGVT_EU_SHAPE_TWO: two_store(thread->grf, dst, write, low, high); break;
	default: scatter(thread->grf, dst, write, low, high);
	}
}

INLINE vf finish_lanes(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, vf v)
{
	if (step->inst.saturate) {
		/* NaN fails both. */
		v = v_choose(v > 0, v_choose(v < 1, v, v_same(1)), v_same(0));
	}
	if (thread->cr0[0] & UGVT_EU_CR0_ALTERNATIVE) {
		vi infinite = ((vi)v & 0x7fffffff) == 0x7f800000;

		v = (vf)((vi)v + infinite);
	}
	return soft_flush(thread, v);
}

INLINE vi conditions(const struct ugvt_eu_step *step, vf v)
{
	enum ugvt_eu_cmod cmod = step->inst.cmod;

	if (step->dst.type == UGVT_EU_F) {
		return compare(cmod, v, v_same(0));
	}
	return step->dst.type == UGVT_EU_D ? compare_signed(cmod, (vi)v, (vi)v_same(0))
					   : compare_unsigned(cmod, (vi)v, (vi)v_same(0));
}

INLINE const struct ugvt_eu_code *finish(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, vf low, vf high)
{
	const struct ugvt_eu_step *step = code->step;
	uint32_t write = enabled(thread, code);

	if (!write) {
		return ugvt_eu_code_on(thread, code);
	}
	if (step->inst.cmod && !ugvt_eu_op_has(step->inst.op, UGVT_EU_OP_NO_FLAG)) {
		flags_write(thread, code, write,
			bits_of(conditions(step, low), conditions(step, high)));
	}
	store(thread, step, write, low, high);
	return ugvt_eu_code_on(thread, code);
}

/* Whether a result is simply stored, but for channels that are not active. */
INLINE bool is_masked(const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	return (code->check & ~thread->go) >> UGVT_EU_CHANNELS == 0;
}

/* Of such a one, the channels that are active. */
INLINE uint32_t masked_channels(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code)
{
	uint32_t lanes = (uint32_t)code->check;

	return (lanes & (uint32_t)thread->go) >> __builtin_ctz(lanes);
}

INLINE void store_masked(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, vf low, vf high)
{
	uint32_t write = masked_channels(thread, code);

	if (code->dst == UGVT_EU_CODE_NOWHERE) {
		return;
	}
	blend(thread->grf, code->dst, write, low);
	if (write >> VECTOR_LANES) {
		blend(thread->grf, code->dst + VECTOR_BYTES, write >> VECTOR_LANES % 16, high);
	}
}

NOINLINE const struct ugvt_eu_code *finish_int(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, vf low, vf high)
{
	if (is_masked(thread, code)) {
		store_masked(thread, code, low, high);
		return ugvt_eu_code_on(thread, code);
	}
	return finish(thread, code, low, high);
}

NOINLINE const struct ugvt_eu_code *finish_float(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code, vf low, vf high)
{
	if (is_masked(thread, code)) {
		store_masked(thread, code, soft_flush(thread, low), soft_flush(thread, high));
		return ugvt_eu_code_on(thread, code);
	}
	return finish(thread, code, finish_lanes(thread, code->step, low),
		finish_lanes(thread, code->step, high));
}

#endif
