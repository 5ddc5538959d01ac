/* SPDX-License-Identifier: MIT */
#include "gpu/eu/access.h"

#include "base/bits.h"
#include "gpu/eu/number.h"

enum {
	REGISTER = 32,
};

static uint8_t place_of(const struct ugvt_eu_operand *operand)
{
	if (operand->file == UGVT_EU_FILE_IMM) {
		return UGVT_EU_PLACE_IMMEDIATE;
	}
	if (operand->indirect) {
		return UGVT_EU_PLACE_INDIRECT;
	}
	if (operand->file == UGVT_EU_FILE_GRF) {
		return UGVT_EU_PLACE_GRF;
	}
	switch (ugvt_eu_arf(operand)) {
	case UGVT_EU_ARF_NULL: return UGVT_EU_PLACE_NULL;
	case UGVT_EU_ARF_ACC: return UGVT_EU_PLACE_ACC;
	default: return UGVT_EU_PLACE_ARF;
	}
}

/* From the register file's start, or the address. */
static unsigned base_of(const struct ugvt_eu_access *access, const struct ugvt_eu_operand *operand)
{
	unsigned size = ugvt_eu_type_size(operand->type);

	switch (access->place) {
	case UGVT_EU_PLACE_GRF: return operand->number * REGISTER + operand->offset;
	case UGVT_EU_PLACE_ARF: return operand->offset;
	/* 32 bytes of channels each. */
	case UGVT_EU_PLACE_ACC: return ((operand->number & 1) * REGISTER + operand->offset) / size;
	default: return 0;
	}
}

/* The element of channel n, counted from the first one. */
static unsigned source_element(
	const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *src, unsigned n)
{
	if (src->replicate) {
		return 0;
	}
	if (inst->align16) {
		return n / 4 * src->vstride + (src->swizzle >> n % 4 * 2 & 3);
	}
	if (src->vstride == UGVT_EU_VSTRIDE_VXH) {
		return n % src->width * src->hstride;
	}
	return n / src->width * src->vstride + n % src->width * src->hstride;
}

static void prepare_immediate(struct ugvt_eu_access *access, const struct ugvt_eu_operand *src)
{
	unsigned elements = 1;

	switch (src->type) {
	case UGVT_EU_V:
	case UGVT_EU_UV:
		access->type = src->type == UGVT_EU_V ? UGVT_EU_W : UGVT_EU_UW;
		elements = 8;
		for (unsigned i = 0; i < elements; i++) {
			uint16_t value = src->imm >> 4 * i & 0xf;

			if (src->type == UGVT_EU_V && value & 8) {
				value |= 0xfff0;
			}
			access->imm[i / 4] |= (uint64_t)value << i % 4 * 16;
		}
		break;
	case UGVT_EU_VF:
		access->type = UGVT_EU_F;
		elements = 4;
		for (unsigned i = 0; i < elements; i++) {
			access->imm[i / 2] |= (uint64_t)ugvt_eu_vf_bits(src->imm >> 8 * i & 0xff)
					      << i % 2 * 32;
		}
		break;
	default: access->imm[0] = src->imm;
	}
	for (unsigned n = 0; n < UGVT_ARRAY_SIZE(access->at); n++) {
		access->at[n] = n % elements * ugvt_eu_type_size(access->type);
	}
}

static void prepare_source(const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *src,
	struct ugvt_eu_access *access)
{
	unsigned size = ugvt_eu_type_size(src->type), base;

	access->place = place_of(src);
	access->type = src->type;
	access->negate = src->negate;
	access->absolute = src->absolute;
	access->number = src->number;
	access->address_reg = src->address_reg;
	access->address_imm = src->address_imm;
	if (access->place == UGVT_EU_PLACE_IMMEDIATE) {
		prepare_immediate(access, src);
		return;
	}
	if (access->place == UGVT_EU_PLACE_NULL) {
		return;
	}
	if (src->vstride == UGVT_EU_VSTRIDE_VXH) {
		access->rows = true;
		access->rows_shift = __builtin_ctz(src->width);
	}
	base = base_of(access, src);
	if (access->place == UGVT_EU_PLACE_ACC) {
		size = 1;
	}
	for (unsigned n = 0; n < inst->exec_size; n++) {
		access->at[n] = base + source_element(inst, src, n) * size;
	}
}

static void prepare_destination(const struct ugvt_eu_inst *inst, struct ugvt_eu_access *access)
{
	const struct ugvt_eu_operand *dst = &inst->dst;
	unsigned size = ugvt_eu_type_size(dst->type), base;

	access->place = place_of(dst);
	access->type = dst->type;
	access->number = dst->number;
	access->address_reg = dst->address_reg;
	access->address_imm = dst->address_imm;
	if (access->place == UGVT_EU_PLACE_NULL) {
		return;
	}
	base = base_of(access, dst);
	if (access->place == UGVT_EU_PLACE_ACC) {
		size = 1;
	}
	for (unsigned n = 0; n < inst->exec_size; n++) {
		access->at[n] = base + n * dst->hstride * size;
	}
}

/* p, q and r of a plane or line are the first, second and fourth of the group of four that p is in. */
static void prepare_coefficients(struct ugvt_eu_step *step)
{
	const struct ugvt_eu_operand *p = &step->inst.src[0];
	unsigned start = p->number * REGISTER + (p->offset & ~15u);

	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		step->src[0].at[n] = start + n % 4 * 4;
	}
	step->src[0].at[0] = p->number * REGISTER + p->offset;
}

/* u and v of each eight channels are in one register each, and follow each other: Mesa's lower_barycentrics(). */
static void prepare_plane(struct ugvt_eu_step *step)
{
	const struct ugvt_eu_operand *u = &step->inst.src[1];

	step->src[2] = step->src[1];
	for (unsigned n = 0; n < step->inst.exec_size; n++) {
		step->src[1].at[n] = (u->number + n / 8 * 2) * REGISTER + n % 8 * 4;
		step->src[2].at[n] = step->src[1].at[n] + REGISTER;
	}
}

static bool is_raw(const struct ugvt_eu_inst *inst)
{
	bool same = true;

	if (inst->opcode != UGVT_EU_MOV && inst->opcode != UGVT_EU_SEL) {
		return false;
	}
	for (unsigned n = 0; n < inst->op->sources; n++) {
		const struct ugvt_eu_operand *src = &inst->src[n];

		same = same && src->type == inst->dst.type && !src->negate && !src->absolute;
	}
	return same && !inst->saturate && inst->cmod == UGVT_EU_CMOD_NONE &&
	       ugvt_eu_type_float(inst->dst.type);
}

static uint8_t bits_type(uint8_t type)
{
	switch (ugvt_eu_type_size(type)) {
	case 2: return UGVT_EU_UW;
	case 4: return UGVT_EU_UD;
	default: return UGVT_EU_UQ;
	}
}

static uint8_t domain_of(const struct ugvt_eu_step *step)
{
	uint8_t domain = UGVT_EU_DOMAIN_INT;

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		if (step->src[n].place == UGVT_EU_PLACE_NULL) {
			continue;
		}
		if (step->src[n].type == UGVT_EU_DF) {
			return UGVT_EU_DOMAIN_DOUBLE;
		}
		if (ugvt_eu_type_float(step->src[n].type)) {
			domain = UGVT_EU_DOMAIN_FLOAT;
		}
	}
	return domain;
}

/* Half floats and doubles have a mode of their own. */
static bool is_exact(const struct ugvt_eu_step *step)
{
	bool exact = step->dst.type == UGVT_EU_HF || step->dst.type == UGVT_EU_DF;

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		exact = exact || step->src[n].type == UGVT_EU_HF || step->src[n].type == UGVT_EU_DF;
	}
	return exact;
}

static bool is_wide(const struct ugvt_eu_step *step)
{
	bool wide = false;

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		wide = wide || step->src[n].type == UGVT_EU_UQ;
	}
	return wide;
}

static void prepare_masks(struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	step->lanes = (UINT32_MAX >> (32 - inst->exec_size)) << inst->first;
	step->writes = inst->align16 ? inst->dst.writemask * 0x11111111u : UINT32_MAX;
}

void ugvt_eu_access_prepare(struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	prepare_masks(step);
	if (inst->op->form == UGVT_EU_FORM_BRANCH || ugvt_eu_is_send(inst)) {
		step->writes = UINT32_MAX;
		return;
	}
	if (inst->opcode == UGVT_EU_JMPI) {
		prepare_source(inst, &inst->src[1], &step->src[1]);
		return;
	}
	if (!ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_DST)) {
		prepare_destination(inst, &step->dst);
	}
	for (unsigned n = 0; n < inst->op->sources; n++) {
		prepare_source(inst, &inst->src[n], &step->src[n]);
	}
	if (inst->opcode == UGVT_EU_PLN) {
		prepare_plane(step);
	}
	if (inst->opcode == UGVT_EU_PLN || inst->opcode == UGVT_EU_LINE) {
		prepare_coefficients(step);
	}
	step->raw = is_raw(inst);
	if (step->raw) {
		step->dst.type = bits_type(step->dst.type);
		for (unsigned n = 0; n < inst->op->sources; n++) {
			step->src[n].type = bits_type(step->src[n].type);
		}
	}
	step->domain = domain_of(step);
	step->exact = is_exact(step);
	step->wide = is_wide(step);
}
