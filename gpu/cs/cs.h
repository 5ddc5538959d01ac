/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_CS_CS_H
#define UGVT_GPU_CS_CS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "gen/engine.h"
#include "gpu/blt/blt.h"
#include "gpu/compute/compute.h"
#include "gpu/mem/aspace.h"
#include "gpu/regs/regfile.h"
#include "gpu/render/render.h"

/*
 * A command streamer: runs the ring of one logical ring context, and the batches that the ring starts, until something
 * stops it. It is a passive object: its owner calls ugvt_cs_run() from a thread of its own, again and again.
 *
 * Its state is the engine's block of registers in the register file (RING_HEAD, RING_TAIL, ACTHD, BB_ADDR,
 * CS_GPR, ...) plus what no register shows. What lies above single commands (ELSP, context status buffer, interrupts) is
 * the owner's.
 */

/* What a command streamer needs from whoever owns it. Called on the thread that runs it, inside an open guest memory
 * window. */
struct ugvt_cs_host {
	const struct ugvt_cs_host_impl *impl;
};

/* A command that comes next, before it has any effect. */
struct ugvt_cs_command {
	const struct ugvt_command *row;
	const uint32_t *dw;
	unsigned dwords; // in dw: of a command that is too long, not all
	unsigned level;  // 0: in the ring
	bool skipped;    // by a predicate, or for want of privilege
	ugvt_gpu_addr addr;
	const struct ugvt_kept *kept; // the state that it meets
	struct ugvt_aspace *as;       // the context's
};

struct ugvt_cs_host_impl {
	/* Mandatory. A register access by a command, any offset below UGVT_MMIO_SIZE, a multiple of 4. */
	uint32_t (*reg_read)(struct ugvt_cs_host *host, uint32_t offset);
	void (*reg_write)(struct ugvt_cs_host *host, uint32_t offset, uint32_t value);
	/* Mandatory. bits: UGVT_GT_IRQ_* that the engine raises. */
	void (*interrupt)(struct ugvt_cs_host *host, enum ugvt_engine_id engine, uint32_t bits);
	/* Mandatory. The TIMESTAMP counter, in ticks of the device's timestamp_hz. */
	uint64_t (*timestamp)(struct ugvt_cs_host *host);
	/* Mandatory. MI_WAIT_FOR_EVENT and MI_DISPLAY_FLIP: dw is the whole command, n dwords. false: the event has not come
	 * yet, ask again. */
	bool (*display_command)(struct ugvt_cs_host *host, const uint32_t *dw, unsigned n);
	/* Optional. MI_LOAD_SCAN_LINES_*: the same for a command that does not wait. */
	void (*display_load)(struct ugvt_cs_host *host, const uint32_t *dw, unsigned n);
	/* Optional. MI_UPDATE_GTT: entry of the GGTT becomes pte. NULL: the command has no effect and counts as not
	 * executed. */
	void (*ggtt_update)(struct ugvt_cs_host *host, uint32_t entry, uint64_t pte);
	/* Optional. Told of each command; of one that waits perhaps more than once. What went before it is done. false: stop
	 * before it; ugvt_cs_run() returns UGVT_CS_BUDGET. */
	bool (*command)(struct ugvt_cs_host *host, const struct ugvt_cs_command *command);
};

enum ugvt_cs_stop {
	UGVT_CS_IDLE,      // the ring is empty: head has reached tail
	UGVT_CS_PREEMPTED, // at a preemptable command, because preempt was set and arbitration is on
	UGVT_CS_BUDGET,    // the budget is used up, or somebody waits for guest memory: run again
	/* On a semaphore or an event; at a command that the ring's tail cuts off; while MI_MODE says "stop"; or in a
	 * batch that loops, after 1,000 commands that left no trace: run again later, or when something happened. */
	UGVT_CS_WAIT,
	UGVT_CS_HUNG, // on a command that stops the hardware: only a reset helps
};

/* Counted where it happens; any thread may read. */
struct ugvt_cs_stats {
	_Atomic uint64_t commands;
	_Atomic uint64_t batches; // first level
	_Atomic uint64_t faults;  // accesses to pages that are not there
	_Atomic uint64_t
		errors; // commands that the hardware would not take, or drops for want of privilege
	_Atomic uint64_t not_executed; // primitives and walkers completed without being drawn
	_Atomic uint64_t blit_bytes;
};

struct ugvt_cs_config {
	enum ugvt_engine_id engine;
	struct ugvt_cs_host *host;
	struct ugvt_regfile *regs;
	struct ugvt_guest_memory *memory;
	const struct ugvt_ggtt *ggtt;
	/* Of the render engine: what draws. NULL: draws are only counted. Of no other command streamer, and outlives this one. */
	struct ugvt_render *render;
	/* The same for what computes. NULL: walkers are only counted. */
	struct ugvt_compute *compute;
};

struct ugvt_cs; // opaque: gpu/cs/cs_state.h, for gpu/cs only

/* NULL if out of memory. What config points to outlives the command streamer. */
struct ugvt_cs *ugvt_cs_create(const struct ugvt_cs_config *config);
void ugvt_cs_destroy(struct ugvt_cs *cs); // NULL is allowed

/* Runs the current context, at most about budget cost units (a cheap command is 1; a unit takes some tens of nanoseconds, so
 * 2,000 are well below 0.1 ms; blits count by bytes). Opens and closes guest memory windows itself.
 *
 * While it runs, and after, the engine's registers say where it is: RING_HEAD, ACTHD, BB_ADDR, BB_STATE, IPEHR; MI_MODE bit 9
 * and INSTDONE say whether it is idle (they change by atomic bit operations); a fault is in 0x4094 and 0x4b10, an instruction
 * error in IPEIR, ESR and, if EMR lets it, EIR with an interrupt. */
enum ugvt_cs_stop ugvt_cs_run(struct ugvt_cs *cs, unsigned budget);

/* After UGVT_CS_WAIT: a batch that loops was the reason. */
bool ugvt_cs_is_spinning(const struct ugvt_cs *cs);

/* Any thread: ask for a stop at the next preemptable command (ugvt_cs_run() returns PREEMPTED, or IDLE if it gets there first),
 * or for a return with BUDGET at the next boundary of any kind. Both stay set until cleared. */
void ugvt_cs_set_preempt(struct ugvt_cs *cs, bool on);
void ugvt_cs_set_yield(struct ugvt_cs *cs, bool on);

/* Loads the context that descriptor (an ELSP entry: PRM SKL vol 6, "Context Descriptor Format") points to: ring, address space,
 * per-context registers and, on RCS, the kept 3D state; runs its indirect context and per-context batches. false if the image
 * can't be reached (nothing is loaded; the hardware would hang). Opens a window itself. */
bool ugvt_cs_context_restore(struct ugvt_cs *cs, uint64_t descriptor);
/* Writes the current context back to its image; there is no current context afterwards. */
void ugvt_cs_context_save(struct ugvt_cs *cs);
/* A lite restore: takes the ring's tail anew from the current context's image. */
void ugvt_cs_context_update(struct ugvt_cs *cs);

/* Makes the batch at addr the current context, for an owner that has neither rings nor context images but hands over batches
 * one by one: it runs at the first level, without privilege, in the flat address space over the whole of config's memory
 * (UGVT_ASPACE_FLAT), with the registers and the state that the batch before left. ugvt_cs_run() returns IDLE at its end.
 * A command streamer that is used this way is a logical context of its own, and so is its register file. */
void ugvt_cs_batch_begin(struct ugvt_cs *cs, ugvt_gpu_addr addr);

/* The engine was reset: no current context, state as after power-on; nothing is saved. The registers of the engine's block are the
 * owner's to reset. */
void ugvt_cs_reset(struct ugvt_cs *cs);
/* Forgets translations at the next boundary. Any thread. */
void ugvt_cs_invalidate_tlb(struct ugvt_cs *cs);

const struct ugvt_cs_stats *ugvt_cs_stats(const struct ugvt_cs *cs);

#endif
