/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_ISA_H
#define UGVT_GPU_EU_ISA_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The instruction set of a Gen9 execution unit: one row per instruction, which decoder, disassembler, validation,
 * interpreter and tests read. Opcodes, types and sources: Ivy Bridge PRM vol. 4 part 3, sections 3.3 and 6; what Gen8 and
 * Gen9 changed (types, opcodes): Mesa's brw_eu.c and brw_reg_type.c.
 */

enum ugvt_eu_opcode {
	UGVT_EU_ILLEGAL = 0,
	UGVT_EU_MOV = 1,
	UGVT_EU_SEL = 2,
	UGVT_EU_MOVI = 3,
	UGVT_EU_NOT = 4,
	UGVT_EU_AND = 5,
	UGVT_EU_OR = 6,
	UGVT_EU_XOR = 7,
	UGVT_EU_SHR = 8,
	UGVT_EU_SHL = 9,
	UGVT_EU_SMOV = 10,
	UGVT_EU_ASR = 12,
	UGVT_EU_CMP = 16,
	UGVT_EU_CMPN = 17,
	UGVT_EU_CSEL = 18,
	UGVT_EU_BFREV = 23,
	UGVT_EU_BFE = 24,
	UGVT_EU_BFI1 = 25,
	UGVT_EU_BFI2 = 26,
	UGVT_EU_JMPI = 32,
	UGVT_EU_BRD = 33,
	UGVT_EU_IF = 34,
	UGVT_EU_BRC = 35,
	UGVT_EU_ELSE = 36,
	UGVT_EU_ENDIF = 37,
	UGVT_EU_WHILE = 39,
	UGVT_EU_BREAK = 40,
	UGVT_EU_CONT = 41,
	UGVT_EU_HALT = 42,
	UGVT_EU_CALLA = 43,
	UGVT_EU_CALL = 44,
	UGVT_EU_RET = 45,
	UGVT_EU_GOTO = 46,
	UGVT_EU_JOIN = 47,
	UGVT_EU_WAIT = 48,
	UGVT_EU_SEND = 49,
	UGVT_EU_SENDC = 50,
	UGVT_EU_SENDS = 51,
	UGVT_EU_SENDSC = 52,
	UGVT_EU_MATH = 56,
	UGVT_EU_ADD = 64,
	UGVT_EU_MUL = 65,
	UGVT_EU_AVG = 66,
	UGVT_EU_FRC = 67,
	UGVT_EU_RNDU = 68,
	UGVT_EU_RNDD = 69,
	UGVT_EU_RNDE = 70,
	UGVT_EU_RNDZ = 71,
	UGVT_EU_MAC = 72,
	UGVT_EU_MACH = 73,
	UGVT_EU_LZD = 74,
	UGVT_EU_FBH = 75,
	UGVT_EU_FBL = 76,
	UGVT_EU_CBIT = 77,
	UGVT_EU_ADDC = 78,
	UGVT_EU_SUBB = 79,
	UGVT_EU_SAD2 = 80,
	UGVT_EU_SADA2 = 81,
	UGVT_EU_DP4 = 84,
	UGVT_EU_DPH = 85,
	UGVT_EU_DP3 = 86,
	UGVT_EU_DP2 = 87,
	UGVT_EU_LINE = 89,
	UGVT_EU_PLN = 90,
	UGVT_EU_MAD = 91,
	UGVT_EU_LRP = 92,
	UGVT_EU_MADM = 93,
	UGVT_EU_NOP = 126,
	UGVT_EU_OPCODES = 128,
};

enum ugvt_eu_type {
	UGVT_EU_UB,
	UGVT_EU_B,
	UGVT_EU_UW,
	UGVT_EU_W,
	UGVT_EU_UD,
	UGVT_EU_D,
	UGVT_EU_UQ,
	UGVT_EU_Q,
	UGVT_EU_HF,
	UGVT_EU_F,
	UGVT_EU_DF,
	/* Of immediates only: vectors of eight 4-bit integers or four 8-bit floats. */
	UGVT_EU_UV,
	UGVT_EU_V,
	UGVT_EU_VF,
	UGVT_EU_TYPE_NONE, // an encoding that means nothing
};

/* How an instruction's bits are laid out. */
enum ugvt_eu_form {
	UGVT_EU_FORM_BASIC, // up to two sources
	UGVT_EU_FORM_THREE, // three sources, Align16
	UGVT_EU_FORM_BRANCH,
	UGVT_EU_FORM_SEND,
	UGVT_EU_FORM_SENDS, // split payload
};

enum ugvt_eu_op_flags {
	UGVT_EU_OP_LOGIC = 1 << 0,       // a source's negation is a bitwise NOT
	UGVT_EU_OP_JIP = 1 << 1,         // branches by PcIP: has a JIP
	UGVT_EU_OP_UIP = 1 << 2,         // and a UIP
	UGVT_EU_OP_NO_FLAG = 1 << 3,     // its conditional modifier writes no flag
	UGVT_EU_OP_NO_DST = 1 << 4,      // writes no register
	UGVT_EU_OP_CONTROL = 1 << 5,     // bit 28 is branch control, not accumulator write
	UGVT_EU_OP_ALIGN16 = 1 << 6,     // works on groups of four channels
	UGVT_EU_OP_NO_MODIFIER = 1 << 7, // sources have no modifiers
};

struct ugvt_eu_op {
	const char *name; // NULL: there is no such instruction
	uint8_t form;     // enum ugvt_eu_form
	uint8_t sources;
	uint16_t flags;
	uint16_t src_types, dst_types; // bit (1 << type); 0: not said by types
};

/* By opcode; NULL for codes that are none. */
const struct ugvt_eu_op *ugvt_eu_op_find(unsigned opcode);

static inline bool ugvt_eu_op_has(const struct ugvt_eu_op *op, unsigned flag)
{
	return (op->flags & flag) != 0;
}

/* Bytes of one element; 0 for TYPE_NONE. Vector immediates: of what they expand to. */
unsigned ugvt_eu_type_size(enum ugvt_eu_type type);
/* "UD", as in assembly. */
const char *ugvt_eu_type_name(enum ugvt_eu_type type);
bool ugvt_eu_type_float(enum ugvt_eu_type type);
bool ugvt_eu_type_signed(enum ugvt_eu_type type);

enum ugvt_eu_math {
	UGVT_EU_MATH_INV = 1,
	UGVT_EU_MATH_LOG,
	UGVT_EU_MATH_EXP,
	UGVT_EU_MATH_SQRT,
	UGVT_EU_MATH_RSQ,
	UGVT_EU_MATH_SIN,
	UGVT_EU_MATH_COS,
	UGVT_EU_MATH_FDIV = 9,
	UGVT_EU_MATH_POW,
	UGVT_EU_MATH_INTDIVMOD,
	UGVT_EU_MATH_INTDIV,
	UGVT_EU_MATH_INTMOD,
	UGVT_EU_MATH_INVM,
	UGVT_EU_MATH_RSQRTM,
};

enum ugvt_eu_cmod {
	UGVT_EU_CMOD_NONE,
	UGVT_EU_CMOD_Z,
	UGVT_EU_CMOD_NZ,
	UGVT_EU_CMOD_G,
	UGVT_EU_CMOD_GE,
	UGVT_EU_CMOD_L,
	UGVT_EU_CMOD_LE,
	UGVT_EU_CMOD_O = 8, // overflow
	UGVT_EU_CMOD_U,     // unordered: a source is NaN
};

/* Predicate control; from ANYV on, the Align1 meaning (Align16: X Y Z W ANY4H ALL4H). */
enum ugvt_eu_predicate {
	UGVT_EU_PREDICATE_NONE,
	UGVT_EU_PREDICATE_NORMAL,
	UGVT_EU_PREDICATE_ANYV,
	UGVT_EU_PREDICATE_ALLV,
	UGVT_EU_PREDICATE_ANY2H,
	UGVT_EU_PREDICATE_ALL2H,
	UGVT_EU_PREDICATE_ANY4H,
	UGVT_EU_PREDICATE_ALL4H,
	UGVT_EU_PREDICATE_ANY8H,
	UGVT_EU_PREDICATE_ALL8H,
	UGVT_EU_PREDICATE_ANY16H,
	UGVT_EU_PREDICATE_ALL16H,
	UGVT_EU_PREDICATE_ANY32H,
	UGVT_EU_PREDICATE_ALL32H,
};

/* Architecture registers, by bits 7:4 of the register number. */
enum ugvt_eu_arf {
	UGVT_EU_ARF_NULL,
	UGVT_EU_ARF_ADDRESS,
	UGVT_EU_ARF_ACC,
	UGVT_EU_ARF_FLAG,
	UGVT_EU_ARF_CE, // channel enables: "mask0"
	UGVT_EU_ARF_MS,
	UGVT_EU_ARF_MSD,
	UGVT_EU_ARF_STATE,
	UGVT_EU_ARF_CONTROL,
	UGVT_EU_ARF_NOTIFY,
	UGVT_EU_ARF_IP,
	UGVT_EU_ARF_TDR,
	UGVT_EU_ARF_TIME,
};

/* Shared functions that messages go to. */
enum ugvt_eu_sfid {
	UGVT_EU_SFID_NULL = 0,
	UGVT_EU_SFID_SAMPLER = 2,
	UGVT_EU_SFID_GATEWAY = 3,
	UGVT_EU_SFID_SAMPLER_CACHE = 4,
	UGVT_EU_SFID_RENDER_CACHE = 5,
	UGVT_EU_SFID_URB = 6,
	UGVT_EU_SFID_SPAWNER = 7,
	UGVT_EU_SFID_VME = 8,
	UGVT_EU_SFID_CONSTANT_CACHE = 9,
	UGVT_EU_SFID_DATA_CACHE_0 = 10,
	UGVT_EU_SFID_PIXEL_INTERPOLATOR = 11,
	UGVT_EU_SFID_DATA_CACHE_1 = 12,
	UGVT_EU_SFID_CRE = 13,
};

#endif
