/* SPDX-License-Identifier: MIT */
#include "gpu/eu/compact.h"

#include <stdbool.h>

#include "gpu/eu/isa.h"

/*
 * A compacted instruction holds indices into these tables, each entry of which is a set of bits of the native form, and
 * what does not compress: register numbers, opcode, conditional modifier. Figures: Gen8's tables as Mesa's
 * brw_eu_compact.c gives them (Broadwell PRM vol. 7, "EU Compact Instructions"); Gen9 has the same, and in its
 * three-source form the bits that Cherryview added.
 */

static const uint32_t controls[32] = {0x00002, 0x04000, 0x04001, 0x04002, 0x04003, 0x04004, 0x04005,
	0x04007, 0x04008, 0x04009, 0x0400d, 0x06000, 0x06001, 0x06002, 0x06003, 0x06004, 0x06005,
	0x06007, 0x06009, 0x0600d, 0x06010, 0x06100, 0x08000, 0x08002, 0x08004, 0x08100, 0x16000,
	0x16010, 0x18000, 0x18100, 0x28000, 0x28100};

static const uint32_t datatypes[32] = {0x40001, 0x40040, 0x40041, 0x400c1, 0x4015d, 0x405dd,
	0x40741, 0x40745, 0x4075d, 0x41041, 0x43040, 0x43041, 0x45145, 0x47144, 0x47145, 0x5c75d,
	0x5d71d, 0x5d75c, 0x5d75d, 0x5f75c, 0x0040c, 0x4005d, 0x40145, 0x41040, 0x45144, 0x47104,
	0x49209, 0x5775d, 0x5f75d, 0x4f34c, 0x49248, 0x4b248};

static const uint16_t subregisters[32] = {0x0000, 0x0001, 0x0008, 0x000f, 0x0010, 0x0080, 0x0100,
	0x0180, 0x0200, 0x0210, 0x0280, 0x1000, 0x1001, 0x1081, 0x1082, 0x1083, 0x1084, 0x1087,
	0x1088, 0x108e, 0x108f, 0x1180, 0x11e8, 0x2000, 0x2180, 0x3000, 0x3c87, 0x4000, 0x5000,
	0x6000, 0x7000, 0x701c};

static const uint16_t sources[32] = {0x000, 0x002, 0x010, 0x012, 0x018, 0x020, 0x028, 0x048, 0x050,
	0x070, 0x078, 0x300, 0x302, 0x308, 0x310, 0x312, 0x320, 0x328, 0x338, 0x340, 0x342, 0x348,
	0x350, 0x360, 0x368, 0x370, 0x371, 0x378, 0x468, 0x469, 0x46a, 0x588};

static const uint32_t controls_3src[4] = {0x806001, 0x006001, 0x008001, 0x008021};

static const uint64_t sources_3src[4] = {
	0x7272720f000, 0x7272720f002, 0x7272720f008, 0x7272720f020};

static void put(struct ugvt_eu_bits *bits, unsigned hi, unsigned lo, uint64_t value)
{
	uint64_t mask = UINT64_MAX >> (63 - (hi - lo)) << (lo % 64);
	uint64_t *word = &bits->word[lo / 64];

	*word = (*word & ~mask) | (value << (lo % 64) & mask);
}

static uint64_t field(uint64_t compacted, unsigned hi, unsigned lo)
{
	return compacted >> lo & (UINT64_MAX >> (63 - (hi - lo)));
}

static struct ugvt_eu_bits expand_3src(uint64_t c)
{
	struct ugvt_eu_bits out = {0};
	uint32_t control = controls_3src[field(c, 9, 8)];
	uint64_t source = sources_3src[field(c, 11, 10)];

	put(&out, 6, 0, c);
	put(&out, 28, 8, control);
	put(&out, 34, 32, control >> 21);
	put(&out, 36, 35, control >> 24);
	put(&out, 30, 30, field(c, 30, 30));
	put(&out, 31, 31, field(c, 31, 31));
	put(&out, 55, 37, source);
	put(&out, 72, 65, source >> 19);
	put(&out, 93, 86, source >> 27);
	put(&out, 114, 107, source >> 35);
	put(&out, 63, 56, field(c, 18, 12));
	put(&out, 64, 64, field(c, 28, 28));
	put(&out, 75, 73, field(c, 36, 34));
	put(&out, 83, 76, field(c, 49, 43));
	put(&out, 85, 85, field(c, 32, 32));
	put(&out, 96, 94, field(c, 39, 37));
	put(&out, 104, 97, field(c, 56, 50));
	put(&out, 106, 106, field(c, 33, 33));
	put(&out, 117, 115, field(c, 42, 40));
	put(&out, 125, 118, field(c, 63, 57));
	return out;
}

static bool has_immediate(const struct ugvt_eu_bits *bits)
{
	return ugvt_eu_bits_get(bits, 42, 41) == 3 || ugvt_eu_bits_get(bits, 90, 89) == 3;
}

static void expand_tables(struct ugvt_eu_bits *out, uint64_t c)
{
	uint32_t control = controls[field(c, 12, 8)];
	uint32_t datatype = datatypes[field(c, 17, 13)];
	uint32_t subregister = subregisters[field(c, 22, 18)];

	put(out, 8, 8, control);
	put(out, 10, 9, control >> 2);
	put(out, 23, 12, control >> 4);
	put(out, 33, 31, control >> 16);
	put(out, 34, 34, control >> 1);
	put(out, 46, 35, datatype);
	put(out, 94, 89, datatype >> 12);
	put(out, 63, 61, datatype >> 18);
	put(out, 52, 48, subregister);
	put(out, 68, 64, subregister >> 5);
	put(out, 100, 96, subregister >> 10);
	put(out, 88, 77, sources[field(c, 34, 30)]);
}

struct ugvt_eu_bits ugvt_eu_expand(uint64_t c)
{
	const struct ugvt_eu_op *op = ugvt_eu_op_find(field(c, 6, 0));
	struct ugvt_eu_bits out = {0};

	if (op && op->form == UGVT_EU_FORM_THREE) {
		return expand_3src(c);
	}
	put(&out, 6, 0, c);
	put(&out, 30, 30, field(c, 7, 7));
	expand_tables(&out, c);
	put(&out, 28, 28, field(c, 23, 23));
	put(&out, 27, 24, field(c, 27, 24));
	put(&out, 60, 53, field(c, 47, 40));
	put(&out, 76, 69, field(c, 55, 48));
	if (has_immediate(&out)) {
		/* 13 bits with sign: the low 8 where source 1's register is, the rest its index. */
		uint32_t low13 = field(c, 39, 35) << 8 | field(c, 63, 56);

		put(&out, 127, 96, low13 & 0x1000 ? low13 | 0xffffe000 : low13);
	} else {
		put(&out, 120, 109, sources[field(c, 39, 35)]);
		put(&out, 108, 101, field(c, 63, 56));
	}
	return out;
}
