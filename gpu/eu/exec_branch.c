/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gpu/eu/value.h"

/*
 * Branches move channels, and the thread after them. Channels that leave wait at their target until the thread comes by; the
 * thread goes to JIP when none is left here (Ivy Bridge PRM vol. 4 part 3, pseudocode of each; that Gen8 has byte offsets
 * and gave else a UIP: Mesa's brw_eu_emit.c).
 */

void ugvt_eu_channels_park(struct ugvt_eu_thread *thread, uint32_t channels, uint32_t step)
{
	for (uint32_t left = channels; left; left &= left - 1) {
		thread->waiting[__builtin_ctz(left)] = step;
	}
	thread->waited |= UGVT_BIT64(step % 64);
	thread->active &= ~channels;
}

/* The thread goes to step, and leaves its channels where they'd go on. */
static void thread_jump(struct ugvt_eu_thread *thread, uint32_t step)
{
	ugvt_eu_channels_park(thread, thread->active, thread->step + 1);
	thread->step = step;
}

static bool somebody_at(const struct ugvt_eu_thread *thread, uint32_t step)
{
	for (uint32_t left = thread->dispatched & ~thread->active; left; left &= left - 1) {
		if (thread->waiting[__builtin_ctz(left)] == step) {
			return true;
		}
	}
	return thread->active != 0;
}

/* Channels wait at away; if none goes on here, or waits at the next step, the thread goes to meet others. */
static void leave(struct ugvt_eu_thread *thread, uint32_t channels, uint32_t away, uint32_t hop)
{
	ugvt_eu_channels_park(thread, channels, away);
	thread->step = somebody_at(thread, thread->step + 1) ? thread->step + 1 : hop;
}

/* The channels jump, and the thread with them; the others wait at the next step. */
static void follow(struct ugvt_eu_thread *thread, uint32_t channels, uint32_t step)
{
	if (channels) {
		ugvt_eu_channels_park(thread, channels, step);
		thread_jump(thread, step);
	} else {
		thread->step++;
	}
}

static void exec_goto(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, uint32_t taken)
{
	if (step->inst.branch_control) {
		/* The thread goes with those that jump; the others wait at the join. */
		uint32_t stay = ugvt_eu_enabled(thread, step) & ~taken;

		ugvt_eu_channels_park(thread, stay, thread->step + 1);
		follow(thread, taken, step->uip);
	} else {
		leave(thread, taken, step->uip, step->jip);
	}
}

static const char *exec_jmpi(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	union ugvt_eu_value distance[UGVT_EU_CHANNELS];
	uint32_t target = step->jip;

	if (!(ugvt_eu_predicate_mask(thread, &step->inst) >> step->inst.first & 1)) {
		thread->step++;
		return NULL;
	}
	if (step->inst.src[1].file != UGVT_EU_FILE_IMM) {
		ugvt_eu_fetch(thread, step, 1, distance);
		target = ugvt_eu_program_find(thread->program,
			(int64_t)step->offset + step->inst.bytes + (int32_t)distance[0].i);
	}
	if (target == UGVT_EU_STEP_NONE) {
		return "jump to no instruction";
	}
	/* All channels that are here go along. */
	thread->step = target;
	return NULL;
}

/* What a call leaves for its return. */
struct return_place {
	uint32_t offset; // bytes from the kernel's start, as ip has it
	uint32_t call_mask;
};

static uint8_t *return_place_of(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_operand *operand)
{
	return thread->grf + operand->number * UGVT_EU_REGISTER_BYTES + operand->offset;
}

/* Channels that are not taken go on behind it: IVB vol. 4 part 3, 6.15; distances in bytes as with all branches. */
static void exec_call(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, uint32_t taken)
{
	struct return_place place = {.offset = step->offset + step->inst.bytes};

	if (taken) {
		thread->call_mask = (thread->call_mask & ~step->lanes) | taken;
		place.call_mask = thread->call_mask;
		memcpy(return_place_of(thread, &step->inst.dst), &place, sizeof(place));
	}
	follow(thread, taken, step->jip);
}

/* The thread returns with the last of the channels that were called: IVB vol. 4 part 3, 6.48. */
static const char *exec_return(
	struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step, uint32_t taken)
{
	struct return_place place;
	uint32_t target;

	memcpy(&place, return_place_of(thread, &step->inst.src[0]), sizeof(place));
	target = ugvt_eu_program_find(thread->program, place.offset);
	if (taken && target == UGVT_EU_STEP_NONE) {
		return "return to no instruction";
	}
	thread->call_mask &= ~taken;
	if (thread->call_mask == 0) {
		follow(thread, taken, target);
		thread->call_mask = place.call_mask;
	} else {
		leave(thread, taken, target, thread->step + 1);
	}
	return NULL;
}

const char *ugvt_eu_exec_branch(struct ugvt_eu_thread *thread, const struct ugvt_eu_step *step)
{
	uint32_t here = thread->active & step->lanes;
	uint32_t taken = here & ugvt_eu_predicate_mask(thread, &step->inst);

	switch (step->inst.opcode) {
	case UGVT_EU_JMPI: return exec_jmpi(thread, step);
	case UGVT_EU_IF: leave(thread, here & ~taken, step->jip, step->jip); break;
	case UGVT_EU_ELSE:
		leave(thread, here, step->inst.branch_control ? step->uip : step->jip, step->jip);
		break;
	case UGVT_EU_ENDIF:
	case UGVT_EU_JOIN: leave(thread, 0, 0, step->jip); break;
	case UGVT_EU_WHILE:
	case UGVT_EU_BRD: follow(thread, taken, step->jip); break;
	case UGVT_EU_CALL:
	case UGVT_EU_CALLA: exec_call(thread, step, taken); break;
	case UGVT_EU_RET: return exec_return(thread, step, taken);
	case UGVT_EU_GOTO: exec_goto(thread, step, taken); break;
	/* break, cont, halt, brc */
	default: leave(thread, taken, step->uip, step->jip);
	}
	return NULL;
}
