/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_EU_ENCODE_H
#define UGVT_TESTS_GPU_EU_ENCODE_H

#include "gpu/eu/compact.h"
#include "gpu/eu/inst.h"

/* Instructions for tests. */

/* The native form of an instruction. */
struct ugvt_eu_bits encode(const struct ugvt_eu_inst *inst);

/* Operands: eight or sixteen elements in a row, one for all, a number. */
struct ugvt_eu_operand vec(enum ugvt_eu_type type, unsigned number);
struct ugvt_eu_operand one(enum ugvt_eu_type type, unsigned number, unsigned element);
struct ugvt_eu_operand region(
	enum ugvt_eu_type type, unsigned number, unsigned v, unsigned w, unsigned h);
struct ugvt_eu_operand imm(enum ugvt_eu_type type, uint64_t bits);
struct ugvt_eu_operand imm_f(float value);
struct ugvt_eu_operand arf(enum ugvt_eu_type type, enum ugvt_eu_arf arf, unsigned n);
struct ugvt_eu_operand null(enum ugvt_eu_type type);

/* An instruction on its first channels; unused sources are null. */
struct ugvt_eu_inst make(enum ugvt_eu_opcode opcode, unsigned exec_size, struct ugvt_eu_operand dst,
	struct ugvt_eu_operand src0, struct ugvt_eu_operand src1);
struct ugvt_eu_inst make3(enum ugvt_eu_opcode opcode, unsigned exec_size,
	struct ugvt_eu_operand dst, const struct ugvt_eu_operand src[3]);
struct ugvt_eu_inst branch(enum ugvt_eu_opcode opcode, unsigned exec_size, int jip, int uip);
/* To a shared function, from register payload. */
struct ugvt_eu_inst message(unsigned sfid, uint32_t desc, unsigned payload, bool eot);

#endif
