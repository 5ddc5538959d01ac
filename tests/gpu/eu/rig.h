/* SPDX-License-Identifier: MIT */
#ifndef UGVT_TESTS_GPU_EU_RIG_H
#define UGVT_TESTS_GPU_EU_RIG_H

#include "gpu/eu/thread.h"
#include "tests/gpu/eu/encode.h"

/* A kernel made of instructions, a thread that runs it, and a port that keeps what it is sent. */

enum {
	RIG_MAX = 64,      // instructions
	RIG_PAYLOAD = 100, // register of the last message: the thread's end
};

struct rig {
	struct ugvt_eu_port port;
	struct ugvt_eu_bits code[RIG_MAX];
	unsigned n;
	struct ugvt_eu_program *program;
	struct ugvt_eu_thread thread;
	unsigned messages;
	struct ugvt_eu_message last;
	uint8_t payload[15 * UGVT_EU_REGISTER_BYTES], payload2[15 * UGVT_EU_REGISTER_BYTES];
	const char *refuse; // what the port answers
	uint32_t answer;    // dwords of responses
};

void rig_init(struct rig *rig);
void rig_finish(struct rig *rig);
void rig_add(struct rig *rig, struct ugvt_eu_inst inst);
/* Ends the kernel and starts a thread of channels. */
void rig_start(struct rig *rig, uint32_t channels, uint32_t cr0);
enum ugvt_eu_outcome rig_run(struct rig *rig);

void rig_set(
	struct rig *rig, enum ugvt_eu_type type, unsigned number, unsigned element, uint64_t bits);
uint64_t rig_get(const struct rig *rig, enum ugvt_eu_type type, unsigned number, unsigned element);

#endif
