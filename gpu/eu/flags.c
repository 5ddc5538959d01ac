/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "gpu/eu/value.h"

/* Predication and conditions: Ivy Bridge PRM vol. 4 part 3, sections 3.4 and 3.6. */

/* A bit of the flag register for each of the thread's channels: subregister 1 is the register's upper half. */
static uint32_t flag_channels(const struct ugvt_eu_thread *thread, unsigned flag)
{
	uint32_t bits = thread->flag[flag / 2];

	return flag % 2 ? bits >> 16 | bits << 16 : bits;
}

/* Each bit becomes the or, or the and, of its group. */
static uint32_t group(uint32_t bits, unsigned size, bool all)
{
	uint32_t whole = UINT32_MAX >> (32 - size), out = 0;

	for (unsigned at = 0; at < 32; at += size) {
		uint32_t in = bits >> at & whole;

		if (all ? in == whole : in != 0) {
			out |= whole << at;
		}
	}
	return out;
}

/* One bit of each group of four, for all of it. */
static uint32_t replicate(uint32_t bits, unsigned component)
{
	return (bits >> component & 0x11111111) * 0xf;
}

static uint32_t select_align16(uint32_t bits, enum ugvt_eu_predicate predicate)
{
	switch (predicate) {
	case UGVT_EU_PREDICATE_NORMAL: return bits;
	case UGVT_EU_PREDICATE_ANY4H: return group(bits, 4, false);
	case UGVT_EU_PREDICATE_ALL4H: return group(bits, 4, true);
	default: return replicate(bits, predicate - UGVT_EU_PREDICATE_ANYV);
	}
}

static uint32_t select_align1(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_inst *inst, uint32_t bits)
{
	uint32_t other = flag_channels(thread, inst->flag ^ 1);

	switch ((enum ugvt_eu_predicate)inst->predicate) {
	case UGVT_EU_PREDICATE_NORMAL: return bits;
	case UGVT_EU_PREDICATE_ANYV: return bits | other;
	case UGVT_EU_PREDICATE_ALLV: return bits & other;
	default:
		/* any2h, all2h, any4h and so on. */
		return group(bits, 2u << (inst->predicate - UGVT_EU_PREDICATE_ANY2H) / 2,
			inst->predicate & 1);
	}
}

uint32_t ugvt_eu_predicate_mask(
	const struct ugvt_eu_thread *thread, const struct ugvt_eu_inst *inst)
{
	uint32_t bits = flag_channels(thread, inst->flag);

	if (inst->predicate == UGVT_EU_PREDICATE_NONE) {
		return UINT32_MAX;
	}
	bits = inst->align16 ? select_align16(bits, inst->predicate)
			     : select_align1(thread, inst, bits);
	return inst->predicate_inverse ? ~bits : bits;
}

bool ugvt_eu_condition(enum ugvt_eu_cmod cmod, const struct ugvt_eu_result *result)
{
	switch (cmod) {
	case UGVT_EU_CMOD_Z: return !result->nan && result->sign == 0;
	case UGVT_EU_CMOD_NZ: return result->nan || result->sign != 0;
	case UGVT_EU_CMOD_G: return !result->nan && result->sign > 0;
	case UGVT_EU_CMOD_GE: return !result->nan && result->sign >= 0;
	case UGVT_EU_CMOD_L: return !result->nan && result->sign < 0;
	case UGVT_EU_CMOD_LE: return !result->nan && result->sign <= 0;
	case UGVT_EU_CMOD_O: return result->overflow;
	case UGVT_EU_CMOD_U: return result->nan;
	default: return false;
	}
}

bool ugvt_eu_compare(const struct ugvt_eu_step *step, enum ugvt_eu_cmod cmod,
	const union ugvt_eu_value *a, const union ugvt_eu_value *b)
{
	struct ugvt_eu_result order = {0};

	switch (step->domain) {
	case UGVT_EU_DOMAIN_INT:
		order.sign = step->wide ? ((uint64_t)a->i > (uint64_t)b->i) -
						  ((uint64_t)a->i < (uint64_t)b->i)
					: (a->i > b->i) - (a->i < b->i);
		break;
	case UGVT_EU_DOMAIN_FLOAT:
		order.sign = (a->f > b->f) - (a->f < b->f);
		order.nan = isunordered(a->f, b->f);
		break;
	default: order.sign = (a->d > b->d) - (a->d < b->d); order.nan = isunordered(a->d, b->d);
	}
	return ugvt_eu_condition(cmod, &order);
}

bool ugvt_eu_compare_nan(const struct ugvt_eu_step *step, enum ugvt_eu_cmod cmod,
	const union ugvt_eu_value *a, const union ugvt_eu_value *b)
{
	bool second_nan = step->domain == UGVT_EU_DOMAIN_FLOAT    ? isnan(b->f)
			  : step->domain == UGVT_EU_DOMAIN_DOUBLE ? isnan(b->d)
								  : false;

	return second_nan || ugvt_eu_compare(step, cmod, a, b);
}

void ugvt_eu_flags_write(struct ugvt_eu_thread *thread, const struct ugvt_eu_inst *inst,
	uint32_t channels, uint32_t values)
{
	uint32_t *flag = &thread->flag[inst->flag / 2];

	if (inst->flag % 2) {
		channels = channels >> 16 | channels << 16;
		values = values >> 16 | values << 16;
	}
	*flag = (*flag & ~channels) | (values & channels);
}
