/* SPDX-License-Identifier: MIT */
#include "gpu/eu/message_text.h"

#include "base/bits.h"
#include "gpu/eu/message.h"

/* Names are those of Mesa's assembly syntax; figures: gpu/eu/message.h. */

static const char *const sfids[16] = {"null", NULL, "sampler", "gateway", "dp_sampler", "render",
	"urb", "thread_spawner", "vme", "const", "data", "pixel interp", "dp data 1", "cre"};

static const char *const sampler_messages[32] = {
	[0] = "sample",
	[1] = "sample_b",
	[2] = "sample_l",
	[3] = "sample_c",
	[4] = "sample_d",
	[5] = "sample_b_c",
	[6] = "sample_l_c",
	[7] = "ld",
	[8] = "gather4",
	[9] = "lod",
	[10] = "resinfo",
	[11] = "sampleinfo",
	[16] = "gather4_c",
	[17] = "gather4_po",
	[18] = "gather4_po_c",
	[20] = "sample_d_c",
	[24] = "sample_lz",
	[25] = "sample_c_lz",
	[26] = "ld_lz",
	[28] = "ld2dms_w",
	[29] = "ld_mcs",
	[30] = "ld2dms",
	[31] = "ld2dss",
};

static const char *const sampler_simd_modes[4] = {"SIMD4x2", "SIMD8", "SIMD16", "SIMD32/64"};

static const char *const render_target_writes[8] = {"SIMD16", "SIMD16/RepData", "SIMD8/DualSrcLow",
	"SIMD8/DualSrcHigh", "SIMD8", "SIMD8/ImageWrite", NULL, "SIMD16/RepData-111"};

static const char *const urb_opcodes[16] = {"write HWord", "write OWord", "read HWord",
	"read OWord", "atomic mov", "atomic inc", "atomic add", "SIMD8 write", "SIMD8 read"};

static const char *const gateway_functions[8] = {"open", "close", "forward msg", "get timestamp",
	"barrier msg", "update state", "mmio read/write"};

static const char *const interpolator_messages[4] = {
	"per_message_offset", "sample_position", "centroid", "per_slot_offset"};

static const char *const data_0_messages[32] = {
	[0] = "DC OWORD block read",
	[1] = "DC unaligned OWORD block read",
	[2] = "DC OWORD dual block read",
	[3] = "DC DWORD scattered read",
	[4] = "DC byte scattered read",
	[7] = "DC mfence",
	[8] = "DC OWORD block write",
	[10] = "DC OWORD dual block write",
	[11] = "DC DWORD scattered write",
	[12] = "DC byte scattered write",
};

static const char *const data_1_messages[32] = {
	[0x01] = "untyped surface read",
	[0x02] = "DC untyped atomic op",
	[0x03] = "DC untyped 4x2 atomic op",
	[0x04] = "DC media block read",
	[0x05] = "DC typed surface read",
	[0x06] = "DC typed atomic",
	[0x07] = "DC typed 4x2 atomic op",
	[0x09] = "DC untyped surface write",
	[0x0a] = "DC media block write",
	[0x0b] = "DC atomic counter op",
	[0x0c] = "DC 4x2 atomic counter op",
	[0x0d] = "DC typed surface write",
	[0x10] = "DC A64 scattered read",
	[0x11] = "DC A64 untyped surface read",
	[0x12] = "DC A64 untyped atomic op",
	[0x14] = "DC A64 oword block read",
	[0x15] = "DC A64 oword block write",
	[0x19] = "DC A64 untyped surface write",
	[0x1a] = "DC A64 scattered write",
	[0x1b] = "DC untyped atomic float op",
	[0x1d] = "DC A64 untyped atomic float op",
};

static const char *const atomics[16] = {NULL, "and", "or", "xor", "mov", "inc", "dec", "add", "sub",
	"revsub", "imax", "imin", "umax", "umin", "cmpwr", "predec"};

static const char *const float_atomics[16] = {NULL, "fmax", "fmin", "fcmpwr", "fadd"};

static const char *name_of(const char *const *names, unsigned index)
{
	return names[index] ? names[index] : "reserved";
}

static void sampler_add(struct ugvt_eu_text *text, uint32_t desc)
{
	ugvt_eu_text_add(text, " %s %s%s Surface = %u Sampler = %u ",
		name_of(sampler_messages, ugvt_eu_sampler_message(desc)),
		sampler_simd_modes[ugvt_eu_sampler_simd_mode(desc)],
		ugvt_eu_sampler_half(desc) ? " HP" : "", ugvt_eu_surface(desc),
		ugvt_eu_sampler_index(desc));
}

static void render_add(struct ugvt_eu_text *text, uint32_t desc)
{
	unsigned message = ugvt_eu_data_message(desc) & 0xf;

	if (message == UGVT_EU_RENDER_TARGET_WRITE) {
		ugvt_eu_text_add(text, " RT write %s%s%s Surface = %u ",
			name_of(render_target_writes, ugvt_eu_render_write_type(desc)),
			ugvt_eu_render_slots_high(desc) ? " Hi" : "",
			ugvt_eu_render_last(desc) ? " LastRT" : "", ugvt_eu_surface(desc));
	} else {
		/* Decimal behind the 0x: so the syntax has it. */
		ugvt_eu_text_add(text, " %s MsgCtrl = 0x%u Surface = %u ",
			message == UGVT_EU_RENDER_TARGET_READ ? "RT read" : "reserved",
			ugvt_eu_data_control(desc), ugvt_eu_surface(desc));
	}
}

static void urb_add(struct ugvt_eu_text *text, uint32_t desc)
{
	unsigned opcode = ugvt_eu_urb_opcode(desc);
	bool simd8 = opcode == UGVT_EU_URB_SIMD8_WRITE || opcode == UGVT_EU_URB_SIMD8_READ;

	ugvt_eu_text_add(text, " %u %s%s", ugvt_eu_urb_offset(desc), name_of(urb_opcodes, opcode),
		ugvt_eu_urb_per_slot(desc) ? " per-slot" : "");
	if (ugvt_eu_urb_masked(desc)) {
		ugvt_eu_text_add(text, simd8 ? " masked" : " interleave");
	}
	ugvt_eu_text_add(text, " ");
}

static void data_0_add(struct ugvt_eu_text *text, uint32_t desc)
{
	ugvt_eu_text_add(text, " ( %s, %u, %u) ",
		name_of(data_0_messages, ugvt_eu_data_message(desc)), ugvt_eu_surface(desc),
		ugvt_eu_data_control(desc));
}

static void data_1_add(struct ugvt_eu_text *text, uint32_t desc)
{
	static const char *const modes[4] = {"4x2", "16", "8", "reserved"};
	unsigned message = ugvt_eu_data_message(desc);
	unsigned control = ugvt_eu_data_control(desc);

	ugvt_eu_text_add(text, " ( %s, Surface = %u, ", name_of(data_1_messages, message),
		ugvt_eu_surface(desc));
	switch (message) {
	case 0x02:
	case 0x06:
	case 0x0b:
		ugvt_eu_text_add(text, "SIMD%d, ", control & 0x10 ? 8 : 16);
		ugvt_eu_text_add(text, "%s", name_of(atomics, control & 0xf));
		break;
	case 0x03:
	case 0x07:
	case 0x0c:
	case 0x12: ugvt_eu_text_add(text, "%s", name_of(atomics, control & 0xf)); break;
	case 0x01:
	case 0x05:
	case 0x09:
	case 0x0d:
	case 0x11:
	case 0x19:
		ugvt_eu_text_add(text, "SIMD%s, Mask = 0x%x", modes[control >> 4], control & 0xf);
		break;
	case 0x1b:
	case 0x1d:
		ugvt_eu_text_add(text, "SIMD%d, %s", control & 0x10 ? 8 : 16,
			name_of(float_atomics, control & 0xf));
		break;
	default: ugvt_eu_text_add(text, "0x%x", control);
	}
	ugvt_eu_text_add(text, ") ");
}

static void function_add(struct ugvt_eu_text *text, unsigned sfid, uint32_t desc)
{
	switch (sfid) {
	case UGVT_EU_SFID_SAMPLER: sampler_add(text, desc); break;
	case UGVT_EU_SFID_SAMPLER_CACHE:
	case UGVT_EU_SFID_CONSTANT_CACHE:
		/* The last: what older hardware called write commit. */
		ugvt_eu_text_add(text, " (%u, %u, %u, 0) ", ugvt_eu_surface(desc),
			ugvt_eu_data_control(desc), ugvt_eu_data_message(desc));
		break;
	case UGVT_EU_SFID_RENDER_CACHE: render_add(text, desc); break;
	case UGVT_EU_SFID_URB: urb_add(text, desc); break;
	case UGVT_EU_SFID_GATEWAY:
		ugvt_eu_text_add(
			text, " (%s) ", name_of(gateway_functions, ugvt_eu_gateway_function(desc)));
		break;
	case UGVT_EU_SFID_DATA_CACHE_0: data_0_add(text, desc); break;
	case UGVT_EU_SFID_DATA_CACHE_1: data_1_add(text, desc); break;
	case UGVT_EU_SFID_PIXEL_INTERPOLATOR:
		ugvt_eu_text_add(text, " (%s, %s, 0x%02x) ",
			ugvt_eu_interpolator_linear(desc) ? "linear" : "persp",
			interpolator_messages[ugvt_eu_interpolator_message(desc)],
			ugvt_eu_interpolator_data(desc));
		break;
	default: ugvt_eu_text_add(text, " ");
	}
}

void ugvt_eu_text_message(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	bool split = inst->op->form == UGVT_EU_FORM_SENDS;
	uint32_t desc = inst->desc.value;

	ugvt_eu_text_add(text, "%s MsgDesc:", name_of(sfids, inst->sfid));
	if (inst->desc.indirect) {
		ugvt_eu_text_add(text, " indirect ");
	} else {
		function_add(text, inst->sfid, desc);
		ugvt_eu_text_add(text, "mlen %u ", ugvt_eu_message_length(desc));
	}
	if (split && !inst->ex_desc.indirect) {
		ugvt_eu_text_add(
			text, "ex_mlen %u ", ugvt_eu_ex_message_length(inst->ex_desc.value));
	}
	if (!inst->desc.indirect) {
		ugvt_eu_text_add(text, "rlen %u", ugvt_eu_response_length(desc));
	}
}
