/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_INST_H
#define UGVT_GPU_EU_INST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpu/eu/isa.h"

/* A decoded instruction: what its bits say, each fact in one place. Nothing here is checked: see gpu/eu/validate.h. */

enum ugvt_eu_file {
	UGVT_EU_FILE_ARF, // architecture registers: number is arf << 4 | n
	UGVT_EU_FILE_GRF,
	UGVT_EU_FILE_NONE, // reserved on Gen9
	UGVT_EU_FILE_IMM,
};

enum {
	UGVT_EU_VSTRIDE_VXH = 0xff, // each row has an address of its own
	UGVT_EU_STRIDE_BAD = 0xfe,  // an encoding that means nothing
	UGVT_EU_SWIZZLE_XYZW = 0xe4,
	UGVT_EU_SPECIALS = 8, // accumulators from acc2 on
};

struct ugvt_eu_operand {
	uint8_t file; // enum ugvt_eu_file
	uint8_t type; // enum ugvt_eu_type
	uint8_t number;
	uint8_t offset; // subregister, in bytes
	/* Region, in elements: <vstride; width, hstride>. Of a destination, hstride alone. */
	uint8_t vstride, width, hstride;
	bool negate, absolute;
	bool indirect; // at a0.address_reg + address_imm bytes
	uint8_t address_reg;
	int16_t address_imm;
	uint8_t swizzle;   // Align16 sources: two bits per channel
	uint8_t writemask; // Align16 destinations
	uint8_t special;   // of madm, invm and rsqrtm: acc2 to acc9, or UGVT_EU_SPECIALS: none
	bool replicate;    // Three-source form: one element for all channels
	uint64_t imm;      // the bits, as encoded
};

/* A message's descriptor: in the instruction or, if indirect, in a0.address_reg. */
struct ugvt_eu_descriptor {
	uint32_t value;
	bool indirect;
	uint8_t address_reg; // dword of a0
};

struct ugvt_eu_inst {
	const struct ugvt_eu_op *op; // NULL: no such instruction
	uint8_t opcode;              // as encoded
	uint8_t bytes;               // 16, or 8 if compacted
	bool compacted;
	uint8_t exec_size; // channels; 0: an encoding that means nothing
	uint8_t first;     // the first channel, of the thread's 32
	bool align16;
	bool no_mask; // executes for all channels ("WE_all")
	bool saturate;
	bool acc_write;
	bool branch_control;
	bool breakpoint;
	bool no_dd_clear, no_dd_check;
	uint8_t thread_control;
	uint8_t predicate; // enum ugvt_eu_predicate
	bool predicate_inverse;
	uint8_t flag; // 0..3: f0.0, f0.1, f1.0, f1.1
	uint8_t cmod; // enum ugvt_eu_cmod
	uint8_t math; // enum ugvt_eu_math, of math
	struct ugvt_eu_operand dst;
	struct ugvt_eu_operand src[3];
	int32_t jip, uip; // bytes, from this instruction; of calla from the kernel's start
	/* Of messages: */
	uint8_t sfid; // enum ugvt_eu_sfid
	bool eot;
	struct ugvt_eu_descriptor desc, ex_desc;
};

/* Decodes the instruction at code, which has size bytes; false if it does not end within. */
bool ugvt_eu_decode(const void *code, size_t size, struct ugvt_eu_inst *inst);

/* Whether it is a part of the sequences that divide, or take roots, exactly: see gpu/eu/exec_macro.c. */
bool ugvt_eu_is_macro(const struct ugvt_eu_inst *inst);

/* Where the JIP of an instruction at offset is. */
static inline int64_t ugvt_eu_jump_target(const struct ugvt_eu_inst *inst, int64_t offset)
{
	return inst->opcode == UGVT_EU_CALLA ? inst->jip : offset + inst->jip;
}

static inline unsigned ugvt_eu_arf(const struct ugvt_eu_operand *operand)
{
	return operand->number >> 4;
}

static inline bool ugvt_eu_is_null(const struct ugvt_eu_operand *operand)
{
	return operand->file == UGVT_EU_FILE_ARF && !operand->indirect &&
	       ugvt_eu_arf(operand) == UGVT_EU_ARF_NULL;
}

static inline bool ugvt_eu_is_send(const struct ugvt_eu_inst *inst)
{
	return inst->op &&
	       (inst->op->form == UGVT_EU_FORM_SEND || inst->op->form == UGVT_EU_FORM_SENDS);
}

#endif
