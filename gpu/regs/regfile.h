/* SPDX-License-Identifier: MIT */
#ifndef UGVT_GPU_REGS_REGFILE_H
#define UGVT_GPU_REGS_REGFILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "gen/reg.h"

/*
 * The register file of one GPU: a dense array of values (what a plain read returns), the rows of gen/
 * that say how each behaves, and the units that do side effects. An offset without a row keeps what is
 * written to it.
 *
 * Values are atomic: any thread may peek and poke, and of one that changes some bits and another that changes others neither is
 * lost. ugvt_regfile_read() and _write() run hooks, which
 * belong under the lock of whoever owns the file; a read of a register without a read hook needs none.
 */

struct ugvt_reg_access {
	const struct ugvt_reg *row;
	uint32_t offset;  // bytes into BAR0, a multiple of 4
	uint32_t index;   // in the row's array
	uint32_t written; // what the guest wrote; a read: 0
	uint32_t old;     // stored before
	uint32_t value;   // stored now, with the row's masks applied
};

/* A hardware unit with side effects; embedded in the struct that is the unit. */
struct ugvt_reg_unit {
	const struct ugvt_reg_unit_impl *impl;
};

struct ugvt_reg_unit_impl {
	/* Mandatory if a row names this unit and HOOK_READ: the value that the guest reads. */
	uint32_t (*read)(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access);
	/* Mandatory if a row names this unit and HOOK_WRITE: called after the value was stored. */
	void (*write)(struct ugvt_reg_unit *unit, const struct ugvt_reg_access *access);
};

struct ugvt_regfile {
	_Atomic uint32_t *values; // UGVT_MMIO_SIZE / 4; pages never touched take no memory
	uint16_t *index;          // the same: 1 + index into rows, 0: no row
	const struct ugvt_reg **rows;
	struct ugvt_reg_unit *units[UGVT_UNIT_COUNT]; // NULL: hooks are not called
};

/* Lays out the rows that platform has and resets. false if out of memory (then nothing to finish). */
bool ugvt_regfile_init(struct ugvt_regfile *regs, enum ugvt_platform platform);
void ugvt_regfile_finish(struct ugvt_regfile *regs);
/* Every register back to its reset value, those without a row to 0. Calls no hook. */
void ugvt_regfile_reset(struct ugvt_regfile *regs);
/* The same for the registers in offsets first..last. */
void ugvt_regfile_reset_range(struct ugvt_regfile *regs, uint32_t first, uint32_t last);

/* The row of the register at offset (rounded down to 4), or NULL. */
const struct ugvt_reg *ugvt_regfile_row(const struct ugvt_regfile *regs, uint32_t offset);

/* An access as the guest's: masks and hooks apply. offset is a multiple of 4 below UGVT_MMIO_SIZE. */
uint32_t ugvt_regfile_read(struct ugvt_regfile *regs, uint32_t offset);
void ugvt_regfile_write(struct ugvt_regfile *regs, uint32_t offset, uint32_t value);
/* True if a read needs the hook's answer, and so the owner's lock. */
bool ugvt_regfile_read_is_hooked(const struct ugvt_regfile *regs, uint32_t offset);

/* The bare value, for the hardware's own use. */
static inline uint32_t ugvt_regfile_peek(const struct ugvt_regfile *regs, uint32_t offset)
{
	return atomic_load_explicit(&regs->values[offset / 4], memory_order_relaxed);
}

static inline void ugvt_regfile_poke(struct ugvt_regfile *regs, uint32_t offset, uint32_t value)
{
	atomic_store_explicit(&regs->values[offset / 4], value, memory_order_relaxed);
}

/* Replaces *old by value; false if the value was another, which is *old then. May fail for no reason. */
static inline bool ugvt_regfile_exchange(
	struct ugvt_regfile *regs, uint32_t offset, uint32_t *old, uint32_t value)
{
	return atomic_compare_exchange_weak_explicit(
		&regs->values[offset / 4], old, value, memory_order_relaxed, memory_order_relaxed);
}

/* Clears the bits of clear, then sets those of set. */
static inline void ugvt_regfile_update(
	struct ugvt_regfile *regs, uint32_t offset, uint32_t clear, uint32_t set)
{
	uint32_t old = ugvt_regfile_peek(regs, offset);

	while (!ugvt_regfile_exchange(regs, offset, &old, (old & ~clear) | set)) {
	}
}

#endif
