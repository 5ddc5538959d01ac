/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_HALVES_H
#define UGVT_GPU_EU_HALVES_H

#include "gpu/eu/program.h"

/*
 * Instructions of 32 channels, as two of 16, which runners are made for; of those that compute the same either way: nothing
 * that the first half writes is read by the second one.
 */

/* Makes program->halves of its steps; false: no memory. */
bool ugvt_eu_halves_create(struct ugvt_eu_program *program);
/* Those of the step, two in a row; NULL: it has none. */
struct ugvt_eu_half *ugvt_eu_halves_find(
	const struct ugvt_eu_program *program, const struct ugvt_eu_step *step);

#endif
