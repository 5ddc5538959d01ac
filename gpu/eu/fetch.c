/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "gpu/eu/value.h"

/* Where elements are: at[n] bytes from base. */
struct source {
	const uint8_t *base;
	const uint16_t *at;
	uint16_t addresses[UGVT_EU_CHANNELS];
	uint8_t image[UGVT_EU_ARF_BYTES];
};

static void addresses_make(const struct ugvt_eu_thread *thread, const struct ugvt_eu_access *access,
	uint16_t *addresses)
{
	for (unsigned n = 0; n < UGVT_EU_CHANNELS; n++) {
		unsigned reg = access->address_reg + (access->rows ? n >> access->rows_shift : 0);

		addresses[n] =
			(uint16_t)(thread->a0[reg & 15] + access->address_imm + access->at[n]) %
			UGVT_EU_GRF_BYTES;
	}
}

static void source_find(const struct ugvt_eu_thread *thread, const struct ugvt_eu_access *access,
	struct source *source)
{
	source->at = access->at;
	switch (access->place) {
	case UGVT_EU_PLACE_GRF: source->base = thread->grf; break;
	case UGVT_EU_PLACE_INDIRECT:
		addresses_make(thread, access, source->addresses);
		source->base = thread->grf;
		source->at = source->addresses;
		break;
	case UGVT_EU_PLACE_IMMEDIATE: source->base = (const uint8_t *)access->imm; break;
	default:
		ugvt_eu_arf_read(thread, access->number, source->image);
		source->base = source->image;
	}
}

static uint64_t load(const uint8_t *from, unsigned size)
{
	uint64_t bits = 0;

	memcpy(&bits, from, size);
	return bits;
}

static int64_t integer_of(uint64_t bits, enum ugvt_eu_type type)
{
	switch (type) {
	case UGVT_EU_B: return (int8_t)bits;
	case UGVT_EU_W: return (int16_t)bits;
	case UGVT_EU_D: return (int32_t)bits;
	default: return (int64_t)bits;
	}
}

static double number_of(
	uint32_t cr0, const struct ugvt_eu_step *step, uint64_t bits, enum ugvt_eu_type type)
{
	bool keep = cr0 & UGVT_EU_CR0_HF_DENORMS || ugvt_eu_changes_format(step);

	switch (type) {
	case UGVT_EU_HF:
		return ugvt_eu_half_float(
			keep ? (uint16_t)bits : ugvt_eu_half_flush((uint16_t)bits));
	case UGVT_EU_F:
		return ugvt_eu_float(
			cr0 & UGVT_EU_CR0_F_DENORMS ? bits : ugvt_eu_float_flush((uint32_t)bits));
	case UGVT_EU_DF:
		return ugvt_eu_double(
			cr0 & UGVT_EU_CR0_DF_DENORMS ? bits : ugvt_eu_double_flush(bits));
	case UGVT_EU_UQ: return (double)bits;
	default: return (double)integer_of(bits, type);
	}
}

static union ugvt_eu_value value_of(const struct ugvt_eu_thread *thread,
	const struct ugvt_eu_step *step, uint64_t bits, enum ugvt_eu_type type)
{
	uint32_t cr0 = thread->cr0[0];

	switch (step->domain) {
	case UGVT_EU_DOMAIN_INT: return (union ugvt_eu_value){.i = integer_of(bits, type)};
	case UGVT_EU_DOMAIN_FLOAT:
		return (union ugvt_eu_value){.f = (float)number_of(cr0, step, bits, type)};
	default: return (union ugvt_eu_value){.d = number_of(cr0, step, bits, type)};
	}
}

static int64_t modify_int(int64_t value, const struct ugvt_eu_access *access, bool logic)
{
	uint64_t bits = (uint64_t)value;

	if (logic) {
		return (int64_t)(access->negate ? ~bits : bits);
	}
	if (access->absolute && value < 0) {
		bits = -bits;
	}
	return (int64_t)(access->negate ? -bits : bits);
}

static float modify_float(float value, const struct ugvt_eu_access *access)
{
	uint32_t bits = ugvt_eu_float_bits(value);

	bits = access->absolute ? bits & 0x7fffffff : bits;
	return ugvt_eu_float(access->negate ? bits ^ 0x80000000 : bits);
}

static double modify_double(double value, const struct ugvt_eu_access *access)
{
	value = access->absolute ? fabs(value) : value;
	return access->negate ? -value : value;
}

static void modify(const struct ugvt_eu_step *step, const struct ugvt_eu_access *access,
	union ugvt_eu_value out[UGVT_EU_CHANNELS])
{
	bool logic = ugvt_eu_op_has(step->inst.op, UGVT_EU_OP_LOGIC);

	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		switch (step->domain) {
		case UGVT_EU_DOMAIN_INT: out[n].i = modify_int(out[n].i, access, logic); break;
		case UGVT_EU_DOMAIN_FLOAT: out[n].f = modify_float(out[n].f, access); break;
		default: out[n].d = modify_double(out[n].d, access);
		}
	}
}

static void fetch_acc(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step,
	const struct ugvt_eu_access *access, union ugvt_eu_value out[UGVT_EU_CHANNELS])
{
	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		int64_t acc = thread->acc[access->at[n] % UGVT_EU_CHANNELS];

		if (ugvt_eu_type_float(access->type)) {
			out[n] = value_of(thread, step, (uint64_t)acc, access->type);
		} else if (step->domain == UGVT_EU_DOMAIN_INT) {
			/* With all bits that it has: more than the type. */
			out[n].i = acc;
		} else {
			out[n] = value_of(thread, step, (uint64_t)acc, UGVT_EU_Q);
		}
	}
}

void ugvt_eu_fetch(const struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, unsigned n,
	union ugvt_eu_value out[UGVT_EU_CHANNELS])
{
	const struct ugvt_eu_access *access = &step->src[n];
	unsigned size = ugvt_eu_type_size(access->type);
	struct source source;

	if (access->place == UGVT_EU_PLACE_NULL) {
		memset(out, 0, UGVT_EU_CHANNELS * sizeof(*out));
		return;
	}
	if (access->place == UGVT_EU_PLACE_ACC) {
		fetch_acc(thread, step, access, out);
	} else {
		source_find(thread, access, &source);
		for (unsigned i = 0; i < step->inst.exec_size; i++) {
			out[i] = value_of(
				thread, step, load(source.base + source.at[i], size), access->type);
		}
	}
	if (access->negate || access->absolute) {
		modify(step, access, out);
	}
}
