/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_PROGRAM_H
#define UGVT_GPU_EU_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "gpu/eu/inst.h"
#include "gpu/eu/straight.h"

/*
 * A kernel, decoded for execution: a step for each instruction, with all that can be known before it runs. What is wrong
 * with an instruction is found here, and faults a thread that comes to it: kernels may have data behind their end.
 */

/* A place to jump to that is none. */
#define UGVT_EU_STEP_NONE UINT32_MAX

enum ugvt_eu_place {
	UGVT_EU_PLACE_NULL,
	UGVT_EU_PLACE_GRF,
	UGVT_EU_PLACE_ARF,
	UGVT_EU_PLACE_ACC,
	UGVT_EU_PLACE_INDIRECT,
	UGVT_EU_PLACE_IMMEDIATE,
};

/* What values are while they are computed with. */
enum ugvt_eu_domain {
	UGVT_EU_DOMAIN_INT,
	UGVT_EU_DOMAIN_FLOAT, // of F and HF
	UGVT_EU_DOMAIN_DOUBLE,
};

/* How elements lie. */
enum ugvt_eu_shape {
	UGVT_EU_SHAPE_ANY,
	UGVT_EU_SHAPE_NONE,      // of the null register
	UGVT_EU_SHAPE_ROW,       // 32 bits, one behind the other
	UGVT_EU_SHAPE_ONE,       // 32 bits, the same for all
	UGVT_EU_SHAPE_TWO,       // of sixteen channels, the same for each eight
	UGVT_EU_SHAPE_IMMEDIATE, // in the step
	UGVT_EU_SHAPE_WORDS,     // without sign, one behind the other
	UGVT_EU_SHAPE_SHORTS,    // with sign
};

struct ugvt_eu_access {
	uint8_t place; // enum ugvt_eu_place
	uint8_t shape; // enum ugvt_eu_shape
	uint8_t type;  // enum ugvt_eu_type, of an element
	bool negate, absolute;
	uint8_t number;      // of the ARF
	uint8_t rows_shift;  // INDIRECT with VxH: channels of an address, as a power of two
	bool rows;           // INDIRECT: each row has its own address
	uint8_t address_reg; // INDIRECT
	int16_t address_imm;
	/* Where each channel's element is, in bytes: from the GRF's or the ARF's start, the address, or in imm. For ACC the
	 * index of the channel. */
	uint16_t at[32];
	uint64_t imm[4];
};

struct ugvt_eu_thread;

struct ugvt_eu_step {
	struct ugvt_eu_inst inst;
	const char *wrong; // why it faults; NULL: it does not
	uint32_t offset;   // bytes from the kernel's start
	uint8_t domain;    // enum ugvt_eu_domain
	bool raw;          // copies bits
	bool exact;        // of floats that have denormals of their own
	bool joins;        // channels may wait for the thread here
	bool wide;         // integers of 64 bits without sign
	uint32_t lanes;    // those it may execute, before all masks
	uint32_t writes;   // those that Align16's mask lets through
	uint32_t jip, uip; // steps, or UGVT_EU_STEP_NONE
	uint32_t halves;   // which ones of the program's, from 1 on; 0: none
	struct ugvt_eu_access dst, src[3];
	uint32_t immediate[16]; // for the first 16 channels, widened
};

struct ugvt_eu_code;

/* Executes a step, and maybe some that follow; where to go on, or NULL to stop. */
typedef const struct ugvt_eu_code *(*ugvt_eu_run)(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_code *code);

/* Bits of ugvt_eu_code.check above the channels' and of ugvt_eu_thread.go. */
#define UGVT_EU_GO_IEEE UGVT_BIT64(32)  // not the alternative float mode
#define UGVT_EU_GO_NEVER UGVT_BIT64(63) // never set in go

enum {
	UGVT_EU_CODE_NOWHERE = UINT16_MAX,
};

/* A step as it runs: what it needs each time, in a line of the cache. */
struct ugvt_eu_code {
	ugvt_eu_run run;
	ugvt_eu_run then; // of a step that channels join at: what comes after that
	ugvt_eu_run next; // of the step behind this one, or what only returns it
	const struct ugvt_eu_step *step;
	uint64_t
		check; // bits that thread.go must have for the result to be simply stored; a branch's channels
	/* Bytes from the GRF's start, of the first channel. */
	uint16_t dst; // or UGVT_EU_CODE_NOWHERE
	uint16_t src[3];
	uint32_t imm;       // of an immediate that is the same for all; a branch's bits to invert
	uint32_t target;    // a branch's step
	uint8_t flag;       // the register's number
	uint8_t flag_shift; // the first channel's bit
	uint8_t rest[6];    // up to 64 bytes
};

/* Of an instruction of 32 channels, those of 16. */
struct ugvt_eu_half {
	struct ugvt_eu_code code;
	struct ugvt_eu_step step;
};

/* Registers that follow each other. */
struct ugvt_eu_span {
	uint8_t first, n;
};

struct ugvt_eu_program {
	struct ugvt_eu_step *steps;
	struct ugvt_eu_code *code;   // of the steps, and one behind them
	struct ugvt_eu_half *halves; // two of each instruction that has them
	uint32_t n;
	struct ugvt_eu_span uses[64]; // registers that some instruction may read
	unsigned spans;
	uint32_t bytes; // of code, up to the kernel's end
	struct ugvt_eu_straight straight;
	struct ugvt_eu_program
		*pair; // steps for two threads at once, see gpu/eu/pair.h; NULL: there are none
};

enum {
	/* Bytes; no driver's kernel comes near. What is longer is cut off. */
	UGVT_EU_KERNEL_MAX = 512 << 10,
};

/* Ways to execute, all with the same results. */
enum ugvt_eu_tier {
	UGVT_EU_TIER_REFERENCE, // channel by channel
	UGVT_EU_TIER_BASE,      // in vectors, on any machine
	UGVT_EU_TIER_AVX2,      // and with AVX2, if there is that
	UGVT_EU_TIER_BEST,      // what this machine has
};

/* Decodes the kernel at code, of at most size bytes (see ugvt_eu_kernel_size()); NULL: no memory. */
struct ugvt_eu_program *ugvt_eu_program_create(const void *code, size_t size);
void ugvt_eu_program_destroy(struct ugvt_eu_program *program);
/* Instead of the best way; not while threads run it. */
void ugvt_eu_program_link(struct ugvt_eu_program *program, enum ugvt_eu_tier tier);
/* The step at offset bytes, or UGVT_EU_STEP_NONE. */
uint32_t ugvt_eu_program_find(const struct ugvt_eu_program *program, int64_t offset);

#endif
