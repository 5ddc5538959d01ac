/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "gpu/eu/disasm.h"
#include "gpu/eu/validate.h"
#include "tests/gpu/eu/encode.h"

/* Each entry of each table is in one of these at least: compacted instructions, and what Mesa's own decoder (22.3.6) makes
 * of them. */
static const struct {
	uint64_t compacted;
	struct ugvt_eu_bits native;
} compacted[] = {
	{UINT64_C(0x07020100e0000040),
		{{UINT64_C(0x2020000c00000040), UINT64_C(0x000000e000024040)}}},
	{UINT64_C(0x0a0d060aa1842140),
		{{UINT64_C(0x20c1020011400040), UINT64_C(0x00004140000f01a0)}}},
	{UINT64_C(0x0d180b1462084240),
		{{UINT64_C(0x2168020802400140), UINT64_C(0x000201a000650300)}}},
	{UINT64_C(0x1023101e238c6340),
		{{UINT64_C(0x220f060c13400040), UINT64_C(0x00000310006d0460)}}},
	{UINT64_C(0x132e1527e4108440),
		{{UINT64_C(0x22b00aec04400140), UINT64_C(0x0003026000b105c0)}}},
	{UINT64_C(0x16391a29a594a540),
		{{UINT64_C(0x23402ee815400240), UINT64_C(0x0000051600050724)}}},
	{UINT64_C(0x19441f336618c640),
		{{UINT64_C(0x23e03a0806400340), UINT64_C(0x0005032000610888)}}},
	{UINT64_C(0x1c4f243d209ce740),
		{{UINT64_C(0x24803a2c10400340), UINT64_C(0x00090380006849ec)}}},
	{UINT64_C(0x1f5a2946e1210840),
		{{UINT64_C(0x25203ae801400440), UINT64_C(0x000a03e0006f0b50)}}},
	{UINT64_C(0x22652e48a2a52940),
		{{UINT64_C(0x25d0020812400540), UINT64_C(0x000e044002020cb0)}}},
	{UINT64_C(0x2570335263294a40),
		{{UINT64_C(0x2660020003400740), UINT64_C(0x00000a25060e0e14)}}},
	{UINT64_C(0x287b385c24ad6b40),
		{{UINT64_C(0x2700020814600040), UINT64_C(0x00000b2806640f60)}}},
	{UINT64_C(0x2b063d65e5318c40),
		{{UINT64_C(0x27a10a2805600140), UINT64_C(0x006045640a6c00c0)}}},
	{UINT64_C(0x2e11426fa6b5ad40),
		{{UINT64_C(0x28410a2416600040), UINT64_C(0x00000d2e0e8d4224)}}},
	{UINT64_C(0x311c47716039ce40),
		{{UINT64_C(0x28e20a2c00600140), UINT64_C(0x00000e310e040384)}}},
	{UINT64_C(0x34274c7b21bdef40),
		{{UINT64_C(0x29833ae811600240), UINT64_C(0x00624684386044e4)}}},
	{UINT64_C(0x37325184e2421040),
		{{UINT64_C(0x2a2438e802600340), UINT64_C(0x006406e43a680644)}}},
	{UINT64_C(0x3a3d568ea3c63140),
		{{UINT64_C(0x2ac73ae413600340), UINT64_C(0x006507443a6e27a4)}}},
	{UINT64_C(0x3d485b90644a5240),
		{{UINT64_C(0x2b683ae804600540), UINT64_C(0x006707a43a004904)}}},
	{UINT64_C(0x4053609a25ce7340),
		{{UINT64_C(0x2c0e3ae015600740), UINT64_C(0xfffff3403e0a0a64)}}},
	{UINT64_C(0x435e65a3e6529440),
		{{UINT64_C(0x0caf206006601040), UINT64_C(0x0068486400624bc4)}}},
	{UINT64_C(0x46696aada0d6b540),
		{{UINT64_C(0x2d4002e810610040), UINT64_C(0x006908c4006a0d2c)}}},
	{UINT64_C(0x49746fb7615ad640),
		{{UINT64_C(0x2de80a2801800040), UINT64_C(0x006a0924008d2e8f)}}},
	{UINT64_C(0x4c7f74b922def740),
		{{UINT64_C(0x2e80020412800040), UINT64_C(0x006c098802030fe0)}}},
	{UINT64_C(0x4f0a79c2e3631840),
		{{UINT64_C(0x2f200a2003800240), UINT64_C(0x006d09e80a60014c)}}},
	{UINT64_C(0x52157ecca4e73940),
		{{UINT64_C(0x2fc0082014810040), UINT64_C(0xfffff9520e6702a0)}}},
	{UINT64_C(0x552003d6656b5a40),
		{{UINT64_C(0x2067104885600040), UINT64_C(0x006e2aaf126e0404)}}},
	{UINT64_C(0x582b08d826ef7b40),
		{{UINT64_C(0x21003ae896601040), UINT64_C(0xfffffb582e000560)}}},
	{UINT64_C(0x5b360de1e0739c40),
		{{UINT64_C(0x21a03ae880800040), UINT64_C(0xfffffc5b3e0906c0)}}},
	{UINT64_C(0x5e4112eba1f7bd40),
		{{UINT64_C(0x22401a6091810040), UINT64_C(0xfffffd5e1e620820)}}},
	{UINT64_C(0x614c17f5627bde40),
		{{UINT64_C(0x22e0124102800040), UINT64_C(0x008d4c3c12690980)}}},
	{UINT64_C(0x64571cff23ffff40),
		{{UINT64_C(0x239c124113810040), UINT64_C(0xffffff64168d0ae0)}}},
	{UINT64_C(0x82c50a202001145b),
		{{UINT64_C(0x111e00440060015b), UINT64_C(0x10572062790211c8)}}},
	{UINT64_C(0x84c913453002295b),
		{{UINT64_C(0x221e01000060015b), UINT64_C(0x109f2064b92223c9)}}},
	{UINT64_C(0x86cd1c6aa0033e5b),
		{{UINT64_C(0x331e04008080015b), UINT64_C(0x10e72466f90235c8)}}},
	{UINT64_C(0x88d1258fb004435b),
		{{UINT64_C(0x441e00008080215b), UINT64_C(0x112f2469392247c9)}}},
};

static void test_expand(void **state)
{
	for (size_t i = 0; i < UGVT_ARRAY_SIZE(compacted); i++) {
		struct ugvt_eu_bits got = ugvt_eu_expand(compacted[i].compacted);

		assert_memory_equal(&got, &compacted[i].native, sizeof(got));
	}
}

static void test_sizes(void **state)
{
	struct ugvt_eu_inst inst = branch(UGVT_EU_ENDIF, 8, 16, 0);
	struct ugvt_eu_bits code = encode(&inst);

	for (size_t size = 0; size < 16; size++) {
		assert_false(ugvt_eu_decode(&code, size, &inst));
	}
	assert_true(ugvt_eu_decode(&code, 16, &inst));
	assert_int_equal(inst.bytes, 16);
	assert_false(ugvt_eu_decode(&compacted[0].compacted, 7, &inst));
	assert_true(ugvt_eu_decode(&compacted[0].compacted, 8, &inst));
	assert_int_equal(inst.bytes, 8);
}

static void text_expect(struct ugvt_eu_inst inst, const char *want)
{
	struct ugvt_eu_bits code = encode(&inst);
	char text[UGVT_EU_DISASM_MAX];

	assert_true(ugvt_eu_decode(&code, sizeof(code), &inst));
	ugvt_eu_disasm(&inst, 0, NULL, text);
	assert_string_equal(text, want);
}

/* What Mesa's vectors have not. */
static void test_text(void **state)
{
	struct ugvt_eu_inst inst = make(
		UGVT_EU_MOV, 16, vec(UGVT_EU_HF, 10), imm(UGVT_EU_HF, 0x3c00), null(UGVT_EU_UD));

	text_expect(inst,
		"mov(16)         g10<1>HF        0x3c00HF                        { align1 1H };\n");
	inst = branch(UGVT_EU_GOTO, 8, 32, -64);
	inst.branch_control = true;
	text_expect(inst,
		"goto(8)         JIP: 32               UIP: -64                  { align1 1Q "
		"BranchCtrl };\n");
	inst = make(UGVT_EU_JMPI, 1, arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0),
		arf(UGVT_EU_UD, UGVT_EU_ARF_IP, 0), imm(UGVT_EU_D, 48));
	inst.no_mask = true;
	text_expect(inst,
		"jmpi(1)         48D                                             { align1 WE_all 1N "
		"};\n");
	inst = make(UGVT_EU_MOV, 8, vec(UGVT_EU_F, 10), vec(UGVT_EU_F, 0), null(UGVT_EU_UD));
	inst.src[0].indirect = true;
	inst.src[0].vstride = UGVT_EU_VSTRIDE_VXH;
	inst.src[0].address_reg = 3;
	inst.src[0].address_imm = -16;
	text_expect(inst,
		"mov(8)          g10<1>F         g[a0.3 -16]<VxH,8,1>F           { align1 1Q };\n");
}

/* Channel selects and enables name accumulators: their bits are those of the encoding. */
static void test_macro_text(void **state)
{
	const struct ugvt_eu_operand src[3] = {
		vec(UGVT_EU_DF, 2), vec(UGVT_EU_DF, 3), vec(UGVT_EU_DF, 4)};
	struct ugvt_eu_inst inst = make3(UGVT_EU_MADM, 4, vec(UGVT_EU_DF, 10), src);
	struct ugvt_eu_bits code;

	inst.dst.special = 1;
	inst.src[0].special = UGVT_EU_SPECIALS;
	inst.src[1].special = UGVT_EU_SPECIALS;
	inst.src[1].negate = true;
	inst.src[2].special = 7;
	code = encode(&inst);
	assert_int_equal(ugvt_eu_bits_get(&code, 52, 49), 1);
	assert_int_equal(ugvt_eu_bits_get(&code, 72 + 21, 65 + 21), 8);
	assert_int_equal(ugvt_eu_bits_get(&code, 72 + 42, 65 + 42), 7);
	text_expect(inst,
		"madm(4)         g10<1>.acc3DF   g2<4,4,1>.noaccDF -g3<4,4,1>.noaccDF g4<4,4,1>.acc9DF { align16 1N };\n");
}

static void test_call_text(void **state)
{
	struct ugvt_eu_inst inst = branch(UGVT_EU_CALL, 8, -32, 0);

	inst.dst = vec(UGVT_EU_UD, 20);
	text_expect(inst,
		"call(8)         g20<1>UD        JIP: -32                        { align1 1Q };\n");
	text_expect(make(UGVT_EU_RET, 8, null(UGVT_EU_UD), region(UGVT_EU_UD, 20, 2, 2, 1),
			    null(UGVT_EU_UD)),
		"ret(8)                          g20<2,2,1>UD                    { align1 1Q };\n");
}

/* One thing wrong with each. */
static const char *wrong_with(struct ugvt_eu_inst inst)
{
	struct ugvt_eu_bits code = encode(&inst);

	assert_true(ugvt_eu_decode(&code, sizeof(code), &inst));
	return ugvt_eu_validate(&inst);
}

static struct ugvt_eu_inst good(void)
{
	return make(UGVT_EU_ADD, 8, vec(UGVT_EU_D, 10), vec(UGVT_EU_D, 20), vec(UGVT_EU_D, 21));
}

#define REFUSED(change, why)                                \
	do {                                                \
		struct ugvt_eu_inst inst = good();          \
                                                            \
		change;                                     \
		assert_string_equal(wrong_with(inst), why); \
	} while (0)

static void test_refused(void **state)
{
	struct ugvt_eu_inst silent = message(UGVT_EU_SFID_URB, 1u << 25, 1, false);

	assert_null(wrong_with(good()));
	silent.dst = arf(UGVT_EU_UD, UGVT_EU_ARF_ACC, 0); // is not written
	assert_null(wrong_with(silent));
	REFUSED(inst.opcode = 11, "no such instruction");
	REFUSED(inst.opcode = UGVT_EU_ILLEGAL, "an instruction that is not executed");
	REFUSED((inst.first = 28, inst.exec_size = 16), "channels beyond the 32nd");
	REFUSED(inst.predicate = 15, "reserved predicate control");
	REFUSED(inst.cmod = 7, "reserved conditional modifier");
	REFUSED(inst.src[0].width = 16, "width above the execution size");
	REFUSED(inst.src[0].vstride = 4, "one row with another vertical stride than its length");
	REFUSED((inst.src[0].width = 1, inst.src[0].vstride = 1),
		"horizontal stride of a width of one");
	REFUSED((inst.src[1].vstride = 0, inst.src[1].hstride = 0), "width without strides");
	REFUSED((inst.src[0].width = 4, inst.src[0].vstride = 32),
		"region of more than two registers");
	REFUSED(inst.src[0].vstride = UGVT_EU_VSTRIDE_VXH, "VxH without an address");
	REFUSED(inst.src[0].offset = 2, "subregister not aligned to its type");
	REFUSED((inst.src[0].number = 127, inst.exec_size = 16), "beyond the last register");
	REFUSED(inst.src[0].number = 200, "beyond the last register");
	REFUSED(inst.dst.hstride = 0, "destination without a stride");
	REFUSED((inst.dst.hstride = 4, inst.exec_size = 16), "region of more than two registers");
	REFUSED(inst.dst.file = UGVT_EU_FILE_IMM, "destination that is no register");
	REFUSED(inst.src[0].file = UGVT_EU_FILE_NONE, "reserved register file");
	REFUSED(inst.src[0] = imm(UGVT_EU_D, 1), "immediate that is not the last source");
	REFUSED((inst.opcode = UGVT_EU_XOR, inst.src[1] = vec(UGVT_EU_F, 21)),
		"source of a type that the instruction does not have");
	REFUSED(inst = branch(UGVT_EU_IF, 8, 12, 16), "branch into an instruction");
	REFUSED((inst.opcode = UGVT_EU_CALL, inst.op = ugvt_eu_op_find(UGVT_EU_CALL), inst.jip = 4),
		"branch into an instruction");
	REFUSED((inst.opcode = UGVT_EU_CALLA, inst.op = ugvt_eu_op_find(UGVT_EU_CALLA),
			inst.dst.offset = 4),
		"call that leaves its return nowhere");
	REFUSED((inst.opcode = UGVT_EU_CALL, inst.op = ugvt_eu_op_find(UGVT_EU_CALL),
			inst.exec_size = 1),
		"execution size or access mode that calls don't have");
	REFUSED(inst.opcode = UGVT_EU_RET, "return from what no call leaves");
	REFUSED(inst = message(15, 0, 1, false), "reserved shared function");
	REFUSED(inst = message(UGVT_EU_SFID_URB, 5 << 25, 124, false),
		"message beyond the last register");
	REFUSED((inst = message(UGVT_EU_SFID_URB, 1u << 25 | 1u << 20, 1, false),
			inst.dst = arf(UGVT_EU_UD, UGVT_EU_ARF_ACC, 0)),
		"response that goes to no register");
	REFUSED((inst.opcode = UGVT_EU_MATH, inst.cmod = 8), "math function that is not executed");
	REFUSED((inst.opcode = UGVT_EU_MATH, inst.cmod = UGVT_EU_MATH_SQRT),
		"math function on another kind of type");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_call_text),
		cmocka_unit_test(test_macro_text),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("eu decode", tests, NULL, NULL);
}
