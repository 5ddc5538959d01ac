/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/compact.h"
#include "gpu/eu/inst.h"

/*
 * Bit positions: Gen8's and Gen9's, from Mesa's brw_inst.h (Broadwell PRM vol. 7, "EU Instruction Format"); meaning: Ivy
 * Bridge PRM vol. 4 part 3, section 3.3.
 */

static const uint8_t register_types[16] = {UGVT_EU_UD, UGVT_EU_D, UGVT_EU_UW, UGVT_EU_W, UGVT_EU_UB,
	UGVT_EU_B, UGVT_EU_DF, UGVT_EU_F, UGVT_EU_UQ, UGVT_EU_Q, UGVT_EU_HF, UGVT_EU_TYPE_NONE,
	UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE};

static const uint8_t immediate_types[16] = {UGVT_EU_UD, UGVT_EU_D, UGVT_EU_UW, UGVT_EU_W,
	UGVT_EU_UV, UGVT_EU_VF, UGVT_EU_V, UGVT_EU_F, UGVT_EU_UQ, UGVT_EU_Q, UGVT_EU_DF, UGVT_EU_HF,
	UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE};

static const uint8_t three_types[8] = {UGVT_EU_F, UGVT_EU_D, UGVT_EU_UD, UGVT_EU_DF, UGVT_EU_HF,
	UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE, UGVT_EU_TYPE_NONE};

static const uint8_t hstrides[4] = {0, 1, 2, 4};

typedef const struct ugvt_eu_bits *bits_ptr;

static unsigned get(bits_ptr bits, unsigned hi, unsigned lo)
{
	return (unsigned)ugvt_eu_bits_get(bits, hi, lo);
}

static bool flag(bits_ptr bits, unsigned n)
{
	return get(bits, n, n) != 0;
}

static uint8_t vstride_of(unsigned code)
{
	if (code == 15) {
		return UGVT_EU_VSTRIDE_VXH;
	}
	return code == 0 ? 0 : code <= 6 ? 1 << (code - 1) : UGVT_EU_STRIDE_BAD;
}

static uint8_t width_of(unsigned code)
{
	return code <= 4 ? 1 << code : UGVT_EU_STRIDE_BAD;
}

/* Ten bits with sign. */
static int16_t address_imm(unsigned value)
{
	return (int16_t)((value ^ 0x200) - 0x200);
}

static void decode_dst(bits_ptr b, bool align16, struct ugvt_eu_operand *dst)
{
	dst->file = get(b, 36, 35);
	dst->type = register_types[get(b, 40, 37)];
	dst->hstride = hstrides[get(b, 62, 61)];
	dst->writemask = 0xf;
	dst->indirect = flag(b, 63);
	if (dst->indirect) {
		dst->address_reg = get(b, 60, 57);
		dst->address_imm = address_imm(get(b, 47, 47) << 9 | get(b, 56, 48));
	} else {
		dst->number = get(b, 60, 53);
		dst->offset = get(b, 52, 48);
	}
	if (align16) {
		/* Byte addressing of the low four bits gives way to the channel mask. */
		dst->offset &= 16;
		dst->address_imm &= ~0xf;
		dst->writemask = get(b, 51, 48);
		dst->hstride = 1;
	}
}

static void decode_immediate(bits_ptr b, struct ugvt_eu_operand *src)
{
	switch (src->type) {
	case UGVT_EU_DF:
	case UGVT_EU_UQ:
	case UGVT_EU_Q: src->imm = b->word[1]; break;
	default: src->imm = get(b, 127, 96);
	}
}

/* Sources 0 and 1 have the same layout, from bit 64 and from bit 96 on; bit: where the tenth bit of the address is. */
static void decode_src(bits_ptr b, unsigned base, unsigned address9, struct ugvt_eu_operand *src)
{
	src->absolute = flag(b, base + 13);
	src->negate = flag(b, base + 14);
	src->indirect = flag(b, base + 15);
	src->vstride = vstride_of(get(b, base + 24, base + 21));
	src->width = width_of(get(b, base + 20, base + 18));
	src->hstride = hstrides[get(b, base + 17, base + 16)];
	src->swizzle = UGVT_EU_SWIZZLE_XYZW;
	if (src->indirect) {
		src->address_reg = get(b, base + 12, base + 9);
		src->address_imm =
			address_imm(get(b, address9, address9) << 9 | get(b, base + 8, base));
	} else {
		src->number = get(b, base + 12, base + 5);
		src->offset = get(b, base + 4, base);
	}
}

static void decode_src_align16(bits_ptr b, unsigned base, struct ugvt_eu_operand *src)
{
	src->offset &= 16;
	src->address_imm &= ~0xf;
	src->swizzle = get(b, base + 3, base) | get(b, base + 19, base + 16) << 4;
	/* <4> is <4;4,1>: the other two are not encoded. */
	src->width = 4;
	src->hstride = 1;
}

static void decode_source(
	bits_ptr b, unsigned n, const struct ugvt_eu_inst *inst, struct ugvt_eu_operand *src)
{
	unsigned base = n ? 96 : 64;
	unsigned type;

	src->file = n ? get(b, 90, 89) : get(b, 42, 41);
	type = n ? get(b, 94, 91) : get(b, 46, 43);
	if (src->file == UGVT_EU_FILE_IMM) {
		src->type = immediate_types[type];
		decode_immediate(b, src);
		return;
	}
	src->type = register_types[type];
	decode_src(b, base, n ? 121 : 95, src);
	if (inst->align16) {
		decode_src_align16(b, base, src);
	}
}

static void decode_basic(bits_ptr b, struct ugvt_eu_inst *inst)
{
	inst->math = inst->opcode == UGVT_EU_MATH ? inst->cmod : 0;
	decode_dst(b, inst->align16, &inst->dst);
	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_JIP)) {
		inst->jip = (int32_t)get(b, 127, 96);
		return;
	}
	decode_source(b, 0, inst, &inst->src[0]);
	/* With an immediate of 64 bits as source 0, source 1's are part of it. */
	if (inst->op->sources > 1 || inst->op->form == UGVT_EU_FORM_SEND) {
		decode_source(b, 1, inst, &inst->src[1]);
	}
}

static void decode_three_source(bits_ptr b, unsigned n, struct ugvt_eu_operand *src)
{
	static const uint8_t lowest[3] = {64, 85, 106};
	unsigned base = lowest[n];

	src->file = UGVT_EU_FILE_GRF;
	src->type = three_types[get(b, 45, 43)];
	src->replicate = flag(b, base);
	src->swizzle = get(b, base + 8, base + 1);
	src->offset = get(b, base + 11, base + 9) * 4;
	src->number = get(b, base + 19, base + 12);
	src->absolute = flag(b, 37 + 2 * n);
	src->negate = flag(b, 38 + 2 * n);
	src->vstride = src->replicate ? 0 : 4;
	src->width = src->replicate ? 1 : 4;
	src->hstride = src->replicate ? 0 : 1;
	/* Sources 1 and 2 may be half floats beside a float. */
	if (n && src->type == UGVT_EU_F && flag(b, n == 1 ? 36 : 35)) {
		src->type = UGVT_EU_HF;
	}
}

static void decode_three(bits_ptr b, struct ugvt_eu_inst *inst)
{
	inst->dst.file = UGVT_EU_FILE_GRF;
	inst->dst.type = three_types[get(b, 48, 46)];
	inst->dst.writemask = get(b, 52, 49);
	inst->dst.offset = get(b, 55, 53) * 4;
	inst->dst.number = get(b, 63, 56);
	inst->dst.hstride = 1;
	for (unsigned n = 0; n < 3; n++) {
		decode_three_source(b, n, &inst->src[n]);
	}
}

static void decode_branch(bits_ptr b, struct ugvt_eu_inst *inst)
{
	inst->jip = (int32_t)get(b, 127, 96);
	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_UIP)) {
		inst->uip = (int32_t)get(b, 95, 64);
	}
}

static void decode_send(bits_ptr b, struct ugvt_eu_inst *inst)
{
	decode_basic(b, inst);
	inst->sfid = get(b, 27, 24);
	inst->cmod = 0;
	inst->eot = flag(b, 127);
	inst->ex_desc.value = get(b, 94, 91) << 28 | get(b, 88, 85) << 24 | get(b, 83, 80) << 20 |
			      get(b, 67, 64) << 16;
	if (inst->src[1].file != UGVT_EU_FILE_IMM) {
		inst->desc.indirect = true;
		inst->desc.address_reg = inst->src[1].offset / 4;
	}
	/* The bits stay where they are even then; the disassembler prints them. */
	inst->desc.value = get(b, 127, 96);
}

static void decode_sends_payload(bits_ptr b, struct ugvt_eu_inst *inst)
{
	struct ugvt_eu_operand *src = &inst->src[0];

	src->file = UGVT_EU_FILE_GRF;
	src->type = UGVT_EU_UD;
	src->indirect = flag(b, 79);
	if (src->indirect) {
		src->address_reg = get(b, 76, 73);
		src->address_imm = address_imm(get(b, 78, 78) << 9 | get(b, 72, 68) << 4);
	} else {
		src->number = get(b, 76, 69);
		src->offset = get(b, 68, 68) * 16;
	}
	inst->src[1].file = get(b, 36, 36);
	inst->src[1].type = UGVT_EU_UD;
	inst->src[1].number = get(b, 51, 44);
}

static void decode_sends(bits_ptr b, struct ugvt_eu_inst *inst)
{
	struct ugvt_eu_operand *dst = &inst->dst;

	dst->file = get(b, 35, 35);
	dst->type = UGVT_EU_UD;
	dst->hstride = 1;
	dst->writemask = 0xf;
	dst->indirect = flag(b, 63);
	if (dst->indirect) {
		dst->address_reg = get(b, 60, 57);
		dst->address_imm = address_imm(get(b, 62, 62) << 9 | get(b, 56, 52) << 4);
	} else {
		dst->number = get(b, 60, 53);
		dst->offset = get(b, 52, 52) * 16;
	}
	decode_sends_payload(b, inst);
	inst->sfid = get(b, 27, 24);
	inst->cmod = 0;
	inst->eot = flag(b, 127);
	inst->desc.indirect = flag(b, 77);
	inst->desc.value = get(b, 126, 96);
	inst->ex_desc.indirect = flag(b, 61);
	inst->ex_desc.address_reg = inst->ex_desc.indirect ? get(b, 82, 80) : 0;
	inst->ex_desc.value = get(b, 95, 80) << 16 | get(b, 67, 64) << 6;
}

/* What all forms have. */
static void decode_common(bits_ptr b, struct ugvt_eu_inst *inst)
{
	unsigned size = get(b, 23, 21);

	inst->opcode = get(b, 6, 0);
	inst->op = ugvt_eu_op_find(inst->opcode);
	inst->align16 = flag(b, 8);
	inst->no_dd_clear = flag(b, 9);
	inst->no_dd_check = flag(b, 10);
	inst->first = get(b, 13, 12) * 8 + get(b, 11, 11) * 4;
	inst->thread_control = get(b, 15, 14);
	inst->predicate = get(b, 19, 16);
	inst->predicate_inverse = flag(b, 20);
	inst->exec_size = size <= 5 ? 1 << size : 0;
	inst->cmod = get(b, 27, 24);
	inst->breakpoint = flag(b, 30);
	inst->saturate = flag(b, 31);
	inst->flag = get(b, 33, 32);
	inst->no_mask = flag(b, 34);
	if (inst->op && ugvt_eu_op_has(inst->op, UGVT_EU_OP_CONTROL)) {
		inst->branch_control = flag(b, 28);
	} else {
		inst->acc_write = flag(b, 28);
	}
}

/* Broxton PRM vol. 6, "Accumulators acc2-acc9": in place of channel selects and enables. */
static void decode_specials(struct ugvt_eu_inst *inst)
{
	inst->dst.special = inst->dst.writemask;
	inst->dst.writemask = 0xf;
	for (unsigned n = 0; n < UGVT_ARRAY_SIZE(inst->src); n++) {
		inst->src[n].special = inst->src[n].swizzle;
		inst->src[n].swizzle = UGVT_EU_SWIZZLE_XYZW;
	}
}

static void decode_form(bits_ptr b, struct ugvt_eu_inst *inst)
{
	switch (inst->op->form) {
	case UGVT_EU_FORM_THREE: decode_three(b, inst); break;
	case UGVT_EU_FORM_BRANCH: decode_branch(b, inst); break;
	case UGVT_EU_FORM_SEND: decode_send(b, inst); break;
	case UGVT_EU_FORM_SENDS: decode_sends(b, inst); break;
	default: decode_basic(b, inst);
	}
}

bool ugvt_eu_decode(const void *code, size_t size, struct ugvt_eu_inst *inst)
{
	struct ugvt_eu_bits bits;

	if (size < sizeof(uint64_t)) {
		return false;
	}
	memcpy(&bits.word[0], code, sizeof(uint64_t));
	*inst = (struct ugvt_eu_inst){.compacted = bits.word[0] >> 29 & 1};
	inst->bytes = inst->compacted ? 8 : 16;
	if (size < inst->bytes) {
		return false;
	}
	if (inst->compacted) {
		bits = ugvt_eu_expand(bits.word[0]);
	} else {
		memcpy(&bits, code, sizeof(bits));
	}
	decode_common(&bits, inst);
	if (inst->op) {
		decode_form(&bits, inst);
		if (inst->align16 && ugvt_eu_is_macro(inst)) {
			decode_specials(inst);
		}
	}
	return true;
}
