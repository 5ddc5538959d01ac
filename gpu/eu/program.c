/* SPDX-License-Identifier: MIT */
#include "gpu/eu/program.h"

#include <stdlib.h>

#include "base/bits.h"
#include "gpu/eu/access.h"
#include "gpu/eu/disasm.h"
#include "gpu/eu/halves.h"
#include "gpu/eu/pair.h"
#include "gpu/eu/straight.h"
#include "gpu/eu/uses.h"
#include "gpu/eu/validate.h"
#include "gpu/eu/value.h"

static uint32_t count_steps(const uint8_t *code, size_t size)
{
	struct ugvt_eu_inst inst;
	uint32_t n = 0;

	for (size_t offset = 0; ugvt_eu_decode(code + offset, size - offset, &inst);
		offset += inst.bytes) {
		n++;
	}
	return n;
}

uint32_t ugvt_eu_program_find(const struct ugvt_eu_program *program, int64_t offset)
{
	uint32_t low = 0, high = program->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (program->steps[middle].offset < offset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < program->n && program->steps[low].offset == offset ? low : UGVT_EU_STEP_NONE;
}

static uint32_t target(struct ugvt_eu_program *program, struct ugvt_eu_step *step, int64_t offset)
{
	uint32_t found = ugvt_eu_program_find(program, offset);

	if (found == UGVT_EU_STEP_NONE) {
		step->wrong = "branch to no instruction";
	} else {
		program->steps[found].joins = true;
	}
	return found;
}

/* break goes to its loop's while as cont does, but leaves the loop: past it. */
static uint32_t loop_end(struct ugvt_eu_program *program, uint32_t uip)
{
	if (uip == UGVT_EU_STEP_NONE || program->steps[uip].inst.opcode != UGVT_EU_WHILE ||
		uip + 1 == program->n) {
		return uip;
	}
	program->steps[uip + 1].joins = true;
	return uip + 1;
}

static void resolve_branch(struct ugvt_eu_program *program, uint32_t n)
{
	struct ugvt_eu_step *step = &program->steps[n];
	const struct ugvt_eu_inst *inst = &step->inst;

	if (inst->opcode == UGVT_EU_JMPI) {
		/* From the next instruction on; other distances are found when they are known. */
		if (inst->src[1].file == UGVT_EU_FILE_IMM) {
			step->jip = target(program, step,
				(int64_t)step->offset + inst->bytes + (int32_t)inst->src[1].imm);
		}
		return;
	}
	if (inst->opcode == UGVT_EU_RET) {
		/* It may go anywhere. */
		for (uint32_t i = 0; i < program->n; i++) {
			program->steps[i].joins = true;
		}
		return;
	}
	if (!ugvt_eu_op_has(inst->op, UGVT_EU_OP_JIP)) {
		return;
	}
	step->jip = target(program, step, ugvt_eu_jump_target(inst, step->offset));
	if (ugvt_eu_op_has(inst->op, UGVT_EU_OP_UIP)) {
		step->uip = target(program, step, step->offset + (int64_t)inst->uip);
		if (inst->opcode == UGVT_EU_BREAK) {
			step->uip = loop_end(program, step->uip);
		}
	}
	/* Where channels that don't go along wait. */
	if (n + 1 < program->n) {
		program->steps[n + 1].joins = true;
	}
}

static void decode_steps(struct ugvt_eu_program *program, const uint8_t *code, size_t size)
{
	size_t offset = 0;

	for (uint32_t n = 0; n < program->n; n++) {
		struct ugvt_eu_step *step = &program->steps[n];

		ugvt_eu_decode(code + offset, size - offset, &step->inst);
		step->offset = (uint32_t)offset;
		step->jip = step->uip = UGVT_EU_STEP_NONE;
		step->wrong = ugvt_eu_validate(&step->inst);
		if (!step->wrong) {
			ugvt_eu_access_prepare(step);
		}
		if (!step->wrong && ugvt_eu_computes(step) && !ugvt_eu_can_compute(step)) {
			step->wrong = "types that don't go together";
		}
		offset += step->inst.bytes;
	}
}

struct ugvt_eu_program *ugvt_eu_program_create(const void *code, size_t size)
{
	struct ugvt_eu_program *program = calloc(1, sizeof(*program));

	if (!program) {
		return NULL;
	}
	program->bytes =
		(uint32_t)ugvt_eu_kernel_size(code, UGVT_MIN(size, (size_t)UGVT_EU_KERNEL_MAX));
	program->n = count_steps(code, program->bytes);
	program->steps = calloc(program->n ? program->n : 1, sizeof(*program->steps));
	program->code = calloc(program->n + 1, sizeof(*program->code));
	if (!program->steps || !program->code) {
		ugvt_eu_program_destroy(program);
		return NULL;
	}
	decode_steps(program, code, program->bytes);
	if (!ugvt_eu_halves_create(program)) {
		ugvt_eu_program_destroy(program);
		return NULL;
	}
	for (uint32_t n = 0; n < program->n; n++) {
		if (!program->steps[n].wrong) {
			resolve_branch(program, n);
		}
	}
	ugvt_eu_uses_find(program);
	ugvt_eu_straight_find(program);
	if (!ugvt_eu_pair_create(program)) {
		ugvt_eu_program_destroy(program);
		return NULL;
	}
	ugvt_eu_program_link(program, UGVT_EU_TIER_BEST);
	return program;
}

void ugvt_eu_program_destroy(struct ugvt_eu_program *program)
{
	if (program) {
		ugvt_eu_program_destroy(program->pair);
		free(program->halves);
		free(program->code);
		free(program->steps);
		free(program);
	}
}
