/* SPDX-License-Identifier: MIT */
#include "gpu/eu/isa.h"

#include <stddef.h>

#include "base/bits.h"

#define T(type) (1 << UGVT_EU_##type)

enum {
	T_B = T(UB) | T(B),
	T_W = T(UW) | T(W),
	T_D = T(UD) | T(D),
	T_Q = T(UQ) | T(Q),
	T_INT = T_B | T_W | T_D | T_Q,
	T_FLOAT = T(HF) | T(F) | T(DF),
	T_ANY = T_INT | T_FLOAT,
	BASIC = UGVT_EU_FORM_BASIC,
	THREE = UGVT_EU_FORM_THREE,
	BRANCH = UGVT_EU_FORM_BRANCH,
	LOGIC = UGVT_EU_OP_LOGIC,
	NO_FLAG = UGVT_EU_OP_NO_FLAG,
	NO_DST = UGVT_EU_OP_NO_DST,
	ALIGN16 = UGVT_EU_OP_ALIGN16,
	NO_MODIFIER = UGVT_EU_OP_NO_MODIFIER,
	JIP = UGVT_EU_OP_JIP | NO_DST,
	UIP = UGVT_EU_OP_UIP | JIP,
	CONTROL = UGVT_EU_OP_CONTROL,
};

/* name, form, sources, flags, types of sources, types of destination */
static const struct ugvt_eu_op ops[UGVT_EU_OPCODES] = {
	[UGVT_EU_ILLEGAL] = {"illegal", BASIC, 0, NO_DST},
	[UGVT_EU_MOV] = {"mov", BASIC, 1, 0, T_ANY, T_ANY},
	[UGVT_EU_SEL] = {"sel", BASIC, 2, NO_FLAG, T_ANY, T_ANY},
	[UGVT_EU_MOVI] = {"movi", BASIC, 2, NO_MODIFIER, T_ANY, T_ANY},
	[UGVT_EU_NOT] = {"not", BASIC, 1, LOGIC, T_INT, T_INT},
	[UGVT_EU_AND] = {"and", BASIC, 2, LOGIC, T_INT, T_INT},
	[UGVT_EU_OR] = {"or", BASIC, 2, LOGIC, T_INT, T_INT},
	[UGVT_EU_XOR] = {"xor", BASIC, 2, LOGIC, T_INT, T_INT},
	[UGVT_EU_SHR] = {"shr", BASIC, 2, 0, T_INT, T_INT},
	[UGVT_EU_SHL] = {"shl", BASIC, 2, 0, T_INT, T_INT},
	[UGVT_EU_SMOV] = {"smov", BASIC, 2, NO_MODIFIER, T_ANY, T_ANY},
	[UGVT_EU_ASR] = {"asr", BASIC, 2, 0, T_INT, T_INT},
	[UGVT_EU_CMP] = {"cmp", BASIC, 2, 0, T_ANY, T_ANY},
	[UGVT_EU_CMPN] = {"cmpn", BASIC, 2, 0, T_ANY, T_ANY},
	[UGVT_EU_CSEL] = {"csel", THREE, 3, NO_FLAG, T(F) | T(HF), T(F) | T(HF)},
	[UGVT_EU_BFREV] = {"bfrev", BASIC, 1, NO_MODIFIER, T(UD), T(UD)},
	[UGVT_EU_BFE] = {"bfe", THREE, 3, NO_MODIFIER, T_D, T_D},
	[UGVT_EU_BFI1] = {"bfi1", BASIC, 2, NO_MODIFIER, T_D, T_D},
	[UGVT_EU_BFI2] = {"bfi2", THREE, 3, NO_MODIFIER, T_D, T_D},
	[UGVT_EU_JMPI] = {"jmpi", BASIC, 2, NO_DST, T_D | T_W, 0},
	[UGVT_EU_BRD] = {"brd", BRANCH, 0, JIP | CONTROL},
	[UGVT_EU_IF] = {"if", BRANCH, 0, UIP | CONTROL},
	[UGVT_EU_BRC] = {"brc", BRANCH, 0, UIP | CONTROL},
	[UGVT_EU_ELSE] = {"else", BRANCH, 0, UIP | CONTROL},
	[UGVT_EU_ENDIF] = {"endif", BRANCH, 0, JIP},
	[UGVT_EU_WHILE] = {"while", BRANCH, 0, JIP},
	[UGVT_EU_BREAK] = {"break", BRANCH, 0, UIP},
	[UGVT_EU_CONT] = {"cont", BRANCH, 0, UIP},
	[UGVT_EU_HALT] = {"halt", BRANCH, 0, UIP},
	[UGVT_EU_CALLA] = {"calla", BASIC, 0, UGVT_EU_OP_JIP, 0, T_D},
	[UGVT_EU_CALL] = {"call", BASIC, 0, UGVT_EU_OP_JIP, 0, T_D},
	[UGVT_EU_RET] = {"ret", BASIC, 1, NO_DST, T_D, 0},
	[UGVT_EU_GOTO] = {"goto", BRANCH, 0, UIP | CONTROL},
	[UGVT_EU_JOIN] = {"join", BRANCH, 0, JIP},
	[UGVT_EU_WAIT] = {"wait", BASIC, 0, 0, 0, T(UD)},
	[UGVT_EU_SEND] = {"send", UGVT_EU_FORM_SEND, 1, 0},
	[UGVT_EU_SENDC] = {"sendc", UGVT_EU_FORM_SEND, 1, 0},
	[UGVT_EU_SENDS] = {"sends", UGVT_EU_FORM_SENDS, 2, 0},
	[UGVT_EU_SENDSC] = {"sendsc", UGVT_EU_FORM_SENDS, 2, 0},
	[UGVT_EU_MATH] = {"math", BASIC, 2, NO_FLAG, T_D | T_FLOAT, T_D | T_FLOAT},
	[UGVT_EU_ADD] = {"add", BASIC, 2, 0, T_ANY, T_ANY},
	[UGVT_EU_MUL] = {"mul", BASIC, 2, 0, T_ANY, T_ANY},
	[UGVT_EU_AVG] = {"avg", BASIC, 2, 0, T_B | T_W | T_D, T_B | T_W | T_D},
	[UGVT_EU_FRC] = {"frc", BASIC, 1, 0, T(F), T(F)},
	[UGVT_EU_RNDU] = {"rndu", BASIC, 1, 0, T(F), T(F)},
	[UGVT_EU_RNDD] = {"rndd", BASIC, 1, 0, T(F), T(F)},
	[UGVT_EU_RNDE] = {"rnde", BASIC, 1, 0, T(F), T(F)},
	[UGVT_EU_RNDZ] = {"rndz", BASIC, 1, 0, T(F), T(F)},
	[UGVT_EU_MAC] = {"mac", BASIC, 2, 0, T_B | T_W | T_FLOAT, T_ANY},
	[UGVT_EU_MACH] = {"mach", BASIC, 2, 0, T_D, T_D},
	[UGVT_EU_LZD] = {"lzd", BASIC, 1, 0, T_D, T(UD)},
	[UGVT_EU_FBH] = {"fbh", BASIC, 1, NO_MODIFIER, T_D, T_D},
	[UGVT_EU_FBL] = {"fbl", BASIC, 1, NO_MODIFIER, T(UD), T(UD)},
	[UGVT_EU_CBIT] = {"cbit", BASIC, 1, NO_MODIFIER, T(UB) | T(UW) | T(UD), T(UD)},
	[UGVT_EU_ADDC] = {"addc", BASIC, 2, NO_MODIFIER, T(UD), T(UD)},
	[UGVT_EU_SUBB] = {"subb", BASIC, 2, NO_MODIFIER, T(UD), T(UD)},
	[UGVT_EU_SAD2] = {"sad2", BASIC, 2, 0, T_B, T_W},
	[UGVT_EU_SADA2] = {"sada2", BASIC, 2, 0, T_B, T_W},
	[UGVT_EU_DP4] = {"dp4", BASIC, 2, ALIGN16, T(F), T(F)},
	[UGVT_EU_DPH] = {"dph", BASIC, 2, ALIGN16, T(F), T(F)},
	[UGVT_EU_DP3] = {"dp3", BASIC, 2, ALIGN16, T(F), T(F)},
	[UGVT_EU_DP2] = {"dp2", BASIC, 2, ALIGN16, T(F), T(F)},
	[UGVT_EU_LINE] = {"line", BASIC, 2, 0, T(F), T(F)},
	[UGVT_EU_PLN] = {"pln", BASIC, 2, 0, T(F), T(F)},
	[UGVT_EU_MAD] = {"mad", THREE, 3, 0, T_D | T_FLOAT, T_D | T_FLOAT},
	[UGVT_EU_LRP] = {"lrp", THREE, 3, 0, T(F), T(F)},
	[UGVT_EU_MADM] = {"madm", THREE, 3, NO_FLAG, T(F) | T(DF), T(F) | T(DF)},
	[UGVT_EU_NOP] = {"nop", BASIC, 0, NO_DST},
};

const struct ugvt_eu_op *ugvt_eu_op_find(unsigned opcode)
{
	return opcode < UGVT_EU_OPCODES && ops[opcode].name ? &ops[opcode] : NULL;
}

static const struct {
	const char *name;
	uint8_t size;
	bool is_float, is_signed;
} types[] = {
	[UGVT_EU_UB] = {"UB", 1, false, false},
	[UGVT_EU_B] = {"B", 1, false, true},
	[UGVT_EU_UW] = {"UW", 2, false, false},
	[UGVT_EU_W] = {"W", 2, false, true},
	[UGVT_EU_UD] = {"UD", 4, false, false},
	[UGVT_EU_D] = {"D", 4, false, true},
	[UGVT_EU_UQ] = {"UQ", 8, false, false},
	[UGVT_EU_Q] = {"Q", 8, false, true},
	[UGVT_EU_HF] = {"HF", 2, true, true},
	[UGVT_EU_F] = {"F", 4, true, true},
	[UGVT_EU_DF] = {"DF", 8, true, true},
	[UGVT_EU_UV] = {"UV", 2, false, false},
	[UGVT_EU_V] = {"V", 2, false, true},
	[UGVT_EU_VF] = {"VF", 4, true, true},
	[UGVT_EU_TYPE_NONE] = {"INVALID", 0, false, false},
};

unsigned ugvt_eu_type_size(enum ugvt_eu_type type)
{
	return types[type].size;
}

const char *ugvt_eu_type_name(enum ugvt_eu_type type)
{
	return types[type].name;
}

bool ugvt_eu_type_float(enum ugvt_eu_type type)
{
	return types[type].is_float;
}

bool ugvt_eu_type_signed(enum ugvt_eu_type type)
{
	return types[type].is_signed;
}
