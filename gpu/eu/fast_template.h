/* SPDX-License-Identifier: MIT */
/*
 * The runners of gpu/eu/fast.h, once for each kind of machine; whoever includes this defines FAST_FIND, and FAST_SIMPLE for
 * those that have no stamps of their own for shapes, which take the compiler long.
 *
 * A stamp for each operation, shape of sources and number of channels, so that all of that is chosen when they are compiled:
 * a mad of 16 channels takes 2 ns, and 40 with choices made while it runs.
 */
#ifndef UGVT_GPU_EU_FAST_TEMPLATE_H
#define UGVT_GPU_EU_FAST_TEMPLATE_H

#include "gpu/eu/fast_exec.h"

#ifndef FAST_FIND
#define FAST_FIND ugvt_eu_fast_base
#endif
#ifndef FAST_SIMPLE
#define FAST_SIMPLE 0
#endif

#define KINDS1(a) SOURCE_##a
#define KINDS2(a, b) (SOURCE_##a | SOURCE_##b << 2)
#define KINDS3(a, b, c) (SOURCE_##a | SOURCE_##b << 2 | SOURCE_##c << 4)

#define STAMP_OF(exec, op, shape, kinds, n)                                     \
	static const struct ugvt_eu_code *op##_##shape##_##n(                   \
		struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code) \
	{                                                                       \
		return exec(FAST_##op, kinds, n, thread, code);                 \
	}

/* Vectors of 16 channels are for no fewer. */
#if FAST_AVX512
#define STAMP(exec, op, shape, kinds) STAMP_OF(exec, op, shape, kinds, 16)
#define CELL(op, shape) [FAST_##shape] = {NULL, op##_##shape##_16}
#else
#define STAMP(exec, op, shape, kinds)       \
	STAMP_OF(exec, op, shape, kinds, 8) \
	STAMP_OF(exec, op, shape, kinds, 16)
#define CELL(op, shape) [FAST_##shape] = {op##_##shape##_8, op##_##shape##_16}
#endif

#if FAST_SIMPLE
#define STAMP1(op) STAMP(exec1, op, ANY, KINDS1(A))
#define STAMP2_BY(exec, op) STAMP(exec, op, ANY, KINDS2(A, A))
#define STAMP3(op) STAMP(exec3, op, ANY, KINDS3(A, A, A))
#define ROW1(op) [FAST_##op] = {CELL(op, ANY)},
#define ROW2(op) ROW1(op)
#define ROW3(op) ROW1(op)
#else
#define STAMP1(op)                     \
	STAMP(exec1, op, V, KINDS1(V)) \
	STAMP(exec1, op, S, KINDS1(S)) \
	STAMP(exec1, op, I, KINDS1(I)) \
	STAMP(exec1, op, ANY, KINDS1(A))

#define STAMP2_BY(exec, op)               \
	STAMP(exec, op, VV, KINDS2(V, V)) \
	STAMP(exec, op, VS, KINDS2(V, S)) \
	STAMP(exec, op, VI, KINDS2(V, I)) \
	STAMP(exec, op, SS, KINDS2(S, S)) \
	STAMP(exec, op, SI, KINDS2(S, I)) \
	STAMP(exec, op, ANY, KINDS2(A, A))

#define STAMP3(op)                             \
	STAMP(exec3, op, VVV, KINDS3(V, V, V)) \
	STAMP(exec3, op, VVS, KINDS3(V, V, S)) \
	STAMP(exec3, op, SVV, KINDS3(S, V, V)) \
	STAMP(exec3, op, SVS, KINDS3(S, V, S)) \
	STAMP(exec3, op, ANY, KINDS3(A, A, A))

#define ROW1(op) [FAST_##op] = {CELL(op, V), CELL(op, S), CELL(op, I), CELL(op, ANY)},
#define ROW2(op)                                                                             \
	[FAST_##op] = {CELL(op, VV), CELL(op, VS), CELL(op, VI), CELL(op, SS), CELL(op, SI), \
		CELL(op, ANY)},
#define ROW3(op) \
	[FAST_##op] = {CELL(op, VVV), CELL(op, VVS), CELL(op, SVV), CELL(op, SVS), CELL(op, ANY)},
#endif

#define STAMP2(op) STAMP2_BY(exec2, op)
#define STAMP_SEL(op) STAMP2_BY(exec_sel, op)
#define STAMP_CMP(op) STAMP2_BY(exec_cmp, op)

#define OPS1(do)                                                                                                 \
	do                                                                                                       \
	(MOV_F) do(FRC) do(RNDD) do(RNDU) do(RNDE) do(RNDZ) do(INV) do(SQRT) do(RSQ) do(EXP) do(LOG) do(SIN) do( \
		COS) do(D_TO_F) do(U_TO_F) do(HALF_TO_F) do(F_TO_D) do(F_TO_U) do(F_TO_HALF) do(MOV) do(NOT)

#define OPS2(do)                                                                                                   \
	do                                                                                                         \
	(ADD_F) do(SUB_F) do(RSUB_F) do(MUL_F) do(NMUL_F) do(MIN_F) do(MAX_F) do(POW) do(FDIV) do(ADD) do(SUB) do( \
		RSUB) do(MUL) do(AND) do(OR) do(XOR) do(SHL) do(SHR) do(ASR) do(MIN_D) do(MAX_D) do(MIN_U) do(MAX_U)

#define OPS_SEL(do) \
	do          \
	(SEL_F) do(SEL)

#define OPS_CMP(do)                                                                                                       \
	do                                                                                                                \
	(CMP_F_Z) do(CMP_F_NZ) do(CMP_F_G) do(CMP_F_GE) do(CMP_F_L) do(CMP_F_LE) do(CMP_D_Z) do(CMP_D_NZ) do(CMP_D_G) do( \
		CMP_D_GE) do(CMP_D_L) do(CMP_D_LE) do(CMP_U_Z) do(CMP_U_NZ) do(CMP_U_G) do(CMP_U_GE) do(CMP_U_L) do(CMP_U_LE)

#define OPS3(do) \
	do       \
	(MAD) do(MNADD) do(MSUB) do(NMSUB) do(LRP) do(CSEL)

OPS1(STAMP1)
OPS2(STAMP2)
OPS_SEL(STAMP_SEL)
OPS_CMP(STAMP_CMP)
OPS3(STAMP3)
STAMP(exec_plane, PLN, ANY, 0)
STAMP(exec1, NEGATED_TO_F, ANY, KINDS1(A))

static const ugvt_eu_run table[FAST_OPS][FAST_SHAPES][2] = {
	OPS1(ROW1) OPS2(ROW2) OPS_SEL(ROW2) OPS_CMP(ROW2) OPS3(ROW3)[FAST_PLN] = {CELL(PLN, ANY)},
	[FAST_NEGATED_TO_F] = {CELL(NEGATED_TO_F, ANY)},
};

ugvt_eu_run FAST_FIND(struct ugvt_eu_fast_choice choice)
{
	return choice.op == FAST_OPS ? NULL : table[choice.op][choice.shape][choice.wide];
}

#endif
