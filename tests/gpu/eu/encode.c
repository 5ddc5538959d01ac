/* SPDX-License-Identifier: MIT */
#include "tests/gpu/eu/encode.h"

#include <string.h>

#include "base/bits.h"
#include "gpu/eu/number.h"

static void put(struct ugvt_eu_bits *bits, unsigned hi, unsigned lo, uint64_t value)
{
	uint64_t mask = UINT64_MAX >> (63 - (hi - lo)) << (lo % 64);

	bits->word[lo / 64] = (bits->word[lo / 64] & ~mask) | (value << (lo % 64) & mask);
}

static unsigned code_of(const uint8_t *table, unsigned n, unsigned value)
{
	for (unsigned i = 0; i < n; i++) {
		if (table[i] == value) {
			return i;
		}
	}
	return 0;
}

static unsigned register_type(unsigned type)
{
	static const uint8_t table[] = {UGVT_EU_UD, UGVT_EU_D, UGVT_EU_UW, UGVT_EU_W, UGVT_EU_UB,
		UGVT_EU_B, UGVT_EU_DF, UGVT_EU_F, UGVT_EU_UQ, UGVT_EU_Q, UGVT_EU_HF};

	return code_of(table, UGVT_ARRAY_SIZE(table), type);
}

static unsigned immediate_type(unsigned type)
{
	static const uint8_t table[] = {UGVT_EU_UD, UGVT_EU_D, UGVT_EU_UW, UGVT_EU_W, UGVT_EU_UV,
		UGVT_EU_VF, UGVT_EU_V, UGVT_EU_F, UGVT_EU_UQ, UGVT_EU_Q, UGVT_EU_DF, UGVT_EU_HF};

	return code_of(table, UGVT_ARRAY_SIZE(table), type);
}

static unsigned three_type(unsigned type)
{
	static const uint8_t table[] = {UGVT_EU_F, UGVT_EU_D, UGVT_EU_UD, UGVT_EU_DF, UGVT_EU_HF};

	return code_of(table, UGVT_ARRAY_SIZE(table), type);
}

/* 0, 1, 2, 4, ... */
static unsigned stride_code(unsigned stride)
{
	if (stride == UGVT_EU_VSTRIDE_VXH) {
		return 15;
	}
	return stride ? __builtin_ctz(stride) + 1u : 0;
}

static void put_dst(struct ugvt_eu_bits *b, const struct ugvt_eu_inst *inst)
{
	const struct ugvt_eu_operand *dst = &inst->dst;

	put(b, 36, 35, dst->file);
	put(b, 40, 37, register_type(dst->type));
	put(b, 62, 61, stride_code(dst->hstride));
	put(b, 63, 63, dst->indirect);
	if (dst->indirect) {
		put(b, 60, 57, dst->address_reg);
		put(b, 56, 48, (uint64_t)dst->address_imm);
		put(b, 47, 47, (uint64_t)dst->address_imm >> 9);
	} else {
		put(b, 60, 53, dst->number);
		put(b, 52, 48, dst->offset);
	}
	if (inst->align16) {
		put(b, 51, 48, dst->writemask);
	}
}

static void put_src(struct ugvt_eu_bits *b, const struct ugvt_eu_inst *inst, unsigned n)
{
	const struct ugvt_eu_operand *src = &inst->src[n];
	unsigned base = n ? 96 : 64;

	if (n) {
		put(b, 90, 89, src->file);
	} else {
		put(b, 42, 41, src->file);
	}
	if (src->file == UGVT_EU_FILE_IMM) {
		if (ugvt_eu_type_size(src->type) == 8) {
			b->word[1] = src->imm;
		} else {
			put(b, 127, 96, src->imm);
		}
	}
	put(b, n ? 94 : 46, n ? 91 : 43,
		src->file == UGVT_EU_FILE_IMM ? immediate_type(src->type)
					      : register_type(src->type));
	if (src->file == UGVT_EU_FILE_IMM) {
		return;
	}
	put(b, base + 13, base + 13, src->absolute);
	put(b, base + 14, base + 14, src->negate);
	put(b, base + 15, base + 15, src->indirect);
	put(b, base + 24, base + 21, stride_code(src->vstride));
	if (src->indirect) {
		put(b, base + 12, base + 9, src->address_reg);
		put(b, base + 8, base, (uint64_t)src->address_imm);
		put(b, n ? 121 : 95, n ? 121 : 95, (uint64_t)src->address_imm >> 9);
	} else {
		put(b, base + 12, base + 5, src->number);
		put(b, base + 4, base, src->offset);
	}
	if (inst->align16) {
		put(b, base + 3, base, src->swizzle);
		put(b, base + 19, base + 16, src->swizzle >> 4);
	} else {
		put(b, base + 20, base + 18, src->width ? __builtin_ctz(src->width) : 0);
		put(b, base + 17, base + 16, stride_code(src->hstride));
	}
}

static void put_three(struct ugvt_eu_bits *b, const struct ugvt_eu_inst *inst)
{
	put(b, 48, 46, three_type(inst->dst.type));
	put(b, 52, 49, inst->dst.writemask);
	put(b, 55, 53, inst->dst.offset / 4);
	put(b, 63, 56, inst->dst.number);
	put(b, 45, 43, three_type(inst->src[0].type));
	for (unsigned n = 0; n < 3; n++) {
		const struct ugvt_eu_operand *src = &inst->src[n];
		unsigned base = 64 + 21 * n;

		put(b, base, base, src->replicate);
		put(b, base + 8, base + 1, src->swizzle);
		put(b, base + 11, base + 9, src->offset / 4);
		put(b, base + 19, base + 12, src->number);
		put(b, 37 + 2 * n, 37 + 2 * n, src->absolute);
		put(b, 38 + 2 * n, 38 + 2 * n, src->negate);
	}
}

static void put_common(struct ugvt_eu_bits *b, const struct ugvt_eu_inst *inst)
{
	put(b, 6, 0, inst->opcode);
	put(b, 8, 8, inst->align16);
	put(b, 9, 9, inst->no_dd_clear);
	put(b, 10, 10, inst->no_dd_check);
	put(b, 11, 11, inst->first / 4);
	put(b, 13, 12, inst->first / 8);
	put(b, 15, 14, inst->thread_control);
	put(b, 19, 16, inst->predicate);
	put(b, 20, 20, inst->predicate_inverse);
	put(b, 23, 21, __builtin_ctz(inst->exec_size));
	put(b, 27, 24, ugvt_eu_is_send(inst) ? inst->sfid : inst->cmod);
	put(b, 28, 28, inst->acc_write || inst->branch_control);
	put(b, 31, 31, inst->saturate);
	put(b, 33, 32, inst->flag);
	put(b, 34, 34, inst->no_mask);
}

/* Of registers, and descriptors in the instruction. */
static void put_sends(struct ugvt_eu_bits *b, const struct ugvt_eu_inst *inst)
{
	put(b, 35, 35, inst->dst.file);
	put(b, 60, 53, inst->dst.number);
	put(b, 76, 69, inst->src[0].number);
	put(b, 36, 36, inst->src[1].file);
	put(b, 51, 44, inst->src[1].number);
	put(b, 95, 80, inst->ex_desc.value >> 16);
	put(b, 67, 64, inst->ex_desc.value >> 6);
	put(b, 126, 96, inst->desc.value);
	put(b, 127, 127, inst->eot);
}

/* In place of channel selects and enables. */
static struct ugvt_eu_inst with_specials(const struct ugvt_eu_inst *inst)
{
	struct ugvt_eu_inst out = *inst;

	out.dst.writemask = inst->dst.special;
	for (unsigned n = 0; n < 3; n++) {
		out.src[n].swizzle = inst->src[n].special;
	}
	return out;
}

struct ugvt_eu_bits encode(const struct ugvt_eu_inst *given)
{
	struct ugvt_eu_inst macro = with_specials(given);
	const struct ugvt_eu_inst *inst = ugvt_eu_is_macro(given) ? &macro : given;
	struct ugvt_eu_bits b = {0};

	put_common(&b, inst);
	switch (inst->op->form) {
	case UGVT_EU_FORM_THREE: put_three(&b, inst); break;
	case UGVT_EU_FORM_SENDS: put_sends(&b, inst); break;
	case UGVT_EU_FORM_BRANCH:
		put(&b, 127, 96, (uint32_t)inst->jip);
		put(&b, 95, 64, (uint32_t)inst->uip);
		break;
	default:
		put_dst(&b, inst);
		if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_JIP)) {
			put(&b, 127, 96, (uint32_t)inst->jip);
			break;
		}
		put_src(&b, inst, 0);
		if (inst->src[0].file != UGVT_EU_FILE_IMM) {
			put_src(&b, inst, 1);
		}
	}
	if (inst->op->form == UGVT_EU_FORM_SEND && !inst->desc.indirect) {
		put(&b, 127, 96, inst->desc.value | (inst->eot ? UINT32_C(1) << 31 : 0));
	}
	return b;
}

struct ugvt_eu_operand vec(enum ugvt_eu_type type, unsigned number)
{
	unsigned width = ugvt_eu_type_size(type) == 8 ? 4 : 8;

	return region(type, number, width, width, 1);
}

struct ugvt_eu_operand region(
	enum ugvt_eu_type type, unsigned number, unsigned v, unsigned w, unsigned h)
{
	return (struct ugvt_eu_operand){.file = UGVT_EU_FILE_GRF,
		.type = type,
		.number = number,
		.vstride = v,
		.width = w,
		.hstride = h,
		.writemask = 0xf,
		.swizzle = UGVT_EU_SWIZZLE_XYZW};
}

struct ugvt_eu_operand one(enum ugvt_eu_type type, unsigned number, unsigned element)
{
	struct ugvt_eu_operand operand = region(type, number, 0, 1, 0);

	operand.offset = element * ugvt_eu_type_size(type);
	operand.replicate = true;
	return operand;
}

struct ugvt_eu_operand imm(enum ugvt_eu_type type, uint64_t bits)
{
	return (struct ugvt_eu_operand){.file = UGVT_EU_FILE_IMM, .type = type, .imm = bits};
}

struct ugvt_eu_operand imm_f(float value)
{
	return imm(UGVT_EU_F, ugvt_eu_float_bits(value));
}

struct ugvt_eu_operand arf(enum ugvt_eu_type type, enum ugvt_eu_arf which, unsigned n)
{
	struct ugvt_eu_operand operand = vec(type, which << 4 | n);

	operand.file = UGVT_EU_FILE_ARF;
	return operand;
}

struct ugvt_eu_operand null(enum ugvt_eu_type type)
{
	return arf(type, UGVT_EU_ARF_NULL, 0);
}

struct ugvt_eu_inst make(enum ugvt_eu_opcode opcode, unsigned exec_size, struct ugvt_eu_operand dst,
	struct ugvt_eu_operand src0, struct ugvt_eu_operand src1)
{
	struct ugvt_eu_inst inst = {
		.op = ugvt_eu_op_find(opcode),
		.opcode = opcode,
		.exec_size = exec_size,
		.dst = dst,
		.src = {src0, src1},
	};

	if (inst.dst.hstride == 0) {
		inst.dst.hstride = 1;
	}
	return inst;
}

struct ugvt_eu_inst make3(enum ugvt_eu_opcode opcode, unsigned exec_size,
	struct ugvt_eu_operand dst, const struct ugvt_eu_operand src[3])
{
	struct ugvt_eu_inst inst = make(opcode, exec_size, dst, src[0], src[1]);

	inst.src[2] = src[2];
	inst.align16 = true;
	return inst;
}

struct ugvt_eu_inst branch(enum ugvt_eu_opcode opcode, unsigned exec_size, int jip, int uip)
{
	return (struct ugvt_eu_inst){.op = ugvt_eu_op_find(opcode),
		.opcode = opcode,
		.exec_size = exec_size,
		.jip = jip,
		.uip = uip};
}

struct ugvt_eu_inst message(unsigned sfid, uint32_t desc, unsigned payload, bool eot)
{
	struct ugvt_eu_inst inst = make(
		UGVT_EU_SEND, 8, null(UGVT_EU_UD), vec(UGVT_EU_UD, payload), imm(UGVT_EU_UD, 0));

	inst.sfid = sfid;
	inst.desc.value = desc;
	inst.eot = eot;
	return inst;
}
