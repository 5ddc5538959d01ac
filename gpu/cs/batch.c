/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>

#include "gpu/cs/cs_state.h"

#define START_PPGTT UGVT_BIT(8)
#define START_PREDICATE UGVT_BIT(15)
#define START_ADD_OFFSET UGVT_BIT(16)
#define START_SECOND_LEVEL UGVT_BIT(22)

#define END_COMPARE UGVT_BIT(21)
#define END_MASK_MODE UGVT_BIT(19)

/* So many commands of a loop that leaves no trace are enough for one run. */
#define SPIN_COMMANDS_MAX 1000

/* What runs in the PPGTT has no privilege, and can't start what has: the address space stays the PPGTT then (PRM SKL
 * vol 6, "User Mode Privileged Commands": MI_BATCH_BUFFER_START). */
static struct ugvt_cs_batch batch_decode(const struct ugvt_cs *cs)
{
	struct ugvt_cs_batch batch = {
		.addr = ugvt_cs_addr(cs->dw + 1) & ~UINT64_C(3),
		.ppgtt = (cs->dw[0] & START_PPGTT) || !ugvt_cs_is_privileged(cs),
	};

	if (cs->dw[0] & START_ADD_OFFSET) {
		batch.addr = (batch.addr + ugvt_cs_peek(cs, RING_BB_OFFSET)) & UGVT_GPU_ADDR_MASK &
			     ~UINT64_C(3);
	}
	return batch;
}

/* A jump back in the same batch or to an earlier one. */
static bool is_backward(const struct ugvt_cs *cs, const struct ugvt_cs_batch *to)
{
	const struct ugvt_cs_position *at = &cs->position;
	const struct ugvt_cs_batch *from = &at->batch[at->level > 0 ? at->level - 1 : 0];

	return at->level > 0 && from->ppgtt == to->ppgtt && to->addr <= from->addr;
}

/* First level from the ring; from a batch the bit says which level's address is replaced: with 0 that is chaining. */
static unsigned level_after(const struct ugvt_cs *cs)
{
	bool second = cs->dw[0] & START_SECOND_LEVEL;

	return cs->position.level > 0 && second ? 2 : 1;
}

static void start_publish(struct ugvt_cs *cs, const struct ugvt_cs_batch *batch)
{
	ugvt_cs_poke(cs, RING_BB_START_ADDR, ugvt_lo32(batch->addr));
	ugvt_cs_poke(cs, RING_BB_START_ADDR_UDW, ugvt_hi32(batch->addr));
}

/* A loop whose body left no trace waits for something, as a spinning driver or test does. */
static void spin(struct ugvt_cs *cs)
{
	cs->spins++;
	if (cs->spins > 1 && cs->spin_commands >= SPIN_COMMANDS_MAX) {
		cs->stalled = true;
		cs->spins = 0;
		cs->spin_commands = 0;
	}
}

enum ugvt_cs_step ugvt_cs_do_batch_start(struct ugvt_cs *cs)
{
	struct ugvt_cs_batch batch = batch_decode(cs);
	unsigned level = level_after(cs);

	if ((cs->dw[0] & START_PREDICATE) && !(ugvt_cs_peek(cs, RING_PREDICATE_RESULT_1) & 1)) {
		return UGVT_STEP_NEXT;
	}
	if (cs->position.level == 0) {
		atomic_fetch_add_explicit(&cs->stats.batches, 1, memory_order_relaxed);
	}
	if (is_backward(cs, &batch)) {
		spin(cs);
	}
	ugvt_cs_advance(cs, cs->length);
	cs->position.level = level;
	cs->position.batch[level - 1] = batch;
	start_publish(cs, &batch);
	return UGVT_STEP_JUMP;
}

/* In the ring it has no meaning. */
enum ugvt_cs_step ugvt_cs_do_batch_end(struct ugvt_cs *cs)
{
	if (cs->position.level == 0) {
		return UGVT_STEP_NEXT;
	}
	cs->position.level--;
	if (cs->position.level == 0) {
		cs->noop = false; // its scope is a batch
	}
	return UGVT_STEP_JUMP;
}

/* Goes on while the value in memory is greater than the command's (PRM SKL vol 2a, MI_CONDITIONAL_BATCH_BUFFER_END). */
enum ugvt_cs_step ugvt_cs_do_conditional_end(struct ugvt_cs *cs)
{
	struct ugvt_aspace *as = ugvt_cs_space(cs, cs->dw[0] & cs->row->global);
	uint64_t memory = ugvt_aspace_read64(as, ugvt_cs_addr(cs->dw + 2));
	uint32_t value = ugvt_lo32(memory);

	if (cs->dw[0] & END_MASK_MODE) {
		value &= ugvt_hi32(memory);
	}
	if (!(cs->dw[0] & END_COMPARE) || value > cs->dw[1]) {
		return UGVT_STEP_NEXT;
	}
	return ugvt_cs_do_batch_end(cs);
}
