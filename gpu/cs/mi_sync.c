/* SPDX-License-Identifier: MIT */
#include "gpu/cs/cs_state.h"

/*
 * Semaphores and flushes. Formats: Mesa src/intel/genxml/gen9.xml.
 *
 * A flush has nothing to flush here; what stays are its write of memory, its interrupt, and the TLB. With "Store Data Index" the
 * address is an offset into a status page: the global one if the address type is GGTT, else the context's own. i915
 * relies on the latter in gen8_emit_flush_xcs() and gen9_init_indirectctx_bb() (LRC_PPHWSP_SCRATCH_ADDR).
 */

#define INDEX_OFFSET UGVT_MASK(11, 3)

#define WAIT_REGISTER UGVT_BIT(16)
#define WAIT_COMPARE UGVT_MASK(14, 12)
#define REG_OFFSET UGVT_MASK(22, 2)

/* "SAD" is what stands at the semaphore's address, "SDD" what the command says. */
static bool semaphore_compare(unsigned operation, uint32_t sad, uint32_t sdd)
{
	switch (operation) {
	case 0: return sad > sdd;
	case 1: return sad >= sdd;
	case 2: return sad < sdd;
	case 3: return sad <= sdd;
	case 4: return sad == sdd;
	case 5: return sad != sdd;
	default: return true;
	}
}

static uint32_t semaphore_read(struct ugvt_cs *cs)
{
	if (cs->dw[0] & WAIT_REGISTER) {
		return ugvt_cs_reg_read(cs, cs->dw[2] & REG_OFFSET);
	}
	return ugvt_aspace_read32(
		ugvt_cs_space(cs, cs->dw[0] & cs->row->global), ugvt_cs_addr(cs->dw + 2));
}

/* i915 yields a time slice for the interrupt: gt/intel_execlists_submission.c. */
static void semaphore_block(struct ugvt_cs *cs)
{
	if (!cs->waiting) {
		cs->waiting = true;
		ugvt_regfile_update(cs->regs, cs->base + RING_CTL, 0, RING_CTL_WAIT_SEMAPHORE);
		cs->host->impl->interrupt(cs->host, cs->engine, UGVT_GT_IRQ_WAIT_SEMAPHORE);
	}
}

/* In signal mode the hardware looks again when a signal comes; here it looks again anyway. */
enum ugvt_cs_step ugvt_cs_do_semaphore_wait(struct ugvt_cs *cs)
{
	unsigned operation = UGVT_GET(WAIT_COMPARE, cs->dw[0]);

	if (semaphore_compare(operation, semaphore_read(cs), cs->dw[1])) {
		cs->waiting = false;
		ugvt_regfile_update(cs->regs, cs->base + RING_CTL, RING_CTL_WAIT_SEMAPHORE, 0);
		return UGVT_STEP_NEXT;
	}
	if (ugvt_cs_wants_preemption(cs)) {
		return UGVT_STEP_PREEMPT;
	}
	semaphore_block(cs);
	return UGVT_STEP_WAIT;
}

/* Where a post-sync write goes. */
struct target {
	struct ugvt_aspace *as;
	ugvt_gpu_addr addr;
};

static struct target target_find(
	struct ugvt_cs *cs, ugvt_gpu_addr addr, bool global, bool store_index)
{
	struct target target = {ugvt_cs_space(cs, global), addr & ~UINT64_C(7)};

	if (store_index) {
		target.as = &cs->ggtt;
		target.addr =
			(addr & INDEX_OFFSET) +
			(global ? ugvt_cs_peek(cs, RING_HWS_PGA) & ~UGVT_MASK(11, 0) : cs->lrca);
	}
	return target;
}

static void notify(struct ugvt_cs *cs)
{
	cs->host->impl->interrupt(cs->host, cs->engine, UGVT_GT_IRQ_FLUSH_NOTIFY);
}

#define FLUSH_TLB UGVT_BIT(18)
#define FLUSH_INDEX UGVT_BIT(21)
#define FLUSH_POST_SYNC UGVT_MASK(15, 14)
#define FLUSH_NOTIFY UGVT_BIT(8)
#define FLUSH_GLOBAL UGVT_BIT(2) // of DW1

#define POST_SYNC_DEPTH_COUNT 2
#define POST_SYNC_TIMESTAMP 3

/* An immediate of one dword or two, by the command's length. */
static void flush_dw_write(struct ugvt_cs *cs, struct target target, unsigned operation)
{
	if (operation == POST_SYNC_TIMESTAMP) {
		ugvt_aspace_write64(target.as, target.addr, cs->host->impl->timestamp(cs->host));
	} else if (cs->length > 4) {
		ugvt_aspace_write64(target.as, target.addr, ugvt_u64(cs->dw[3], cs->dw[4]));
	} else {
		ugvt_aspace_write32(target.as, target.addr, cs->dw[3]);
	}
}

enum ugvt_cs_step ugvt_cs_do_flush_dw(struct ugvt_cs *cs)
{
	unsigned operation = UGVT_GET(FLUSH_POST_SYNC, cs->dw[0]);
	bool store_index = cs->dw[0] & FLUSH_INDEX;
	bool global = cs->dw[1] & FLUSH_GLOBAL;

	if (cs->dw[0] & FLUSH_TLB) {
		ugvt_cs_flush(cs);
	}
	if (operation != 0 && (global || store_index) && !ugvt_cs_is_privileged(cs)) {
		ugvt_cs_violation(cs);
	} else if (operation != 0) {
		flush_dw_write(cs, target_find(cs, ugvt_cs_addr(cs->dw + 1), global, store_index),
			operation);
	}
	if (cs->dw[0] & FLUSH_NOTIFY) {
		notify(cs);
	}
	return UGVT_STEP_NEXT;
}

#define PIPE_GLOBAL UGVT_BIT(24) // all of DW1
#define PIPE_REGISTER UGVT_BIT(23)
#define PIPE_INDEX UGVT_BIT(21)
#define PIPE_TLB UGVT_BIT(18)
#define PIPE_MEDIA_CLEAR UGVT_BIT(16)
#define PIPE_POST_SYNC UGVT_MASK(15, 14)
#define PIPE_POINTERS_DISABLE UGVT_BIT(9)
#define PIPE_NOTIFY UGVT_BIT(8)

static uint64_t pipe_control_value(struct ugvt_cs *cs, unsigned operation)
{
	switch (operation) {
	case POST_SYNC_DEPTH_COUNT:
		return ugvt_u64(ugvt_cs_peek(cs, RING_PS_DEPTH_COUNT),
			ugvt_cs_peek(cs, RING_PS_DEPTH_COUNT + 4));
	case POST_SYNC_TIMESTAMP: return cs->host->impl->timestamp(cs->host);
	default: return ugvt_u64(cs->dw[4], cs->dw[5]);
	}
}

static void pipe_control_write(struct ugvt_cs *cs, unsigned operation)
{
	bool global = cs->dw[1] & PIPE_GLOBAL;
	bool store_index = cs->dw[1] & PIPE_INDEX;
	struct target target;

	if ((global || store_index) && !ugvt_cs_is_privileged(cs)) {
		ugvt_cs_violation(cs);
		return;
	}
	target = target_find(cs, ugvt_cs_addr(cs->dw + 2), global, store_index);
	ugvt_aspace_write64(target.as, target.addr, pipe_control_value(cs, operation));
}

enum ugvt_cs_step ugvt_cs_do_pipe_control(struct ugvt_cs *cs)
{
	unsigned operation = UGVT_GET(PIPE_POST_SYNC, cs->dw[1]);

	if (cs->dw[1] & PIPE_TLB) {
		ugvt_cs_flush(cs);
	}
	if (cs->dw[1] & PIPE_MEDIA_CLEAR) {
		ugvt_kept_forget(&cs->kept, UGVT_COMMAND_MEDIA);
	}
	if (cs->dw[1] & PIPE_POINTERS_DISABLE) {
		ugvt_kept_forget(&cs->kept, UGVT_COMMAND_POINTER);
	}
	if (cs->dw[1] & PIPE_REGISTER) {
		ugvt_cs_reg_write(cs, cs->dw[2] & REG_OFFSET, cs->dw[4]);
	} else if (operation != 0) {
		pipe_control_write(cs, operation);
	}
	if (cs->dw[1] & PIPE_NOTIFY) {
		notify(cs);
	}
	return UGVT_STEP_NEXT;
}
