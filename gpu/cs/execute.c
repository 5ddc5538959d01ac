/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

#define NOOP_ID_WRITE UGVT_BIT(22)
#define NOOP_ID UGVT_MASK(21, 0)

#define PIPELINE_SELECT 0x69040000
#define PIPELINE_SELECT_MASK 3
#define PIPELINE_SELECT_GPGPU 2

/* Bytes that the blitter moves for one unit of budget. */
#define BLT_BYTES_PER_UNIT 256

enum ugvt_cs_step ugvt_cs_hang(struct ugvt_cs *cs, const char *why)
{
	atomic_fetch_add_explicit(&cs->stats.errors, 1, memory_order_relaxed);
	ugvt_guest_log(&cs->log_limit, "%s: stops at %08x at %#llx, level %u: %s",
		ugvt_engines[cs->engine].name, cs->dw[0], (unsigned long long)cs->command_addr,
		cs->position.level, why);
	ugvt_cs_position_publish(cs);
	ugvt_cs_poke(cs, RING_IPEIR, cs->position.level > 0); // in a batch
	ugvt_cs_error(cs, ERROR_INSTRUCTION, true);
	cs->hung = true;
	return UGVT_STEP_HANG;
}

static enum ugvt_cs_step do_nothing(struct ugvt_cs *cs)
{
	return UGVT_STEP_NEXT;
}

static enum ugvt_cs_step do_noop(struct ugvt_cs *cs)
{
	if (cs->dw[0] & NOOP_ID_WRITE) {
		ugvt_cs_poke(cs, RING_NOPID, cs->dw[0] & NOOP_ID);
	}
	return UGVT_STEP_NEXT;
}

static enum ugvt_cs_step do_arb_on_off(struct ugvt_cs *cs)
{
	cs->arbitration = cs->dw[0] & 1;
	return UGVT_STEP_NEXT;
}

static enum ugvt_cs_step do_user_interrupt(struct ugvt_cs *cs)
{
	cs->host->impl->interrupt(cs->host, cs->engine, UGVT_GT_IRQ_USER);
	return UGVT_STEP_NEXT;
}

static enum ugvt_cs_step do_display_wait(struct ugvt_cs *cs)
{
	if (cs->host->impl->display_command(cs->host, cs->dw, cs->copied)) {
		ugvt_regfile_update(cs->regs, cs->base + RING_CTL, RING_CTL_WAIT_EVENT, 0);
		return UGVT_STEP_NEXT;
	}
	ugvt_regfile_update(cs->regs, cs->base + RING_CTL, 0, RING_CTL_WAIT_EVENT);
	return ugvt_cs_wants_preemption(cs) ? UGVT_STEP_PREEMPT : UGVT_STEP_WAIT;
}

static enum ugvt_cs_step do_display_load(struct ugvt_cs *cs)
{
	if (cs->host->impl->display_load) {
		cs->host->impl->display_load(cs->host, cs->dw, cs->copied);
	}
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_state(struct ugvt_cs *cs)
{
	if (!ugvt_kept_set(&cs->kept, cs->row, cs->dw, cs->length)) {
		atomic_fetch_add_explicit(&cs->stats.errors, 1, memory_order_relaxed);
	}
	return UGVT_STEP_NEXT;
}

enum ugvt_cs_step ugvt_cs_do_not_executed(struct ugvt_cs *cs)
{
	size_t row = (size_t)(cs->row - ugvt_commands);
	uint64_t bit = UGVT_BIT64(row % 64);

	atomic_fetch_add_explicit(&cs->stats.not_executed, 1, memory_order_relaxed);
	if (!(cs->logged[row / 64] & bit)) {
		cs->logged[row / 64] |= bit;
		ugvt_info("%s: %s is not executed, from now on only counted",
			ugvt_engines[cs->engine].name, cs->row->name);
	}
	return UGVT_STEP_NEXT;
}

static bool blt_begin(struct ugvt_cs *cs)
{
	cs->blt_state.swctrl = ugvt_regfile_peek(cs->regs, UGVT_BCS_SWCTRL);
	if (!ugvt_blt_decode(&cs->blt, &cs->blt_state, cs->dw, cs->copied)) {
		return false;
	}
	if (cs->row->keep > 0) {
		ugvt_kept_set(&cs->kept, cs->row, cs->dw, cs->length);
	}
	atomic_fetch_add_explicit(
		&cs->stats.blit_bytes, ugvt_blt_size(&cs->blt), memory_order_relaxed);
	cs->busy = true;
	return true;
}

static enum ugvt_cs_step do_blt(struct ugvt_cs *cs)
{
	uint64_t units = (uint64_t)UGVT_MAX(cs->budget, 1);

	if (!cs->busy && !blt_begin(cs)) {
		return ugvt_cs_hang(cs, "the blitter does not take it");
	}
	/* It says no better than this how much it did. */
	if (!ugvt_blt_step(&cs->blt, &cs->ppgtt, units * BLT_BYTES_PER_UNIT)) {
		cs->budget = 0;
		return UGVT_STEP_AGAIN;
	}
	cs->budget -= (int64_t)UGVT_MIN(ugvt_blt_size(&cs->blt) / BLT_BYTES_PER_UNIT, units);
	cs->busy = false;
	return UGVT_STEP_NEXT;
}

static enum ugvt_cs_step (*const actions[UGVT_ACTION_COUNT])(struct ugvt_cs *cs) = {
	[UGVT_ACTION_NONE] = do_nothing,
	[UGVT_ACTION_NOOP] = do_noop,
	[UGVT_ACTION_BATCH_START] = ugvt_cs_do_batch_start,
	[UGVT_ACTION_BATCH_END] = ugvt_cs_do_batch_end,
	[UGVT_ACTION_CONDITIONAL_END] = ugvt_cs_do_conditional_end,
	[UGVT_ACTION_ARB_ON_OFF] = do_arb_on_off,
	[UGVT_ACTION_USER_INTERRUPT] = do_user_interrupt,
	[UGVT_ACTION_DISPLAY_WAIT] = do_display_wait,
	[UGVT_ACTION_DISPLAY_LOAD] = do_display_load,
	[UGVT_ACTION_REPORT_HEAD] = ugvt_cs_do_report_head,
	[UGVT_ACTION_REPORT_PERF] = ugvt_cs_do_report_perf,
	[UGVT_ACTION_PREDICATE] = ugvt_cs_do_predicate,
	[UGVT_ACTION_SET_PREDICATE] = ugvt_cs_do_set_predicate,
	[UGVT_ACTION_MATH] = ugvt_cs_do_math,
	[UGVT_ACTION_SEMAPHORE_WAIT] = ugvt_cs_do_semaphore_wait,
	[UGVT_ACTION_STORE_DATA] = ugvt_cs_do_store_data,
	[UGVT_ACTION_STORE_INDEX] = ugvt_cs_do_store_index,
	[UGVT_ACTION_LOAD_IMM] = ugvt_cs_do_load_imm,
	[UGVT_ACTION_LOAD_MEM] = ugvt_cs_do_load_mem,
	[UGVT_ACTION_LOAD_REG] = ugvt_cs_do_load_reg,
	[UGVT_ACTION_STORE_REG] = ugvt_cs_do_store_reg,
	[UGVT_ACTION_COPY_MEM] = ugvt_cs_do_copy_mem,
	[UGVT_ACTION_ATOMIC] = ugvt_cs_do_atomic,
	[UGVT_ACTION_UPDATE_GTT] = ugvt_cs_do_update_gtt,
	[UGVT_ACTION_FLUSH_DW] = ugvt_cs_do_flush_dw,
	[UGVT_ACTION_PIPE_CONTROL] = ugvt_cs_do_pipe_control,
	[UGVT_ACTION_STATE] = ugvt_cs_do_state,
	[UGVT_ACTION_PRIMITIVE] = ugvt_cs_do_primitive,
	[UGVT_ACTION_HZ_OP] = ugvt_cs_do_hz_op,
	[UGVT_ACTION_WALKER] = ugvt_cs_do_walker,
	[UGVT_ACTION_MEDIA_OBJECT] = ugvt_cs_do_media_object,
	[UGVT_ACTION_STREAM_BUFFER] = ugvt_cs_do_stream_buffer,
	[UGVT_ACTION_BLT] = do_blt,
	[UGVT_ACTION_NOT_EXECUTED] = ugvt_cs_do_not_executed,
};

static bool is_gpgpu_selected(const struct ugvt_cs *cs)
{
	const struct ugvt_command *row = ugvt_cs_index_find(&cs->index, PIPELINE_SELECT);
	const uint32_t *select;
	unsigned n;

	select = row ? ugvt_kept_find(&cs->kept, row, 0, &n) : NULL;
	return select && (select[0] & PIPELINE_SELECT_MASK) == PIPELINE_SELECT_GPGPU;
}

/* PRM SKL vol 6, "Preemptable Commands" in ExecList mode: those that only wait or ask, and those that work. */
static bool is_preemption_point(const struct ugvt_cs *cs)
{
	return (cs->row->flags & UGVT_COMMAND_PREEMPT) && cs->row->action != UGVT_ACTION_WALKER;
}

static bool is_preemptable_work(const struct ugvt_cs *cs)
{
	unsigned flags = cs->row->flags;

	return cs->row->action == UGVT_ACTION_WALKER ||
	       ((flags & UGVT_COMMAND_PREEMPT_OBJECT) &&
		       (ugvt_regfile_peek(cs->regs, CS_CHICKEN1) & CS_CHICKEN1_OBJECT_LEVEL)) ||
	       ((flags & UGVT_COMMAND_PREEMPT_GPGPU) && is_gpgpu_selected(cs));
}

/* false: preempted. A context that was restored works on one piece at least: those that are preempted faster than they are
 * restored would never come to an end. */
static bool may_begin(struct ugvt_cs *cs)
{
	bool wants = ugvt_cs_wants_preemption(cs);

	if (wants && is_preemption_point(cs)) {
		return false;
	}
	if (!is_preemptable_work(cs)) {
		return true;
	}
	if (wants && cs->worked) {
		return false;
	}
	cs->worked = true;
	return true;
}

/* Is the current command a no-op here? */
static bool is_suppressed(struct ugvt_cs *cs)
{
	const struct ugvt_command *row = cs->row;

	if (cs->noop && !(row->flags & UGVT_COMMAND_ALWAYS)) {
		return true;
	}
	if (((row->flags & UGVT_COMMAND_PRIVILEGED) || (cs->dw[0] & row->global)) &&
		!ugvt_cs_is_privileged(cs)) {
		ugvt_cs_violation(cs);
		return true;
	}
	return (cs->dw[0] & row->predicate) && cs->engine == UGVT_RCS &&
	       !(ugvt_cs_peek(cs, RING_PREDICATE_RESULT) & 1);
}

static bool is_welcome(struct ugvt_cs *cs, bool suppressed)
{
	return cs->host->impl->command(cs->host, &(struct ugvt_cs_command){
							 .row = cs->row,
							 .dw = cs->dw,
							 .dwords = cs->copied,
							 .level = cs->position.level,
							 .skipped = suppressed,
							 .addr = cs->command_addr,
							 .kept = &cs->kept,
							 .as = &cs->ppgtt,
						 });
}

enum ugvt_cs_step ugvt_cs_execute(struct ugvt_cs *cs)
{
	bool suppressed = is_suppressed(cs);

	if (cs->host->impl->command && !cs->busy && !is_welcome(cs, suppressed)) {
		return UGVT_STEP_AGAIN;
	}
	if (suppressed) {
		return UGVT_STEP_NEXT;
	}
	if (!cs->busy && !may_begin(cs)) {
		return UGVT_STEP_PREEMPT;
	}
	if (cs->row->flags & UGVT_COMMAND_SPIN) {
		cs->spin_commands++;
	} else {
		cs->spins = 0;
		cs->spin_commands = 0;
	}
	return actions[cs->row->action](cs);
}
