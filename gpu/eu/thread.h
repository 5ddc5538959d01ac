/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_THREAD_H
#define UGVT_GPU_EU_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpu/eu/program.h"

/*
 * A hardware thread: registers, and where each of up to 32 channels is in its program. It runs until its program ends it,
 * and talks to the rest of the GPU through a port only.
 *
 * The model of control flow is that of the Ivy Bridge PRM vol. 4 part 3, section 6.2: each channel has an instruction
 * pointer of its own, and an instruction works on the channels that are at it. Those that are elsewhere wait until the
 * thread comes by.
 */

enum {
	UGVT_EU_REGISTER_BYTES = 32,
	UGVT_EU_REGISTERS = 128,
	UGVT_EU_GRF_BYTES = UGVT_EU_REGISTER_BYTES * UGVT_EU_REGISTERS,
	UGVT_EU_CHANNELS = 32,
	UGVT_EU_PAIR = 2, // threads, at most, whose registers are in one
};

enum {
	UGVT_EU_MESSAGE_COST = 24, // instructions that take as long, roughly
};

/* Fields of cr0.0. */
enum {
	UGVT_EU_CR0_ALTERNATIVE = 1 << 0, // float mode: no infinities
	UGVT_EU_CR0_ROUNDING = 3 << 4,    // nearest even, up, down, to zero
	UGVT_EU_CR0_DF_DENORMS = 1 << 6,  // kept rather than flushed
	UGVT_EU_CR0_F_DENORMS = 1 << 7,
	UGVT_EU_CR0_HF_DENORMS = 1 << 10,
};

struct ugvt_eu_thread;

/* A message on its way to a shared function. All pointers are valid during the call only. */
struct ugvt_eu_message {
	struct ugvt_eu_thread *thread;
	const struct ugvt_eu_inst *inst;
	uint8_t sfid; // enum ugvt_eu_sfid
	bool eot;
	uint32_t desc, ex_desc;
	uint32_t channels; // that execute, of the thread's 32
	uint8_t exec_size, first;
	const uint8_t *payload; // length registers; the response is nowhere in it
	unsigned length;
	const uint8_t *payload2; // the second one of a split message
	unsigned length2;
	uint8_t *
		response; // registers to write: of channels that execute, and of all for blocks; NULL: none
	unsigned response_length;
};

struct ugvt_eu_port;

struct ugvt_eu_port_impl {
	/* Mandatory. NULL, or what is wrong with the message: the thread faults. */
	const char *(*send)(struct ugvt_eu_port *port, const struct ugvt_eu_message *message);
};

/* To be embedded by whoever takes messages. */
struct ugvt_eu_port {
	const struct ugvt_eu_port_impl *impl;
};

enum ugvt_eu_outcome {
	UGVT_EU_DONE,    // the thread ended itself
	UGVT_EU_WAITS,   // for a notification: run it again after ugvt_eu_thread_notify()
	UGVT_EU_PAUSED,  // the budget is used up: run it again to go on
	UGVT_EU_FAULTED, // see thread->fault
};

struct ugvt_eu_thread {
	/* Registers, or those of two threads (see gpu/eu/pair.h); a few bytes more for elements that reach over the end. */
	_Alignas(64) uint8_t grf[UGVT_EU_PAIR * UGVT_EU_GRF_BYTES + 64];
	const struct ugvt_eu_program *program;
	/* Per channel: integers with all of their bits, or a float's bits. */
	int64_t acc[UGVT_EU_CHANNELS];
	uint64_t special[UGVT_EU_SPECIALS]; // acc2 to acc9: two bits for each channel
	uint32_t flag[2];
	uint16_t a0[16];
	uint32_t cr0[4], sr0[4];
	uint32_t notifications[4];
	uint32_t dispatched, active;        // channels: there are; are at step
	uint32_t step;                      // of the program
	uint32_t waiting[UGVT_EU_CHANNELS]; // the step at which a channel that is not active waits
	uint64_t waited;                    // bits of steps, modulo 64, at which any may
	uint32_t call_mask; // channels that the last call took, and that are not back
	uint64_t executed;  // instructions; a message is UGVT_EU_MESSAGE_COST
	const char *fault;
	/* While it runs: */
	struct ugvt_eu_port *port;
	uint64_t go;   // active channels, and bits of what may be done the simple way
	uint64_t bias; // executed less step, at all steps up to the next jump
	enum ugvt_eu_outcome outcome;
	uint32_t host_mode; // see gpu/eu/mode.h
};

/* Channels at the program's start, registers zero, except that those of grf that no instruction can read are left as they
 * are. The program must outlive the thread. */
void ugvt_eu_thread_init(struct ugvt_eu_thread *thread, const struct ugvt_eu_program *program,
	uint32_t channels, uint32_t cr0);
/* Runs until it has executed at least so many instructions, by its own count, and not much more than that. */
enum ugvt_eu_outcome ugvt_eu_thread_run(
	struct ugvt_eu_thread *thread, struct ugvt_eu_port *port, uint64_t budget);
/* What the gateway sends: register n0 to n2. */
void ugvt_eu_thread_notify(struct ugvt_eu_thread *thread, unsigned n);

#endif
