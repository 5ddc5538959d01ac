/* SPDX-License-Identifier: MIT */
#include "gpu/eu/halves.h"

#include <stdlib.h>
#include <string.h>

#include "gpu/eu/thread.h"
#include "gpu/eu/value.h"

enum {
	LANES = 16,
};

static bool is_read_later(const struct ugvt_eu_step *step, unsigned at)
{
	unsigned end = at + ugvt_eu_type_size(step->dst.type);

	for (unsigned n = 0; n < step->inst.op->sources; n++) {
		const struct ugvt_eu_access *src = &step->src[n];

		if (src->place != UGVT_EU_PLACE_GRF) {
			continue;
		}
		for (unsigned i = LANES; i < 2 * LANES; i++) {
			if (src->at[i] < end && at < src->at[i] + ugvt_eu_type_size(src->type)) {
				return true;
			}
		}
	}
	return false;
}

static bool has_halves(const struct ugvt_eu_step *step)
{
	const struct ugvt_eu_inst *inst = &step->inst;

	if (step->wrong || inst->exec_size != 2 * LANES || !ugvt_eu_computes(step) ||
		inst->predicate || inst->cmod || step->dst.place != UGVT_EU_PLACE_GRF) {
		return false;
	}
	for (unsigned i = 0; i < LANES; i++) {
		if (is_read_later(step, step->dst.at[i])) {
			return false;
		}
	}
	return true;
}

static void access_halve(struct ugvt_eu_access *access, unsigned half)
{
	memmove(access->at, access->at + half * LANES, LANES * sizeof(access->at[0]));
}

static void half_make(struct ugvt_eu_half *out, const struct ugvt_eu_step *step, unsigned half)
{
	out->step = *step;
	out->step.inst.exec_size = LANES;
	out->step.inst.first = (uint8_t)(half * LANES);
	out->step.lanes = UINT32_C(0xffff) << half * LANES;
	access_halve(&out->step.dst, half);
	for (unsigned n = 0; n < UGVT_ARRAY_SIZE(out->step.src); n++) {
		access_halve(&out->step.src[n], half);
	}
}

bool ugvt_eu_halves_create(struct ugvt_eu_program *program)
{
	size_t count = 0;

	for (uint32_t n = 0; n < program->n; n++) {
		struct ugvt_eu_step *step = &program->steps[n];

		step->halves = has_halves(step) ? (uint32_t)++count : 0;
	}
	program->halves = calloc(2 * count + 1, sizeof(*program->halves));
	if (!program->halves) {
		return false;
	}
	for (uint32_t n = 0; n < program->n; n++) {
		const struct ugvt_eu_step *step = &program->steps[n];
		struct ugvt_eu_half *halves = ugvt_eu_halves_find(program, step);

		for (unsigned half = 0; halves && half < 2; half++) {
			half_make(&halves[half], step, half);
		}
	}
	return true;
}

struct ugvt_eu_half *ugvt_eu_halves_find(
	const struct ugvt_eu_program *program, const struct ugvt_eu_step *step)
{
	return step->halves ? &program->halves[2 * (step->halves - 1)] : NULL;
}
