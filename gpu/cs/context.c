/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/context.h"

/* PRM SKL vol 6, "Context Descriptor Format"; i915 gt/intel_lrc.c, lrc_descriptor(). */
#define DESCRIPTOR_LRCA UGVT_MASK64(31, 12)
#define DESCRIPTOR_MODE UGVT_MASK64(4, 3)
#define MODE_LEGACY_64B 3

#define INDIRECT_CTX_ADDR UGVT_MASK(31, 6)
#define INDIRECT_CTX_SIZE UGVT_MASK(5, 0) // cache lines
#define CACHE_LINE_DWORDS 16
#define PER_CTX_ADDR UGVT_MASK(31, 12)
#define PER_CTX_VALID 1u
/* Units of budget, as for ugvt_cs_run(), of one workaround batch: all of it runs in one guest memory window. */
#define WA_BUDGET 10000

#define IMAGE_PAGE_DWORDS (UGVT_PAGE_SIZE / 4)

void ugvt_cs_context_forget(struct ugvt_cs *cs)
{
	cs->active = false;
	cs->hung = false;
	cs->position = (struct ugvt_cs_position){0};
	cs->arbitration = true;
	cs->worked = false;
	cs->noop = false;
	cs->waiting = false;
	cs->stalled = false;
	cs->spins = 0;
	cs->spin_commands = 0;
	cs->busy = false;
	if (cs->render) {
		ugvt_render_abort(cs->render);
	}
	if (cs->compute) {
		ugvt_compute_abort(cs->compute);
	}
}

static void restore_load_imm(struct ugvt_cs *cs, const uint32_t *dw, unsigned n)
{
	for (unsigned i = 1; i + 1 < n; i += 2) {
		ugvt_cs_reg_restore(cs, dw[i], dw[i + 1]);
	}
}

/* Setting up is all that 2D commands in an image may do. */
static void restore_blt(
	struct ugvt_cs *cs, const struct ugvt_command *row, const uint32_t *dw, unsigned n)
{
	if (row->keep > 0 && ugvt_blt_decode(&cs->blt, &cs->blt_state, dw, n)) {
		ugvt_kept_set(&cs->kept, row, dw, n);
	}
}

/* false: that ends the image, or has no place in one. */
static bool restore_command(
	struct ugvt_cs *cs, const struct ugvt_command *row, const uint32_t *dw, unsigned n)
{
	switch (row->action) {
	case UGVT_ACTION_NOOP: return true;
	case UGVT_ACTION_LOAD_IMM: restore_load_imm(cs, dw, n); return true;
	case UGVT_ACTION_HZ_OP:
	case UGVT_ACTION_STREAM_BUFFER:
	case UGVT_ACTION_STATE: ugvt_kept_set(&cs->kept, row, dw, n); return true;
	case UGVT_ACTION_BLT: restore_blt(cs, row, dw, n); return true;
	default: return false;
	}
}

/* Brings the image's dwords before end to cs->image, a page at a time, of which *loaded are there. */
static bool image_load(struct ugvt_cs *cs, unsigned *loaded, unsigned end)
{
	ugvt_gpu_addr addr = (ugvt_gpu_addr)cs->lrca + UGVT_CS_IMAGE_OFFSET;

	for (; *loaded < end; *loaded += IMAGE_PAGE_DWORDS) {
		if (!ugvt_aspace_read(
			    &cs->ggtt, addr + 4 * *loaded, cs->image + *loaded, UGVT_PAGE_SIZE)) {
			return false;
		}
	}
	return true;
}

/* Parses the image's dwords from first to before end. It is guest memory: whatever stands there, it is copied first. */
static void restore_commands(struct ugvt_cs *cs, unsigned *loaded, unsigned first, unsigned end)
{
	unsigned n;

	for (unsigned at = first; at < end && image_load(cs, loaded, at + 1); at += n) {
		const uint32_t *dw = cs->image + at;
		const struct ugvt_command *row;

		n = 1;
		if (dw[0] == 0) {
			continue;
		}
		row = ugvt_cs_index_find(&cs->index, dw[0]);
		n = row ? ugvt_command_length(row, dw[0]) : 1;
		if (!row || n > end - at || !image_load(cs, loaded, at + n) ||
			!restore_command(cs, row, dw, n)) {
			return;
		}
	}
}

static void address_space_restore(struct ugvt_cs *cs, uint64_t descriptor)
{
	bool four_levels = UGVT_GET(DESCRIPTOR_MODE, descriptor) == MODE_LEGACY_64B;
	ugvt_gpa roots[4];

	for (unsigned i = 0; i < UGVT_ARRAY_SIZE(roots); i++) {
		uint32_t pdp = RING_PDP + 8 * i;

		roots[i] = ugvt_u64(ugvt_cs_peek(cs, pdp), ugvt_cs_peek(cs, pdp + 4)) &
			   ~(uint64_t)(UGVT_PAGE_SIZE - 1);
	}
	ugvt_aspace_set(&cs->ppgtt, four_levels ? UGVT_ASPACE_PPGTT4 : UGVT_ASPACE_PPGTT3, roots);
}

/* Runs the privileged batch at addr to its end, but not past end. One that does not come to an end hangs the engine. */
static void wa_batch_run(struct ugvt_cs *cs, ugvt_gpu_addr addr, ugvt_gpu_addr end)
{
	struct ugvt_cs_position before = cs->position;
	enum ugvt_cs_step step = UGVT_STEP_NEXT;

	cs->position.level = 1;
	cs->position.batch[0] = (struct ugvt_cs_batch){.addr = addr};
	cs->budget = WA_BUDGET;
	while ((step == UGVT_STEP_NEXT || step == UGVT_STEP_JUMP) && cs->position.level > 0 &&
		!(cs->position.level == 1 && cs->position.batch[0].addr == end)) {
		step = cs->budget > 0 ? ugvt_cs_step(cs) : UGVT_STEP_AGAIN;
	}
	if (step == UGVT_STEP_AGAIN || step == UGVT_STEP_WAIT) {
		ugvt_cs_hang(cs, "a workaround batch does not end");
	}
	cs->position = before;
}

/* The workaround batches: i915 gt/intel_lrc.c, lrc_init_wa_ctx(). The indirect one runs in the middle of a restore (PRM SKL vol 6,
 * INDIRECT_CTX and INDIRECT_CTX_OFFSET): a register that it sets keeps that in a context that has nothing to restore yet, and else
 * becomes what the image says. Here the middle is behind the ring context. */
static void indirect_batch_run(struct ugvt_cs *cs)
{
	uint32_t indirect = ugvt_cs_peek(cs, RING_INDIRECT_CTX);
	uint32_t lines = UGVT_GET(INDIRECT_CTX_SIZE, indirect);
	ugvt_gpu_addr addr = indirect & INDIRECT_CTX_ADDR;

	if (lines > 0) {
		wa_batch_run(cs, addr, addr + (uint64_t)lines * CACHE_LINE_DWORDS * 4);
	}
}

static void per_context_batch_run(struct ugvt_cs *cs)
{
	uint32_t per_context = ugvt_cs_peek(cs, RING_BB_PER_CTX_PTR);

	if (!cs->hung && (per_context & PER_CTX_VALID)) {
		wa_batch_run(cs, per_context & PER_CTX_ADDR, UINT64_MAX);
	}
}

/* What the image does not say must not come from the context before. */
static void ring_context_clear(struct ugvt_cs *cs)
{
	static const uint16_t regs[] = {RING_CTX_CONTROL, RING_BB_ADDR, RING_SBB_ADDR,
		RING_BB_STATE, RING_SBB_STATE, RING_INDIRECT_CTX, RING_BB_PER_CTX_PTR};

	for (size_t i = 0; i < UGVT_ARRAY_SIZE(regs); i++) {
		ugvt_cs_poke(cs, regs[i], 0);
	}
}

static void context_load(struct ugvt_cs *cs, uint64_t descriptor)
{
	unsigned loaded = 0;

	ring_context_clear(cs);
	ugvt_kept_clear(&cs->kept);
	cs->blt_state = (struct ugvt_blt_state){0};
	restore_commands(cs, &loaded, 0, UGVT_CS_RING_CONTEXT_DWORDS);
	address_space_restore(cs, descriptor);
	ugvt_cs_position_load(cs);
	indirect_batch_run(cs);
	if (!cs->hung && !(ugvt_cs_peek(cs, RING_CTX_CONTROL) & CTX_CONTROL_RESTORE_INHIBIT)) {
		restore_commands(
			cs, &loaded, UGVT_CS_RING_CONTEXT_DWORDS, ugvt_cs_image_dwords(cs));
	}
	ugvt_cs_poke(cs, RING_CCID, cs->lrca | 1);
	cs->context_time = ugvt_cs_peek(cs, RING_CTX_TIMESTAMP);
	cs->restored_at = cs->host->impl->timestamp(cs->host);
}

bool ugvt_cs_context_restore(struct ugvt_cs *cs, uint64_t descriptor)
{
	bool reachable;

	ugvt_cs_context_forget(cs);
	cs->lrca = (uint32_t)(descriptor & DESCRIPTOR_LRCA);
	ugvt_cs_window_begin(cs);
	reachable = ugvt_aspace_lookup(&cs->ggtt, (ugvt_gpu_addr)cs->lrca + UGVT_CS_IMAGE_OFFSET,
		UGVT_PROT_READ | UGVT_PROT_WRITE, NULL);
	if (reachable) {
		cs->restoring = true;
		cs->active = true;
		context_load(cs, descriptor);
		per_context_batch_run(cs);
		cs->restoring = false;
		cs->arbitration = true;
	}
	ugvt_cs_window_end(cs);
	return reachable;
}

/* Dwords to write: with "Engine Context Save Inhibit" the ring context only. */
static unsigned dwords_to_save(struct ugvt_cs *cs)
{
	unsigned dwords = ugvt_cs_image_compose(cs);

	return ugvt_cs_peek(cs, RING_CTX_CONTROL) & CTX_CONTROL_SAVE_INHIBIT
		       ? UGVT_CS_RING_CONTEXT_DWORDS
		       : dwords;
}

void ugvt_cs_context_save(struct ugvt_cs *cs)
{
	if (!cs->active) {
		return;
	}
	ugvt_cs_window_begin(cs);
	ugvt_cs_position_publish(cs);
	ugvt_cs_time_update(cs);
	ugvt_cs_image_write(cs, dwords_to_save(cs));
	ugvt_cs_context_forget(cs);
	ugvt_cs_set_idle(cs, true);
	ugvt_cs_window_end(cs);
}

void ugvt_cs_context_update(struct ugvt_cs *cs)
{
	ugvt_gpu_addr image = (ugvt_gpu_addr)cs->lrca + UGVT_CS_IMAGE_OFFSET;

	if (!cs->active) {
		return;
	}
	ugvt_cs_window_begin(cs);
	ugvt_cs_poke(cs, RING_TAIL,
		ugvt_aspace_read32(&cs->ggtt, image + 4 * UGVT_CS_IMAGE_TAIL) & RING_TAIL_MASK);
	ugvt_cs_window_end(cs);
}

void ugvt_cs_batch_begin(struct ugvt_cs *cs, ugvt_gpu_addr addr)
{
	ugvt_cs_context_forget(cs);
	if (cs->ppgtt.kind != UGVT_ASPACE_FLAT) {
		ugvt_aspace_set(&cs->ppgtt, UGVT_ASPACE_FLAT, NULL);
	}
	ugvt_cs_poke(cs, RING_CTL, 0);
	cs->position.level = 1;
	cs->position.batch[0] = (struct ugvt_cs_batch){
		.addr = addr & UGVT_GPU_ADDR_MASK & ~UINT64_C(3), .ppgtt = true};
	cs->context_time = ugvt_cs_peek(cs, RING_CTX_TIMESTAMP);
	cs->restored_at = cs->host->impl->timestamp(cs->host);
	cs->active = true;
	atomic_fetch_add_explicit(&cs->stats.batches, 1, memory_order_relaxed);
}
