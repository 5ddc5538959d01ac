/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "tests/gpu/eu/rig.h"
#include "tests/gpu/random.h"

/*
 * Random kernels, with branches to anywhere: after any number of instructions, all ways to execute have left the same
 * registers and have their channels at the same places. Of integers: which NaN a NaN is may differ.
 */

enum {
	KERNELS = 1500,
	LENGTH = 40,
	PARTS = 12, // runs with budgets of their own
	OVER = 32,  // instructions that a run may execute above its budget
};

static struct ugvt_eu_operand source_make(uint64_t *random)
{
	unsigned number = 10 + below(random, 9);

	switch (below(random, 4)) {
	case 0: return one(UGVT_EU_D, number, below(random, 8));
	case 1: return imm(UGVT_EU_D, below(random, 3));
	default: return vec(UGVT_EU_D, number);
	}
}

static struct ugvt_eu_inst alu_make(uint64_t *random, unsigned width)
{
	static const uint8_t opcodes[] = {UGVT_EU_ADD, UGVT_EU_MUL, UGVT_EU_AND, UGVT_EU_XOR,
		UGVT_EU_SEL, UGVT_EU_CMP, UGVT_EU_CMP};
	unsigned opcode = opcodes[below(random, UGVT_ARRAY_SIZE(opcodes))];
	struct ugvt_eu_inst inst = make(opcode, width, vec(UGVT_EU_D, 10 + below(random, 9)),
		vec(UGVT_EU_D, 10 + below(random, 9)), source_make(random));

	if (opcode == UGVT_EU_CMP) {
		inst.cmod = (uint8_t)(UGVT_EU_CMOD_Z + below(random, 6));
		inst.dst = null(UGVT_EU_D);
	}
	inst.predicate = opcode == UGVT_EU_SEL || below(random, 4) == 0;
	inst.predicate_inverse = below(random, 2);
	inst.flag = (uint8_t)below(random, 4);
	inst.no_mask = below(random, 8) == 0;
	return inst;
}

/* From instruction at to any other. */
static struct ugvt_eu_inst branch_make(uint64_t *random, unsigned width, int at)
{
	static const uint8_t opcodes[] = {UGVT_EU_IF, UGVT_EU_ELSE, UGVT_EU_ENDIF, UGVT_EU_WHILE,
		UGVT_EU_WHILE, UGVT_EU_BREAK, UGVT_EU_BREAK, UGVT_EU_CONT, UGVT_EU_HALT};
	unsigned opcode = opcodes[below(random, UGVT_ARRAY_SIZE(opcodes))];
	struct ugvt_eu_inst inst = branch(opcode, width, ((int)below(random, LENGTH) - at) * 16,
		((int)below(random, LENGTH) - at) * 16);

	if (opcode != UGVT_EU_ELSE && opcode != UGVT_EU_ENDIF) {
		inst.predicate = below(random, 6) != 0;
		inst.predicate_inverse = below(random, 2);
		inst.flag = (uint8_t)below(random, 4);
	}
	return inst;
}

static void kernel_make(uint64_t *random, struct rig *rig)
{
	unsigned width = below(random, 2) ? 16 : 8;

	rig_init(rig);
	for (int i = 0; i < LENGTH; i++) {
		rig_add(rig,
			below(random, 3) ? alu_make(random, width) : branch_make(random, width, i));
	}
	rig_start(rig, UINT32_MAX >> (32 - width), 0);
}

static void thread_start(struct rig *rig, uint64_t seed, uint32_t channels)
{
	ugvt_eu_thread_init(&rig->thread, rig->program, channels, 0);
	for (unsigned i = 10 * 8; i < 20 * 8; i++) {
		uint32_t value = next(&seed) % 4;

		memcpy(rig->thread.grf + 4 * i, &value, sizeof(value));
	}
	rig->thread.flag[0] = next(&seed);
	rig->thread.flag[1] = next(&seed);
}

/* Channels that wait where the thread is are as good as active. */
static void channels_join(struct ugvt_eu_thread *thread)
{
	for (unsigned n = 0; n < UGVT_EU_CHANNELS; n++) {
		if (thread->dispatched & ~thread->active & UGVT_BIT(n) &&
			thread->waiting[n] == thread->step) {
			thread->active |= UGVT_BIT(n);
		}
	}
}

static void threads_compare(struct ugvt_eu_thread *a, struct ugvt_eu_thread *b)
{
	channels_join(a);
	channels_join(b);
	assert_int_equal(a->executed, b->executed);
	assert_int_equal(a->step, b->step);
	assert_int_equal(a->active, b->active);
	assert_memory_equal(a->flag, b->flag, sizeof(a->flag));
	assert_memory_equal(a->grf + 10 * UGVT_EU_REGISTER_BYTES,
		b->grf + 10 * UGVT_EU_REGISTER_BYTES, 10 * UGVT_EU_REGISTER_BYTES);
	for (unsigned n = 0; n < UGVT_EU_CHANNELS; n++) {
		if (a->dispatched & ~a->active & UGVT_BIT(n)) {
			assert_int_equal(a->waiting[n], b->waiting[n]);
		}
	}
}

static void kernel_try(uint64_t *random)
{
	static struct rig rig, reference;
	uint64_t seed = *random;
	uint32_t channels;

	kernel_make(random, &rig);
	reference = rig;
	reference.program = ugvt_eu_program_create(rig.code, rig.n * sizeof(rig.code[0]));
	assert_non_null(reference.program);
	ugvt_eu_program_link(reference.program, UGVT_EU_TIER_REFERENCE);
	ugvt_eu_program_link(rig.program, UGVT_EU_TIER_BASE + below(random, 3));
	channels = below(random, 2) ? rig.thread.dispatched : next(random) & rig.thread.dispatched;
	thread_start(&rig, seed, channels);
	thread_start(&reference, seed, channels);
	for (unsigned i = 0; i < PARTS; i++) {
		unsigned budget = 1 + below(random, 60);
		uint64_t before = rig.thread.executed, executed;
		enum ugvt_eu_outcome outcome = ugvt_eu_thread_run(&rig.thread, &rig.port, budget);

		executed = rig.thread.executed - before;
		if (outcome == UGVT_EU_PAUSED) {
			assert_in_range(executed, budget, budget + OVER);
			budget = (unsigned)executed;
		} else {
			budget += OVER;
		}
		assert_int_equal(
			outcome, ugvt_eu_thread_run(&reference.thread, &reference.port, budget));
		threads_compare(&rig.thread, &reference.thread);
		if (outcome != UGVT_EU_PAUSED) {
			break;
		}
	}
	rig_finish(&rig);
	rig_finish(&reference);
}

static void test_kernels(void **state)
{
	uint64_t random = 5;

	for (unsigned i = 0; i < KERNELS; i++) {
		kernel_try(&random);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels),
	};

	return cmocka_run_group_tests_name("eu tiers", tests, NULL, NULL);
}
