/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

#define BLOCK_SIZE 0x1000u // of an engine's registers
#define HEVC_FIRST 0x1e900u
#define HEVC_LAST 0x1e9ffu

/* A slot of FORCE_TO_NONPRIV: i915 gt/intel_engine_regs.h; deny, access and range exist from Coffee Lake on, before they are
 * zero. */
#define SLOT_DENY UGVT_BIT(30)
#define SLOT_ACCESS UGVT_MASK(29, 28)
#define SLOT_ACCESS_READ 1
#define SLOT_ACCESS_INVALID 3
#define SLOT_ADDRESS UGVT_MASK(25, 2)
#define SLOT_RANGE UGVT_MASK(1, 0) // 1, 4, 16, 64 registers

static bool in_own_block(const struct ugvt_cs *cs, uint32_t offset)
{
	return offset >= cs->base && offset - cs->base < BLOCK_SIZE;
}

static enum ugvt_engine_id engine_of(uint32_t offset)
{
	for (unsigned i = 0; i < UGVT_ENGINE_COUNT; i++) {
		if (offset >= ugvt_engines[i].base && offset - ugvt_engines[i].base < BLOCK_SIZE) {
			return (enum ugvt_engine_id)i;
		}
	}
	return offset >= HEVC_FIRST && offset <= HEVC_LAST ? UGVT_VCS : UGVT_RCS;
}

static bool slot_allows(uint32_t slot, uint32_t offset)
{
	uint32_t access = UGVT_GET(SLOT_ACCESS, slot);
	uint32_t size = 4u << 2 * UGVT_GET(SLOT_RANGE, slot);
	uint32_t first = slot & SLOT_ADDRESS & ~(size - 1);

	return slot != 0 && !(slot & SLOT_DENY) && access != SLOT_ACCESS_READ &&
	       access != SLOT_ACCESS_INVALID && offset >= first && offset - first < size;
}

static bool is_user_register(const struct ugvt_cs *cs, uint32_t offset)
{
	const struct ugvt_reg *row = ugvt_regfile_row(cs->regs, offset);

	if (row && (row->flags & UGVT_REG_USER) && engine_of(offset) == cs->engine) {
		return true;
	}
	for (unsigned i = 0; i < FORCE_TO_NONPRIV_SLOTS; i++) {
		if (slot_allows(ugvt_cs_peek(cs, RING_FORCE_TO_NONPRIV + 4 * i), offset)) {
			return true;
		}
	}
	return false;
}

uint32_t ugvt_cs_reg_read(struct ugvt_cs *cs, uint32_t offset)
{
	offset &= ~3u;
	if (offset >= UGVT_MMIO_SIZE) {
		return 0;
	}
	if (offset == cs->base + RING_CTX_TIMESTAMP) {
		ugvt_cs_time_update(cs);
	}
	if (ugvt_regfile_read_is_hooked(cs->regs, offset)) {
		return cs->host->impl->reg_read(cs->host, offset);
	}
	return ugvt_regfile_peek(cs->regs, offset);
}

/* Only what has side effects, or belongs to others too, goes through the host. */
static void reg_write(struct ugvt_cs *cs, uint32_t offset, uint32_t value)
{
	const struct ugvt_reg *row = ugvt_regfile_row(cs->regs, offset);

	if (row && !(row->flags & UGVT_REG_HOOK_WRITE) && engine_of(offset) == cs->engine) {
		ugvt_regfile_write(cs->regs, offset, value);
	} else {
		cs->host->impl->reg_write(cs->host, offset, value);
	}
}

bool ugvt_cs_reg_write(struct ugvt_cs *cs, uint32_t offset, uint32_t value)
{
	offset &= ~3u;
	if (offset >= UGVT_MMIO_SIZE) {
		return true;
	}
	if (!ugvt_cs_is_privileged(cs) && !is_user_register(cs, offset)) {
		ugvt_cs_violation(cs);
		return false;
	}
	reg_write(cs, offset, value);
	return true;
}

/* What the image says about the engine's own block is taken as it is: even what a write could not change. */
static void own_restore(struct ugvt_cs *cs, uint32_t offset, uint32_t value)
{
	const struct ugvt_reg *row = ugvt_regfile_row(cs->regs, offset);
	uint32_t old = ugvt_regfile_peek(cs->regs, offset);
	uint32_t keep = row ? row->read_only : 0;

	if (row && (row->flags & UGVT_REG_MASKED)) {
		keep |= ~(value >> 16);
		value &= 0xffff;
	}
	ugvt_regfile_poke(cs->regs, offset, (old & keep) | (value & ~keep));
}

void ugvt_cs_reg_restore(struct ugvt_cs *cs, uint32_t offset, uint32_t value)
{
	offset &= UGVT_MASK(22, 2);
	if (offset >= UGVT_MMIO_SIZE || offset == cs->base + RING_TIMESTAMP ||
		offset == cs->base + RING_TIMESTAMP_UDW) {
		return;
	}
	if (in_own_block(cs, offset)) {
		own_restore(cs, offset, value);
	} else {
		reg_write(cs, offset, value);
	}
}

void ugvt_cs_error(struct ugvt_cs *cs, uint32_t bits, bool sticky)
{
	uint32_t unmasked = bits & ~ugvt_cs_peek(cs, RING_EMR);

	if (sticky) {
		ugvt_cs_poke(cs, RING_ESR, ugvt_cs_peek(cs, RING_ESR) | bits);
	}
	if (unmasked) {
		atomic_fetch_or(&cs->regs->values[(cs->base + RING_EIR) / 4], unmasked);
		cs->host->impl->interrupt(cs->host, cs->engine, UGVT_GT_IRQ_CS_ERROR);
	}
}

/* An event, not a state: PRM SKL vol 6, "User Mode Privileged Commands". */
void ugvt_cs_violation(struct ugvt_cs *cs)
{
	atomic_fetch_add_explicit(&cs->stats.errors, 1, memory_order_relaxed);
	ugvt_guest_log(&cs->log_limit, "%s: %s %08x dropped at %#llx: no privilege",
		ugvt_engines[cs->engine].name, cs->row->name, cs->dw[0],
		(unsigned long long)cs->command_addr);
	ugvt_cs_error(cs, ERROR_PRIVILEGE, false);
}

void ugvt_cs_time_update(struct ugvt_cs *cs)
{
	uint64_t now = cs->host->impl->timestamp(cs->host);

	ugvt_cs_poke(cs, RING_CTX_TIMESTAMP, cs->context_time + (uint32_t)(now - cs->restored_at));
}

/* How the fault register numbers the engines: as MI_SEMAPHORE_SIGNAL does its targets (Mesa gen9.xml). */
static uint32_t hardware_id(enum ugvt_engine_id engine)
{
	static const uint8_t ids[] = {
		[UGVT_RCS] = 0, [UGVT_VCS] = 1, [UGVT_BCS] = 2, [UGVT_VECS] = 3};

	return ids[engine];
}

/* The first fault stays until the guest clears it. */
static void fault_publish(struct ugvt_cs *cs, const struct ugvt_aspace *as)
{
	const struct ugvt_aspace_fault *fault = &as->fault;
	uint32_t type = fault->level <= UGVT_FAULT_PML4 ? fault->level : 0;
	uint32_t data1 = (uint32_t)(fault->addr >> 44) & 0xf;

	if (ugvt_regfile_peek(cs->regs, FAULT_REG) & FAULT_REG_VALID) {
		return;
	}
	if (as->kind == UGVT_ASPACE_GGTT) {
		data1 |= FAULT_TLB_DATA1_GGTT;
	}
	ugvt_regfile_poke(cs->regs, FAULT_TLB_DATA0, (uint32_t)(fault->addr >> UGVT_PAGE_SHIFT));
	ugvt_regfile_poke(cs->regs, FAULT_TLB_DATA1, data1);
	ugvt_regfile_poke(
		cs->regs, FAULT_REG, FAULT_REG_VALID | type << 1 | hardware_id(cs->engine) << 12);
}

void ugvt_cs_faults_report(struct ugvt_cs *cs)
{
	uint64_t faults = cs->ggtt.faults + cs->ppgtt.faults;
	const struct ugvt_aspace *as = &cs->ggtt;

	if (faults == cs->faults) {
		return;
	}
	if (cs->ppgtt.faults != cs->ppgtt_faults) {
		as = &cs->ppgtt;
	}
	atomic_fetch_add_explicit(&cs->stats.faults, faults - cs->faults, memory_order_relaxed);
	ugvt_guest_log(&cs->log_limit, "%s: page fault at %#llx of the %s, %s",
		ugvt_engines[cs->engine].name, (unsigned long long)as->fault.addr,
		as == &cs->ggtt ? "GGTT" : "PPGTT", as->fault.write ? "writing" : "reading");
	fault_publish(cs, as);
	cs->faults = faults;
	cs->ppgtt_faults = cs->ppgtt.faults;
}
