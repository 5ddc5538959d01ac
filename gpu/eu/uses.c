/* SPDX-License-Identifier: MIT */
#include "gpu/eu/uses.h"

#include <string.h>

#include "base/bits.h"
#include "gpu/eu/message.h"
#include "gpu/eu/thread.h"

struct uses {
	bool reads[UGVT_EU_REGISTERS];
};

static void mark(struct uses *uses, unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n && i < UGVT_EU_REGISTERS; i++) {
		uses->reads[i] = true;
	}
}

static void mark_access(struct uses *uses, const struct ugvt_eu_access *access, unsigned channels)
{
	unsigned size = ugvt_eu_type_size(access->type);

	if (access->place == UGVT_EU_PLACE_INDIRECT) {
		mark(uses, 0, UGVT_EU_REGISTERS);
	}
	if (access->place != UGVT_EU_PLACE_GRF) {
		return;
	}
	for (unsigned i = 0; i < channels; i++) {
		mark(uses, access->at[i] / UGVT_EU_REGISTER_BYTES, 1);
		mark(uses, (access->at[i] + size - 1) / UGVT_EU_REGISTER_BYTES, 1);
	}
}

static void mark_payload(struct uses *uses, const struct ugvt_eu_operand *operand, unsigned length)
{
	if (operand->indirect) {
		mark(uses, 0, UGVT_EU_REGISTERS);
	} else if (operand->file == UGVT_EU_FILE_GRF) {
		mark(uses, operand->number, length);
	}
}

/* With a descriptor in a register any length is possible. */
static void mark_message(struct uses *uses, const struct ugvt_eu_inst *inst)
{
	mark_payload(uses, &inst->src[0],
		inst->desc.indirect ? UGVT_EU_REGISTERS : ugvt_eu_message_length(inst->desc.value));
	if (inst->op->form == UGVT_EU_FORM_SENDS) {
		mark_payload(uses, &inst->src[1],
			inst->ex_desc.indirect ? UGVT_EU_REGISTERS
					       : ugvt_eu_ex_message_length(inst->ex_desc.value));
	}
}

static void mark_step(struct uses *uses, const struct ugvt_eu_step *step)
{
	if (step->wrong) {
		return;
	}
	if (ugvt_eu_is_send(&step->inst)) {
		mark_message(uses, &step->inst);
		return;
	}
	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(step->src); i++) {
		mark_access(uses, &step->src[i], step->inst.exec_size);
	}
}

void ugvt_eu_uses_find(struct ugvt_eu_program *program)
{
	struct uses uses = {{false}};

	for (uint32_t n = 0; n < program->n; n++) {
		mark_step(&uses, &program->steps[n]);
	}
	program->spans = 0;
	for (unsigned i = 0; i < UGVT_EU_REGISTERS; i++) {
		struct ugvt_eu_span *span = &program->uses[program->spans];

		if (!uses.reads[i]) {
			continue;
		}
		if (i == 0 || !uses.reads[i - 1]) {
			*span = (struct ugvt_eu_span){.first = (uint8_t)i};
			program->spans++;
		} else {
			span--;
		}
		span->n++;
	}
}
