/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_CS_CS_STATE_H
#define UGVT_GPU_CS_CS_STATE_H

#include "base/bits.h"
#include "gen/commands.h"
#include "gpu/cs/cs.h"
#include "gpu/cs/regs.h"
#include "gpu/state/kept.h"

/*
 * What a command streamer knows, and the functions that its parts offer one another. All run on the thread that
 * runs the command streamer, inside a guest memory window, if nothing else is said.
 *
 * A position is a level (ring, first or second level batch) with an address each. The current command is copied to dw
 * before anything in it is looked at, and the position stays on it until it is done, so that it can be asked to
 * go on (a blit), or to try again (a semaphore), and so that a saved context resumes with it.
 */

/* The longest command that is looked at: MI_STORE_DATA_IMM with a length field of 10 bits. */
#define UGVT_CS_DWORDS_MAX 1025
/* At least so many dwords are there: what a command that is too short lacks reads as zero. */
#define UGVT_CS_DWORDS_MIN 16

/* Units of budget of a walker between two looks at whether somebody waits; draws look themselves. */
#define UGVT_CS_PIECE 10000

enum ugvt_cs_step {
	UGVT_STEP_NEXT,    // done: go on behind the command
	UGVT_STEP_JUMP,    // done: the position is set already
	UGVT_STEP_AGAIN,   // not finished: execute it further, for more budget
	UGVT_STEP_WAIT,    // not yet possible
	UGVT_STEP_PREEMPT, // a good place to stop, and that is asked for
	UGVT_STEP_IDLE,    // there is no command
	UGVT_STEP_HANG,
};

enum ugvt_cs_attention {
	UGVT_ATTENTION_PREEMPT = 1 << 0,
	UGVT_ATTENTION_YIELD = 1 << 1,
	UGVT_ATTENTION_FLUSH = 1 << 2, // forget translations
};

struct ugvt_cs_batch {
	ugvt_gpu_addr addr;
	bool ppgtt; // and so without privilege
};

struct ugvt_cs_position {
	unsigned level;                // 0: ring; 1, 2: batch[level - 1]
	uint32_t head;                 // RING_HEAD, the wrap count included
	struct ugvt_cs_batch batch[2]; // those up to level count
};

/* The host memory that commands are copied from: size bytes from addr of as on. */
struct ugvt_cs_source {
	struct ugvt_aspace *as;
	ugvt_gpu_addr addr;
	const char *host;
	uint64_t size;
};

/* Rows by the bits of the header that tell commands apart; 0: none, else 1 + index into ugvt_commands. */
struct ugvt_cs_index {
	uint16_t mi[1 << 6];   // 28:23
	uint16_t blt[1 << 7];  // 28:22
	uint16_t gfx[1 << 13]; // 28:16
};

struct ugvt_cs {
	enum ugvt_engine_id engine;
	uint32_t base;
	struct ugvt_cs_host *host;
	struct ugvt_regfile *regs;
	struct ugvt_guest_memory *memory;
	struct ugvt_cs_index index;
	_Atomic unsigned attention; // UGVT_ATTENTION_*

	/* The context. */
	bool active; // there is one
	bool hung;
	uint32_t lrca;
	uint32_t context_time; // CTX_TIMESTAMP when it was restored
	uint64_t restored_at;  // TIMESTAMP
	struct ugvt_aspace ggtt;
	struct ugvt_aspace ppgtt;
	struct ugvt_kept kept;
	struct ugvt_render *render;   // may be NULL
	struct ugvt_compute *compute; // may be NULL
	struct ugvt_blt_state blt_state;
	uint32_t *image;        // of the context's pages but the first, for saving
	uint32_t *context_regs; // offsets of registers that the image holds behind the fixed part
	unsigned context_reg_count; // of them

	/* Where it is. */
	struct ugvt_cs_position position;
	struct ugvt_cs_source source;
	bool arbitration;
	bool worked;            // has begun a draw or walker since it was restored
	bool restoring;         // inside a context restore: nothing may stop it
	bool waiting;           // on a semaphore; said so by an interrupt
	bool noop;              // commands are no-ops, by MI_SET_PREDICATE
	bool stalled;           // spinning was noticed
	unsigned spins;         // jumps back since a command left a trace
	unsigned spin_commands; // commands since then

	/* The command. */
	const struct ugvt_command *row;
	ugvt_gpu_addr command_addr; // in the ring: GGTT
	unsigned length;            // dwords in the stream
	unsigned copied;            // dwords of it in dw
	uint32_t dw[UGVT_CS_DWORDS_MAX + UGVT_CS_DWORDS_MIN];
	struct ugvt_blt blt;
	bool busy; // the current command has begun: blt is it, or the renderer or what computes has it
	int64_t budget;

	/* For the statistics. */
	struct ugvt_cs_stats stats;
	uint64_t commands; // not yet in stats
	uint64_t faults;   // of both address spaces, that stats knows
	uint64_t ppgtt_faults;
	uint64_t *logged; // bit per row: "not executed" was logged
	struct ugvt_log_limit log_limit;
};

/* index.c */
void ugvt_cs_index_init(struct ugvt_cs_index *index, enum ugvt_engine_id engine);
/* The row of the command that starts with header, or NULL. */
const struct ugvt_command *ugvt_cs_index_find(const struct ugvt_cs_index *index, uint32_t header);

/* position.c */
/* Reads the current command to cs->dw, and sets row, length and copied. NEXT: it is there; else why not. */
enum ugvt_cs_step ugvt_cs_fetch(struct ugvt_cs *cs);
/* Reads count dwords at addr of as, through cs->source. false on a fault. */
bool ugvt_cs_read(struct ugvt_cs *cs, struct ugvt_aspace *as, ugvt_gpu_addr addr, uint32_t *dw,
	unsigned count);
/* Moves the position behind dwords of the current command. */
void ugvt_cs_advance(struct ugvt_cs *cs, unsigned dwords);
/* The position goes to the registers, and comes from them (a context was loaded). */
void ugvt_cs_position_publish(struct ugvt_cs *cs);
void ugvt_cs_position_load(struct ugvt_cs *cs);
/* Forgets translations. */
void ugvt_cs_flush(struct ugvt_cs *cs);

/* execute.c */
enum ugvt_cs_step ugvt_cs_execute(struct ugvt_cs *cs);
/* State is kept; a command completes without its effect, and is counted. */
enum ugvt_cs_step ugvt_cs_do_state(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_not_executed(struct ugvt_cs *cs);
/* The instruction error that stops the engine: logs, registers, interrupt. */
enum ugvt_cs_step ugvt_cs_hang(struct ugvt_cs *cs, const char *why);

/* regs.c */
uint32_t ugvt_cs_reg_read(struct ugvt_cs *cs, uint32_t offset);
/* false: dropped, because the current batch has no privilege for it. */
bool ugvt_cs_reg_write(struct ugvt_cs *cs, uint32_t offset, uint32_t value);
/* A register that the context image holds: no side effects in the engine's own block. */
void ugvt_cs_reg_restore(struct ugvt_cs *cs, uint32_t offset, uint32_t value);
/* A command was dropped because the batch has no privilege for it. */
void ugvt_cs_violation(struct ugvt_cs *cs);
/* Sets bits of the engine's ESR and EIR, with the interrupt. */
void ugvt_cs_error(struct ugvt_cs *cs, uint32_t bits, bool sticky);
void ugvt_cs_time_update(struct ugvt_cs *cs); // CTX_TIMESTAMP
/* What happened in the address spaces since the last call goes to the statistics and the fault registers. */
void ugvt_cs_faults_report(struct ugvt_cs *cs);

/* The commands' actions: cs->dw is the command. */
enum ugvt_cs_step ugvt_cs_do_batch_start(struct ugvt_cs *cs); // batch.c
enum ugvt_cs_step ugvt_cs_do_batch_end(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_conditional_end(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_load_imm(struct ugvt_cs *cs); // mi_reg.c
enum ugvt_cs_step ugvt_cs_do_load_mem(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_load_reg(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_store_reg(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_store_data(struct ugvt_cs *cs); // mi_mem.c
enum ugvt_cs_step ugvt_cs_do_store_index(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_copy_mem(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_update_gtt(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_report_head(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_report_perf(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_atomic(struct ugvt_cs *cs); // mi_atomic.c
enum ugvt_cs_step ugvt_cs_do_math(struct ugvt_cs *cs);   // mi_math.c
enum ugvt_cs_step ugvt_cs_do_predicate(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_set_predicate(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_semaphore_wait(struct ugvt_cs *cs); // mi_sync.c
enum ugvt_cs_step ugvt_cs_do_flush_dw(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_pipe_control(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_primitive(struct ugvt_cs *cs); // draw.c
enum ugvt_cs_step ugvt_cs_do_hz_op(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_stream_buffer(struct ugvt_cs *cs);
enum ugvt_cs_step ugvt_cs_do_walker(struct ugvt_cs *cs); // walk.c
enum ugvt_cs_step ugvt_cs_do_media_object(struct ugvt_cs *cs);
/* Adds to a counter of 64 bits of the engine. */
void ugvt_cs_count_add(struct ugvt_cs *cs, uint32_t reg, uint64_t count); // draw.c

static inline uint32_t ugvt_cs_peek(const struct ugvt_cs *cs, uint32_t reg)
{
	return ugvt_regfile_peek(cs->regs, cs->base + reg);
}

static inline void ugvt_cs_poke(struct ugvt_cs *cs, uint32_t reg, uint32_t value)
{
	ugvt_regfile_poke(cs->regs, cs->base + reg, value);
}

static inline bool ugvt_cs_wants_preemption(const struct ugvt_cs *cs)
{
	return cs->arbitration && !cs->restoring &&
	       (atomic_load_explicit(&cs->attention, memory_order_acquire) &
		       UGVT_ATTENTION_PREEMPT);
}

/* Somebody waits for it to return. */
static inline bool ugvt_cs_is_wanted(const struct ugvt_cs *cs)
{
	return (atomic_load_explicit(&cs->attention, memory_order_acquire) &
		       UGVT_ATTENTION_YIELD) ||
	       ugvt_guest_memory_contended(cs->memory);
}

/* May the current command do everything? The ring may, and so may a batch in the GGTT (PRM SKL vol 6, "User Mode Privileged
 * Commands"). */
static inline bool ugvt_cs_is_privileged(const struct ugvt_cs *cs)
{
	const struct ugvt_cs_position *at = &cs->position;

	return at->level == 0 || !at->batch[at->level - 1].ppgtt;
}

static inline struct ugvt_aspace *ugvt_cs_space(struct ugvt_cs *cs, bool global)
{
	return global ? &cs->ggtt : &cs->ppgtt;
}

static inline ugvt_gpu_addr ugvt_cs_addr(const uint32_t *dw)
{
	return ugvt_u64(dw[0], dw[1]) & UGVT_GPU_ADDR_MASK;
}

#endif
