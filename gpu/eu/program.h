/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_EU_PROGRAM_H
#define UGVT_GPU_EU_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpu/eu/inst.h"

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

/* How elements of 32 bits lie. */
enum ugvt_eu_shape {
	UGVT_EU_SHAPE_ANY,
	UGVT_EU_SHAPE_ROW, // one behind the other
	UGVT_EU_SHAPE_ONE, // the same for all
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
struct ugvt_eu_step;

/* Executes a step that computes. */
typedef void (*ugvt_eu_handler)(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step);

struct ugvt_eu_step {
	ugvt_eu_handler handler; // of what computes
	struct ugvt_eu_inst inst;
	const char *wrong; // why it faults; NULL: it does not
	uint32_t offset;   // bytes from the kernel's start
	uint8_t domain;    // enum ugvt_eu_domain
	bool raw;          // copies bits
	bool joins;        // channels may wait for the thread here
	bool wide;         // integers of 64 bits without sign
	uint32_t lanes;    // those it may execute, before all masks
	uint32_t writes;   // those that Align16's mask lets through
	uint32_t jip, uip; // steps, or UGVT_EU_STEP_NONE
	struct ugvt_eu_access dst, src[3];
};

/* Registers that follow each other. */
struct ugvt_eu_span {
	uint8_t first, n;
};

struct ugvt_eu_program {
	struct ugvt_eu_step *steps;
	uint32_t n;
	struct ugvt_eu_span uses[64]; // registers that some instruction may read
	unsigned spans;
	uint32_t bytes; // of code, up to the kernel's end
};

enum {
	/* Bytes; no driver's kernel comes near. What is longer is cut off. */
	UGVT_EU_KERNEL_MAX = 512 << 10,
};

/* Decodes the kernel at code, of at most size bytes (see ugvt_eu_kernel_size()); NULL: no memory. */
struct ugvt_eu_program *ugvt_eu_program_create(const void *code, size_t size);
void ugvt_eu_program_destroy(struct ugvt_eu_program *program);
/* The step at offset bytes, or UGVT_EU_STEP_NONE. */
uint32_t ugvt_eu_program_find(const struct ugvt_eu_program *program, int64_t offset);

#endif
