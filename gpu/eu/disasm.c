/* SPDX-License-Identifier: MIT */
#include "gpu/eu/disasm.h"

#include <string.h>

#include "gpu/eu/message_text.h"
#include "gpu/eu/operand_text.h"
#include "gpu/eu/text.h"

static const char *const cmods[16] = {"", ".z", ".nz", ".g", ".ge", ".l", ".le", ".r", ".o", ".u",
	".cmod10", ".cmod11", ".cmod12", ".cmod13", ".cmod14", ".cmod15"};

static const char *const predicates_align1[16] = {"", "", ".anyv", ".allv", ".any2h", ".all2h",
	".any4h", ".all4h", ".any8h", ".all8h", ".any16h", ".all16h", ".any32h", ".all32h",
	".reserved14", ".reserved15"};

static const char *const predicates_align16[16] = {"", "", ".x", ".y", ".z", ".w", ".any4h",
	".all4h", ".reserved8", ".reserved9", ".reserved10", ".reserved11", ".reserved12",
	".reserved13", ".reserved14", ".reserved15"};

static const char *const math_functions[16] = {"reserved0", "inv", "log", "exp", "sqrt", "rsq",
	"sin", "cos", "reserved8", "fdiv", "pow", "intdivmod", "intdiv", "intmod", "invm",
	"rsqrtm"};

static void predicate_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	if (inst->predicate) {
		ugvt_eu_text_add(text, "(%cf%u.%u%s) ", inst->predicate_inverse ? '-' : '+',
			inst->flag / 2, inst->flag % 2,
			(inst->align16 ? predicates_align16 : predicates_align1)[inst->predicate]);
	}
}

static void name_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	ugvt_eu_text_add(text, "%s", inst->op->name);
	if (inst->saturate && !ugvt_eu_is_send(inst)) {
		ugvt_eu_text_add(text, ".sat");
	}
	if (inst->breakpoint) {
		ugvt_eu_text_add(text, ".breakpoint");
	}
	if (inst->opcode == UGVT_EU_MATH) {
		ugvt_eu_text_add(text, " %s", math_functions[inst->math]);
	} else if (inst->cmod) {
		ugvt_eu_text_add(text, "%s", cmods[inst->cmod]);
		if (!ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_FLAG)) {
			ugvt_eu_text_add(text, ".f%u.%u", inst->flag / 2, inst->flag % 2);
		}
	}
	if (inst->opcode != UGVT_EU_NOP) {
		ugvt_eu_text_add(text, "(%u)", inst->exec_size);
	}
}

static void target_add(struct ugvt_eu_text *text, const struct ugvt_eu_labels *labels,
	int64_t target, int32_t distance)
{
	if (labels) {
		ugvt_eu_text_add(text, "LABEL%d", ugvt_eu_labels_find(labels, target));
	} else {
		ugvt_eu_text_add(text, "%d", distance);
	}
}

static void branch_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst,
	const struct ugvt_eu_labels *labels, int64_t offset)
{
	ugvt_eu_text_pad(text, inst->op->form == UGVT_EU_FORM_BRANCH ? 16 : 32);
	ugvt_eu_text_add(text, "JIP: ");
	target_add(text, labels, ugvt_eu_jump_target(inst, offset), inst->jip);
	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_UIP)) {
		ugvt_eu_text_pad(text, 38);
		ugvt_eu_text_add(text, "UIP: ");
		target_add(text, labels, offset + inst->uip, inst->uip);
	}
}

static void basic_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	if (inst->opcode == UGVT_EU_JMPI) {
		ugvt_eu_text_pad(text, 16);
		ugvt_eu_text_source(text, inst, 1);
		return;
	}
	if (!ugvt_eu_op_has(inst->op, UGVT_EU_OP_NO_DST)) {
		ugvt_eu_text_pad(text, 16);
		ugvt_eu_text_destination(text, inst);
	}
	for (unsigned n = 0; n < inst->op->sources; n++) {
		ugvt_eu_text_pad(text, 32 + 16 * n);
		ugvt_eu_text_source(text, inst, n);
	}
}

static void send_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	basic_add(text, inst);
	if (inst->op->form == UGVT_EU_FORM_SENDS) {
		ugvt_eu_text_pad(text, 64);
		ugvt_eu_text_descriptor(text, &inst->desc);
		ugvt_eu_text_pad(text, 80);
		ugvt_eu_text_descriptor(text, &inst->ex_desc);
	} else {
		ugvt_eu_text_pad(text, 48);
		if (inst->desc.indirect) {
			ugvt_eu_text_source(text, inst, 1);
			ugvt_eu_text_pad(text, 64);
		}
		ugvt_eu_text_add(text, "0x%08x", inst->desc.value);
	}
	ugvt_eu_text_newline(text);
	ugvt_eu_text_pad(text, 28);
	ugvt_eu_text_message(text, inst);
}

/* Which part of the thread's channels: eighths, quarters or halves. */
static void channels_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	if (inst->exec_size < 8 || inst->first % 8) {
		ugvt_eu_text_add(text, " %uN", inst->first / 4 + 1);
	} else if (inst->exec_size == 8) {
		ugvt_eu_text_add(text, " %uQ", inst->first / 8 + 1);
	} else if (inst->exec_size == 16) {
		ugvt_eu_text_add(text, " %uH", inst->first / 16 + 1);
	}
}

static void options_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst)
{
	static const char *const thread_controls[4] = {"", " atomic", " switch", " reserved"};
	static const char *const dependencies[4] = {"", " NoDDClr", " NoDDChk", " NoDDClr,NoDDChk"};

	ugvt_eu_text_add(text, "{ %s%s%s", inst->align16 ? "align16" : "align1",
		inst->no_mask ? " WE_all" : "",
		dependencies[inst->no_dd_clear | inst->no_dd_check << 1]);
	channels_add(text, inst);
	ugvt_eu_text_add(text, "%s%s%s%s%s }", inst->compacted ? " compacted" : "",
		thread_controls[inst->thread_control], inst->branch_control ? " BranchCtrl" : "",
		inst->acc_write ? " AccWrEnable" : "", inst->eot ? " EOT" : "");
}

static void operands_add(struct ugvt_eu_text *text, const struct ugvt_eu_inst *inst,
	const struct ugvt_eu_labels *labels, int64_t offset)
{
	switch (inst->op->form) {
	case UGVT_EU_FORM_BRANCH: branch_add(text, inst, labels, offset); break;
	case UGVT_EU_FORM_SEND:
	case UGVT_EU_FORM_SENDS: send_add(text, inst); break;
	default:
		basic_add(text, inst);
		if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_JIP)) {
			branch_add(text, inst, labels, offset);
		}
	}
}

size_t ugvt_eu_disasm(const struct ugvt_eu_inst *inst, int64_t offset,
	const struct ugvt_eu_labels *labels, char buffer[UGVT_EU_DISASM_MAX])
{
	struct ugvt_eu_text text;

	ugvt_eu_text_init(&text, buffer, UGVT_EU_DISASM_MAX);
	if (!inst->op) {
		ugvt_eu_text_add(&text, "illegal /* opcode %u */;", inst->opcode);
		ugvt_eu_text_newline(&text);
		return text.used;
	}
	predicate_add(&text, inst);
	name_add(&text, inst);
	operands_add(&text, inst, labels, offset);
	ugvt_eu_text_pad(&text, 64);
	if (inst->opcode != UGVT_EU_NOP) {
		options_add(&text, inst);
	}
	ugvt_eu_text_add(&text, ";");
	ugvt_eu_text_newline(&text);
	return text.used;
}
