/* SPDX-License-Identifier: MIT */
#include "gpu/eu/validate.h"

#include "base/bits.h"
#include "gpu/eu/message.h"

enum {
	REGISTER = 32, // bytes
	REGISTERS = 128,
};

/* Instructions that no driver of this GPU emits. */
static bool not_executed(const struct ugvt_eu_inst *inst)
{
	switch (inst->opcode) {
	case UGVT_EU_ILLEGAL:
	case UGVT_EU_MOVI:
	case UGVT_EU_SMOV:
	case UGVT_EU_SAD2:
	case UGVT_EU_SADA2: return true;
	default: return false;
	}
}

static const char *check_controls(const struct ugvt_eu_inst *inst)
{
	if (inst->exec_size == 0) {
		return "reserved execution size";
	}
	if (inst->first + inst->exec_size > 32) {
		return "channels beyond the 32nd";
	}
	if (inst->predicate >
		(inst->align16 ? UGVT_EU_PREDICATE_ALL4H : UGVT_EU_PREDICATE_ALL32H)) {
		return "reserved predicate control";
	}
	if (inst->opcode != UGVT_EU_MATH && (inst->cmod == 7 || inst->cmod > UGVT_EU_CMOD_U)) {
		return "reserved conditional modifier";
	}
	return NULL;
}

static unsigned row_count(const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *src)
{
	return UGVT_MAX(inst->exec_size / src->width, 1);
}

/* Bytes from the first element's start to the last one's end. */
static unsigned source_extent(const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *src)
{
	unsigned rows = row_count(inst, src);
	unsigned columns = UGVT_MIN(src->width, inst->exec_size);

	return ((rows - 1) * src->vstride + (columns - 1) * src->hstride + 1) *
	       ugvt_eu_type_size(src->type);
}

static const char *check_place(const struct ugvt_eu_operand *operand, unsigned extent)
{
	unsigned size = ugvt_eu_type_size(operand->type);

	if (operand->indirect) {
		return NULL;
	}
	if (operand->offset % size != 0 && size <= 4) {
		return "subregister not aligned to its type";
	}
	if (operand->file == UGVT_EU_FILE_GRF &&
		(unsigned)operand->number * REGISTER + operand->offset + extent >
			REGISTERS * REGISTER) {
		return "beyond the last register";
	}
	if (operand->offset + extent > 2 * REGISTER) {
		return "region of more than two registers";
	}
	return NULL;
}

static const char *check_region(const struct ugvt_eu_inst *inst, const struct ugvt_eu_operand *src)
{
	unsigned v = src->vstride, w = src->width, h = src->hstride;

	if (w == UGVT_EU_STRIDE_BAD || v == UGVT_EU_STRIDE_BAD) {
		return "reserved region";
	}
	if (v == UGVT_EU_VSTRIDE_VXH) {
		return src->indirect ? NULL : "VxH without an address";
	}
	if (w > inst->exec_size) {
		return "width above the execution size";
	}
	if (w == inst->exec_size && h != 0 && v != w * h && w != 1) {
		return "one row with another vertical stride than its length";
	}
	if (w == 1 && h != 0) {
		return "horizontal stride of a width of one";
	}
	if (w == 1 && inst->exec_size == 1 && v != 0) {
		return "stride of a scalar";
	}
	if (v == 0 && h == 0 && w != 1) {
		return "width without strides";
	}
	return NULL;
}

static const char *check_align16_region(const struct ugvt_eu_operand *src)
{
	if (src->indirect) {
		return "address with Align16";
	}
	return src->vstride == 0 || src->vstride == 2 || src->vstride == 4
		       ? NULL
		       : "vertical stride that Align16 does not have";
}

static const char *check_immediate(const struct ugvt_eu_inst *inst, unsigned n)
{
	unsigned size = ugvt_eu_type_size(inst->src[n].type);

	if (n + 1 < inst->op->sources) {
		return "immediate that is not the last source";
	}
	if (size == 8 && inst->op->sources > 1) {
		return "immediate of 64 bits with another source";
	}
	return NULL;
}

/* The type that a source is executed with. */
static enum ugvt_eu_type element_type(enum ugvt_eu_type type)
{
	switch (type) {
	case UGVT_EU_V: return UGVT_EU_W;
	case UGVT_EU_UV: return UGVT_EU_UW;
	case UGVT_EU_VF: return UGVT_EU_F;
	default: return type;
	}
}

static const char *check_source(const struct ugvt_eu_inst *inst, unsigned n)
{
	const struct ugvt_eu_operand *src = &inst->src[n];
	const char *wrong;

	if (src->type == UGVT_EU_TYPE_NONE) {
		return "reserved type of a source";
	}
	if (src->file == UGVT_EU_FILE_NONE) {
		return "reserved register file";
	}
	if (!ugvt_eu_is_null(src) && inst->op->src_types &&
		!(inst->op->src_types & 1 << element_type(src->type))) {
		return "source of a type that the instruction does not have";
	}
	if (src->file == UGVT_EU_FILE_IMM) {
		return check_immediate(inst, n);
	}
	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_MODIFIER) && (src->negate || src->absolute)) {
		return "modifier that the instruction does not have";
	}
	if (ugvt_eu_is_null(src)) {
		return NULL;
	}
	wrong = inst->align16 ? check_align16_region(src) : check_region(inst, src);
	if (wrong || src->indirect) {
		return wrong;
	}
	return check_place(src, source_extent(inst, src));
}

static const char *check_destination(const struct ugvt_eu_inst *inst)
{
	const struct ugvt_eu_operand *dst = &inst->dst;

	if (dst->file == UGVT_EU_FILE_IMM || dst->file == UGVT_EU_FILE_NONE) {
		return "destination that is no register";
	}
	if (dst->type == UGVT_EU_TYPE_NONE) {
		return "reserved type of the destination";
	}
	if (ugvt_eu_is_null(dst)) {
		return NULL;
	}
	if (inst->op->dst_types && !(inst->op->dst_types & 1 << dst->type)) {
		return "destination of a type that the instruction does not have";
	}
	if (dst->hstride == 0) {
		return "destination without a stride";
	}
	if (inst->align16 && dst->indirect) {
		return "address with Align16";
	}
	if (dst->file == UGVT_EU_FILE_ARF && ugvt_eu_arf(dst) == UGVT_EU_ARF_IP) {
		return "ip as a destination";
	}
	return check_place(
		dst, ((inst->exec_size - 1u) * dst->hstride + 1) * ugvt_eu_type_size(dst->type));
}

/* All of one type, and in general registers; saturation and the like don't go with more exponents. */
static const char *check_macro(const struct ugvt_eu_inst *inst)
{
	unsigned sources = inst->math == UGVT_EU_MATH_RSQRTM ? 1 : inst->op->sources;
	bool good = inst->align16 && inst->dst.file == UGVT_EU_FILE_GRF &&
		    inst->dst.special <= UGVT_EU_SPECIALS && !inst->saturate && !inst->acc_write &&
		    (inst->dst.type == UGVT_EU_F || inst->dst.type == UGVT_EU_DF);

	for (unsigned n = 0; n < sources; n++) {
		const struct ugvt_eu_operand *src = &inst->src[n];

		good = good && src->file == UGVT_EU_FILE_GRF && src->type == inst->dst.type &&
		       src->special <= UGVT_EU_SPECIALS;
	}
	return good ? NULL : "macro instruction on what it does not have";
}

static const char *check_math(const struct ugvt_eu_inst *inst)
{
	bool integer = inst->math >= UGVT_EU_MATH_INTDIVMOD && inst->math <= UGVT_EU_MATH_INTMOD;

	if (ugvt_eu_is_macro(inst)) {
		return check_macro(inst);
	}
	if (inst->math == 0 || inst->math == 8 || inst->math == UGVT_EU_MATH_INTDIVMOD ||
		inst->math > UGVT_EU_MATH_INTMOD) {
		return "math function that is not executed";
	}
	if (inst->src[0].type == UGVT_EU_DF || inst->dst.type == UGVT_EU_DF ||
		ugvt_eu_type_float(inst->src[0].type) == integer ||
		(!ugvt_eu_is_null(&inst->src[1]) &&
			ugvt_eu_type_float(inst->src[1].type) == integer)) {
		return "math function on another kind of type";
	}
	return NULL;
}

static bool direct_grf(const struct ugvt_eu_operand *operand)
{
	return operand->file == UGVT_EU_FILE_GRF && !operand->indirect;
}

/* u and v take a register each for eight channels. */
static const char *check_plane(const struct ugvt_eu_inst *inst)
{
	if (inst->exec_size < 8 || inst->exec_size > 16 || inst->align16) {
		return "execution size or access mode that planes don't have";
	}
	if (!direct_grf(&inst->src[0]) ||
		(inst->opcode == UGVT_EU_PLN && !direct_grf(&inst->src[1]))) {
		return "plane that is not in general registers";
	}
	if (inst->opcode == UGVT_EU_PLN && inst->src[1].number + inst->exec_size / 4 > REGISTERS) {
		return "beyond the last register";
	}
	return NULL;
}

static const char *check_special(const struct ugvt_eu_inst *inst)
{
	switch (inst->opcode) {
	case UGVT_EU_MATH: return check_math(inst);
	case UGVT_EU_MADM: return check_macro(inst);
	case UGVT_EU_PLN:
	case UGVT_EU_LINE: return check_plane(inst);
	default: return NULL;
	}
}

/* Where a call leaves two dwords for its return: IVB vol. 4 part 3, 6.15 and 6.48. */
static bool is_return_place(const struct ugvt_eu_operand *operand)
{
	return direct_grf(operand) && operand->number < REGISTERS && operand->offset % 8 == 0 &&
	       (operand->type == UGVT_EU_D || operand->type == UGVT_EU_UD);
}

static const char *check_call(const struct ugvt_eu_inst *inst)
{
	if (inst->align16 || inst->exec_size < 2) {
		return "execution size or access mode that calls don't have";
	}
	if (!is_return_place(&inst->dst)) {
		return "call that leaves its return nowhere";
	}
	return inst->jip % 8 ? "branch into an instruction" : NULL;
}

static const char *check_return(const struct ugvt_eu_inst *inst)
{
	const struct ugvt_eu_operand *src = &inst->src[0];

	if (inst->align16 || !is_return_place(src) || src->vstride != 2 || src->width != 2 ||
		src->hstride != 1) {
		return "return from what no call leaves";
	}
	return NULL;
}

static const char *check_basic(const struct ugvt_eu_inst *inst)
{
	const char *wrong = NULL;

	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_ALIGN16) &&
		(!inst->align16 || inst->exec_size < 4)) {
		return "no groups of four channels, which the instruction needs";
	}
	switch (inst->opcode) {
	case UGVT_EU_JMPI: return check_source(inst, 1);
	case UGVT_EU_CALL:
	case UGVT_EU_CALLA: return check_call(inst);
	case UGVT_EU_RET: return check_return(inst);
	default: break;
	}
	if (!ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_DST)) {
		wrong = check_destination(inst);
	}
	for (unsigned n = 0; n < inst->op->sources && !wrong; n++) {
		wrong = check_source(inst, n);
	}
	return wrong ? wrong : check_special(inst);
}

static const char *check_payload(const struct ugvt_eu_operand *operand, unsigned length)
{
	if (operand->indirect || operand->file != UGVT_EU_FILE_GRF) {
		return NULL;
	}
	return operand->number + length > REGISTERS ? "message beyond the last register" : NULL;
}

static const char *check_message(const struct ugvt_eu_inst *inst)
{
	const char *wrong = NULL;

	if (inst->sfid == 1 || inst->sfid > UGVT_EU_SFID_CRE) {
		return "reserved shared function";
	}
	if (inst->src[0].file != UGVT_EU_FILE_GRF && !ugvt_eu_is_null(&inst->src[0])) {
		return "payload that is not in registers";
	}
	/* One without a length goes nowhere. */
	if (inst->dst.file != UGVT_EU_FILE_GRF && !ugvt_eu_is_null(&inst->dst) &&
		(inst->desc.indirect || ugvt_eu_response_length(inst->desc.value) > 0)) {
		return "response that goes to no register";
	}
	if (!inst->desc.indirect) {
		wrong = check_payload(&inst->src[0], ugvt_eu_message_length(inst->desc.value));
		if (!wrong) {
			wrong = check_payload(
				&inst->dst, ugvt_eu_response_length(inst->desc.value));
		}
	}
	if (!wrong && inst->op->form == UGVT_EU_FORM_SENDS && !inst->ex_desc.indirect) {
		wrong = check_payload(
			&inst->src[1], ugvt_eu_ex_message_length(inst->ex_desc.value));
	}
	return wrong;
}

const char *ugvt_eu_validate(const struct ugvt_eu_inst *inst)
{
	const char *wrong;

	if (!inst->op) {
		return "no such instruction";
	}
	if (not_executed(inst)) {
		return "an instruction that is not executed";
	}
	wrong = check_controls(inst);
	if (wrong) {
		return wrong;
	}
	switch (inst->op->form) {
	case UGVT_EU_FORM_BRANCH:
		return inst->jip % 8 || inst->uip % 8 ? "branch into an instruction" : NULL;
	case UGVT_EU_FORM_SEND:
	case UGVT_EU_FORM_SENDS: return check_message(inst);
	case UGVT_EU_FORM_THREE:
		return inst->align16 ? check_basic(inst) : "three sources with Align1";
	default: return check_basic(inst);
	}
}
