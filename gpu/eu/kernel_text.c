/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/bits.h"
#include "gpu/eu/disasm.h"

static const uint8_t *at(const void *code, size_t offset)
{
	return (const uint8_t *)code + offset;
}

static bool label_add(struct ugvt_eu_labels *labels, int64_t offset)
{
	int64_t *grown;

	if (ugvt_eu_labels_find(labels, offset) >= 0) {
		return true;
	}
	/* Powers of two. */
	if ((labels->n & (labels->n - 1)) == 0) {
		grown = realloc(labels->offsets, (labels->n ? labels->n * 2 : 1) * sizeof(*grown));
		if (!grown) {
			return false;
		}
		labels->offsets = grown;
	}
	labels->offsets[labels->n++] = offset;
	return true;
}

static bool inst_labels_add(
	struct ugvt_eu_labels *labels, const struct ugvt_eu_inst *inst, int64_t offset)
{
	if (!inst->op || !ugvt_eu_op_has(inst->op, UGVT_EU_OP_JIP)) {
		return true;
	}
	return label_add(labels, ugvt_eu_jump_target(inst, offset)) &&
	       (!ugvt_eu_op_has(inst->op, UGVT_EU_OP_UIP) || label_add(labels, offset + inst->uip));
}

bool ugvt_eu_labels_init(struct ugvt_eu_labels *labels, const void *code, size_t size)
{
	struct ugvt_eu_inst inst;

	*labels = (struct ugvt_eu_labels){0};
	for (size_t offset = 0; ugvt_eu_decode(at(code, offset), size - offset, &inst);
		offset += inst.bytes) {
		if (!inst_labels_add(labels, &inst, (int64_t)offset)) {
			ugvt_eu_labels_finish(labels);
			return false;
		}
	}
	return true;
}

void ugvt_eu_labels_finish(struct ugvt_eu_labels *labels)
{
	free(labels->offsets);
	*labels = (struct ugvt_eu_labels){0};
}

int ugvt_eu_labels_find(const struct ugvt_eu_labels *labels, int64_t offset)
{
	for (size_t i = 0; i < labels->n; i++) {
		if (labels->offsets[i] == offset) {
			return (int)i;
		}
	}
	return -1;
}

static int64_t branch_farthest(const struct ugvt_eu_inst *inst, int64_t offset)
{
	return UGVT_MAX(ugvt_eu_jump_target(inst, offset), offset + inst->uip);
}

size_t ugvt_eu_kernel_size(const void *code, size_t size)
{
	struct ugvt_eu_inst inst;
	size_t offset = 0;
	int64_t needed = 0;

	while (ugvt_eu_decode(at(code, offset), size - offset, &inst)) {
		needed = UGVT_MAX(needed, branch_farthest(&inst, (int64_t)offset));
		offset += inst.bytes;
		if (inst.eot && needed < (int64_t)offset) {
			break;
		}
	}
	return offset;
}

static void label_print(FILE *out, const struct ugvt_eu_labels *labels, size_t offset)
{
	int label = ugvt_eu_labels_find(labels, (int64_t)offset);

	if (label >= 0) {
		fprintf(out, "LABEL%d:\n", label);
	}
}

bool ugvt_eu_disasm_kernel(FILE *out, const void *code, size_t size)
{
	struct ugvt_eu_labels labels;
	struct ugvt_eu_inst inst;
	char text[UGVT_EU_DISASM_MAX];
	size_t offset = 0;

	if (!ugvt_eu_labels_init(&labels, code, size)) {
		return false;
	}
	for (; ugvt_eu_decode(at(code, offset), size - offset, &inst); offset += inst.bytes) {
		label_print(out, &labels, offset);
		ugvt_eu_disasm(&inst, (int64_t)offset, &labels, text);
		fputs(text, out);
	}
	label_print(out, &labels, offset);
	ugvt_eu_labels_finish(&labels);
	return !ferror(out);
}
