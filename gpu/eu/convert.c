/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>

#include "gpu/eu/value.h"

/* From a step's domain to its destination's type: Ivy Bridge PRM vol. 4 part 3, "Data Conversion". */

static void set_integer(struct ugvt_eu_result *result, enum ugvt_eu_type type, uint64_t bits)
{
	unsigned size = ugvt_eu_type_size(type);
	int64_t value = (int64_t)(bits << (64 - 8 * size));

	result->bits = bits & UINT64_MAX >> (64 - 8 * size);
	result->sign = ugvt_eu_type_signed(type) ? (value > 0) - (value < 0) : value != 0;
}

/* Keeps the low bits, or saturates. wide: value has no sign. */
static void from_int(const struct ugvt_eu_step *step, int64_t value, struct ugvt_eu_result *result)
{
	enum ugvt_eu_type type = step->dst.type;
	unsigned bits = 8 * ugvt_eu_type_size(type);
	bool is_signed = ugvt_eu_type_signed(type), huge = step->wide && value < 0;
	uint64_t largest = UINT64_MAX >> (64 - bits + is_signed);
	int64_t smallest = is_signed ? -(int64_t)largest - 1 : 0;
	bool above = huge ? bits < 64 || is_signed : value > 0 && (uint64_t)value > largest;
	bool below = !huge && value < smallest;

	result->overflow = above || below;
	if (step->inst.saturate && result->overflow) {
		set_integer(result, type, above ? largest : (uint64_t)smallest);
	} else {
		set_integer(result, type, (uint64_t)value);
	}
}

static void float_to_int(enum ugvt_eu_type type, double value, struct ugvt_eu_result *result)
{
	unsigned bits = 8 * ugvt_eu_type_size(type);

	if (ugvt_eu_type_signed(type)) {
		set_integer(
			result, type, (uint64_t)ugvt_eu_to_signed(value, bits, &result->overflow));
	} else {
		set_integer(result, type, ugvt_eu_to_unsigned(value, bits, &result->overflow));
	}
}

static double saturate(double value)
{
	/* NaN becomes zero. */
	return value > 0 ? fmin(value, 1) : 0;
}

static uint64_t float_bits(uint32_t cr0, const struct ugvt_eu_step *step, double value)
{
	bool keep = cr0 & UGVT_EU_CR0_HF_DENORMS || ugvt_eu_changes_format(step);
	uint64_t bits;

	switch (step->dst.type) {
	case UGVT_EU_HF:
		bits = ugvt_eu_half_bits(value);
		return keep ? bits : ugvt_eu_half_flush((uint16_t)bits);
	case UGVT_EU_F:
		bits = ugvt_eu_float_bits((float)value);
		if (cr0 & UGVT_EU_CR0_ALTERNATIVE && isinf((float)value)) {
			bits = ugvt_eu_float_bits(copysignf(FLT_MAX, (float)value));
		}
		return cr0 & UGVT_EU_CR0_F_DENORMS ? bits : ugvt_eu_float_flush((uint32_t)bits);
	default:
		bits = ugvt_eu_double_bits(value);
		return cr0 & UGVT_EU_CR0_DF_DENORMS ? bits : ugvt_eu_double_flush(bits);
	}
}

static double value_of_bits(enum ugvt_eu_type type, uint64_t bits)
{
	switch (type) {
	case UGVT_EU_HF: return ugvt_eu_half_float((uint16_t)bits);
	case UGVT_EU_F: return ugvt_eu_float((uint32_t)bits);
	default: return ugvt_eu_double(bits);
	}
}

static void to_float(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	double value, struct ugvt_eu_result *result)
{
	enum ugvt_eu_type type = step->dst.type;
	bool finite = isfinite(value);

	if (step->inst.saturate) {
		value = saturate(value);
	}
	result->bits = float_bits(thread->cr0[0], step, value);
	value = value_of_bits(type, result->bits);
	result->sign = (value > 0) - (value < 0);
	result->nan = isnan(value);
	result->overflow = finite && isinf(value);
}

/* Straight from the integer: by way of a double it would round twice. */
static double int_to_float(const struct ugvt_eu_step *step, int64_t value)
{
	if (step->dst.type == UGVT_EU_DF) {
		return step->wide ? (double)(uint64_t)value : (double)value;
	}
	return step->wide ? (float)(uint64_t)value : (float)value;
}

void ugvt_eu_convert(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	union ugvt_eu_value value, struct ugvt_eu_result *result)
{
	bool to_int = !ugvt_eu_type_float(step->dst.type);

	*result = (struct ugvt_eu_result){0};
	if (step->domain == UGVT_EU_DOMAIN_INT) {
		if (to_int) {
			from_int(step, value.i, result);
		} else {
			to_float(thread, step, int_to_float(step, value.i), result);
		}
		return;
	}
	if (to_int) {
		float_to_int(step->dst.type,
			step->domain == UGVT_EU_DOMAIN_FLOAT ? (double)value.f : value.d, result);
	} else {
		to_float(thread, step,
			step->domain == UGVT_EU_DOMAIN_FLOAT ? (double)value.f : value.d, result);
	}
}

int64_t ugvt_eu_acc_of(union ugvt_eu_value value, enum ugvt_eu_domain domain)
{
	switch (domain) {
	case UGVT_EU_DOMAIN_INT: return value.i;
	case UGVT_EU_DOMAIN_FLOAT: return ugvt_eu_float_bits(value.f);
	default: return (int64_t)ugvt_eu_double_bits(value.d);
	}
}

union ugvt_eu_value ugvt_eu_acc_value(int64_t acc, enum ugvt_eu_domain domain)
{
	switch (domain) {
	case UGVT_EU_DOMAIN_INT: return (union ugvt_eu_value){.i = acc};
	case UGVT_EU_DOMAIN_FLOAT: return (union ugvt_eu_value){.f = ugvt_eu_float((uint32_t)acc)};
	default: return (union ugvt_eu_value){.d = ugvt_eu_double((uint64_t)acc)};
	}
}
