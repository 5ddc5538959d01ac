/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <string.h>

#include "gpu/cs/cs_state.h"

static uint32_t ring_size(const struct ugvt_cs *cs)
{
	return (ugvt_cs_peek(cs, RING_CTL) & RING_CTL_PAGES) + UGVT_PAGE_SIZE;
}

static uint32_t ring_start(const struct ugvt_cs *cs)
{
	return ugvt_cs_peek(cs, RING_START) & ~UGVT_MASK(11, 0);
}

/* A head outside the ring wraps to where it would have come by itself. */
static uint32_t ring_offset(const struct ugvt_cs *cs, uint32_t size)
{
	uint32_t offset = cs->position.head & RING_HEAD_MASK;

	return offset < size ? offset : offset % size;
}

/* Bytes of the ring that wait to be executed. */
static uint32_t ring_left(const struct ugvt_cs *cs, uint32_t offset, uint32_t size)
{
	uint32_t tail = ugvt_cs_peek(cs, RING_TAIL) & RING_TAIL_MASK;

	if (!(ugvt_cs_peek(cs, RING_CTL) & RING_CTL_VALID)) {
		return 0;
	}
	return tail >= offset ? tail - offset : tail + size - offset;
}

static bool source_covers(const struct ugvt_cs_source *source, const struct ugvt_aspace *as,
	ugvt_gpu_addr addr, uint64_t size)
{
	return source->as == as && addr >= source->addr && addr - source->addr < source->size &&
	       source->size - (addr - source->addr) >= size;
}

static bool source_find(struct ugvt_cs *cs, struct ugvt_aspace *as, ugvt_gpu_addr addr)
{
	struct ugvt_cs_source *source = &cs->source;

	source->host = ugvt_aspace_lookup(as, addr, UGVT_PROT_READ, &source->size);
	source->as = source->host ? as : NULL;
	source->addr = addr;
	return source->host;
}

bool ugvt_cs_read(struct ugvt_cs *cs, struct ugvt_aspace *as, ugvt_gpu_addr addr, uint32_t *dw,
	unsigned count)
{
	const struct ugvt_cs_source *source = &cs->source;
	uint64_t left = (uint64_t)count * sizeof(*dw);

	while (left > 0) {
		uint64_t piece;

		if (!source_covers(source, as, addr, sizeof(*dw)) && !source_find(cs, as, addr)) {
			return false;
		}
		piece = UGVT_MIN(left, source->size - (addr - source->addr));
		memcpy(dw, source->host + (addr - source->addr), piece);
		dw += piece / sizeof(*dw);
		addr = (addr + piece) & UGVT_GPU_ADDR_MASK;
		left -= piece;
	}
	return true;
}

/* From the ring: what lies behind its end is at its start. */
static bool ring_read(struct ugvt_cs *cs, uint32_t offset, uint32_t *dw, unsigned count)
{
	uint32_t size = ring_size(cs);
	unsigned first = UGVT_MIN(count, (size - offset) / (unsigned)sizeof(*dw));
	uint64_t start = ring_start(cs);

	return ugvt_cs_read(cs, &cs->ggtt, start + offset, dw, first) &&
	       ugvt_cs_read(cs, &cs->ggtt, start, dw + first, count - first);
}

static bool current_read(struct ugvt_cs *cs, uint32_t *dw, unsigned count)
{
	const struct ugvt_cs_position *at = &cs->position;
	const struct ugvt_cs_batch *batch;

	if (at->level == 0) {
		return ring_read(cs, ring_offset(cs, ring_size(cs)), dw, count);
	}
	batch = &at->batch[at->level - 1];
	return ugvt_cs_read(cs, ugvt_cs_space(cs, !batch->ppgtt), batch->addr, dw, count);
}

/* The header of the current command. The usual case is that the source has it. */
static bool header_read(struct ugvt_cs *cs, uint32_t *header)
{
	const struct ugvt_cs_source *source = &cs->source;
	const struct ugvt_cs_position *at = &cs->position;
	struct ugvt_aspace *as =
		ugvt_cs_space(cs, at->level == 0 || !at->batch[at->level - 1].ppgtt);

	if (source_covers(source, as, cs->command_addr, sizeof(*header))) {
		memcpy(header, source->host + (cs->command_addr - source->addr), sizeof(*header));
		return true;
	}
	return ugvt_cs_read(cs, as, cs->command_addr, header, 1);
}

/* The rest of it: in one piece, or across pages, or across the ring's end. */
static bool operands_read(struct ugvt_cs *cs)
{
	const struct ugvt_cs_source *source = &cs->source;
	uint64_t offset = cs->command_addr - source->addr;
	uint64_t size = cs->copied * sizeof(*cs->dw);
	uint32_t header = cs->dw[0];
	bool good = true;

	if (cs->position.level > 0 && source->size - offset >= size) {
		for (unsigned i = 1; i < cs->copied; i++) {
			memcpy(&cs->dw[i], source->host + offset + 4 * i, sizeof(*cs->dw));
		}
	} else if (cs->copied > 1) {
		good = current_read(cs, cs->dw, cs->copied);
		cs->dw[0] = header; // the guest may have changed it meanwhile
	}
	return good;
}

static ugvt_gpu_addr current_addr(const struct ugvt_cs *cs)
{
	const struct ugvt_cs_position *at = &cs->position;

	return at->level > 0 ? at->batch[at->level - 1].addr
			     : ring_start(cs) + ring_offset(cs, ring_size(cs));
}

/* Nobody looks into a command that is only skipped. */
static unsigned dwords_needed(const struct ugvt_command *row, unsigned length)
{
	if (row->action == UGVT_ACTION_NOT_EXECUTED || row->action == UGVT_ACTION_NONE) {
		return 1;
	}
	return UGVT_MIN(length, UGVT_CS_DWORDS_MAX);
}

static bool fits_ring(const struct ugvt_cs *cs, unsigned length)
{
	uint32_t size = ring_size(cs);

	return cs->position.level > 0 ||
	       length * sizeof(*cs->dw) <= ring_left(cs, ring_offset(cs, size), size);
}

static bool ring_is_empty(const struct ugvt_cs *cs)
{
	uint32_t size = ring_size(cs);

	return cs->position.level == 0 && ring_left(cs, ring_offset(cs, size), size) == 0;
}

enum ugvt_cs_step ugvt_cs_fetch(struct ugvt_cs *cs)
{
	if (ring_is_empty(cs)) {
		return UGVT_STEP_IDLE;
	}
	cs->command_addr = current_addr(cs);
	cs->length = 1;
	cs->copied = 1;
	if (!header_read(cs, cs->dw)) {
		cs->dw[0] = 0;
		return ugvt_cs_hang(cs, "the page with it is not there");
	}
	cs->row = ugvt_cs_index_find(&cs->index, cs->dw[0]);
	ugvt_cs_poke(cs, RING_IPEHR, cs->dw[0]);
	ugvt_cs_position_publish(cs);
	if (!cs->row) {
		return ugvt_cs_hang(cs, "there is no such command");
	}
	cs->length = ugvt_command_length(cs->row, cs->dw[0]);
	cs->copied = dwords_needed(cs->row, cs->length);
	if (!fits_ring(cs, cs->length)) {
		return UGVT_STEP_WAIT;
	}
	if (!operands_read(cs)) {
		return ugvt_cs_hang(cs, "a page with it is not there");
	}
	memset(cs->dw + cs->copied, 0, UGVT_CS_DWORDS_MIN * sizeof(*cs->dw));
	return UGVT_STEP_NEXT;
}

static void ring_advance(struct ugvt_cs *cs, unsigned dwords)
{
	uint32_t size = ring_size(cs);
	uint32_t offset = ring_offset(cs, size) + dwords * (uint32_t)sizeof(*cs->dw);
	uint32_t wraps = cs->position.head & ~UGVT_MASK(20, 0);

	if (offset >= size) {
		offset -= size;
		wraps += RING_HEAD_WRAP;
	}
	cs->position.head = wraps | offset;
}

void ugvt_cs_advance(struct ugvt_cs *cs, unsigned dwords)
{
	struct ugvt_cs_position *at = &cs->position;

	if (at->level == 0) {
		ring_advance(cs, dwords);
	} else {
		struct ugvt_cs_batch *batch = &at->batch[at->level - 1];

		batch->addr = (batch->addr + dwords * sizeof(*cs->dw)) & UGVT_GPU_ADDR_MASK;
	}
}

static const struct {
	uint16_t addr, addr_udw, state;
} level_regs[] = {
	{RING_BB_ADDR, RING_BB_ADDR_UDW, RING_BB_STATE},
	{RING_SBB_ADDR, RING_SBB_ADDR_UDW, RING_SBB_STATE},
};

/* A level that is not reached keeps its address, without the valid bit. */
static void level_publish(struct ugvt_cs *cs, unsigned level)
{
	const struct ugvt_cs_batch *batch = &cs->position.batch[level];

	if (cs->position.level > level) {
		ugvt_cs_poke(cs, level_regs[level].addr, ugvt_lo32(batch->addr) | BB_ADDR_VALID);
		ugvt_cs_poke(cs, level_regs[level].addr_udw, ugvt_hi32(batch->addr));
		ugvt_cs_poke(cs, level_regs[level].state, batch->ppgtt ? BB_STATE_PPGTT : 0);
	} else {
		ugvt_regfile_update(cs->regs, cs->base + level_regs[level].addr, BB_ADDR_VALID, 0);
	}
}

void ugvt_cs_position_publish(struct ugvt_cs *cs)
{
	ugvt_gpu_addr addr = current_addr(cs);

	ugvt_cs_poke(cs, RING_HEAD, cs->position.head);
	ugvt_cs_poke(cs, RING_ACTHD, ugvt_lo32(addr));
	ugvt_cs_poke(cs, RING_ACTHD_UDW, ugvt_hi32(addr));
	level_publish(cs, 0);
	level_publish(cs, 1);
}

static struct ugvt_cs_batch batch_load(const struct ugvt_cs *cs, unsigned level)
{
	uint32_t addr = ugvt_cs_peek(cs, level_regs[level].addr);
	uint32_t addr_udw = ugvt_cs_peek(cs, level_regs[level].addr_udw);

	return (struct ugvt_cs_batch){
		.addr = ugvt_u64(addr, addr_udw) & UGVT_GPU_ADDR_MASK & ~UINT64_C(3),
		.ppgtt = ugvt_cs_peek(cs, level_regs[level].state) & BB_STATE_PPGTT,
	};
}

void ugvt_cs_position_load(struct ugvt_cs *cs)
{
	struct ugvt_cs_position *at = &cs->position;

	*at = (struct ugvt_cs_position){.head = ugvt_cs_peek(cs, RING_HEAD)};
	if (!(ugvt_cs_peek(cs, RING_BB_ADDR) & BB_ADDR_VALID)) {
		return;
	}
	at->level = 1;
	at->batch[0] = batch_load(cs, 0);
	if (ugvt_cs_peek(cs, RING_SBB_ADDR) & BB_ADDR_VALID) {
		at->level = 2;
		at->batch[1] = batch_load(cs, 1);
	}
}

void ugvt_cs_flush(struct ugvt_cs *cs)
{
	ugvt_aspace_invalidate(&cs->ggtt);
	ugvt_aspace_invalidate(&cs->ppgtt);
	cs->source = (struct ugvt_cs_source){0};
}
