/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_FAST_H
#define UGVT_GPU_EU_FAST_H

#include "gpu/eu/thread.h"

/*
 * Runners for the instructions that shaders are made of: up to 16 channels of 32 bits, in vector code that is compiled for
 * each operation, number of channels and kind of sources. What is not so simple about an instruction's result (masks,
 * predicates, saturation, conditions, narrow destinations) is left to one function; sources of other kinds have one of their
 * own, too. Results are those of ugvt_eu_exec_alu(), to the bit, but for which NaN a NaN is; what is not covered goes there.
 */

/* Float operations first; those with a result that is none are behind. F, D, U: the types; HALF: HF. */
enum ugvt_eu_fast_op {
	FAST_MOV_F, // with modifiers, or what has to be finished
	FAST_FRC,
	FAST_RNDD,
	FAST_RNDU,
	FAST_RNDE,
	FAST_RNDZ,
	FAST_INV,
	FAST_SQRT,
	FAST_RSQ,
	FAST_EXP,
	FAST_LOG,
	FAST_SIN,
	FAST_COS,
	FAST_D_TO_F,
	FAST_NEGATED_TO_F, // of a D that has been negated
	FAST_U_TO_F,
	FAST_HALF_TO_F,
	FAST_ADD_F,
	FAST_SUB_F,
	FAST_RSUB_F, // source 1 less source 0
	FAST_MUL_F,
	FAST_NMUL_F, // minus the product
	FAST_MIN_F,
	FAST_MAX_F,
	FAST_POW,
	FAST_FDIV,
	FAST_SEL_F,
	FAST_MAD,
	FAST_MNADD, // source 0 less the product
	FAST_MSUB,  // the product less source 0
	FAST_NMSUB, // minus the product, less source 0
	FAST_LRP,
	FAST_CSEL,
	FAST_PLN,
	FAST_FLOATS,
	FAST_F_TO_D = FAST_FLOATS,
	FAST_F_TO_U,
	FAST_F_TO_HALF,
	FAST_MOV,
	FAST_NOT,
	FAST_ADD,
	FAST_SUB,
	FAST_RSUB,
	FAST_MUL,
	FAST_AND,
	FAST_OR,
	FAST_XOR,
	FAST_SHL,
	FAST_SHR,
	FAST_ASR,
	FAST_MIN_D,
	FAST_MAX_D,
	FAST_MIN_U,
	FAST_MAX_U,
	FAST_SEL,
	/* Comparisons, each in the order of enum ugvt_eu_cmod. */
	FAST_CMP_F_Z,
	FAST_CMP_F_NZ,
	FAST_CMP_F_G,
	FAST_CMP_F_GE,
	FAST_CMP_F_L,
	FAST_CMP_F_LE,
	FAST_CMP_D_Z,
	FAST_CMP_D_NZ,
	FAST_CMP_D_G,
	FAST_CMP_D_GE,
	FAST_CMP_D_L,
	FAST_CMP_D_LE,
	FAST_CMP_U_Z,
	FAST_CMP_U_NZ,
	FAST_CMP_U_G,
	FAST_CMP_U_GE,
	FAST_CMP_U_L,
	FAST_CMP_U_LE,
	FAST_OPS,
};

/* What the sources are: V a register for each eight channels, S one element for all, I an immediate, the same for all;
 * modifiers only where they are part of the operation. ANY: whatever it is. */
enum ugvt_eu_fast_shape {
	FAST_V,
	FAST_S,
	FAST_I,
	FAST_VV,
	FAST_VS,
	FAST_VI,
	FAST_SS,
	FAST_SI,
	FAST_VVV,
	FAST_VVS,
	FAST_SVV,
	FAST_SVS,
	FAST_ANY,
	FAST_SHAPES,
};

struct ugvt_eu_fast_choice {
	uint8_t op;    // enum ugvt_eu_fast_op; FAST_OPS: none
	uint8_t shape; // enum ugvt_eu_fast_shape
	bool wide;     // 16 channels, not up to 8
};

/* What operation the step's instruction is, of operands that the runners can read and write; FAST_OPS: none. */
uint8_t ugvt_eu_fast_op(const struct ugvt_eu_step *step);
/* Chooses, and fills in what runners need of step and code. simple: of shapes, no other than FAST_ANY. */
struct ugvt_eu_fast_choice ugvt_eu_fast_choose(
	struct ugvt_eu_step *step, struct ugvt_eu_code *code, bool simple);

/* The same runners for several kinds of machine; NULL: there is none. Base has only those of FAST_ANY, AVX-512 only those of
 * 16 channels. */
ugvt_eu_run ugvt_eu_fast_base(struct ugvt_eu_fast_choice choice);
ugvt_eu_run ugvt_eu_fast_avx2(struct ugvt_eu_fast_choice choice);
ugvt_eu_run ugvt_eu_fast_avx512(struct ugvt_eu_fast_choice choice);

/* A function of math, as the runners compute it. */
float ugvt_eu_fast_math(enum ugvt_eu_math function, float a, float b);

#endif
