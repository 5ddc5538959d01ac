/* SPDX-License-Identifier: MIT */
#include "gpu/eu/operand_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/bits.h"
#include "gpu/eu/number.h"

/* False: a register that has neither subregister nor region. */
static bool register_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *operand)
{
	static const char *const arfs[16] = {
		"null", "a", "acc", "f", "mask", "ms", "msd", "sr", "cr", "n", "ip", "tdr", "tm"};
	unsigned arf = ugvt_eu_arf(operand);

	if (operand->file == UGVT_EU_FILE_GRF) {
		ugvt_eu_text_add(text, "g%u", operand->number);
	} else if (operand->file != UGVT_EU_FILE_ARF) {
		ugvt_eu_text_add(text, "reserved%u", operand->number);
	} else if (!arfs[arf]) {
		ugvt_eu_text_add(text, "ARF%u", operand->number);
	} else if (arf == UGVT_EU_ARF_NULL) {
		ugvt_eu_text_add(text, "null");
	} else if (arf == UGVT_EU_ARF_IP) {
		ugvt_eu_text_add(text, "ip");
		return false;
	} else {
		ugvt_eu_text_add(text, "%s%u", arfs[arf], operand->number & 0xf);
		return arf != UGVT_EU_ARF_TDR;
	}
	return true;
}

static unsigned element(const struct ugvt_eu_operand *operand)
{
	unsigned size = ugvt_eu_type_size(operand->type);

	return operand->offset / (size ? size : 1);
}

static void address_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *operand)
{
	ugvt_eu_text_add(text, "g[a0");
	if (operand->address_reg) {
		ugvt_eu_text_add(text, ".%u", operand->address_reg);
	}
	if (operand->address_imm) {
		ugvt_eu_text_add(text, " %d", operand->address_imm);
	}
	ugvt_eu_text_add(text, "]");
}

/* The register with its subregister, or the address; false as register_add(). */
static bool place_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *operand, bool scalar)
{
	if (operand->indirect) {
		address_add(text, operand);
		return true;
	}
	if (!register_add(text, operand)) {
		return false;
	}
	if (operand->offset || scalar) {
		ugvt_eu_text_add(text, ".%u", element(operand));
	}
	return true;
}

static void type_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *operand)
{
	ugvt_eu_text_add(text, "%s", ugvt_eu_type_name(operand->type));
}

/* Of an instruction that has such ones. */
static void special_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *operand)
{
	if (operand->special < UGVT_EU_SPECIALS) {
		ugvt_eu_text_add(text, ".acc%u", operand->special + 2);
	} else {
		ugvt_eu_text_add(text, ".noacc");
	}
}

void ugvt_eu_text_destination(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	const struct ugvt_eu_operand *dst = &inst->dst;

	if (!place_add(text, dst, false)) {
		return;
	}
	if (inst->op->form != UGVT_EU_FORM_SENDS) {
		ugvt_eu_text_add(text, "<%u>", dst->hstride);
		if (inst->align16 && dst->writemask != 0xf) {
			ugvt_eu_text_add(text, ".%s%s%s%s", dst->writemask & 1 ? "x" : "",
				dst->writemask & 2 ? "y" : "", dst->writemask & 4 ? "z" : "",
				dst->writemask & 8 ? "w" : "");
		}
	}
	if (inst->align16 && ugvt_eu_is_macro(inst)) {
		special_add(text, dst);
	}
	type_add(text, dst);
}

static void stride_add(struct ugvt_eu_text *text, unsigned stride)
{
	if (stride == UGVT_EU_VSTRIDE_VXH) {
		ugvt_eu_text_add(text, "VxH");
	} else if (stride == UGVT_EU_STRIDE_BAD) {
		ugvt_eu_text_add(text, "reserved");
	} else {
		ugvt_eu_text_add(text, "%u", stride);
	}
}

static void region_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *src, bool align16)
{
	ugvt_eu_text_add(text, "<");
	stride_add(text, src->vstride);
	if (!align16) {
		ugvt_eu_text_add(text, ",");
		stride_add(text, src->width);
		ugvt_eu_text_add(text, ",%u", src->hstride);
	}
	ugvt_eu_text_add(text, ">");
}

static void swizzle_add(struct ugvt_eu_text *text, unsigned swizzle)
{
	static const char names[] = "xyzw";

	if (swizzle == (swizzle & 3) * 0x55) {
		ugvt_eu_text_add(text, ".%c", names[swizzle & 3]);
	} else if (swizzle != UGVT_EU_SWIZZLE_XYZW) {
		ugvt_eu_text_add(text, ".%c%c%c%c", names[swizzle & 3], names[swizzle >> 2 & 3],
			names[swizzle >> 4 & 3], names[swizzle >> 6]);
	}
}

static float imm_float(uint64_t imm)
{
	uint32_t bits = (uint32_t)imm;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static double imm_double(uint64_t imm)
{
	double value;

	memcpy(&value, &imm, sizeof(value));
	return value;
}

static void vf_add(struct ugvt_eu_text *text, uint32_t imm)
{
	ugvt_eu_text_add(text, "0x%xVF", imm);
	ugvt_eu_text_pad(text, 48);
	ugvt_eu_text_add(text, "/* [%gF, %gF, %gF, %gF]VF */", ugvt_eu_vf_float(imm & 0xff),
		ugvt_eu_vf_float(imm >> 8 & 0xff), ugvt_eu_vf_float(imm >> 16 & 0xff),
		ugvt_eu_vf_float(imm >> 24));
}

static void immediate_add(struct ugvt_eu_text *text, const struct ugvt_eu_operand *src)
{
	uint32_t imm = (uint32_t)src->imm;

	switch (src->type) {
	case UGVT_EU_UQ:
	case UGVT_EU_Q: ugvt_eu_text_add(text, "0x%016" PRIx64, src->imm); break;
	case UGVT_EU_D: ugvt_eu_text_add(text, "%d", (int32_t)imm); break;
	case UGVT_EU_UW:
	case UGVT_EU_HF: ugvt_eu_text_add(text, "0x%04x", imm & 0xffff); break;
	case UGVT_EU_W: ugvt_eu_text_add(text, "%d", (int16_t)imm); break;
	case UGVT_EU_VF: vf_add(text, imm); return;
	case UGVT_EU_F:
		ugvt_eu_text_add(text, "0x%xF", imm);
		ugvt_eu_text_pad(text, 48);
		ugvt_eu_text_add(text, " /* %gF */", imm_float(imm));
		return;
	case UGVT_EU_DF:
		ugvt_eu_text_add(text, "0x%016" PRIx64 "DF", src->imm);
		ugvt_eu_text_pad(text, 48);
		ugvt_eu_text_add(text, "/* %gDF */", imm_double(src->imm));
		return;
	default: ugvt_eu_text_add(text, "0x%08x", imm);
	}
	type_add(text, src);
}

static void modifiers_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst,
	const struct ugvt_eu_operand *src)
{
	if (src->negate) {
		ugvt_eu_text_add(
			text, "%s", ugvt_eu_op_has(inst->op, UGVT_EU_OP_LOGIC) ? "~" : "-");
	}
	if (src->absolute) {
		ugvt_eu_text_add(text, "(abs)");
	}
}

void ugvt_eu_text_source(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst, unsigned n)
{
	const struct ugvt_eu_operand *src = &inst->src[n];
	bool three = inst->op->form == UGVT_EU_FORM_THREE;

	if (src->file == UGVT_EU_FILE_IMM) {
		immediate_add(text, src);
		return;
	}
	modifiers_add(text, inst, src);
	if (!place_add(text, src, src->replicate)) {
		return;
	}
	if (inst->op->form != UGVT_EU_FORM_SENDS) {
		region_add(text, src, inst->align16 && !three);
		if (inst->align16 && ugvt_eu_is_macro(inst)) {
			special_add(text, src);
		} else if (inst->align16 && !src->replicate) {
			swizzle_add(text, src->swizzle);
		}
	}
	type_add(text, src);
}

void ugvt_eu_text_descriptor(struct ugvt_eu_text *text, const struct ugvt_eu_descriptor *desc)
{
	if (!desc->indirect) {
		ugvt_eu_text_add(text, "0x%08x", desc->value);
	} else if (desc->address_reg) {
		ugvt_eu_text_add(text, "g[a0.%u]UD", desc->address_reg);
	} else {
		ugvt_eu_text_add(text, "g[a0]UD");
	}
}
