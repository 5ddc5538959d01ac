/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "gpu/eu/mode.h"
#include "gpu/eu/value.h"

/*
 * What quotients and square roots as IEEE 754 wants them are made of: approximations (math invm, rsqrtm) that make them exact
 * with multiplications and additions (madm), rounded once, of numbers that have more exponents than registers can hold:
 * acc2 to acc9 have two bits more of each channel. Broxton PRM vol. 6, "Accumulators acc2-acc9". What the bits say is nowhere
 * written; here it is a power of two. What comes out of a sequence is the same.
 */

enum {
	SCALE_NONE, // the two bits
	SCALE_UP,
	SCALE_DOWN,
	SPECIALS_MARGIN = 2, // of exponents that are left to the CPU
};

/* What a type's numbers are like; exponents are frexp()'s. */
struct format {
	int lowest, highest; // exponent
	int scale;           // of acc's powers of two
	int far;             // exponents apart, so that the smaller one counts only for rounding
};

static const struct format single = {-125, 128, 192, 100};
static const struct format twofold = {-1021, 1024, 1536, 300};

struct number {
	double fraction; // from 0.5 to below 1; zero, infinite or NaN
	int exponent;
};

struct lane {
	const struct ugvt_eu_step *step;
	const struct format *format;
	struct number src[3];
	struct number out;
	bool early; // out is what the sequence is for
};

bool ugvt_eu_is_macro(const struct ugvt_eu_inst *inst)
{
	return inst->opcode == UGVT_EU_MADM ||
	       (inst->opcode == UGVT_EU_MATH &&
		       (inst->math == UGVT_EU_MATH_INVM || inst->math == UGVT_EU_MATH_RSQRTM));
}

static bool is_single(const struct lane *lane)
{
	return lane->format == &single;
}

static struct number number_of(double value, int scale)
{
	struct number out = {.fraction = value};

	if (isfinite(value)) {
		out.fraction = frexp(value, &out.exponent);
		out.exponent += value == 0 ? 0 : scale;
	}
	return out;
}

static double load(uint32_t cr0, const uint8_t *from, bool narrow)
{
	uint64_t bits = 0;

	memcpy(&bits, from, narrow ? sizeof(float) : sizeof(double));
	if (narrow) {
		return (double)ugvt_eu_float(cr0 & UGVT_EU_CR0_F_DENORMS
						     ? (uint32_t)bits
						     : ugvt_eu_float_flush((uint32_t)bits));
	}
	return ugvt_eu_double(cr0 & UGVT_EU_CR0_DF_DENORMS ? bits : ugvt_eu_double_flush(bits));
}

static unsigned channel_of(const struct ugvt_eu_step *step, unsigned n)
{
	return (step->inst.first + n) % UGVT_EU_CHANNELS;
}

static void source_read(
	const struct ugvt_eu_thread *thread, struct lane *lane, unsigned source, unsigned n)
{
	const struct ugvt_eu_access *access = &lane->step->src[source];
	unsigned acc = lane->step->inst.src[source].special;
	double value = load(thread->cr0[0], thread->grf + access->at[n], is_single(lane));
	int scale = 0;

	value = access->absolute ? fabs(value) : value;
	if (acc < UGVT_EU_SPECIALS) {
		unsigned bits = thread->special[acc] >> 2 * channel_of(lane->step, n) & 3;

		scale = bits == SCALE_UP     ? lane->format->scale
			: bits == SCALE_DOWN ? -lane->format->scale
					     : 0;
	}
	lane->src[source] = number_of(access->negate ? -value : value, scale);
}

/* Rounded to the type, of numbers that are all near 1. */
static double fused(const struct lane *lane, double a, double b, double c)
{
	return is_single(lane) ? (double)fmaf((float)a, (float)b, (float)c) : fma(a, b, c);
}

static void multiply_add(struct lane *lane)
{
	const struct number *a = &lane->src[1], *b = &lane->src[2], *c = &lane->src[0];
	int product = a->exponent + b->exponent, apart = c->exponent - product;
	int far = lane->format->far;

	if (a->fraction == 0 || b->fraction == 0) {
		double zero = a->fraction * b->fraction;

		lane->out = c->fraction == 0 || isnan(zero) ? number_of(zero + c->fraction, 0) : *c;
		return;
	}
	if (c->fraction == 0) {
		apart = 0;
	} else if (apart > far) {
		product = c->exponent - far;
		apart = far;
	} else if (apart < -far) {
		apart = -far;
	}
	lane->out = number_of(
		fused(lane, a->fraction, b->fraction, ldexp(c->fraction, apart)), product);
}

static double whole(const struct number *number)
{
	return isfinite(number->fraction) ? ldexp(number->fraction, number->exponent)
					  : number->fraction;
}

/* A quotient that is no normal number, or hardly one, comes out at once. */
static void invert(struct lane *lane)
{
	const struct number *a = &lane->src[0], *b = &lane->src[1];
	int exponent = a->exponent - b->exponent;

	lane->early = !isnormal(a->fraction) || !isnormal(b->fraction) ||
		      exponent < lane->format->lowest + SPECIALS_MARGIN ||
		      exponent > lane->format->highest - SPECIALS_MARGIN;
	if (lane->early) {
		double x = whole(a), y = whole(b);

		lane->out = number_of(is_single(lane) ? (double)((float)x / (float)y) : x / y, 0);
		return;
	}
	lane->out = number_of(
		is_single(lane) ? (double)(1 / (float)b->fraction) : 1 / b->fraction, -b->exponent);
}

static void root(struct lane *lane)
{
	const struct number *a = &lane->src[0];
	int odd = a->exponent & 1;
	double near = ldexp(a->fraction, odd), inverse;

	lane->early = !isnormal(a->fraction) || a->fraction < 0;
	if (lane->early) {
		lane->out = number_of(sqrt(a->fraction), 0);
		return;
	}
	inverse = 1 / sqrt(near);
	lane->out = number_of(
		is_single(lane) ? (double)(float)inverse : inverse, -(a->exponent - odd) / 2);
}

static void compute(struct lane *lane)
{
	if (lane->step->inst.opcode == UGVT_EU_MADM) {
		multiply_add(lane);
	} else if (lane->step->inst.math == UGVT_EU_MATH_INVM) {
		invert(lane);
	} else {
		root(lane);
	}
}

/* Brings the number to where the type has it; the two bits. */
static unsigned scale_find(const struct format *format, struct number *number)
{
	if (!isnormal(number->fraction)) {
		return SCALE_NONE;
	}
	if (number->exponent > format->highest) {
		number->exponent -= format->scale;
		return SCALE_UP;
	}
	if (number->exponent < format->lowest) {
		number->exponent += format->scale;
		return SCALE_DOWN;
	}
	return SCALE_NONE;
}

static void result_write(struct ugvt_eu_thread *thread, const struct lane *lane, unsigned n)
{
	unsigned acc = lane->step->inst.dst.special, shift = 2 * channel_of(lane->step, n);
	struct number number = lane->out;
	double value;
	float narrow;

	if (acc < UGVT_EU_SPECIALS) {
		uint64_t bits = lane->early ? SCALE_NONE : scale_find(lane->format, &number);

		thread->special[acc] =
			(thread->special[acc] & ~(UINT64_C(3) << shift)) | bits << shift;
	}
	value = whole(&number);
	narrow = (float)value;
	if (is_single(lane)) {
		memcpy(thread->grf + lane->step->dst.at[n], &narrow, sizeof(narrow));
	} else {
		memcpy(thread->grf + lane->step->dst.at[n], &value, sizeof(value));
	}
}

void ugvt_eu_exec_macro(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, uint32_t channels)
{
	const struct ugvt_eu_inst *inst = &step->inst;
	struct lane lanes[UGVT_EU_CHANNELS];
	uint32_t early = 0;

	for (uint32_t left = channels; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);
		struct lane *lane = &lanes[n];

		*lane = (struct lane){
			.step = step, .format = step->dst.type == UGVT_EU_F ? &single : &twofold};
		for (unsigned i = 0; i < inst->op->sources; i++) {
			if (step->src[i].place == UGVT_EU_PLACE_GRF) {
				source_read(thread, lane, i, n);
			}
		}
		compute(lane);
		early |= (uint32_t)lane->early << n;
	}
	for (uint32_t left = channels; left; left &= left - 1) {
		unsigned n = (unsigned)__builtin_ctz(left);

		result_write(thread, &lanes[n], n);
	}
	if (inst->opcode == UGVT_EU_MATH) {
		ugvt_eu_flags_write(thread, inst, channels << inst->first, early << inst->first);
	}
}
