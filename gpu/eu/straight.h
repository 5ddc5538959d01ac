/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_STRAIGHT_H
#define UGVT_GPU_EU_STRAIGHT_H

#include <stdbool.h>
#include <stdint.h>

struct ugvt_eu_program;
struct ugvt_eu_inst;
struct ugvt_eu_message;
struct ugvt_eu_step;
struct ugvt_eu_thread;

/*
 * Kernels whose threads all take the same way: from the first instruction on, one by one, up to a message that ends them. They
 * have no branches, no predicated messages, and touch registers only that their instructions name: neither indirectly nor
 * those of the architecture, but for flags. So it is known before they run which registers count at the start; what else
 * a thread starts with makes no difference, if all channels of sixteen run.
 */

enum {
	UGVT_EU_STRAIGHT_MESSAGES = 16,
	UGVT_EU_STRAIGHT_LANES = 16,
	UGVT_EU_STRAIGHT_COST_MAX = 512, // as a thread counts what it executed
};

struct ugvt_eu_straight {
	uint8_t messages; // 0: it is none
	uint16_t cost;
	uint16_t message[UGVT_EU_STRAIGHT_MESSAGES]; // their steps; the last one ends the thread
	bool reads[128];                             // registers that count at the start
	bool writes[128]; // registers that are not what they were at the end
	bool same[128];   // of a pair, registers that must start the same in both
};

/* Sets program->straight; everything else of it is decided. */
void ugvt_eu_straight_find(struct ugvt_eu_program *program);

/* A thread of such a kernel, in place of ugvt_eu_thread_run(): begin, then what is between messages, with the caller to send them. Once
 * before them: ugvt_eu_thread_init(). */
void ugvt_eu_straight_begin(struct ugvt_eu_thread *thread, uint32_t channels);
/* Modes to change between (see gpu/eu/mode.h): the host's, as it is now, and that of the thread. */
struct ugvt_eu_straight_modes {
	uint32_t host;
	uint32_t thread;
};
void ugvt_eu_straight_modes_find(
	const struct ugvt_eu_thread *thread, struct ugvt_eu_straight_modes *modes);
/* Runs steps, none of them a message, up to end. */
void ugvt_eu_straight_compute(struct ugvt_eu_thread *thread,
	const struct ugvt_eu_straight_modes *modes, uint32_t first, uint32_t end);

/* A message of such a kernel, but for where its payloads and its response are. */
struct ugvt_eu_message ugvt_eu_straight_message(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step);
/* Whether it goes to what only reads, and knows no thread. */
bool ugvt_eu_only_reads(const struct ugvt_eu_inst *inst);

#endif
