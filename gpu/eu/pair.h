/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_PAIR_H
#define UGVT_GPU_EU_PAIR_H

#include "gpu/eu/straight.h"
#include "gpu/eu/thread.h"

/*
 * Two threads of a straight kernel for eight channels (see gpu/eu/straight.h), run as one of sixteen: each register of the first
 * is followed by the same one of the second, so that what was a row of one is a row of both, and every instruction runs
 * once. Messages go out for one after the other. That makes no difference as long as they only read, or write what no other
 * thread looks at, and no other kernels are paired.
 */

enum {
	UGVT_EU_PAIR_LANES = 8,   // of each
	UGVT_EU_PAYLOAD_MAX = 15, // registers, by the width of the fields
	UGVT_EU_RESPONSE_MAX = 31,
};

struct ugvt_eu_pair {
	struct ugvt_eu_thread thread; // both
	struct ugvt_eu_straight_modes modes;
	/* A message's. */
	uint8_t payload[2][UGVT_EU_PAYLOAD_MAX * UGVT_EU_REGISTER_BYTES];
	uint8_t response[UGVT_EU_RESPONSE_MAX * UGVT_EU_REGISTER_BYTES];
};

/* Makes program->pair, if there can be one; everything else of it is decided. false: no memory. */
bool ugvt_eu_pair_create(struct ugvt_eu_program *program);

/* Whether threads can run in pairs, if register number differs between them. */
bool ugvt_eu_pair_may_differ(const struct ugvt_eu_program *program, unsigned number);

/* For a program that has a pair, and outlives this one; registers that count at the start are zero. */
void ugvt_eu_pair_init(
	struct ugvt_eu_pair *pair, const struct ugvt_eu_program *program, uint32_t cr0);
/* Registers of both, one behind the other. */
static inline uint8_t *ugvt_eu_pair_registers(struct ugvt_eu_pair *pair, unsigned number)
{
	return pair->thread.grf + (size_t)number * UGVT_EU_PAIR * UGVT_EU_REGISTER_BYTES;
}
/* Runs both from the start to the end. wrong: for each NULL, or why it faults. */
void ugvt_eu_pair_run(
	struct ugvt_eu_pair *pair, struct ugvt_eu_port *port, const char *wrong[UGVT_EU_PAIR]);

#endif
